package index

import "math/bits"

// Bits is a set of rows, 64 to a word. Sets that meet in one operation have
// the same length.
type Bits []uint64

// NewBits returns an empty set that has room for n rows.
func NewBits(n int) Bits { return make(Bits, words(n)) }

func words(n int) int { return (n + 63) / 64 }

// Set puts row i into the set.
func (b Bits) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// Clear takes row i out of the set.
func (b Bits) Clear(i int) { b[i>>6] &^= 1 << (i & 63) }

// Has reports whether row i is in the set.
func (b Bits) Has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }

// Reset empties the set.
func (b Bits) Reset() { clear(b) }

// Fill makes the set that of the rows below n, which it must have room for.
func (b Bits) Fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if rest := n & 63; rest != 0 {
		b[len(b)-1] = 1<<rest - 1
	}
}

// And leaves the rows that are in o too.
func (b Bits) And(o Bits) {
	o = o[:len(b)]
	for i := range b {
		b[i] &= o[i]
	}
}

// AndNot takes out the rows of o.
func (b Bits) AndNot(o Bits) {
	o = o[:len(b)]
	for i := range b {
		b[i] &^= o[i]
	}
}

// Or adds the rows of o.
func (b Bits) Or(o Bits) {
	o = o[:len(b)]
	for i := range b {
		b[i] |= o[i]
	}
}

// Count is the number of rows in the set.
func (b Bits) Count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// CountAnd is the number of rows that are in both sets.
func (b Bits) CountAnd(o Bits) int {
	o = o[:len(b)]
	var m, n, i int
	for ; i+1 < len(b); i += 2 { // two sums do not wait for each other
		m += bits.OnesCount64(b[i] & o[i])
		n += bits.OnesCount64(b[i+1] & o[i+1])
	}
	if i < len(b) {
		m += bits.OnesCount64(b[i] & o[i])
	}
	return m + n
}

// Each calls f with every row, ascending.
func (b Bits) Each(f func(i int)) {
	for at, w := range b {
		for ; w != 0; w &= w - 1 {
			f(at<<6 + bits.TrailingZeros64(w))
		}
	}
}

// Rows appends the rows to dst, ascending.
func (b Bits) Rows(dst []int32) []int32 {
	for at, w := range b {
		for ; w != 0; w &= w - 1 {
			dst = append(dst, int32(at<<6+bits.TrailingZeros64(w)))
		}
	}
	return dst
}
