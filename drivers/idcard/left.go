package idcard

import (
	"crypto/sha256"

	"jobhome/drivers/idcard/samv"
)

// askOnce finds out, at the first vain look of a session, whether a card lies
// there that was read before this session, by a program that ended: the module
// would say nothing of it until it is lifted.
func (r *run) askOnce(gen uint64) error {
	reply, err := r.do(r.seen.probe)
	r.l.wipe()
	if err != nil {
		return r.hard(err)
	}
	r.asked = true
	switch {
	case reply.Status == samv.OK || reply.Status == samv.NoItem:
		r.seen.what, r.seen.gen, r.seen.left = held, gen, true
		r.say(Event{Kind: Failed, Err: ErrCardLeft})
	case r.found == samv.NotFound:
		r.ghost = presence{}
	}
	return nil
}

// known reports whether the card that was just read is the one that is held,
// and wipes it then. A card that was left from before counts anew when it was
// lifted, however short; but if the module was reset, that alone made it find
// the card again.
func (r *run) known(card *Card) bool {
	if r.seen.what != held {
		return false
	}
	who := r.hash(card.Number)
	same := r.seen.who == who || r.seen.who == [sha256.Size]byte{}
	if r.seen.left && !r.seen.reset {
		same = false
	}
	if same {
		card.Wipe()
		r.seen.who, r.seen.misses, r.seen.reset = who, 0, false
	}
	return same
}

// met takes a card that is new on the reader. If the last session ended with a
// card on it, and this is that card and another consent, it may never have been
// lifted: it is not served again until it has.
func (r *run) met(card *Card, gen uint64) error {
	g, who := r.ghost, r.hash(card.Number)
	r.ghost = presence{}
	if g.what != held || g.gen == gen && !g.left || g.who != who && g.who != [sha256.Size]byte{} {
		return r.got(card, gen)
	}
	card.Wipe()
	r.seen.leave()
	r.seen.what, r.seen.who, r.seen.gen, r.seen.left = held, who, gen, true
	r.say(Event{Kind: Failed, Err: ErrCardLeft})
	return nil
}
