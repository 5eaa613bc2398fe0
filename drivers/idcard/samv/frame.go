package samv

import "fmt"

// MaxLen is the largest length field taken for real. The longest frame of the
// protocol, text with photo and two fingerprints, has 2314.
const MaxLen = 2400

// minLen is two body bytes and the checksum: a request without data.
const minLen = 3

// appendFrame wraps a body.
func appendFrame(dst, body []byte) []byte {
	n := len(body) + 1
	dst = append(dst, 0xAA, 0xAA, 0xAA, 0x96, 0x69, byte(n>>8), byte(n))
	sum := byte(n>>8) ^ byte(n)
	for _, b := range body {
		sum ^= b
	}
	return append(append(dst, body...), sum)
}

// Decoder finds one frame in a stream of bytes. It hunts for the preamble byte
// by byte, so noise before a frame, a preamble with too many AA and a length
// that cannot be are passed over.
//
// It keeps only the first bytes of a body and overwrites every byte it is fed
// with zero, so that what it was not asked to keep exists nowhere afterwards.
type Decoder struct {
	keep []byte // kept body bytes; capacity is the limit
	hunt hunter
	at   decoderStep
	head byte // high byte of the length
	left int  // bytes still to come, checksum included
	size int  // body bytes
	sum  byte
	bad  bool
}

type decoderStep uint8

const (
	atPreamble decoderStep = iota
	atLenHigh
	atLenLow
	atBody
	atEnd
)

// Reset makes the Decoder look for a new frame and keep at most keep bytes of
// its body. What it held before is zeroed.
func (d *Decoder) Reset(keep int) {
	buf := d.keep
	clear(buf[:cap(buf)])
	if cap(buf) != keep {
		buf = make([]byte, 0, keep)
	}
	*d = Decoder{keep: buf[:0]}
}

// Feed takes bytes from p up to the end of the frame, zeroes them in p, and
// returns how many it took and whether the frame is complete. Bytes after the
// frame are left alone.
func (d *Decoder) Feed(p []byte) (n int, done bool) {
	for n < len(p) && d.at != atEnd {
		b := p[n]
		p[n] = 0
		n++
		d.feed(b)
	}
	return n, d.at == atEnd
}

func (d *Decoder) feed(b byte) {
	switch d.at {
	case atPreamble:
		if d.hunt.next(b) {
			d.at = atLenHigh
		}
	case atLenHigh:
		d.head, d.at = b, atLenLow
	case atLenLow:
		n := int(d.head)<<8 | int(b)
		if n < minLen || n > MaxLen {
			// Not a frame. A real preamble may begin in these two bytes.
			d.hunt, d.at = hunter{}, atPreamble
			d.hunt.next(d.head)
			d.hunt.next(b)
			return
		}
		d.left, d.size, d.sum, d.at = n, n-1, d.head^b, atBody
	case atBody:
		d.left--
		if d.left == 0 {
			d.bad = b != d.sum
			d.at = atEnd
			return
		}
		d.sum ^= b
		if len(d.keep) < cap(d.keep) {
			d.keep = append(d.keep, b)
		}
	}
}

// Missing is the number of bytes still to come once the length is known, and 0
// before.
func (d *Decoder) Missing() int {
	if d.at != atBody {
		return 0
	}
	return d.left
}

// Body returns the kept part of the body of a complete frame and the length of
// the whole body. The bytes are the Decoder's own until Reset. A wrong checksum
// is ErrChecksum; calling it before the frame is complete is ErrLength.
func (d *Decoder) Body() (kept []byte, size int, err error) {
	switch {
	case d.at != atEnd:
		return nil, 0, fmt.Errorf("samv: incomplete frame: %w", ErrLength)
	case d.bad:
		return nil, 0, fmt.Errorf("samv: frame of %d bytes: %w", d.size+8, ErrChecksum)
	}
	return d.keep, d.size, nil
}

// hunter looks for AA AA AA 96 69. Any number of AA from three up may come
// before 96.
type hunter struct{ seen uint8 }

func (h *hunter) next(b byte) (found bool) {
	switch {
	case b == 0xAA && h.seen < 3:
		h.seen++
	case b == 0xAA && h.seen == 3:
		// a fourth AA: the last three still count
	case b == 0x96 && h.seen == 3:
		h.seen = 4
	case b == 0x69 && h.seen == 4:
		h.seen = 0
		return true
	case b == 0xAA:
		h.seen = 1
	default:
		h.seen = 0
	}
	return false
}
