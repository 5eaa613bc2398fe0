package scanner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// Wire is the serial line as this driver needs it; *uart.Port is one. Read
// returns os.ErrDeadlineExceeded at its deadline. Close may be called while a
// Read is waiting and makes it return.
type Wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// Opts adjusts a Dev to a scanner; the zero value sends nothing and fits most.
type Opts struct {
	Gap     time.Duration // the silence that ends a code without CR or LF; 0 means 50 ms
	Again   time.Duration // how long a code must be gone to be reported again; 0 means 3 s
	Backoff time.Duration // before opening again, doubled up to 8 times this; 0 means 1 s

	// Configure sets the scanner up through its registers each time the line is
	// opened, and makes an answer a condition of Ready. The settings are not
	// saved in the scanner. AsItIs, the zero value, sends nothing: only a scanner
	// known to have the GM65's registers may be spoken to.
	Configure Mode
}

const (
	idleRead   = 10 * time.Second // a Read never waits longer
	emptyReads = 100              // reads of nothing taken for a broken wire
	backoffs   = 8                // times Backoff, at most
)

func (o Opts) withDefaults() Opts {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&o.Gap, 50*time.Millisecond)
	def(&o.Again, 3*time.Second)
	def(&o.Backoff, time.Second)
	return o
}

// Dev is one scanner. Run does the work.
type Dev struct {
	open func() (Wire, error)
	o    Opts

	mu      sync.Mutex
	running bool
}

// New returns a scanner whose line is opened, and after a failure opened again,
// with open. Nothing is opened before Run.
func New(open func() (Wire, error), o Opts) *Dev {
	return &Dev{open: open, o: o.withDefaults()}
}

// Run owns the line until ctx ends and returns ctx's error. It calls emit, from
// its own goroutine, for everything that happens; while emit runs the line is
// not read. A second Run at the same time is an error.
func (d *Dev) Run(ctx context.Context, emit func(Event)) error {
	d.mu.Lock()
	if d.running {
		d.mu.Unlock()
		return errors.New("scanner: already running")
	}
	d.running = true
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.running = false
		d.mu.Unlock()
	}()
	r := &run{Dev: d, ctx: ctx, emit: emit}
	r.seen.key = make([]byte, 32)
	rand.Read(r.seen.key) // never fails, see crypto/rand
	defer r.wipe()
	pause, down := d.o.Backoff, false
	for ctx.Err() == nil {
		start := time.Now()
		ready, err := r.session()
		if ctx.Err() != nil {
			break
		}
		if ready || !down {
			down = true
			r.say(Event{Kind: Down, Err: err})
		}
		if ready && time.Since(start) > backoffs*d.o.Backoff {
			pause = d.o.Backoff
		}
		r.sleep(pause)
		pause = min(2*pause, backoffs*d.o.Backoff)
	}
	return ctx.Err()
}

// run is the state of one Run.
type run struct {
	*Dev
	ctx  context.Context
	emit func(Event)

	w    Wire
	in   [256]byte
	code collector
	text [textMax]byte
	seen seen
}

func (r *run) say(e Event) {
	e.At = time.Now()
	r.emit(e)
}

// wipe overwrites everything read.
func (r *run) wipe() {
	r.code.reset()
	clear(r.in[:])
	clear(r.text[:])
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
// is the error. Ready says whether Ready was reported.
func (r *run) session() (ready bool, err error) {
	w, err := r.open()
	if err != nil {
		return false, fmt.Errorf("scanner: open: %w", err)
	}
	closeOnce := sync.OnceFunc(func() { w.Close() })
	defer closeOnce()
	defer context.AfterFunc(r.ctx, closeOnce)() // frees a waiting Read
	r.w = w
	defer r.wipe()
	if err := r.configure(); err != nil {
		return false, fmt.Errorf("scanner: set up: %w", err)
	}
	r.say(Event{Kind: Ready})
	for empty := 0; empty < emptyReads; empty++ {
		n, err := r.read()
		if err != nil {
			return true, fmt.Errorf("scanner: read: %w", err)
		}
		if n != 0 {
			empty = 0
		}
	}
	return true, errors.New("scanner: read: reads return nothing")
}

// read reads once, and reports the codes that are complete. It returns -1 if
// nothing came in time.
func (r *run) read() (int, error) {
	wait := idleRead
	if r.code.pending() {
		wait = r.o.Gap
	}
	if err := r.w.SetReadDeadline(time.Now().Add(wait)); err != nil {
		return 0, err
	}
	n, err := r.w.Read(r.in[:])
	for in := r.in[:n]; len(in) > 0; {
		used, done := r.code.feed(in)
		clear(in[:used])
		in = in[used:]
		if done {
			r.report()
		}
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		if n == 0 && r.code.pending() {
			r.report()
		}
		return -1, nil
	case err != nil:
		return n, err
	}
	return n, nil
}

// report tells the code that is complete, unless it is still the one before.
func (r *run) report() {
	defer r.code.reset()
	code := r.code.code()
	if r.seen.again(code, r.o.Again) {
		return
	}
	if code == nil {
		r.say(Event{Kind: Ignored, Err: ErrLong})
		return
	}
	s, err := text(r.text[:0], code)
	defer clear(s)
	switch {
	case err != nil:
		r.say(Event{Kind: Ignored, Err: err})
	case payment(s):
		r.say(Event{Kind: Ignored, Err: ErrPayment})
	case len(s) > 0:
		r.say(Event{Kind: Scanned, Text: s})
	}
}
