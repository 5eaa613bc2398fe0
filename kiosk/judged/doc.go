// Package judged says what residents ask a board for and which postings are
// right answers, so that searching can be measured: some hundred texts as they
// are typed at a terminal, each with a judgement that holds on every board of
// kiosk/demo. A judgement is about what the person wants, written in the fields
// of a posting; it knows nothing of how a search works, and the package imports
// nothing but kiosk, so that any engine can be measured with it.
//
// How it was judged, by whom, and what follows from that: README.md.
package judged
