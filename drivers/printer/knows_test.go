package printer_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

// autoRig is an Epson that is taken for a plain printer until it says its name.
func autoRig(t *testing.T) *rig {
	t.Helper()
	p := profile(t, "epson-tm")
	o := build(p)
	o.Maker, o.Model = "EPSON", "TM-T88V"
	r := newRigOf(t, p, o)
	r.dev = printer.New(r.plug, profile(t, "generic80"), printer.Opts{Identify: builtin().Identify})
	return r
}

// Whatever talks to the printer first learns which one it is, so that the caller
// encodes for it; bytes for another one are not printed.
func TestIdentifiedByWhateverTalksFirst(t *testing.T) {
	for name, talk := range map[string]func(*rig) error{
		"status":  func(r *rig) error { _, err := r.dev.Status(context.Background()); return err },
		"recover": func(r *rig) error { return r.dev.Recover(context.Background()) },
		"feed":    func(r *rig) error { _, err := r.dev.Feed(context.Background(), 5); return err },
		"run":     func(r *rig) error { r.watched(); time.Sleep(time.Minute); return nil },
	} {
		for _, half := range []bool{false, true} { // the program before died in a picture
			if half && name == "status" {
				continue // which does not end it
			}
			synctest.Test(t, func(t *testing.T) {
				r := autoRig(t)
				if half {
					w, err := r.plug()
					if err != nil {
						t.Fatal(err)
					}
					_, _ = w.Write([]byte{0x1d, 'v', '0', 0, 64, 0, 100, 0, 1, 2, 3})
					time.Sleep(time.Second)
					_ = w.Close()
				}
				if err := talk(r); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if got := r.dev.Profile().Name; got != "epson-tm" {
					t.Errorf("%s, half a picture before %v: profile %s", name, half, got)
				}
				r.mustPrint("slip")
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		r := autoRig(t)
		r.p = profile(t, "generic80")
		job, _ := r.slip("plain")
		out, err := r.dev.PrintJob(context.Background(), printer.Job{Bytes: job, Profile: r.p.Name})
		if out.State != printer.Failed || !errors.Is(err, printer.ErrProfile) || r.anywhere("plain") {
			t.Errorf("bytes for another printer: %+v, %v", out, err)
		}
		r.p = r.dev.Profile()
		job, text := r.slip("right")
		out, err = r.dev.PrintJob(context.Background(), printer.Job{Bytes: job, Profile: r.p.Name})
		if out.State != printer.Printed || err != nil || r.whole(text) != 1 {
			t.Errorf("after it: %+v, %v", out, err)
		}
	})
}

// Why the printer cannot be asked is told apart, also when the status is unknown
// before and after.
func TestTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "xprinter"))
		var openErr atomic.Pointer[error]
		refuse := func(err error) { openErr.Store(&err) }
		refuse(nil)
		r.dev = printer.New(func() (printer.Wire, error) {
			if err := *openErr.Load(); err != nil {
				return nil, err
			}
			return r.plug()
		}, r.p, printer.Opts{})
		t.Cleanup(func() { r.dev.Close() })
		if err := r.dev.Trouble(); err != nil {
			t.Errorf("before the first look: %v", err)
		}
		refuse(&fs.PathError{Op: "open", Path: "/dev/printer", Err: syscall.ENOENT})
		next := r.watched()
		expect := func(what string, want ...error) {
			t.Helper()
			st := next()
			got := r.dev.Trouble()
			for _, e := range want {
				if !errors.Is(got, e) {
					t.Errorf("%s: trouble is %v, not %v", what, got, e)
				}
			}
			if st.Unknown() != (len(want) > 0) || len(want) == 0 && got != nil {
				t.Errorf("%s: told %v, %v", what, st, got)
			}
		}
		expect("not there", printer.ErrUnplugged, fs.ErrNotExist)
		refuse(&fs.PathError{Op: "open", Path: "/dev/printer", Err: syscall.EACCES})
		expect("forbidden", printer.ErrUnplugged, fs.ErrPermission)
		refuse(nil)
		expect("well")
		time.Sleep(time.Minute) // nothing is told
		r.PowerOff()
		expect("off", printer.ErrSilent)
		refuse(syscall.EBUSY)
		r.unplug()
		expect("pulled", printer.ErrUnplugged)
		r.replug()
		refuse(nil)
		r.PowerOn()
		for st := next(); !st.Ready(); st = next() {
			if !errors.Is(r.dev.Trouble(), printer.ErrUnplugged) {
				t.Errorf("told %v, %v", st, r.dev.Trouble())
			}
		}
		if err := r.dev.Trouble(); err != nil {
			t.Errorf("well again: %v", err)
		}
	})
}

// A slip that hangs in the mouth has ten seconds when a new one comes, if nothing
// is set.
func TestGraceInTheMouth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "kiosk80"))
		r.mustPrint("one")
		time.Sleep(2 * time.Second)
		begin := time.Now()
		time.AfterFunc(5*time.Second, r.TakeSlip)
		r.mustPrint("two")
		if d := time.Since(begin); r.Retracted() != 0 || d < 5*time.Second || d > 9*time.Second {
			t.Errorf("%d taken back, printed after %v", r.Retracted(), d)
		}
		begin = time.Now()
		r.mustPrint("three") // nobody takes the one before
		if d := time.Since(begin); r.Retracted() != 1 || r.PushedOut() != 0 || d < 9*time.Second || d > 14*time.Second {
			t.Errorf("%d taken back, %d pushed out, printed after %v", r.Retracted(), r.PushedOut(), d)
		}
	})
}

// Whatever the printer does no job takes longer than Longest, and one that would
// is refused before its first byte.
func TestLongest(t *testing.T) {
	if printer.Longest > 150*time.Second {
		t.Errorf("longest is %v", printer.Longest)
	}
	for name, trouble := range map[string]func(*rig){
		"well":        func(*rig) {},
		"silent":      func(r *rig) { r.Stall() },
		"off":         func(r *rig) { r.PowerOff() },
		"cover":       func(r *rig) { r.OpenCover() },
		"stalls":      func(r *rig) { r.inRead(9000, r.Stall) },
		"stalls late": func(r *rig) { r.inRead(10500, r.Stall) },
		"loses power": func(r *rig) { r.inRead(10500, r.PowerOff) },
		"hot":         func(r *rig) { r.inRead(10500, r.Overheat) },
		"late":        func(r *rig) { r.AnswerLate(150 * time.Millisecond) },
		"wire taken":  func(r *rig) { go func() { _ = r.dev.Recover(context.Background()) }(); time.Sleep(time.Millisecond) },
		"slow wire":   func(r *rig) { r.drip = 600 * time.Millisecond },
		"creeping":    func(r *rig) { r.wrap = func(e *sim.PipeEnd) printer.Wire { return &creeping{PipeEnd: e} } },
	} {
		for _, p := range []string{"generic58", "kiosk80", "epson-tm", "csn-a2"} {
			synctest.Test(t, func(t *testing.T) {
				r := newRigWith(t, profile(t, p), printer.Opts{TakeWithin: 10 * time.Minute})
				job, _ := r.slip("slip")
				if p == "kiosk80" && name == "well" {
					_, _ = r.dev.Print(context.Background(), job) // hangs in the mouth
				}
				trouble(r)
				begin := time.Now()
				out, err := r.dev.Print(context.Background(), job)
				if d := time.Since(begin); d > printer.Longest {
					t.Errorf("%s, %s: %v after %v: %v", p, name, out.State, d, err)
				}
				if name == "well" && err != nil {
					t.Errorf("%s: %+v, %v", p, out, err)
				}
			})
		}
	}
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "csn-a2"))
		out, err := r.dev.Feed(context.Background(), 900)
		if out.State != printer.Failed || !errors.Is(err, printer.ErrTooLong) || r.received() != 0 {
			t.Errorf("900 mm at 4 mm/s: %+v, %v, %d bytes sent", out, err, r.received())
		}
	})
}

// creeping is a wire that takes each piece just before it would be given up.
type creeping struct {
	*sim.PipeEnd
	until time.Time
}

func (c *creeping) SetWriteDeadline(t time.Time) error {
	c.until = t
	return nil
}

func (c *creeping) Write(b []byte) (int, error) {
	const slow = 4900 * time.Millisecond
	if wait := time.Until(c.until); wait < slow {
		time.Sleep(wait)
		return 0, os.ErrDeadlineExceeded
	}
	if len(b) > 100 {
		time.Sleep(slow)
	}
	return c.PipeEnd.Write(b)
}

// What a profile may say is checked where it is read; the zero one has nothing to
// be asked.
func TestProfileWithoutAnything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "generic80"))
		r.dev = printer.New(r.plug, escpos.Profile{}, printer.Opts{Baud: 19200, NoFlow: true})
		t.Cleanup(func() { r.dev.Close() })
		if out, err := r.dev.Print(context.Background(), []byte("\x1b@a line\n")); err != nil || !r.anywhere("a line") {
			t.Errorf("%+v, %v", out, err)
		}
	})
}
