package pn532test

import (
	"bytes"
	"time"
)

// Fault is what goes wrong with one command.
type Fault uint8

const (
	// None lets the command through.
	None Fault = iota
	// NoACK swallows the command.
	NoACK
	// NACK answers with a NACK frame, which no chip should.
	NACK
	// BadSum damages the answer; asked again by NACK, it is right.
	BadSum
	// BadForGood damages the answer, and its repetitions too.
	BadForGood
	// BadLength damages the length of the answer; its repetition is right.
	BadLength
	// Truncated sends half of the answer; its repetition is right.
	Truncated
	// Garbage sends noise, with the beginning of a frame in it, before ACK and
	// answer.
	Garbage
	// Late sends the answer after two seconds, unless it is aborted before.
	Late
	// Mute acknowledges and does not answer.
	Mute
	// Extended sends the answer as an extended frame, and again.
	Extended
	// Syntax sends the error frame.
	Syntax
	// Other sends the answer of another command.
	Other
	// Faults is how many there are.
	Faults
)

// String is the name of the fault.
func (f Fault) String() string {
	names := [...]string{
		"none", "no ACK", "NACK", "bad sum", "bad for good", "bad length", "truncated",
		"garbage", "late", "mute", "extended", "syntax", "other",
	}
	if int(f) < len(names) {
		return names[f]
	}
	return "unknown"
}

// lateness is how late a late answer is.
const lateness = 2 * time.Second

// Fault makes the next commands go wrong, one after the other.
func (c *Chip) Fault(f ...Fault) { c.set(func() { c.script = append(c.script, f...) }) }

// Always makes every command go wrong for which no other fault is scripted.
func (c *Chip) Always(f Fault) { c.set(func() { c.always = f }) }

// fault takes the next fault off the script.
func (c *Chip) fault() Fault {
	if len(c.script) == 0 {
		return c.always
	}
	f := c.script[0]
	c.script = c.script[1:]
	return f
}

// frame packs data from the chip.
func frame(data []byte) []byte {
	if len(data) == 0 {
		return []byte{0, 0, 0xFF, 1, 0xFF, 0x7F, 0x81, 0}
	}
	n := byte(len(data) + 1)
	out := append([]byte{0, 0, 0xFF, n, ^n + 1, 0xD5}, data...)
	return append(out, sumFor(data), 0)
}

func sumFor(data []byte) byte {
	sum := byte(0xD5)
	for _, x := range data {
		sum += x
	}
	return ^sum + 1
}

// take handles one whole frame from the host; its parts have been checked.
// c.mu is held.
func (c *Chip) take(kind hostFrame, cmd []byte) {
	switch kind {
	case hostACK:
		c.abort()
		return
	case hostNACK:
		if c.last != nil {
			c.send(c.last, 0)
		}
		return
	}
	f := c.fault()
	c.abort()
	switch f {
	case NoACK:
		return
	case NACK:
		c.send([]byte{0, 0, 0xFF, 0xFF, 0, 0}, 0)
		return
	case Garbage:
		c.send([]byte{0x80, 0x00, 0x00, 0xFF, 0x12, 0x34, 0xFF, 0x00}, 0)
	}
	c.send([]byte{0, 0, 0xFF, 0, 0xFF, 0}, 0)
	if data := c.run(cmd); data != nil {
		c.spoil(f, data)
	}
}

// abort ends what is under way, as an ACK from the host and every new command
// do (6.2.1.3).
func (c *Chip) abort() {
	c.search, c.out = false, nil
	if c.late != nil {
		c.late.Stop()
	}
}

// answer sends what a search has found at last.
func (c *Chip) answer(data []byte) { c.spoil(None, data) }

// spoil sends an answer, damaged as asked.
func (c *Chip) spoil(f Fault, data []byte) {
	good := frame(data)
	bad := bytes.Clone(good)
	c.last = good
	switch f {
	case BadSum, BadForGood:
		bad[len(bad)-2] ^= 0x40
		if f == BadForGood {
			c.last = bad
		}
	case BadLength:
		bad[3] ^= 0x04
	case Truncated:
		bad = bad[:5+len(data)/2]
	case Extended:
		n := len(data) + 1
		bad = append([]byte{0, 0, 0xFF, 0xFF, 0xFF, byte(n >> 8), byte(n), -byte(n>>8) - byte(n), 0xD5}, data...)
		bad = append(bad, sumFor(data), 0)
		c.last = bad
	case Syntax:
		bad = frame(nil)
	case Other:
		bad = frame([]byte{data[0] ^ 0x10, 0})
	case Garbage:
		c.send([]byte{0xFF, 0xFF, 0x00}, 0)
	case Mute:
		c.last = nil
		return
	case Late:
		c.send(bad, lateness)
		return
	}
	c.send(bad, 0)
}
