package lexicon

import (
	"slices"
	"strings"
)

// mostHits is the most that a lookup returns.
const mostHits = 100

// Lookup returns up to limit terms, at most 100, that text may stand for: the
// surest way first, and of one way the term that more postings have. Text may
// be anything; only its first 32 letters, digits and characters are looked at.
func (d *Dict) Lookup(text string, limit int) []Hit {
	q := cut(normalise(text), mostRunes)
	limit = min(limit, mostHits)
	if q == "" || limit <= 0 {
		return nil
	}
	s := d.scratch.Get().(*search)
	defer d.scratch.Put(s)
	s.begin(d, q, limit)
	for _, way := range [...]func(*search){
		(*search).exact, (*search).prefix, (*search).initials, (*search).inside,
		(*search).sounds, (*search).fuzzy, (*search).typo,
	} {
		if len(s.ids) == s.limit {
			break
		}
		way(s)
	}
	hits := make([]Hit, len(s.ids))
	for i, id := range s.ids {
		hits[i] = Hit{d.terms[id], s.hows[i]}
	}
	return hits
}

// search is one lookup under way.
type search struct {
	d     *Dict
	q     string
	ascii bool
	limit int
	ids   []uint32 // found, in order
	hows  []How
	found []uint32 // of the step under way
	heap  []uint64
	spans []span // of the step under way
	tries int    // candidates that may still be compared

	segments []string // of q, by mixed
	leaves   []leaf
	steps    int  // that mixed may still make
	near     bool // whether mixed folds
}

const (
	mostTries = 300 // bounds the time of a lookup; ordinary ones need tens
	mostSteps = 250
)

func (s *search) begin(d *Dict, q string, limit int) {
	s.d, s.q, s.limit, s.ascii, s.tries = d, q, limit, isASCII(q), mostTries
	s.ids, s.hows = s.ids[:0], s.hows[:0]
}

// span is a range of an index.
type span struct {
	x      *index
	lo, hi int
}

// take adds the best terms of the spans.
func (s *search) take(how How, spans ...span) {
	for _, p := range spans {
		s.gather(p, nil)
	}
	s.add(how)
}

// gather puts the best new terms of a span that ok takes with those found.
func (s *search) gather(p span, ok func(id uint32) bool) {
	if p.lo >= p.hi {
		return
	}
	left := s.limit - len(s.ids)
	s.heap = p.x.best(p.lo, p.hi, s.heap, func(id uint32) bool {
		if slices.Contains(s.ids, id) {
			return true
		}
		if ok != nil {
			if s.tries--; s.tries < 0 {
				return false
			}
			if !ok(id) {
				return true
			}
		}
		s.found = append(s.found, id)
		left--
		return left > 0
	})
}

// add moves the best of what was found to the hits.
func (s *search) add(how How) {
	slices.Sort(s.found)
	for _, id := range slices.Compact(s.found) {
		if len(s.ids) == s.limit {
			break
		}
		if !slices.Contains(s.ids, id) {
			s.ids, s.hows = append(s.ids, id), append(s.hows, how)
		}
	}
	s.found = s.found[:0]
}

func (s *search) exact() { s.begins(true) }

func (s *search) prefix() { s.begins(false) }

func (s *search) begins(whole bool) {
	how := Prefix
	spans := make([]span, 0, 2)
	for _, x := range []*index{&s.d.text, &s.d.full} {
		if x == &s.d.full && !s.ascii {
			continue
		}
		lo, mid, hi := x.find(s.q)
		if whole {
			how, hi = Exact, mid
		} else {
			lo = mid
		}
		spans = append(spans, span{x, lo, hi})
	}
	s.take(how, spans...)
}

// initials finds terms by first letters, and by these mixed with characters
// and whole syllables.
func (s *search) initials() {
	s.near = false
	s.mixed(Initials)
}

// inside finds terms that have q after their beginning. Two letters in the
// middle of a word are too little to say anything.
func (s *search) inside() {
	lo, _, hi := s.d.inText.find(s.q)
	spans := []span{{&s.d.inText, lo, hi}}
	if s.ascii && len(s.q) > 2 {
		lo, _, hi = s.d.inFull.find(s.q)
		spans = append(spans, span{&s.d.inFull, lo, hi})
		lo, _, hi = s.d.inLetters.find(s.q)
		spans = append(spans, span{&s.d.inLetters, lo, hi})
	}
	s.take(Inside, spans...)
}

// sounds finds terms whose characters sound like those typed.
func (s *search) sounds() {
	if s.ascii {
		return
	}
	var whole, more []span
	for _, list := range s.d.reader.readings(s.q, mostReadings) {
		var b strings.Builder
		for _, c := range list {
			b.WriteString(c.plain)
		}
		lo, mid, hi := s.d.full.find(b.String())
		whole, more = append(whole, span{&s.d.full, lo, mid}), append(more, span{&s.d.full, mid, hi})
	}
	s.take(Sounds, whole...)
	s.take(Sounds, more...)
}

// fuzzy finds terms whose sounds are near those typed.
func (s *search) fuzzy() {
	x := &s.d.folded
	s.spans = s.spans[:0]
	if s.ascii {
		s.steps = mostSteps
		s.syllables(0, 0, span{x, 0, len(x.at)})
	} else {
		var b []byte
		for _, list := range s.d.reader.readings(s.q, mostReadings) {
			b = b[:0]
			for _, c := range list {
				b = append(b, c.folded...)
			}
			lo, mid, hi := x.find(string(b))
			s.spans = append(s.spans, span{x, lo, mid}, span{x, mid, hi})
		}
	}
	for _, first := range [...]int{0, 1} {
		for i := first; i < len(s.spans); i += 2 {
			s.gather(s.spans[i], nil)
		}
		s.add(Fuzzy)
	}
	if len(s.ids) < s.limit {
		s.near = true
		s.mixed(Fuzzy)
	}
}

// syllables parts q[at:] into syllables, the last of which may be a beginning,
// in every way that the folded keys of p have after their first n bytes. It
// leaves the keys that end there and those that go on, in turn, in spans.
func (s *search) syllables(at, n int, p span) {
	if s.steps--; s.steps < 0 {
		return
	}
	if at == len(s.q) {
		_, mid := p.x.narrow(p.lo, p.hi, n, 0)
		s.spans = append(s.spans, span{p.x, p.lo, mid}, span{p.x, mid, p.hi})
		return
	}
	var buf [longestSyllable]byte
	next, done := p, 0 // keys that agree with the first done bytes of the segment
	for end := at + 1; end <= len(s.q) && end <= at+longestSyllable; end++ {
		f := foldInto(buf[:0], s.q[at:end]) // begins with what a shorter one folds to
		for ; done < len(f); done++ {
			next.lo, next.hi = p.x.narrow(next.lo, next.hi, n+done, f[done])
		}
		if next.lo >= next.hi {
			return
		}
		if whole, ok := s.d.foldedSyllables[string(f)]; whole || ok && end == len(s.q) {
			s.syllables(end, n+len(f), next)
		}
	}
}

// typo finds terms that differ from q in one place. Of two characters one is
// too little to go by when something better was found; that one is missing is
// likely all the same.
func (s *search) typo() {
	t, x := &s.d.typoText, &s.d.text
	if s.ascii {
		t, x = &s.d.typoPinyin, &s.d.full
		if len(s.q) < leastLetters-1 {
			return
		}
	}
	n := runeCount(s.q)
	if n < 2 {
		return
	}
	missingOnly := n == 2 && len(s.ids) > 0
	t.find(s.q, x, func(place int) {
		if !missingOnly || runeCount(keyAt(x.keys, x.at[place])) > n {
			s.found = append(s.found, x.tree[len(x.at)+place])
		}
	})
	s.add(Typo)
}
