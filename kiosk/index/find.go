package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"runtime"
	"slices"
)

// bench is room to work in.
type bench struct {
	set   Bits
	bytes []byte // the words in the code
	lists []list
	words []word // those whose candidates must be looked at
}

// list is the rows that have a pair, those of the base and those above it.
type list struct {
	base, over []byte
	char       uint32 // instead, when both are nil: the rows that have this character
}

func (l *list) pair() bool { return l.base != nil || l.over != nil }

func (l *list) cost() int {
	if !l.pair() {
		return math.MaxInt
	}
	return len(l.base) + len(l.over)
}

// word is a word of a question in the code.
type word struct {
	text  string
	bytes []byte
	key   int // the place of its rarest byte
}

// field is what is searched: the whole texts or their first lines.
type field struct {
	h          *held
	base, over *pairs
	text       func(row int) []byte
	first      bool
}

func (h *held) texts() *field { return &field{h, h.base.all, h.over.all, h.text, false} }

func (h *held) firstLines() *field { return &field{h, h.base.first, h.over.first, h.firstLine, true} }

// Narrow leaves in dst the rows whose text holds every word. A word has no line
// end. It equals a search with strings.Contains through every row of dst; an
// empty word stands in every row.
func (t *Text) Narrow(dst Bits, words ...string) {
	h := t.held.Load()
	t.narrow(dst, words, h.texts())
	runtime.KeepAlive(h) // its memory may be a file's, which ends with it
}

// NarrowFirst leaves in dst the rows whose first line holds every word.
func (t *Text) NarrowFirst(dst Bits, words ...string) {
	h := t.held.Load()
	t.narrow(dst, words, h.firstLines())
	runtime.KeepAlive(h)
}

// few is the number of rows that are looked at sooner than another list is
// read.
const few = 64

func (t *Text) narrow(dst Bits, words []string, f *field) {
	b := t.room.Get().(*bench)
	defer func() {
		clear(b.lists) // nothing may point into a file that is given back
		t.room.Put(b)
	}()
	if !f.split(b, words) {
		dst.Reset()
		return
	}
	// Short lists first: what they leave may be little enough to look at.
	slices.SortFunc(b.lists, func(x, y list) int { return cmp.Compare(x.cost(), y.cost()) })
	for i, l := range b.lists {
		if i > 0 && dst.Count() <= few {
			f.lookAtAll(b, words)
			break
		}
		f.and(dst, b.set, l)
	}
	for _, w := range b.words {
		t.look(dst, w, f)
	}
}

// pair returns the rows that have a pair. It tells whether there are any.
func (f *field) pair(a, b uint32) (l list, ok bool) {
	l = list{base: f.base.pair(a, b), over: f.over.pair(a, b)}
	return l, l.pair()
}

// and leaves in dst the rows that are in the list too. room is changed.
func (f *field) and(dst, room Bits, l list) {
	if f.base.moved == nil && l.over == nil && f.base.dense(l.base) {
		n := len(l.base) / 8
		for i := range n {
			dst[i] &= binary.LittleEndian.Uint64(l.base[8*i:])
		}
		clear(dst[n:])
		return
	}
	room.Reset()
	if l.pair() {
		f.base.addTo(room, l.base)
		f.over.addTo(room, l.over)
	} else {
		f.base.char(room, l.char)
		f.over.char(room, l.char)
	}
	dst.And(room)
}

// split puts the words into b. It tells whether every pair of them is in some
// row.
func (f *field) split(b *bench, words []string) bool {
	b.lists, b.words, b.bytes = b.lists[:0], b.words[:0], b.bytes[:0]
	for _, s := range words {
		if !f.h.code.knows(s) {
			return false
		}
		from := len(b.bytes)
		b.bytes = f.h.code.encode(b.bytes, s)
		chars, before := 0, uint32(0)
		for rest := b.bytes[from:]; len(rest) > 0; chars++ {
			n, size := next(rest)
			rest = rest[size:]
			if chars > 0 {
				l, ok := f.pair(before, n)
				if !ok {
					return false
				}
				b.lists = append(b.lists, l)
			}
			before = n
		}
		switch {
		case chars == 1:
			b.lists = append(b.lists, list{char: before})
		case chars > 2:
			b.words = append(b.words, f.h.word(s, b.bytes[from:]))
		}
	}
	return true
}

// lookAtAll makes every word one that must be looked at.
func (f *field) lookAtAll(b *bench, words []string) {
	b.bytes, b.words = b.bytes[:0], b.words[:0]
	for _, s := range words {
		from := len(b.bytes)
		if b.bytes = f.h.code.encode(b.bytes, s); len(b.bytes) > from {
			b.words = append(b.words, f.h.word(s, b.bytes[from:]))
		}
	}
}

func (h *held) word(text string, s []byte) word {
	w := word{text: text, bytes: s}
	for i, c := range s {
		if h.rare[c] < h.rare[s[w.key]] {
			w.key = i
		}
	}
	return w
}

// many is one in how many rows must be looked at for a word before the outcome
// is worth keeping.
const many = 32

// look leaves in dst the rows whose text really holds the word.
func (t *Text) look(dst Bits, w word, f *field) {
	key := memoKey{w.text, f.first}
	if known := t.memo.get(key); known != nil {
		dst.And(known)
		return
	}
	if rows := dst.Count(); rows > few && rows > t.Len()/many {
		known := f.candidates(w)
		w.sift(known, f.text)
		t.memo.put(key, known)
		dst.And(known)
		return
	}
	w.sift(dst, f.text)
}

// candidates is the rows that have every pair of the word.
func (f *field) candidates(w word) Bits {
	n := f.h.rows()
	set, room := NewBits(n), NewBits(n)
	set.Fill(n)
	before := uint32(0)
	for rest := w.bytes; len(rest) > 0; {
		n, size := next(rest)
		rest = rest[size:]
		if before != 0 {
			l, _ := f.pair(before, n)
			f.and(set, room, l)
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
