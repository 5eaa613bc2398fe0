package printer_test

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

// watched runs the watch and returns the next status it tells.
func (r *rig) watched() (next func() escpos.Status) {
	ctx, cancel := context.WithCancel(context.Background())
	seen := make(chan escpos.Status, 64)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.dev.Run(ctx, func(s escpos.Status) { seen <- s })
	}()
	r.t.Cleanup(func() { cancel(); <-done })
	return func() escpos.Status { return <-seen }
}

// A printer that tells changes by itself is heard at once, and the watch gives
// the wire away at once when a slip is to be printed.
func TestAutomaticStatus(t *testing.T) {
	for _, auto := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			p := profile(t, "xprinter")
			p.Auto = auto
			r := newRigWith(t, p, printer.Opts{Poll: 10 * time.Second})
			next := r.watched()
			if st := next(); !st.Ready() {
				t.Fatalf("told %v", st)
			}
			for round := range 3 {
				time.Sleep(3 * time.Second)
				begin := time.Now()
				r.OpenCover()
				st := next()
				if d := time.Since(begin); !st.CoverOpen || (d < 300*time.Millisecond) != auto {
					t.Errorf("auto %v, round %d: told %v after %v", auto, round, st, d)
				}
				r.CloseCover()
				if st := next(); !st.Ready() {
					t.Errorf("told %v", st)
				}
				time.Sleep(4 * time.Second)
				begin = time.Now()
				job, _ := r.slip("slip")
				out, err := r.dev.Print(context.Background(), job) // its ESC @ ends automatic status
				if err != nil || out.FirstByte.Sub(begin) > 50*time.Millisecond {
					t.Errorf("first byte after %v, %v", out.FirstByte.Sub(begin), err)
				}
				time.Sleep(15 * time.Second)
			}
			if odd := r.Oddities(); len(odd) != 0 {
				t.Errorf("oddities: %q", odd)
			}
		})
	}
}

// Automatic status that nobody asked for, torn or not, must not pass for the
// answer behind the cut.
func TestUnaskedStatusIsNoFence(t *testing.T) {
	for _, say := range []string{"10 00 00 00", "10 00", "13 11", "13 10 00 11 00 00", "5f 41 42 00", "37 22 41 41 41 41 00", "ff 80"} {
		for at := 0; at < 2100; at += 150 {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, profile(t, "xprinter"))
				r.mustPrint("before")
				s, err := sim.ParsePrinterScript("after " + itoa(at+1) + " bytes: say " + say)
				if err != nil {
					t.Fatal(err)
				}
				r.Play(s)
				job, text := r.slip("noisy")
				out, err := r.dev.Print(context.Background(), job)
				if whole := r.whole(text); out.State == printer.Printed && whole != 1 || (err == nil) != (out.State == printer.Printed) {
					t.Errorf("%s at %d: %+v, %v, %d whole", say, at, out, err, whole)
				}
			})
		}
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// A printer that knows GS ( H must say the slip's own id; one that does not is
// found out before the first slip, and GS r is enough then.
func TestProcessID(t *testing.T) {
	for _, known := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			p := profile(t, "epson-tm")
			o := build(p)
			o.ProcessID = known
			r := newRigOf(t, p, o)
			begin := time.Now()
			r.mustPrint("one")
			r.mustPrint("two")
			if d := time.Since(begin); d > 10*time.Second {
				t.Errorf("known %v: two slips take %v", known, d)
			}
			r.Play(mustScript(t, "lose 7 answers")) // the id of the slip
			job, text := r.slip("three")
			out, err := r.dev.Print(context.Background(), job)
			if known && (out.State != printer.Unconfirmed || err == nil) || r.whole(text) != 1 {
				t.Errorf("known %v: without its id %+v, %v, %d whole", known, out, err, r.whole(text))
			}
		})
	}
}

func mustScript(t *testing.T, text string) sim.PrinterScript {
	t.Helper()
	s, err := sim.ParsePrinterScript(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The name is asked of any printer that answers, never printed by one that does
// not know the question, and chooses the profile.
func TestIdentify(t *testing.T) {
	for _, knows := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			p := profile(t, "xprinter")
			o := build(p)
			o.NoIdentify = !knows
			var asked []string
			r := newRigOf(t, p, o)
			r.dev.Close()
			r.dev = printer.New(r.plug, profile(t, "generic80"), printer.Opts{Identify: func(maker, model string) (escpos.Profile, bool) {
				asked = append(asked, maker+"/"+model)
				return p, true
			}})
			defer r.dev.Close()
			for range 2 {
				if out, err := r.dev.Feed(context.Background(), 5); err != nil {
					t.Fatalf("%+v, %v", out, err)
				}
			}
			maker, model, ok := r.dev.Identity()
			if ok != knows || knows && (maker != "JOBHOME" || model != "SIM" || len(asked) != 1) {
				t.Errorf("identity %q %q %v, asked %q", maker, model, ok, asked)
			}
			if got := r.dev.Profile().Name; (got == "xprinter") != knows {
				t.Errorf("profile %s", got)
			}
			if text := r.Progress().Text; strings.TrimSpace(text) != "" {
				t.Errorf("the question is on paper: %q", text)
			}
		})
	}
}

// A switched-off printer, or anything that does not answer as a printer, is sent
// nothing but real-time questions, and NULs that end a command and begin none.
func TestNoBlindCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newScript(nil)
		d := printer.New(func() (printer.Wire, error) { return w, nil }, profile(t, "epson-tm"),
			printer.Opts{Identify: func(string, string) (escpos.Profile, bool) { return escpos.Profile{}, false }})
		defer d.Close()
		_, _ = d.Print(context.Background(), []byte("slip\n"))
		_, _ = d.Status(context.Background())
		rest := bytes.ReplaceAll(bytes.ReplaceAll(w.written, []byte{0x10, 4, 1}, nil), []byte{0}, nil)
		if len(rest) > 0 {
			t.Errorf("sent % x to something that does not answer", rest)
		}
	})
}

// The phases of a job stand in the journal before they begin.
func TestPhases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "kiosk80"))
		job, text := r.slip("noted")
		var mu sync.Mutex
		var seen []printer.Phase
		no := errors.New("disk full")
		out, err := r.dev.PrintJob(context.Background(), printer.Job{Bytes: job, Phase: func(printer.Phase) error { return no }})
		time.Sleep(time.Minute)
		if out.State != printer.Failed || !errors.Is(err, no) || r.anywhere("noted") {
			t.Errorf("not written down: %+v, %v", out, err)
		}
		out, err = r.dev.PrintJob(context.Background(), printer.Job{Bytes: job, Phase: func(p printer.Phase) error {
			mu.Lock()
			defer mu.Unlock()
			if p == printer.Sending && r.anywhere("noted") {
				t.Error("on paper before it was written down")
			}
			seen = append(seen, p)
			if p == printer.Fenced {
				return no // changes nothing
			}
			return nil
		}})
		if out.State != printer.Printed || err != nil || r.whole(text) != 1 {
			t.Errorf("%+v, %v", out, err)
		}
		if len(seen) != 2 || seen[0] != printer.Sending || seen[1] != printer.Fenced {
			t.Errorf("phases %v", seen)
		}
		r.PowerOff()
		time.Sleep(3 * time.Second)
		seen = nil
		if out, _ := r.dev.PrintJob(context.Background(), printer.Job{Bytes: job, Phase: func(p printer.Phase) error { seen = append(seen, p); return nil }}); out.State != printer.Failed || len(seen) != 0 {
			t.Errorf("switched off: %+v after phases %v", out, seen)
		}
	})
}
