package outbox

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"jobhome/kiosk"
)

// state is what is remembered over a restart.
type state struct {
	Wait   time.Duration `json:"wait,omitempty"`   // of the last failure; 0: all is well
	Until  time.Time     `json:"until,omitzero"`   // no attempt before
	Sticks []laid        `json:"sticks,omitempty"` // batches on sticks, whose acks are still to come
	Asked  kiosk.Code    `json:"asked,omitempty"`  // the last referral whose outcome was asked for
}

// laid is a batch on a stick.
type laid struct {
	Nonce string    `json:"nonce"`
	First uint64    `json:"first"` // 0: it has no records
	Last  uint64    `json:"last"`
	Floor time.Time `json:"floor"` // when it was laid there: no ack to it is older
}

// mostLaid is how many batches on sticks are remembered. An ack to one that was
// forgotten is not believed, and its records are sent again.
const mostLaid = 400

// The bounds of waiting. What a hub asks for is obeyed up to a day, lest a wrong
// header silences a terminal.
const (
	shortest = 5 * time.Second
	longest  = time.Hour
	mostAsk  = 24 * time.Hour
)

// note takes the outcome of a round, and reports whether there is something to
// write down.
func (s *state) note(err error, now time.Time) bool {
	if err == nil {
		changed := s.Wait != 0
		s.Wait, s.Until = 0, time.Time{}
		return changed
	}
	s.Wait = jitter(s.Wait)
	delay := s.Wait
	var busy *busyError
	if errors.As(err, &busy) && busy.after > 0 {
		// A little later than asked: others were told the same.
		delay = min(busy.after, mostAsk)
		delay += rand.N(delay/10 + time.Second)
	}
	s.Until = now.Add(delay)
	return true
}

// jitter is decorrelated jitter: between the shortest wait and three times the
// last one, at most an hour. So terminals that lost their hub in the same moment
// do not come back in the same moment.
func jitter(last time.Duration) time.Duration {
	return min(longest, shortest+rand.N(max(3*last, 2*shortest)-shortest))
}

// remaining is how long there is still to wait. A time that no failure can have
// set, as when the clock was set meanwhile, counts as the wait itself.
func (s *state) remaining(now time.Time) time.Duration {
	if s.Until.IsZero() {
		return 0
	}
	left := s.Until.Sub(now)
	if left > mostAsk+mostAsk/10+time.Second {
		return min(s.Wait, longest)
	}
	return max(left, 0)
}

// around is an interval, give or take a tenth, so that terminals drift apart.
func around(d time.Duration) time.Duration {
	return d - d/10 + rand.N(d/5+1)
}

// retryAfter reads a Retry-After header (RFC 9110 §10.2.3): seconds, or a date,
// which is held against the hub's own clock where it says it. 0: there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(at.Sub(now), 0)
}
