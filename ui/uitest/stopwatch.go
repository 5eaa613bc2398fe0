package uitest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xproto"
)

// Hit is one rectangle painted anew.
type Hit struct {
	After time.Duration   // since the finger was lifted
	Area  image.Rectangle // pixels of the watched window
}

// Paint is what came on the screen after a touch, in order of time; it holds at
// least one Hit.
type Paint []Hit

// First is the time from lifting the finger to the first change.
func (p Paint) First() time.Duration { return p[0].After }

// Last is the time from lifting the finger to the last change before the
// screen came to rest.
func (p Paint) Last() time.Duration { return p[len(p)-1].After }

// Large is the time to the first change of at least so many pixels in one
// rectangle: a new page rather than a button springing back. It returns false
// when there was none.
func (p Paint) Large(pixels int) (time.Duration, bool) {
	for _, h := range p {
		if h.Area.Dx()*h.Area.Dy() >= pixels {
			return h.After, true
		}
	}
	return 0, false
}

// Stopwatch measures from a touch to the picture it brings, by the X server's
// DAMAGE extension. The resolution is that of this process's scheduling, some
// tenths of a millisecond on an idle machine.
type Stopwatch struct {
	desk *Desk
	x    *xgb.Conn // its own connection, so a screenshot does not hold it up
	done chan struct{}

	mu   sync.Mutex
	hits []stamped
	last time.Time // of the newest hit, kept by forget
}

type stamped struct {
	at   time.Time
	area image.Rectangle
}

// maxHits bounds the memory of a stopwatch on a screen that never rests.
const maxHits = 100000

// NewStopwatch watches one window (Window.ID), or the whole screen for 0.
// Close ends it.
func (d *Desk) NewStopwatch(window uint32) (*Stopwatch, error) {
	if window == 0 {
		window = uint32(d.root)
	}
	c, err := dialX(d.display, "XFIXES", "DAMAGE")
	if err != nil {
		return nil, fmt.Errorf("uitest: stopwatch: %w", err)
	}
	s := &Stopwatch{desk: d, x: c, done: make(chan struct{}), last: time.Now()}
	if err := watch(c, xproto.Drawable(window)); err != nil {
		c.Close()
		return nil, fmt.Errorf("uitest: stopwatch on window %#x: %w", window, err)
	}
	go s.listen()
	return s, nil
}

func watch(c *xgb.Conn, what xproto.Drawable) error {
	// The protocol wants the versions agreed upon before anything else.
	if _, err := damage.QueryVersion(c, 1, 1).Reply(); err != nil {
		return err
	}
	id, err := damage.NewDamageId(c)
	if err != nil {
		return err
	}
	return damage.CreateChecked(c, id, what, damage.ReportLevelRawRectangles).Check()
}

func (s *Stopwatch) listen() {
	defer close(s.done)
	for {
		ev, err := s.x.WaitForEvent()
		if ev == nil && err == nil {
			return
		}
		if n, ok := ev.(damage.NotifyEvent); ok {
			s.add(time.Now(), n.Area)
		}
	}
}

func (s *Stopwatch) add(at time.Time, r xproto.Rectangle) {
	x, y := int(r.X), int(r.Y)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = at
	if len(s.hits) < maxHits {
		s.hits = append(s.hits, stamped{at, image.Rect(x, y, x+int(r.Width), y+int(r.Height))})
	}
}

// Close ends the watching.
func (s *Stopwatch) Close() {
	s.x.Close()
	<-s.done
}

// TouchAt touches a point and returns what was painted from lifting the finger
// until nothing changed for the quiet time. The finger is lifted only when the
// picture of the pressed button has come to rest too, so that this is not
// counted. It is an error when nothing is painted, or the screen does not come
// to rest, before ctx ends; so quiet must be shorter than any blinking cursor
// or clock.
func (s *Stopwatch) TouchAt(ctx context.Context, p image.Point, quiet time.Duration) (Paint, error) {
	if err := s.desk.press(p); err != nil {
		return nil, err
	}
	err := pause(ctx, s.desk.opts.Hold)
	if err == nil {
		err = s.rest(ctx, quiet)
	}
	s.forget()
	up := time.Now()
	if err := errors.Join(err, s.desk.lift()); err != nil {
		return nil, fmt.Errorf("uitest: stopwatch: pressed button: %w", err)
	}
	for s.count() == 0 {
		if err := pause(ctx, time.Millisecond); err != nil {
			return nil, fmt.Errorf("uitest: stopwatch: nothing was painted after a touch at %v: %w", p, err)
		}
	}
	if err := s.rest(ctx, quiet); err != nil {
		return nil, fmt.Errorf("uitest: stopwatch: after a touch at %v: %w", p, err)
	}
	return s.since(up), nil
}

// rest waits until nothing has been painted for the quiet time.
func (s *Stopwatch) rest(ctx context.Context, quiet time.Duration) error {
	for {
		s.mu.Lock()
		left := quiet - time.Since(s.last)
		s.mu.Unlock()
		if left <= 0 {
			return nil
		}
		if err := pause(ctx, left); err != nil {
			return fmt.Errorf("the screen does not come to rest for %v: %w", quiet, err)
		}
	}
}

func (s *Stopwatch) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits = nil
}

func (s *Stopwatch) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.hits)
}

func (s *Stopwatch) since(start time.Time) Paint {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := make(Paint, len(s.hits))
	for i, h := range s.hits {
		p[i] = Hit{After: h.at.Sub(start), Area: h.area}
	}
	return p
}
