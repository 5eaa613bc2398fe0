package pn532

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"periph.io/x/conn/v3/i2c"
)

// Addr is the chip's 7-bit address on an I²C bus, 48h in the manual's eight
// bits. It cannot be changed.
const Addr = 0x24

// Opts adjusts a Dev to a reader; the zero value fits most.
type Opts struct {
	Poll    time.Duration // between two looks for a badge; 0 means 300 ms
	Backoff time.Duration // before opening again, doubled up to 8 times this; 0 means 1 s
}

const (
	maxFails = 5 // polls in a row without a usable answer before reopening
	tries    = 3 // of each command while the chip powers up
	backoffs = 8 // times Backoff, at most

	// RFConfiguration, item 5: retries of ATR_REQ and PSL_REQ as delivered, and
	// of the search for a badge, which would otherwise never end.
	retriesATR    = 0xFF
	retriesPSL    = 0x01
	retriesSearch = 0x02
)

func (o Opts) withDefaults() Opts {
	if o.Poll <= 0 {
		o.Poll = 300 * time.Millisecond
	}
	if o.Backoff <= 0 {
		o.Backoff = time.Second
	}
	return o
}

// opener opens the way to the chip. Wait sleeps, and returns an error when the
// driver is to end.
type opener func(wait func(time.Duration) error) (p port, closePort func() error, err error)

// Dev is one reader. Run does the work.
type Dev struct {
	open opener
	o    Opts
	key  []byte // for the hash of a UID, this process only

	mu      sync.Mutex
	running bool
}

// New returns a reader on a serial line of 115200 baud, which is opened, and
// after a failure opened again, with open. Nothing is opened before Run.
func New(open func() (Wire, error), o Opts) *Dev {
	return newDev(o, func(wait func(time.Duration) error) (port, func() error, error) {
		w, err := open()
		if err != nil {
			return nil, nil, err
		}
		return &hsu{w: w, wait: wait}, w.Close, nil
	})
}

// NewI2C returns a reader on an I²C bus, which is opened and closed like the
// line of New. The chip stretches the clock: a Raspberry Pi's own controller
// needs 100 kHz or less for it, or a bus made of two GPIO pins.
func NewI2C(open func() (i2c.BusCloser, error), o Opts) *Dev {
	return newDev(o, func(wait func(time.Duration) error) (port, func() error, error) {
		bus, err := open()
		if err != nil {
			return nil, nil, err
		}
		return &twoWire{dev: i2c.Dev{Bus: bus, Addr: Addr}, wait: wait}, bus.Close, nil
	})
}

func newDev(o Opts, open opener) *Dev {
	d := &Dev{open: open, o: o.withDefaults(), key: make([]byte, 32)}
	rand.Read(d.key) // never fails, see crypto/rand
	return d
}

// Run owns the line or the bus until ctx ends and returns ctx's error. It calls
// emit, from its own goroutine, for everything that happens; while emit runs
// the reader is not served. A second Run at the same time is an error.
func (d *Dev) Run(ctx context.Context, emit func(Event)) error {
	d.mu.Lock()
	if d.running {
		d.mu.Unlock()
		return errors.New("pn532: reader is already running")
	}
	d.running = true
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.running = false
		d.mu.Unlock()
	}()
	r := &run{Dev: d, ctx: ctx, emit: emit}
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
		if r.sleep(pause) != nil {
			break
		}
		pause = min(2*pause, backoffs*d.o.Backoff)
	}
	return ctx.Err()
}

// run is the state of one Run.
type run struct {
	*Dev
	ctx  context.Context
	emit func(Event)

	l    *link    // of the session
	lit  bool     // a badge may have been selected since the field was last off
	seen presence // outlives a session: the badge does not notice one
}

func (r *run) say(e Event) {
	e.At = time.Now()
	r.emit(e)
	clear(e.UID)
}

// sleep waits, unless ctx ends first, which is the error.
func (r *run) sleep(d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-r.ctx.Done():
		return r.ctx.Err()
	}
}

// session opens the reader and serves it until something is wrong with it,
// which is the error. Ready says whether Ready was reported.
func (r *run) session() (ready bool, err error) {
	p, closePort, err := r.open(r.sleep)
	if err != nil {
		return false, fmt.Errorf("pn532: open reader: %w", err)
	}
	closeOnce := sync.OnceFunc(func() { _ = closePort() }) // nothing is left to save
	defer closeOnce()
	defer context.AfterFunc(r.ctx, closeOnce)() // frees a waiting Read
	r.l, r.lit = &link{port: p}, true
	defer r.l.wipe()
	fw, err := r.powerUp()
	if err != nil {
		return false, err
	}
	r.say(Event{Kind: Ready, Firmware: fw})
	for fails := 0; ; {
		switch err := r.poll(); {
		case err == nil:
			fails = 0
		case !soft(err):
			return true, err
		default:
			if fails++; fails == maxFails {
				return true, fmt.Errorf("%d failures in a row, the last: %w", fails, err)
			}
		}
		if err := r.sleep(r.o.Poll); err != nil {
			return true, err
		}
	}
}

// powerUp wakes the chip and sets it up: no secure element in the way, and a
// search that ends.
func (r *run) powerUp() (fw Firmware, err error) {
	if err := r.l.drain(); err != nil {
		return fw, err
	}
	if _, err := r.insist(samConfiguration, 0x01, 0x00, 0x01); err != nil { // normal mode, no time limit, IRQ pin
		return fw, err
	}
	data, err := r.insist(getFirmwareVersion)
	if err != nil {
		return fw, err
	}
	if len(data) != 4 {
		return fw, fmt.Errorf("pn532: GetFirmwareVersion: %d bytes: %w", len(data), ErrOdd)
	}
	fw = Firmware{IC: data[0], Version: data[1], Rev: data[2], Support: data[3]}
	_, err = r.insist(rfConfiguration, 0x05, retriesATR, retriesPSL, retriesSearch)
	return fw, err
}

// insist sends a command until it is answered, waking the chip each time.
func (r *run) insist(code byte, data ...byte) (out []byte, err error) {
	for range tries {
		if err := r.l.wake(); err != nil {
			return nil, fmt.Errorf("pn532: wake: %w", err)
		}
		out, err = r.l.do(code, answerSize, data...)
		if err == nil || !soft(err) || r.ctx.Err() != nil {
			break
		}
	}
	return out, err
}
