package pn532

import (
	"errors"
	"io"
	"os"
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

const (
	writeTime  = time.Second
	restTime   = 100 * time.Millisecond // for the rest of a frame: 255 bytes take 22 ms at 115200 baud
	quietTime  = 20 * time.Millisecond  // silence that ends draining; USB adapters hold bytes for 16 ms
	noiseTime  = 500 * time.Millisecond // draining never takes longer
	wakeTime   = 10 * time.Millisecond  // the oscillator needs 2 ms
	emptyReads = 100                    // reads of nothing taken for a broken wire
)

var errBroken = errors.New("reads return nothing")

// hsu is the chip's high speed UART.
type hsu struct {
	w    Wire
	wait func(time.Duration) error
	buf  [2 * frameMax]byte
	off  int // where what was not parsed begins
	n    int // where it ends
}

// wake brings the chip out of the sleep it is in after power-up: two
// bytes 55, and zeros for the time it needs.
func (p *hsu) wake() error {
	if err := p.send([]byte{0x55, 0x55, 0x00, 0x00, 0x00, 0x00, 0x00}); err != nil {
		return err
	}
	return p.wait(wakeTime)
}

func (p *hsu) send(b []byte) error {
	if err := p.w.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	_, err := p.w.Write(b)
	return err
}

// recv reads until a frame is whole. A frame that began and does not go on is
// bad.
func (p *hsu) recv(by time.Time, _ int) (frame, error) {
	p.compact()
	begun := false
	for empty := 0; empty < emptyReads; {
		f, used := parse(p.buf[p.off:p.n])
		if p.off += used; f.kind != nothing {
			return f, nil
		}
		if p.n-p.off >= headBytes && !begun {
			begun = true
			if rest := time.Now().Add(restTime); rest.Before(by) {
				by = rest
			}
		}
		if p.n == len(p.buf) {
			p.compact()
		}
		if err := p.w.SetReadDeadline(by); err != nil {
			return frame{}, err
		}
		n, err := p.w.Read(p.buf[p.n:])
		p.n += n
		switch {
		case n > 0:
			empty = 0
		case errors.Is(err, os.ErrDeadlineExceeded) && begun:
			return frame{kind: isBad, err: ErrChecksum}, nil
		case err != nil:
			return frame{}, err
		default:
			empty++
		}
	}
	return frame{}, errBroken
}

// compact moves what was not parsed to the front and overwrites the rest.
func (p *hsu) compact() {
	n := copy(p.buf[:], p.buf[p.off:p.n])
	clear(p.buf[n:])
	p.off, p.n = 0, n
}

// drain drops what arrives until the line is quiet, but not for ever.
func (p *hsu) drain() error {
	defer p.wipe()
	end := time.Now().Add(noiseTime)
	for empty := 0; time.Now().Before(end) && empty < emptyReads; {
		if err := p.w.SetReadDeadline(time.Now().Add(quietTime)); err != nil {
			return err
		}
		n, err := p.w.Read(p.buf[:])
		switch {
		case n > 0:
			empty = 0
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil
		case err != nil:
			return err
		default:
			empty++
		}
	}
	return nil
}

func (p *hsu) wipe() {
	clear(p.buf[:])
	p.off, p.n = 0, 0
}
