package escpos

// poly is a polynomial over GF(256) modulo x^8+x^4+x^3+x^2+1, of at most 32
// coefficients: the highest first, eight to a word, so that they are reckoned with
// together. Level M needs 26.
type poly [4]uint64

const each = 0x0101010101010101 // a bit in every coefficient

func (p poly) at(i int) byte { return byte(p[i/8] >> (56 - i%8*8)) }

func (p poly) plus(q poly) poly {
	return poly{p[0] ^ q[0], p[1] ^ q[1], p[2] ^ q[2], p[3] ^ q[3]}
}

// shifted is p without its highest coefficient, the others one place higher.
func (p poly) shifted() poly {
	return poly{p[0]<<8 | p[1]>>56, p[1]<<8 | p[2]>>56, p[2]<<8 | p[3]>>56, p[3] << 8}
}

// doubled is p times 2.
func (p poly) doubled() poly {
	for i, w := range p {
		p[i] = w<<1&^each ^ w>>7&each*0x1D
	}
	return p
}

// multiples are a polynomial times 1, 2, 4 and so on up to 128.
type multiples [8]poly

func multiplesOf(p poly) multiples {
	var m multiples
	for i := range m {
		m[i], p = p, p.doubled()
	}
	return m
}

func (m *multiples) times(f byte) poly {
	var p poly
	for i := 0; f != 0; i, f = i+1, f>>1 {
		if f&1 != 0 {
			p = p.plus(m[i])
		}
	}
	return p
}

// generator is the Reed-Solomon generator polynomial of degree n without its first
// coefficient, 1.
func generator(n int) poly {
	var g poly
	g[(n-1)/8] = 1 << (56 - (n-1)%8*8)
	root := byte(1)
	for range n {
		m := multiplesOf(g)
		g = m.times(root).plus(g.shifted())
		root = root<<1 ^ root>>7*0x1D
	}
	return g
}

// remainder is the error correction of a block, m being the generator's multiples.
func (m *multiples) remainder(data []byte) poly {
	var r poly
	for _, d := range data {
		r = m.times(d ^ r.at(0)).plus(r.shifted())
	}
	return r
}
