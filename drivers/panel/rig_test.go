package panel_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
)

// edges is how a pin tells its edges.
type edges uint8

const (
	told  edges = iota // as a good pin does; 16 are kept, as in the kernel
	none               // In refuses them
	mute               // In takes them, none ever comes
	early              // In takes them, and WaitForEdge returns at once
)

func (e edges) String() string { return [...]string{"edges", "no edges", "mute edges", "early"}[e] }

// wire is a pin to which things happen. Its level is what the test says,
// whatever pull is set, since something drives it.
type wire struct {
	gpio.PinIO // what nobody calls
	name       string
	edges      edges
	queue      chan struct{} // edges

	mu     sync.Mutex
	l      gpio.Level
	broken error // of In and Out
	ins    int
	reads  int
	waits  int
	pull   gpio.Pull
	outs   []out
}

// out is a change of a driven pin.
type out struct {
	at time.Time
	l  gpio.Level
}

func newWire(name string, e edges) *wire {
	return &wire{PinIO: gpio.INVALID, name: name, queue: make(chan struct{}, 16), edges: e}
}

func (w *wire) Name() string { return w.name }

func (w *wire) In(pull gpio.Pull, edge gpio.Edge) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ins++
	if w.broken != nil {
		return w.broken
	}
	if w.edges == none && edge != gpio.NoEdge {
		return errors.New("no edges here")
	}
	w.pull = pull
	for len(w.queue) > 0 {
		<-w.queue
	}
	return nil
}

func (w *wire) Read() gpio.Level {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads++
	return w.l
}

func (w *wire) WaitForEdge(d time.Duration) bool {
	w.mu.Lock()
	w.waits++
	w.mu.Unlock()
	if d < time.Millisecond {
		panic("some pins wait for ever then")
	}
	switch w.edges {
	case early:
		return false
	case mute:
		time.Sleep(d)
		return false
	}
	select {
	case <-w.queue:
		return true
	case <-time.After(d):
		return false
	}
}

func (w *wire) Out(l gpio.Level) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return w.broken
	}
	if len(w.outs) == 0 || w.outs[len(w.outs)-1].l != l {
		w.outs = append(w.outs, out{time.Now(), l})
	}
	w.l = l
	return nil
}

// put drives the pin from outside.
func (w *wire) put(l gpio.Level) {
	w.mu.Lock()
	defer w.mu.Unlock()
	changed := w.l != l
	w.l = l
	if changed && w.edges == told {
		select {
		case w.queue <- struct{}{}:
		default: // the kernel drops them too
		}
	}
}

// level is that of the pin, driven by whom it may.
func (w *wire) level() gpio.Level {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.l
}

func (w *wire) pulled() gpio.Pull {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pull
}

// breakdown makes In and Out fail; nil mends them.
func (w *wire) breakdown(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = err
}

// counts are the calls of In, Read and WaitForEdge.
func (w *wire) counts() (ins, reads, waits int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ins, w.reads, w.waits
}

// pulses are the changes since from, as "on 80ms off 80ms on".
func (w *wire) pulses(from time.Time, on gpio.Level) (s string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, o := range w.outs {
		if o.at.Before(from) {
			continue
		}
		word := "off"
		if o.l == on {
			word = "on"
		}
		if s != "" {
			s += fmt.Sprintf(" %v ", o.at.Sub(w.outs[i-1].at))
		}
		s += word
	}
	return s
}

// rig is a panel with wires.
type rig struct {
	*testing.T
	dev   *panel.Dev
	wires map[string]*wire
	seen  chan panel.Event
	stop  func() error
}

// onRig runs f with a panel on wires of the names in o.
func onRig(t *testing.T, o panel.Opts, wires []*wire, f func(r *rig)) {
	t.Helper()
	r := &rig{T: t, wires: map[string]*wire{}, seen: make(chan panel.Event, 1000)}
	for _, w := range wires {
		r.wires[w.name] = w
	}
	r.dev = panel.New(r.find, o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.dev.Run(ctx, func(e panel.Event) { r.seen <- e }) }()
	r.stop = func() error { cancel(); return <-done }
	synctest.Wait()
	f(r)
	if err := r.stop(); !errors.Is(err, context.Canceled) && !errors.Is(err, panel.ErrClosed) {
		t.Errorf("Run returns %v", err)
	}
	if err := r.dev.Close(); err != nil {
		t.Errorf("Close returns %v", err)
	}
}

func (r *rig) find(name string) (gpio.PinIO, error) {
	if w := r.wires[name]; w != nil {
		return w, nil
	}
	return nil, fmt.Errorf("%s: %w: this computer has A, B", name, panel.ErrNoPin)
}

// next takes the next event.
func (r *rig) next() panel.Event {
	r.Helper()
	select {
	case e := <-r.seen:
		return e
	case <-time.After(24 * time.Hour):
		r.Fatal("no event in a day")
		return panel.Event{}
	}
}

// is expects an input to be told.
func (r *rig) is(f panel.Function, on bool) panel.Event {
	r.Helper()
	e := r.next()
	if e.Function != f || e.State != panel.Fitted || e.On != on || e.Err != nil {
		r.Fatalf("told %v %v %v %v, want %v %v", e.Function, e.State, e.On, e.Err, f, on)
	}
	if p := r.dev.Part(f); p.State != panel.Fitted || p.On != on || p.Reason != "" {
		r.Errorf("the part is %+v", p)
	}
	return e
}

// fails expects a failure to be told.
func (r *rig) fails(f panel.Function, err error) panel.Event {
	r.Helper()
	e := r.next()
	if e.Function != f || e.State != panel.Failed || !errors.Is(e.Err, err) {
		r.Fatalf("told %v %v %v, want %v failed, %v", e.Function, e.State, e.Err, f, err)
	}
	if p := r.dev.Part(f); p.State != panel.Failed || p.Reason != e.Err.Error() {
		r.Errorf("the part is %+v", p)
	}
	return e
}

// silence expects nothing to be told for d.
func (r *rig) silence(d time.Duration) {
	r.Helper()
	time.Sleep(d)
	synctest.Wait()
	select {
	case e := <-r.seen:
		r.Fatalf("told %v %v %v %v", e.Function, e.State, e.On, e.Err)
	default:
	}
}
