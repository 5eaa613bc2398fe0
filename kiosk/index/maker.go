package index

import "math"

// Maker makes the next state of a Text.
type Maker struct {
	old    *Text
	to     []int32 // old rows to new ones
	next   *Text
	shared bool     // next.code is still that of old
	sample []string // the first texts, before there is a code
	kept   int
}

// samples is the number of texts from which the first code is made.
const samples = 2000

// Next begins the next state: the rows of t without those in gone, in their
// order, then those that are added.
func (t *Text) Next(gone Bits) *Maker {
	m := &Maker{old: t, to: make([]int32, t.Len()), next: &Text{code: t.code}, shared: true}
	m.next.bytes = make([]byte, 0, len(t.bytes)+len(t.bytes)/16)
	m.next.ends = make([]uint32, 0, t.Len()+t.Len()/16)
	for row := range t.Len() {
		if gone.Has(row) {
			m.to[row] = -1
			continue
		}
		m.to[row] = int32(m.kept)
		m.kept++
		m.next.bytes = append(m.next.bytes, t.text(row)...)
		m.next.ends = append(m.next.ends, uint32(len(m.next.bytes)))
	}
	return m
}

// Add adds a row.
func (m *Maker) Add(text string) {
	if len(m.next.code.runes) < 2 {
		if m.sample = append(m.sample, text); len(m.sample) == samples {
			m.start()
		}
		return
	}
	if !m.next.code.knows(text) {
		if m.shared {
			m.next.code, m.shared = m.next.code.clone(), false
		}
		m.next.code.learn(text)
	}
	m.next.bytes = m.next.code.encode(m.next.bytes, text)
	m.next.ends = append(m.next.ends, uint32(len(m.next.bytes)))
}

// start makes the first code and writes the sample in it.
func (m *Maker) start() {
	m.next.code, m.shared = newCode(m.sample), false
	m.next.code.learn(" ") // so that there is one, were the sample empty texts
	sample := m.sample
	m.sample = nil
	for _, s := range sample {
		m.Add(s)
	}
}

// Done returns the next state.
func (m *Maker) Done() (*Text, error) {
	if m.sample != nil {
		m.start()
	}
	t := m.next
	if len(t.bytes) > math.MaxUint32 {
		return nil, ErrTooLong
	}
	fresh := build(t.code, t.Len(), m.kept, t.text)
	t.all = merge(t.Len(), m.old.all, m.to, fresh)
	fresh = build(t.code, t.Len(), m.kept, t.firstLine)
	t.first = merge(t.Len(), m.old.first, m.to, fresh)
	return newText(t), nil
}
