package pn532

import (
	"fmt"
	"os"
	"time"

	"periph.io/x/conn/v3/i2c"
)

const (
	readyStep  = 2 * time.Millisecond // between two looks at the ready byte
	sendTries  = 3                    // a sleeping chip does not acknowledge its address at once
	drainReads = 4
)

// twoWire is the chip's I²C interface (UM0701-02): every read begins
// with a byte whose lowest bit says that a frame follows, and one read takes
// one frame.
type twoWire struct {
	dev  i2c.Dev
	wait func(time.Duration) error
	buf  [1 + frameMax]byte
}

func (p *twoWire) wake() error { return nil } // its address wakes it

func (p *twoWire) send(b []byte) (err error) {
	for range sendTries {
		if err = p.dev.Tx(b, nil); err == nil {
			return nil
		}
		if stop := p.wait(readyStep); stop != nil {
			return stop
		}
	}
	return fmt.Errorf("i2c write: %w", err)
}

// recv looks at the ready byte until it is set, then reads size bytes. The bus
// may fail while the chip is busy; only at the deadline that is an error.
func (p *twoWire) recv(by time.Time, size int) (frame, error) {
	for {
		ready, err := p.ready()
		if err == nil && ready {
			in := p.buf[:1+min(size, frameMax)]
			if err = p.dev.Tx(nil, in); err == nil {
				f, _ := parse(in[1:])
				if f.kind == nothing {
					f = frame{kind: isBad, err: ErrChecksum}
				}
				return f, nil
			}
		}
		if !time.Now().Before(by) {
			if err != nil {
				return frame{}, fmt.Errorf("i2c read: %w", err)
			}
			return frame{}, os.ErrDeadlineExceeded
		}
		if stop := p.wait(readyStep); stop != nil {
			return frame{}, stop
		}
	}
}

func (p *twoWire) ready() (bool, error) {
	var status [1]byte
	err := p.dev.Tx(nil, status[:])
	return status[0]&1 != 0, err
}

// drain reads frames that nobody asked for.
func (p *twoWire) drain() error {
	defer p.wipe()
	for range drainReads {
		if ready, err := p.ready(); err != nil || !ready {
			return nil // the command that follows will tell
		}
		if err := p.dev.Tx(nil, p.buf[:]); err != nil {
			return nil
		}
	}
	return nil
}

func (p *twoWire) wipe() { clear(p.buf[:]) }
