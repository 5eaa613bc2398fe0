// Package samusb carries the frames of a resident-ID-card security module
// (SAM_V, GA 467) over USB, in the three ways that readers with a USB plug of
// their own use. There is no common standard: the split endpoints come from the
// protocol pages of the ministry-standard (部标) readers, 0400:C35A, the HID
// envelope from public driver code of one maker.
//
//	framing  devices                  how a frame travels
//	Split    0400:C35A                preamble and length on one pair of bulk endpoints, the rest on another
//	Pair     0400:C35A, weak source   whole frames on one pair of bulk endpoints
//	HID      10C4:0007, 203B:0101     in an envelope of 64-byte reports
//
// Each type here has the methods of the wire that package idcard reads frames
// from, so its driver is the same for a serial line and for these. The pipes
// below are small interfaces with deadlines; drivers/usb has them without a C
// library.
//
// A wire is used by one goroutine; only Close may be called from another. Bytes
// of a card are zeroed here as soon as they have been handed on.
package samusb

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// In is a bulk endpoint from the reader. Read returns one packet or more, or
// os.ErrDeadlineExceeded itself at its deadline.
type In interface {
	io.Reader
	SetReadDeadline(time.Time) error
}

// Out is a bulk endpoint to the reader.
type Out interface {
	io.Writer
	SetWriteDeadline(time.Time) error
}

// Reports is a HID: one Read or Write is one report of 64 bytes without a
// report number. Close makes a waiting Read return.
type Reports interface {
	In
	Out
	io.Closer
}

// Framing is how frames travel.
type Framing uint8

const (
	Split Framing = iota + 1
	Pair
	HID
)

// String is the word used in settings.
func (f Framing) String() string {
	names := [...]string{"unknown", "split", "pair", "hid"}
	if int(f) < len(names) {
		return names[f]
	}
	return names[0]
}

// ParseFraming reads the word of a setting: split, pair or hid.
func ParseFraming(s string) (Framing, error) {
	for f := Split; f <= HID; f++ {
		if f.String() == s {
			return f, nil
		}
	}
	return 0, fmt.Errorf("samusb: framing %q: want split, pair or hid", s)
}

// Addresses of the split endpoints.
const (
	HeadOut byte = 0x02 // the first 7 bytes of a request
	RestOut byte = 0x06 // the others
	HeadIn  byte = 0x81 // the first 7 bytes of an answer
	RestIn  byte = 0x85 // the others
)

// Choose tells from the bulk endpoints of a device how it wants to be spoken to:
// Split if it has the four of the ministry standard, Pair if it has one in each
// direction, HID if it has none. The framing of the settings, if any, wins over
// this.
func Choose(bulk []byte) (Framing, error) {
	ins, outs := 0, 0
	split := len(bulk) > 0
	for _, addr := range []byte{HeadOut, RestOut, HeadIn, RestIn} {
		split = split && slices.Contains(bulk, addr)
	}
	for _, addr := range bulk {
		if addr&0x80 != 0 {
			ins++
		} else {
			outs++
		}
	}
	switch {
	case split:
		return Split, nil
	case ins == 1 && outs == 1:
		return Pair, nil
	case ins == 0 && outs == 0:
		return HID, nil
	}
	return 0, fmt.Errorf("samusb: bulk endpoints % X are of no card reader known", bulk)
}

const (
	headLen   = 7                      // preamble and length
	staleTime = 5 * time.Millisecond   // silence that ends draining
	noiseTime = 100 * time.Millisecond // draining one pipe never takes longer
)
