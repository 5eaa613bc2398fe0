package index

import (
	"math"
	"runtime"
)

// Maker makes the next state of a Text.
type Maker struct {
	old    *held
	to     []int32 // old rows to new ones
	kept   int     // old rows that are not gone
	code   *code
	shared bool     // code is still that of old
	sample []string // the first texts, before there is a code
	fresh  part     // what was added
}

// samples is the number of texts from which the first code is made.
const samples = 2000

// Next begins the next state: the rows of t without those in gone, in their
// order, then those that are added.
func (t *Text) Next(gone Bits) *Maker {
	h := t.held.Load()
	m := &Maker{old: h, to: make([]int32, h.rows()), code: h.code, shared: true}
	for row := range m.to {
		if gone.Has(row) {
			m.to[row] = -1
			continue
		}
		m.to[row] = int32(m.kept)
		m.kept++
	}
	return m
}

// Add adds a row.
func (m *Maker) Add(text string) {
	if len(m.code.runes) < 2 {
		if m.sample = append(m.sample, text); len(m.sample) == samples {
			m.start()
		}
		return
	}
	if !m.code.knows(text) {
		if m.shared {
			m.code, m.shared = m.code.clone(), false
		}
		m.code.learn(text)
	}
	m.fresh.bytes = m.code.encode(m.fresh.bytes, text)
	m.fresh.ends = append(m.fresh.ends, uint32(len(m.fresh.bytes)))
}

// start makes the first code and writes the sample in it.
func (m *Maker) start() {
	m.code, m.shared = newCode(m.sample), false
	m.code.learn(" ") // so that there is one, were the sample empty texts
	sample := m.sample
	m.sample = nil
	for _, s := range sample {
		m.Add(s)
	}
}

// Done returns the next state. It lies above the base of the last one while
// three quarters of it are rows of that base, and not more than a quarter as
// many rows of the base are gone; else it becomes a base itself.
func (m *Maker) Done() (*Text, error) {
	if m.sample != nil {
		m.start()
	}
	defer runtime.KeepAlive(m.old)
	rows := m.kept + len(m.fresh.ends)
	if len(m.old.base.bytes)+len(m.old.over.bytes)+len(m.fresh.bytes) > math.MaxUint32 {
		return nil, ErrTooLong
	}
	h := m.onBase()
	h.over = m.above(h.kept)
	gone := len(h.base.ends) - h.kept
	switch {
	case h.kept == 0:
		h = &held{code: h.code, base: h.over, kept: rows}
	case h.kept < rows*3/4 || gone > rows/4:
		h = h.flat()
	}
	return newText(h), nil
}

// onBase returns the next state without what lies above its base.
func (m *Maker) onBase() *held {
	old := m.old
	h := &held{code: m.code, base: old.base, file: old.file}
	to := make([]int32, len(old.base.ends)) // by row of the base
	for i := range to {
		to[i] = -1
	}
	for row := range old.kept {
		base := int32(row)
		if old.from != nil {
			base = old.from[row]
		}
		if to[base] = m.to[row]; to[base] >= 0 {
			h.kept++
		}
	}
	if h.kept == len(to) {
		return h
	}
	h.from = make([]int32, 0, h.kept)
	for base, row := range to {
		if row >= 0 {
			h.from = append(h.from, int32(base))
		}
	}
	moved := newMoved(to)
	h.base.all, h.base.first = h.base.all.movedBy(moved), h.base.first.movedBy(moved)
	return h
}

// movedBy returns the same pairs, whose rows have become others.
func (p *pairs) movedBy(m *moved) *pairs {
	q := *p
	q.moved = m
	return &q
}

// above returns what lies above the first rows of the next state: what lay
// above the base before, and what was added.
func (m *Maker) above(from int) part {
	var p part
	old := &m.old.over
	for i := range old.ends {
		if m.to[m.old.kept+i] >= 0 {
			p.add(old.text(i))
		}
	}
	if len(p.ends) == 0 {
		p = m.fresh
	} else {
		for i := range m.fresh.ends {
			p.add(m.fresh.text(i))
		}
	}
	rows := from + len(p.ends)
	text := func(row int) []byte { return m.fresh.text(row - m.kept) }
	p.all = merge(rows, old.all, m.to, build(m.code, rows, m.kept, text))
	line := func(row int) []byte { return firstLine(text(row)) }
	p.first = merge(rows, old.first, m.to, build(m.code, rows, m.kept, line))
	return p
}

// flat returns the same rows with everything in the base.
func (h *held) flat() *held {
	if h.from == nil && len(h.over.ends) == 0 && h.kept == len(h.base.ends) {
		return h
	}
	rows := h.rows()
	f := &held{code: h.code, kept: rows, over: noPart()}
	f.base.bytes = make([]byte, 0, len(h.base.bytes)+len(h.over.bytes))
	f.base.ends = make([]uint32, 0, rows)
	for row := range rows {
		f.base.add(h.text(row))
	}
	var to []int32
	if h.base.all.moved != nil {
		to = h.base.all.moved.to
	} else {
		to = make([]int32, len(h.base.ends))
		for i := range to {
			to[i] = int32(i)
		}
	}
	f.base.all = merge(rows, h.base.all, to, h.over.all)
	f.base.first = merge(rows, h.base.first, to, h.over.first)
	return f
}
