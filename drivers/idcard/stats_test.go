package idcard_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

func TestStats(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, ayigul := people()
		b.next(idcard.Ready)
		b.dev.Arm()
		b.rd.FailRead(samv.ReadFailed, samv.CardRefusesSAM)
		b.rd.Place(chen)
		b.reads(chen)
		b.rd.GarbleNext(2)
		b.rd.Swap(ayigul)
		b.next(idcard.Removed)
		b.next(idcard.Found)
		b.next(idcard.Failed)
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Place(ayigul)
		b.reads(ayigul)
		b.rd.PlaceOther()
		b.next(idcard.Removed)
		b.next(idcard.Found)
		b.next(idcard.NotResident)
		s := b.dev.Stats()
		want := map[samv.Status]int{samv.ReadFailed: 1, samv.CardRefusesSAM: 1, 0: 1, samv.WrongCardType: 1}
		for code, n := range want {
			if s.Failures[code] != n {
				b.Errorf("%v: %d failures, want %d", code, s.Failures[code], n)
			}
		}
		if len(s.Failures) != len(want) || s.Reads != 2 || s.Opens != 1 || !s.Up || s.Reason != nil ||
			s.SAM != "05.03-20240115-0001234567-0987654321" || s.Unanswered != 0 || time.Since(s.LastAnswer) > time.Second {
			b.Errorf("%+v", s)
		}
		if got := len(b.rd.Commands()); s.Answers != got {
			b.Errorf("%d answers to %d commands", s.Answers, got)
		}
		s.Failures[samv.ReadFailed] = 99
		if b.dev.Stats().Failures[samv.ReadFailed] != 1 {
			b.Error("the counters are not a copy")
		}
		b.rd.Unplug()
		b.next(idcard.Down)
		time.Sleep(time.Minute)
		if s := b.dev.Stats(); s.Up || !errors.Is(s.Reason, sim.ErrUnplugged) || s.Opens != 1 || time.Since(s.LastAnswer) < time.Minute {
			b.Errorf("unplugged: %+v", s)
		}
	})
}

func TestTheTestOfAReader(t *testing.T) {
	onBench(t, sim.ReaderOpts{}, idcard.Opts{}, func(b *bench) {
		chen, _ := people()
		b.next(idcard.Ready)
		ctx := b.Context()
		good := func() {
			b.Helper()
			r, err := b.dev.Test(ctx)
			if err != nil || r.SAM != "05.03-20240115-0001234567-0987654321" || r.Status != samv.OK {
				b.Errorf("test: %+v, %v", r, err)
			}
		}
		good()
		b.dev.Arm()
		good()
		b.rd.SlowBy(100 * time.Millisecond)
		if r, err := b.dev.Test(ctx); err != nil || r.Took < 200*time.Millisecond || r.Took > time.Second {
			b.Errorf("slow: %+v, %v", r, err)
		}
		b.rd.SlowBy(0)
		b.rd.Place(chen)
		b.reads(chen)
		if _, err := b.dev.Test(ctx); !errors.Is(err, idcard.ErrCardOn) {
			b.Errorf("with a card: %v", err)
		}
		b.silence(time.Minute) // the card was not disturbed
		b.rd.Lift()
		b.next(idcard.Removed)
		b.rd.Refuse(samv.SAMStatus, samv.SelfTestFailed)
		if r, err := b.dev.Test(ctx); err != nil || r.Status != samv.SelfTestFailed {
			b.Errorf("self-test failed: %+v, %v", r, err)
		}
		b.rd.Refuse(samv.SAMID, samv.UnknownError)
		if r, err := b.dev.Test(ctx); err != nil || r.Status != samv.UnknownError || r.SAM != "" {
			b.Errorf("no number: %+v, %v", r, err)
		}
		good()
		short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		b.rd.DelayNext(700 * time.Millisecond)
		if _, err := b.dev.Test(short); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("out of time: %v", err)
		}
		time.Sleep(time.Second)
		b.rd.Dead(true)
		if _, err := b.dev.Test(ctx); !errors.Is(err, idcard.ErrSilent) {
			b.Errorf("dead: %v", err)
		}
		b.next(idcard.Down)
		if _, err := b.dev.Test(ctx); !errors.Is(err, idcard.ErrSilent) {
			b.Errorf("down: %v", err)
		}
		b.rd.Dead(false)
		b.next(idcard.Ready)
		good()
	})
}

func TestTestWithoutRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rd := sim.NewReader(sim.ReaderOpts{})
		dev := idcard.New(func() (idcard.Wire, error) { return rd.Dial() }, idcard.Opts{})
		if _, err := dev.Test(t.Context()); !errors.Is(err, idcard.ErrNotRunning) {
			t.Errorf("before Run: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		dev.Run(ctx, func(idcard.Event) { // Ready
			go func() {
				_, err := dev.Test(t.Context())
				done <- err
			}()
			synctest.Wait() // it waits for the loop, which ends
			cancel()
		})
		if err := <-done; !errors.Is(err, idcard.ErrNotRunning) {
			t.Errorf("while Run ended: %v", err)
		}
		if s := dev.Stats(); s.Up || !errors.Is(s.Reason, idcard.ErrNotRunning) {
			t.Errorf("%+v", s)
		}
	})
}
