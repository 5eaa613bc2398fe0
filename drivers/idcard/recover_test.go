package idcard_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

func TestUnplug(t *testing.T) {
	onBench(t, sim.ReaderOpts{PowerUp: time.Second}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		for _, when := range []string{"idle", "card lying", "mid-read"} {
			switch when {
			case "card lying":
				b.rd.Place(chen)
				b.reads(chen)
			case "mid-read":
				b.rd.SlowBy(400 * time.Millisecond)
				b.rd.Place(chen)
				b.next(idcard.Found)
				time.Sleep(600 * time.Millisecond)
			}
			b.rd.Unplug()
			if e := b.next(idcard.Down); e.Err == nil {
				b.Errorf("%s: down without a reason", when)
			}
			b.rd.SlowBy(0)
			b.rd.Lift()
			b.silence(time.Minute) // said once, tried again every second
			b.rd.Replug()
			b.next(idcard.Ready)
		}
		b.rd.Place(chen)
		b.reads(chen)
	})
}

func TestSilentModule(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.rd.Dead(true)
		if e := b.next(idcard.Down); !errors.Is(e.Err, idcard.ErrSilent) {
			b.Errorf("down: %v", e.Err)
		}
		b.silence(time.Minute)
		b.rd.Dead(false)
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		b.rd.CorruptNext(1000)
		if e := b.next(idcard.Down); !errors.Is(e.Err, samv.ErrChecksum) {
			b.Errorf("down: %v", e.Err)
		}
	})
}

func TestSelfTest(t *testing.T) {
	for _, s := range []samv.Status{samv.SelfTestFailed, samv.NotAuthorised} {
		for _, armed := range []bool{false, true} {
			onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
				b.next(idcard.Ready)
				if armed {
					b.dev.Arm()
				}
				b.rd.SelfTest(s)
				if e := b.next(idcard.Down); !errors.Is(e.Err, s) {
					b.Errorf("down: %v, want %v", e.Err, s)
				}
				if got := slices.Contains(b.rd.Commands(), samv.Reset); got != (s == samv.SelfTestFailed) {
					b.Errorf("%v: reset sent: %v", s, got)
				}
				before := len(b.rd.Commands())
				b.silence(5 * time.Minute)
				// A fault that only service can mend is looked at every half minute.
				if n := len(b.rd.Commands()) - before; s == samv.NotAuthorised && n > 30 {
					b.Errorf("%v: %d commands in five minutes", s, n)
				}
				b.rd.SelfTest(0)
				b.next(idcard.Ready)
			})
		}
	}
}

func TestFaultsWhileACardLies(t *testing.T) {
	for _, s := range []samv.Status{samv.SelfTestFailed, samv.NotAuthorised} {
		onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
			chen, _ := people()
			b.next(idcard.Ready)
			b.dev.Arm()
			b.rd.Place(chen)
			b.reads(chen)
			b.rd.SelfTest(s)
			b.next(idcard.Down)
			b.rd.SelfTest(0)
			b.next(idcard.Ready)
		})
	}
}

func TestReaderThatNeverAnswers(t *testing.T) {
	onBench(t, sim.ReaderOpts{PowerUp: time.Hour}, idcard.Opts{}, func(b *bench) {
		if e := b.next(idcard.Down); !errors.Is(e.Err, idcard.ErrSilent) {
			b.Errorf("down: %v", e.Err)
		}
		b.silence(30 * time.Minute)
	})
}

// A cancelled Run lets go of a line on which nothing comes, at once.
func TestCancelFreesAWaitingRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := sim.Pipe()
		dev := idcard.New(func() (idcard.Wire, error) { return theirs, nil }, idcard.Opts{
			Timeouts: map[samv.Command]time.Duration{samv.SAMID: time.Hour},
		})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		start := time.Now()
		wg.Go(func() {
			if err := dev.Run(ctx, func(idcard.Event) {}); !errors.Is(err, context.Canceled) {
				t.Errorf("Run = %v", err)
			}
		})
		synctest.Wait()
		if err := dev.Run(ctx, nil); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("second Run = %v, want a refusal", err)
		}
		cancel()
		wg.Wait()
		if d := time.Since(start); d > time.Second { // fake time: exact
			t.Errorf("took %v", d)
		}
		if _, err := ours.Read(make([]byte, 64)); err != nil {
			t.Errorf("the request was not sent: %v", err)
		}
	})
}

func TestUnknownCardType(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		chen.Type = 'Z'
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.next(idcard.Found)
		e := b.next(idcard.NotResident)
		var unknown idcard.UnknownTypeError
		if !errors.As(e.Err, &unknown) || unknown.Len != 256 {
			b.Errorf("%v, want UnknownTypeError", e.Err)
		}
		b.silence(time.Minute)
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.PlaceOther()
		b.next(idcard.Found)
		if e := b.next(idcard.NotResident); e.Status != samv.WrongCardType {
			b.Errorf("%v", e.Status)
		}
	})
}

// A terminal that starts anew, while the card of its last moment still lies on
// a reader that kept its power, does not wait for ever in silence.
func TestCardLeftFromBeforeTheProgram(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, ayigul := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		b.cut() // the driver loses its line, the module keeps its card
		b.next(idcard.Down)
		b.next(idcard.Ready)
		if e := b.next(idcard.Failed); e.Err != idcard.ErrCardLeft {
			b.Errorf("failed: %v, want ErrCardLeft", e.Err)
		}
		b.silence(time.Minute)
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Place(ayigul)
		b.reads(ayigul)
	})
}
