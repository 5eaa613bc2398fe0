package session

import (
	"image"
	"time"

	"jobhome/kiosk"
)

// Event is something that happened. Each carries the time it happened at.
type Event interface{ when() time.Time }

// At is the time of an event; embedded by all of them.
type At struct{ Time time.Time }

func (a At) when() time.Time { return a.Time }

// Tick tells that time went by. The app sends one a second.
type Tick struct{ At }

// Touch is a finger on something that the screen offered.
type Touch struct {
	At
	Do  Action
	Arg string
}

// Found is the board's answer to Search or Rank.
type Found struct {
	At
	Seq     int // of the effect that it answers
	Results kiosk.Results
	Err     error
}

// Suggested is the board's answer to Suggest.
type Suggested struct {
	At
	Seq   int
	Words []kiosk.Suggestion
	Next  []string // characters that can come next, the most frequent first
	Total int      // postings that have the text so far
}

// Opened is the board's answer to Open.
type Opened struct {
	At
	ID      string // of the effect that it answers; "" is the posting now looked at
	Posting kiosk.Posting
	OK      bool // false: withdrawn or expired meanwhile
	Err     error
}

// BoardNews tells what the board holds: at start and after every change.
type BoardNews struct {
	At
	Updated time.Time
	Total   int
	Top     []kiosk.Item // the postings that the attract page turns over
	Near    int          // postings within 5 km of the site
	Trades  map[kiosk.Trade]int
	Kinds   map[kiosk.Channel]int
	Broken  bool // the board cannot be read
}

// Drafted is the picture of the slip that Draft asked for; nil where it cannot
// be drawn.
type Drafted struct {
	At
	Seq   int
	Image *image.Gray
}

// CardState is what a reader says of a card.
type CardState string

// The card states.
const (
	CardReady      CardState = "ready"        // the reader works, no card
	CardDown       CardState = "down"         // the reader does not work
	CardNone       CardState = "none"         // no reader is fitted
	CardFound      CardState = "found"        // a card was seen and is being read
	CardUnreadable CardState = "unreadable"   // lift it and place it again
	CardOther      CardState = "other"        // not a resident's card
	CardRead       CardState = "read"         // the resident is known
	CardRemoved    CardState = "removed"      // a card that was read has gone
	CardExpired    CardState = "read-expired" // known, and the card is past its date
)

// Card is news from the reader. Resident is set with CardRead and CardExpired.
type Card struct {
	At
	State    CardState
	Resident kiosk.Resident
}

// PrinterState is what is known of the printer. Unknown is never ready.
type PrinterState string

// The printer states. All but ready and paper-low mean that no slip can be
// printed now.
const (
	PrinterNone         PrinterState = "none"    // no printer is fitted
	PrinterUnknown      PrinterState = "unknown" // it has not answered yet
	PrinterReady        PrinterState = "ready"
	PrinterPaperLow     PrinterState = "paper-low"
	PrinterPaperOut     PrinterState = "paper-out"
	PrinterCoverOpen    PrinterState = "cover-open"
	PrinterCutter       PrinterState = "cutter"
	PrinterOverheated   PrinterState = "overheated"
	PrinterSlipNotTaken PrinterState = "slip-not-taken"
	PrinterOffline      PrinterState = "offline"
)

// CanPrint reports whether a slip may be promised.
func (p PrinterState) CanPrint() bool { return p == PrinterReady || p == PrinterPaperLow }

// PrinterNews tells a change of the printer.
type PrinterNews struct {
	At
	State PrinterState
}

// Written is the ledger's answer to Issue.
type Written struct {
	At
	Referral kiosk.Referral
	Err      error
}

// PrintEnded is the end of a Print effect.
type PrintEnded struct {
	At
	Code  kiosk.Code
	State kiosk.ReferralState // Printed, Unconfirmed or Failed
	Cause PrinterState
	Maybe bool // ink may have reached paper in this or an earlier attempt

	// Unwritten tells that the ledger refused, so that nothing was sent.
	Unwritten bool
}

// Noted is the ledger's answer to RequestCall.
type Noted struct {
	At
	Posting string // of the effect that it answers
	Err     error
}

// HubNews tells how the terminal stands with its hub.
type HubNews struct {
	At
	Sealed bool // there is a key to seal what residents ask for
	Behind bool // the hub's word on the board has run out: it may be out of date
}

// StickState is what became of a stick that was put in.
type StickState string

// The states of a stick.
const (
	StickReading StickState = "reading" // leave it where it is
	StickDone    StickState = "done"    // the board is newer now, or records were laid on it
	StickSame    StickState = "same"    // everything on it was known
	StickRefused StickState = "refused" // it is not from this terminal's hub, or is damaged
	StickFull    StickState = "full"    // nothing can be written on it
)

// Stick tells what became of a stick that was put in.
type Stick struct {
	At
	State StickState
}
