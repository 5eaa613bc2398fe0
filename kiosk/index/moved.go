package index

// moved tells which rows the rows of an older state have become. Rows that stay
// keep their order, so the words of a set can be pushed together one by one.
type moved struct {
	to    []int32 // by old row: the new one; negative: it is gone
	words []push  // by word of a set of old rows
}

// push pushes the bits of a word that are in a mask together, in six steps:
// step i moves those by 1<<i bits that have that power of two in the number of
// gaps below them (Warren, Hacker's Delight, 7-4).
type push struct {
	mask  uint64 // the old rows that are not gone
	steps [6]uint64
	start int32 // the new row of the first of them
}

func newMoved(to []int32) *moved {
	m := &moved{to: to, words: make([]push, words(len(to)))}
	n := int32(0)
	for i, row := range to {
		w := &m.words[i>>6]
		if i&63 == 0 {
			w.start = n
		}
		if row >= 0 {
			w.mask |= 1 << (i & 63)
			n++
		}
	}
	for i := range m.words {
		m.words[i].prepare()
	}
	return m
}

// prepare fills steps.
func (p *push) prepare() {
	mask, gaps := p.mask, ^p.mask<<1
	for i := range p.steps {
		odd := gaps // the parity of the gaps below each bit
		for s := 1; s < 64; s *= 2 {
			odd ^= odd << s
		}
		move := odd & mask
		p.steps[i] = move
		mask = mask ^ move | move>>(1<<i)
		gaps &^= odd
	}
}

func (p *push) together(word uint64) uint64 {
	word &= p.mask
	for i, step := range p.steps {
		move := word & step
		word = word ^ move | move>>(1<<i)
	}
	return word
}

// add adds to dst the rows of the i-th word of an old set.
func (m *moved) add(dst Bits, i int, word uint64) {
	p := &m.words[i]
	if word = p.together(word); word == 0 {
		return
	}
	at := p.start
	dst[at>>6] |= word << (at & 63)
	if high := word >> (64 - at&63); high != 0 { // a shift by 64 leaves nothing
		dst[at>>6+1] |= high
	}
}
