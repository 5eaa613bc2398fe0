package session

import (
	"image"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Page names what the terminal shows.
type Page string

// The pages.
const (
	Attract  Page = "attract"
	Home     Page = "home"
	Consent  Page = "consent"
	TapCard  Page = "tap-card"
	Greeting Page = "greeting"
	Trades   Page = "trades"
	Keys     Page = "search"
	Ask      Page = "ask"
	List     Page = "list"
	Filter   Page = "filter"
	Posting  Page = "posting"
	Other    Page = "other"     // what else can be done about a posting
	CallBack Page = "call-back" // the number to be called at
	Report   Page = "report"    // what is wrong with the posting
	Confirm  Page = "confirm"
	Printing Page = "printing"
	Take     Page = "take"
	Trouble  Page = "trouble"
	Help     Page = "help"
	Result   Page = "referral"  // what became of a slip that was scanned
	StaffPIN Page = "staff-pin" // who opens the staff page
	Staff    Page = "staff"     // the devices, for staff

	StaffReset Page = "staff-reset" // is everything to be wiped?
)

// Pages lists all pages in the order of a walk-in.
func Pages() []Page {
	return []Page{
		Attract, Home, Consent, TapCard, Greeting, Trades, Keys, Ask, List, Filter,
		Posting, Other, CallBack, Report, Confirm, Printing, Take, Trouble, Help, Result, StaffPIN, Staff, StaffReset,
	}
}

// Capacity is how many things fit a page of this screen, in normal type and in
// large type.
type Capacity struct{ Cards, Trades, Keys, Top int }

// Options are fixed for a terminal.
type Options struct {
	Site   kiosk.Site
	Lang   words.Lang    // the first language
	Tiles  []string      // the home page's tiles in their order; nil for the usual
	Large  bool          // start every session in large type
	Idle   time.Duration // silence before the question "still there?"
	Warn   time.Duration // how long that question stays, at least 20 s (WCAG 2.2.1)
	Linger time.Duration // how long "take your slip" stays after a card was taken
	Slow   time.Duration // a print that has not ended by then is taken as unconfirmed
	Fits   func(large bool) Capacity

	CanReset  bool // everything that the terminal keeps can be wiped
	KeyFitted bool // a service key, without which nothing is
}

// State is everything the terminal knows of the walk-in, and of its own
// devices as far as people see it. It is a value: Step returns a new one.
type State struct {
	Options Options
	Now     time.Time

	// What outlives a session.
	Board       BoardNews
	Hub         HubNews
	Printer     PrinterState
	Reader      CardState
	Unwritable  bool           // the ledger refused the last referral: nothing can be printed
	Devices     []DeviceReport // as last told; see Device
	Enrolment   EnrolState     // at the hub, after a first boot
	DoorOpen    bool           // of the case
	DoorSeen    bool           // a switch tells of the door
	KeyOn       bool           // the service key is turned
	Here        bool           // the sensor sees somebody; false without one
	Turn        int            // which postings the attract page shows
	turned      time.Time
	Notice      string // a catalogue key to be read for some seconds
	noticeUntil time.Time
	seq         int
	issuing     bool // the ledger owes the answer to an Issue, whoever asked for it
	unlocking   bool // the answer to an Unlock is owed, whoever asked for it
	lamp        Lamp // as last told to the panel

	// The session, all of it cleared by end.
	Visit
}

// Visit is what belongs to one person's visit.
type Visit struct {
	Page     Page
	Before   []Page // for the way back
	Lang     words.Lang
	Large    bool
	Contrast bool
	Touched  time.Time // of the last sign of life
	Warning  bool      // "still there?" is asked
	Resident kiosk.Resident
	CardNow  CardState // found, unreadable or other, while a card is asked for
	Offset   int       // where a page has several sheets: the first trade, or the sheet
	CardOut  bool      // the card went while a slip was printing

	List      ListState
	Asked     AskState
	Typed     TypeState
	Chosen    kiosk.Item // the posting looked at, whole
	Referral  kiosk.Referral
	LargeSlip bool
	Draft     *image.Gray // the slip as it would look
	draftSeq  int
	Printing  PrintState
	Rated     kiosk.Rating
	Why       TroubleState
	Scan      ScanState
	Request   RequestState
	Staff     StaffState
}

// ListState is a list and how it was asked for.
type ListState struct {
	Query   kiosk.Query
	Matched bool // by the profile, not by the query
	Profile kiosk.Profile
	Except  string     // the posting that others like it were asked for
	Outer   *ListState // the list that this one was opened from
	From    string     // the tile or trade that it came from
	Results kiosk.Results
	Waiting bool
	stale   bool // has to be asked for again before it is shown
	seq     int
}

// AskState is the guided match.
type AskState struct {
	Step    int
	Profile kiosk.Profile
	When    string // the answer to the question of when
}

// TypeState is the search keyboard.
type TypeState struct {
	Text    string
	Letters bool // letters and digits instead of characters
	Offset  int  // into Next
	Words   []kiosk.Suggestion
	Next    []string
	Total   int
	seq     int
}

// PrintState is a slip on its way.
type PrintState struct {
	Since   time.Time
	Issuing bool // the ledger has not answered
	Sending bool // the printer has not answered
	Maybe   bool // ink may have reached paper
}

// TroubleState is what went wrong.
type TroubleState struct {
	Key   string // of the catalogue: trouble.<Key>
	Retry bool   // printing again makes sense
}

// New returns the state of a terminal that has just started.
func New(o Options, now time.Time) State {
	s := State{Options: o, Now: now, Printer: PrinterUnknown, Reader: CardNone, lamp: LampOff}
	s.Visit = s.nobody()
	return s
}

func (s State) nobody() Visit {
	return Visit{Page: Attract, Lang: s.Options.Lang, Large: s.Options.Large, Touched: s.Now}
}

// Fits returns how much a page holds in the type in use.
func (s State) Fits() Capacity { return s.Options.Fits(s.Large) }

// Barred reports that the law forbids to hire the person whose card was read.
// A clock so wrong that they are not born yet bars them too.
func (s State) Barred() bool {
	return s.Resident.BirthYear != 0 && s.Resident.Age(s.Now) < kiosk.WorkingAge
}

// Minor reports that the law protects the person from night work.
func (s State) Minor() bool {
	age := s.Resident.Age(s.Now)
	return age >= kiosk.WorkingAge && age < kiosk.AdultAge
}

// Left is the time until a warned session ends by itself.
func (s State) Left() time.Duration {
	return s.Touched.Add(s.idle() + s.Options.Warn).Sub(s.Now)
}

// idle is the silence that this page bears before it asks "still there?".
func (s State) idle() time.Duration {
	if s.Page == Take || s.CardOut {
		return s.Options.Linger
	}
	return s.Options.Idle
}
