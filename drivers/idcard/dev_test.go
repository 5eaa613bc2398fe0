package idcard_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

// next is the next event, which must be of this kind.
func (b *bench) next(k idcard.Kind) idcard.Event {
	b.Helper()
	select {
	case e := <-b.events:
		if e.Kind != k {
			b.Fatalf("event %v (%v, %v), want %v", e.Kind, e.Status, e.Err, k)
		}
		return e
	case <-time.After(2 * time.Minute):
		b.Fatalf("no event, want %v", k)
	}
	return idcard.Event{}
}

// reads expects a card to be found and read, and gives its number.
func (b *bench) reads(p sim.Person) *idcard.Card {
	b.Helper()
	b.next(idcard.Found)
	c := b.next(idcard.Read).Card
	if string(c.Number) != p.Number || string(c.Name) != p.Name {
		b.Fatalf("read %v, want %s", c, p.ID)
	}
	return c
}

// silence expects nothing for d.
func (b *bench) silence(d time.Duration) {
	b.Helper()
	select {
	case e := <-b.events:
		b.Fatalf("event %v (%v, %v), want none", e.Kind, e.Status, e.Err)
	case <-time.After(d):
	}
}

func people() (a, b sim.Person) { p := sim.People(); return p[0], p[1] }

func TestOneCard(t *testing.T) {
	for _, ro := range []sim.ReaderOpts{{}, {ReadOnce: true, HaltOnError: true}, {NoCardID: true}, {FindData: true}, {PowerUp: 2 * time.Second}} {
		onBench(t, ro, idcard.Opts{}, func(b *bench) {
			chen, _ := people()
			if e := b.next(idcard.Ready); e.SAM != "05.03-20240115-0001234567-0987654321" || e.At.IsZero() {
				b.Errorf("ready: %+v", e)
			}
			b.dev.Arm()
			b.silence(10 * time.Second)
			b.rd.Place(chen)
			c := b.reads(chen)
			if c.NewAddress != nil {
				b.Error("an address was read that nobody asked for")
			}
			b.silence(time.Minute) // left lying: find answers 80, the probe answers
			b.dev.Disarm()
			b.silence(time.Minute)
			b.rd.Lift()
			b.next(idcard.Removed)
			b.silence(time.Minute)
			b.rd.Place(chen)
			b.silence(time.Minute) // nobody has agreed
			b.dev.Arm()
			b.reads(chen)
			b.rd.Lift()
			b.next(idcard.Removed)
			b.rd.Place(chen) // the same card in a new presence is news
			b.reads(chen)
		})
	}
}

func TestNothingIsLookedForWhileDisarmed(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.rd.Place(chen)
		b.silence(10 * time.Minute)
		for _, c := range b.rd.Commands() {
			if c != samv.SAMID && c != samv.SAMStatus {
				b.Fatalf("%v was sent without consent", c)
			}
		}
		if n := len(b.rd.Commands()); n < 100 {
			b.Errorf("%d commands: health is not watched", n)
		}
	})
}

func TestOnlyTheCommandsOfTheProtocol(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{NewestAddress: true, MaxRF: 80}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		if c := b.reads(chen); string(c.NewAddress) != chen.NewAddress {
			b.Errorf("newest address %q", c.NewAddress)
		}
		b.rd.Lift()
		b.next(idcard.Removed)
		got := slices.Compact(b.rd.Commands())
		want := []samv.Command{
			samv.SAMID, samv.SAMStatus, samv.SetMaxRF, samv.SAMStatus,
			samv.Find, samv.Select, samv.Read, samv.ReadAddress, samv.ReadCardID,
		}
		if len(got) < 3 || !slices.Equal(got[:3], want[:3]) {
			b.Errorf("began with %v", got)
		}
		i := slices.Index(got, samv.Find)
		for i+1 < len(got) && got[i+1] != samv.Select {
			i++
		}
		if i < 0 || !slices.Equal(got[i:i+5], want[4:]) {
			b.Errorf("read with %v", got[max(i, 0):])
		}
	})
}

func TestNoNewestAddress(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{NewestAddress: true}, func(b *bench) {
		_, ayigul := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(ayigul)
		if c := b.reads(ayigul); c.NewAddress != nil {
			b.Errorf("newest address %q, want none (91)", c.NewAddress)
		}
		b.silence(time.Minute)
	})
}

func TestSwap(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, ayigul := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		b.rd.Swap(ayigul)
		b.next(idcard.Removed)
		b.reads(ayigul)
		b.silence(time.Minute)
		b.rd.Swap(ayigul) // put back before a probe missed it: the same presence
		b.silence(time.Minute)
		b.rd.PlaceOther()
		b.next(idcard.Removed)
		b.next(idcard.Found)
		b.next(idcard.NotResident)
		b.rd.Swap(chen)
		b.next(idcard.Read)
		b.dev.Disarm()
		b.rd.Swap(ayigul) // nobody may look at this one
		b.next(idcard.Removed)
		b.silence(time.Minute)
	})
}

func TestConsentEndsDuringTheRead(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.rd.Place(chen)
		b.rd.SlowBy(500 * time.Millisecond)
		b.dev.Arm()
		b.next(idcard.Found)
		b.dev.Disarm()
		b.silence(time.Minute) // read, wiped, told to nobody
		b.dev.Arm()            // somebody agrees; this card may be another's
		if e := b.next(idcard.Failed); e.Err != idcard.ErrCardLeft {
			b.Errorf("failed: %v, want ErrCardLeft", e.Err)
		}
		b.silence(time.Minute)
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Place(chen)
		b.reads(chen)
		b.dev.Disarm()
		b.dev.Arm()
		b.next(idcard.Failed)
		b.rd.Swap(chen) // lifted and put back in a moment: now it counts
		b.next(idcard.Removed)
		b.reads(chen)
	})
}

func TestDamageOnTheWire(t *testing.T) {
	for name, spoil := range map[string]func(*sim.Reader){
		"noise before":       func(r *sim.Reader) { r.Garbage([]byte{0xAA, 0xAA, 0x96, 0, 0xAA, 0xAA, 0xAA, 0x96}) },
		"false length":       func(r *sim.Reader) { r.Garbage([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0xFF, 0xFF}) },
		"one by one":         func(r *sim.Reader) { r.Split(1) },
		"by seven":           func(r *sim.Reader) { r.Split(7) },
		"by 64":              func(r *sim.Reader) { r.Split(64) },
		"slow":               func(r *sim.Reader) { r.SlowBy(900 * time.Millisecond) },
		"one wrong checksum": func(r *sim.Reader) { r.CorruptNext(1) },
		"checksum fooled":    func(r *sim.Reader) { r.GarbleNext(1) },
		"one answer cut":     func(r *sim.Reader) { r.CutNext(1) },
		"find is late":       func(r *sim.Reader) { r.DelayNext(1030 * time.Millisecond) },
		"select is late":     func(r *sim.Reader) { r.DelayNext(0); r.DelayNext(1030 * time.Millisecond) },
	} {
		t.Run(name, func(t *testing.T) {
			onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
				chen, _ := people()
				b.next(idcard.Ready)
				b.silence(time.Second) // between two health queries
				spoil(b.rd)
				b.rd.Place(chen)
				b.dev.Arm()
				b.reads(chen)
				b.silence(time.Minute)
				b.rd.Lift()
				b.next(idcard.Removed)
			})
		})
	}
}

// The answer of a command that was given up is thrown away before the next one
// is sent.
func TestLateAnswerIsNotTheNextOne(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.silence(time.Second)
		b.rd.DelayNext(0)                       // find
		b.rd.DelayNext(1030 * time.Millisecond) // select
		b.rd.Place(chen)
		b.dev.Arm()
		b.reads(chen)
		got := b.rd.Commands()
		want := []samv.Command{samv.Find, samv.Select, samv.Find, samv.Select, samv.Read}
		if i := slices.Index(got, samv.Find); i < 0 || !slices.Equal(got[i:], want) {
			b.Errorf("commands %v, want %v at the end", got, want)
		}
	})
}

func TestReadFailures(t *testing.T) {
	for _, s := range []samv.Status{
		samv.CardRefusesSAM, samv.SAMRefusesCard, samv.BadInfo, samv.ReadFailed,
		samv.UnknownError, samv.NotAllowed, samv.BadCommand, 0x77,
	} {
		t.Run(fmt.Sprintf("%02X", byte(s)), func(t *testing.T) {
			onBench(t, sim.ReaderOpts{HaltOnError: true}, idcard.Opts{}, func(b *bench) {
				chen, _ := people()
				b.next(idcard.Ready)
				b.dev.Arm()
				b.rd.FailRead(s)
				b.rd.Place(chen)
				b.next(idcard.Found)
				e := b.next(idcard.Failed)
				if e.Status != s || !errors.Is(e.Err, s) {
					b.Errorf("failed with %v, %v, want %v", e.Status, e.Err, s)
				}
				b.next(idcard.Removed) // the module has forgotten the card
				b.silence(time.Minute)
				b.rd.Lift()
				b.rd.Place(chen)
				b.reads(chen)
			})
		})
	}
}

func TestFailureThatARetryMends(t *testing.T) {
	for _, s := range []samv.Status{samv.BadChecksum, samv.ReadFailed, samv.CardRefusesSAM, samv.RandomFailed} {
		onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
			chen, _ := people()
			b.next(idcard.Ready)
			b.dev.Arm()
			b.rd.FailRead(s)
			b.rd.Place(chen)
			b.reads(chen)
			reset := slices.Contains(b.rd.Commands(), samv.Reset)
			if reset != (s == samv.RandomFailed) {
				b.Errorf("%v: module reset: %v", s, reset)
			}
		})
	}
}

func TestUnreadableCard(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.PlaceUnreadable()
		b.next(idcard.Found)
		if e := b.next(idcard.Failed); e.Status != samv.ReadFailed {
			b.Errorf("%v", e.Status)
		}
		b.silence(time.Minute) // said once
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.PlaceUnreadable()
		b.next(idcard.Found)
		b.next(idcard.Failed)
		b.rd.Swap(chen) // a good card before the bad one was missed
		b.next(idcard.Read)
		b.rd.PlaceUnreadable()
		b.next(idcard.Removed)
		b.next(idcard.Found)
		b.next(idcard.Failed)
		b.dev.Disarm()
		b.rd.Lift()
		b.silence(time.Minute) // it was never read: nothing to tell
	})
}

func TestDamagedRecordIsNeverReported(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.GarbleNext(100)
		b.rd.Place(chen)
		b.next(idcard.Found)
		e := b.next(idcard.Failed)
		if !errors.Is(e.Err, idcard.ErrRecord) || e.Status != 0 {
			b.Errorf("%v %v, want ErrRecord", e.Status, e.Err)
		}
		for _, secret := range []string{chen.Number, chen.Number[6:14], chen.Name, chen.Address} {
			if strings.Contains(e.Err.Error(), secret) {
				b.Error("the error tells what is on the card")
			}
		}
		b.silence(time.Minute) // the module has read it and answers the probe: it still lies there
		b.rd.GarbleNext(0)
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Place(chen)
		b.reads(chen)
	})
}
