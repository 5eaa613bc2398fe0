package printer

import (
	"jobhome/drivers/escpos"
)

// reader goes through a job command by command and keeps count of the paper. It
// knows what package escpos writes; of anything else it keeps count as well as it
// can, rather too much than too little.
type reader struct {
	p       escpos.Profile
	spacing float64 // dots of a line feed
	unit    float64 // dots of a vertical motion unit, GS P
	area    int     // dots of a line

	hanzi          bool // two and four bytes are a character
	w, h           int  // magnification of all characters
	hanziW, hanziH int  // of Hanzi

	x    int     // dots of the line so far
	tall float64 // dots of its highest character
	line bool    // characters wait for their line feed

	module, level, data int // QR code: dots, level of GS ( k, bytes stored
}

func newReader(p escpos.Profile) reader {
	return reader{
		p: p, spacing: p.DotsPerMM * 25.4 / 6, unit: 1, area: p.Dots, // as after ESC @
		w: 1, h: 1, hanziW: 1, hanziH: 1, module: 3, level: '0',
	}
}

// next is the length of the command or character at the beginning of b.
func (r *reader) next(b []byte) int {
	n := commandLength(b)
	if r.hanzi && b[0] >= 0x81 && b[0] < 0xff {
		if n = 2; len(b) > 1 && b[1] >= '0' && b[1] <= '9' && r.p.Hanzi == escpos.GB18030 {
			n = 4
		}
	}
	return min(max(n, 1), len(b))
}

func (r *reader) mm(dots float64) float64 {
	if r.p.DotsPerMM <= 0 {
		return dots / 8
	}
	return dots / r.p.DotsPerMM
}

// feed is the paper of a line that is printed and moved on by so many dots, or by
// its height if that is more.
func (r *reader) feed(dots float64) float64 {
	dots = max(dots, r.tall)
	r.x, r.tall, r.line = 0, 0, false
	return r.mm(dots)
}

// command is one command or character that is no picture.
func (r *reader) command(c []byte) part {
	out := part{n: len(c)}
	switch {
	case c[0] == '\n':
		out.mm = r.feed(r.spacing)
	case c[0] == 0x1b && len(c) > 1:
		out.mm = r.escape(c)
	case c[0] == 0x1c && len(c) > 1:
		r.kanji(c)
	case c[0] == 0x1d && len(c) > 1:
		out.mm = r.group(c)
	case c[0] >= 0x20:
		out.mm = r.char(c)
	}
	out.end = !r.line
	return out
}

// char puts a character into the line. One that does not fit begins a new line.
func (r *reader) char(c []byte) (mm float64) {
	const cell, height = 12, 24
	wide, tall := cell*r.w, height*r.h
	if len(c) > 1 {
		wide, tall = 2*cell*max(r.w, r.hanziW), height*max(r.h, r.hanziH)
	}
	if r.line && r.area > 0 && r.x+wide > r.area {
		mm = r.feed(r.spacing)
	}
	r.x += wide
	r.tall = max(r.tall, float64(tall))
	r.line = true
	return mm
}

func arg(c []byte, i int) int {
	if i < len(c) {
		return int(c[i])
	}
	return 0
}

func (r *reader) escape(c []byte) float64 {
	n := arg(c, 2)
	switch c[1] {
	case '@':
		*r = newReader(r.p)
	case '2':
		r.spacing = newReader(r.p).spacing
	case '3':
		r.spacing = float64(n) * r.unit
	case 'J':
		return r.feed(float64(n) * r.unit)
	case 'd':
		more := float64(max(0, n-1)) * r.spacing
		return r.feed(r.spacing) + r.mm(more)
	case '!':
		r.w, r.h = 1+n>>5&1, 1+n>>4&1
	case '$':
		r.x = n + arg(c, 3)<<8
	case '\\':
		r.x = max(0, r.x+int(int16(uint16(n)|uint16(arg(c, 3))<<8)))
	case 'Z': // m, n, k, length: version, level, module
		return r.qr(n, arg(c, 5)+arg(c, 6)<<8, arg(c, 4))
	}
	return 0
}

func (r *reader) kanji(c []byte) {
	n := arg(c, 2)
	switch c[1] {
	case '&':
		r.hanzi = true
	case '.':
		r.hanzi = false
	case '!':
		r.hanziW, r.hanziH = 1+n>>2&1, 1+n>>3&1
	case 'W':
		r.hanziW, r.hanziH = 1+n&1, 1+n&1
	}
}

// Paper that is moved without being told how far.
const (
	toCutter = 15.0 // mm: of TM-T88III, and it is not given for others
	toMark   = 80.0 // mm: from one black mark to the next, at most
)

func (r *reader) group(c []byte) float64 {
	n := arg(c, 2)
	switch c[1] {
	case '!':
		r.w, r.h = 1+n>>4&7, 1+n&7
	case 'P': // x, y: units to the inch
		if r.unit = 1; arg(c, 3) > 0 && r.p.DotsPerMM > 0 {
			r.unit = r.p.DotsPerMM * 25.4 / float64(c[3])
		}
	case 'W':
		r.area = min(r.p.Dots, n+arg(c, 3)<<8)
	case 'w':
		r.module = n
	case 'V':
		if len(c) > 3 {
			return toCutter + r.mm(float64(c[3])*r.unit)
		}
	case 0x0c:
		return toMark
	case 'k': // a, version, level, length
		if n == 'a' {
			return r.qr(arg(c, 3), arg(c, 5)+arg(c, 6)<<8, r.module)
		}
	case '(':
		return r.stored(c)
	}
	return 0
}

// stored follows GS ( k: the module's dots, the level, the data, and printing it.
func (r *reader) stored(c []byte) float64 {
	if n := arg(c, 2); n != 'k' {
		return 0
	}
	switch arg(c, 6) {
	case 67:
		r.module = arg(c, 7)
	case 69:
		r.level = arg(c, 7)
	case 80:
		r.data = len(c) - 8
	case 81:
		n := r.data
		if r.level > '1' { // Q and H hold three fifths of M at least
			n = n * 5 / 3
		}
		return r.qr(0, n, r.module)
	}
	return 0
}

// qr is the paper of a QR code, at the beginning of a line. Version 0 is the
// smallest that holds the bytes at level M.
func (r *reader) qr(version, bytes, module int) float64 {
	if version < 1 || version > 40 {
		version = qrVersion(bytes)
	}
	return r.feed(0) + r.mm(float64((17+4*version)*module))
}

// qrVersion is the smallest QR code for so many bytes at level M (ISO/IEC 18004,
// table 7), or the largest one.
func qrVersion(bytes int) int {
	for i, most := range [...]int{
		14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
	} {
		if bytes <= most {
			return i + 1
		}
	}
	return 40
}
