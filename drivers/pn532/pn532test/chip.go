// Package pn532test is an NXP PN532 made of software, at byte level: frames,
// acknowledgement and repetition as in UM0701-02, over HSU (Dial) and over I²C
// (Bus), with the faults one asks for. It knows nothing of the driver, so the
// driver that ships is the one tested.
package pn532test

import (
	"bytes"
	"errors"
	"sync"
	"time"

	"jobhome/drivers/sim"
)

// ErrUnplugged is returned by Dial and by the bus between Unplug and Replug.
var ErrUnplugged = errors.New("pn532test: reader is unplugged")

// Badge is what lies on the reader. A MIFARE Classic with 1 KB has ATQA 00 04
// and SAK 08.
type Badge struct {
	UID  []byte // 4, 7 or 10 bytes; other lengths test what a driver does with them
	ATQA [2]byte
	SAK  byte
	ATS  []byte // appended to the answer; ISO 14443-4 badges have one
	// Random makes the badge invent a UID of four bytes each time it gets a field.
	Random bool
}

// Chip is one reader. Its methods may be called from any goroutine.
type Chip struct {
	mu        sync.Mutex
	end       *sim.PipeEnd // HSU
	unplugged bool
	dead      bool

	badge   *Badge
	state   badgeState
	field   bool
	retries byte // of the search; FF never ends
	asleep  bool // after power-up, until the line wakes it
	search  bool // a search without end is under way
	next    byte // for random UIDs

	script []Fault
	always Fault
	last   []byte // the answer a NACK asks for

	in       []byte // HSU: bytes of a frame that is not whole yet
	out      []pending
	late     *time.Timer
	commands []byte
}

// badgeState is where ISO 14443-3 has the badge.
type badgeState uint8

const (
	idle badgeState = iota
	active
	halted // answers again only after it was without a field
)

// pending is a frame that waits to be sent or read.
type pending struct {
	b  []byte
	at time.Time
}

// New returns a reader that has just got power, with nothing on it.
func New() *Chip { return &Chip{retries: 0xFF, asleep: true} }

// Put lays a badge on the reader, in place of the one that may lie there.
func (c *Chip) Put(b Badge) {
	c.set(func() {
		b.UID = bytes.Clone(b.UID)
		c.badge, c.state = &b, idle
		if b.Random {
			c.invent()
		}
		if c.search {
			c.search = false
			c.answer(c.target())
		}
	})
}

// Lift takes the badge away.
func (c *Chip) Lift() { c.set(func() { c.badge = nil }) }

// Dead makes the chip deaf and dumb; its bus does not even acknowledge.
func (c *Chip) Dead(on bool) { c.set(func() { c.dead = on }) }

// Unplug pulls the cable.
func (c *Chip) Unplug() {
	c.set(func() {
		c.unplugged = true
		if c.end != nil {
			c.end.Close()
			c.end = nil
		}
	})
}

// Replug puts the cable back: the chip powers up anew.
func (c *Chip) Replug() {
	c.set(func() {
		c.unplugged, c.asleep, c.field, c.search = false, true, false, false
		c.retries, c.state, c.out, c.in, c.last = 0xFF, idle, nil, nil, nil
	})
}

func (c *Chip) set(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

// Commands returns the codes of all commands understood so far, in order.
func (c *Chip) Commands() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.commands)
}

// FieldOn says whether the reader's field is on.
func (c *Chip) FieldOn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.field
}

// Commands of UM0701-02, chapter 7.
const (
	getFirmwareVersion  = 0x02
	samConfiguration    = 0x14
	rfConfiguration     = 0x32
	inListPassiveTarget = 0x4A
	inRelease           = 0x52
)

// run carries out a command and returns the data of its answer, or nil if there
// is none, or not yet.
func (c *Chip) run(cmd []byte) []byte {
	c.commands = append(c.commands, cmd[0])
	done := []byte{cmd[0] + 1}
	switch {
	case cmd[0] == getFirmwareVersion && len(cmd) == 1:
		return append(done, 0x32, 0x01, 0x06, 0x07)
	case cmd[0] == samConfiguration && len(cmd) >= 3:
		return done
	case cmd[0] == rfConfiguration && len(cmd) == 3 && cmd[1] == 0x01:
		c.setField(cmd[2]&1 != 0)
		return done
	case cmd[0] == rfConfiguration && len(cmd) == 5 && cmd[1] == 0x05:
		c.retries = cmd[4]
		return done
	case cmd[0] == inListPassiveTarget && bytes.Equal(cmd[1:], []byte{0x01, 0x00}):
		return c.list()
	case cmd[0] == inRelease && len(cmd) == 2:
		if c.state == active {
			c.state = halted
		}
		return append(done, 0x00)
	}
	return []byte{} // the error frame
}

// setField switches the field. A badge without one forgets everything.
func (c *Chip) setField(on bool) {
	if on && !c.field && c.badge != nil && c.badge.Random {
		c.invent()
	}
	if c.field = on; !on {
		c.state = idle
	}
}

func (c *Chip) invent() {
	c.next++
	c.badge.UID = []byte{0x08, 0x5A, 0xA5, c.next}
}

func (c *Chip) list() []byte {
	c.setField(true)
	switch {
	case c.badge != nil && c.state == idle:
		return c.target()
	case c.state == active:
		c.state = idle // a request throws it out of the state it was in
		if c.badge != nil && c.retries > 0 {
			return c.target()
		}
	}
	if c.retries == 0xFF {
		c.search = true
		return nil
	}
	return []byte{inListPassiveTarget + 1, 0}
}

func (c *Chip) target() []byte {
	c.state = active
	b := c.badge
	out := []byte{inListPassiveTarget + 1, 1, 1, b.ATQA[0], b.ATQA[1], b.SAK, byte(len(b.UID))}
	return append(append(out, b.UID...), b.ATS...)
}
