package index

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// pairs tells in which rows each pair of neighbouring characters stands. All of it
// is five flat pieces of memory, whatever the number of pairs.
//
// A list of rows is varints, each the distance from the row before less one,
// or, when those would not be shorter, a set of 8*words(rows) bytes. The length
// tells which it is.
type pairs struct {
	rows   int
	plain  bool     // no list is a set
	moved  *moved   // what has become of the rows; nil: they are what they were
	first  []uint32 // by character: where its pairs begin in second
	second []uint32 // ascending for each first character; 0: none follows in the line
	ends   []uint32 // where the list of each pair ends
	lists  []byte
}

// anyLetter stands for the second character in the set of all rows that have the
// first one, which is kept where putting it together would take long.
const anyLetter = uint32(1) << 31

// size is the number of bytes it takes.
func (p *pairs) size() int { return len(p.lists) + 4*(len(p.ends)+len(p.second)+len(p.first)) }

func (p *pairs) chars() int { return max(0, len(p.first)-1) }

// list returns the list of the pair with the index i in second.
func (p *pairs) list(i uint32) []byte {
	start := uint32(0)
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.lists[start:p.ends[i]]
}

// pair returns the list of a pair, nil when no row has it.
func (p *pairs) pair(a, b uint32) []byte {
	if int(a) >= p.chars() {
		return nil
	}
	from, to := p.first[a], p.first[a+1]
	i, ok := slices.BinarySearch(p.second[from:to], b)
	if !ok {
		return nil
	}
	return p.list(from + uint32(i))
}

// char adds to dst the rows that have the character.
func (p *pairs) char(dst Bits, a uint32) {
	if int(a) >= p.chars() {
		return
	}
	from, to := p.first[a], p.first[a+1]
	if to > from && p.second[to-1] == anyLetter {
		from = to - 1
	}
	for i := from; i < to; i++ {
		p.addTo(dst, p.list(i))
	}
}

func (p *pairs) dense(list []byte) bool { return !p.plain && len(list) == 8*words(p.rows) }

// addTo adds the rows of a list to dst.
func (p *pairs) addTo(dst Bits, list []byte) {
	if p.moved != nil {
		p.addMoved(dst, list)
		return
	}
	if p.dense(list) {
		for i := range len(list) / 8 {
			dst[i] |= binary.LittleEndian.Uint64(list[8*i:])
		}
		return
	}
	row := -1
	for len(list) > 0 {
		gap := int(list[0])
		if gap < 0x80 {
			list = list[1:]
		} else {
			v, size := binary.Uvarint(list)
			if size <= 0 {
				return
			}
			gap, list = int(v), list[size:]
		}
		if row += gap + 1; uint(row) >= uint(p.rows) {
			return
		}
		dst[row>>6] |= 1 << (row & 63)
	}
}

// addMoved adds what the rows of a list have become.
func (p *pairs) addMoved(dst Bits, list []byte) {
	if p.dense(list) {
		for i := range len(list) / 8 {
			p.moved.add(dst, i, binary.LittleEndian.Uint64(list[8*i:]))
		}
		return
	}
	row := -1
	for len(list) > 0 {
		v, size := binary.Uvarint(list)
		if size <= 0 || v >= uint64(p.rows) {
			return
		}
		if row += int(v) + 1; row >= p.rows {
			return
		}
		list = list[size:]
		if to := p.moved.to[row]; to >= 0 {
			dst[to>>6] |= 1 << (to & 63)
		}
	}
}

// decode appends the rows of a list to dst.
func (p *pairs) decode(dst []int32, list []byte) []int32 {
	if p.dense(list) {
		for at := 0; at < len(list); at += 8 {
			for w := binary.LittleEndian.Uint64(list[at:]); w != 0; w &= w - 1 {
				dst = append(dst, int32(at*8+bits.TrailingZeros64(w)))
			}
		}
		return dst
	}
	row := -1
	for len(list) > 0 {
		v, size := binary.Uvarint(list)
		if size <= 0 || v >= uint64(p.rows) {
			return dst
		}
		if row += int(v) + 1; row >= p.rows {
			return dst
		}
		dst, list = append(dst, int32(row)), list[size:]
	}
	return dst
}

// pairsWriter puts pairs together in their order.
type pairsWriter struct {
	p   *pairs
	own Bits // rows of the character that is being written
}

func newPairsWriter(rows, chars, lists int) *pairsWriter {
	return &pairsWriter{
		p:   &pairs{rows: rows, first: make([]uint32, 1, chars+1), lists: make([]byte, 0, lists)},
		own: NewBits(rows),
	}
}

// put writes the list of the next pair of the present character.
func (w *pairsWriter) put(second uint32, rows []int32) {
	if len(rows) == 0 {
		return
	}
	p, start, set := w.p, len(w.p.lists), 8*words(w.p.rows)
	last := int32(-1)
	for _, r := range rows {
		w.own.Set(int(r))
		if len(p.lists)-start < set {
			p.lists = binary.AppendUvarint(p.lists, uint64(r-last-1))
		}
		last = r
	}
	if len(p.lists)-start >= set {
		p.lists = appendSet(p.lists[:start], rows, set)
	}
	p.second = append(p.second, second)
	p.ends = append(p.ends, uint32(len(p.lists)))
}

func appendSet(dst []byte, rows []int32, size int) []byte {
	start := len(dst)
	dst = append(dst, make([]byte, size)...)
	set := dst[start:]
	for _, r := range rows {
		set[r>>3] |= 1 << (r & 7)
	}
	return dst
}

// endChar ends the present character. When its lists are twice as long as a
// set, the set is kept beside them.
func (w *pairsWriter) endChar() {
	p := w.p
	from := p.first[len(p.first)-1]
	if int(from) < len(p.second) {
		start := uint32(0)
		if from > 0 {
			start = p.ends[from-1]
		}
		if size := 8 * words(p.rows); len(p.lists)-int(start) > 2*size {
			for _, word := range w.own {
				p.lists = binary.LittleEndian.AppendUint64(p.lists, word)
			}
			p.second = append(p.second, anyLetter)
			p.ends = append(p.ends, uint32(len(p.lists)))
		}
		w.own.Reset()
	}
	p.first = append(p.first, uint32(len(p.second)))
}
