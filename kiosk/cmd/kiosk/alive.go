package main

import (
	"context"
	"os"
	"sync"
	"time"

	"jobhome/kiosk/alive"
	"jobhome/kiosk/session"
	"jobhome/ui/window"
)

// lingers is how long after a session somebody is taken to be there still.
const lingers = time.Minute

// presence remembers when somebody was there last.
type presence struct {
	mu   sync.Mutex
	last time.Time // zero: nobody since the start
}

// saw notes a state that is shown, which one is every second.
func (p *presence) saw(s session.State, now time.Time) {
	if s.Page == session.Attract {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = now
}

// busy reports whether somebody is there, or was within lingers.
func (p *presence) busy(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.last.IsZero() && now.Sub(p.last) < lingers
}

// readiness is when the first page has been painted.
type readiness struct{ ready <-chan struct{} }

// firstPaint is what is done then: the service manager is told, and painted is
// made unless it is "".
func (r *readiness) firstPaint(painted string) func() {
	ready := make(chan struct{})
	r.ready = ready
	return func() {
		close(ready)
		if painted != "" {
			_ = os.WriteFile(painted, nil, 0o644)
		}
	}
}

// tellAlive tells the service manager how the terminal is, until ctx ends; the
// channel is closed then.
func (t *terminal) tellAlive(ctx context.Context) (<-chan struct{}, error) {
	return alive.Start(ctx, alive.Options{
		Beats: map[string]func(context.Context) error{
			alive.Screen: screenBeat,
			"loop":       t.app.Beat,
			"ledger": func(ctx context.Context) error {
				_, err := t.ledger.List(ctx, 1)
				return err
			},
		},
		Health: t.health, Ready: t.ready, Log: t.log,
	})
}

// screenBeat returns nil when GTK's thread has taken something up.
func screenBeat(ctx context.Context) error {
	answer := make(chan struct{})
	window.Post(func() { close(answer) })
	select {
	case <-answer:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// health is how the terminal is, for the rest of the machine.
func (t *terminal) health() alive.Health {
	h := alive.Health{
		Printer: t.deviceState(session.PartPrinter), Reader: t.deviceState(session.PartReader),
		Hub: alive.None, Busy: t.present.busy(time.Now()), Program: programVersion(),
	}
	switch {
	case t.link.Load() != nil && t.link.Load().Reached():
		h.Hub = alive.Reached
	case t.settings.Hub.Fitted():
		h.Hub = alive.Offline
	}
	return h
}

func (t *terminal) deviceState(p session.Part) alive.State {
	switch fitted, answers := t.station.Answers(p); {
	case !fitted:
		return alive.None
	case answers:
		return alive.OK
	}
	return alive.Fault
}
