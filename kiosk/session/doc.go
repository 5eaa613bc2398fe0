// Package session is the pure state machine of one walk-in: what the terminal
// shows next, and what has to be done, for every touch, card, printer word and
// silence. [Step] has no clock, no I/O and no goroutine; events carry their
// time, and effects are carried out by package app.
//
// What always holds, and is fuzzed:
//
//   - Silence ends at the attract page with no resident in memory.
//   - A referral is issued at most once per confirmation.
//   - Printing follows only after the referral was written down.
//   - Every trouble page has a way out.
//   - Nobody under the legal working age is issued a referral.
//   - The staff page opens only after the right PIN, of which no digit is kept,
//     and no resident is known on it.
//   - A scanned code issues and prints nothing.
package session
