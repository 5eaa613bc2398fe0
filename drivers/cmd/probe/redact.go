package main

import (
	"bytes"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart/uarttest"
)

// The frame of the card module, as in package samv: preamble, two bytes of length,
// SW1 SW2 SW3, data, checksum.
var preamble = []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69}

const (
	headLen = 7 // preamble and length
	swLen   = 3
	samLen  = 16 // the data of a SAM ID: the number of the reader, nobody's
)

// redactCards takes out of a transcript of a card reader, in place, what a card
// said. Only what is known to be harmless stays: frames, lengths, status codes and
// the number of the module. All else becomes the text of a person who does not
// exist, or zeros, and a checksum that was right is right again. Times and sizes
// stay as they were, so the driver does the same on what is left.
func redactCards(t uarttest.Transcript) {
	var asked samv.Command
	var answer []*byte // what came since the last request
	end := func() {
		redactAnswer(asked, answer)
		answer = nil
	}
	for _, e := range t {
		if e.Kind != uarttest.Received {
			end()
			if c, ok := request(e.Bytes); ok {
				asked = c
			}
			continue
		}
		for i := range e.Bytes {
			answer = append(answer, &e.Bytes[i])
		}
	}
	end()
}

// request is the command that a write asks for.
func request(b []byte) (c samv.Command, ok bool) {
	if !bytes.HasPrefix(b, preamble) || len(b) < headLen+3 {
		return c, false
	}
	return samv.Command(b[headLen])<<8 | samv.Command(b[headLen+1]), true
}

// redactAnswer cleans what came after one request, in however many reads.
func redactAnswer(asked samv.Command, at []*byte) {
	b := make([]byte, len(at))
	for i, p := range at {
		b[i] = *p
	}
	for i := 0; i < len(b); {
		rest := b[i:]
		n := frameLen(rest)
		switch {
		case n == 0: // noise
			if rest[0] != preamble[0] {
				rest[0] = 0
			}
			i++
		case n > len(rest): // the end is missing
			clear(rest[min(headLen, len(rest)):])
			i = len(b)
		default:
			redactFrame(asked, rest[:n])
			i += n
		}
	}
	for i, p := range at {
		*p = b[i]
	}
}

// frameLen is the length of the frame that b begins with, which may be longer than
// b; 0 if there is none.
func frameLen(b []byte) int {
	if len(b) < headLen {
		if len(b) >= len(preamble) && bytes.HasPrefix(b, preamble) {
			return headLen
		}
		return 0
	}
	n := int(b[5])<<8 | int(b[6])
	if !bytes.HasPrefix(b, preamble) || n < swLen || n > samv.MaxLen {
		return 0
	}
	return headLen + n
}

// redactFrame cleans one whole frame.
func redactFrame(asked samv.Command, f []byte) {
	sum := &f[len(f)-1]
	right := *sum == checksum(f)
	body := f[headLen : len(f)-1]
	sw := body[:min(swLen, len(body))]
	if len(sw) < swLen || sw[0] != 0 || sw[1] != 0 || !samv.Status(sw[2]).Known() {
		clear(body)
	} else if data := body[swLen:]; !right || asked != samv.SAMID || len(data) != samLen {
		redactData(data)
	}
	if *sum = checksum(f); !right {
		*sum ^= 0xFF // it was damaged, and is
	}
}

func checksum(f []byte) (sum byte) {
	for _, b := range f[len(preamble) : len(f)-1] {
		sum ^= b
	}
	return sum
}

// redactData replaces the text of a card, and zeroes all else. Text, photo and
// fingerprints are announced by their lengths: two of them, or three.
func redactData(data []byte) {
	lengths := 0
	switch {
	case len(data) >= 4+samv.TextLen && samv.TextLen+int(data[2])<<8+int(data[3]) == len(data)-4:
		lengths = 4
	case len(data) >= 6+samv.TextLen && samv.TextLen+int(data[2])<<8+int(data[3])+int(data[4])<<8+int(data[5]) == len(data)-6:
		lengths = 6
	}
	if lengths == 0 || data[0] != samv.TextLen>>8 || data[1] != samv.TextLen&0xFF {
		clear(data)
		return
	}
	text := data[lengths : lengths+samv.TextLen]
	kind := idcard.CardType(text[248])
	if kind == 0 {
		kind = idcard.Resident // padded with NUL instead of spaces
	}
	clear(data[lengths:])
	for _, p := range sim.People() {
		if p.Type == kind {
			copy(text, p.Record())
			return
		}
	}
}
