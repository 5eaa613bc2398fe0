package outbox_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/sync/outbox/outboxtest"
	"jobhome/sync/record"
)

func TestSilenceIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t)
	r.hub.Arrived = func(*record.Batch) { cancel() }
	r.always = outboxtest.DropRequest
	if err := r.box.Round(ctx); err == nil {
		t.Error("a cancelled round went through")
	}
	if r.state.Saves != 0 {
		t.Error("a terminal that is switched off has backed off")
	}
}

// Two hours of a hub that is away: attempts come later and later, at random, and
// a restart does not begin anew.
func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer func() { _ = r.hub.Close() }()
		r.always = outboxtest.Sick
		r.ledger.Write(1)
		var at []time.Duration
		begun := time.Now()
		r.hub.Arrived = func(*record.Batch) { at = append(at, time.Since(begun)) }
		stop := r.run()
		time.Sleep(48 * time.Hour)
		stop()
		for i := 1; i < len(at); i++ {
			if gap := at[i] - at[i-1]; gap < 5*time.Second || gap > time.Hour+time.Minute {
				t.Errorf("attempt %d came %v after the one before", i, gap)
			}
		}
		if len(at) < 48 || len(at) > 700 {
			t.Errorf("%d attempts in two days", len(at))
		}
		last, next := at[len(at)-1], r.box.Report().Next
		r.box = r.open()
		stop = r.run()
		time.Sleep(time.Until(next) - time.Second)
		stop()
		if got := at[len(at)-1]; got != last {
			t.Errorf("a restart came back after %v, not at %v", got-last, next)
		}
		r.always = outboxtest.NoFault
		stop = r.run()
		time.Sleep(2 * time.Hour)
		stop()
		if r.waiting() != 0 || !strings.Contains(string(r.state.Bytes), "{") || strings.Contains(string(r.state.Bytes), "until") {
			t.Errorf("%d wait, state %s", r.waiting(), r.state.Bytes)
		}
	})
}

// run runs the outbox until the function that it returns is called.
func (r *rig) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- r.box.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			r.Errorf("Run ended with %v", err)
		}
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer func() { _ = r.hub.Close() }()
		r.faults = []outboxtest.Fault{outboxtest.Busy}
		r.ledger.Write(1)
		var at []time.Time
		r.hub.Arrived = func(*record.Batch) { at = append(at, time.Now()) }
		stop := r.run()
		time.Sleep(time.Minute)
		r.box.Poke() // does not push
		time.Sleep(10 * time.Minute)
		stop()
		if len(at) != 2 || at[1].Sub(at[0]) < 2*time.Minute || at[1].Sub(at[0]) > 3*time.Minute {
			t.Errorf("attempts at %v", at)
		}
	})
}

func TestPokeAndInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer func() { _ = r.hub.Close() }()
		stop := r.run()
		time.Sleep(time.Minute)
		r.ledger.Write(1)
		r.box.Poke()
		r.box.Poke()
		time.Sleep(time.Second)
		r.ledger.Write(2) // of the same walk-in
		time.Sleep(10 * time.Second)
		synctest.Wait()
		r.once(3)
		stop()
		n := len(r.heard)
		stop = r.run()
		time.Sleep(24 * time.Hour)
		stop()
		if beats := len(r.heard) - n; beats < 80 || beats > 110 {
			t.Errorf("%d heartbeats in a day", beats)
		}
	})
}

func TestClockThatWasSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer func() { _ = r.hub.Close() }()
		// The machine woke up in the year 2000, which is what the clock says here.
		r.state.Bytes = []byte(`{"wait":1800000000000,"until":"2026-11-25T12:00:00Z"}`)
		r.box = r.open()
		stop := r.run()
		time.Sleep(31 * time.Minute)
		stop()
		if len(r.heard) == 0 {
			t.Error("the terminal waits for 26 years")
		}
	})
}
