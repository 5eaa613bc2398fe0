package escpos

import (
	"bytes"
	"encoding/binary"

	"jobhome/drivers/glyph"
)

// band is the rows of a picture that one GS v 0 command prints, w bytes of each: every
// row for itself (double unset, m=0) or every second one, halved and printed as two by
// two dots (double set, m=3).
type band struct {
	double   bool
	w        int
	from, to int // rows of the picture
}

// step is the number of rows of the picture that a row of the command prints.
func (n band) step() int {
	if n.double {
		return 2
	}
	return 1
}

// minDoubled is the printed rows below which a band of its own does not pay.
const minDoubled = 8

// bands cuts a bitmap into commands: white margins at the right are not sent, and
// where p allows it, rows made of two by two dots are sent at a quarter of their size.
func bands(b glyph.Bitmap, p Profile) []band {
	out := make([]band, 0, 8)
	limit := p.sliceRows()
	add := func(double bool, from, to int) {
		n := band{double: double, w: trimmed(b, from, to), from: from, to: to}
		if double {
			n.w = (n.w + 1) / 2
		}
		for ; n.from < to; n.from = n.to {
			n.to = min(n.from+limit*n.step(), to)
			out = append(out, n)
		}
	}
	plain := 0 // first row not yet sent
	for y := 0; p.Raster.Double && y < b.H; {
		end := y
		for end+1 < b.H && doubled(b, end) {
			end += 2
		}
		if end-y < minDoubled {
			y++
			continue
		}
		add(false, plain, y)
		add(true, y, end)
		plain, y = end, end
	}
	add(false, plain, b.H)
	return out
}

func row(b glyph.Bitmap, y int) []byte {
	n := b.Stride()
	return b.Bits[y*n : y*n+n]
}

// doubled reports whether rows y and y+1 are alike and made of pairs of dots.
func doubled(b glyph.Bitmap, y int) bool {
	r := row(b, y)
	if !bytes.Equal(r, row(b, y+1)) {
		return false
	}
	for ; len(r) >= 8; r = r[8:] {
		if v := binary.BigEndian.Uint64(r); (v>>1^v)&0x5555555555555555 != 0 {
			return false
		}
	}
	for _, v := range r {
		if (v>>1^v)&0x55 != 0 {
			return false
		}
	}
	return true
}

// trimmed is the length of the longest row in bytes without white at its end, at least 1.
func trimmed(b glyph.Bitmap, from, to int) int {
	w := 1
	for y := from; y < to; y++ {
		r := row(b, y)
		end := len(r)
		for end-w >= 8 && binary.BigEndian.Uint64(r[end-8:]) == 0 {
			end -= 8
		}
		for end > w && r[end-1] == 0 {
			end--
		}
		w = max(w, end)
	}
	return w
}

// appendHalf appends w bytes of every second dot of a row.
func appendHalf(out, r []byte, w int) []byte {
	for i := range w {
		v := uint(r[2*i]) << 8
		if 2*i+1 < len(r) {
			v |= uint(r[2*i+1])
		}
		v = v >> 1 & 0x5555
		v = (v | v>>1) & 0x3333
		v = (v | v>>2) & 0x0F0F
		out = append(out, byte(v|v>>4))
	}
	return out
}

// appendTwice appends the row that appendHalf made r of, printed at m=0.
func appendTwice(out, r []byte) []byte {
	for _, b := range r {
		v := uint(b)
		v = (v | v<<4) & 0x0F0F
		v = (v | v<<2) & 0x3333
		v = (v | v<<1) & 0x5555
		v |= v << 1
		out = append(out, byte(v>>8), byte(v))
	}
	return out
}

const headLen = 8 // bytes of GS v 0 before its dots

// appendHead begins a GS v 0 command (Epson: "Print raster bit image") of no rows yet.
func (n band) appendHead(out []byte) []byte {
	m := byte(0)
	if n.double {
		m = 3
	}
	return append(out, 0x1D, 'v', '0', m, byte(n.w), byte(n.w>>8), 0, 0)
}

func (n band) appendRow(out, r []byte) []byte {
	if n.double {
		return appendHalf(out, r, n.w)
	}
	return append(out, r[:n.w]...)
}

// end gives the command that begins at head the rows that stand in it up to the end of
// out, and drops it if there is none.
func (n band) end(out []byte, head int) []byte {
	rows := (len(out) - head - headLen) / n.w
	if rows == 0 {
		return out[:head]
	}
	out[head+6], out[head+7] = byte(rows), byte(rows>>8)
	return out
}

// appendBitmap writes a bitmap as GS v 0 commands that hold no real-time command.
func appendBitmap(out []byte, b glyph.Bitmap, p Profile) []byte {
	for _, n := range bands(b, p) {
		out = appendBand(out, b, n)
	}
	return out
}
