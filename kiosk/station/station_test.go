package station

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/sim"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"

	"periph.io/x/conn/v3/gpio"
)

func TestAllDevicesAreReported(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(5 * time.Second)
		for _, p := range parts() {
			if d := r.is(p, session.Fine, ""); d.Detail == "" && p != session.PartScanner {
				t.Errorf("%s says nothing of itself", p)
			}
		}
		var last session.DeviceNews
		r.mu.Lock()
		for _, e := range r.events {
			if n, ok := e.(session.DeviceNews); ok {
				last = n
			}
		}
		r.mu.Unlock()
		if len(last.Devices) != len(parts()) || last.Devices[0].Part != session.PartPrinter || last.Devices[0].Health != session.Fine {
			t.Errorf("the last report is %+v", last)
		}
	})
}

// A terminal without devices says so, and its tests do nothing.
func TestNothingIsFitted(t *testing.T) {
	at(t, func(s *config.Settings) {
		none := config.Device{Scheme: config.None}
		s.Devices = config.Devices{Reader: none, Printer: none, Scanner: none, Badge: none}
		s.Panel = config.Panel{}
	}, func(r *rig) {
		for _, p := range parts() {
			r.s.Test(p)
		}
		r.s.TestSlip()
		r.s.PaperChanged()
		r.s.Signal(session.LampTake, session.BuzzOK)
		r.wait(time.Minute)
		for _, p := range parts() {
			if d := r.is(p, session.Unfitted, ""); d.Testing {
				t.Errorf("%s is being tested", p)
			}
		}
		if r.s.Printer() != nil || r.s.Reader() != nil {
			t.Error("something is fitted")
		}
	})
}

func TestPrinterReports(t *testing.T) {
	at(t, nil, func(r *rig) {
		for _, tt := range []struct {
			do, undo func()
			health   session.Health
			fault    string
			state    session.PrinterState
		}{
			{func() { r.printer.EndPaper(0) }, r.printer.LoadPaper, session.Faulty, "paper-out", session.PrinterPaperOut},
			{r.printer.OpenCover, r.printer.CloseCover, session.Faulty, "cover-open", session.PrinterCoverOpen},
			{func() { r.printer.LowPaper(true) }, func() { r.printer.LowPaper(false) }, session.Care, "paper-low", session.PrinterPaperLow},
			{r.printer.Overheat, r.printer.CoolDown, session.Faulty, "overheated", session.PrinterOverheated},
			{r.printer.Stall, r.printer.Resume, session.Faulty, "printer-unknown", session.PrinterOffline},
			{
				func() { r.plug(session.PartPrinter, false); r.printer.Unplug() }, func() { r.plug(session.PartPrinter, true) },
				session.Faulty, "printer-unplugged", session.PrinterOffline,
			},
		} {
			r.wait(30 * time.Second)
			r.is(session.PartPrinter, session.Fine, "")
			r.taken()
			tt.do()
			r.wait(10 * time.Second)
			r.is(session.PartPrinter, tt.health, tt.fault)
			if n := one[session.PrinterNews](r); n.State != tt.state {
				t.Errorf("%s: the loop is told %s", tt.fault, n.State)
			}
			r.s.Test(session.PartPrinter)
			r.wait(10 * time.Second)
			if d := r.s.reports.get(session.PartPrinter); d.Testing || d.Tested.IsZero() || d.Passed != (tt.health == session.Care) {
				t.Errorf("%s: the test is reported as %+v", tt.fault, d)
			}
			tt.undo()
			r.wait(30 * time.Second)
		}
		r.is(session.PartPrinter, session.Fine, "")
	})
}

func TestTestSlip(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(3 * time.Second)
		r.s.TestSlip()
		r.wait(20 * time.Second)
		slips := r.printer.Slips()
		if len(slips) != 1 || !slips[0].Cut || !strings.Contains(slips[0].Text, "这不是推荐单") {
			t.Fatalf("slips: %+v\n%s", slips, r.log)
		}
		if d := r.is(session.PartPrinter, session.Fine, ""); !d.Passed || d.Testing {
			t.Errorf("reported as %+v", d)
		}
		r.printer.OpenCover()
		r.wait(3 * time.Second)
		r.s.TestSlip()
		r.wait(20 * time.Second)
		if d := r.is(session.PartPrinter, session.Faulty, "cover-open"); d.Passed || d.Testing {
			t.Errorf("with an open cover: %+v", d)
		}
	})
}

// The count of paper outlives the program.
func TestPaperIsCountedOverARestart(t *testing.T) {
	dir := t.TempDir()
	count := func(play func(*rig)) {
		at(t, func(s *config.Settings) { s.DataDir = dir; s.Paper.RollMetres = 3 }, play)
	}
	count(func(r *rig) {
		r.wait(3 * time.Second)
		for range 20 {
			r.s.TestSlip()
			r.wait(20 * time.Second)
		}
		if n := len(r.printer.Slips()); n != 20 {
			t.Fatalf("%d slips\n%s", n, r.log)
		}
		// Some 9 cm each: fewer than 20 more are left of 3 m.
		r.is(session.PartPrinter, session.Care, "paper-predicted")
	})
	count(func(r *rig) {
		r.wait(3 * time.Second)
		if d := r.is(session.PartPrinter, session.Care, "paper-predicted"); !strings.Contains(d.Detail, "20 · ") {
			t.Errorf("after a restart: %q", d.Detail)
		}
		r.s.PaperChanged()
		r.wait(3 * time.Second)
		r.is(session.PartPrinter, session.Fine, "")
	})
}

// A reader that stays dumb is switched off and on by its relay, and staff see
// that it had to be.
func TestReaderIsPowerCycled(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(5 * time.Second)
		r.is(session.PartReader, session.Fine, "")
		r.reader.Hang()
		cycled := false
		for range 600 {
			r.wait(500 * time.Millisecond)
			if off := r.pins["GPIO26"].Read() == gpio.High; off {
				cycled = true
				r.reader.Power(false)
			} else if cycled {
				r.reader.Power(true)
				break
			}
		}
		r.wait(20 * time.Second)
		if !cycled {
			t.Fatalf("the relay was never switched\n%s", r.log)
		}
		r.is(session.PartReader, session.Care, "reader-power-cycled")
	})
}

// Settings that cannot be used are named.
func TestOpenErrors(t *testing.T) {
	for want, change := range map[string]func(*config.Settings){
		"service.pin":            func(s *config.Settings) { s.Service.PIN = "pbkdf2-sha256:x" },
		"service.badges":         func(s *config.Settings) { s.Service.Badges = []string{"x"} },
		"no printer profile":     func(s *config.Settings) { s.Devices.Printer.Profile = "none-such" },
		"sim:?profile=none-such": func(s *config.Settings) { s.Devices.Printer.Profile = "none-such" },
	} {
		s := settings(t.TempDir())
		change(&s)
		if _, err := Open(Options{Settings: s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestDailySelfTest(t *testing.T) {
	at(t, func(s *config.Settings) { s.Service.SelfTest = 30 * time.Minute }, func(r *rig) {
		r.wait(29 * time.Minute) // the bubble's clock begins at midnight
		if d := r.s.reports.get(session.PartReader); !d.Tested.IsZero() {
			t.Error("tested too early")
		}
		r.wait(3 * time.Minute)
		for _, p := range parts() {
			if d := r.s.reports.get(p); d.Tested.IsZero() || !d.Passed || d.Testing {
				t.Errorf("%s: %+v", p, d)
			}
		}
		if n := len(r.printer.Slips()); n != 0 {
			t.Errorf("the daily test used paper: %d slips", n)
		}
		first := r.s.reports.get(session.PartReader).Tested
		r.wait(24 * time.Hour)
		if again := r.s.reports.get(session.PartReader).Tested; again.Sub(first).Round(time.Hour) != 24*time.Hour {
			t.Errorf("the next test came after %v", again.Sub(first))
		}
	})
}

func TestNextTest(t *testing.T) {
	day := func(d, h, m int) time.Time { return time.Date(2026, 11, d, h, m, 0, 0, time.UTC) }
	const clock = 8*time.Hour + 30*time.Minute
	for _, tt := range [][2]time.Time{
		{day(25, 7, 0), day(25, 8, 30)},
		{day(25, 8, 30), day(26, 8, 30)},
		{day(25, 23, 59), day(26, 8, 30)},
		{day(30, 9, 0), day(31, 8, 30)}, // 1 December
	} {
		if got := nextTest(tt[0], clock); !got.Equal(tt[1]) {
			t.Errorf("after %v: %v, want %v", tt[0], got, tt[1])
		}
	}
}

// A card that was read becomes a masked name and a birth date, and its memory
// is overwritten.
func TestCardBecomesAResident(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(5 * time.Second)
		r.taken()
		chen := sim.People()[0]
		r.s.Reader().Arm()
		r.reader.Place(chen)
		r.wait(3 * time.Second)
		var read session.Card
		for _, e := range r.taken() {
			if c, ok := e.(session.Card); ok && c.Resident.Known() {
				read = c
			}
		}
		// The bubble's clock stands in 2000, before the terminal was made.
		if read.Resident.MaskedName != "陈**" || read.Resident.BirthYear != 0 {
			t.Errorf("read as %+v", read)
		}
		for _, secret := range []string{chen.Name, chen.Number, chen.Address} {
			if strings.Contains(r.log.String(), secret) {
				t.Error("the log tells what is on the card")
			}
		}
	})
}

// Every status of a printer has one name for residents and one for staff.
func TestEveryPrinterFaultHasAName(t *testing.T) {
	for _, st := range []escpos.Status{
		{},
		{Known: 0x1e},
		{Known: 0x1e, Offline: true},
		{Known: 0x1e, CoverOpen: true},
		{Known: 0x1e, FeedKey: true},
		{Known: 0x1e, PaperLow: true},
		{Known: 0x1e, PaperLow: true, Predicted: true},
		{Known: 0x1e, PaperOut: true},
		{Known: 0x1e, Cutter: true},
		{Known: 0x1e, Jam: true},
		{Known: 0x1e, Overheated: true},
		{Known: 0x1e, Unrecoverable: true},
		{Known: 0x1e, Error: true},
		{Known: 0x1e, SlipNotTaken: true},
	} {
		health, fault := printerFault(st)
		state := printerState(st, nil)
		if (health == session.Fine) != (fault == "") || (state == session.PrinterReady) != (health == session.Fine) {
			t.Errorf("%v: %s, %q for staff, %s for residents", st, health, fault, state)
		}
		if st.Unknown() && (state.CanPrint() || health == session.Fine) {
			t.Errorf("unknown is shown as %s, %s", state, health)
		}
	}
}

// A profile that lies beside the settings is used like a built-in one; one that
// is wrong is named in the log and keeps nobody from printing.
func TestOwnProfile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"hall.toml":  "inherits = \"generic80\"\ntitle = \"the printer of the hall\"\n[cutter]\nmm = 21.0\n",
		"wrong.toml": "inherits = \"generic80\"\ntitle = \"x\"\ndots = \"wide\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at(t, func(s *config.Settings) { s.Profiles, s.Devices.Printer.Profile = dir, "hall" }, func(r *rig) {
		if p := r.s.Printer().Profile(); p.Name != "hall" || p.Cutter.MM != 21 || p.Columns != 48 {
			t.Errorf("profile %+v", p)
		}
		if !strings.Contains(r.log.String(), "wrong.toml") || !strings.Contains(r.log.String(), "dots") {
			t.Errorf("the log does not name the wrong file: %s", r.log)
		}
	})
}

// A terminal that is switched on after the time of the test does it then.
func TestMissedSelfTest(t *testing.T) {
	at(t, func(s *config.Settings) { s.Service.SelfTest = 0 }, func(r *rig) {
		r.wait(time.Minute) // the bubble's clock began at midnight
		for _, p := range parts() {
			if d := r.s.reports.get(p); d.Tested.IsZero() || !d.Passed {
				t.Errorf("%s: %+v", p, d)
			}
		}
	})
}

// What a test has found goes when a later test is passed, and a device that
// could not be tested has no fault.
func TestFaultOfATest(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.wait(5 * time.Second)
		const p = session.PartScanner
		r.s.tested(p, "self-test", errors.New("out of order"))
		if d := r.is(p, session.Faulty, "self-test"); d.Passed {
			t.Error("passed")
		}
		r.s.tested(p, "", nil)
		r.is(p, session.Fine, "")
		r.reader.PlaceUnreadable()
		r.s.Reader().Arm()
		r.wait(5 * time.Second)
		r.s.Test(session.PartReader)
		r.wait(25 * time.Second)
		if d := r.s.reports.get(session.PartReader); d.Passed || d.Testing || d.Health == session.Faulty {
			t.Errorf("with a card on it: %+v", d)
		}
	})
}

// The terminal loses its power while a test slip prints. What is left of it is
// cut off at the next start, and is not on the slip after it.
func TestCutOffTestSlip(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "testslip.open"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	at(t, func(s *config.Settings) { s.DataDir = dir }, func(r *rig) {
		r.wait(time.Minute)
		if _, err := os.Stat(filepath.Join(dir, "testslip.open")); err == nil {
			t.Error("the mark is still there")
		}
		before := len(r.printer.Slips())
		r.s.TestSlip()
		r.wait(20 * time.Second)
		if n := len(r.printer.Slips()) - before; n != 1 {
			t.Errorf("%d slips", n)
		}
		if _, err := os.Stat(filepath.Join(dir, "testslip.open")); err == nil {
			t.Error("the mark stays after a test slip that came out")
		}
	})
}
