package escpos

import "math/bits"

// masked is the symbol under the mask of the least penalty.
func (s *symbol) masked() *symbol {
	best := s.under(0)
	least := best.penalty()
	for k := 1; k < 8; k++ {
		c := s.under(k)
		if p := c.penalty(); p < least {
			best, least = c, p
		}
	}
	return &best
}

// under is the symbol under mask k. Masks repeat every six modules across and every
// twelve down.
func (s *symbol) under(k int) symbol {
	const repeat = 1<<0 | 1<<6 | 1<<12 | 1<<18 | 1<<24 | 1<<30 | 1<<36
	var mask [12]uint64
	for y := range mask {
		for x := range 6 {
			if masks(k, x, y) {
				mask[y] |= repeat << x
			}
		}
	}
	c := *s
	for y := range s.n {
		c.rows[y] ^= mask[y%12] & ones(s.n) &^ s.fixed[y]
	}
	c.format(k)
	return c
}

// ones has the lowest n bits set.
func ones(n int) uint64 { return 1<<n - 1 }

// masks reports whether mask k turns module (x, y) over (ISO/IEC 18004, table 10).
func masks(k, x, y int) bool {
	switch k {
	case 0:
		return (x+y)%2 == 0
	case 1:
		return y%2 == 0
	case 2:
		return x%3 == 0
	case 3:
		return (x+y)%3 == 0
	case 4:
		return (y/2+x/3)%2 == 0
	case 5:
		return x*y%2+x*y%3 == 0
	case 6:
		return (x*y%2+x*y%3)%2 == 0
	}
	return ((x+y)%2+x*y%3)%2 == 0
}

// penalty scores how hard the symbol is to read (ISO/IEC 18004, table 11). A row's
// modules are compared by shifting it, a column's all at once with those of the rows
// below.
func (s *symbol) penalty() int {
	n, p, dark := s.n, 0, 0
	var above uint64 // columns where five alike begin one row higher
	for y := range n {
		r := s.rows[y]
		dark += bits.OnesCount64(r)
		var across [11]uint64 // a module and those right of it
		for i := range across {
			across[i] = r >> i
		}
		five := alike((*[5]uint64)(across[:])) & ones(n-4)
		p += runs(five, five<<1) + 40*finders(&across, ones(n-10))
		if y+5 <= n {
			five = alike((*[5]uint64)(s.rows[y:])) & ones(n)
			p += runs(five, above)
			above = five
		}
		if y+11 <= n {
			p += 40 * finders((*[11]uint64)(s.rows[y:]), ones(n))
		}
		if y+1 < n {
			q := s.rows[y+1]
			p += 3 * bits.OnesCount64(^(r^r>>1)&^(q^q>>1)&^(r^q)&ones(n-1)) // blocks of four
		}
	}
	off := dark*20 - 10*n*n // twentieths away from one half
	return p + max(off, -off)/(n*n)*10
}

// alike has the bits in which five modules, one behind the other, are all dark or all
// light.
func alike(m *[5]uint64) uint64 {
	return m[0]&m[1]&m[2]&m[3]&m[4] | ^(m[0] | m[1] | m[2] | m[3] | m[4])
}

// runs scores five alike, and what is longer by one a module; before has those that
// begin one module earlier.
func runs(five, before uint64) int {
	return bits.OnesCount64(five) + 2*bits.OnesCount64(five&^before)
}

// finders counts what looks like a finder, in both directions, among eleven modules one
// behind the other: four light ones beside the ratio 1:1:3:1:1.
func finders(m *[11]uint64, where uint64) int {
	first := m[0] &^ m[1] & m[2] & m[3] & m[4] &^ m[5] & m[6] &^ (m[7] | m[8] | m[9] | m[10])
	last := m[4] &^ m[5] & m[6] & m[7] & m[8] &^ m[9] & m[10] &^ (m[0] | m[1] | m[2] | m[3])
	return bits.OnesCount64(first&where) + bits.OnesCount64(last&where)
}
