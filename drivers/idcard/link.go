package idcard

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"jobhome/drivers/idcard/samv"
)

// Wire is the serial line as this driver needs it; *uart.Port is one. Read
// returns os.ErrDeadlineExceeded at its deadline. Close may be called while a
// Read is waiting and makes it return. If the Wire also has FlushInput() error,
// stale input is dropped with it.
type Wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

const (
	writeTime  = time.Second            // a request is 12 bytes at most
	staleTime  = 5 * time.Millisecond   // silence that ends flushing
	quietTime  = 50 * time.Millisecond  // the same after a failed command
	noiseTime  = 500 * time.Millisecond // flushing never takes longer
	bodyMargin = 300 * time.Millisecond // beyond the time on the wire
	emptyReads = 100                    // reads of nothing taken for a broken wire
)

var (
	errOdd    = errors.New("unexpected answer")
	errBroken = errors.New("reads return nothing")
)

// link speaks commands over one open Wire. What it reads is zeroed in its
// buffers as soon as it has been taken.
type link struct {
	w    Wire
	o    Opts
	dec  samv.Decoder
	req  []byte
	buf  [256]byte
	wary bool // the last command failed: its answer may still come
}

// do sends one command and returns its answer, trying once more when a frame
// was damaged in either direction. Reply.Data is valid until the next command
// or wipe. An error that soft reports as true leaves the Wire usable.
func (l *link) do(c samv.Command, data ...byte) (r samv.Reply, err error) {
	if l.req, err = samv.AppendRequest(l.req[:0], c, data...); err != nil {
		return samv.Reply{}, err
	}
	for range 2 {
		r, err = l.once(c)
		l.wary = err != nil
		damaged := errors.Is(err, samv.ErrChecksum) || errors.Is(err, samv.ErrLength)
		if !damaged && (err != nil || r.Status.Action() != samv.Retry) {
			break
		}
	}
	if err != nil {
		l.wipe()
		return samv.Reply{}, fmt.Errorf("idcard: %v: %w", c, err)
	}
	return r, nil
}

// soft reports whether err is about one answer and not about the Wire.
func soft(err error) bool {
	var dead deadError
	if errors.As(err, &dead) {
		return false
	}
	for _, s := range []error{ErrSilent, samv.ErrChecksum, samv.ErrLength, errOdd, ErrRecord} {
		if errors.Is(err, s) {
			return true
		}
	}
	return false
}

func (l *link) once(c samv.Command) (samv.Reply, error) {
	if err := l.flush(); err != nil {
		return samv.Reply{}, err
	}
	if err := l.w.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return samv.Reply{}, err
	}
	if _, err := l.w.Write(l.req); err != nil {
		return samv.Reply{}, err
	}
	if err := l.receive(c); err != nil {
		return samv.Reply{}, err
	}
	body, size, err := l.dec.Body()
	if err != nil {
		return samv.Reply{}, err
	}
	r, err := samv.ParseReply(c, body, size)
	if err != nil {
		return samv.Reply{}, err
	}
	switch {
	case r.SW1 != 0 || r.SW2 != 0:
		return samv.Reply{}, fmt.Errorf("%w: SW1 %02X SW2 %02X", errOdd, r.SW1, r.SW2)
	case c == samv.Find && r.Status == samv.OK, c != samv.Find && r.Status == samv.Found:
		return samv.Reply{}, fmt.Errorf("%w: status of another command", errOdd)
	}
	return r, nil
}

// receive reads one frame into the decoder. The first bytes have the deadline
// of the command; once the length is known, the rest has the time it takes on
// the wire.
func (l *link) receive(c samv.Command) error {
	l.dec.Reset(c.ReplyKeep())
	if err := l.w.SetReadDeadline(time.Now().Add(l.o.timeout(c))); err != nil {
		return err
	}
	inBody, empty := false, 0
	for {
		n, err := l.w.Read(l.buf[:])
		used, done := l.dec.Feed(l.buf[:n])
		clear(l.buf[used:n])
		switch {
		case done:
			return nil
		case errors.Is(err, os.ErrDeadlineExceeded):
			return ErrSilent
		case err != nil:
			return err
		case n == 0:
			if empty++; empty == emptyReads {
				return errBroken
			}
		}
		if missing := l.dec.Missing(); missing > 0 && !inBody {
			inBody = true
			if err := l.w.SetReadDeadline(time.Now().Add(l.o.bodyTime(missing))); err != nil {
				return err
			}
		}
	}
}

// flush drops input that nobody asked for, above all the late answer of a
// command that was given up. It reads until the line is quiet, but not for ever.
func (l *link) flush() error {
	quiet := staleTime
	if l.wary {
		quiet = quietTime
	} else if f, ok := l.w.(interface{ FlushInput() error }); ok {
		return f.FlushInput()
	}
	defer clear(l.buf[:])
	end := time.Now().Add(noiseTime)
	for empty := 0; time.Now().Before(end) && empty < emptyReads; {
		if err := l.w.SetReadDeadline(time.Now().Add(quiet)); err != nil {
			return err
		}
		n, err := l.w.Read(l.buf[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil
		case err != nil:
			return err
		case n == 0:
			empty++
		}
	}
	return nil
}

// wipe zeroes the last answer.
func (l *link) wipe() {
	l.dec.Reset(samv.Find.ReplyKeep())
	clear(l.buf[:])
}
