package samusb

import (
	"io"
	"time"
)

// PairWire sends whole frames through one pair of bulk endpoints.
type PairWire struct {
	in      In
	out     Out
	c       io.Closer
	until   time.Time
	scratch [64]byte
}

// NewPair returns the wire over a pair of endpoints; c closes the device.
func NewPair(in In, out Out, c io.Closer) *PairWire { return &PairWire{in: in, out: out, c: c} }

// Read reads what comes, until the read deadline.
func (w *PairWire) Read(b []byte) (int, error) {
	if err := w.in.SetReadDeadline(w.until); err != nil {
		return 0, err
	}
	return w.in.Read(b)
}

// Write sends b, which is one frame.
func (w *PairWire) Write(b []byte) (int, error) { return w.out.Write(b) }

// SetReadDeadline sets when Read gives up; the zero time means never.
func (w *PairWire) SetReadDeadline(t time.Time) error {
	w.until = t
	return nil
}

// SetWriteDeadline sets when Write gives up; the zero time means never.
func (w *PairWire) SetWriteDeadline(t time.Time) error { return w.out.SetWriteDeadline(t) }

// FlushInput drops what has arrived and was not read. It takes 5 ms of silence
// to know that nothing is left.
func (w *PairWire) FlushInput() error { return drain(w.in, w.scratch[:]) }

// Close closes the device and frees a waiting Read.
func (w *PairWire) Close() error { return w.c.Close() }
