package escpos

import (
	"bytes"
	"fmt"
	"slices"

	"jobhome/drivers/glyph"
)

// A serial printer obeys DLE EOT, DLE ENQ and DLE DC4 wherever they stand, also inside
// the dots of a picture: it would answer, drop its buffer or open the drawer there
// (Epson TM-T90 and MY-628 manuals). Which third byte is obeyed differs from model to
// model, so the first two must not occur at all.
const dle = 0x10

func realtime(a, b byte) bool {
	return a == dle && (b == 0x04 || b == 0x05 || b == 0x14)
}

// findRealtime is the index of the first real-time command in b, or -1.
func findRealtime(b []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], dle)
		if i < 0 || from+i+1 >= len(b) {
			return -1
		}
		if realtime(b[from+i], b[from+i+1]) {
			return from + i
		}
		from += i + 1
	}
}

// appendBand writes a band as commands in which no real-time command is left. Between
// two rows a cut is enough: a new command stands between them. A row of doubled dots is
// sent in full size, which are other bytes. Both print the same dots. Only within a row
// of single dots one dot is changed, in out and not in the picture.
//
// Headers cannot make one: a band has at most 1023 rows, so their high byte is below 4,
// and no paper is 4 x 256 bytes wide.
func appendBand(out []byte, b glyph.Bitmap, n band) []byte {
	head := len(out)
	out = n.appendHead(out)
	for y := n.from; y < n.to; y += n.step() {
		at := len(out)
		out = n.appendRow(out, row(b, y))
		r := out[at:]
		if findRealtime(r) >= 0 {
			if n.double {
				full := appendTwice(nil, r)
				out = appendFull(n.end(out[:at], head), full)
				head = len(out)
				out = n.appendHead(out)
				continue
			}
			repair(r)
		}
		if at > head+headLen && realtime(out[at-1], r[0]) {
			head = len(n.end(out[:at], head))
			out = slices.Insert(out, at, n.appendHead(nil)...)
		}
	}
	return n.end(out, head)
}

// appendFull writes a row twice, in single dots.
func appendFull(out, r []byte) []byte {
	two := glyph.Bitmap{W: 8 * len(r), H: 2, Bits: append(r, r...)}
	return appendBand(out, two, band{w: len(r), to: 2})
}

// repair changes single dots of a row until no real-time command is in it. Of the
// sixteen dots of each it takes the one whose neighbours differ most from it: a lone
// dot goes, a gap is filled, an edge moves by one dot.
func repair(r []byte) {
	for i := findRealtime(r); i >= 0; i = findRealtime(r) {
		best, score := 0, -1
		for bit := range 16 {
			flip(r, i*8+bit)
			if s := lonely(r, i*8+bit); s > score && cleanAround(r, i) {
				best, score = bit, s
			}
			flip(r, i*8+bit)
		}
		flip(r, i*8+best)
	}
}

func flip(r []byte, x int) { r[x/8] ^= 0x80 >> (x % 8) }

// lonely counts the neighbours in the row that are equal to dot x after a flip, which
// differed from it before.
func lonely(r []byte, x int) int {
	n := 0
	for _, k := range []int{x - 1, x + 1} {
		if k >= 0 && k < len(r)*8 && r[k/8]>>(7-k%8)&1 == r[x/8]>>(7-x%8)&1 {
			n++
		}
	}
	return n
}

// cleanAround reports whether bytes i and i+1 form no real-time command with each other
// or with the bytes beside them.
func cleanAround(r []byte, i int) bool {
	return findRealtime(r[max(i-1, 0):min(i+3, len(r))]) < 0
}

// verify is the last look at a finished stream.
func verify(stream []byte) error {
	if i := findRealtime(stream); i >= 0 {
		return fmt.Errorf("escpos: encode: real-time command at byte %d", i)
	}
	return nil
}
