// Package screen computes what the terminal shows as a value, from the state
// of the session, and knows no toolkit. The value is a small tree of [Node]s,
// which package window draws with GTK and package text writes as plain text.
//
// Sizes are millimetres of the real panel, turned into pixels once by
// [Metrics]: letters of 6.1 mm (EN 301 549 §5.1.4: 0.7 degrees at 500 mm) and
// touch targets of at least 15 mm (ISO 9241-type walk-up figures; also more
// than the 60 dp of the MIIT elder specification).
package screen
