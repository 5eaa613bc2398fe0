package index

import (
	"encoding/binary"
	"slices"
)

// builder counts and then fills the lists of fresh rows.
type builder struct {
	code  *code
	table []uint32 // hashed: 1 + index in keys; 0: free
	keys  []uint64 // pairs in the order they were met
	last  []int32  // the last row that had the pair
	sizes []uint32 // bytes of the list
	at    []uint32 // where the next varint goes
	room  []uint64
}

// build makes the pairs of the texts of rows from, from+1, ...
func build(c *code, rows, from int, text func(row int) []byte) *pairs {
	b := &builder{code: c, table: make([]uint32, 1<<12)}
	for row := from; row < rows; row++ {
		b.room = c.pairsOf(b.room[:0], text(row))
		for _, key := range b.room {
			b.count(key, int32(row))
		}
	}
	order := b.order()
	p := &pairs{rows: rows, plain: true, first: make([]uint32, len(c.runes)+1)}
	p.second, p.ends = make([]uint32, 0, len(order)), make([]uint32, 0, len(order))
	b.at = make([]uint32, len(b.keys))
	total := uint32(0)
	for _, id := range order {
		b.at[id] = total
		total += b.sizes[id]
		p.second = append(p.second, uint32(b.keys[id]))
		p.ends = append(p.ends, total)
		p.first[b.keys[id]>>32+1]++
	}
	for i := 1; i < len(p.first); i++ {
		p.first[i] += p.first[i-1]
	}
	p.lists = make([]byte, total)
	for i := range b.last {
		b.last[i] = -1
	}
	for row := from; row < rows; row++ {
		b.room = c.pairsOf(b.room[:0], text(row))
		for _, key := range b.room {
			b.fill(p.lists, key, int32(row))
		}
	}
	return p
}

// order returns the indexes of keys, sorted by key.
func (b *builder) order() []uint32 {
	sorted := slices.Clone(b.keys)
	slices.Sort(sorted)
	order := make([]uint32, len(sorted))
	for i, key := range sorted {
		order[i] = b.index(key)
	}
	return order
}

func (b *builder) count(key uint64, row int32) {
	i := b.index(key)
	last := b.last[i]
	if last == row {
		return
	}
	b.last[i] = row
	for gap := row - last - 1; ; gap >>= 7 {
		b.sizes[i]++
		if gap < 0x80 {
			break
		}
	}
}

func (b *builder) fill(lists []byte, key uint64, row int32) {
	i := b.index(key)
	last := b.last[i]
	if last == row {
		return
	}
	b.last[i] = row
	b.at[i] += uint32(binary.PutUvarint(lists[b.at[i]:], uint64(row-last-1)))
}

// index finds the pair among keys, or adds it.
func (b *builder) index(key uint64) uint32 {
	mask := uint32(len(b.table) - 1)
	for at := hash(key) & mask; ; at = (at + 1) & mask {
		i := b.table[at]
		if i == 0 {
			b.keys, b.last, b.sizes = append(b.keys, key), append(b.last, -1), append(b.sizes, 0)
			b.table[at] = uint32(len(b.keys))
			if len(b.keys) > len(b.table)/2 {
				b.grow()
			}
			return uint32(len(b.keys) - 1)
		}
		if b.keys[i-1] == key {
			return i - 1
		}
	}
}

func (b *builder) grow() {
	b.table = make([]uint32, 2*len(b.table))
	mask := uint32(len(b.table) - 1)
	for i, key := range b.keys {
		at := hash(key) & mask
		for b.table[at] != 0 {
			at = (at + 1) & mask
		}
		b.table[at] = uint32(i + 1)
	}
}

func hash(key uint64) uint32 { return uint32(key * 0x9E3779B97F4A7C15 >> 33) }

// pairsOf appends the pairs of a text: each character of a line with the one
// that follows it, or with 0 when none does.
func (c *code) pairsOf(dst []uint64, text []byte) []uint64 {
	before := uint64(0)
	for len(text) > 0 {
		n, size := next(text)
		text = text[size:]
		if n >= uint32(len(c.runes)) {
			n = 0
		}
		if before != 0 {
			dst = append(dst, before<<32|uint64(n))
		}
		before = uint64(n)
	}
	if before != 0 {
		dst = append(dst, before<<32)
	}
	return dst
}
