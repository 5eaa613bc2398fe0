// Package samv is the wire language of a resident-ID-card security module
// (SAM_V): frames, commands and status codes of the serial protocol that
// readers after GA 450 speak to the module of GA 467.
//
// The package turns bytes into frames and back and says what a status asks the
// terminal to do. It does no input or output; the driver is drivers/idcard, the
// simulated module is in drivers/sim.
//
// A frame is AA AA AA 96 69, a big-endian 16-bit length, the body, and the XOR
// of everything after the preamble. A request body is CMD PARA data; a reply
// body is SW1 SW2 SW3 data, with the result in SW3. The length counts body and
// checksum.
package samv

import (
	"errors"
	"fmt"
)

// Command is CMD in the high byte and PARA in the low byte.
//
// The list is complete for this terminal. 30 10, which reads fingerprints, is
// left out on purpose: AppendRequest refuses whatever is not listed, so no
// program built on this package can send it.
type Command uint16

const (
	Reset       Command = 0x10FF // restart the module; wait 2 s afterwards
	SAMStatus   Command = 0x11FF // self-test result: OK or SelfTestFailed
	SAMID       Command = 0x12FF // the module's number, 16 bytes
	Find        Command = 0x2001 // look for a card: Found or NotFound
	Select      Command = 0x2002 // choose the card found
	Read        Command = 0x3001 // text (256 bytes) and photo (1024 bytes)
	ReadAddress Command = 0x3003 // newest address, 70 bytes, or NoItem
	ReadCardID  Command = 0x3005 // card management number, 24 or 28 bytes
	SetMaxRF    Command = 0x61FF // one byte: most RF bytes of one exchange
)

// String returns the command as manuals print it, with its name.
func (c Command) String() string {
	name := "unknown command"
	switch c {
	case Reset:
		name = "reset module"
	case SAMStatus:
		name = "module status"
	case SAMID:
		name = "module id"
	case Find:
		name = "find card"
	case Select:
		name = "select card"
	case Read:
		name = "read card"
	case ReadAddress:
		name = "read newest address"
	case ReadCardID:
		name = "read card number"
	case SetMaxRF:
		name = "set RF size"
	}
	return fmt.Sprintf("%s (%02X %02X)", name, byte(c>>8), byte(c))
}

// dataLen is the number of data bytes of a request, or false for a command that
// may not be sent.
func (c Command) dataLen() (int, bool) {
	switch c {
	case Reset, SAMStatus, SAMID, Find, Select, Read, ReadAddress, ReadCardID:
		return 0, true
	case SetMaxRF:
		return 1, true
	}
	return 0, false
}

// Sizes of what a successful Read carries.
const (
	TextLen  = 256  // UTF-16LE text record, GA/T 490
	PhotoLen = 1024 // compressed photo; this terminal never keeps it
)

const (
	readHead  = 4                  // text length and photo length, 16 bits each
	replyHead = 3                  // SW1 SW2 SW3
	minReply  = replyHead + 1      // with the checksum
	idLen     = 16                 // data of SAMID
	addrLen   = 70                 // data of ReadAddress
	keepRead  = readHead + TextLen // data bytes of Read before the photo
	readData  = readHead + TextLen + PhotoLen
)

// ReplyKeep is the number of body bytes worth keeping of the answer to c. For
// Read it ends before the photo, so that a Decoder made with it drops every
// photo byte as it arrives.
func (c Command) ReplyKeep() int {
	if c == Read {
		return replyHead + keepRead
	}
	return replyHead + 128
}

// Errors of parsing. They carry no data of a card.
var (
	ErrChecksum = errors.New("wrong checksum")
	ErrLength   = errors.New("wrong length")
)

// AppendRequest appends the frame of a request to dst. It refuses commands that
// are not listed above and data of the wrong size.
func AppendRequest(dst []byte, c Command, data ...byte) ([]byte, error) {
	n, ok := c.dataLen()
	if !ok {
		return dst, fmt.Errorf("samv: %v may not be sent", c)
	}
	if len(data) != n {
		return dst, fmt.Errorf("samv: %v with %d data bytes, want %d", c, len(data), n)
	}
	return appendFrame(dst, append([]byte{byte(c >> 8), byte(c)}, data...)), nil
}

// ParseRequest splits the body of a request, as a module receives it. It knows
// no commands: a module answers the ones it does not know.
func ParseRequest(body []byte) (Command, []byte, error) {
	if len(body) < 2 {
		return 0, nil, fmt.Errorf("samv: request of %d bytes: %w", len(body), ErrLength)
	}
	return Command(body[0])<<8 | Command(body[1]), body[2:], nil
}

// Reply is the body of an answer.
type Reply struct {
	SW1, SW2 byte // 0 on every module seen, except in one maker's time-out reply
	Status   Status
	Data     []byte // what the Decoder kept
	Len      int    // data bytes on the wire, kept or not
}

// AppendReply appends the frame of an answer to dst, as a module sends it.
func AppendReply(dst []byte, s Status, data []byte) []byte {
	return appendFrame(dst, append([]byte{0, 0, byte(s)}, data...))
}

// ParseReply splits the body of an answer; size is the length of the whole body
// on the wire, of which body may be the part that was kept. The data of a
// successful answer must have the length that c asks for.
func ParseReply(c Command, body []byte, size int) (Reply, error) {
	if len(body) < replyHead || size < len(body) {
		return Reply{}, fmt.Errorf("samv: answer to %v: %d bytes: %w", c, size, ErrLength)
	}
	r := Reply{SW1: body[0], SW2: body[1], Status: Status(body[2]), Data: body[replyHead:], Len: size - replyHead}
	if r.SW1 != 0 || r.SW2 != 0 || r.Status != OK {
		return r, nil
	}
	ok := true
	switch c {
	case SAMID:
		ok = r.Len == idLen
	case ReadAddress:
		ok = r.Len == addrLen
	case Read:
		ok = r.Len == readData && len(r.Data) >= keepRead &&
			be16(r.Data[0:]) == TextLen && be16(r.Data[2:]) == PhotoLen
	}
	if !ok {
		return Reply{}, fmt.Errorf("samv: answer to %v: %d data bytes: %w", c, r.Len, ErrLength)
	}
	return r, nil
}

// Text is the text record of a successful Read.
func (r Reply) Text() []byte { return r.Data[readHead:keepRead] }

// FormatSAMID writes the 16 data bytes of SAMID as they are printed on the
// module's label: 05.03-20240115-0001234567-0987654321. It returns "" for any
// other length.
func FormatSAMID(data []byte) string {
	if len(data) != idLen {
		return ""
	}
	le := func(b []byte) (v uint32) {
		for i := len(b) - 1; i >= 0; i-- {
			v = v<<8 | uint32(b[i])
		}
		return v
	}
	return fmt.Sprintf("%02d.%02d-%d-%010d-%010d",
		le(data[0:2]), le(data[2:4]), le(data[4:8]), le(data[8:12]), le(data[12:16]))
}

func be16(b []byte) int { return int(b[0])<<8 | int(b[1]) }
