package index

import "math/bits"

// moved tells which rows the rows of an older state have become. Rows that stay
// keep their order, so the words of a set can be pushed together one by one.
type moved struct {
	to    []int32  // by old row: the new one; negative: it is gone
	kept  []uint64 // the old rows that are not gone
	start []int32  // by word of kept: the new row of its first
}

func newMoved(to []int32) *moved {
	m := &moved{to: to, kept: make([]uint64, words(len(to))), start: make([]int32, words(len(to)))}
	n := int32(0)
	for i, row := range to {
		if i&63 == 0 {
			m.start[i>>6] = n
		}
		if row >= 0 {
			m.kept[i>>6] |= 1 << (i & 63)
			n++
		}
	}
	return m
}

// add adds to dst the rows of the i-th word of an old set.
func (m *moved) add(dst Bits, i int, word uint64) {
	kept := m.kept[i]
	if word &= kept; word == 0 {
		return
	}
	if kept != ^uint64(0) {
		word = compress(word, kept)
	}
	at := m.start[i]
	dst[at>>6] |= word << (at & 63)
	if high := word >> (64 - at&63); high != 0 { // a shift by 64 leaves nothing
		dst[at>>6+1] |= high
	}
}

// compress pushes the bits of word that are in mask together. The gaps are
// closed from the highest one down, each a run at a time: of a base few rows
// are gone.
func compress(word, mask uint64) uint64 {
	for gaps := ^mask; gaps != 0; {
		top := 63 - bits.LeadingZeros64(gaps)             // the highest bit that is a gap
		run := bits.LeadingZeros64(^(gaps << (63 - top))) // how many below it are too
		low := top + 1 - run                              // the lowest of them
		below := uint64(1)<<low - 1                       // what stays where it is
		word = word&below | word>>uint(run)&^below        // the rest moves down
		gaps &= below
	}
	return word
}
