package sim

import (
	"fmt"

	"github.com/skip2/go-qrcode"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
)

// dialect is the family of QR commands that this printer knows.
func (p *Printer) dialect() escpos.QRDialect {
	if p.o.QRDialect == "" && p.o.NativeQR {
		return escpos.QRGSk
	}
	return p.o.QRDialect
}

// printerQR is the symbol store of GS ( k, and what GS w has set.
type printerQR struct {
	module int
	level  qrcode.RecoveryLevel
	data   string
	wide   int // dots of a bar or a module, GS w; 0: not set
}

// extended carries out GS ( X. Only the QR functions are known.
func (p *Printer) extended(c []byte) {
	if c[2] == 'H' && p.o.ProcessID {
		p.process(c)
		return
	}
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
	size := p.qr.module
	if size == 0 {
		size = 3
	}
	p.drawQR(p.matrix(), size)
}

// drawQR prints a symbol in modules of size dots.
func (p *Printer) drawQR(m [][]bool, size int) {
	if len(p.line) > 0 {
		p.oddity("QR in the middle of a line is ignored")
		return
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

// barcode carries out GS k. Of bar codes none is drawn; 97 is the QR code of the
// MY-628 manual: version 1 to 17, level 1 to 4.
func (p *Printer) barcode(c []byte) {
	if c[2] != 'a' || p.dialect() != escpos.QRMY628 {
		p.oddity("not carried out: GS k")
		return
	}
	size := p.qr.wide
	if size == 0 {
		size = 3
	}
	version, level := int(c[3]), int(c[4])
	if version < 1 || version > 17 || level < 1 || level > 4 || size < 2 || size > 6 {
		p.oddity("QR code with a value out of range")
		return
	}
	q, err := qrcode.NewWithForcedVersion(string(c[7:]), version, qrcode.RecoveryLevel(level-1))
	if err != nil {
		p.oddity("QR that does not fit its version")
		return
	}
	q.DisableBorder = true
	p.drawQR(q.Bitmap(), size)
}

// qrPOS5802 carries out ESC Z: version 1 to 40 or 0 for any, level 0 to 3, module 1 to
// 8 dots.
func (p *Printer) qrPOS5802(c []byte) {
	version, level, size := int(c[2]), int(c[3]), int(c[4])
	if version > 40 || level > 3 || size < 1 || size > 8 {
		p.oddity("QR code with a value out of range")
		return
	}
	q, err := qrcode.New(string(c[7:]), qrcode.RecoveryLevel(level))
	if version > 0 {
		q, err = qrcode.NewWithForcedVersion(string(c[7:]), version, qrcode.RecoveryLevel(level))
	}
	if err != nil {
		p.oddity("QR that does not fit its version")
		return
	}
	q.DisableBorder = true
	p.drawQR(q.Bitmap(), size)
}
