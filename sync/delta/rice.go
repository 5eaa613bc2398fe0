package delta

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Ordinals, ascending, are written as the gaps between them in a Rice code: all
// but the lowest k bits of a gap in ones with a zero behind, then the k bits. With
// the best k it is within a few per cent of what a random choice can be told in.
//
//	uvarint number of ordinals, byte k, bits from the lowest of each byte upward

// appendOrdinals appends ordinals, which ascend.
func appendOrdinals(dst []byte, ordinals []uint32) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(ordinals)))
	if len(ordinals) == 0 {
		return dst
	}
	k := riceBits(ordinals)
	dst = append(dst, byte(k))
	var acc uint64 // below 8 bits between two puts
	var have int
	put := func(v uint64, n int) {
		for acc, have = acc|v<<have, have+n; have >= 8; acc, have = acc>>8, have-8 {
			dst = append(dst, byte(acc))
		}
	}
	next := uint32(0)
	for _, o := range ordinals {
		gap := o - next
		next = o + 1
		for q := gap >> k; q > 0; q-- {
			put(1, 1)
		}
		put(0, 1)
		put(uint64(gap&(1<<k-1)), k)
	}
	if have > 0 {
		dst = append(dst, byte(acc))
	}
	return dst
}

// riceBits is the k that needs the fewest bits.
func riceBits(ordinals []uint32) int {
	best, least := 0, uint64(1<<63)
	for k := range 32 {
		sum, next := uint64(0), uint32(0)
		for _, o := range ordinals {
			sum += uint64((o-next)>>k) + 1 + uint64(k)
			next = o + 1
		}
		if sum < least {
			best, least = k, sum
		}
	}
	return best
}

var errOrdinals = errors.New("delta: the list of ordinals is damaged")

// readOrdinals reads ordinals below n, and what follows them.
func readOrdinals(src []byte, n uint32) (ordinals []uint32, rest []byte, err error) {
	count, used := binary.Uvarint(src)
	if used <= 0 || count > uint64(n) || used > 1 && src[used-1] == 0 {
		return nil, nil, errOrdinals
	}
	if src = src[used:]; count == 0 {
		return nil, src, nil
	}
	if len(src) == 0 || src[0] > 31 {
		return nil, nil, errOrdinals
	}
	in := bitReader{src: src[1:]}
	k := int(src[0])
	// Each takes k+1 bits at least, so no room is made for what cannot be there.
	if count > uint64(len(in.src))*8/uint64(k+1) {
		return nil, nil, errOrdinals
	}
	ordinals = make([]uint32, 0, count)
	next := uint64(0)
	for range count {
		gap, ok := in.rice(k, uint64(n)>>k)
		if next += gap; !ok || next >= uint64(n) {
			return nil, nil, errOrdinals
		}
		ordinals = append(ordinals, uint32(next))
		next++
	}
	rest, ok := in.rest()
	if !ok || riceBits(ordinals) != k {
		return nil, nil, errOrdinals
	}
	return ordinals, rest, nil
}

// bitReader reads bits from the lowest of each byte upward.
type bitReader struct {
	src []byte
	at  int // in bits
}

func (b *bitReader) bit() (v uint64, ok bool) {
	if b.at>>3 >= len(b.src) {
		return 0, false
	}
	v = uint64(b.src[b.at>>3]>>(b.at&7)) & 1
	b.at++
	return v, true
}

// rice reads one number with k low bits, whose high part is at most most.
func (b *bitReader) rice(k int, most uint64) (v uint64, ok bool) {
	for {
		one, ok := b.bit()
		if !ok || v > most {
			return 0, false
		}
		if one == 0 {
			break
		}
		v++
	}
	v <<= k
	for i := range k {
		one, ok := b.bit()
		if !ok {
			return 0, false
		}
		v |= one << i
	}
	return v, true
}

// rest is what follows the last byte that was begun, whose unread bits must be 0.
func (b *bitReader) rest() ([]byte, bool) {
	if b.at&7 != 0 && b.src[b.at>>3]>>(b.at&7) != 0 {
		return nil, false
	}
	return b.src[(b.at+7)>>3:], true
}

// appendDates appends a table of dates, ascending: the number, the first one, the
// gaps.
func appendDates(dst []byte, table []int64) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(table)))
	last := int64(-1)
	for _, d := range table {
		dst = binary.AppendUvarint(dst, uint64(d-last-1))
		last = d
	}
	return dst
}

// columns reads whole numbers one after another.
type columns struct {
	src []byte
	bad bool
}

// number reads a number below limit.
func (c *columns) number(limit uint64) uint64 {
	v, used := binary.Uvarint(c.src)
	if used <= 0 || v >= limit || used > bits.UintSize/7+1 || used > 1 && c.src[used-1] == 0 {
		c.src, c.bad = nil, true
		return 0
	}
	c.src = c.src[used:]
	return v
}

// dates reads a table of dates.
func (c *columns) dates() (table []int64) {
	last := int64(-1)
	for n := c.number(uint64(len(c.src))); n > 0 && !c.bad; n-- {
		last += int64(c.number(uint64(maxDate+1))) + 1
		if checkDate(last) != nil {
			c.bad = true
		}
		table = append(table, last)
	}
	return table
}
