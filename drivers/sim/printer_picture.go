package sim

import "jobhome/drivers/glyph"

// printerRaster is a GS v 0 picture under way. Rows are printed as they are
// complete, not when the whole picture is there.
type printerRaster struct {
	bytes, rows int // bytes in a row; rows still to come
	w, h        int // magnification
	buf         []byte
	swallow     bool // the next LF is lost
}

func (p *Printer) startRaster(c []byte) {
	if c[2] != '0' || c[3]&^'0' > 3 {
		p.oddity("GS v of an unknown kind")
		return
	}
	if len(p.line) > 0 {
		p.oddity("raster in the middle of a line")
		p.printLine(false)
	}
	r := printerRaster{
		bytes: int(c[4]) + int(c[5])<<8,
		rows:  int(c[6]) + int(c[7])<<8,
		w:     1 + int(c[3]&1), h: 1 + int(c[3]>>1&1),
	}
	if r.bytes == 0 || r.rows == 0 {
		p.oddity("raster of no size")
		return
	}
	if r.bytes*8*r.w > (p.area()+7)/8*8 {
		p.oddity("raster wider than the paper")
	}
	p.raster = r
}

// rasterByte takes the next byte of the picture.
func (p *Printer) rasterByte(b byte) {
	r := &p.raster
	r.buf = append(r.buf, b)
	if len(r.buf) < r.bytes {
		return
	}
	row := glyph.Bitmap{W: r.bytes * 8, H: 1, Bits: r.buf}
	pic := glyph.NewBitmap(p.o.WidthDots, r.h)
	shift := p.shift(row.W * r.w)
	for y := range r.h {
		for x := range row.W * r.w {
			if row.At(x/r.w, 0) && x < p.area() {
				printerSet(pic, shift+x, y)
			}
		}
	}
	p.rows(pic, "", pic.H)
	r.buf = nil
	r.rows--
	r.swallow = r.rows == 0 && p.o.SwallowsLF
}

// column puts an ESC * picture into the line: 8 or 24 dots high.
func (p *Printer) column(c []byte) {
	high, w := 24, 1
	if c[2] < 32 {
		high = 8
	}
	if c[2]&1 == 0 {
		w = 2
	}
	n := (len(c) - 5) * 8 / high
	b := printerColumns(c[5:], n, high)
	out := glyph.NewBitmap(n*w, 24)
	for y := range out.H {
		for x := range out.W {
			if b.At(x/w, y*high/24) {
				printerSet(out, x, y)
			}
		}
	}
	p.put(out, "", 0)
}

// printerColumns turns dots that come column by column.
func printerColumns(d []byte, w, h int) glyph.Bitmap {
	b := glyph.NewBitmap(w, h)
	for x := range w {
		for y := range h {
			if i := x*h/8 + y/8; i < len(d) && d[i]&(0x80>>(y%8)) != 0 {
				printerSet(b, x, y)
			}
		}
	}
	return b
}
