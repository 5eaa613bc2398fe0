package escpos

import (
	"bytes"

	"jobhome/drivers/glyph"
)

// band is the payload of one GS v 0 command: rows of w bytes, each dot printed once
// (double unset, m=0) or as two by two dots (double set, m=3).
type band struct {
	double bool
	w      int
	rows   [][]byte
}

// minDoubled is the printed rows below which a band of its own does not pay.
const minDoubled = 8

// bands cuts a bitmap into commands: white margins at the right are not sent, and
// where p allows it, rows made of two by two dots are sent at a quarter of their size.
func bands(b glyph.Bitmap, p Profile) []band {
	var out []band
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
		out = append(out, plainBand(b, plain, y), doubledBand(b, y, end))
		plain, y = end, end
	}
	out = append(out, plainBand(b, plain, b.H))
	var sized []band
	limit := p.sliceRows()
	for _, n := range out {
		for len(n.rows) > 0 {
			k := min(limit, len(n.rows))
			sized = append(sized, band{n.double, n.w, n.rows[:k]})
			n.rows = n.rows[k:]
		}
	}
	return sized
}

func row(b glyph.Bitmap, y int) []byte {
	return b.Bits[y*b.Stride() : (y+1)*b.Stride()]
}

// doubled reports whether rows y and y+1 are alike and made of pairs of dots.
func doubled(b glyph.Bitmap, y int) bool {
	r := row(b, y)
	if !bytes.Equal(r, row(b, y+1)) {
		return false
	}
	for _, v := range r {
		if (v>>1^v)&0x55 != 0 {
			return false
		}
	}
	return true
}

// trimmed is the length of the longest row in bytes without white at its end, at least 1.
func trimmed(rows [][]byte) int {
	w := 1
	for _, r := range rows {
		w = max(w, len(bytes.TrimRight(r, "\x00")))
	}
	return w
}

func cropped(rows [][]byte) [][]byte {
	w := trimmed(rows)
	for i := range rows {
		rows[i] = rows[i][:w]
	}
	return rows
}

func plainBand(b glyph.Bitmap, from, to int) band {
	var rows [][]byte
	for y := from; y < to; y++ {
		rows = append(rows, bytes.Clone(row(b, y)))
	}
	rows = cropped(rows)
	return band{w: trimmed(rows), rows: rows}
}

func doubledBand(b glyph.Bitmap, from, to int) band {
	var rows [][]byte
	for y := from; y < to; y += 2 {
		rows = append(rows, halve(row(b, y)))
	}
	rows = cropped(rows)
	return band{double: true, w: trimmed(rows), rows: rows}
}

// halve takes every second dot of a row.
func halve(r []byte) []byte {
	out := make([]byte, (len(r)+1)/2)
	for i, v := range r {
		n := v>>4&8 | v>>3&4 | v>>2&2 | v>>1&1
		out[i/2] |= n << (4 * (1 - i%2))
	}
	return out
}

// twice is the row that halve made r of, printed at m=0.
func twice(r []byte) []byte {
	out := make([]byte, 2*len(r))
	for i := range out {
		n := r[i/2] >> (4 * (1 - i%2)) & 0x0F
		n = n&8<<3 | n&4<<2 | n&2<<1 | n&1
		out[i] = n<<1 | n
	}
	return out
}

// appendBand writes one GS v 0 command (Epson: "Print raster bit image").
func appendBand(out []byte, b band) []byte {
	m := byte(0)
	if b.double {
		m = 3
	}
	out = append(out, 0x1D, 'v', '0', m, byte(b.w), byte(b.w>>8), byte(len(b.rows)), byte(len(b.rows)>>8))
	for _, r := range b.rows {
		out = append(out, r...)
	}
	return out
}

// appendBitmap writes a bitmap as GS v 0 commands that hold no real-time command.
func appendBitmap(out []byte, b glyph.Bitmap, p Profile) []byte {
	for _, n := range bands(b, p) {
		for _, s := range guard(n) {
			out = appendBand(out, s)
		}
	}
	return out
}
