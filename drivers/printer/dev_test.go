package printer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

func TestPaperOutIsNoticedEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "xprinter"))
		r.mustPrint("before")
		job, _ := r.slip("short")
		r.EndPaper(100)
		begin := time.Now()
		out, err := r.dev.Print(context.Background(), job)
		if out.State != printer.Interrupted || !out.Cause.PaperOut || !errors.Is(err, printer.ErrNotReady) {
			t.Fatalf("%+v, %v", out, err)
		}
		if d := time.Since(begin); d > 3*time.Second { // the bubble's clock
			t.Errorf("noticed after %v", d)
		}
	})
}

// TestFirstByteGoesOutAtOnce: a printer the watch has just looked at gets the
// job without a question; one nobody looked at is asked first, briefly.
func TestFirstByteGoesOutAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "kiosk80"))
		ctx, cancel := context.WithCancel(context.Background())
		seen := make(chan escpos.Status, 8)
		done := make(chan error, 1)
		go func() { done <- r.dev.Run(ctx, func(s escpos.Status) { seen <- s }) }()
		if st := <-seen; !st.Ready() {
			t.Fatalf("watch says %v", st)
		}
		time.Sleep(10 * time.Second) // Run ends what the program before may have left
		job, _ := r.slip("quick")
		begin := time.Now()
		out, err := r.dev.Print(ctx, job)
		if err != nil || out.FirstByte.Sub(begin) != 0 {
			t.Errorf("first byte after %v, %v", out.FirstByte.Sub(begin), err)
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run returns %v", err)
		}
		time.Sleep(time.Minute)
		begin = time.Now()
		out, err = r.dev.Print(context.Background(), job)
		if d := out.FirstByte.Sub(begin); err != nil || d > 10*time.Millisecond {
			t.Errorf("first byte after %v, %v", d, err)
		}
	})
}

func TestRunTellsChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "xprinter"))
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		seen := make(chan escpos.Status)
		go func() { _ = r.dev.Run(ctx, func(s escpos.Status) { seen <- s }) }()
		expect := func(what string, ok func(escpos.Status) bool) {
			t.Helper()
			if st := <-seen; !ok(st) {
				t.Errorf("%s: told %v", what, st)
			}
		}
		expect("well", escpos.Status.Ready)
		r.EndPaper(0)
		expect("paper out", func(s escpos.Status) bool { return s.PaperOut && !s.Ready() })
		r.LoadPaper()
		expect("paper loaded", escpos.Status.Ready)
		r.unplug()
		expect("unplugged", escpos.Status.Unknown)
		time.Sleep(time.Minute)
		r.replug()
		expect("plugged", escpos.Status.Ready)
		r.Stall()
		expect("stalled", escpos.Status.Unknown)
		time.Sleep(10 * time.Second) // questions pile up unanswered
		r.OpenCover()
		r.Resume()
		expect("resumed", func(s escpos.Status) bool { return s.CoverOpen })
		r.PowerOff()
		expect("off", escpos.Status.Unknown)
	})
}

// polite answers questions as a printer that is well does, until a byte comes.
func polite(far io.ReadWriter, until byte) bool {
	var last [3]byte
	for {
		copy(last[:], last[1:])
		if _, err := io.ReadFull(far, last[2:]); err != nil {
			return false
		}
		switch {
		case last[2] == until:
			return true
		case last[0] == 0x10 && last[1] == 4:
			_, _ = far.Write([]byte{0x12})
		case string(last[:]) == escpos.Fence:
			_, _ = far.Write([]byte{0})
		}
	}
}

// A paper end while nobody reads the other end: Write must come back.
func TestStuckWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, far := net.Pipe() // a wire without any buffer
		defer far.Close()
		go func() { // takes 100 bytes of the job and no more
			if polite(far, 'x') {
				_, _ = io.ReadFull(far, make([]byte, 99))
			}
		}()
		d := printer.New(func() (printer.Wire, error) { return host, nil }, profile(t, "xprinter"), printer.Opts{})
		defer d.Close()
		out, err := d.Print(context.Background(), bytes.Repeat([]byte("x"), 3000))
		if out.State != printer.Unconfirmed || out.SentBytes != 100 || !errors.Is(err, printer.ErrSilent) {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

// When the power goes, a line reads as a zero byte: the very answer that GS r
// gives when all is well.
func TestBreakIsNoFence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, far := sim.Pipe()
		go func() {
			if polite(far, 's') {
				_, _ = far.Write([]byte{0}) // dies at the first byte of the job
			}
		}()
		d := printer.New(func() (printer.Wire, error) { return host, nil }, profile(t, "xprinter"), printer.Opts{})
		defer d.Close()
		out, err := d.Print(context.Background(), []byte("slip\n"))
		if out.State != printer.Unconfirmed || !errors.Is(err, printer.ErrSilent) {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func TestErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		r := newRig(t, profile(t, "xprinter"))
		if out, err := r.dev.Print(ctx, nil); err == nil || out.State != printer.Failed {
			t.Errorf("empty job: %+v, %v", out, err)
		}
		if err := r.dev.Retract(ctx); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("retract without presenter: %v", err)
		}
		r.PowerOff()
		if _, err := r.dev.Status(ctx); !errors.Is(err, printer.ErrSilent) {
			t.Errorf("switched off: %v", err)
		}
		r.PowerOn()
		r.unplug()
		if _, err := r.dev.Status(ctx); !errors.Is(err, printer.ErrUnplugged) {
			t.Errorf("unplugged: %v", err)
		}
		r.replug()
		r.mustPrint("again")
		over, cancel := context.WithCancel(ctx)
		cancel()
		job, _ := r.slip("late")
		if out, err := r.dev.Print(over, job); out.State != printer.Failed || !errors.Is(err, context.Canceled) {
			t.Errorf("after the context's end: %+v, %v", out, err)
		}
		r.dev.Close()
		if out, err := r.dev.Print(ctx, job); out.State != printer.Failed || !errors.Is(err, printer.ErrClosed) {
			t.Errorf("closed: %+v, %v", out, err)
		}
	})
}

// A cutter that was freed under the cover is tried again by the watch, so that
// the screens come back without anyone printing.
func TestRunFreesTheCutter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "xprinter"))
		r.JamCutter()
		job, _ := r.slip("stuck")
		if out, err := r.dev.Print(context.Background(), job); out.State != printer.Interrupted || !out.Cause.Cutter {
			t.Fatalf("%+v, %v", out, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		seen := make(chan escpos.Status)
		go func() { _ = r.dev.Run(ctx, func(s escpos.Status) { seen <- s }) }()
		expect := func(what string, ok func(escpos.Status) bool) {
			t.Helper()
			if st := <-seen; !ok(st) {
				t.Errorf("%s: told %v", what, st)
			}
		}
		expect("tried, and free until the next cut", escpos.Status.Ready)
		out, err := r.dev.Print(ctx, job)
		if out.State != printer.Failed {
			t.Errorf("recovery with a jammed cutter: %+v, %v", out, err)
		}
		expect("jammed again", func(s escpos.Status) bool { return s.Cutter })
		r.OpenCover()
		expect("opened", func(s escpos.Status) bool { return s.CoverOpen })
		r.ClearJam()
		r.CloseCover()
		expect("closed", escpos.Status.Ready)
		r.mustPrint("after")
	})
}

// A question that a printer does not know costs time once, and readiness never.
func TestExtraQuestionUnanswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := profile(t, "xprinter")
		p.Status = append(p.Status, escpos.QueryExit, escpos.QueryFull)
		r := newRig(t, p)
		for range 2 {
			if st, err := r.dev.Status(context.Background()); err != nil || !st.Ready() {
				t.Fatalf("status %v, %v", st, err)
			}
		}
		begin := time.Now()
		if _, err := r.dev.Status(context.Background()); err != nil || time.Since(begin) > 50*time.Millisecond {
			t.Errorf("third look takes %v, %v", time.Since(begin), err)
		}
		r.mustPrint("slip")
	})
}

// A printer with no real-time status at all is asked with GS r.
func TestPrinterWithoutRealTimeStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := profile(t, "generic58")
		p.Status = nil
		r := newRig(t, p)
		r.mustPrint("one")
		r.EndPaper(0)
		job, _ := r.slip("two")
		time.Sleep(3 * time.Second)
		if out, err := r.dev.Print(context.Background(), job); out.State != printer.Failed || !errors.Is(err, printer.ErrSilent) {
			t.Errorf("without paper: %+v, %v", out, err)
		}
		r.LoadPaper()
		r.mustPrint("three")
	})
}

func TestRetract(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		r := newRig(t, profile(t, "kiosk80"))
		r.mustPrint("left behind")
		if st, err := r.dev.Status(ctx); err != nil || !st.SlipNotTaken || !st.Ready() {
			t.Fatalf("status %v, %v", st, err)
		}
		if err := r.dev.Retract(ctx); err != nil || r.Retracted() != 1 {
			t.Errorf("retract: %v, %d swallowed", err, r.Retracted())
		}
		r.mustPrint("taken")
		r.TakeSlip()
		if st, err := r.dev.Status(ctx); err != nil || st.SlipNotTaken {
			t.Errorf("status %v, %v", st, err)
		}
	})
}
