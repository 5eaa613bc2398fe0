package pn532

import "bytes"

// A normal information frame (UM0701-02, 6.2.1.1) is 00 00 FF, LEN, LCS, TFI,
// data, DCS, 00, where LEN counts TFI and data, LEN+LCS = 0 and TFI+data+DCS =
// 0. The zeros before and after may be any number.
const (
	toChip   = 0xD4 // TFI of a command
	fromChip = 0xD5 // TFI of an answer
	failed   = 0x7F // TFI of the error frame, alone in it (6.2.1.5)

	headBytes = 2 + 1 + 1 // start code, LEN, LCS
	tailBytes = 1         // DCS; the zero after it may be missing
	ackLen    = 6         // bytes of an ACK frame
	frameMax  = 1 + headBytes + 255 + tailBytes + 1
)

// ack says that a frame arrived; sent by the host it ends what the chip is
// doing (6.2.1.3). nack asks for the last answer again (6.2.1.4).
func ack() []byte  { return []byte{0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00} }
func nack() []byte { return []byte{0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00} }

// command is the frame of a command.
func command(code byte, data ...byte) []byte {
	n := byte(len(data) + 2)
	out := []byte{0x00, 0x00, 0xFF, n, -n, toChip, code}
	out = append(out, data...)
	sum := byte(toChip) + code
	for _, x := range data {
		sum += x
	}
	return append(out, -sum, 0x00)
}

// kind of a frame.
type kind uint8

const (
	nothing kind = iota // no whole frame yet
	isACK
	isNACK
	isAnswer
	isFailed // the error frame
	isBad    // a frame that is damaged or extended; err says which
)

// frame is one frame found in a stream. Data is TFI's rest, a part of the
// stream.
type frame struct {
	kind kind
	data []byte
	err  error
}

// parse looks for the first frame in b. Used bytes can be dropped: everything
// up to the frame's end, or, if there is nothing whole yet, what cannot become
// a frame. After a damaged frame only its start code is used, since its length
// may be what is wrong.
func parse(b []byte) (f frame, used int) {
	start := bytes.Index(b, []byte{0x00, 0xFF})
	switch {
	case start >= 0:
	case len(b) > 0 && b[len(b)-1] == 0x00:
		return frame{}, len(b) - 1
	default:
		return frame{}, len(b)
	}
	body := start + headBytes
	if len(b) < body {
		return frame{}, start
	}
	n, lcs := b[start+2], b[start+3]
	switch {
	case n == 0x00 && lcs == 0xFF:
		return frame{kind: isACK}, body
	case n == 0xFF && lcs == 0x00:
		return frame{kind: isNACK}, body
	case n == 0xFF && lcs == 0xFF:
		return frame{kind: isBad, err: ErrExtended}, body
	case n+lcs != 0 || n == 0:
		return frame{kind: isBad, err: ErrChecksum}, start + 2
	}
	end := body + int(n) + tailBytes
	if len(b) < end {
		return frame{}, start
	}
	var sum byte
	for _, x := range b[body:end] {
		sum += x
	}
	tfi, data := b[body], b[body+1:end-tailBytes]
	switch {
	case sum != 0:
		return frame{kind: isBad, err: ErrChecksum}, start + 2
	case tfi == failed && n == 1:
		return frame{kind: isFailed}, end
	case tfi != fromChip || len(data) == 0:
		return frame{kind: isBad, err: ErrOdd}, end
	}
	return frame{kind: isAnswer, data: data}, end
}
