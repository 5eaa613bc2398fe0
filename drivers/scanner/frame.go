package scanner

// maxCode is the most bytes of one code. Version 40 QR codes hold 2,953; the
// longest of this terminal is a site's profile.
const maxCode = 1200

// collector gathers the bytes of one code. Control bytes never belong to the
// text: no byte of a GBK or UTF-8 character is one.
type collector struct {
	buf  [maxCode]byte
	n    int
	long bool // more than maxCode came: the whole code is dropped
}

// feed takes bytes up to and including the end of a code. Done says that the
// code is complete; used bytes were taken.
func (c *collector) feed(b []byte) (used int, done bool) {
	for i, x := range b {
		switch {
		case x == '\r' || x == '\n':
			if c.pending() {
				return i + 1, true
			}
		case x < ' ' || x == 0x7F:
		case c.n == maxCode:
			c.long = true
		default:
			c.buf[c.n] = x
			c.n++
		}
	}
	return len(b), false
}

// pending says that a code has begun and not ended.
func (c *collector) pending() bool { return c.n > 0 || c.long }

// code is what was gathered, valid until reset, or nil if it was too long.
func (c *collector) code() []byte {
	if c.long {
		return nil
	}
	return c.buf[:c.n]
}

// reset forgets the code and overwrites it.
func (c *collector) reset() {
	clear(c.buf[:c.n])
	c.n, c.long = 0, false
}
