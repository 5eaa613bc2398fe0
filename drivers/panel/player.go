package panel

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// retryOut is when an output that failed is driven again.
const retryOut = time.Second

// player plays beats on an output. Its goroutine is the only one that drives
// the pin; what is asked of it is remembered and not waited for.
type player struct {
	out   *output
	wake  chan struct{} // something below has changed
	tests chan shot
	quit  chan struct{}
	ended chan struct{}
	err   error // of the last switching off; after ended

	mu      sync.Mutex
	mode    LampMode // what is played while nothing else is
	playing Sound    // 0: none
	waiting Sound    // 0: none; a later one takes its place
}

// shot is played once, for somebody who waits.
type shot struct {
	beats []beat
	done  chan error
}

func newPlayer(o *output) *player {
	p := &player{
		out: o, wake: make(chan struct{}, 1), tests: make(chan shot),
		quit: make(chan struct{}), ended: make(chan struct{}),
	}
	go p.run()
	return p
}

// shine changes the mode at once. The same mode goes on as it is.
func (p *player) shine(m LampMode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode != m {
		p.mode = m
		p.nudge()
	}
}

// sound plays s when the sound before it has ended.
func (p *player) sound(s Sound) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.playing == s && p.waiting == 0 || s.beats() == nil {
		return
	}
	p.waiting = s
	p.nudge()
}

func (p *player) nudge() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// test plays beats between what is played, and returns the first failure.
func (p *player) test(ctx context.Context, beats []beat) error {
	s := shot{beats, make(chan error, 1)}
	select {
	case p.tests <- s:
	case <-p.quit:
		return fmt.Errorf("panel: test %s: %w", p.out.f, ErrClosed)
	case <-ctx.Done():
		return fmt.Errorf("panel: test %s: %w", p.out.f, ctx.Err())
	}
	select {
	case err := <-s.done: // in any case, and soon
		return err
	case <-ctx.Done():
		return fmt.Errorf("panel: test %s: %w", p.out.f, ctx.Err())
	}
}

func (p *player) run() {
	defer close(p.ended)
	defer func() { p.err = p.out.off() }()
	mode, i := LampOff, 0
	for {
		if s := p.next(); s != 0 {
			if _, ok := p.play(s.beats()); !ok {
				return
			}
			i = 0
			continue
		}
		if m := p.resting(); m != mode {
			mode, i = m, 0
		}
		beats := mode.beats()
		b := beats[i%len(beats)]
		d := b.long
		if p.out.set(b.on) != nil {
			d = min(d, retryOut)
		}
		t := time.NewTimer(d)
		select {
		case <-t.C:
			i++
		case <-p.wake:
		case s := <-p.tests:
			err, _ := p.play(s.beats)
			s.done <- err
			i = 0
		case <-p.quit:
			t.Stop()
			return
		}
		t.Stop()
	}
}

// next takes the sound that waits.
func (p *player) next() Sound {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.playing, p.waiting = p.waiting, 0
	return p.playing
}

func (p *player) resting() LampMode {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mode
}

// play plays beats to their end, and reports the first failure, and false if
// the player is to end.
func (p *player) play(beats []beat) (first error, ok bool) {
	for _, b := range beats {
		if err := p.out.set(b.on); err != nil && first == nil {
			first = err
		}
		t := time.NewTimer(b.long)
		select {
		case <-t.C:
		case <-p.quit:
			t.Stop()
			if first == nil {
				first = fmt.Errorf("panel: %s: %w", p.out.f, ErrClosed)
			}
			return first, false
		}
	}
	return first, true
}

// close ends the player, with its output off.
func (p *player) close() error {
	close(p.quit)
	<-p.ended
	return p.err
}
