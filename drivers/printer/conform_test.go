package printer_test

import (
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart"
)

// conform is what every printer must do on every wire that can be read.
func conform(r *rig) {
	t, ctx := r.t, context.Background()
	t.Helper()
	st, err := r.dev.Status(ctx)
	if err != nil || !st.Ready() {
		t.Fatalf("status %v, %v", st, err)
	}
	r.mustPrint("first")
	r.LowPaper(true)
	r.mustPrint("second") // low paper still prints
	r.OpenCover()
	st, err = r.dev.Status(ctx)
	if st.Ready() {
		t.Errorf("open cover: %v, %v", st, err)
	}
	told := len(r.p.Status) > 0 // else it cannot say why it is silent
	if told && (err != nil || !st.CoverOpen || st.Condition() != escpos.ConditionCoverOpen) {
		t.Errorf("open cover: %v, %v", st, err)
	}
	job, _ := r.slip("never")
	out, err := r.dev.Print(ctx, job)
	if out.State != printer.Failed || out.SentBytes != 0 || !out.FirstByte.IsZero() || err == nil {
		t.Errorf("print with open cover: %+v, %v", out, err)
	}
	if told && (!errors.Is(err, printer.ErrNotReady) || !out.Cause.CoverOpen) {
		t.Errorf("print with open cover: %+v, %v", out, err)
	}
	r.CloseCover()
	r.mustPrint("third")
	if out, err := r.dev.Feed(ctx, 20); err != nil || out.State != printer.Printed {
		t.Errorf("feed: %+v, %v", out, err)
	}
	if err := r.dev.Recover(ctx); err != nil {
		t.Errorf("recover: %v", err)
	}
	r.mustPrint("fourth")
	r.Unplug()
	if _, err := r.dev.Status(ctx); err != nil && !errors.Is(err, printer.ErrUnplugged) && !errors.Is(err, printer.ErrSilent) {
		t.Errorf("unplugged: %v", err)
	}
	_, _ = r.dev.Status(ctx) // opens it again
	r.mustPrint("fifth")
	if r.anywhere("never") {
		t.Error("a failed slip is on paper")
	}
	if r.PushedOut() != 0 {
		t.Errorf("%d slips pushed out to whoever came next", r.PushedOut())
	}
	if odd := r.Oddities(); len(odd) != 0 {
		t.Errorf("oddities: %q", odd)
	}
	if c := r.dev.Counters(); c.Slips != 5 || c.AllSlips != 5 || c.MM < 100 {
		t.Errorf("counters %+v", c)
	}
}

// TestConformance runs the driver against a printer of every profile, which
// takes the time such a printer takes.
func TestConformance(t *testing.T) {
	for _, p := range escpos.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { conform(newRig(t, p)) })
		})
	}
}

// TestMain lets more tests wait at the same time than there are processors: those
// with real files and sockets do hardly anything else.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestTransports runs the same over real files and sockets, with printers that
// take no time.
func TestTransports(t *testing.T) {
	for name, connect := range map[string]func(*rig) func() (printer.Wire, error){
		"pty": overPTY, "tcp": overTCP,
	} {
		for _, p := range escpos.Profiles() {
			t.Run(name+"/"+p.Name, func(t *testing.T) {
				t.Parallel()
				o := build(p)
				o.BytesPerSecond, o.SpeedMMs = 0, 0
				r := &rig{Printer: sim.NewPrinter(o), t: t, p: p}
				t.Cleanup(r.wires.Wait) // the last
				r.dev = printer.New(connect(r), p, printer.Opts{Answer: 250 * time.Millisecond, Fast: true, SpeedMMs: 150, TakeWithin: time.Millisecond})
				t.Cleanup(func() {
					r.dev.Close()
					r.Close()
				})
				conform(r)
			})
		}
	}
}

// overPTY is a printer on pseudo terminals, opened as serial ports are.
func overPTY(r *rig) func() (printer.Wire, error) {
	return func() (printer.Wire, error) {
		pty, err := sim.OpenPTY()
		if err != nil {
			r.t.Error(err)
			return nil, err
		}
		r.wires.Go(func() {
			_ = r.Serve(pty)
			_ = pty.Close()
		})
		p, err := uart.Open(pty.Path(), uart.Opts{Baud: r.p.Baud})
		if err != nil {
			pty.Close()
			return nil, err
		}
		return &closing{p, pty.Close}, nil
	}
}

// closing is a wire that closes something else too.
type closing struct {
	*uart.Port
	also func() error
}

func (c *closing) Close() error { return errors.Join(c.Port.Close(), c.also()) }

// overTCP is a printer behind a socket, one caller at a time.
func overTCP(r *rig) func() (printer.Wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { l.Close() })
	r.wires.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = r.Serve(c)
			_ = c.Close()
		}
	})
	return func() (printer.Wire, error) { return net.DialTimeout("tcp", l.Addr().String(), time.Second) }
}

// writeOnly is a USB printer port whose printer cannot answer (interface 7/1/1).
// Its status lines are always well on cheap printers.
type writeOnly struct {
	*sim.PipeEnd
	r      *rig
	honest bool

	mu       sync.Mutex
	deadline time.Time
}

func (w *writeOnly) SetReadDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deadline = t
	return nil
}

func (w *writeOnly) Read([]byte) (int, error) {
	w.mu.Lock()
	d := time.Until(w.deadline)
	w.mu.Unlock()
	time.Sleep(d)
	return 0, os.ErrDeadlineExceeded
}

func (w *writeOnly) PortStatus() (paperOut, fault, known bool, err error) {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	return w.honest && w.r.noPaper, false, true, nil
}

// TestWriteOnly: a printer that cannot answer is never ready and gets nothing,
// unless it is wanted so; then its slips are unconfirmed.
func TestWriteOnly(t *testing.T) {
	for _, p := range escpos.Profiles() {
		for _, honest := range []bool{false, true} {
			for _, blind := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					r := newRigWith(t, p, printer.Opts{Blind: blind})
					r.wrap = func(e *sim.PipeEnd) printer.Wire { return &writeOnly{PipeEnd: e, r: r, honest: honest} }
					r.checkWriteOnly(honest, blind)
				})
			}
		}
	}
}

func (r *rig) checkWriteOnly(honest, blind bool) {
	t, ctx := r.t, context.Background()
	t.Helper()
	job, text := r.slip("unheard")
	for range 2 {
		st, err := r.dev.Status(ctx)
		if !st.Unknown() || st.Ready() || st.Condition() != escpos.ConditionUnknown || !errors.Is(err, printer.ErrSilent) {
			t.Errorf("%s: status %v, %v", r.p.Name, st, err)
		}
		out, err := r.dev.Print(ctx, job)
		time.Sleep(time.Minute)
		switch {
		case err == nil || !out.Cause.Unknown():
			t.Errorf("%s: %+v, %v", r.p.Name, out, err)
		case !blind && (out.State != printer.Failed || r.anywhere("unheard")):
			t.Errorf("%s: %+v, on paper %v", r.p.Name, out, r.anywhere("unheard"))
		case blind && (out.State != printer.Unconfirmed || r.whole(text) == 0):
			t.Errorf("%s: %+v, %d whole", r.p.Name, out, r.whole(text))
		}
	}
	r.mu.Lock()
	r.noPaper = true
	r.mu.Unlock()
	st, _ := r.dev.Status(ctx)
	out, err := r.dev.Print(ctx, job)
	if st.Ready() || honest != st.PaperOut {
		t.Errorf("%s: without paper %v", r.p.Name, st)
	}
	if honest && (out.State != printer.Failed || !out.Cause.PaperOut || !errors.Is(err, printer.ErrNotReady)) {
		t.Errorf("%s: without paper %+v, %v", r.p.Name, out, err)
	}
}

// An honest port worsens what a printer says, and never betters it.
func TestPortWorsens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, profile(t, "xprinter"))
		bad := false
		r.wrap = func(e *sim.PipeEnd) printer.Wire { return &errorPort{e, &bad} }
		for _, tt := range []struct {
			cover, fault bool
			want         escpos.Condition
		}{
			{false, false, escpos.ConditionReady},
			{false, true, escpos.ConditionOffline},
			{true, false, escpos.ConditionCoverOpen},
			{true, true, escpos.ConditionCoverOpen},
		} {
			r.CloseCover()
			if tt.cover {
				r.OpenCover()
			}
			bad = tt.fault
			if st, err := r.dev.Status(context.Background()); err != nil || st.Condition() != tt.want {
				t.Errorf("%+v: %v, %v", tt, st, err)
			}
		}
	})
}

// errorPort is a port with an error line.
type errorPort struct {
	*sim.PipeEnd
	bad *bool
}

func (p *errorPort) PortStatus() (paperOut, fault, known bool, err error) {
	return false, *p.bad, true, nil
}
