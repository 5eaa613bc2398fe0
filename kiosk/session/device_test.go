package session

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Every state of the printer and the reader has a fault of the catalogue, but
// those in which nothing is wrong.
func TestStatesHaveFaults(t *testing.T) {
	faults := words.Faults()
	for _, state := range printerStates() {
		switch f := state.Fault(); {
		case state == PrinterReady && f != "":
			t.Errorf("a printer that is ready has the fault %s", f)
		case state != PrinterReady && !slices.Contains(faults, f):
			t.Errorf("the printer is %s: nobody is told of %q", state, f)
		}
		if key := state.trouble(); !state.CanPrint() && (!words.Has("trouble."+key) || !words.Has("trouble."+key+".do")) {
			t.Errorf("the printer is %s: there is no trouble %q", state, key)
		}
	}
	for _, name := range cardStates() {
		state := CardState(name)
		fine := state == CardReady || state == CardFound || state == CardRead || state == CardRemoved || state == CardExpired
		if f := state.Fault(); fine != (f == "") || !fine && !slices.Contains(faults, f) {
			t.Errorf("the reader says %s: the fault is %q", state, f)
		}
	}
	for _, part := range Parts() {
		if !words.Has("part." + string(part)) {
			t.Errorf("the %s has no name", part)
		}
	}
	for _, h := range []Health{Fine, Care, Faulty, Unfitted, Checking} {
		if !words.Has("health." + string(h)) {
			t.Errorf("%s has no word", h)
		}
	}
	for _, s := range []kiosk.ReferralState{kiosk.Issued, kiosk.Printing, kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed} {
		if !words.Has("referral." + string(s)) {
			t.Errorf("nobody is told of a referral that is %s", s)
		}
	}
}

// Residents are told the worst of what concerns them.
func TestWorstFault(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{"", ""},
		{"printer paper-low -> attract", "paper-low"},
		{"printer none -> attract", "printer-none"},
		{"printer unknown -> attract", "printer-unknown"},
		{"printer offline -> attract", "printer-offline"},
		{"device printer faulty printer-garbled -> attract", ""}, // until it cannot print
		{"printer offline -> attract\n device printer faulty printer-garbled -> attract", "printer-garbled"},
		{"printer offline -> attract\n device printer checking -> attract", "printer-offline"},
		{"printer offline -> attract\n card down -> attract", "printer-offline"},
		{"printer paper-low -> attract\n card down -> attract", "reader-silent"},
		{"card down -> attract\n device reader faulty reader-self-test -> attract", "reader-self-test"},
		{"card none -> attract", ""},
		{"device reader care card-left -> attract", "card-left"},
		{"device scanner faulty scanner-unplugged -> attract", "scanner-unplugged"},
		{"device scanner faulty -> attract", "scanner-unplugged"},
		{"printer offline -> attract\n device printer care paper-low -> attract", "printer-offline"},
		{"printer paper-out -> attract\n device printer faulty jam -> attract", "paper-out"},
		{"printer cutter -> attract\n device printer faulty jam -> attract", "jam"},
		{"card down -> attract\n device reader faulty self-test -> attract", "reader-silent"},
		{"device badge faulty badge-silent -> attract", ""},
		{"device panel faulty panel-pin -> attract", ""},
		{"door open -> attract", "door-open"},
	} {
		if got := open(t).play(c.script).s.Fault(); got != c.want {
			t.Errorf("after %q residents are told of %q, not %q", c.script, got, c.want)
		}
	}
	w := open(t)
	w.send(Written{At: w.at(), Err: errors.New("disk full")})
	if got := w.play("printer paper-out -> attract").s.Fault(); got != "ledger-broken" {
		t.Errorf("without a ledger, residents are told of %q", got)
	}
	w.send(Written{At: w.at(), Referral: kiosk.Referral{Code: "7K3M9WXH4F"}})
	if got := w.s.Fault(); got != "paper-out" {
		t.Errorf("when the ledger takes referrals again, residents are told of %q", got)
	}
	w = open(t)
	w.send(Tick{At{time.Date(2000, 1, 1, 8, 0, 0, 0, time.UTC)}})
	if got := w.s.Fault(); got != "clock-wrong" {
		t.Errorf("with a clock of 2000, residents are told of %q", got)
	}
	w = open(t)
	w.send(BoardNews{At: w.at(), Broken: true})
	if got := w.play("printer paper-out -> attract").s.Fault(); got != "board-broken" {
		t.Errorf("without a board, residents are told of %q", got)
	}
}

// What the app sent stays the app's.
func TestDevicesAreCopied(t *testing.T) {
	sent := []DeviceReport{{Part: PartReader, Health: Fine}}
	s, _ := Step(New(options(), nine), DeviceNews{At{nine}, sent})
	sent[0].Health = Faulty
	if s.Device(PartReader).Health != Fine {
		t.Error("the state changed with what the app had sent")
	}
}

// The staff pages are opened by their own ways only, whatever is touched
// elsewhere, and while the PIN is checked nothing else is sent.
func TestOnlyHelpLeadsToStaff(t *testing.T) {
	for _, page := range Pages() {
		w := open(t).play(walk(page))
		for _, do := range actions() {
			for _, arg := range []string{"", "2", "printer"} {
				s, effects := Step(w.s, Touch{w.at(), do, arg})
				if s.Page != page && (s.Page == StaffPIN && (page != Help || do != DoStaff) || s.Page == Staff && (page != StaffReset || do != DoKeep) || s.Page == StaffReset && (page != Staff || do != DoReset)) {
					t.Errorf("%s at %s leads to %s", do, page, s.Page)
				}
				for _, e := range effects {
					switch e.(type) {
					case Test, TestSlip, PaperChanged:
						if page != Staff {
							t.Errorf("%s at %s leads to %T", do, page, e)
						}
					}
				}
			}
		}
	}
}

// Whoever has just set the terminal up sees the devices and their tests without a
// PIN, but cannot wipe anything; nobody's visit is taken away for it.
func TestSetUp(t *testing.T) {
	w := open(t).play("device printer fine -> attract\n device reader faulty reader-silent -> attract\n device badge unfitted -> attract")
	w.send(SetUp{At: w.at()})
	if w.s.Page != Staff || w.s.CanReset() {
		t.Fatalf("shows %s, may wipe %v", w.s.Page, w.s.CanReset())
	}
	w.last = nil
	w.send(SetUp{At: w.at(), Settled: true})
	if got := effectNames(w.last); len(got) != 4 { // all but the badge reader, and the panel not told of
		t.Errorf("the app is told to %v", got)
	}
	w.play("touch reset -> staff\n touch end -> attract: DisarmReader, Forget")
	busy := open(t).play(walk(Posting))
	busy.send(SetUp{At: busy.at()})
	busy.send(SetUp{At: busy.at(), Settled: true})
	if busy.s.Page != Posting || len(busy.last) > 0 && effectNames(busy.last)[0] == "Test" {
		t.Errorf("somebody who reads a posting sees %s", busy.s.Page)
	}
}

// Staff are told how the enrolment goes; residents have nothing to do with it.
func TestEnrolment(t *testing.T) {
	w := open(t)
	for state, want := range map[EnrolState]string{EnrolWaiting: "enrol-waiting", EnrolRefused: "enrol-refused", Enrolled: ""} {
		w.send(Enrolment{At: w.at(), State: state})
		if got := strings.Join(w.s.Staffed(), " "); got != want || w.s.Fault() == want && want != "" {
			t.Errorf("%s: staff are told %q", state, got)
		}
	}
}
