package lexicon

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// leaf is a way to part what was typed into one segment a character, with the
// terms whose first letters agree: lo to mid have no more characters, mid to
// hi have. Its segments are numbers from to of the search's.
type leaf struct {
	lo, mid, hi int
	from, to    int
}

// mixed finds terms each of whose characters is given by a character, by its
// whole syllable or by its first letter; the last may be the beginning of a
// syllable. All ways to part the letters are tried that agree with the first
// letters of a term.
func (s *search) mixed(how How) {
	if strings.IndexFunc(s.q, func(c rune) bool { return c < utf8.RuneSelf }) < 0 {
		return // characters only
	}
	s.segments, s.leaves, s.steps = s.segments[:0], s.leaves[:0], mostSteps
	var way [mostRunes]string
	s.part(0, way[:0], 0, len(s.d.letters.at))
	for _, whole := range [...]bool{true, false} {
		for _, l := range s.leaves {
			segments := s.segments[l.from:l.to]
			p := span{&s.d.letters, l.mid, l.hi}
			if whole {
				p.lo, p.hi = l.lo, l.mid
			}
			s.gather(p, func(id uint32) bool { return s.agrees(id, segments) })
		}
		s.add(how)
		if len(s.ids) == s.limit {
			return
		}
	}
}

// part goes on from q[at:], with the segments before it and the range of keys
// that agree with them.
func (s *search) part(at int, way []string, lo, hi int) {
	if s.steps--; lo >= hi || s.steps < 0 {
		return
	}
	if at == len(s.q) {
		if s.ascii && !slices.ContainsFunc(way[:len(way)-1], initial) {
			return // whole syllables are a prefix, and were looked for as one
		}
		_, mid := s.d.letters.narrow(lo, hi, len(way), 0)
		from := len(s.segments)
		s.segments = append(s.segments, way...)
		s.leaves = append(s.leaves, leaf{lo, mid, hi, from, len(s.segments)})
		return
	}
	c, size := utf8.DecodeRuneInString(s.q[at:])
	if c >= utf8.RuneSelf {
		s.partCharacter(c, at+size, append(way, s.q[at:at+size]), [2]int{lo, hi})
		return
	}
	for _, first := range []byte(s.firsts(s.q[at])) {
		from, to := s.d.letters.narrow(lo, hi, len(way), first)
		if from == to {
			continue
		}
		for n := 1; n <= longestSyllable && at+n <= len(s.q) && s.q[at+n-1] < utf8.RuneSelf; n++ {
			if segment := s.q[at : at+n]; s.stands(segment, at+n == len(s.q)) {
				s.part(at+n, append(way, segment), from, to)
			}
		}
	}
}

// partCharacter goes on after a character, by each letter it may begin with.
func (s *search) partCharacter(c rune, at int, way []string, keys [2]int) {
	tried := uint32(0)
	sounds := s.d.reader.sounds(c)
	if sounds == nil {
		sounds = unread
	}
	for _, sound := range sounds {
		for _, first := range []byte(s.firsts(sound.plain[0])) {
			if bit := uint32(1) << (first & 31); tried&bit == 0 {
				tried |= bit
				from, to := s.d.letters.narrow(keys[0], keys[1], len(way)-1, first)
				s.part(at, way, from, to)
			}
		}
	}
}

// firsts returns the first letters that the key may have for a typed one.
func (s *search) firsts(c byte) string {
	if s.near && (c == 'l' || c == 'n') {
		return "ln"
	}
	return string([]byte{c})
}

// stands reports whether letters may stand for one character.
func (s *search) stands(segment string, last bool) bool {
	if initial(segment) {
		return true
	}
	var whole, ok bool
	if s.near {
		var b [longestSyllable]byte
		whole, ok = s.d.foldedSyllables[string(foldInto(b[:0], segment))]
	} else {
		whole, ok = s.d.syllables[segment]
	}
	return whole || ok && last
}

// initial reports whether letters are what a syllable begins with.
func initial(s string) bool {
	return len(s) == 1 || s == "zh" || s == "ch" || s == "sh"
}

// agrees reports whether the term's characters are what the segments stand for.
func (s *search) agrees(id uint32, segments []string) bool {
	text := s.d.norm(id)
	for i, segment := range segments {
		if text == "" {
			return false
		}
		c, size := utf8.DecodeRuneInString(text)
		if !s.agree(c, segment, i == len(segments)-1) {
			return false
		}
		text = text[size:]
	}
	return true
}

func (s *search) agree(c rune, segment string, last bool) bool {
	if segment[0] >= utf8.RuneSelf {
		other, _ := utf8.DecodeRuneInString(segment)
		return c == other || s.near && s.sameSound(c, other)
	}
	begin := last || initial(segment)
	if s.near {
		var b [longestSyllable]byte
		segment = string(foldInto(b[:0], segment))
	}
	for _, r := range s.d.reader.sounds(c) {
		have := r.plain
		if s.near {
			have = r.folded
		}
		if have == segment || begin && strings.HasPrefix(have, segment) {
			return true
		}
	}
	return false
}

func (s *search) sameSound(a, b rune) bool {
	for _, x := range s.d.reader.sounds(a) {
		for _, y := range s.d.reader.sounds(b) {
			if x.folded == y.folded {
				return true
			}
		}
	}
	return false
}
