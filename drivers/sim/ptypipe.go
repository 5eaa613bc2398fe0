package sim

import (
	"io"
	"os"
	"sync"
	"time"
)

// Pipe returns the two ends of an in-process wire. Each direction has a buffer
// without limit, so two writers never wait for each other. Closing either end
// cuts the wire: the other end reads what is left, then io.EOF, and its writes
// fail with io.ErrClosedPipe.
func Pipe() (*PipeEnd, *PipeEnd) {
	ab, ba := newPipeHalf(), newPipeHalf()
	return &PipeEnd{in: ba, out: ab}, &PipeEnd{in: ab, out: ba}
}

// PipeEnd is one end of a Pipe. It is safe for concurrent use.
type PipeEnd struct{ in, out *pipeHalf }

// Read waits for at least one byte until the read deadline, then returns
// os.ErrDeadlineExceeded.
func (e *PipeEnd) Read(b []byte) (int, error) { return e.in.read(b) }

// Write never waits.
func (e *PipeEnd) Write(b []byte) (int, error) { return e.out.write(b) }

// FlushInput drops what has arrived and was not read.
func (e *PipeEnd) FlushInput() error {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	clear(e.in.buf)
	e.in.buf = nil
	return nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (e *PipeEnd) SetReadDeadline(t time.Time) error { return e.in.setDeadline(t) }

// SetWriteDeadline does nothing, since Write never waits.
func (e *PipeEnd) SetWriteDeadline(time.Time) error { return nil }

// Close cuts the wire in both directions.
func (e *PipeEnd) Close() error {
	e.in.close(os.ErrClosed)
	e.out.close(io.EOF)
	return nil
}

// pipeHalf is one direction.
type pipeHalf struct {
	mu       sync.Mutex
	wake     *sync.Cond
	buf      []byte
	err      error // what Read returns once buf is empty; set by close
	deadline time.Time
	timer    *time.Timer
}

func newPipeHalf() *pipeHalf {
	h := &pipeHalf{}
	h.wake = sync.NewCond(&h.mu)
	return h
}

func (h *pipeHalf) read(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(b) == 0 {
		return 0, nil
	}
	for {
		switch {
		case h.err == os.ErrClosed:
			return 0, h.err
		case !h.deadline.IsZero() && !time.Now().Before(h.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(h.buf) > 0:
			n := copy(b, h.buf)
			clear(h.buf[:n]) // nothing that was read stays behind in the wire
			h.buf = h.buf[n:]
			return n, nil
		case h.err != nil:
			return 0, h.err
		}
		h.wake.Wait()
	}
}

func (h *pipeHalf) write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil {
		return 0, io.ErrClosedPipe
	}
	h.buf = append(h.buf, b...)
	h.wake.Broadcast()
	return len(b), nil
}

func (h *pipeHalf) setDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.deadline = t
	if h.timer != nil {
		h.timer.Stop()
		h.timer = nil
	}
	if !t.IsZero() && h.err == nil {
		h.timer = time.AfterFunc(time.Until(t), func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.wake.Broadcast()
		})
	}
	h.wake.Broadcast()
	return nil
}

func (h *pipeHalf) close(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	// The closer's own view wins over what the other end left behind.
	if h.err == nil || err == os.ErrClosed {
		h.err = err
	}
	if h.timer != nil {
		h.timer.Stop()
		h.timer = nil
	}
	h.wake.Broadcast()
}
