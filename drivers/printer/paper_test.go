package printer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

// A slip that nobody took is taken back, and that is told; one that was taken in
// time is not; and no slip is ever pushed out to whoever comes next.
func TestSlipNotTaken(t *testing.T) {
	for _, name := range []string{"kiosk80", "custom-kpm"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRigWith(t, profile(t, name), printer.Opts{TakeWithin: 30 * time.Second})
			next := r.watched()
			expect := func(want escpos.Condition) {
				t.Helper()
				if st := next(); st.Condition() != want {
					t.Errorf("%s: told %v, want %s", name, st, want)
				}
			}
			expect(escpos.ConditionReady)
			r.mustPrint("left behind")
			begin := time.Now()
			expect(escpos.ConditionSlipNotTaken)
			expect(escpos.ConditionReady)
			if d := time.Since(begin); r.Retracted() != 1 || d < 28*time.Second || d > 33*time.Second {
				t.Errorf("%s: %d taken back after %v", name, r.Retracted(), d)
			}
			r.mustPrint("taken")
			expect(escpos.ConditionSlipNotTaken)
			time.Sleep(10 * time.Second)
			r.TakeSlip()
			expect(escpos.ConditionReady)
			time.Sleep(time.Minute)
			r.mustPrint("held")
			expect(escpos.ConditionSlipNotTaken)
			time.AfterFunc(5*time.Second, r.TakeSlip)
			begin = time.Now()
			r.mustPrint("waits") // for its person to take the one before
			if d := time.Since(begin); d < 5*time.Second || d > 8*time.Second {
				t.Errorf("%s: waited %v for a slip to be taken", name, d)
			}
			r.mustPrint("too long") // nobody takes it
			if c := r.dev.Counters(); r.Retracted() != 2 || c.Retracted != 2 || r.PushedOut() != 0 {
				t.Errorf("%s: %d taken back, %d counted, %d pushed out", name, r.Retracted(), c.Retracted, r.PushedOut())
			}
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
			defer cancel()
			job, _ := r.slip("never")
			if out, err := r.dev.Print(ctx, job); out.State != printer.Failed || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: given up waiting: %+v, %v", name, out, err)
			}
		})
	}
}

// By default nothing is taken back but what stands in a new slip's way.
func TestSlipStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "kiosk80"))
		r.watched()
		r.mustPrint("one")
		time.Sleep(time.Hour)
		if r.Retracted() != 0 {
			t.Error("taken back without having been told to")
		}
		r.mustPrint("two")
		if r.Retracted() != 1 || r.PushedOut() != 0 {
			t.Errorf("%d taken back, %d pushed out", r.Retracted(), r.PushedOut())
		}
	})
}

// A printer without a sensor is called low in time, over a restart too, and not
// after a new roll.
func TestPaperIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := printer.Opts{Roll: 1, LowSlips: 2}
		r := newRigWith(t, profile(t, "generic80"), o)
		low := 0
		for low = 1; low < 30; low++ {
			r.mustPrint("slip " + itoa(low))
			if st, _ := r.dev.Status(context.Background()); st.PaperLow {
				if !st.Predicted || !st.Ready() || st.Condition() != escpos.ConditionPaperLow {
					t.Errorf("status %+v", st)
				}
				break
			}
		}
		c := r.dev.Counters()
		var rows int
		for _, s := range r.Slips() {
			rows += s.Image.Bounds().Dy()
		}
		if real := float64(rows) / r.p.DotsPerMM; c.MM < real*0.8 || c.MM > real*1.2 {
			t.Errorf("counted %.0f mm, used %.0f", c.MM, real)
		}
		if left := 1000 - c.MM; left < 0 || left > 2*c.MM/float64(low) || c.Slips != low {
			t.Errorf("low after %d slips with %.0f mm left: %+v", low, left, c)
		}
		r.dev.Close()
		r.dev = printer.New(r.plug, r.p, o)
		defer r.dev.Close()
		r.dev.SetCounters(c)
		if st, _ := r.dev.Status(context.Background()); !st.Predicted {
			t.Errorf("forgotten: %v", st)
		}
		r.EndPaper(0)
		_, _ = r.dev.Status(context.Background())
		r.LoadPaper()
		_, _ = r.dev.Status(context.Background())
		if st, _ := r.dev.Status(context.Background()); st.PaperLow || r.dev.Counters().AllSlips != low {
			t.Errorf("after a new roll %v, %+v", st, r.dev.Counters())
		}
		r.LowPaper(true) // a sensor that is there counts
		if st, _ := r.dev.Status(context.Background()); !st.PaperLow || st.Predicted {
			t.Errorf("with a sensor %+v", st)
		}
	})
}

// A printer that nothing stops loses bytes unless they are sent as it prints
// them, and it is looked at meanwhile.
func TestPacing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := profile(t, "xprinter")
		p.Flow, p.Buffer, p.SpeedMMs = escpos.FlowNone, 512, 60
		o := build(p)
		o.BufferBytes, o.SpeedMMs = p.Buffer, p.SpeedMMs
		run := func(paced bool, do func(*rig)) {
			r := newRigOf(t, p, o)
			r.chunk = 16
			r.IgnoreFlow(true)
			r.dev.Close()
			r.dev = printer.New(r.plug, p, printer.Opts{NoFlow: paced})
			defer r.dev.Close()
			do(r)
		}
		run(false, func(r *rig) {
			job, text := r.slip("lost")
			_, _ = r.dev.Print(context.Background(), job)
			if r.whole(text) != 0 {
				t.Error("the printer is no test: it loses nothing")
			}
		})
		run(true, func(r *rig) {
			for i := range 3 {
				begin := time.Now()
				r.mustPrint("paced " + itoa(i))
				if d := time.Since(begin); d > 5*time.Second {
					t.Errorf("a slip takes %v", d)
				}
			}
			if odd := r.Oddities(); len(odd) != 0 {
				t.Errorf("oddities: %q", odd)
			}
			r.Play(mustScript(t, "after 900 bytes: cover open"))
			job := []byte("\x1b@" + strings.Repeat("a line of a long slip\n", 100) + "\x1dVB\x00")
			out, err := r.dev.Print(context.Background(), job)
			if out.State != printer.Interrupted || !out.Cause.CoverOpen || err == nil || out.SentBytes >= len(job) {
				t.Errorf("opened: %+v of %d bytes, %v", out, len(job), err)
			}
			r.CloseCover()
			r.mustPrint("after")
		})
	})
}

// Noise from the printer costs a confirmation at most: what is called printed is
// on paper, and the next slip comes out.
func TestNoiseAtEveryAnswer(t *testing.T) {
	for _, noise := range []string{"lose 1", "lose 4", "duplicate 1", "duplicate 5", "delay 300ms", "delay 3s", "split 1", "insert 00", "insert 10 00", "insert ff 13 11"} {
		for at := range 18 {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, profile(t, "generic80"))
				r.wrap = func(e *sim.PipeEnd) printer.Wire {
					n, err := sim.NewNoise(e, "read "+itoa(at)+": "+noise)
					if err != nil {
						t.Fatal(err)
					}
					return n
				}
				whole := 0
				for try := range 8 {
					job, text := r.slip("slip " + itoa(try))
					out, err := r.dev.Print(context.Background(), job)
					if n := r.whole(text); out.State == printer.Printed && n != 1 || out.State == printer.Failed && n > 0 {
						t.Errorf("%s at %d: %+v, %v, %d whole", noise, at, out, err, n)
					}
					if whole = 0; err == nil {
						whole = 1
						break
					}
				}
				if whole == 0 {
					t.Errorf("%s at %d: nothing is printed any more", noise, at)
				}
			})
		}
	}
}
