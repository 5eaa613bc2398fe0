package escpos

import "math/bits"

// A slip must be on its way within milliseconds of the touch, and on a small board a
// general QR library takes longer than all the rest of the slip. Addresses of up to 106
// bytes are therefore made here: ISO/IEC 18004 versions 1 to 6, byte mode, level M,
// with rows and columns as bits of a word. newMatrix leaves the others to the library.

// version is a line of table 9 of ISO/IEC 18004 for level M: all blocks of a version up
// to 6 are equally long.
type version struct{ data, ec, blocks int } // data and error correction codewords a block

var levelM = [...]version{{16, 10, 1}, {28, 16, 1}, {44, 26, 1}, {32, 18, 2}, {43, 24, 2}, {27, 16, 4}}

// symbol is a QR symbol as bits: bit x of rows[y] and bit y of cols[x] are set where
// module (x, y) is dark. fixed and fixedCols mark the function patterns likewise.
type symbol struct {
	n                int
	rows, cols       [41]uint64
	fixed, fixedCols [41]uint64
}

// smallSymbol makes the symbol of a payload, or reports that it is too long.
func smallSymbol(payload string) (*symbol, bool) {
	for i, v := range levelM {
		if len(payload) <= v.data*v.blocks-2 {
			s := &symbol{n: 21 + 4*i}
			s.patterns()
			s.place(v.codewords(payload))
			return s.masked(), true
		}
	}
	return nil, false
}

func (s *symbol) matrix() matrix {
	m := matrix{n: s.n, dark: make([][]bool, s.n)}
	all := make([]bool, s.n*s.n)
	for y := range m.dark {
		m.dark[y] = all[y*s.n : (y+1)*s.n]
		for x := range s.n {
			m.dark[y][x] = s.rows[y]>>x&1 != 0
		}
	}
	return m
}

// codewords are the data and error correction bytes, interleaved.
func (v version) codewords(payload string) []byte {
	total := v.data * v.blocks
	data := make([]byte, 0, total)
	n := byte(len(payload))
	data = append(data, 0x40|n>>4) // byte mode, length, data, each half a byte late
	last := n << 4
	for i := range len(payload) {
		data = append(data, last|payload[i]>>4)
		last = payload[i] << 4
	}
	data = append(data, last)
	for pad := byte(0xEC); len(data) < total; pad ^= 0xEC ^ 0x11 {
		data = append(data, pad)
	}
	out := make([]byte, (v.data+v.ec)*v.blocks)
	gen := generator(v.ec)
	for b := range v.blocks {
		block := data[b*v.data : (b+1)*v.data]
		for i, c := range block {
			out[i*v.blocks+b] = c
		}
		for i, c := range remainder(block, gen) {
			out[total+i*v.blocks+b] = c
		}
	}
	return out
}

// mul multiplies in GF(256) modulo x^8+x^4+x^3+x^2+1.
func mul(a, b byte) byte {
	var p byte
	for ; b != 0; b >>= 1 {
		if b&1 != 0 {
			p ^= a
		}
		carry := a >> 7
		a = a<<1 ^ carry*0x1D
	}
	return p
}

// generator is the Reed-Solomon generator polynomial of degree n without its first
// coefficient, 1.
func generator(n int) []byte {
	g := make([]byte, n)
	g[n-1] = 1
	root := byte(1)
	for range n {
		for j := range g {
			g[j] = mul(g[j], root)
			if j+1 < n {
				g[j] ^= g[j+1]
			}
		}
		root = mul(root, 2)
	}
	return g
}

// remainder is the error correction of a block.
func remainder(data, gen []byte) []byte {
	var times [256][]byte // multiples of gen in use
	r := make([]byte, len(gen))
	for _, d := range data {
		f := d ^ r[0]
		copy(r, r[1:])
		r[len(r)-1] = 0
		if times[f] == nil {
			t := make([]byte, len(gen))
			for i, g := range gen {
				t[i] = mul(g, f)
			}
			times[f] = t
		}
		for i, t := range times[f] {
			r[i] ^= t
		}
	}
	return r
}

// fix sets a module of a function pattern.
func (s *symbol) fix(x, y int, dark bool) {
	s.fixed[y] |= 1 << x
	s.fixedCols[x] |= 1 << y
	if dark {
		s.rows[y] |= 1 << x
		s.cols[x] |= 1 << y
	}
}

// patterns draws finders with separators, the alignment pattern and timing, and keeps
// the place of the format information.
func (s *symbol) patterns() {
	n := s.n
	for i := range n {
		s.fix(i, 6, i%2 == 0)
		s.fix(6, i, i%2 == 0)
	}
	for _, at := range [][2]int{{3, 3}, {n - 4, 3}, {3, n - 4}} {
		s.rings(at, 4, func(d int) bool { return d != 2 && d != 4 })
	}
	if n > 21 {
		s.rings([2]int{n - 7, n - 7}, 2, func(d int) bool { return d != 1 })
	}
	s.format(0)
}

// rings draws squares round a centre, as dark as their distance from it says.
func (s *symbol) rings(at [2]int, r int, dark func(d int) bool) {
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			x, y := at[0]+dx, at[1]+dy
			if x < 0 || y < 0 || x >= s.n || y >= s.n {
				continue
			}
			s.unset(x, y)
			s.fix(x, y, dark(max(dx, -dx, dy, -dy)))
		}
	}
}

func (s *symbol) unset(x, y int) {
	s.rows[y] &^= 1 << x
	s.cols[x] &^= 1 << y
}

// format writes level M (00) and the mask in both places, and the dark module.
func (s *symbol) format(mask int) {
	rem := mask << 10
	for i := 4; i >= 0; i-- {
		if rem>>(i+10)&1 != 0 {
			rem ^= 0x537 << i
		}
	}
	word := (mask<<10 | rem) ^ 0x5412
	for i := range 15 {
		dark := word>>i&1 != 0
		x, y := 8, s.n-15+i // the second place: down the left
		if i < 8 {
			x, y = s.n-1-i, 8 // along the top right
		}
		u, v := 14-i, 8 // the first place: along the top left
		switch {
		case i < 6:
			u, v = 8, i
		case i < 8:
			u, v = 8, i+1
		case i == 8:
			u = 7
		}
		s.unset(x, y)
		s.unset(u, v)
		s.fix(x, y, dark)
		s.fix(u, v, dark)
	}
	s.unset(8, s.n-8)
	s.fix(8, s.n-8, true)
}

// place lays the codewords in two-module columns from the right, up and down in turn.
func (s *symbol) place(code []byte) {
	bit := 0
	up := true
	for right := s.n - 1; right > 0; right -= 2 {
		if right == 6 { // the timing pattern's column
			right--
		}
		for i := range s.n {
			y := i
			if up {
				y = s.n - 1 - i
			}
			for x := right; x > right-2; x-- {
				if s.fixed[y]>>x&1 != 0 {
					continue
				}
				if bit < len(code)*8 && code[bit/8]>>(7-bit%8)&1 != 0 {
					s.rows[y] |= 1 << x
					s.cols[x] |= 1 << y
				}
				bit++
			}
		}
		up = !up
	}
}

// masked is the symbol under the mask of the least penalty.
func (s *symbol) masked() *symbol {
	var best *symbol
	least := 0
	for k := range 8 {
		c := s.under(k)
		if p := c.penalty(); best == nil || p < least {
			best, least = c, p
		}
	}
	return best
}

// under is the symbol under mask k. Masks repeat every twelve modules.
func (s *symbol) under(k int) *symbol {
	c := *s
	full := uint64(1)<<s.n - 1
	for i := range s.n {
		var row, col uint64
		for j := range 12 {
			if masks(k, j, i%12) {
				row |= 1 << j
			}
			if masks(k, i%12, j) {
				col |= 1 << j
			}
		}
		c.rows[i] ^= (row | row<<12 | row<<24 | row<<36) & full &^ s.fixed[i]
		c.cols[i] ^= (col | col<<12 | col<<24 | col<<36) & full &^ s.fixedCols[i]
	}
	c.format(k)
	return &c
}

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

// penalty scores how hard the symbol is to read (ISO/IEC 18004, table 11).
func (s *symbol) penalty() int {
	p, dark := 0, 0
	inner := uint64(1)<<(s.n-1) - 1 // the bits that have a right neighbour
	for i := range s.n {
		p += s.line(s.rows[i]) + s.line(s.cols[i])
		dark += bits.OnesCount64(s.rows[i])
		if i+1 < s.n {
			a, b := s.rows[i], s.rows[i+1]
			p += 3 * bits.OnesCount64(^(a^a>>1)&^(b^b>>1)&^(a^b)&inner) // blocks of four
		}
	}
	off := dark*20 - 10*s.n*s.n // twentieths away from one half
	return p + max(off, -off)/(s.n*s.n)*10
}

// line scores runs of five or more alike, and what looks like a finder.
func (s *symbol) line(r uint64) int {
	same := ^(r ^ r>>1) & (uint64(1)<<(s.n-1) - 1)
	run := same & (same >> 1) & (same >> 2) & (same >> 3)
	p := bits.OnesCount64(run) + 2*bits.OnesCount64(run&^(run<<1))
	for _, pattern := range [...]uint64{0b10111010000, 0b00001011101} {
		hit := uint64(1)<<(s.n-10) - 1
		for k := range 11 {
			if pattern>>k&1 != 0 {
				hit &= r >> k
			} else {
				hit &^= r >> k
			}
		}
		p += 40 * bits.OnesCount64(hit)
	}
	return p
}
