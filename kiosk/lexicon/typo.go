package lexicon

import (
	"slices"
	"unicode/utf8"
)

// typos finds keys that differ from what was typed in one place, by the keys
// with one character taken out (symmetric deletion). Each is a hash and a place
// in an index, packed and sorted: a Go map of the same took twenty times the
// memory. A hash may lie, so every candidate is compared.
type typos struct {
	keys    []uint64
	longest int // bytes of the longest key
}

// leastLetters is the shortest pinyin in which a wrong letter is looked for:
// in less, one letter changed makes another word.
const leastLetters = 5

// newTypos makes the table for the terms that people type whole. Names of
// employers are left out: they are many and long, and are found by a part.
func newTypos(d *Dict, x *index) typos {
	var t typos
	for i, at := range x.at {
		if d.terms[x.tree[len(x.at)+i]].Kind == Employer {
			continue
		}
		key := keyAt(x.keys, at)
		if isASCII(key) && len(key) < leastLetters {
			continue
		}
		add := func(s string) { t.keys = append(t.keys, uint64(hash(s))<<32|uint64(i)) }
		t.longest = max(t.longest, len(key))
		add(key)
		deletions(key, add)
	}
	slices.Sort(t.keys)
	t.keys = slices.Clip(slices.Compact(t.keys))
	return t
}

// find calls f with the place of each key in x that q may be meant for.
func (t typos) find(q string, x *index, f func(place int)) {
	if len(q) > t.longest+utf8.UTFMax {
		return
	}
	look := func(s string) {
		h := hash(s)
		i, _ := slices.BinarySearch(t.keys, uint64(h)<<32)
		for ; i < len(t.keys) && uint32(t.keys[i]>>32) == h; i++ {
			place := int(uint32(t.keys[i]))
			if oneOff(q, keyAt(x.keys, x.at[place])) {
				f(place)
			}
		}
	}
	look(q)
	deletions(q, look)
}

// deletions calls f with s less each of its characters, unless that leaves
// nothing.
func deletions(s string, f func(string)) {
	var b []byte
	for i, c := range s {
		b = append(append(b[:0], s[:i]...), s[i+utf8.RuneLen(c):]...)
		if len(b) > 0 {
			f(string(b))
		}
	}
}

// hash is FNV-1a.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// oneOff reports whether a and b differ in one character: wrong, missing, extra
// or swapped with its neighbour.
func oneOff(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	x, y = x[i:], y[i:]
	switch {
	case len(x) < len(y):
		return slices.Equal(x, y[1:])
	case len(x) == 0:
		return false // the same
	case slices.Equal(x[1:], y[1:]):
		return true
	}
	return len(x) > 1 && x[0] == y[1] && x[1] == y[0] && slices.Equal(x[2:], y[2:])
}
