package samv

import "fmt"

// Status is SW3, the result byte of a reply. 9F is how Find succeeds; every
// other command succeeds with 90.
type Status byte

const (
	OK             Status = 0x90
	NoItem         Status = 0x91
	Found          Status = 0x9F
	BadChecksum    Status = 0x10
	BadLength      Status = 0x11
	BadCommand     Status = 0x21
	NotAllowed     Status = 0x23
	UnknownError   Status = 0x24
	CardRefusesSAM Status = 0x31
	SAMRefusesCard Status = 0x32
	BadInfo        Status = 0x33
	BadFingerprint Status = 0x37
	BadInfoLength  Status = 0x3F
	WrongCardType  Status = 0x40
	ReadFailed     Status = 0x41
	RandomFailed   Status = 0x47
	SelfTestFailed Status = 0x60
	NotAuthorised  Status = 0x66
	NotFound       Status = 0x80
	SelectFailed   Status = 0x81
)

// Action is what a status asks the terminal to do.
type Action uint8

const (
	None            Action = iota // go on: not an error
	Retry                         // flush and send the same command once more
	Restart                       // begin again with Find
	RePlace                       // ask the person to lift the card and put it back
	ResetModule                   // send Reset and wait
	Down                          // a hardware fault: call for service
	NotResidentCard               // say that this card cannot be used here
	GiveUp                        // a fault of the program: record it, do not repeat
)

// String names the action in a word or two, for logs.
func (a Action) String() string {
	names := [...]string{"none", "retry", "restart", "re-place", "reset", "down", "not a resident card", "give up"}
	if int(a) < len(names) {
		return names[a]
	}
	return fmt.Sprintf("action %d", uint8(a))
}

// entry is one row of the table of status codes.
type entry struct {
	meaning string
	action  Action
}

// entry looks the code up. The meanings are those the makers' public protocol
// pages agree on. Codes below 10 are of the
// makers' host libraries and never on the wire.
func (s Status) entry() (entry, bool) {
	switch s {
	case OK:
		return entry{"done", None}, true
	case NoItem:
		return entry{"the card has no such item", None}, true
	case Found:
		return entry{"card found", None}, true
	case BadChecksum:
		return entry{"the module received a wrong checksum", Retry}, true
	case BadLength:
		return entry{"the module received a wrong length", Retry}, true
	case BadCommand:
		return entry{"unknown command or parameter", GiveUp}, true
	case NotAllowed:
		return entry{"not permitted in this state", Restart}, true
	case UnknownError:
		return entry{"unrecognised error", Restart}, true
	case CardRefusesSAM:
		return entry{"the card does not accept the module", RePlace}, true
	case SAMRefusesCard:
		return entry{"the module does not accept the card", RePlace}, true
	case BadInfo:
		return entry{"information failed verification", RePlace}, true
	case BadFingerprint:
		return entry{"fingerprint failed verification", RePlace}, true
	case BadInfoLength:
		return entry{"wrong length of information", RePlace}, true
	case WrongCardType:
		return entry{"card type not recognised", NotResidentCard}, true
	case ReadFailed:
		return entry{"reading the card failed", RePlace}, true
	case RandomFailed:
		return entry{"no random number", ResetModule}, true
	case SelfTestFailed:
		return entry{"the module failed its self-test", ResetModule}, true
	case NotAuthorised:
		return entry{"the module is not authorised", Down}, true
	case NotFound:
		return entry{"no new card", None}, true
	case SelectFailed:
		return entry{"selecting the card failed", Restart}, true
	}
	return entry{}, false
}

// String returns the code with its meaning.
func (s Status) String() string {
	e, ok := s.entry()
	if !ok {
		e.meaning = "unknown status"
	}
	return fmt.Sprintf("%02X %s", byte(s), e.meaning)
}

// Known reports whether the code is in the table.
func (s Status) Known() bool { _, ok := s.entry(); return ok }

// Action returns what the terminal should do. An unknown code asks for Restart,
// like 24.
func (s Status) Action() Action {
	e, ok := s.entry()
	if !ok {
		return Restart
	}
	return e.action
}

// Error makes a Status usable as the reason of a failure.
func (s Status) Error() string { return "module status " + s.String() }
