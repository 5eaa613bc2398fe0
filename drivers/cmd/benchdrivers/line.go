package main

import (
	"io"
	"os"
	"sync"
	"time"
)

const (
	lineBuffer = 4096                 // bytes that a host holds for a slow line, as a Linux serial port does
	lineLump   = 2 * time.Millisecond // of bytes that are handed over at once
	lineSlack  = 5 * time.Millisecond // a device that takes longer to read on has stopped the line
)

// lineEnd is one end of a line whose bytes take their time, byte by byte, in
// both directions at once. Times are counted from the byte before, so that a
// late timer does not slow the line down.
type lineEnd struct {
	in, out *lane
	heard   func([]byte) // if not nil, called with what is written
}

// newLine returns the host's and the device's end.
func newLine(bytesPerSecond int) (host, device *lineEnd) {
	to, from := newLane(bytesPerSecond), newLane(bytesPerSecond)
	to.holds, to.room = true, lineBuffer
	return &lineEnd{in: from, out: to}, &lineEnd{in: to, out: from}
}

func (e *lineEnd) Read(b []byte) (int, error) { return e.in.read(b) }

func (e *lineEnd) Write(b []byte) (int, error) {
	if e.heard != nil {
		e.heard(b)
	}
	return e.out.write(b)
}

func (e *lineEnd) SetReadDeadline(t time.Time) error {
	e.in.setDeadline(&e.in.readBy, t)
	return nil
}

func (e *lineEnd) SetWriteDeadline(t time.Time) error {
	e.out.setDeadline(&e.out.writeBy, t)
	return nil
}

// FlushInput drops what was not read, also what is still on the line.
func (e *lineEnd) FlushInput() error {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	e.in.buf = nil
	return nil
}

// Close cuts the line in both directions.
func (e *lineEnd) Close() error {
	e.in.close()
	e.out.close()
	return nil
}

// lane is one direction.
type lane struct {
	rate  int  // bytes a second
	holds bool // the device stops the line while it does not read
	room  int  // bytes that wait before a Write waits; 0: no limit

	mu      sync.Mutex
	wake    *sync.Cond
	buf     []byte
	since   time.Time // when buf was last begun
	free    time.Time // when the line has carried all that was read
	back    time.Time // when the last Read returned
	closed  bool
	readBy  time.Time
	writeBy time.Time
}

func newLane(rate int) *lane {
	l := &lane{rate: rate}
	l.wake = sync.NewCond(&l.mu)
	return l
}

func (l *lane) setDeadline(by *time.Time, t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*by = t
	l.wake.Broadcast()
}

func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.wake.Broadcast()
}

// wait lets others change the lane, at most until by.
func (l *lane) wait(by time.Time) {
	if !by.IsZero() {
		t := time.AfterFunc(time.Until(by), func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.wake.Broadcast()
		})
		defer t.Stop()
	}
	l.wake.Wait()
}

func (l *lane) write(b []byte) (n int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(b) > 0 {
		for l.room > 0 && len(l.buf) >= l.room && !l.closed {
			if late(l.writeBy) {
				return n, os.ErrDeadlineExceeded
			}
			l.wait(l.writeBy)
		}
		if l.closed {
			return n, io.ErrClosedPipe
		}
		some := len(b)
		if l.room > 0 {
			some = min(some, l.room-len(l.buf))
		}
		if len(l.buf) == 0 {
			l.since = time.Now()
		}
		l.buf = append(l.buf, b[:some]...)
		n, b = n+some, b[some:]
		l.wake.Broadcast()
	}
	return n, nil
}

// read waits until something is there, and until the line has carried it.
func (l *lane) read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer func() { l.back = time.Now() }()
	if held := time.Since(l.back); l.holds && held > lineSlack {
		l.free = l.free.Add(held)
	}
	for len(l.buf) == 0 && !l.closed {
		if late(l.readBy) {
			return 0, os.ErrDeadlineExceeded
		}
		l.wait(l.readBy)
	}
	if l.closed {
		return 0, io.EOF
	}
	if l.since.After(l.free) {
		l.free = l.since
	}
	lump := max(1, int(lineLump*time.Duration(l.rate)/time.Second))
	n := copy(b, l.buf[:min(lump, len(l.buf))])
	l.free = l.free.Add(wireTime(n, l.rate))
	l.buf = l.buf[n:]
	if wait := time.Until(l.free); wait > 0 {
		l.mu.Unlock()
		time.Sleep(wait)
		l.mu.Lock()
	}
	l.wake.Broadcast()
	return n, nil
}

func late(by time.Time) bool { return !by.IsZero() && !time.Now().Before(by) }
