package samusb

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// The envelope. A request is
//
//	88 | 0 0 | LEN | B1 | frame | SUM | zeros up to 64 bytes
//
// and a report of an answer
//
//	AA | number, 2 bytes | LEN | result | index, 2 bytes | payload | SUM
//
// LEN and SUM are 16-bit little-endian. LEN counts from the byte after it to the
// one before SUM; SUM is the plain sum of LEN and what it counts. The payloads
// of the reports, 54 bytes at most, are the frame. The maker's own code looks at
// neither number, result nor index, and what they hold is not known, so they are
// not looked at here either: the frame has its own length and checksum.
const (
	reportLen   = 64
	requestMark = 0x88
	replyMark   = 0xAA
	samCommand  = 0xB1
	beforeLen   = 3 // mark and number
	envelope    = 5 // mark, number and LEN
	inner       = 3 // result and index, before the payload
	sumLen      = 2
	mostFrame   = reportLen - envelope - 1 - sumLen
	mostPayload = reportLen - envelope - inner - sumLen
)

// errEnvelope is why a report is passed over.
var errEnvelope = errors.New("damaged report")

// appendRequest wraps a frame of a request in one report.
func appendRequest(dst, frame []byte) ([]byte, error) {
	if len(frame) == 0 || len(frame) > mostFrame {
		return dst, fmt.Errorf("samusb: frame of %d bytes: want 1 to %d", len(frame), mostFrame)
	}
	at := len(dst)
	n := len(frame) + 1
	dst = append(dst, requestMark, 0, 0, byte(n), byte(n>>8), samCommand)
	dst = append(dst, frame...)
	s := sum(dst[at+beforeLen:])
	dst = append(dst, byte(s), byte(s>>8))
	return append(dst, make([]byte, reportLen-(len(dst)-at))...), nil
}

// payload finds what a report of an answer carries; it is a part of report.
func payload(report []byte) ([]byte, error) {
	if len(report) < envelope+inner+sumLen || report[0] != replyMark {
		return nil, errEnvelope
	}
	n := int(report[beforeLen]) | int(report[beforeLen+1])<<8
	end := envelope + n
	if n < inner || end+sumLen > len(report) || n-inner > mostPayload {
		return nil, errEnvelope
	}
	if s := sum(report[beforeLen:end]); byte(s) != report[end] || byte(s>>8) != report[end+1] {
		return nil, errEnvelope
	}
	return report[envelope+inner : end], nil
}

func sum(b []byte) (s uint16) {
	for _, c := range b {
		s += uint16(c)
	}
	return s
}

// HIDWire sends frames in an envelope of HID reports.
type HIDWire struct {
	r     Reports
	until time.Time
	out   []byte
	in    [reportLen]byte
	rest  []byte // of in: payload not yet handed on
}

// NewHID returns the wire over a HID.
func NewHID(r Reports) *HIDWire { return &HIDWire{r: r, out: make([]byte, 0, reportLen)} }

// Read reads payload until the read deadline. Damaged reports are passed over:
// the frame is then too short, and the command is given up and sent again.
func (w *HIDWire) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for len(w.rest) == 0 {
		if err := w.r.SetReadDeadline(w.until); err != nil {
			return 0, err
		}
		n, err := w.r.Read(w.in[:])
		if err != nil {
			return 0, err
		}
		if w.rest, err = payload(w.in[:n]); err != nil || len(w.rest) == 0 {
			clear(w.in[:])
		}
	}
	n := copy(b, w.rest)
	clear(w.rest[:n])
	if w.rest = w.rest[n:]; len(w.rest) == 0 {
		clear(w.in[:])
	}
	return n, nil
}

// Write sends b, which is one frame of a request.
func (w *HIDWire) Write(b []byte) (int, error) {
	out, err := appendRequest(w.out[:0], b)
	if err != nil {
		return 0, err
	}
	n, err := w.r.Write(out)
	if err != nil {
		return 0, err
	}
	if n < len(out) {
		return 0, fmt.Errorf("samusb: report of %d bytes, %d taken: %w", len(out), n, io.ErrShortWrite)
	}
	return len(b), nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (w *HIDWire) SetReadDeadline(t time.Time) error {
	w.until = t
	return nil
}

// SetWriteDeadline sets when Write gives up; the zero time means never.
func (w *HIDWire) SetWriteDeadline(t time.Time) error { return w.r.SetWriteDeadline(t) }

// FlushInput drops what has arrived and was not read. It takes 5 ms of silence
// to know that nothing is left.
func (w *HIDWire) FlushInput() error {
	w.rest = nil
	return drain(w.r, w.in[:])
}

// Close closes the device and frees a waiting Read.
func (w *HIDWire) Close() error { return w.r.Close() }
