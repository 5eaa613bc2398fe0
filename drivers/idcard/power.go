package idcard

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jobhome/drivers/idcard/samv"
)

const (
	dumbSessions   = 3                // in a row end with silence or resets used up: the power is cycled
	absentSessions = 30               // in a row in which it could not be opened: the same
	offTime        = 2 * time.Second  // without power: capacitors must run empty
	relayTime      = 5 * time.Second  // switching may take this long
	cycleFirst     = time.Minute      // after the first power-cycle, at least this long to the next,
	cycleMost      = time.Hour        // doubled each time up to this
	soundTime      = time.Minute      // a session this long was no dumb one
	curedTime      = 10 * time.Minute // and this long begins the waiting times anew
)

// life is the history of the module's sessions, as far as power-cycling asks
// for it.
type life struct {
	ready  time.Time // when this session became ready, zero if it has not
	dumb   int       // sessions in a row that the module itself ended
	absent int       // sessions in a row that could not be opened
	next   time.Time // no power-cycle before
	wait   time.Duration
}

// absentError ends a session that did not begin.
type absentError struct{ err error }

func (e absentError) Error() string { return "idcard: open reader: " + e.err.Error() }
func (e absentError) Unwrap() error { return e.err }

// lost notes that a session has ended, and says so once.
func (r *run) lost(err error) {
	r.why = err
	r.count(func(s *Stats) { s.Up, s.Reason = false, err })
	if r.seen.what == held {
		r.ghost = r.seen
		r.seen = presence{}
	}
	l := &r.life
	if !l.ready.IsZero() {
		if time.Since(l.ready) >= soundTime {
			l.dumb, l.absent = 0, 0
		}
		if time.Since(l.ready) >= curedTime {
			l.wait = 0
		}
		l.ready = time.Time{}
	}
	var absent absentError
	switch {
	case errors.As(err, &absent):
		l.absent++
	case dumb(err):
		l.dumb++
		l.absent = 0
	default:
		l.absent = 0
	}
	if !r.down {
		r.down = true
		r.say(Event{Kind: Down, Err: err})
	}
}

// dumb reports whether the module itself ended the session, by silence or by
// statuses that resets have not mended, and not its line. A module that is not
// authorised is not dumb: no power-cycle mends that.
func dumb(err error) bool {
	var dead deadError
	var s samv.Status
	switch {
	case errors.As(err, &dead), soft(err):
		return true
	case errors.As(err, &s):
		return s.Action() != samv.Down
	}
	return false
}

func (r *run) dueToCycle() bool {
	l := &r.life
	return r.o.Power != nil && (l.dumb >= dumbSessions || l.absent >= absentSessions) && !time.Now().Before(l.next)
}

// powerCycle switches the module off and on. Every step is reported. It is left
// on even if ctx ends meanwhile.
func (r *run) powerCycle() {
	l := &r.life
	l.wait = min(max(2*l.wait, cycleFirst), cycleMost)
	l.next = time.Now().Add(l.wait)
	l.dumb, l.absent = 0, 0
	r.count(func(s *Stats) { s.PowerCycles++ })
	err := r.power(r.ctx, false)
	if r.ctx.Err() == nil {
		r.say(Event{Kind: PowerOff, Err: err})
	}
	r.pause(offTime)
	r.unpowered = true
	if r.switchOn(); !r.unpowered && r.ctx.Err() == nil {
		r.say(Event{Kind: PowerOn})
	}
	r.pause(settle)
}

// switchOn makes sure that the module has power. A refusal is reported, and
// tried again before the next session.
func (r *run) switchOn() {
	if r.o.Power == nil {
		return
	}
	// A program that is told to end must not leave the module off.
	err := r.power(context.WithoutCancel(r.ctx), true)
	if err != nil && r.ctx.Err() == nil && err.Error() != r.relay {
		r.say(Event{Kind: PowerOn, Err: err})
	}
	r.unpowered, r.relay = err != nil, ""
	if err != nil {
		r.relay = err.Error()
	}
}

func (r *run) power(ctx context.Context, on bool) error {
	ctx, cancel := context.WithTimeout(ctx, relayTime)
	defer cancel()
	if err := r.o.Power(ctx, on); err != nil {
		word := "off"
		if on {
			word = "on"
		}
		return fmt.Errorf("idcard: switch power %s: %w", word, err)
	}
	return nil
}

// pause waits between two sessions; a test is answered meanwhile, that the
// reader is down.
func (r *run) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			return
		case q := <-r.test:
			q <- tested{err: fmt.Errorf("idcard: test: reader is down: %w", r.why)}
		case <-r.ctx.Done():
			return
		}
	}
}
