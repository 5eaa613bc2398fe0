package session

import (
	"slices"
	"time"
)

// The length of a staff PIN in digits.
const (
	MinPIN = 6
	MaxPIN = 12
)

// StaffState is how somebody comes to the staff page, and what it told them.
type StaffState struct {
	pin    string // typed so far; gone as soon as it is sent
	asked  bool   // this visit waits for the answer to Unlock
	locked time.Time
	wait   time.Duration // until locked, when it was told

	Wrong   bool     // the last PIN did not open the page
	Answer  Unlocked // why
	Badge   string   // whose badge was held to the reader
	Unknown bool     // a badge was, and the settings do not know it
	Said    string   // a catalogue key: what was just asked for

	pinned bool // the PIN was given for this visit
	Reset  ResetState
}

// Digits is how many digits of the PIN are typed. Nobody but the app, in
// Unlock, learns which.
func (s StaffState) Digits() int { return len(s.pin) }

// Unlocking reports whether the answer to a PIN is awaited. No other is taken
// before, whoever asked.
func (s State) Unlocking() bool { return s.unlocking }

// Locked is how long no PIN is taken.
func (s State) Locked() time.Duration { return max(0, s.Visit.Staff.locked.Sub(s.Now)) }

// Device is what is known of a part. One that was not reported is checking.
func (s State) Device(p Part) DeviceReport {
	if i := slices.IndexFunc(s.Devices, func(d DeviceReport) bool { return d.Part == p }); i >= 0 {
		return s.Devices[i]
	}
	return DeviceReport{Part: p, Health: Checking}
}

// Parts lists the devices in the order in which staff see them.
func Parts() []Part { return []Part{PartPrinter, PartReader, PartScanner, PartBadge, PartPanel} }

// staffed reports whether the page is the staff's.
func (t *turn) staffed() bool { return t.Page == StaffPIN || t.Page == Staff || t.Page == StaffReset }

// unused reports whether nobody's visit would be lost: the terminal rests, or
// somebody has only come as far as the home page or the help.
func (t *turn) unused() bool {
	if t.Resident.Known() || t.Referral.Code != "" || t.CardOut {
		return false
	}
	switch t.Page {
	case Attract, Home:
		return true
	case Help:
		return !slices.ContainsFunc(t.Before, func(p Page) bool { return p != Home })
	}
	return false
}

// askPIN ends the visit of whoever was here and asks for the PIN.
func (t *turn) askPIN() {
	if t.Page != Attract {
		t.anew()
	}
	t.to(StaffPIN)
	t.alive()
}

func (t *turn) serviceKey() {
	if t.unused() {
		t.askPIN()
	}
}

func (t *turn) badged(e Badged) {
	if t.Page == Attract && e.Label != "" {
		t.askPIN()
	}
	if t.Page != StaffPIN {
		return
	}
	t.alive()
	t.Visit.Staff.Badge, t.Visit.Staff.Unknown = e.Label, e.Label == ""
}

func (t *turn) touchPIN(e Touch) {
	d := &t.Visit.Staff
	if t.unlocking || t.Locked() > 0 {
		return
	}
	switch e.Do {
	case DoKey:
		if len(d.pin) < MaxPIN && len(e.Arg) == 1 && e.Arg >= "0" && e.Arg <= "9" {
			d.pin += e.Arg
		}
	case DoDelete:
		d.pin = d.pin[:max(len(d.pin)-1, 0)]
	case DoUnlock:
		if len(d.pin) < MinPIN {
			return
		}
		t.do(Unlock{PIN: d.pin})
		d.pin, d.asked, d.Wrong, d.Answer = "", true, false, Unlocked{}
		t.unlocking = true
	}
}

// unlocked opens the staff page for whoever asked, if they are still there.
func (t *turn) unlocked(e Unlocked) {
	t.unlocking = false
	d := &t.Visit.Staff
	if t.Page != StaffPIN || !d.asked {
		return
	}
	t.alive()
	d.asked = false
	if !e.OK {
		e.At = At{} // it is told by Locked
		d.Wrong, d.Answer, d.wait, d.locked = true, e, max(0, e.Wait), t.Now.Add(max(0, e.Wait))
		return
	}
	t.Visit.Staff = StaffState{pinned: true}
	t.Page, t.Before, t.Offset = Staff, nil, 0
}

// setUp shows the devices to whoever has just set the terminal up, without a PIN:
// they have just told it what it is. Nobody's visit is taken away for it.
func (t *turn) setUp(e SetUp) {
	if !e.Settled {
		if t.Page == Attract {
			t.Page, t.Before, t.Offset = Staff, nil, 0
			t.alive()
		}
		return
	}
	if t.Page != Staff {
		return
	}
	t.alive()
	for _, p := range Parts() {
		if dev := t.Device(p); !dev.Testing && dev.Health != Unfitted {
			t.do(Test{Part: p})
		}
	}
}

func (t *turn) touchStaff(e Touch) {
	d := &t.Visit.Staff
	said := d.Said
	d.Said = ""
	switch e.Do {
	case DoTest:
		dev := t.Device(Part(e.Arg))
		if slices.Contains(Parts(), dev.Part) && !dev.Testing && dev.Health != Unfitted {
			t.do(Test{Part: dev.Part})
		}
	case DoTestSlip:
		if dev := t.Device(PartPrinter); !dev.Testing && dev.Health != Unfitted {
			d.Said = "staff.said.slip"
			t.do(TestSlip{})
		}
	case DoPaperChanged:
		if t.Device(PartPrinter).Health != Unfitted {
			d.Said = "staff.said.paper"
			t.do(PaperChanged{})
		}
	case DoReset:
		t.askReset()
	case DoPage:
		t.turnSheet(e.Arg)
	default:
		d.Said = said
	}
}
