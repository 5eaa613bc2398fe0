package escpos

// A slip must be on its way within milliseconds of the touch, and on a small board a
// general QR library takes longer than all the rest of the slip. Addresses of up to 106
// bytes are therefore made here: ISO/IEC 18004 versions 1 to 6, byte mode, level M,
// with rows as the bits of a word. newMatrix leaves the others to the library.

// version is a line of table 9 of ISO/IEC 18004 for level M: all blocks of a version up
// to 6 are equally long.
type version struct{ data, ec, blocks int } // data and error correction codewords a block

var levelM = [...]version{{16, 10, 1}, {28, 16, 1}, {44, 26, 1}, {32, 18, 2}, {43, 24, 2}, {27, 16, 4}}

// symbol is a QR symbol as bits: bit x of rows[y] is set where module (x, y) is dark.
// fixed marks the function patterns likewise.
type symbol struct {
	n           int
	rows, fixed [41]uint64
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
	gen := multiplesOf(generator(v.ec))
	for b := range v.blocks {
		block := data[b*v.data : (b+1)*v.data]
		for i, c := range block {
			out[i*v.blocks+b] = c
		}
		r := gen.remainder(block)
		for i := range v.ec {
			out[total+i*v.blocks+b] = r.at(i)
		}
	}
	return out
}

// fix sets a module of a function pattern.
func (s *symbol) fix(x, y int, dark bool) {
	s.fixed[y] |= 1 << x
	s.rows[y] &^= 1 << x
	if dark {
		s.rows[y] |= 1 << x
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
			s.fix(x, y, dark(max(dx, -dx, dy, -dy)))
		}
	}
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
		s.fix(x, y, dark)
		s.fix(u, v, dark)
	}
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
				}
				bit++
			}
		}
		up = !up
	}
}
