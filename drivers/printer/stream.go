package printer

import (
	"bytes"

	"jobhome/drivers/escpos"
)

// paper is how many millimetres of paper a job needs, about.
func paper(p escpos.Profile, job []byte) (mm float64) {
	r := newReader(p)
	for _, c := range r.parts(job) {
		mm += c.mm
	}
	return mm
}

// part is a piece of a job that the printer works off at once: a command, a
// character, or a row of dots of a picture.
type part struct {
	n   int     // bytes
	mm  float64 // paper it moves
	end bool    // another command may stand behind it: nothing waits in the line
}

// parts cuts a job up.
func (r *reader) parts(b []byte) []part {
	var out []part
	for len(b) > 0 {
		n := r.next(b)
		if raster, ok := pictureOf(b); ok {
			out = append(out, part{n: 8})
			for range raster.rows {
				out = append(out, part{n: raster.width, mm: r.mm(float64(raster.scale))})
			}
			out[len(out)-1].end = true
		} else {
			out = append(out, r.command(b[:n]))
		}
		b = b[n:]
	}
	return out
}

// picture is a GS v 0 command.
type picture struct {
	mode        byte
	width, rows int // bytes of a row
	scale       int // dots of paper for a row
}

// pictureOf reads a whole GS v 0 at the beginning of b.
func pictureOf(b []byte) (picture, bool) {
	if len(b) < 8 || b[0] != 0x1d || b[1] != 'v' || b[2] != '0' {
		return picture{}, false
	}
	p := picture{mode: b[3], width: int(b[4]) + int(b[5])<<8, rows: int(b[6]) + int(b[7])<<8, scale: 1}
	if b[3]&2 != 0 {
		p.scale = 2
	}
	return p, p.width > 0 && p.rows > 0 && len(b) >= 8+p.width*p.rows
}

// head is the command before n of its rows.
func (p picture) head(n int) []byte {
	return []byte{0x1d, 'v', '0', p.mode, byte(p.width), byte(p.width >> 8), byte(n), byte(n >> 8)}
}

// commandLength is the length of the command or character at the beginning of b.
func commandLength(b []byte) int {
	at := func(i int) int {
		if i < len(b) {
			return int(b[i])
		}
		return 0
	}
	counted := func(i int) int { return i + 2 + at(i) + at(i+1)<<8 }
	switch at(0) {
	case 0x1b:
		switch at(1) {
		case '@', '2', 'i', 'm', 'v':
			return 2
		case '$', '\\', 'c':
			return 4
		case 'p':
			return 5
		case 'Z': // a QR dialect: m n k, length
			return counted(5)
		}
		return 3
	case 0x1c:
		switch at(1) {
		case '&', '.':
			return 2
		case 'S', 'p':
			return 4
		case '2':
			return 76
		case '(':
			return counted(3)
		}
		return 3
	case 0x1d:
		return groupLength(b, at, counted)
	}
	return 1
}

func groupLength(b []byte, at, counted func(int) int) int {
	switch at(1) {
	case 'v':
		if p, ok := pictureOf(b); ok {
			return 8 + p.width*p.rows
		}
		return len(b)
	case '(':
		return counted(3)
	case 'k':
		switch {
		case at(2) == 'a': // a QR dialect: v r, length
			return counted(5)
		case at(2) >= 65:
			return 4 + at(3)
		}
		return max(3, bytes.IndexByte(b, 0)+1)
	case 'P', 'L', 'W':
		return 4
	case 'V':
		if at(2) == 65 || at(2) == 66 {
			return 4
		}
	case 'e':
		if at(2) == 3 {
			return 4
		}
	case 0x0c, 0xf6, 0xf8:
		return 2
	}
	return 3
}
