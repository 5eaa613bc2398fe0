package sim

import (
	"io"
	"time"

	"jobhome/drivers/idcard/samv"
)

// readerPiece is a part of an answer and the time before it.
type readerPiece struct {
	wait time.Duration
	b    []byte
	head bool // begins a frame
}

// framer is a wire that treats the beginning of a frame in its own way.
type framer interface{ beginAnswer() }

// readerTrap waits for a request and acts on it before it is answered.
type readerTrap struct {
	match  func(samv.Command) bool
	act    func(*Reader) // r.mu is held
	sprung chan struct{}
}

// answer handles one request.
func (r *Reader) answer(w io.Writer, d *samv.Decoder, gone <-chan struct{}) error {
	for _, p := range r.pieces(d) {
		if p.wait > 0 {
			t := time.NewTimer(p.wait)
			select {
			case <-t.C:
			case <-gone:
				t.Stop()
				return ErrUnplugged
			}
		}
		if f, ok := w.(framer); ok && p.head {
			f.beginAnswer()
		}
		if len(p.b) == 0 {
			continue
		}
		if _, err := w.Write(p.b); err != nil {
			return err
		}
	}
	return nil
}

// pieces is the answer to the request in d, as it goes over the wire.
func (r *Reader) pieces(d *samv.Decoder) []readerPiece {
	body, _, err := d.Body()
	r.mu.Lock()
	defer r.mu.Unlock()
	c, _, perr := samv.ParseRequest(body)
	if t := r.trap; t != nil && err == nil && perr == nil && t.match(c) {
		r.trap = nil
		t.act(r)
		close(t.sprung)
	}
	if r.silent() {
		return nil
	}
	var frame []byte
	switch {
	case err != nil:
		frame = samv.AppendReply(nil, samv.BadChecksum, nil)
	case perr != nil:
		frame = samv.AppendReply(nil, samv.BadLength, nil)
	default:
		r.sent = append(r.sent, c)
		status, data := r.reply(c)
		frame = r.faults.spoil(c, status, data)
	}
	pieces := r.faults.pieces(frame)
	pieces[0].wait += r.faults.delay()
	pieces[0].head = true
	return pieces
}

// pieces cuts a frame up as asked.
func (f *readerFaults) pieces(frame []byte) (out []readerPiece) {
	if f.tamper != nil {
		f.tamper(frame, func(wait time.Duration, b []byte) {
			out = append(out, readerPiece{wait: wait, b: b})
		})
		return append(out, readerPiece{}) // never empty
	}
	add := func(frame []byte) {
		split := f.split
		if split <= 0 {
			split = max(len(frame), 1)
		}
		head := true
		for first := true; len(frame) > 0 || first; first = false {
			n := min(split, len(frame))
			out = append(out, readerPiece{b: frame[:n], head: head})
			frame, head = frame[n:], false
		}
	}
	if f.splitAt > 0 && f.splitAt < len(frame) {
		out = []readerPiece{{b: frame[:f.splitAt], head: true}, {b: frame[f.splitAt:], wait: f.splitGap}}
		f.splitAt = 0
	} else {
		add(frame)
	}
	if f.repeat > 0 {
		f.repeat--
		add(frame)
	}
	return out
}
