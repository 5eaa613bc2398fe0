package sim

import (
	"bytes"
	"io"
	"os"
	"sync"
	"time"
)

// usbPacket is the size of a full-speed bulk packet and of a HID report.
const usbPacket = 64

// USBPipe is an endpoint of a simulated USB device: bytes travel in packets of
// at most 64 bytes, and one Read never returns more than a packet. It is safe
// for concurrent use.
type USBPipe struct{ in, out *packetQueue }

// Read waits for a packet until the read deadline, then returns
// os.ErrDeadlineExceeded. What b has no room for comes with the next Read.
func (p *USBPipe) Read(b []byte) (int, error) { return p.in.read(b) }

// Write never waits.
func (p *USBPipe) Write(b []byte) (int, error) {
	if err := p.out.put(b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (p *USBPipe) SetReadDeadline(t time.Time) error {
	p.in.setDeadline(t)
	return nil
}

// SetWriteDeadline does nothing, since Write never waits.
func (p *USBPipe) SetWriteDeadline(time.Time) error { return nil }

// Close closes both directions of this pipe.
func (p *USBPipe) Close() error {
	for _, q := range []*packetQueue{p.in, p.out} {
		if q != nil {
			q.close(os.ErrClosed)
		}
	}
	return nil
}

// packetQueue is one direction.
type packetQueue struct {
	mu       sync.Mutex
	wake     *sync.Cond
	packets  [][]byte
	err      error // set by close
	deadline time.Time
	timer    *time.Timer
}

func newPacketQueue() *packetQueue {
	q := &packetQueue{}
	q.wake = sync.NewCond(&q.mu)
	return q
}

// put appends b in packets.
func (q *packetQueue) put(b []byte) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return io.ErrClosedPipe
	}
	for len(b) > 0 {
		n := min(len(b), usbPacket)
		q.packets = append(q.packets, bytes.Clone(b[:n]))
		b = b[n:]
	}
	q.wake.Broadcast()
	return nil
}

// get takes one whole packet, without a deadline.
func (q *packetQueue) get() ([]byte, error) {
	b := make([]byte, usbPacket)
	n, err := q.read(b)
	return b[:n], err
}

func (q *packetQueue) read(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		switch {
		case q.err != nil:
			return 0, q.err
		case !q.deadline.IsZero() && !time.Now().Before(q.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(q.packets) > 0:
			p := q.packets[0]
			n := copy(b, p)
			clear(p[:n])
			if q.packets[0] = p[n:]; n == len(p) {
				q.packets = q.packets[1:]
			}
			return n, nil
		}
		q.wake.Wait()
	}
}

func (q *packetQueue) setDeadline(t time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deadline = t
	if q.timer != nil {
		q.timer.Stop()
		q.timer = nil
	}
	if !t.IsZero() && q.err == nil {
		q.timer = time.AfterFunc(time.Until(t), func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			q.wake.Broadcast()
		})
	}
	q.wake.Broadcast()
}

func (q *packetQueue) close(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.err = err
	}
	for _, p := range q.packets {
		clear(p)
	}
	q.packets = nil
	if q.timer != nil {
		q.timer.Stop()
		q.timer = nil
	}
	q.wake.Broadcast()
}
