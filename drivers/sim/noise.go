package sim

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// Noise is a wire that does not carry every byte as it should. It stands between
// a driver and the wire of any device, and spoils bytes in either direction by a
// script. Reading and writing may go on at the same time.
type Noise struct {
	wire noiseWire
	in   noiseWay
	out  noiseWay

	mu            sync.Mutex
	readBy, write time.Time // the deadlines
	closed        bool
	poke          chan struct{} // the read deadline was moved
	queue         []noisePiece  // read from the wire and not yet by the driver
}

// noiseWire is what a driver's wire has.
type noiseWire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// NewNoise wraps a wire. The script has one disturbance a line; what follows a #
// is nothing:
//
//	read 0: lose 3            # of the bytes the device sends, from the first on
//	write 120: duplicate 2    # of those the driver sends, behind the 120th
//	read 40: delay 500ms      # that byte and all behind it come so much later
//	write 10: split 1         # from there on in pieces of one byte; 0: whole again
//	read 9: insert ff 00      # bytes that nobody sent
//
// Positions count the bytes as they were sent, in each direction from 0. At one
// position delay and split come first, then insert, lose and duplicate. The error
// names the line.
func NewNoise(w noiseWire, script string) (*Noise, error) {
	n := &Noise{wire: w, poke: make(chan struct{}, 1)}
	for i, line := range strings.Split(script, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.ToLower(strings.TrimSpace(line)); line == "" {
			continue
		}
		if err := n.parse(line); err != nil {
			return nil, fmt.Errorf("sim: noise script: line %d: %w", i+1, err)
		}
	}
	return n, nil
}

// noiseWay is one direction.
type noiseWay struct {
	mu     sync.Mutex
	acts   map[int][]noiseAct // by position
	at     int                // bytes so far
	lose   int
	double int
	split  int
}

// noiseAct is one disturbance.
type noiseAct struct {
	kind   string
	n      int
	wait   time.Duration
	insert []byte
}

// noisePiece is bytes that go on together, so much after those before them.
type noisePiece struct {
	bytes []byte
	wait  time.Duration
	due   time.Time
}

func (n *Noise) parse(line string) error {
	head, action, ok := strings.Cut(line, ":")
	h, a := strings.Fields(head), strings.Fields(action)
	if !ok || len(h) != 2 || len(a) < 2 || h[0] != "read" && h[0] != "write" {
		return fmt.Errorf("%q: want \"read POSITION: ACTION\" or \"write POSITION: ACTION\"", line)
	}
	at, err := parseCount(h[1], 1<<30)
	if err != nil {
		return err
	}
	act := noiseAct{kind: a[0]}
	switch {
	case a[0] == "insert":
		if act.insert, err = hex.DecodeString(strings.Join(a[1:], "")); err != nil {
			err = fmt.Errorf("%q: want bytes in hexadecimal, as ff 00", action)
		}
	case len(a) == 2 && a[0] == "delay":
		act.wait, err = parseWait(a[1])
	case len(a) == 2 && (a[0] == "lose" || a[0] == "duplicate" || a[0] == "split"):
		act.n, err = parseCount(a[1], 1<<20)
	default:
		err = fmt.Errorf("%q is no action; there are delay TIME, duplicate N, insert HEX, lose N, split N", strings.TrimSpace(action))
	}
	if err != nil {
		return err
	}
	w := &n.in
	if h[0] == "write" {
		w = &n.out
	}
	if w.acts == nil {
		w.acts = map[int][]noiseAct{}
	}
	w.acts[at] = append(w.acts[at], act)
	return nil
}

// pass turns bytes as they were sent into what comes of them.
func (w *noiseWay) pass(b []byte) []noisePiece {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []noisePiece
	var p noisePiece
	end := func() {
		if len(p.bytes) > 0 {
			out = append(out, p)
		}
		p = noisePiece{}
	}
	put := func(v byte) {
		if w.split > 0 && len(p.bytes) == w.split {
			end()
		}
		p.bytes = append(p.bytes, v)
	}
	for _, v := range b {
		acts := w.acts[w.at]
		w.at++
		var insert []byte
		for _, a := range acts {
			switch a.kind {
			case "delay":
				end()
				p.wait += a.wait
			case "split":
				end()
				w.split = a.n
			case "insert":
				insert = append(insert, a.insert...)
			case "lose":
				w.lose = a.n
			case "duplicate":
				w.double = a.n
			}
		}
		for _, x := range insert {
			put(x)
		}
		switch {
		case w.lose > 0:
			w.lose--
		case w.double > 0:
			w.double--
			put(v)
			put(v)
		default:
			put(v)
		}
	}
	end()
	return out
}

// Read reads what comes of what the device has sent, one piece at a time.
func (n *Noise) Read(b []byte) (int, error) {
	for {
		if m, err, done := n.queued(b); done {
			return m, err
		}
		var raw [256]byte
		m, err := n.wire.Read(raw[:])
		pieces := n.in.pass(raw[:m])
		n.mu.Lock()
		due := time.Now()
		if k := len(n.queue); k > 0 && n.queue[k-1].due.After(due) {
			due = n.queue[k-1].due
		}
		for _, p := range pieces {
			due = due.Add(p.wait)
			n.queue = append(n.queue, noisePiece{bytes: p.bytes, due: due})
		}
		empty := len(n.queue) == 0
		n.mu.Unlock()
		if err != nil && empty {
			return 0, err
		}
	}
}

// queued reads from what has come already. It reports false if that is nothing.
func (n *Noise) queued(b []byte) (int, error, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.queue) > 0 {
		now := time.Now()
		first := n.queue[0]
		switch {
		case n.closed:
			return 0, os.ErrClosed, true
		case !n.readBy.IsZero() && !now.Before(n.readBy):
			return 0, os.ErrDeadlineExceeded, true
		case !now.Before(first.due):
			m := copy(b, first.bytes)
			if m < len(first.bytes) {
				n.queue[0].bytes = first.bytes[m:]
			} else {
				n.queue = n.queue[1:]
			}
			return m, nil, true
		}
		wait := first.due.Sub(now)
		if !n.readBy.IsZero() {
			wait = min(wait, n.readBy.Sub(now))
		}
		n.mu.Unlock()
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-n.poke:
		}
		t.Stop()
		n.mu.Lock()
	}
	return 0, nil, false
}

// Write writes what comes of b. A delay holds it up until the write deadline.
func (n *Noise) Write(b []byte) (int, error) {
	n.mu.Lock()
	by := n.write
	n.mu.Unlock()
	for _, p := range n.out.pass(b) {
		if p.wait > 0 {
			if !by.IsZero() && time.Until(by) < p.wait {
				time.Sleep(time.Until(by))
				return 0, os.ErrDeadlineExceeded
			}
			time.Sleep(p.wait)
		}
		if _, err := n.wire.Write(p.bytes); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (n *Noise) SetReadDeadline(t time.Time) error {
	n.mu.Lock()
	n.readBy = t
	n.mu.Unlock()
	n.wakeUp()
	return n.wire.SetReadDeadline(t)
}

// SetWriteDeadline sets when Write gives up; the zero time means never.
func (n *Noise) SetWriteDeadline(t time.Time) error {
	n.mu.Lock()
	n.write = t
	n.mu.Unlock()
	return n.wire.SetWriteDeadline(t)
}

// FlushInput drops what has come and was not read.
func (n *Noise) FlushInput() error {
	n.mu.Lock()
	n.queue = slices.Delete(n.queue, 0, len(n.queue))
	n.mu.Unlock()
	if f, ok := n.wire.(interface{ FlushInput() error }); ok {
		return f.FlushInput()
	}
	return nil
}

// Close closes the wire.
func (n *Noise) Close() error {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.wakeUp()
	return n.wire.Close()
}

func (n *Noise) wakeUp() {
	select {
	case n.poke <- struct{}{}:
	default:
	}
}
