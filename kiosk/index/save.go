package index

import "slices"

// Save writes the strings.
func (s *Strings) Save(w *Writer) {
	w.Bytes([]byte(s.text))
	w.Uint32s(s.ends)
}

// ReadStrings reads what Save has written.
func ReadStrings(r *Reader) *Strings {
	s := &Strings{string(r.Bytes()), r.Uint32s()}
	r.must(ascending(s.ends, uint32(len(s.text))))
	return s
}

// Save writes the texts and the index to them.
func (t *Text) Save(w *Writer) {
	runes := make([]uint32, len(t.code.runes))
	for i, c := range t.code.runes {
		runes[i] = uint32(c)
	}
	w.Uint32s(runes)
	w.Bytes(t.bytes)
	w.Uint32s(t.ends)
	for _, p := range []*pairs{t.all, t.first} {
		w.Uint32s(p.first)
		w.Uint32s(p.second)
		w.Uint32s(p.ends)
		w.Bytes(p.lists)
	}
}

// ReadText reads what Save has written.
func ReadText(r *Reader) *Text {
	t := &Text{code: &code{number: map[rune]uint32{}}}
	for _, c := range r.Uint32s() {
		t.code.add(rune(c))
	}
	t.bytes, t.ends = r.Bytes(), r.Uint32s()
	r.must(ascending(t.ends, uint32(len(t.bytes))))
	t.all, t.first = r.pairs(len(t.ends)), r.pairs(len(t.ends))
	if r.err != nil {
		return NewText()
	}
	return newText(t)
}

func (r *Reader) pairs(rows int) *pairs {
	p := &pairs{rows: rows, first: r.Uint32s(), second: r.Uint32s(), ends: r.Uint32s(), lists: r.Bytes()}
	r.must(ascending(p.first, uint32(len(p.second))))
	r.must(len(p.second) == len(p.ends) && ascending(p.ends, uint32(len(p.lists))))
	return p
}

// must notes damage that the checksum did not show.
func (r *Reader) must(ok bool) {
	if r.err == nil && !ok {
		r.err = ErrDamaged
	}
}

// ascending reports whether places are in order and the last is the end.
func ascending(places []uint32, end uint32) bool {
	last := uint32(0)
	if len(places) > 0 {
		last = places[len(places)-1]
	}
	return last == end && slices.IsSorted(places)
}
