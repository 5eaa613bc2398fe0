package idcard

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"jobhome/drivers/idcard/samv"
)

// what lies on the reader, as far as it has been told.
type what uint8

const (
	nothing what = iota
	held         // a card that was read; find is silent about it until it is lifted
	stuck        // a card that could not be read or is of another kind
)

// presence is one stay of one card on the reader.
type presence struct {
	what   what
	who    [sha256.Size]byte // keyed hash of the number, if held
	gen    uint64            // the consent it was read under
	silent bool              // nobody was told of it: consent ended during the read
	left   bool              // ErrCardLeft was reported
	reset  bool              // the module was reset by us since: it has forgotten the card
	misses int               // probes in a row that did not meet it
	tried  time.Time         // last attempt, if stuck
	probe  samv.Command      // answers as long as a read card lies there
}

// leave forgets the card.
func (p *presence) leave() { *p = presence{probe: p.probe} }

// tick does what is due now.
func (r *run) tick() error {
	armed, gen := r.consent()
	switch {
	case r.seen.what == held:
		return r.watch(armed, gen)
	case !armed:
		r.seen.leave()
		return r.hard(r.selfTest())
	case r.seen.what == stuck:
		return r.unstick(gen)
	}
	found, err := r.look(gen)
	if err != nil || found {
		return err
	}
	if !r.asked {
		return r.askOnce(gen)
	}
	if r.found == samv.NotFound {
		r.ghost = presence{}
	}
	return nil
}

// watch probes for a card that was read. 91 is an answer too.
func (r *run) watch(armed bool, gen uint64) error {
	if armed && gen != r.seen.gen && !r.seen.left {
		r.seen.left, r.seen.silent = true, false
		r.say(Event{Kind: Failed, Err: ErrCardLeft})
	}
	reply, err := r.do(r.seen.probe)
	r.l.wipe()
	if err != nil {
		return r.hard(err)
	}
	switch s := reply.Status; {
	case s == samv.OK || s == samv.NoItem:
		r.seen.misses = 0
		return nil
	case s == samv.BadCommand && r.seen.probe == samv.ReadCardID:
		r.seen.probe = samv.ReadAddress // a module without 30 05
		return nil
	case s.Action() == samv.ResetModule:
		return r.hard(r.reset(s))
	case s.Action() == samv.Down:
		return fmt.Errorf("idcard: watch card: %w", s)
	}
	if !armed && r.seen.reset {
		return nil // it may lie there still, and may not be looked at
	}
	r.seen.misses++
	if armed {
		if found, err := r.look(gen); found || err != nil {
			return err
		}
	}
	if r.seen.misses >= maxMisses {
		r.gone()
	}
	return nil
}

// gone reports a removal.
func (r *run) gone() {
	silent := r.seen.silent
	r.seen.leave()
	r.ghost = presence{}
	if !silent {
		r.say(Event{Kind: Removed})
	}
}

// unstick watches a card that could not be read, and now and then tries again in
// case it was put back faster than the eye of the poll.
func (r *run) unstick(gen uint64) error {
	if time.Since(r.seen.tried) < retryStuck {
		reply, err := r.do(samv.Find)
		if err != nil {
			return r.hard(err)
		}
		return r.missed(reply.Status)
	}
	r.seen.tried = time.Now()
	o, err := r.attempt(nil)
	switch {
	case err != nil:
		return err
	case o.card != nil:
		return r.met(o.card, gen)
	case o.status.Action() == samv.ResetModule:
		return r.hard(r.reset(o.status))
	case o.status.Action() == samv.Down:
		return fmt.Errorf("idcard: read card: %w", o.status)
	}
	return r.missed(o.status)
}

// missed counts finds that met no card. A module that has read a card finds it
// no more but still answers the probe.
func (r *run) missed(s samv.Status) error {
	if s == samv.NotFound {
		reply, err := r.do(r.seen.probe)
		r.l.wipe()
		switch {
		case err != nil:
			return r.hard(err)
		case reply.Status != samv.OK && reply.Status != samv.NoItem:
			if r.seen.misses++; r.seen.misses >= maxMisses {
				r.gone()
			}
			return nil
		}
	}
	r.seen.misses = 0
	return nil
}

// hard passes on errors that end the session.
func (r *run) hard(err error) error {
	if soft(err) {
		return nil
	}
	return err
}

// outcome is how one attempt to read a card ended: with a card, with the status
// of the step that failed, or with a reason of our own.
type outcome struct {
	card   *Card
	status samv.Status
	err    error // soft, or an UnknownTypeError
}

// foreign reports that the card is none of the four kinds.
func (o outcome) foreign() bool {
	var unknown UnknownTypeError
	return o.status == samv.WrongCardType || errors.As(o.err, &unknown)
}

// look does find, select and read, up to maxTries times, and reports what came
// of it. Found says whether a card was there. If a card is held, a card read is
// first compared with it: the same one put back is no news.
func (r *run) look(gen uint64) (found bool, err error) {
	told := false
	announce := func() {
		if !told {
			told = true
			if r.seen.what == held {
				r.gone()
			}
			r.say(Event{Kind: Found})
		}
	}
	onFind := func() {
		found = true
		if r.seen.what != held {
			announce()
		}
	}
	var last outcome
	for try := range maxTries {
		o, err := r.attempt(onFind)
		if err != nil {
			return found, err
		}
		if o.card != nil {
			if r.known(o.card) {
				return true, nil
			}
			announce()
			return true, r.met(o.card, gen)
		}
		if try > 0 && o.status == samv.NotFound {
			break // it was there and is not found again: last says why
		}
		last = o
		if end, err := r.after(o); end || err != nil || !found {
			if err != nil || !found {
				return found, err
			}
			break
		}
	}
	announce()
	r.refuse(last, gen)
	return true, nil
}

// after does what a failed attempt asks for, and reports whether another one is
// pointless.
func (r *run) after(o outcome) (end bool, err error) {
	switch o.status.Action() {
	case samv.ResetModule:
		return false, r.hard(r.reset(o.status))
	case samv.Down:
		return true, fmt.Errorf("idcard: read card: %w", o.status)
	case samv.GiveUp:
		return true, nil
	}
	return o.foreign(), nil
}

// refuse reports a card that could not be read.
func (r *run) refuse(o outcome, gen uint64) {
	r.seen.leave()
	if armed, now := r.consent(); !armed || now != gen {
		return
	}
	e := Event{Kind: Failed, Status: o.status, Err: o.err}
	if o.foreign() {
		e.Kind = NotResident
	}
	if e.Err == nil {
		e.Err = o.status
	}
	r.seen.what, r.seen.tried = stuck, time.Now()
	r.say(e)
}

// attempt goes once through find, select and read. OnFind, if not nil, is called
// when a card was found. The error is one that ends the session.
func (r *run) attempt(onFind func()) (o outcome, err error) {
	met := false
	defer func() {
		if met && err == nil && o.card == nil {
			r.count(func(s *Stats) { s.Failures[o.status]++ })
		}
	}()
	r.found = 0
	for _, c := range []samv.Command{samv.Find, samv.Select} {
		reply, err := r.do(c)
		if err == nil && c == samv.Find {
			r.found = reply.Status
		}
		switch {
		case err != nil && soft(err):
			return outcome{err: err}, nil
		case err != nil:
			return outcome{}, err
		case c == samv.Find && reply.Status == samv.Found:
			met = true
			if onFind != nil {
				onFind()
			}
		case reply.Status != samv.OK:
			return outcome{status: reply.Status}, nil
		}
	}
	// The second reading is for a record damaged on the way.
	for range 2 {
		if o, err = r.readOnce(); err != nil || !errors.Is(o.err, ErrRecord) {
			break
		}
	}
	return o, err
}

func (r *run) readOnce() (outcome, error) {
	reply, err := r.do(samv.Read)
	defer r.l.wipe()
	switch {
	case err != nil && soft(err):
		return outcome{err: err}, nil
	case err != nil:
		return outcome{}, err
	case reply.Status != samv.OK:
		return outcome{status: reply.Status}, nil
	}
	card, err := ParseRecord(reply.Text())
	if err != nil {
		return outcome{err: err}, nil
	}
	r.resets = 0
	return outcome{card: card}, nil
}

// got reports a card, if the consent it was read under still stands.
func (r *run) got(card *Card, gen uint64) error {
	who := r.hash(card.Number)
	if r.o.NewestAddress {
		reply, err := r.do(samv.ReadAddress)
		if err != nil && !soft(err) {
			card.Wipe()
			return err
		}
		if err == nil && reply.Status == samv.OK {
			card.NewAddress = field(reply.Data)
		}
		r.l.wipe()
	}
	r.seen.leave()
	r.seen.what, r.seen.who, r.seen.gen = held, who, gen
	if armed, now := r.consent(); !armed || now != gen {
		card.Wipe()
		r.seen.silent = true
		return nil
	}
	r.count(func(s *Stats) { s.Reads++ })
	r.say(Event{Kind: Read, Card: card})
	return nil
}

func (r *run) hash(number []byte) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, r.key)
	h.Write(number)
	h.Sum(sum[:0])
	return sum
}
