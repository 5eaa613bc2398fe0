package station

import (
	"context"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/pn532/pn532test"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
	"jobhome/kiosk/staff"

	"periph.io/x/conn/v3/gpio"
)

func TestScannedCodes(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(3 * time.Second)
		for text, want := range map[string]session.Scanned{
			"https://jobs.example.cn/gq/p/p-1":              {Posting: "p-1"},
			"https://jobs.example.cn/gq/p/p-1?r=2222222222": {Posting: "p-1", Code: "2222222222"},
			"https://elsewhere.example/p/p-1":               {},
			"6222021234567890123":                           {},
		} {
			r.taken()
			r.scanner.Show(text)
			r.wait(10 * time.Second)
			if e := one[session.Scanned](r); e.Posting != want.Posting || e.Code != want.Code || e.Time.IsZero() {
				t.Errorf("%s is told as %+v", text, e)
			}
			if strings.Contains(r.log.String(), "elsewhere") || strings.Contains(r.log.String(), "62220212") {
				t.Errorf("the log tells what was scanned: %s", r.log)
			}
		}
		r.scanner.Unplug()
		r.wait(5 * time.Second)
		r.is(session.PartScanner, session.Faulty, "scanner-unplugged")
		r.s.Test(session.PartScanner)
		r.wait(time.Second)
		if d := r.s.reports.get(session.PartScanner); d.Passed || d.Tested.IsZero() {
			t.Errorf("its test is reported as %+v", d)
		}
	})
}

func TestPanel(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(3 * time.Second)
		r.taken()
		set := func(name string, l gpio.Level) {
			p := r.pins[name]
			p.Lock()
			p.L = l
			p.Unlock()
			p.EdgesChan <- l
			r.wait(5 * time.Second)
		}
		set("GPIO17", gpio.High)
		if e := one[session.Presence](r); !e.Here {
			t.Errorf("somebody came: %+v", e)
		}
		set("GPIO5", gpio.High)
		one[session.ServiceKey](r)
		set("GPIO6", gpio.High)
		if e := one[session.Door](r); !e.Open {
			t.Errorf("door: %+v", e)
		}
		r.is(session.PartPanel, session.Care, "door-open")
		r.s.Signal(session.LampOn, session.BuzzNone)
		r.wait(time.Second)
		if r.pins["GPIO27"].Read() != gpio.High {
			t.Error("the lamp does not shine")
		}
		r.s.Signal(session.LampOff, session.BuzzBad)
		r.wait(300 * time.Millisecond)
		if r.pins["GPIO27"].Read() != gpio.Low || r.pins["GPIO22"].Read() != gpio.High {
			t.Error("the lamp shines, or the buzzer is still")
		}
		r.s.Test(session.PartPanel)
		r.wait(5 * time.Second)
		if d := r.s.reports.get(session.PartPanel); !d.Passed || d.Testing {
			t.Errorf("its test is reported as %+v", d)
		}
	})
}

func TestPinThatIsNotThere(t *testing.T) {
	at(t, func(s *config.Settings) { s.Panel = config.Panel{Lamp: "GPIO99"} }, func(r *rig) {
		r.wait(time.Second)
		if d := r.is(session.PartPanel, session.Faulty, "panel-pin"); !strings.Contains(d.Detail, "GPIO99") {
			t.Errorf("which pin: %q", d.Detail)
		}
	})
}

// The staff page wants a PIN, and, where the settings say so, a badge before it.
func TestUnlock(t *testing.T) {
	const right = "270513"
	pin, err := staff.HashPIN(right, zeros{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	badge := pn532test.Badge{UID: []byte{0x04, 0x5A, 0x77, 0x3E, 0x91, 0xC4, 0x80}, ATQA: [2]byte{0x03, 0x44}, SAK: 0x20}
	enroll, err := staff.OpenBadges(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	entry, err := enroll.Enroll("王主任", append([]byte(nil), badge.UID...))
	if err != nil {
		t.Fatal(err)
	}
	at(t, func(s *config.Settings) {
		s.DataDir = dir
		s.Service.PIN, s.Service.Badges, s.Service.BadgeNeeded = pin.String(), []string{entry}, true
	}, func(r *rig) {
		r.wait(5 * time.Second)
		if u := r.s.Unlock(right); u.OK || !u.Badge {
			t.Errorf("without a badge: %+v", u)
		}
		r.chip.Put(pn532test.Badge{UID: []byte{1, 2, 3, 4}, ATQA: [2]byte{0, 4}, SAK: 8})
		r.wait(2 * time.Second)
		if b := one[session.Badged](r); b.Label != "" {
			t.Errorf("a stranger's badge is %q", b.Label)
		}
		r.chip.Put(badge)
		r.wait(2 * time.Second)
		if b := one[session.Badged](r); b.Label != "王主任" {
			t.Errorf("the badge is %q", b.Label)
		}
		if u := r.s.Unlock("112358"); u.OK || u.Left == 0 {
			t.Errorf("a wrong PIN: %+v", u)
		}
		if u := r.s.Unlock(right); !u.OK {
			t.Errorf("the right PIN after the badge: %+v\n%s", u, r.log)
		}
		if u := r.s.Unlock(right); u.OK {
			t.Error("a badge opens the page twice")
		}
		for _, secret := range []string{right, "112358", "5A773E", "5a773e"} {
			if strings.Contains(r.log.String(), secret) {
				t.Errorf("the log has %s", secret)
			}
		}
	})
	at(t, nil, func(r *rig) {
		if u := r.s.Unlock(right); u.OK || !u.None {
			t.Errorf("without a PIN in the settings: %+v", u)
		}
	})
}

func TestEnroll(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.stop()
		r.stop = func() {}
		uid := []byte{0x04, 0x5A, 0x77, 0x3E, 0x91, 0xC4, 0x80}
		r.chip.Put(pn532test.Badge{UID: uid, ATQA: [2]byte{0x03, 0x44}, SAK: 0x20})
		line, err := r.s.Enroll(context.Background(), "李姐")
		if err != nil {
			t.Fatal(err)
		}
		known, err := staff.OpenBadges(r.s.o.Settings.DataDir, []string{line})
		if err != nil {
			t.Fatal(err)
		}
		if who, err := known.Know(uid); err != nil || who.Label() != "李姐" {
			t.Errorf("the enrolled badge is %q, %v", who.Label(), err)
		}
		r.chip.Unplug()
		if _, err := r.s.Enroll(context.Background(), "x"); err == nil {
			t.Error("enrolled without a reader")
		}
	})
}

// zeros is a source of salt for tests.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
