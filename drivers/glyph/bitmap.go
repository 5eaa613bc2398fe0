package glyph

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
	sx, sy := max(at.ScaleX, 1), max(at.ScaleY, 1)
	if sx > 1 {
		src = src.widened(sx)
	}
	for y := range src.H {
		line := src.Bits[y*src.Stride() : (y+1)*src.Stride()]
		for dy := range sy {
			if to := at.Y + y*sy + dy; to >= 0 && to < b.H {
				b.drawRow(line, src.W, at.X, to)
			}
		}
	}
}

// drawRow blackens the first w dots of line in row y, beginning at x.
func (b Bitmap) drawRow(line []byte, w, x, y int) {
	if x < 0 || x+w > b.W {
		for i := range w {
			if line[i/8]&(0x80>>(i%8)) != 0 {
				b.Set(x+i, y)
			}
		}
		return
	}
	row := b.Bits[y*b.Stride() : (y+1)*b.Stride()]
	for i, v := range line {
		if rest := w - i*8; rest < 8 {
			v &= 0xFF << (8 - rest)
		}
		if v == 0 {
			continue
		}
		k, shift := (x+i*8)/8, (x+i*8)%8
		row[k] |= v >> shift
		if v<<(8-shift) != 0 {
			row[k+1] |= v << (8 - shift)
		}
	}
}

// widened is the bitmap with every dot n times as wide.
func (b Bitmap) widened(n int) Bitmap {
	out := NewBitmap(b.W*n, b.H)
	for y := range b.H {
		for x := range b.W {
			for dx := 0; b.At(x, y) && dx < n; dx++ {
				out.Set(x*n+dx, y)
			}
		}
	}
	return out
}

// Place says where a bitmap is drawn on another and how many times enlarged.
// A scale of 0 means 1.
type Place struct {
	X, Y           int // dots
	ScaleX, ScaleY int
}
