package panel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Opts says which pin does what; see the package comment for how a pin is
// named. Nothing is fitted in the zero value.
type Opts struct {
	Presence, ServiceKey, Door string // inputs
	Lamp, Buzzer, ReaderPower  string // outputs

	Debounce time.Duration // an input counts when it has rested this long; 0: 50 ms
	Hold     time.Duration // nobody is there when the sensor has said so this long; 0: 3 s
}

func (o Opts) withDefaults() Opts {
	if o.Debounce <= 0 {
		o.Debounce = 50 * time.Millisecond
	}
	if o.Hold <= 0 {
		o.Hold = 3 * time.Second
	}
	return o
}

// pin is what the settings say of a function.
func (o Opts) pin(f Function) string {
	return map[Function]string{
		Presence: o.Presence, ServiceKey: o.ServiceKey, Door: o.Door,
		Lamp: o.Lamp, Buzzer: o.Buzzer, ReaderPower: o.ReaderPower,
	}[f]
}

// Dev is the panel. Its methods may be called from any goroutine.
type Dev struct {
	o      Opts
	inputs []*input
	lamp   *player // nil if there is none
	buzzer *player
	relay  *output

	news chan struct{} // an output has failed or recovered
	quit chan struct{} // closed by Close

	power sync.Mutex // held while the relay is switched, so that Close is the last

	mu      sync.Mutex // guards all below
	parts   [functions + 1]Part
	errs    [functions + 1]error
	running bool
	closed  bool
}

// New takes the pins that o names and sets them up: lamp and buzzer off, the
// reader with power. It never fails; what is wrong with a pin is its Part's
// Reason. Close gives the pins back.
func New(find Find, o Opts) *Dev {
	d := &Dev{o: o.withDefaults(), news: make(chan struct{}, 1), quit: make(chan struct{})}
	c := claims{find: find, by: map[string]Function{}}
	for f := Presence; int(f) <= functions; f++ {
		setting := o.pin(f)
		d.parts[f] = Part{Function: f, Pin: setting}
		if setting == "" {
			continue
		}
		pin, spec, err := c.claim(f, setting)
		if err != nil {
			d.set(f, false, fmt.Errorf("panel: %s: %w", f, err))
			continue
		}
		d.set(f, false, nil)
		if f.input() {
			in := &input{d: d, f: f, spec: spec, pin: pin}
			_, _ = in.once() // which notes what is wrong
			d.inputs = append(d.inputs, in)
			continue
		}
		out := &output{d: d, f: f, spec: spec, pin: pin}
		_ = out.off() // set has noted it
		switch f {
		case Lamp:
			d.lamp = newPlayer(out)
		case Buzzer:
			d.buzzer = newPlayer(out)
		case ReaderPower:
			d.relay = out
		}
	}
	return d
}

// set notes how a part is, and wakes Run if that is news.
func (d *Dev) set(f Function, on bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := &d.parts[f]
	was := *p
	p.State, p.Reason, p.On = Fitted, "", on
	if err != nil {
		p.State, p.Reason = Failed, err.Error()
	}
	d.errs[f] = err
	if was.State != p.State || was.Reason != p.Reason {
		select {
		case d.news <- struct{}{}:
		default:
		}
	}
}

// Parts is how every function is now, fitted or not.
func (d *Dev) Parts() []Part {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]Part(nil), d.parts[1:]...)
}

// Part is how one function is now.
func (d *Dev) Part(f Function) Part {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f == 0 || int(f) > functions {
		return Part{Function: f}
	}
	return d.parts[f]
}

// Run reads the inputs until ctx ends, and returns ctx's error, or ErrClosed
// after Close. It calls emit, from its own goroutine, with what each input is
// at first and with everything that changes, and with what fails. While emit
// runs, inputs wait. All goroutines have ended when Run returns. A second Run at
// the same time is an error.
func (d *Dev) Run(ctx context.Context, emit func(Event)) error {
	d.mu.Lock()
	if d.running || d.closed {
		defer d.mu.Unlock()
		if d.closed {
			return fmt.Errorf("panel: run: %w", ErrClosed)
		}
		return errors.New("panel: is already running")
	}
	d.running = true
	d.mu.Unlock()

	within, cancel := context.WithCancel(ctx)
	events := make(chan Event)
	var readers sync.WaitGroup
	watched := map[Function]bool{}
	for _, in := range d.inputs {
		watched[in.f] = true
		in.told = ""
		readers.Go(func() { in.run(within, events) })
	}
	defer func() {
		cancel()
		readers.Wait()
		d.mu.Lock()
		d.running = false
		d.mu.Unlock()
	}()
	told := map[Function]string{}
	d.tell(watched, told, emit)
	for ctx.Err() == nil {
		select {
		case e := <-events:
			emit(e)
		case <-d.news:
			d.tell(watched, told, emit)
		case <-d.quit:
			return fmt.Errorf("panel: run: %w", ErrClosed)
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// tell tells what has failed, or recovered, of the parts that no goroutine
// watches. Told is the reason of each when it was last told.
func (d *Dev) tell(watched map[Function]bool, told map[Function]string, emit func(Event)) {
	d.mu.Lock()
	parts, errs := d.parts, d.errs
	d.mu.Unlock()
	for f := Presence; int(f) <= functions; f++ {
		if p := parts[f]; !watched[f] && p.Reason != told[f] {
			told[f] = p.Reason
			emit(Event{Function: f, State: p.State, Err: errs[f], At: time.Now()})
		}
	}
}

// Lamp sets how the lamp shines. It does not wait, and does nothing without a
// lamp or after Close.
func (d *Dev) Lamp(m LampMode) {
	if d.lamp != nil {
		d.lamp.shine(m)
	}
}

// Buzzer plays a sound. It does not wait: a sound that plays is played to its
// end, the last one asked for meanwhile follows it. It does nothing without a
// buzzer or after Close.
func (d *Dev) Buzzer(s Sound) {
	if d.buzzer != nil {
		d.buzzer.sound(s)
	}
}

// Power gives the ID-card reader its power or takes it away, by the relay. The
// error is ErrNotFitted without a relay. Power is never taken away after ctx has
// ended or the panel was closed; giving it back is always tried.
func (d *Dev) Power(ctx context.Context, on bool) error {
	if d.relay == nil {
		return fmt.Errorf("panel: %s: %w", ReaderPower, d.absence(ReaderPower))
	}
	d.power.Lock()
	defer d.power.Unlock()
	if on {
		return d.relay.off() // the relay at rest is the reader with power
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("panel: take reader's power: %w", err)
	}
	select {
	case <-d.quit:
		return fmt.Errorf("panel: take reader's power: %w", ErrClosed)
	default:
		return d.relay.set(true)
	}
}

// absence is why there is no pin for a function.
func (d *Dev) absence(f Function) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.errs[f] != nil {
		return d.errs[f]
	}
	return ErrNotFitted
}

// Close ends Run, switches lamp and buzzer off and gives the reader its power.
// The error names every output that could not be switched off.
func (d *Dev) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	close(d.quit)
	d.mu.Unlock()
	var errs []error
	for _, p := range []*player{d.lamp, d.buzzer} {
		if p != nil {
			errs = append(errs, p.close())
		}
	}
	if d.relay != nil {
		d.power.Lock()
		errs = append(errs, d.relay.off())
		d.power.Unlock()
	}
	return errors.Join(errs...)
}
