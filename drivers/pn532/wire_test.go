package pn532_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2ctest"

	"jobhome/drivers/pn532"
	"jobhome/drivers/pn532/pn532test"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart/uarttest"
)

// step is a command and what the chip says to it, byte for byte.
type step struct{ command, answer []byte }

func ack() []byte { return []byte{0, 0, 0xFF, 0, 0xFF, 0} }

// transcript is a badge tapped and gone.
func transcript() []step {
	release := step{
		[]byte{0, 0, 0xFF, 3, 0xFD, 0xD4, 0x52, 0x00, 0xDA, 0},
		[]byte{0, 0, 0xFF, 3, 0xFD, 0xD5, 0x53, 0x00, 0xD8, 0},
	}
	off := step{
		[]byte{0, 0, 0xFF, 4, 0xFC, 0xD4, 0x32, 1, 0, 0xF9, 0},
		[]byte{0, 0, 0xFF, 2, 0xFE, 0xD5, 0x33, 0xF8, 0},
	}
	look := []byte{0, 0, 0xFF, 4, 0xFC, 0xD4, 0x4A, 1, 0, 0xE1, 0}
	none := step{look, []byte{0, 0, 0xFF, 3, 0xFD, 0xD5, 0x4B, 0, 0xE0, 0}}
	badge := step{look, []byte{0, 0, 0xFF, 12, 0xF4, 0xD5, 0x4B, 1, 1, 0, 4, 8, 4, 0xC1, 0x5A, 0x77, 0x3E, 0xFE, 0}}
	return []step{
		{
			[]byte{0, 0, 0xFF, 5, 0xFB, 0xD4, 0x14, 1, 0, 1, 0x16, 0},
			[]byte{0, 0, 0xFF, 2, 0xFE, 0xD5, 0x15, 0x16, 0},
		},
		{
			[]byte{0, 0, 0xFF, 2, 0xFE, 0xD4, 0x02, 0x2A, 0},
			[]byte{0, 0, 0xFF, 6, 0xFA, 0xD5, 0x03, 0x32, 1, 6, 7, 0xE8, 0},
		},
		{
			[]byte{0, 0, 0xFF, 6, 0xFA, 0xD4, 0x32, 5, 0xFF, 1, 2, 0xF3, 0},
			[]byte{0, 0, 0xFF, 2, 0xFE, 0xD5, 0x33, 0xF8, 0},
		},
		release, off, none, none,
		badge, release, off, badge, release, off, none, none, none,
	}
}

// sees runs dev until it is down and checks the events of the transcript.
func sees(t *testing.T, dev *pn532.Dev) {
	t.Helper()
	var got []pn532.Kind
	var why error
	ctx, cancel := context.WithCancel(t.Context())
	dev.Run(ctx, func(e pn532.Event) {
		if got = append(got, e.Kind); e.Kind == pn532.Tapped &&
			(!bytes.Equal(e.UID, []byte{0xC1, 0x5A, 0x77, 0x3E}) || e.ATQA != [2]byte{0, 4} || e.SAK != 8 || e.Random) {
			t.Errorf("badge % X %X %02X", e.UID, e.ATQA, e.SAK)
		}
		if e.Kind == pn532.Down {
			why = e.Err
			cancel() // the script is over, or was left
		}
	})
	want := []pn532.Kind{pn532.Ready, pn532.Tapped, pn532.Left, pn532.Down}
	if len(got) != len(want) {
		t.Fatalf("events %v, want %v (%v)", got, want, why)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("events %v, want %v (%v)", got, want, why)
		}
	}
}

func TestTranscriptHSU(t *testing.T) {
	var ops []uarttest.IO
	for i, s := range transcript() {
		if i < 3 {
			ops = append(ops, uarttest.IO{W: []byte{0x55, 0x55, 0, 0, 0, 0, 0}})
		}
		ops = append(ops, uarttest.IO{W: s.command, R: [][]byte{ack()[:2], ack()[2:], s.answer[:5], s.answer[5:]}})
	}
	synctest.Test(t, func(t *testing.T) {
		p := &uarttest.Playback{Ops: ops}
		sees(t, pn532.New(func() (pn532.Wire, error) { return p, nil }, pn532.Opts{}))
		if err := p.Close(); err != nil && !bytes.Contains([]byte(err.Error()), []byte("the script is over")) {
			t.Error(err)
		}
	})
}

// played is a Playback that can be closed before it is over.
type played struct{ i2ctest.Playback }

func (p *played) Close() error { return nil }

func TestTranscriptI2C(t *testing.T) {
	busy, ready := []byte{0x00}, []byte{0x01}
	var ops []i2ctest.IO
	op := func(w, r []byte) { ops = append(ops, i2ctest.IO{Addr: pn532.Addr, W: w, R: r}) }
	framed := func(f []byte, size int) []byte {
		return append(append([]byte{0x01}, f...), make([]byte, size-len(f))...)
	}
	op(nil, busy) // nothing is left from before
	for i, s := range transcript() {
		op(s.command, nil)
		op(nil, busy)
		op(nil, ready)
		op(nil, framed(ack(), 6))
		op(nil, busy)
		op(nil, busy)
		op(nil, ready)
		size := 16
		if s.command[6] == 0x4A {
			size = 48
		}
		if i == 7 { // damaged, asked for again, and then right
			bad := framed(s.answer, size)
			bad[14] ^= 0x10
			op(nil, bad)
			op(nil, busy)
			op([]byte{0, 0, 0xFF, 0xFF, 0, 0}, nil)
			op(nil, ready)
			size = 262
		}
		op(nil, framed(s.answer, size))
	}
	synctest.Test(t, func(t *testing.T) {
		p := &played{i2ctest.Playback{Ops: ops, DontPanic: true}}
		sees(t, pn532.NewI2C(func() (i2c.BusCloser, error) { return p, nil }, pn532.Opts{}))
		if err := p.Playback.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A cancelled Run lets go of a line on which nothing comes, at once.
func TestCancelFreesAWaitingRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := sim.Pipe()
		dev := pn532.New(func() (pn532.Wire, error) { return theirs, nil }, pn532.Opts{})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := dev.Run(ctx, func(pn532.Event) {}); !errors.Is(err, context.Canceled) {
				t.Errorf("Run = %v", err)
			}
		})
		time.Sleep(50 * time.Millisecond) // within the wait for an ACK
		synctest.Wait()
		if err := dev.Run(ctx, nil); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("second Run = %v, want a refusal", err)
		}
		start := time.Now()
		cancel()
		wg.Wait()
		if d := time.Since(start); d != 0 { // fake time: exact
			t.Errorf("took %v", d)
		}
		if _, err := io.ReadFull(ours, make([]byte, 19)); err != nil { // wake-up and SAMConfiguration
			t.Errorf("nothing was sent: %v", err)
		}
	})
}

func TestCancelFreesTheBus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &babbler{quiet: true}
		dev := pn532.NewI2C(func() (i2c.BusCloser, error) { return b, nil }, pn532.Opts{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- dev.Run(ctx, func(pn532.Event) {}) }()
		time.Sleep(51 * time.Millisecond)
		start := time.Now()
		cancel()
		<-done
		if d := time.Since(start); d != 0 {
			t.Errorf("took %v", d)
		}
	})
}

// keeper remembers every buffer the driver ever read into.
type keeper struct {
	pn532.Wire
	bufs [][]byte
	seen []byte
}

func (k *keeper) Read(b []byte) (int, error) {
	n, err := k.Wire.Read(b)
	k.bufs = append(k.bufs, b[:cap(b)])
	k.seen = append(k.seen, b[:n]...)
	return n, err
}

// When a badge is reported, its UID is in no buffer of the driver any more.
func TestNothingOfABadgeStaysInTheBuffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chip, k := pn532test.New(), &keeper{}
		dev := pn532.New(func() (pn532.Wire, error) {
			w, err := chip.Dial()
			k.Wire = w
			return k, err
		}, pn532.Opts{})
		chip.Put(campus())
		ctx, cancel := context.WithCancel(t.Context())
		dev.Run(ctx, func(e pn532.Event) {
			if e.Kind != pn532.Tapped {
				return
			}
			if !bytes.Contains(k.seen, campus().UID) {
				t.Error("the UID was never read")
			}
			for _, b := range k.bufs {
				if bytes.Contains(b, campus().UID[2:5]) {
					t.Errorf("a read buffer holds % X", b)
					break
				}
			}
			cancel()
		})
	})
}
