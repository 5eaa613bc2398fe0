package pn532_test

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/i2c"

	"jobhome/drivers/pn532"
	"jobhome/drivers/pn532/pn532test"
)

// told is an event with its UID, which does not outlive the event itself.
type told struct {
	pn532.Event
	uid []byte
}

// bench is a driver running against a chip made of software.
type bench struct {
	*testing.T
	chip   *pn532test.Chip
	events chan told
	uids   [][]byte // as they are after their events
}

// Three badges that do not exist.
func staff() pn532test.Badge {
	return pn532test.Badge{UID: []byte{0xC1, 0x5A, 0x77, 0x3E}, ATQA: [2]byte{0x00, 0x04}, SAK: 0x08}
}

func campus() pn532test.Badge {
	return pn532test.Badge{
		UID:  []byte{0x04, 0x5A, 0x77, 0x3E, 0x91, 0xC4, 0x80},
		ATQA: [2]byte{0x03, 0x44}, SAK: 0x20, ATS: []byte{0x06, 0x75, 0x77, 0x81, 0x02, 0x80},
	}
}

func phone() pn532test.Badge {
	return pn532test.Badge{Random: true, ATQA: [2]byte{0x00, 0x04}, SAK: 0x20, ATS: []byte{0x05, 0x78, 0x80, 0x70, 0x02}}
}

// onBoth runs f over HSU and over I²C, each in a bubble of fake time.
func onBoth(t *testing.T, f func(*bench)) {
	t.Helper()
	for _, way := range []string{"hsu", "i2c"} {
		t.Run(way, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bench{T: t, chip: pn532test.New(), events: make(chan told, 1000)}
				b.run(newDev(way, b.chip), f)
			})
		})
	}
}

func newDev(way string, chip *pn532test.Chip) *pn532.Dev {
	if way == "i2c" {
		return pn532.NewI2C(func() (i2c.BusCloser, error) { return chip.Bus() }, pn532.Opts{})
	}
	return pn532.New(func() (pn532.Wire, error) { return chip.Dial() }, pn532.Opts{})
}

func (b *bench) run(dev *pn532.Dev, f func(*bench)) {
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	defer cancel()
	go func() {
		done <- dev.Run(ctx, func(e pn532.Event) {
			b.wiped()
			b.uids = append(b.uids, e.UID)
			b.events <- told{e, bytes.Clone(e.UID)}
		})
	}()
	f(b)
	cancel()
	if err := <-done; err != context.Canceled {
		b.Errorf("Run = %v", err)
	}
	b.wiped()
	b.chip.Unplug()
	time.Sleep(time.Minute) // what is late ends
}

// next waits for an event and checks its kind.
func (b *bench) next(want pn532.Kind) told {
	b.Helper()
	select {
	case e := <-b.events:
		if e.Kind != want {
			b.Fatalf("event %v (%v), want %v", e.Kind, e.Err, want)
		}
		if e.At.IsZero() || (e.Err != nil) != (want == pn532.Down) {
			b.Errorf("%v at %v: %v", e.Kind, e.At, e.Err)
		}
		return e
	case <-time.After(time.Hour):
		b.Fatalf("no event, want %v", want)
	}
	return told{}
}

// taps checks that a badge is reported as it is.
func (b *bench) taps(want pn532test.Badge) {
	b.Helper()
	e := b.next(pn532.Tapped)
	if !want.Random && !bytes.Equal(e.uid, want.UID) || e.ATQA != want.ATQA || e.SAK != want.SAK || e.Random != want.Random {
		b.Errorf("tapped % X %X %02X random %v", e.uid, e.ATQA, e.SAK, e.Random)
	}
}

// silence checks that nothing happens for d.
func (b *bench) silence(d time.Duration) {
	b.Helper()
	select {
	case e := <-b.events:
		b.Errorf("event %v (%v), want none", e.Kind, e.Err)
	case <-time.After(d):
	}
}

// wiped checks that nothing is left of the UIDs handed over so far.
func (b *bench) wiped() {
	for i, uid := range b.uids {
		if bytes.Count(uid, []byte{0}) != len(uid) {
			b.Errorf("UID %d was not overwritten", i)
		}
	}
}
