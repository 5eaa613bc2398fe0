// Package printer drives one receipt printer: it prints a slip and says whether
// the slip came out, watches the printer's state, and gets it going again. The
// commands and status bits are those of the Epson ESC/POS Command Reference as
// clones have them; what differs between makes is in escpos.Profile.
//
// A slip counts as printed only when the printer has answered the request that
// follows the cut (GS r 1, which is worked off in order), and still answers
// afterwards. Everything else is told apart: nothing was sent, the printer said
// why it stopped, or nothing is known.
package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"jobhome/drivers/escpos"
)

// Wire is what the printer hangs on: a serial port, a USB printer port, an
// in-process pipe. A Read or Write that meets its deadline returns an error that
// is os.ErrDeadlineExceeded. If the wire has FlushInput() error or FlushOutput()
// error too, they are used to drop what is queued. If it has PortStatus()
// (paperOut, fault, known bool, err error), as a USB printer port has, what that
// says may worsen a status and never betters it. On a wire that cannot be read
// Read waits for its deadline.
type Wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// Errors to match with errors.Is.
var (
	ErrUnplugged = errors.New("printer unplugged")         // the wire failed or could not be opened
	ErrSilent    = errors.New("printer does not answer")   // switched off, hung, wrong line settings
	ErrNotReady  = errors.New("printer is not ready")      // it said why, see the status
	ErrGarbled   = errors.New("printer sends other bytes") // wrong baud rate, or not a printer
	ErrClosed    = errors.New("printer driver closed")     // Close was called
	ErrTooLong   = errors.New("printer job too long")      // it cannot be ended within Longest
	ErrProfile   = errors.New("printer of another kind")   // the job is for another profile, see Job
)

// Opts sets times and speeds. The zero value is right for most printers.
type Opts struct {
	Baud     int           // speed of a serial line; 0: that of the profile, or 115200
	SpeedMMs int           // slowest paper speed, mm/s; 0: that of the profile, or 80
	Answer   time.Duration // how long a real-time answer may take; 0: 200 ms
	Fence    time.Duration // shortest wait for a finished slip; 0: 10 s
	Poll     time.Duration // pause between two looks of Run; 0: 1 s

	// Fast says that the wire is no serial line but USB or a network: it is faster
	// than any printer, and says itself when the printer went away. Baud and NoFlow
	// mean nothing then, and no requests are put into a job.
	Fast bool
	// NoFlow says that nothing stops the line when the printer's buffer is full:
	// a serial line without RTS/CTS, whatever the profile says of the printer.
	// Jobs are then sent no faster than a printer of this profile prints them. A
	// profile that does not tell the buffer is taken to have 1 KB.
	NoFlow bool
	// Blind prints on a printer that has never answered anything, as behind a
	// port that only writes. Its status stays unknown and its slips unconfirmed.
	Blind bool
	// Identify chooses the profile by what the printer says of itself. It is
	// called after connecting if the printer can say it; false keeps the profile.
	Identify func(maker, model string) (escpos.Profile, bool)
	// TakeWithin is how long a presenter holds a slip for its person. After it
	// Run takes the slip back, so that the next person does not find it; and a
	// new slip waits that long for the one before to be taken, at most a minute.
	// 0: Run never takes a slip back, and a new slip waits until the one before
	// has hung there for 10 s, before it is taken back.
	TakeWithin time.Duration
	// Roll is the length of a new roll in metres, for printers that have no
	// sensor for its end; 0: unknown. Paper is then called low when it is enough
	// for fewer than LowSlips (0: 20) more slips.
	Roll     float64
	LowSlips int
}

const (
	maxSlice  = 512                    // bytes in one Write
	stuck     = 5 * time.Second        // a Write that waits longer is stuck
	fresh     = 2 * time.Second        // a status so young needs no new look
	lookEvery = 250 * time.Millisecond // while a slip is printing
	freeEvery = 30 * time.Second       // between two tries of a stuck cutter
	backoff   = 250 * time.Millisecond // first pause after a failed open
	backoffTo = 5 * time.Second
	fastBaud  = 1_000_000 // counted with on a wire that is none: 100 kB/s, a slow print server
)

// Dev is one printer. Its methods may be called from any goroutine; one at a
// time has the wire, the others wait.
type Dev struct {
	open func() (Wire, error)
	p    escpos.Profile // written with mu too, see Profile
	o    Opts

	sem chan struct{} // held by whoever has the wire; guards all below

	sort    escpos.Sorter
	lost    bool // earlier questions may still be answered: listen first
	deaf    map[escpos.Query]bool
	fences  int  // answers to GS r since the job began
	fence   byte // the last of them
	want    int  // answers to GS r that the job needs
	owed    int  // GS r sent by failed jobs and not answered
	dirty   bool // what the printer holds is not known: recover before the next job
	torn    bool // a piece of a slip may hang in the paper way: recovery cuts it off
	strange bool // never recovered: what the program before left is not known
	heard   bool // the printer has answered on this wire
	ids     processIDs
	auto    automatic
	asked   bool      // the printer was asked for its name on this wire
	held    time.Time // since when a slip hangs in the presenter
	unseen  time.Time // when a presenter without a sensor was given a slip
	rollOut bool      // the roll has come to its end under a closed cover
	last    escpos.Status
	lastAt  time.Time
	freeAt  time.Time // when Run may try a stuck cutter again
	wakeAt  time.Time // when Run may try again to recover
	limit   time.Time // no Write waits longer; zero: none
	flushed time.Time // when the NULs of a recovery are off the line
	retryAt time.Time
	pause   time.Duration
	openErr error

	mu       sync.Mutex // guards what follows
	w        Wire
	closed   bool
	hearing  bool // Run listens to w, and gives way when poked
	waiting  int  // callers of lock
	name     identity
	trouble  error // see Trouble
	counters Counters
}

// New returns the printer behind open. Nothing is opened yet; open is called
// again after a failure.
func New(open func() (Wire, error), p escpos.Profile, o Opts) *Dev {
	if o.Fast {
		o.Baud, o.NoFlow = fastBaud, false
	}
	if o.Baud <= 0 {
		o.Baud = p.Baud
	}
	if o.Baud <= 0 {
		o.Baud = 115200
	}
	if o.Answer <= 0 {
		o.Answer = 200 * time.Millisecond
	}
	if o.Fence <= 0 {
		o.Fence = 10 * time.Second
	}
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.LowSlips <= 0 {
		o.LowSlips = 20
	}
	d := &Dev{
		open: open, p: p, o: o, sem: make(chan struct{}, 1), deaf: map[escpos.Query]bool{},
		dirty: true, strange: true,
	}
	d.ids.next = uint32(time.Now().UnixNano()) // not those of the run before
	return d
}

// Profile is the profile in use: the one given to New, or the one that
// Opts.Identify has chosen since.
func (d *Dev) Profile() escpos.Profile {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.p
}

// Close closes the wire. A slip that is printing becomes unconfirmed.
func (d *Dev) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.w == nil {
		return nil
	}
	err := d.w.Close()
	d.w = nil
	if err != nil {
		return fmt.Errorf("printer: close: %w", err)
	}
	return nil
}

// lock waits for the wire.
func (d *Dev) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("printer: wait for the wire: %w", err)
	}
	select {
	case d.sem <- struct{}{}:
		return nil
	default:
	}
	d.mu.Lock()
	d.waiting++
	d.pokeLocked()
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.waiting--
		d.mu.Unlock()
	}()
	select {
	case d.sem <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("printer: wait for the wire: %w", ctx.Err())
	}
}

func (d *Dev) unlock() { <-d.sem }

// connect opens the wire if it is not open. After a failure the next tries are
// spaced out, unless someone is waiting (now).
func (d *Dev) connect(now bool) error {
	w, err := d.wire()
	if err != nil || w != nil {
		return err
	}
	if !now && time.Now().Before(d.retryAt) {
		return d.openErr
	}
	w, err = d.open()
	if err != nil {
		d.pause = min(max(d.pause*2, backoff), backoffTo)
		d.retryAt = time.Now().Add(d.pause)
		d.openErr = fmt.Errorf("printer: open: %w: %w", ErrUnplugged, err)
		d.troubled(d.openErr)
		return d.openErr
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		_ = w.Close()
		return fmt.Errorf("printer: open: %w", ErrClosed)
	}
	d.w = w
	d.pause, d.retryAt, d.openErr = 0, time.Time{}, nil
	d.lost = true
	d.last, d.lastAt, d.wakeAt = escpos.Status{}, time.Time{}, time.Time{}
	d.sort.Reset()
	clear(d.deaf)
	d.heard, d.asked, d.auto = false, false, automatic{}
	d.ids.state = idsUntried
	return nil
}

// wire returns the open wire, or nil.
func (d *Dev) wire() (Wire, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, fmt.Errorf("printer: %w", ErrClosed)
	}
	return d.w, nil
}

// broken drops a wire that failed and names what was being done.
func (d *Dev) broken(doing string, err error) error {
	d.last, d.lastAt = escpos.Status{}, time.Time{}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return fmt.Errorf("printer: %s: %w", doing, ErrClosed)
	}
	if d.w != nil {
		_ = d.w.Close() // it has failed already
		d.w = nil
	}
	d.trouble = fmt.Errorf("printer: %s: %w: %w", doing, ErrUnplugged, err)
	return d.trouble
}

// write sends b in slices, each with a deadline, and returns how much of it the
// wire has taken.
func (d *Dev) write(doing string, b []byte) (int, error) {
	w, err := d.wire()
	if err == nil && w == nil {
		err = fmt.Errorf("printer: %s: %w", doing, ErrUnplugged)
	}
	if err != nil {
		return 0, err
	}
	sent := 0
	for sent < len(b) {
		slice := b[sent:min(len(b), sent+maxSlice)]
		until := time.Now().Add(2*d.wireTime(len(slice)) + stuck)
		if !d.limit.IsZero() {
			until = earlier(until, d.limit)
		}
		if err := w.SetWriteDeadline(until); err != nil {
			return sent, d.broken(doing, err)
		}
		n, err := w.Write(slice)
		sent += max(0, n)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			if f, ok := w.(interface{ FlushOutput() error }); ok {
				_ = f.FlushOutput() // what the line has not taken it shall not take later
			}
			return sent, fmt.Errorf("printer: %s: takes no data after %d bytes: %w", doing, sent, ErrSilent)
		case err != nil:
			return sent, d.broken(doing, err)
		case n < len(slice):
			return sent, d.broken(doing, io.ErrShortWrite)
		}
	}
	return sent, nil
}

// speed is how fast the paper moves at least, in mm/s.
func (d *Dev) speed() float64 {
	switch {
	case d.o.SpeedMMs > 0:
		return float64(d.o.SpeedMMs)
	case d.p.SpeedMMs > 0:
		return float64(d.p.SpeedMMs)
	}
	return 80
}

// wireTime is how long n bytes take on the line, 10 bits each.
func (d *Dev) wireTime(n int) time.Duration {
	return time.Duration(n) * 10 * time.Second / time.Duration(d.o.Baud)
}
