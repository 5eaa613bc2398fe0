package panel

import (
	"context"
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/gpio"
)

const (
	step       = 10 * time.Millisecond // between two looks at a pin without edges
	breath     = 2 * time.Millisecond  // after an edge: a pin that flutters must not eat the processor
	rearm      = 30 * time.Second      // a pin is set up anew this often: reading one cannot fail, setting it up can
	missedMost = 3                     // changes in a row without an edge: there are no edges
	earlyMost  = 5                     // waits in a row that end at once: the same
	retryFirst = time.Second           // after a failure, doubled up to
	retryMost  = 30 * time.Second
	calm       = time.Minute // a pin that worked this long begins the waiting times anew
)

// stuckAfter is how long an input may stay on; 0 is for ever. A door may stay
// open as long as somebody works in the case.
func stuckAfter(f Function) time.Duration {
	switch f {
	case ServiceKey:
		return 2 * time.Minute
	case Presence:
		return 4 * time.Hour // a chair before the sensor
	}
	return 0
}

// input is one pin that is read.
type input struct {
	d *Dev
	f Function
	spec

	mu  sync.Mutex // guards pin and set: a test may read beside Run
	pin gpio.PinIO
	set bool // up, for Run

	edges  bool // the pin tells its edges
	poll   bool // it was found not to
	missed int
	early  int
	armed  time.Time // when the pin was last set up
	told   string    // the failure that was told, "" at none
}

// run watches the pin until ctx ends, whatever happens to it.
func (in *input) run(ctx context.Context, out chan<- Event) {
	pause := retryFirst
	for ctx.Err() == nil {
		began := time.Now()
		err := in.watch(ctx, out)
		if err == nil {
			break
		}
		in.fail(ctx, out, err)
		if time.Since(began) >= calm {
			pause = retryFirst
		}
		sleep(ctx, pause)
		pause = min(2*pause, retryMost)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.set = false
	_ = in.pin.In(in.pull, gpio.NoEdge) // no more interrupts
}

// watch reads the pin until it fails, which is the error, or ctx ends.
func (in *input) watch(ctx context.Context, out chan<- Event) error {
	in.poll = false
	if err := in.arm(); err != nil {
		return err
	}
	edge := false
	s := settle{quiet: in.d.o.Debounce}
	if in.f == Presence {
		s.hold = in.d.o.Hold
	}
	for ctx.Err() == nil {
		now, level := time.Now(), in.read()
		if in.edges && s.seen && level != s.raw {
			in.note(edge)
		}
		news := s.see(now, level, edge)
		stuck := stuckAfter(in.f)
		switch {
		case s.unsteady(now):
			in.fail(ctx, out, fmt.Errorf("panel: %s on pin %s: %w for %v", in.f, in.name, ErrUnsteady, unsteadyAfter))
		case s.known && s.on && stuck > 0 && now.Sub(s.since) >= stuck:
			in.fail(ctx, out, fmt.Errorf("panel: %s on pin %s: %w for %v", in.f, in.name, ErrStuck, stuck))
		case news || in.told != "" && s.known && s.restless.IsZero():
			in.say(ctx, out, s.on)
		}
		if now.Sub(in.armed) >= rearm && s.restless.IsZero() {
			if err := in.arm(); err != nil {
				return err
			}
		}
		edge = in.wait(ctx, s.next(now))
	}
	return nil
}

// arm sets the pin up for Run, with edges if it has them.
func (in *input) arm() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.armed, in.missed, in.early = time.Now(), 0, 0
	in.edges = !in.poll && in.pin.In(in.pull, gpio.BothEdges) == nil
	if !in.edges {
		if err := in.plain(); err != nil {
			in.set = false
			return err
		}
	}
	in.set = true
	return nil
}

// plain sets the pin up without edges.
func (in *input) plain() error {
	if err := in.pin.In(in.pull, gpio.NoEdge); err != nil {
		return fmt.Errorf("panel: set up %s on pin %s: %w", in.f, in.name, err)
	}
	return nil
}

// once reads the pin, beside Run or without it.
func (in *input) once() (bool, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.set {
		err := in.plain()
		in.d.set(in.f, false, err)
		if err != nil {
			return false, err
		}
	}
	return in.on(in.pin.Read()), nil
}

func (in *input) read() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.on(in.pin.Read())
}

// note counts changes that came without an edge.
func (in *input) note(edge bool) {
	if edge {
		in.missed = 0
	} else if in.missed++; in.missed >= missedMost {
		in.edgeless()
	}
}

// edgeless gives up on edges. The pin is set up anew as soon as it rests: it
// may be gone altogether.
func (in *input) edgeless() { in.poll, in.edges, in.armed = true, false, time.Time{} }

// wait waits for an edge, for d at most, and reports whether there was one.
// It returns within d after ctx has ended.
func (in *input) wait(ctx context.Context, d time.Duration) bool {
	if !in.edges {
		sleep(ctx, min(d, step))
		return false
	}
	began := time.Now()
	if in.pin.WaitForEdge(d) {
		in.early, in.missed = 0, 0
		sleep(ctx, breath)
		return true
	}
	if time.Since(began) >= d/2 {
		in.early = 0
		return false
	}
	// Some pins without edges take In, and then return at once.
	if in.early++; in.early >= earlyMost {
		in.edgeless()
	}
	sleep(ctx, step)
	return false
}

// say tells what the input is.
func (in *input) say(ctx context.Context, out chan<- Event, on bool) {
	in.told = ""
	in.d.set(in.f, on, nil)
	send(ctx, out, Event{Function: in.f, State: Fitted, On: on, At: time.Now()})
}

// fail tells a failure, once.
func (in *input) fail(ctx context.Context, out chan<- Event, err error) {
	if in.told == err.Error() {
		return
	}
	in.told = err.Error()
	in.d.set(in.f, false, err)
	send(ctx, out, Event{Function: in.f, State: Failed, Err: err, At: time.Now()})
}

func send(ctx context.Context, out chan<- Event, e Event) {
	select {
	case out <- e:
	case <-ctx.Done():
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
