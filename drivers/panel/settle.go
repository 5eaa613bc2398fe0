package panel

import "time"

const (
	unsteadyAfter = 10 * time.Second       // without rest: a fault
	idle          = 250 * time.Millisecond // between two looks at a pin at rest
)

// settle makes steady news of a contact that bounces. It is pure: the time is
// what it is told.
type settle struct {
	quiet time.Duration // a level counts when the pin has rested this long
	hold  time.Duration // off counts when it has lasted this long

	seen     bool
	raw      bool      // the last level seen, as on or off
	moved    time.Time // when the pin last moved
	restless time.Time // since when it has not rested; zero at rest

	known bool      // it has rested once
	rest  bool      // the level at which it last rested
	gone  time.Time // when rest went off while on; zero otherwise
	on    bool      // the news
	since time.Time // of the news
}

// see takes a level, and whether an edge was seen since the last one, and
// reports whether on is news: at the first rest, and at every change.
func (s *settle) see(now time.Time, raw, edge bool) bool {
	if !s.seen || edge || raw != s.raw {
		if s.restless.IsZero() {
			s.restless = now
		}
		s.seen, s.raw, s.moved = true, raw, now
	}
	if now.Sub(s.moved) >= s.quiet {
		s.restless = time.Time{}
		s.rest = s.raw
		if !s.known {
			s.known, s.on, s.since = true, s.raw, now
			return true
		}
	}
	return s.known && s.holdOff(now)
}

// holdOff lets off pass only when it has lasted.
func (s *settle) holdOff(now time.Time) bool {
	switch {
	case s.rest:
		s.gone = time.Time{}
		if s.on {
			return false
		}
	case !s.on:
		return false
	default:
		if s.gone.IsZero() {
			s.gone = s.moved
		}
		if now.Sub(s.gone) < s.hold {
			return false
		}
		s.gone = time.Time{}
	}
	s.on, s.since = s.rest, now
	return true
}

// unsteady reports whether the pin has not rested for too long.
func (s *settle) unsteady(now time.Time) bool {
	return !s.restless.IsZero() && now.Sub(s.restless) >= unsteadyAfter
}

// next is how long to wait for an edge before looking again: whole
// milliseconds, since some pins count in these, and at least one, since some
// take none for ever.
func (s *settle) next(now time.Time) time.Duration {
	d := idle
	if !s.restless.IsZero() {
		d = min(step, s.moved.Add(s.quiet).Sub(now)) // edges may be lacking
	}
	if !s.gone.IsZero() {
		d = min(d, s.gone.Add(s.hold).Sub(now))
	}
	return max(1, (d+time.Millisecond-1)/time.Millisecond) * time.Millisecond
}
