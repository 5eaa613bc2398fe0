package pn532_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/pn532"
	"jobhome/drivers/pn532/pn532test"
)

func TestReady(t *testing.T) {
	onBoth(t, func(b *bench) {
		e := b.next(pn532.Ready)
		if e.Firmware != (pn532.Firmware{IC: 0x32, Version: 1, Rev: 6, Support: 7}) || e.Firmware.String() != "PN532 1.6" {
			b.Errorf("firmware %+v, %v", e.Firmware, e.Firmware)
		}
		b.silence(time.Minute)
		if n := bytes.Count(b.chip.Commands(), []byte{0x4A}); n < 150 || n > 201 {
			b.Errorf("%d looks for a badge in a minute, one in 300 ms asked", n)
		}
	})
}

func TestTapAndLeave(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.next(pn532.Ready)
		for _, badge := range []pn532test.Badge{staff(), campus(), staff()} {
			b.chip.Put(badge)
			b.taps(badge)
			b.silence(10 * time.Minute) // once in one presence
			synctest.Wait()
			if b.chip.FieldOn() {
				b.Error("the field stays on")
			}
			b.chip.Lift()
			lifted := time.Now()
			if d := b.next(pn532.Left).At.Sub(lifted); d < 300*time.Millisecond || d > time.Second {
				b.Errorf("seen after %v, two polls asked", d)
			}
			b.silence(time.Minute)
		}
	})
}

func TestShortGapIsNoRemoval(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.next(pn532.Ready)
		b.chip.Put(staff())
		b.taps(staff())
		for range 20 { // gone for one poll at most
			b.chip.Lift()
			time.Sleep(290 * time.Millisecond)
			b.chip.Put(staff())
			time.Sleep(time.Second)
		}
		b.silence(time.Minute)
	})
}

func TestSwap(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.next(pn532.Ready)
		b.chip.Put(staff())
		b.taps(staff())
		b.chip.Put(campus())
		b.next(pn532.Left)
		b.taps(campus())
		b.chip.Put(phone())
		b.next(pn532.Left)
		b.taps(phone())
		b.silence(10 * time.Minute) // a new UID with every poll is no swap
		b.chip.Put(staff())
		b.next(pn532.Left)
		b.taps(staff())
	})
}

// A terminal that starts anew, or loses its line, does not tell a badge twice.
func TestPresenceOutlivesTheLine(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.next(pn532.Ready)
		b.chip.Put(staff())
		b.taps(staff())
		for range 3 {
			b.chip.Unplug()
			b.next(pn532.Down)
			b.silence(time.Minute)
			b.chip.Replug()
			b.next(pn532.Ready)
			b.silence(time.Minute)
		}
		b.chip.Unplug()
		b.next(pn532.Down)
		b.chip.Lift()
		b.chip.Replug()
		b.next(pn532.Ready)
		b.next(pn532.Left)
	})
}

// Whatever goes wrong with one command, at whatever place, a badge is told once
// and its leaving too, and only what does not end is a reason to be down.
func TestEveryFaultAtEveryCommand(t *testing.T) {
	for f := pn532test.None; f < pn532test.Faults; f++ {
		for at := range 24 { // three to set up, two to begin, looks, the tap, two to let go, looks
			onBoth(t, func(b *bench) {
				for range at / 2 {
					b.chip.Fault(pn532test.None)
				}
				b.chip.Fault(f)
				if at%2 != 0 {
					b.chip.Fault(f) // twice in a row, so that the command fails for good
				}
				b.next(pn532.Ready)
				time.Sleep(400 * time.Millisecond)
				b.chip.Put(campus())
				b.taps(campus())
				b.silence(time.Minute)
				b.chip.Lift()
				b.next(pn532.Left)
				b.silence(time.Minute)
			})
		}
	}
}

// A command that is lost is sent once more, and nobody notices.
func TestEverySecondCommandLost(t *testing.T) {
	onBoth(t, func(b *bench) {
		for range 1000 {
			b.chip.Fault(pn532test.NoACK, pn532test.None)
		}
		b.next(pn532.Ready)
		b.chip.Put(staff())
		b.taps(staff())
		b.silence(time.Minute)
	})
}

// A fault that stays is named.
func TestFaultsThatStay(t *testing.T) {
	for f, want := range map[pn532test.Fault]error{
		pn532test.NoACK:      pn532.ErrNoACK,
		pn532test.NACK:       pn532.ErrNoACK,
		pn532test.BadForGood: pn532.ErrChecksum,
		pn532test.Late:       pn532.ErrSilent,
		pn532test.Mute:       pn532.ErrSilent,
		pn532test.Extended:   pn532.ErrExtended,
		pn532test.Syntax:     pn532.ErrOdd,
		pn532test.Other:      pn532.ErrOdd,
	} {
		t.Run(f.String(), func(t *testing.T) {
			onBoth(t, func(b *bench) {
				b.chip.Always(f)
				if e := b.next(pn532.Down); !errors.Is(e.Err, want) {
					b.Errorf("%v, want %v", e.Err, want)
				}
				b.silence(time.Minute)
				b.chip.Always(pn532test.None)
				b.next(pn532.Ready)
				b.chip.Put(staff())
				b.taps(staff())
				b.chip.Always(f) // with a badge on the reader
				if e := b.next(pn532.Down); !errors.Is(e.Err, want) {
					b.Errorf("later: %v, want %v", e.Err, want)
				}
				b.chip.Always(pn532test.None)
				b.next(pn532.Ready)
				b.silence(time.Minute)
			})
		})
	}
}

// Damage that a repetition mends, in every single answer, goes unnoticed.
func TestMendedDamage(t *testing.T) {
	for _, f := range []pn532test.Fault{pn532test.BadSum, pn532test.BadLength, pn532test.Truncated, pn532test.Garbage} {
		t.Run(f.String(), func(t *testing.T) {
			onBoth(t, func(b *bench) {
				b.chip.Always(f)
				b.next(pn532.Ready)
				b.chip.Put(campus())
				b.taps(campus())
				b.silence(time.Minute)
				b.chip.Lift()
				b.next(pn532.Left)
			})
		})
	}
}

func TestDeadAndUnplugged(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.next(pn532.Ready)
		b.chip.Dead(true)
		b.next(pn532.Down)
		b.silence(time.Hour)
		b.chip.Dead(false)
		b.next(pn532.Ready)
		b.chip.Unplug()
		b.next(pn532.Down)
		b.silence(time.Hour)
		b.chip.Replug()
		plugged := time.Now()
		if d := b.next(pn532.Ready).At.Sub(plugged); d > 9*time.Second {
			b.Errorf("seen after %v", d)
		}
		b.chip.Put(staff())
		b.taps(staff())
	})
}

// An answer that describes no badge of the standard is no badge, and a chip
// that gives nothing else is down.
func TestOddBadges(t *testing.T) {
	for _, n := range []int{0, 1, 3, 5, 8, 11} {
		onBoth(t, func(b *bench) {
			b.next(pn532.Ready)
			odd := staff()
			odd.UID = bytes.Repeat([]byte{0xAB}, n)
			b.chip.Put(odd)
			if e := b.next(pn532.Down); !errors.Is(e.Err, pn532.ErrOdd) || bytes.Contains([]byte(e.Err.Error()), []byte("AB")) {
				b.Errorf("%d bytes: %v", n, e.Err)
			}
		})
	}
	onBoth(t, func(b *bench) { // an ATS so long that the answer is read twice on I²C
		b.next(pn532.Ready)
		long := campus()
		long.UID = []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
		long.ATS = bytes.Repeat([]byte{0x00, 0xFF}, 110)
		b.chip.Put(long)
		b.taps(long)
		b.silence(time.Minute)
	})
}
