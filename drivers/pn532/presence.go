package pn532

import (
	"crypto/hmac"
	"crypto/sha256"
)

// maxMisses is how many polls without a badge mean that it is gone.
const maxMisses = 2

// presence is one stay of one badge on the reader.
type presence struct {
	here   bool
	random bool
	who    [sha256.Size]byte // keyed hash of the UID
	misses int
}

// poll looks for a badge once. The error is that of a command.
func (r *run) poll() error {
	if r.lit {
		if err := r.letGo(); err != nil {
			return err
		}
	}
	r.lit = true
	data, err := r.l.do(inListPassiveTarget, targetSize, 0x01, 0x00) // one target, 106 kbps type A
	if err != nil {
		return err
	}
	t, found, err := parseTarget(data)
	r.l.wipe()
	switch {
	case err != nil:
		return err
	case !found:
		r.lit = false
		r.missed()
		return nil
	}
	r.met(&t)
	t.wipe()
	return r.letGo()
}

// letGo makes a badge answer the next look. One that was selected does not, and
// one that was released is halted; without a field it forgets both, also if the
// release was not understood. InListPassiveTarget switches the field on again.
func (r *run) letGo() error {
	if _, err := r.l.do(inRelease, answerSize, 0x00); err != nil && !soft(err) { // all targets
		return err
	}
	if _, err := r.l.do(rfConfiguration, answerSize, 0x01, 0x00); err != nil { // RF field off
		return err
	}
	r.lit = false
	return nil
}

// met reports a badge that is new here.
func (r *run) met(t *target) {
	h := hmac.New(sha256.New, r.key)
	h.Write(t.uid[:t.n])
	now := presence{here: true, random: t.random()}
	h.Sum(now.who[:0])
	if r.seen.here {
		// A random UID is new with every field: it cannot tell a swap.
		if now.who == r.seen.who || now.random && r.seen.random {
			r.seen.misses = 0
			return
		}
		r.say(Event{Kind: Left})
	}
	r.seen = now
	r.say(Event{Kind: Tapped, UID: t.uid[:t.n], ATQA: t.atqa, SAK: t.sak, Random: now.random})
}

// missed counts a poll without a badge.
func (r *run) missed() {
	if !r.seen.here {
		return
	}
	if r.seen.misses++; r.seen.misses >= maxMisses {
		r.seen = presence{}
		r.say(Event{Kind: Left})
	}
}
