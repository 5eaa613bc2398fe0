// Package uarttest fakes a serial wire for driver tests: Playback answers from
// a script, Record writes a script down, and a Transcript keeps one in a text
// file, as "probe record" writes it. It is to drivers/uart what periph's conntest
// is to its buses: the fake sits at the wire, so the real driver runs.
//
// Time does not pass on a Playback. When the script has nothing to say, a Read
// returns os.ErrDeadlineExceeded at once, as if the device had been silent
// until the deadline, so tests are fast and always the same.
package uarttest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// IO is one exchange: the bytes the driver must write, then what the device
// answers. R is handed out one element per Read, to play split replies; an
// empty R is a silent device. Err, if set, is what Read returns after R, and
// for ever after (io.EOF plays an unplugged device).
type IO struct {
	W   []byte
	R   [][]byte
	Err error
}

// Playback is a wire that follows a script. The zero value with Ops set is
// ready; it is safe for concurrent use.
type Playback struct {
	Ops []IO

	mu      sync.Mutex
	next    int    // the exchange being written
	got     []byte // bytes of its W seen so far
	pending [][]byte
	err     error // sticky read error
	failed  error // first departure from the script
	closed  bool
}

// Write compares b with the script. A departure is returned as an error and
// kept for Close.
func (p *Playback) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, os.ErrClosed
	}
	if p.failed != nil {
		return 0, p.failed
	}
	if p.next >= len(p.Ops) {
		p.failed = fmt.Errorf("uarttest: write % X: the script is over after %d exchanges", b, len(p.Ops))
		return 0, p.failed
	}
	op := p.Ops[p.next]
	p.got = append(p.got, b...)
	if !bytes.HasPrefix(op.W, p.got) {
		p.failed = fmt.Errorf("uarttest: exchange %d: wrote % X, the script has % X", p.next, p.got, op.W)
		return 0, p.failed
	}
	if len(p.got) == len(op.W) {
		for _, r := range op.R {
			p.pending = append(p.pending, bytes.Clone(r))
		}
		if op.Err != nil {
			p.err = op.Err
		}
		p.got = nil
		p.next++
	}
	return len(b), nil
}

// Read hands out the next element of the script, or part of it if b is short.
func (p *Playback) Read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return 0, os.ErrClosed
	}
	if len(p.pending) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(b, p.pending[0])
	if p.pending[0] = p.pending[0][n:]; len(p.pending[0]) == 0 {
		p.pending = p.pending[1:]
	}
	return n, nil
}

// FlushInput drops what was answered and not read, like (*uart.Port).FlushInput.
func (p *Playback) FlushInput() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending = nil
	return nil
}

// SetReadDeadline does nothing; see the package comment.
func (p *Playback) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing: a Playback takes every write at once.
func (p *Playback) SetWriteDeadline(time.Time) error { return nil }

// Close returns the first departure from the script, or an error if the script
// was not played to its end.
func (p *Playback) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.failed != nil {
		return p.failed
	}
	if p.next < len(p.Ops) {
		return fmt.Errorf("uarttest: %d of %d exchanges were not played", len(p.Ops)-p.next, len(p.Ops))
	}
	return nil
}

// Wire is what Record listens to: an open serial port, or a fake of one.
type Wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// Record passes everything on to another wire and writes it down as a script
// for Playback. A recording holds whatever the device sent: record simulators
// and test cards only, or see Log.
type Record struct {
	Wire
	log *Log // may be nil

	mu  sync.Mutex
	ops []IO
}

// NewRecord listens to w.
func NewRecord(w Wire) *Record { return &Record{Wire: w} }

// Write passes b on; writes without a read between them become one exchange.
func (r *Record) Write(b []byte) (int, error) {
	n, err := r.Wire.Write(b)
	r.log.call(Written, b[:max(n, 0)], err)
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := len(r.ops) - 1; last >= 0 && len(r.ops[last].R) == 0 {
		r.ops[last].W = append(r.ops[last].W, b[:n]...)
	} else {
		r.ops = append(r.ops, IO{W: bytes.Clone(b[:n])})
	}
	return n, err
}

// Read passes on and writes down what arrived. Bytes that arrive before
// anything was written are not part of an exchange and are left out.
func (r *Record) Read(b []byte) (int, error) {
	n, err := r.Wire.Read(b)
	r.log.call(Received, b[:max(n, 0)], err)
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := len(r.ops) - 1; n > 0 && last >= 0 {
		r.ops[last].R = append(r.ops[last].R, bytes.Clone(b[:n]))
	}
	return n, err
}

// Ops returns the script so far.
func (r *Record) Ops() []IO {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]IO(nil), r.ops...)
}
