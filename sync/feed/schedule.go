package feed

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Waiting after troubles: decorrelated jitter from leastWait to mostWait, each
// time from half to three times what it was. It is written down, so that a terminal that
// is switched off and on does not begin anew.
const (
	leastWait = 30 * time.Second
	mostWait  = time.Hour
	// bootJitter spreads a county whose power has come back.
	bootJitter = 2 * time.Minute
)

// Slot is a terminal's moment in every window, so that a fleet spreads evenly and
// each terminal keeps to its own.
func Slot(kiosk string, window time.Duration) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(kiosk)) // it never fails
	return time.Duration(h.Sum64() % uint64(max(1, window)))
}

// back takes down when the next round may be.
func (r *round) back(err error) {
	var later *Later
	switch {
	case err == nil:
		r.st.Wait, r.st.NotUntil = 0, time.Time{}
	case errors.As(err, &later):
		r.st.NotUntil = r.now.Add(later.After + rand.N(later.After/10+1))
	default:
		last := max(leastWait, time.Duration(r.st.Wait)*time.Millisecond)
		least := max(leastWait, last/2) // else it lingers where it began
		wait := min(mostWait, least+rand.N(3*last-least+1))
		r.st.Wait, r.st.NotUntil = wait.Milliseconds(), r.now.Add(wait)
	}
}

// Run makes rounds until ctx ends: a moment after the start, then in the
// terminal's slot, later after troubles, and at once when the hub has told of news.
// A terminal without a source but sticks has nothing to do here.
func (c *Client) Run(ctx context.Context) {
	if c.opts.From == nil {
		return
	}
	timer := time.NewTimer(max(rand.N(bootJitter), c.held()))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.poke:
			if c.held() > 0 {
				continue
			}
		case <-timer.C:
		}
		rep := c.Sync(ctx)
		if ctx.Err() != nil {
			return
		}
		if c.opts.Done != nil {
			c.opts.Done(rep)
		}
		timer.Reset(c.pause())
	}
}

// held is how long a back-off still lasts. One that ends further away than any can
// was written by another clock and counts for nothing.
func (c *Client) held() time.Duration {
	c.mu.Lock()
	until := c.st.NotUntil
	c.mu.Unlock()
	if left := until.Sub(c.now()); left > 0 && left <= longestLater+longestLater/10 {
		return left
	}
	return 0
}

// pause is the time to the next round.
func (c *Client) pause() time.Duration {
	if left := c.held(); left > 0 {
		return left
	}
	now := c.now()
	next := now.Truncate(c.opts.Every).Add(Slot(c.opts.Kiosk, c.opts.Every))
	for !next.After(now) {
		next = next.Add(c.opts.Every)
	}
	return next.Sub(now)
}
