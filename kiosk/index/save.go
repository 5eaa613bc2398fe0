package index

import (
	"math"
	"runtime"
	"slices"
)

// Save writes the strings.
func (s *Strings) Save(w *Writer) {
	w.Bytes([]byte(s.text))
	w.Uint32s(s.ends)
}

// ReadStrings reads what Save has written. It is copied: the strings go out to
// callers, who hold nothing of the file.
func ReadStrings(r *Reader) *Strings {
	s := &Strings{string(r.view(1)), toUint32s(r.view(4))}
	r.must(ascending(s.ends, uint32(len(s.text))))
	return s
}

// Save writes the texts and the index to them, as one whole.
func (t *Text) Save(w *Writer) {
	h := t.held.Load().flat()
	runes := make([]uint32, len(h.code.runes))
	for i, c := range h.code.runes {
		runes[i] = uint32(c)
	}
	w.Uint32s(runes)
	w.Bytes(h.base.bytes)
	w.Uint32s(h.base.ends)
	for _, p := range []*pairs{h.base.all, h.base.first} {
		w.Uint32s(p.first)
		w.Uint32s(p.second)
		w.Uint32s(p.ends)
		w.Bytes(p.lists)
	}
	runtime.KeepAlive(h)
}

// ReadText reads what Save has written. Of a file that was opened the texts and
// their index stay in the file.
func ReadText(r *Reader) *Text {
	h := &held{code: &code{number: map[rune]uint32{}}, file: r.file}
	for _, c := range asUint32s(r.view(4)) {
		h.code.add(rune(c))
	}
	h.base.bytes, h.base.ends = r.view(1), asUint32s(r.view(4))
	r.must(ascending(h.base.ends, uint32(len(h.base.bytes))))
	rows := len(h.base.ends)
	h.base.all, h.base.first, h.kept = r.pairs(rows), r.pairs(rows), rows
	r.must(len(h.base.bytes) <= math.MaxUint32 && rows <= math.MaxInt32)
	if r.err != nil {
		return NewText()
	}
	return newText(h)
}

func (r *Reader) pairs(rows int) *pairs {
	p := &pairs{rows: rows, first: asUint32s(r.view(4)), second: asUint32s(r.view(4)), ends: asUint32s(r.view(4)), lists: r.view(1)}
	r.must(ascending(p.first, uint32(len(p.second))))
	r.must(len(p.second) == len(p.ends) && ascending(p.ends, uint32(len(p.lists))))
	return p
}

// ascending reports whether places are in order and the last is the end.
func ascending(places []uint32, end uint32) bool {
	last := uint32(0)
	if len(places) > 0 {
		last = places[len(places)-1]
	}
	return last == end && slices.IsSorted(places)
}
