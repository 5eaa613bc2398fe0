package sim

import (
	"fmt"

	"github.com/skip2/go-qrcode"

	"jobhome/drivers/glyph"
)

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

// printerQR is the symbol store of GS ( k.
type printerQR struct {
	module int
	level  qrcode.RecoveryLevel
	data   string
}

// extended carries out GS ( X. Only the QR functions are known.
func (p *Printer) extended(c []byte) {
	if c[2] != 'k' || len(c) < 7 || c[5] != '1' {
		p.oddity(fmt.Sprintf("not carried out: GS ( %c", c[2]))
		return
	}
	arg := byte(0)
	if len(c) > 7 {
		arg = c[7]
	}
	switch c[6] {
	case 65:
		if arg != '2' {
			p.oddity("QR model other than 2")
		}
	case 67:
		p.qr.module = min(int(arg), 16)
	case 69:
		if arg < '0' || arg > '3' {
			p.oddity("QR level out of range")
			return
		}
		p.qr.level = qrcode.RecoveryLevel(arg - '0')
	case 80:
		p.qr.data = string(c[min(8, len(c)):])
	case 81:
		p.printQR()
	case 82:
		p.sizeQR()
	default:
		p.oddity("unknown QR function")
	}
}

// matrix is the stored symbol without quiet zone; nil if there is none.
func (p *Printer) matrix() [][]bool {
	q, err := qrcode.New(p.qr.data, p.qr.level)
	if err != nil {
		return nil
	}
	q.DisableBorder = true
	return q.Bitmap()
}

func (p *Printer) printQR() {
	if len(p.line) > 0 {
		p.oddity("QR in the middle of a line is ignored")
		return
	}
	m := p.matrix()
	size := max(p.qr.module, 1)
	if p.qr.module == 0 {
		size = 3
	}
	if m == nil || len(m)*size > p.area() {
		p.oddity("QR that cannot be printed")
		return
	}
	pic := glyph.NewBitmap(p.o.WidthDots, len(m)*size)
	shift := p.shift(len(m) * size)
	for y := range pic.H {
		for x := range pic.H {
			if m[y/size][x/size] {
				printerSet(pic, shift+x, y)
			}
		}
	}
	p.rows(pic, "", pic.H)
}

// sizeQR answers with the size of the symbol in dots and whether it fits.
func (p *Printer) sizeQR() {
	size := p.qr.module
	if size == 0 {
		size = 3
	}
	w := len(p.matrix()) * size
	fits := "0"
	if w == 0 || w > p.area() {
		fits = "1"
	}
	p.answer([]byte(fmt.Sprintf("\x37\x36%d\x1f%d\x1f1\x1f%s\x00", w, w, fits))...)
}
