package pn532test

import (
	"bytes"
	"errors"
	"io"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"

	"jobhome/drivers/sim"
)

// hostFrame is the kind of a frame from the host.
type hostFrame uint8

const (
	hostNothing hostFrame = iota
	hostACK
	hostNACK
	hostCommand
)

// parse takes the first whole frame from the host off b.
func parse(b []byte) (kind hostFrame, cmd, rest []byte) {
	for {
		i := bytes.Index(b, []byte{0x00, 0xFF})
		if i < 0 || len(b) < i+4 {
			return hostNothing, nil, b
		}
		n, lcs := b[i+2], b[i+3]
		body := b[i+4:]
		switch {
		case n == 0x00 && lcs == 0xFF:
			return hostACK, nil, body
		case n == 0xFF && lcs == 0x00:
			return hostNACK, nil, body
		case n+lcs != 0 || n < 2:
			b = b[i+2:]
			continue
		case len(body) < int(n)+1:
			return hostNothing, nil, b
		}
		sum := byte(0)
		for _, x := range body[:n+1] {
			sum += x
		}
		if sum == 0 && body[0] == 0xD4 {
			return hostCommand, body[1:n], body[n+1:]
		}
		b = b[i+2:]
	}
}

// Dial opens the chip's serial line; the line before, if any, is cut.
func (c *Chip) Dial() (*sim.PipeEnd, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unplugged {
		return nil, ErrUnplugged
	}
	if c.end != nil {
		c.end.Close()
	}
	ours, theirs := sim.Pipe()
	c.end, c.in, c.out = ours, nil, nil
	go c.serve(ours) // ends when either end is closed
	return theirs, nil
}

func (c *Chip) serve(end io.Reader) {
	buf := make([]byte, 64)
	for {
		n, err := end.Read(buf)
		if err != nil {
			return
		}
		c.mu.Lock()
		c.hear(buf[:n])
		c.mu.Unlock()
	}
}

// hear takes bytes from the serial line. Asleep, the chip hears only what wakes
// it.
func (c *Chip) hear(b []byte) {
	if c.dead {
		return
	}
	if c.asleep {
		i := bytes.IndexByte(b, 0x55)
		if i < 0 {
			return
		}
		b, c.asleep = b[i:], false
	}
	c.in = append(c.in, b...)
	for {
		kind, cmd, rest := parse(c.in)
		c.in = bytes.Clone(rest)
		if kind == hostNothing {
			return
		}
		c.take(kind, bytes.Clone(cmd))
	}
}

// send says a frame on the line, or keeps it for the next read of the bus.
func (c *Chip) send(b []byte, after time.Duration) {
	if c.end == nil {
		c.out = append(c.out, pending{b, time.Now().Add(after)})
		return
	}
	end := c.end
	if after == 0 {
		_, _ = end.Write(b) // nobody may be listening
		return
	}
	c.late = time.AfterFunc(after, func() { _, _ = end.Write(b) })
}

// Bus opens the chip's I²C bus, on which there is nothing else.
func (c *Chip) Bus() (i2c.BusCloser, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unplugged {
		return nil, ErrUnplugged
	}
	c.asleep = false // its address wakes it
	return &bus{c: c}, nil
}

type bus struct {
	c      *Chip
	closed bool
}

var errNoDevice = errors.New("pn532test: no such device")

func (b *bus) String() string                  { return "pn532test" }
func (b *bus) SetSpeed(physic.Frequency) error { return nil }

// Close ends the bus.
func (b *bus) Close() error {
	b.c.set(func() { b.closed = true })
	return nil
}

// Tx takes a frame, or hands one out. A read begins with the ready byte; one of
// more than that byte takes the frame, however much of it fits.
func (b *bus) Tx(addr uint16, w, r []byte) error {
	c := b.c
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case b.closed || c.unplugged:
		return ErrUnplugged
	case c.dead || addr != 0x24:
		return errNoDevice
	}
	if len(w) > 0 {
		if kind, cmd, _ := parse(w); kind != hostNothing {
			c.take(kind, bytes.Clone(cmd))
		}
	}
	if len(r) == 0 {
		return nil
	}
	for i := range r {
		r[i] = 0x80 // what the lines hold when nobody speaks
	}
	r[0] = 0x00
	if len(c.out) == 0 || time.Now().Before(c.out[0].at) {
		return nil
	}
	if r[0] = 0x01; len(r) > 1 {
		copy(r[1:], c.out[0].b)
		c.out = c.out[1:]
	}
	return nil
}
