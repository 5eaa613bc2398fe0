package glyph

import "encoding/binary"

// Bitmap is a 1-bit picture, one bit a dot, a set bit being black.
// Rows are packed most significant bit first and padded to whole bytes,
// as the raster commands of receipt printers want them.
type Bitmap struct {
	W, H int    // dots
	Bits []byte // H rows of Stride bytes
}

// NewBitmap returns a white bitmap of w by h dots.
func NewBitmap(w, h int) Bitmap {
	b := Bitmap{W: w, H: h}
	b.Bits = make([]byte, b.Stride()*h)
	return b
}

// Stride is the length of one row in bytes.
func (b Bitmap) Stride() int { return (b.W + 7) / 8 }

// At reports whether the dot is black. Dots outside are white.
func (b Bitmap) At(x, y int) bool {
	if x < 0 || y < 0 || x >= b.W || y >= b.H {
		return false
	}
	return b.Bits[y*b.Stride()+x/8]&(0x80>>(x%8)) != 0
}

// Set blackens one dot. Dots outside are ignored.
func (b Bitmap) Set(x, y int) {
	if x < 0 || y < 0 || x >= b.W || y >= b.H {
		return
	}
	b.Bits[y*b.Stride()+x/8] |= 0x80 >> (x % 8)
}

// Draw blackens the dots of src with its top left corner at x, y and every dot
// grown sx times in width and sy times in height. What falls outside is cut off.
func (b Bitmap) Draw(src Bitmap, at Place) {
	at.ScaleX, at.ScaleY = max(at.ScaleX, 1), max(at.ScaleY, 1)
	stride, w := src.Stride(), src.W*at.ScaleX
	if at.X >= 0 && at.ScaleX <= 2 && w <= maxWord {
		b.drawNarrow(src, at)
		return
	}
	var wide []byte
	if at.ScaleX > 1 {
		wide = make([]byte, (w+7)/8)
	}
	for y := range src.H {
		line := src.Bits[y*stride : (y+1)*stride]
		if at.ScaleX > 1 {
			line = widen(wide, line, src.W, at.ScaleX)
		}
		for to, end := at.rows(y, b.H); to < end; to++ {
			b.drawRow(line, w, at.X, to)
		}
	}
}

// rows are the rows, of h there are, that row y of what is drawn falls on.
func (p Place) rows(y, h int) (from, to int) {
	from = p.Y + y*p.ScaleY
	return max(from, 0), min(from+p.ScaleY, h)
}

// maxWord is the dots of a row that a word holds wherever in a byte they begin.
const maxWord = 64 - 7

// drawNarrow draws what is as narrow as characters are, a row at a time.
func (b Bitmap) drawNarrow(src Bitmap, at Place) {
	stride := src.Stride()
	in := leading(min(src.W*at.ScaleX, b.W-at.X)) // not cut off
	for y := range src.H {
		var word uint64 // the leftmost dot is the highest bit
		for i, v := range src.Bits[y*stride : (y+1)*stride] {
			word |= uint64(v) << (56 - 8*i)
		}
		if at.ScaleX == 2 {
			word = twice(uint32(word >> 32))
		}
		if word &= in; word != 0 {
			for to, end := at.rows(y, b.H); to < end; to++ {
				b.drawWord(word, at.X, to)
			}
		}
	}
}

// drawWord blackens dots in row y, the highest bit being the one at x.
func (b Bitmap) drawWord(word uint64, x, y int) {
	word >>= x % 8
	to := b.Bits[y*b.Stride()+x/8:]
	if len(to) >= 8 { // what is beyond the row's end is blank in word
		binary.BigEndian.PutUint64(to, binary.BigEndian.Uint64(to)|word)
		return
	}
	for i := range to {
		to[i] |= byte(word >> (56 - 8*i))
	}
}

// leading has the n highest bits set, none if n is negative.
func leading(n int) uint64 { return ^uint64(0) << (64 - n) }

// twice has every bit two times.
func twice(w uint32) uint64 {
	v := uint64(w)
	v = (v | v<<16) & 0x0000FFFF0000FFFF
	v = (v | v<<8) & 0x00FF00FF00FF00FF
	v = (v | v<<4) & 0x0F0F0F0F0F0F0F0F
	v = (v | v<<2) & 0x3333333333333333
	v = (v | v<<1) & 0x5555555555555555
	return v | v<<1
}

// drawRow blackens the first w dots of line in row y, beginning at x.
func (b Bitmap) drawRow(line []byte, w, x, y int) {
	w = min(w, b.W-x)
	if x < 0 {
		for i := -x; i < w; i++ {
			if line[i/8]&(0x80>>(i%8)) != 0 {
				b.Set(x+i, y)
			}
		}
		return
	}
	stride := b.Stride()
	row := b.Bits[y*stride : (y+1)*stride]
	k, shift := x/8, x%8
	for i := 0; i*8 < w; i++ {
		v := line[i]
		if rest := w - i*8; rest < 8 {
			v &= 0xFF << (8 - rest)
		}
		if v == 0 {
			continue
		}
		row[k+i] |= v >> shift
		if low := v << (8 - shift); low != 0 {
			row[k+i+1] |= low
		}
	}
}

// widen makes every one of the first w dots of line n times as wide, in to.
func widen(to, line []byte, w, n int) []byte {
	clear(to)
	for x := 0; x < w; x++ {
		if line[x/8] == 0 {
			x |= 7 // the next byte
		} else if line[x/8]&(0x80>>(x%8)) != 0 {
			for i := x * n; i < (x+1)*n; i++ {
				to[i/8] |= 0x80 >> (i % 8)
			}
		}
	}
	return to
}

// Place says where a bitmap is drawn on another and how many times enlarged.
// A scale of 0 means 1.
type Place struct {
	X, Y           int // dots
	ScaleX, ScaleY int
}
