package idcard_test

import (
	"errors"
	"testing"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

// left expects to be told that the card is from before.
func (b *bench) left() {
	b.Helper()
	if e := b.next(idcard.Failed); e.Err != idcard.ErrCardLeft {
		b.Fatalf("failed: %v, want ErrCardLeft", e.Err)
	}
}

// A reader that lost its power finds a card anew that was never lifted. Under
// the same consent it is read again; under another it must be lifted first.
func TestCardThatLiesThroughAPowerLoss(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, ayigul := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		lose := func() {
			b.rd.Unplug()
			b.next(idcard.Down)
			b.rd.Replug()
		}
		lose()
		b.next(idcard.Ready)
		b.reads(chen)
		b.dev.Disarm()
		lose()
		b.dev.Arm()
		b.next(idcard.Ready)
		b.next(idcard.Found)
		b.left()
		b.silence(time.Minute)
		lose() // it still has not been lifted
		b.next(idcard.Ready)
		b.next(idcard.Found)
		b.left()
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Place(chen)
		b.reads(chen)
		b.dev.Disarm()
		lose()
		b.rd.Place(ayigul) // swapped while nobody could see
		b.dev.Arm()
		b.next(idcard.Ready)
		b.reads(ayigul)
		b.dev.Disarm()
		lose()
		b.rd.Lift()
		b.dev.Arm()
		b.next(idcard.Ready)
		b.silence(time.Minute) // nobody there
		b.rd.Place(ayigul)
		b.reads(ayigul) // so this is a new presence
	})
}

// The card that lay there when a session was lost is forgotten once it is known
// not to lie there any more, even if the first answers were odd.
func TestCardOfALostSessionIsForgotten(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		b.rd.Unplug()
		b.next(idcard.Down)
		b.rd.Lift()
		b.rd.Refuse(samv.Find, samv.UnknownError)
		b.rd.Replug()
		b.next(idcard.Ready)
		b.silence(time.Minute + 100*time.Millisecond) // not in the middle of a look, which is of the old consent
		b.dev.Disarm()
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
	})
}

// A module that is reset by the driver forgets a card that still lies there.
// That is no removal, and no news.
func TestResetWhileACardLies(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, ayigul := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		reset := func() {
			b.rd.Refuse(samv.ReadCardID, samv.RandomFailed)
			b.silence(time.Minute)
		}
		reset()
		b.dev.Disarm()
		reset() // nobody may look whether it is still there
		b.dev.Arm()
		b.left()
		b.silence(time.Minute)
		reset()
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Place(chen)
		b.reads(chen)
		b.rd.Refuse(samv.ReadCardID, samv.RandomFailed)
		time.Sleep(time.Second)
		b.rd.Swap(ayigul) // while the module starts anew
		b.next(idcard.Removed)
		b.reads(ayigul)
		if n := b.dev.Stats().Resets; n != 4 {
			b.Errorf("%d resets", n)
		}
		b.cut()
		b.next(idcard.Down)
		b.next(idcard.Ready)
		b.left() // found by asking, so its number is not known
		reset()
		b.rd.Lift()
		b.next(idcard.Removed)
	})
}

// A person is asked to put a card down anew once for each time it was put down.
func TestReplacingIsAskedForOnce(t *testing.T) {
	for _, ro := range []sim.ReaderOpts{{}, {HaltOnError: true}} {
		onBench(t, ro, idcard.Opts{}, func(b *bench) {
			chen, _ := people()
			b.next(idcard.Ready)
			b.dev.Arm()
			for range 5 {
				b.rd.PlaceUnreadable()
				b.next(idcard.Found)
				if e := b.next(idcard.Failed); e.Status != samv.ReadFailed || e.Status.Action() != samv.RePlace {
					b.Errorf("%v", e.Status)
				}
				if !ro.HaltOnError {
					b.silence(time.Minute)
					b.rd.Lift()
				}
				start := time.Now()
				b.next(idcard.Removed)
				if d := time.Since(start); d > time.Second { // fake time
					b.Errorf("removal took %v", d)
				}
				b.rd.Lift()
				b.silence(2 * time.Second)
			}
			b.rd.Place(chen)
			b.reads(chen)
		})
	}
}

// What the driver does with each code is what the table of the protocol says,
// in every step of reading a card.
func TestEveryStatusInEveryStep(t *testing.T) {
	for _, step := range []samv.Command{samv.Find, samv.Select, samv.Read} {
		for v := range 256 {
			s := samv.Status(v)
			if s == samv.OK || s == samv.Found {
				continue
			}
			setup{transports["serial"], sim.ReaderOpts{}, func(*sim.Reader) idcard.Opts { return idcard.Opts{} }}.run(t, func(b *bench) {
				chen, _ := people()
				b.next(idcard.Ready)
				b.rd.Refuse(step, s)
				b.rd.Place(chen)
				b.dev.Arm()
				defer func() {
					if t.Failed() {
						t.Fatalf("%v answered with %v", step, s)
					}
				}()
				b.step(step, s, chen)
			})
		}
	}
}

// step expects what follows one answer with s to this step of a read.
func (b *bench) step(c samv.Command, s samv.Status, p sim.Person) {
	resets := b.dev.Stats().Resets
	switch {
	case s.Action() == samv.Down:
		if c != samv.Find {
			b.next(idcard.Found)
		}
		if e := b.next(idcard.Down); !errors.Is(e.Err, s) {
			b.Errorf("down: %v", e.Err)
		}
		b.next(idcard.Ready)
		b.reads(p)
		return
	case c != samv.Find && s.Action() == samv.NotResidentCard:
		b.next(idcard.Found)
		if e := b.next(idcard.NotResident); e.Status != s {
			b.Errorf("not resident: %v", e.Status)
		}
		b.next(idcard.Read) // the code was wrong: the next try is good
		return
	case c != samv.Find && s.Action() == samv.GiveUp:
		b.next(idcard.Found)
		if e := b.next(idcard.Failed); e.Status != s {
			b.Errorf("failed: %v", e.Status)
		}
		b.next(idcard.Read)
		return
	}
	b.reads(p) // tried again at once, or after a reset
	b.silence(10 * time.Second)
	if got := b.dev.Stats().Resets - resets; (got == 1) != (s.Action() == samv.ResetModule) {
		b.Errorf("%d resets", got)
	}
}
