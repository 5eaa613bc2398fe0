package postings

import (
	"time"

	"jobhome/kiosk"
)

// Status is how far a posting has come with its newest content.
type Status string

// The states. What may follow on what is in DESIGN.md.
const (
	Draft     Status = "draft"     // somebody writes it, or it was handed back
	Review    Status = "review"    // waits for somebody to look at it
	Approved  Status = "approved"  // waits for its day
	Published Status = "published" // on the board
	Closed    Status = "closed"    // no longer offered
	Expired   Status = "expired"   // its last day is over
	Revoked   Status = "revoked"   // taken down; its id never comes back
)

// open reports whether a posting in this state may still be on a board.
func (s Status) open() bool { return s == Draft || s == Review || s == Approved || s == Published }

// Reasons for closing that mean something to the program; any other words are
// for people.
const (
	Missing = "missing" // a full import of its source did not have it: it may come back
	Filled  = "filled"  // the employer has found somebody: so has every copy of it
)

// Level says how bad a finding is.
type Level string

// The levels.
const (
	Block Level = "block" // the law forbids it: it cannot be approved
	Warn  Level = "warn"  // the reviewer should look at it
)

// Finding is one thing that is wrong with a posting's content.
type Finding struct {
	Rule  string `json:"rule"` // a stable name, e.g. "gender"
	Level Level  `json:"level"`
	Field string `json:"field,omitempty"` // of the posting: "title", "requirements", …
	Text  string `json:"text,omitempty"`  // the words that were found
	Note  string `json:"note,omitempty"`  // why, for the reviewer
}

// Record is a posting with all that the hub knows of it.
type Record struct {
	kiosk.Posting                 // its newest content
	Live           *kiosk.Posting // what is on the board, where it is; it may be an older content
	Status         Status
	Revision       int64 // goes up with every change of the content
	Findings       []Finding
	Blocked        bool   // a finding is a Block
	From           string // the hub's name of the source it came from
	Ref            string // that source's name of it
	Gen            int64  // 1, and one more for each time that it was revoked and offered again
	SubmittedBy    string
	EditedBy       string
	ApprovedBy     string
	EndedBy        string
	Why            string // it was closed, revoked or handed back
	Created        time.Time
	Submitted      time.Time // or written, while it is a draft
	FirstPublished time.Time
	Ended          time.Time
	Cluster        string // those with the same one are the same offer; empty: it stands alone
}

// Step is one thing that was done to a posting.
type Step struct {
	At       time.Time
	Who      string
	What     string // "import", "change", "submit", "approve", …
	Revision int64
	Status   Status // after it
	Note     string
}
