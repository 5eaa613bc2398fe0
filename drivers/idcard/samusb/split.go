package samusb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"jobhome/drivers/idcard/samv"
)

// slice is how long one endpoint is listened to when it is not known on which
// of the two the next bytes come.
const slice = 20 * time.Millisecond

// Pipes are the four endpoints of a reader with split framing, by the addresses
// above, and what closes the device.
type Pipes struct {
	HeadOut, RestOut Out
	HeadIn, RestIn   In
	Closer           io.Closer
}

// SplitWire sends the first 7 bytes of a frame, preamble and length, through one
// pair of bulk endpoints and the rest through another.
type SplitWire struct {
	p     Pipes
	until time.Time

	head    [headLen]byte // of the answer being read: no card data unless the reader is out of step
	have    int           // bytes of head
	left    int           // bytes still to come after it
	astray  bool          // the first bytes were no head: the frame may come anywhere
	scratch [64]byte
}

// NewSplit returns the wire over four endpoints.
func NewSplit(p Pipes) *SplitWire { return &SplitWire{p: p} }

// Read reads the next bytes of an answer, until the read deadline. The first 7
// are due on HeadIn, the others on RestIn; but if nothing comes there, or the
// first were no head of a frame, both endpoints are listened to in turn.
func (w *SplitWire) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if w.astray || w.left > 0 {
		n, err := w.search(b)
		w.left -= min(n, w.left)
		return n, err
	}
	if err := w.p.HeadIn.SetReadDeadline(w.until); err != nil {
		return 0, err
	}
	n, err := w.p.HeadIn.Read(b)
	w.took(b[:n])
	return n, err
}

// took looks at bytes that came on HeadIn.
func (w *SplitWire) took(b []byte) {
	n := copy(w.head[w.have:], b)
	if w.have += n; w.have < headLen {
		return
	}
	size := int(w.head[5])<<8 | int(w.head[6])
	ok := [5]byte(w.head[:5]) == [5]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69} && size > 2 && size <= samv.MaxLen
	clear(w.head[:])
	w.have = 0
	if !ok {
		w.astray, w.left = true, 0
		return
	}
	// A reader that sends more than the head here has sent so much of the rest.
	w.left = max(size-(len(b)-n), 0)
}

// search listens to both endpoints in turn, RestIn first.
func (w *SplitWire) search(b []byte) (int, error) {
	for rest := true; ; rest = !rest {
		p := w.p.HeadIn
		if rest {
			p = w.p.RestIn
		}
		end := time.Now().Add(slice)
		last := !w.until.IsZero() && !end.Before(w.until)
		if last {
			end = w.until
		}
		if err := p.SetReadDeadline(end); err != nil {
			return 0, err
		}
		n, err := p.Read(b)
		if n > 0 {
			return n, nil
		}
		if err != nil && (last || !errors.Is(err, os.ErrDeadlineExceeded)) {
			return 0, err
		}
	}
}

// Write sends b, which is one frame. An answer that was not read to its end is
// dropped first, so that no rest of it is taken for the next one.
func (w *SplitWire) Write(b []byte) (int, error) {
	if len(b) <= headLen {
		return 0, fmt.Errorf("samusb: frame of %d bytes: no body", len(b))
	}
	if w.left > 0 || w.have > 0 || w.astray {
		if err := w.FlushInput(); err != nil {
			return 0, err
		}
	}
	n, err := w.p.HeadOut.Write(b[:headLen])
	if err != nil {
		return n, err
	}
	more, err := w.p.RestOut.Write(b[headLen:])
	return n + more, err
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (w *SplitWire) SetReadDeadline(t time.Time) error {
	w.until = t
	return nil
}

// SetWriteDeadline sets when Write gives up; the zero time means never.
func (w *SplitWire) SetWriteDeadline(t time.Time) error {
	return errors.Join(w.p.HeadOut.SetWriteDeadline(t), w.p.RestOut.SetWriteDeadline(t))
}

// FlushInput drops what has arrived on either endpoint and was not read. It
// takes 5 ms of silence on each to know that nothing is left.
func (w *SplitWire) FlushInput() error {
	clear(w.head[:])
	w.have, w.left, w.astray = 0, 0, false
	if err := drain(w.p.HeadIn, w.scratch[:]); err != nil {
		return err
	}
	return drain(w.p.RestIn, w.scratch[:])
}

// Close closes the device and frees a waiting Read.
func (w *SplitWire) Close() error { return w.p.Closer.Close() }
