package session

import (
	"time"

	"jobhome/kiosk"
)

// Part names a device of the terminal.
type Part string

// The devices, in the order in which staff see them.
const (
	PartPrinter Part = "printer"
	PartReader  Part = "reader"
	PartScanner Part = "scanner"
	PartBadge   Part = "badge" // the reader of staff badges
	PartPanel   Part = "panel" // presence sensor, lamp, buzzer, key and door
)

// Health is how a device is, for staff.
type Health string

// The healths. A device that has said nothing is checking, never fine.
const (
	Fine     Health = "fine"
	Care     Health = "care" // works, and needs somebody soon
	Faulty   Health = "faulty"
	Unfitted Health = "unfitted"
	Checking Health = "checking"
)

// DeviceReport is one device as staff see it.
type DeviceReport struct {
	Part    Part
	Health  Health
	Fault   string    // of the catalogue: fault.<Fault>.staff; "" where nothing is wrong
	Detail  string    // in no language: a model, a path, a count
	Testing bool      // its test runs
	Tested  time.Time // when its last test ended; zero: never
	Passed  bool      // how that test ended
}

// DeviceNews tells how all devices are: at start and after every change.
type DeviceNews struct {
	At
	Devices []DeviceReport
}

// Unlocked answers Unlock.
type Unlocked struct {
	At
	OK    bool
	Wait  time.Duration // not OK: how long no PIN is taken
	Left  int           // not OK: tries left before that
	Badge bool          // not OK: a badge has to be held to the reader first
	None  bool          // not OK: the settings hold no PIN
}

// Badged tells that a badge was held to its reader. Label is whose it is by
// the settings, "" for a badge that they do not know.
type Badged struct {
	At
	Label string
}

// ServiceKey tells that somebody turned the service key, or turned it back.
type ServiceKey struct {
	At
	Off bool
}

// Door tells that the door of the case was opened or closed.
type Door struct {
	At
	Open bool
}

// Presence tells that somebody came to the terminal or left it.
type Presence struct {
	At
	Here bool
}

// EnrolState is how a terminal stands with the hub that it is to enrol at.
type EnrolState string

// The states. Enrolled, the zero value, is also that of a terminal without a hub.
const (
	Enrolled     EnrolState = ""
	EnrolWaiting EnrolState = "waiting" // no network yet, or the hub does not answer
	EnrolRefused EnrolState = "refused" // the code is used or too old
)

// Enrolment tells how the enrolment goes that was begun at the first boot.
type Enrolment struct {
	At
	State EnrolState
}

// SetUp tells that somebody has just set the terminal up and stands before it: the
// devices are shown, and once they had time to come up, tested.
type SetUp struct {
	At
	Settled bool
}

// Scanned is a code that was held to the scanner: one of our slips, the QR code
// of a posting, or something else, of which nothing is kept.
type Scanned struct {
	At
	Posting string // "" for a code of another kind
	Code    kiosk.Code
}

// LookedUp answers Lookup.
type LookedUp struct {
	At
	Seq      int
	Item     kiosk.Item
	Open     bool           // the posting is on the board and can be applied for
	Referral kiosk.Referral // of the code, if Known
	Known    bool           // this terminal wrote the referral
	Outcome  kiosk.Outcome  // what the office has said of it
	Typed    bool           // the code alone was asked for
	New      int            // postings of the same kind of work that came since
	NewQuery kiosk.Query    // asks for them
	Err      error
}

type (
	// Unlock asks whether the PIN opens the staff page. The answer is Unlocked.
	Unlock struct{ PIN string }
	// Test asks a device to test itself. The answer is DeviceNews, twice.
	Test struct{ Part Part }
	// TestSlip prints a slip that says it is a test. The answer is DeviceNews.
	TestSlip struct{}
	// PaperChanged tells that a new roll of paper is in the printer.
	PaperChanged struct{}
	// Lookup asks for a posting and what became of a referral for it, or with a
	// code alone for the posting too. The answer is LookedUp.
	Lookup struct {
		Seq     int
		Posting string
		Code    kiosk.Code
		Lawful  kiosk.Shifts // see kiosk.Query
	}
	// Signal sets the lamp and sounds the buzzer once.
	Signal struct {
		Lamp   Lamp
		Buzzer Buzzer
	}
)

func (Unlock) effect()       {}
func (Test) effect()         {}
func (TestSlip) effect()     {}
func (PaperChanged) effect() {}
func (Lookup) effect()       {}
func (Signal) effect()       {}

// Lamp is what the lamp over the slot shows.
type Lamp string

// The lamps.
const (
	LampOff   Lamp = "off"
	LampOn    Lamp = "on"   // a card or a slip is being worked on
	LampTake  Lamp = "take" // a slip waits to be taken
	LampWrong Lamp = "wrong"
)

// Buzzer is a sound.
type Buzzer string

// The sounds. They go with something on the screen, never alone.
const (
	BuzzNone Buzzer = ""
	BuzzOK   Buzzer = "ok"
	BuzzBad  Buzzer = "bad"
)
