package people

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// How many wrong passwords are heard before the door closes for a while. An
// address may be that of a whole office.
const (
	triesOfName    = 5
	triesOfAddress = 30
	mostCallers    = 20_000 // counted at a time
)

const (
	window  = 15 * time.Minute
	keyLife = 24 * time.Hour
)

// closedFor is how long an account stays closed after so many wrong passwords
// in a row: a minute, two, four, at most the window, so that nobody can keep a
// colleague out for long.
func closedFor(failures int) time.Duration {
	d := time.Minute
	for range failures - triesOfName {
		if d *= 2; d >= window {
			return window
		}
	}
	return d
}

// callers counts wrong passwords by what they came from, each under a keyed
// hash. The key is made anew every day and is never written.
type callers struct {
	now func() time.Time

	mu    sync.Mutex
	key   []byte
	since time.Time // of the key
	seen  map[[sha256.Size]byte]tally
}

type tally struct {
	failures    int
	first, last time.Time
}

// closed returns until when nobody is heard. A name that nobody has closes as
// an account does, or the door would tell which names there are.
func (t tally) closed(kind string) time.Time {
	switch {
	case kind == byName && t.failures >= triesOfName:
		return t.last.Add(closedFor(t.failures))
	case kind == byAddress && t.failures >= triesOfAddress:
		return t.first.Add(window)
	}
	return time.Time{}
}

func newCallers(now func() time.Time) *callers { return &callers{now: now} }

// What a caller is counted by.
const (
	byName    = "name"
	byAddress = "address"
)

// wait returns a *WaitError while too many have failed.
func (c *callers) wait(kind, value string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if until := c.seen[c.hash(kind, value)].closed(kind); c.now().Before(until) {
		return &WaitError{Until: until}
	}
	return nil
}

func (c *callers) failed(kind, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hash(kind, value)
	t := c.seen[h]
	if t.first.IsZero() || kind == byAddress && c.now().Sub(t.first) >= window {
		t = tally{first: c.now()}
	}
	t.failures++
	t.last = c.now()
	if len(c.seen) >= mostCallers {
		c.forget()
	}
	c.seen[h] = t
}

// hash names a caller under today's key. With a new key all counts begin anew.
func (c *callers) hash(kind, value string) [sha256.Size]byte {
	if now := c.now(); c.key == nil || now.Sub(c.since) >= keyLife {
		c.key, c.since, c.seen = make([]byte, sha256.Size), now, map[[sha256.Size]byte]tally{}
		_, _ = rand.Read(c.key) // never fails
	}
	mac := hmac.New(sha256.New, c.key)
	mac.Write([]byte(kind + "\x00" + value))
	return [sha256.Size]byte(mac.Sum(nil))
}

// forget drops counts that no longer matter, and half of the others when there
// are still too many.
func (c *callers) forget() {
	for h, t := range c.seen {
		if c.now().Sub(t.last) >= window {
			delete(c.seen, h)
		}
	}
	for h := range c.seen {
		if len(c.seen) < mostCallers/2 {
			return
		}
		delete(c.seen, h)
	}
}
