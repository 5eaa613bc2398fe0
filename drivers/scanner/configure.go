package scanner

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// Mode is how a scanner is set up when its line is opened.
type Mode uint8

const (
	// AsItIs leaves the scanner alone.
	AsItIs Mode = iota
	// Continuous reads all the time.
	Continuous
	// Induction reads when something moves in front of the window.
	Induction
)

const (
	setupTries = 3
	writeTime  = time.Second
	replyTime  = 300 * time.Millisecond // an answer is 7 bytes, 7.3 ms at 9600 baud
	quietTime  = 50 * time.Millisecond
)

// configure sets the reading mode and the CR after every code, if asked to.
func (r *run) configure() error {
	var bits byte
	switch r.o.Configure {
	case AsItIs:
		return nil
	case Continuous:
		bits = 0x02
	case Induction:
		bits = 0x03
	default:
		return fmt.Errorf("mode %d is unknown", r.o.Configure)
	}
	if err := r.set(regMode, modeBits, bits); err != nil {
		return fmt.Errorf("reading mode: %w", err)
	}
	if err := r.set(regOutput, tailBit, tailBit); err != nil {
		return fmt.Errorf("CR after a code: %w", err)
	}
	return nil
}

// set gives some bits of a register their value, and reads it back.
func (r *run) set(addr uint16, mask, bits byte) error {
	for range setupTries {
		v, err := r.ask(appendRead(nil, addr))
		if err != nil {
			return err
		}
		if v&mask == bits {
			return nil
		}
		if _, err := r.ask(appendWrite(nil, addr, v&^mask|bits)); err != nil {
			return err
		}
	}
	return ErrRefused
}

// ask sends a request, up to setupTries times, and returns the one byte of the
// answer.
func (r *run) ask(req []byte) (byte, error) {
	for range setupTries {
		if err := r.flush(); err != nil {
			return 0, err
		}
		if err := r.w.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
			return 0, err
		}
		if _, err := r.w.Write(req); err != nil {
			return 0, err
		}
		v, err := r.answer()
		if !errors.Is(err, ErrSilent) {
			return v, err
		}
	}
	return 0, ErrSilent
}

// answer waits for a reply. What comes besides it is overwritten.
func (r *run) answer() (byte, error) {
	var got [2 * replyMax]byte
	defer clear(got[:])
	defer clear(r.in[:])
	if err := r.w.SetReadDeadline(time.Now().Add(replyTime)); err != nil {
		return 0, err
	}
	for n, empty := 0, 0; n < len(got) && empty < emptyReads; {
		m, err := r.w.Read(got[n:])
		n += m
		switch kind, data, ok := parseReply(got[:n]); {
		case ok && (kind != typeDone || len(data) != 1):
			return 0, ErrRefused
		case ok:
			return data[0], nil
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return 0, ErrSilent
		case err != nil:
			return 0, err
		case m == 0:
			empty++
		}
	}
	return 0, ErrSilent
}

// flush drops what has arrived, until the line is quiet, but not for ever.
func (r *run) flush() error {
	defer clear(r.in[:])
	for end := time.Now().Add(replyTime); time.Now().Before(end); {
		if err := r.w.SetReadDeadline(time.Now().Add(quietTime)); err != nil {
			return err
		}
		n, err := r.w.Read(r.in[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil
		case err != nil:
			return err
		case n == 0:
			return nil
		}
	}
	return nil
}
