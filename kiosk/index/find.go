package index

import (
	"bytes"
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// bench is room to work in.
type bench struct {
	set   Bits
	bytes []byte // the words in the code
	lists []list
	words []word // those whose candidates must be looked at
}

// list is the rows that have a pair.
type list struct {
	bytes []byte
	char  uint32 // instead: the rows that have this character
}

func (l *list) cost() int {
	if l.bytes == nil {
		return math.MaxInt
	}
	return len(l.bytes)
}

// word is a word of a question in the code.
type word struct {
	text  string
	bytes []byte
	key   int // the place of its rarest byte
}

// field is what is searched: the whole texts or their first lines.
type field struct {
	pairs *pairs
	text  func(row int) []byte
	first bool
}

// Narrow leaves in dst the rows whose text holds every word. A word has no line
// end. It equals a search with strings.Contains through every row of dst; an
// empty word stands in every row.
func (t *Text) Narrow(dst Bits, words ...string) { t.narrow(dst, words, field{t.all, t.text, false}) }

// NarrowFirst leaves in dst the rows whose first line holds every word.
func (t *Text) NarrowFirst(dst Bits, words ...string) {
	t.narrow(dst, words, field{t.first, t.firstLine, true})
}

// few is the number of rows that are looked at sooner than another list is
// read.
const few = 64

func (t *Text) narrow(dst Bits, words []string, f field) {
	p := f.pairs
	b := t.room.Get().(*bench)
	defer t.room.Put(b)
	if !t.split(b, words, p) {
		dst.Reset()
		return
	}
	// Short lists first: what they leave may be little enough to look at.
	slices.SortFunc(b.lists, func(x, y list) int { return cmp.Compare(x.cost(), y.cost()) })
	for i, l := range b.lists {
		if i > 0 && dst.Count() <= few {
			b.lookAtAll(t, words)
			break
		}
		if l.bytes != nil {
			p.and(dst, b.set, l.bytes)
			continue
		}
		b.set.Reset()
		p.char(b.set, l.char)
		dst.And(b.set)
	}
	for _, w := range b.words {
		t.look(dst, w, f)
	}
}

// split puts the words into b. It tells whether every pair of them is in some
// row.
func (t *Text) split(b *bench, words []string, p *pairs) bool {
	b.lists, b.words, b.bytes = b.lists[:0], b.words[:0], b.bytes[:0]
	for _, s := range words {
		if !t.code.knows(s) {
			return false
		}
		from := len(b.bytes)
		b.bytes = t.code.encode(b.bytes, s)
		chars, before := 0, uint32(0)
		for rest := b.bytes[from:]; len(rest) > 0; chars++ {
			n, size := next(rest)
			rest = rest[size:]
			if chars > 0 {
				l := p.pair(before, n)
				if l == nil {
					return false
				}
				b.lists = append(b.lists, list{bytes: l})
			}
			before = n
		}
		switch {
		case chars == 1:
			b.lists = append(b.lists, list{char: before})
		case chars > 2:
			b.words = append(b.words, t.word(s, b.bytes[from:]))
		}
	}
	return true
}

// lookAtAll makes every word one that must be looked at.
func (b *bench) lookAtAll(t *Text, words []string) {
	b.bytes, b.words = b.bytes[:0], b.words[:0]
	for _, s := range words {
		from := len(b.bytes)
		if b.bytes = t.code.encode(b.bytes, s); len(b.bytes) > from {
			b.words = append(b.words, t.word(s, b.bytes[from:]))
		}
	}
}

func (t *Text) word(text string, s []byte) word {
	w := word{text: text, bytes: s}
	for i, c := range s {
		if t.rare[c] < t.rare[s[w.key]] {
			w.key = i
		}
	}
	return w
}

// many is one in how many rows must be looked at for a word before the outcome
// is worth keeping.
const many = 32

// look leaves in dst the rows whose text really holds the word.
func (t *Text) look(dst Bits, w word, f field) {
	key := memoKey{w.text, f.first}
	if known := t.memo.get(key); known != nil {
		dst.And(known)
		return
	}
	if rows := dst.Count(); rows > few && rows > t.Len()/many {
		known := t.candidates(w, f.pairs)
		w.sift(known, f.text)
		t.memo.put(key, known)
		dst.And(known)
		return
	}
	w.sift(dst, f.text)
}

// candidates is the rows that have every pair of the word.
func (t *Text) candidates(w word, p *pairs) Bits {
	set, room := NewBits(t.Len()), NewBits(t.Len())
	set.Fill(t.Len())
	before := uint32(0)
	for rest := w.bytes; len(rest) > 0; {
		n, size := next(rest)
		rest = rest[size:]
		if before != 0 {
			p.and(set, room, p.pair(before, n))
		}
		before = n
	}
	return set
}

// sift leaves in set the rows whose text holds the word.
func (w *word) sift(set Bits, text func(int) []byte) {
	for at, rows := range set {
		left := rows
		for ; rows != 0; rows &= rows - 1 {
			i := bits.TrailingZeros64(rows)
			if !w.in(text(at<<6 + i)) {
				left &^= 1 << i
			}
		}
		set[at] = left
	}
}

// in reports whether text holds the word. It looks for the rarest byte first.
func (w *word) in(text []byte) bool {
	key, tail := w.bytes[w.key], len(w.bytes)-w.key
	for at := w.key; at+tail <= len(text); {
		i := bytes.IndexByte(text[at:len(text)-tail+1], key)
		if i < 0 {
			return false
		}
		at += i
		if bytes.Equal(text[at-w.key:at+tail], w.bytes) {
			return true
		}
		at++
	}
	return false
}
