package idcard_test

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/sim"
)

// transports are the ways to a simulated reader. Whatever a reader must do, it
// must do on each.
var transports = map[string]func(*sim.Reader) (idcard.Wire, error){
	"serial": func(r *sim.Reader) (idcard.Wire, error) {
		w, err := r.Dial()
		if err != nil {
			return nil, err
		}
		return w, nil
	},
	"split": func(r *sim.Reader) (idcard.Wire, error) {
		u, err := r.DialSplit()
		if err != nil {
			return nil, err
		}
		return samusb.NewSplit(samusb.Pipes{
			HeadOut: u.HeadOut, RestOut: u.RestOut, HeadIn: u.HeadIn, RestIn: u.RestIn, Closer: u,
		}), nil
	},
	"pair": func(r *sim.Reader) (idcard.Wire, error) {
		u, err := r.DialPair()
		if err != nil {
			return nil, err
		}
		return samusb.NewPair(u.In, u.Out, u), nil
	},
	"hid": func(r *sim.Reader) (idcard.Wire, error) {
		u, err := r.DialHID()
		if err != nil {
			return nil, err
		}
		return samusb.NewHID(u.Reports), nil
	},
}

// bench is a driver on a simulated reader, in the fake time of synctest.
type bench struct {
	*testing.T
	rd     *sim.Reader
	dev    *idcard.Dev
	events chan idcard.Event
	wire   atomic.Pointer[io.Closer] // the line in use
}

// cut breaks the line without touching the reader.
func (b *bench) cut() { (*b.wire.Load()).Close() }

// onBench runs the driver on every transport until play returns. In a bubble a
// minute costs nothing.
func onBench(t *testing.T, ro sim.ReaderOpts, o idcard.Opts, play func(b *bench)) {
	t.Helper()
	for name, dial := range transports {
		t.Run(name, func(t *testing.T) {
			setup{dial, ro, func(*sim.Reader) idcard.Opts { return o }}.run(t, play)
		})
	}
}

// setup is what a bench is made of.
type setup struct {
	dial func(*sim.Reader) (idcard.Wire, error)
	ro   sim.ReaderOpts
	opts func(*sim.Reader) idcard.Opts
}

func (s setup) run(t *testing.T, play func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t, rd: sim.NewReader(s.ro), events: make(chan idcard.Event, 64)}
		b.dev = idcard.New(func() (idcard.Wire, error) {
			w, err := s.dial(b.rd)
			if err != nil {
				return nil, err
			}
			c := io.Closer(w)
			b.wire.Store(&c)
			return w, nil
		}, s.opts(b.rd))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- b.dev.Run(ctx, func(e idcard.Event) { b.events <- e }) }()
		defer func() {
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("Run = %v, want the context's error", err)
			}
			b.rd.Unplug() // the simulator may be in the middle of a slow answer
			synctest.Wait()
		}()
		play(b)
	})
}
