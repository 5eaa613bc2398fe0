package idcard

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"jobhome/drivers/idcard/samv"
)

// Opts adjusts a Dev to a reader; the zero value fits most.
type Opts struct {
	Baud    int           // speed of the line, for the time an answer takes; 0 means 115200
	Poll    time.Duration // between two looks for a card; 0 means 300 ms, the least that is advised
	Health  time.Duration // between two self-test queries while disarmed; 0 means 3 s
	PowerUp time.Duration // how long a module may take to answer at all; 0 means 3 s
	Backoff time.Duration // before opening again; 0 means 1 s

	// Timeouts replaces the deadline of a command's first byte.
	Timeouts map[samv.Command]time.Duration

	// NewestAddress also reads the address added after a move. It is off unless
	// a use for an address has been declared.
	NewestAddress bool
	// MaxRF, if not 0, is sent once as the most RF bytes of one exchange (80 is
	// common).
	MaxRF byte
	// Power, if not nil, switches the module's supply, as a relay on a pin does,
	// and returns when it is done or ctx ends. It is called when a module stays
	// dumb: off, 2 s, on. Run first switches on, in case a program that ended
	// left it off, and never leaves it off.
	Power func(ctx context.Context, on bool) error
}

const (
	settle     = 2 * time.Second        // a module's silence after Reset
	idStep     = 200 * time.Millisecond // between two tries at power-up
	maxFails   = 5                      // commands without a usable answer before reopening
	maxTries   = 3                      // read attempts before a person is bothered
	maxResets  = 3                      // resets in a row before the module counts as broken
	maxMisses  = 2                      // failed presence probes that mean a card is gone
	retryStuck = 1500 * time.Millisecond
	faultPause = 30 // times Backoff, after a fault only service can mend
)

func (o Opts) withDefaults() Opts {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if o.Baud <= 0 {
		o.Baud = 115200
	}
	def(&o.Poll, 300*time.Millisecond)
	def(&o.Health, 3*time.Second)
	def(&o.PowerUp, 3*time.Second)
	def(&o.Backoff, time.Second)
	return o
}

// timeout is how long the first bytes of an answer may take.
func (o Opts) timeout(c samv.Command) time.Duration {
	if d, ok := o.Timeouts[c]; ok && d > 0 {
		return d
	}
	switch c {
	case samv.SAMID:
		return 500 * time.Millisecond
	case samv.Read:
		return 3 * time.Second
	case samv.ReadAddress:
		return 1500 * time.Millisecond
	}
	return time.Second
}

// bodyTime is how long n bytes may take: twice the time on the wire at 10 bits a
// byte, and a margin.
func (o Opts) bodyTime(n int) time.Duration {
	return 2*time.Duration(n)*10*time.Second/time.Duration(o.Baud) + bodyMargin
}

// Dev is one reader. Run does the work; Arm and Disarm may be called from any
// goroutine at any time.
type Dev struct {
	open func() (Wire, error)
	o    Opts
	key  []byte        // for the hash of a number, this process only
	kick chan struct{} // wakes Run up
	test chan test     // asks Run for a test

	mu    sync.Mutex
	stop  chan struct{} // of the Run that runs, closed when it ends
	armed bool
	gen   uint64 // counts Arm, so that one consent never serves the next
	stats Stats
}

// New returns a reader whose line is opened, and after a failure opened again,
// with open. Nothing is opened before Run. Open must look the device up each
// time: a USB device that was plugged in again has another node.
func New(open func() (Wire, error), o Opts) *Dev {
	d := &Dev{
		open: open, o: o.withDefaults(), key: make([]byte, 32),
		kick: make(chan struct{}, 1), test: make(chan test),
	}
	rand.Read(d.key) // never fails, see crypto/rand
	return d
}

// Arm lets the reader look for a card: a resident has agreed. A card that
// already lies there from before is not read; Failed with ErrCardLeft asks for
// it to be lifted. Arming twice does nothing.
func (d *Dev) Arm() { d.setArmed(true) }

// Disarm ends the looking. A card being read at this moment is not reported.
// The removal of a card that was reported still is.
func (d *Dev) Disarm() { d.setArmed(false) }

func (d *Dev) setArmed(on bool) {
	d.mu.Lock()
	if on && !d.armed {
		d.gen++
	}
	d.armed = on
	d.mu.Unlock()
	select {
	case d.kick <- struct{}{}:
	default:
	}
}

func (d *Dev) consent() (armed bool, gen uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.armed, d.gen
}

// Run owns the line until ctx ends and returns ctx's error. It calls emit, from
// its own goroutine, for everything that happens; while emit runs the reader is
// not served. A second Run at the same time is an error.
func (d *Dev) Run(ctx context.Context, emit func(Event)) error {
	stop, err := d.begin()
	if err != nil {
		return err
	}
	defer d.end(stop)
	r := &run{Dev: d, ctx: ctx, emit: emit}
	r.switchOn()
	for ctx.Err() == nil {
		err := r.session()
		if ctx.Err() != nil {
			break
		}
		r.lost(err)
		if r.dueToCycle() {
			r.powerCycle()
			continue
		}
		pause := d.o.Backoff
		var s samv.Status
		if errors.As(err, &s) && s.Action() == samv.Down {
			pause *= faultPause
		}
		r.pause(pause)
		if r.unpowered {
			r.switchOn()
		}
	}
	return ctx.Err()
}

func (d *Dev) begin() (stop chan struct{}, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stop != nil {
		return nil, errors.New("idcard: reader is already running")
	}
	d.stop = make(chan struct{})
	return d.stop, nil
}

func (d *Dev) end(stop chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stop = nil
	d.stats.Up, d.stats.Reason = false, ErrNotRunning
	close(stop)
}

// run is the state of one Run.
type run struct {
	*Dev
	ctx  context.Context
	emit func(Event)
	down bool  // Down was reported
	why  error // of it
	life life

	unpowered bool   // the relay refused to switch on
	relay     string // how it refused last

	l      *link // of the session
	fails  int
	resets int
	asked  bool // whether a card was left from before the session
	seen   presence
	ghost  presence    // the card that was held when the last session ended
	found  samv.Status // the last answer to find
}

func (r *run) say(e Event) {
	e.At = time.Now()
	r.emit(e)
}

// sleep waits, unless ctx ends first.
func (r *run) sleep(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.ctx.Done():
	}
}

// session opens the line and serves it until something is wrong with it, which
// is the error.
func (r *run) session() error {
	w, err := r.open()
	if err != nil {
		return absentError{err}
	}
	closeOnce := sync.OnceFunc(func() { w.Close() })
	defer closeOnce()
	defer context.AfterFunc(r.ctx, closeOnce)() // frees a waiting Read
	r.l = &link{w: w, o: r.o}
	defer r.l.wipe()
	r.fails, r.resets, r.asked, r.seen = 0, 0, false, presence{probe: samv.ReadCardID}
	r.count(func(s *Stats) { s.Opens++ })
	sam, err := r.powerUp()
	if err != nil {
		return err
	}
	r.down, r.life.ready = false, time.Now()
	r.count(func(s *Stats) { s.Up, s.Reason, s.SAM = true, nil, sam })
	r.say(Event{Kind: Ready, SAM: sam})
	for r.ctx.Err() == nil {
		begun := time.Now()
		if err := r.tick(); err != nil {
			return err
		}
		if err := r.wait(begun); err != nil {
			return err
		}
	}
	return r.ctx.Err()
}

// wait sleeps until the next tick, counted from the beginning of the last: so a
// card waits no longer than one poll on a slow line either. Arm and Disarm cut it
// short, and a test is done meanwhile.
func (r *run) wait(begun time.Time) error {
	d := r.o.Health
	if armed, _ := r.consent(); armed || r.seen.what != nothing || r.fails > 0 {
		d = max(r.o.Poll-time.Since(begun), r.o.Poll/10)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.kick:
	case q := <-r.test:
		return r.answer(q)
	case <-r.ctx.Done():
	}
	return nil
}

// powerUp waits for the module to answer and returns its number.
func (r *run) powerUp() (string, error) {
	end := time.Now().Add(r.o.PowerUp)
	var id string
	for {
		reply, err := r.l.do(samv.SAMID)
		r.counted(err)
		if err == nil && reply.Status == samv.OK {
			id = samv.FormatSAMID(reply.Data)
			break
		}
		if err == nil {
			err = reply.Status
		} else if !soft(err) {
			return "", err
		}
		if !time.Now().Before(end) {
			return "", fmt.Errorf("idcard: power up: %w", err)
		}
		r.sleep(idStep)
		if r.ctx.Err() != nil {
			return "", r.ctx.Err()
		}
	}
	if err := r.selfTest(); err != nil {
		return "", err
	}
	if r.o.MaxRF != 0 {
		// Optional on every module known: a refusal changes nothing.
		if _, err := r.do(samv.SetMaxRF, r.o.MaxRF); err != nil && !soft(err) {
			return "", err
		}
	}
	return id, nil
}

// selfTest asks for the module's health and resets it if that may help. An
// error that is not soft means that it is out of order.
func (r *run) selfTest() error {
	reply, err := r.do(samv.SAMStatus)
	if err != nil {
		return err
	}
	switch reply.Status.Action() {
	case samv.None:
		r.resets = 0
	case samv.ResetModule:
		return r.reset(reply.Status)
	case samv.Down:
		return fmt.Errorf("idcard: self-test: %w", reply.Status)
	}
	return nil
}

// reset restarts a module that said why, and checks that it has helped.
func (r *run) reset(why samv.Status) error {
	if r.resets++; r.resets > maxResets {
		return fmt.Errorf("idcard: after %d resets: %w", maxResets, why)
	}
	r.count(func(s *Stats) { s.Resets++ })
	r.seen.reset = true // a card that lies there will be found anew
	if _, err := r.do(samv.Reset); err != nil && !soft(err) {
		return err
	}
	r.sleep(settle)
	reply, err := r.do(samv.SAMStatus)
	if err != nil {
		return err
	}
	if a := reply.Status.Action(); a == samv.ResetModule || a == samv.Down {
		return fmt.Errorf("idcard: self-test after reset: %w", reply.Status)
	}
	return nil
}

// deadError ends a session after too many soft errors in a row; soft does not
// count it among them.
type deadError struct {
	n    int
	last error
}

func (e deadError) Error() string {
	return fmt.Sprintf("idcard: %d commands without a usable answer, the last: %v", e.n, e.last)
}

func (e deadError) Unwrap() error { return e.last }

// do sends a command and counts failures in a row.
func (r *run) do(c samv.Command, data ...byte) (samv.Reply, error) {
	reply, err := r.l.do(c, data...)
	r.counted(err)
	if err == nil {
		r.fails = 0
		return reply, nil
	}
	if soft(err) {
		if r.fails++; r.fails >= maxFails {
			return samv.Reply{}, deadError{r.fails, err}
		}
	}
	return samv.Reply{}, err
}
