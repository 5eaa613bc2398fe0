package printer

import (
	"errors"
	"time"

	"jobhome/drivers/escpos"
)

const (
	paceSlice = 64                     // bytes handed on at a time
	paceLook  = 500 * time.Millisecond // between two looks at a printer that works
)

// errStopped ends a paced job whose printer said that it has stopped.
var errStopped = errors.New("printer has stopped")

// pacer works out what a printer still holds of what was sent: bytes arrive at
// the speed of the line and are worked off at the speed of the paper.
type pacer struct {
	line, head time.Time // when line and head have done all that was sent
	work       []pacerWork
	holds      int // bytes sent and not yet worked off
}

type pacerWork struct {
	done time.Time
	n    int
}

// sent adds bytes that take the head so long.
func (p *pacer) sent(n int, wire, head time.Duration) {
	now := time.Now()
	if p.line.Before(now) {
		p.line = now
	}
	p.line = p.line.Add(wire)
	if p.head.Before(p.line) {
		p.head = p.line
	}
	p.head = p.head.Add(head)
	p.work = append(p.work, pacerWork{p.head, n})
	p.holds += n
}

// wait is how long it takes until n more bytes fit into a buffer.
func (p *pacer) wait(n, buffer int) time.Duration {
	now := time.Now()
	for len(p.work) > 0 && !p.work[0].done.After(now) {
		p.holds -= p.work[0].n
		p.work = p.work[1:]
	}
	free := buffer - p.holds
	for _, w := range p.work {
		if free >= n {
			break
		}
		free += w.n
		now = w.done
	}
	return time.Until(now)
}

// paced reports whether nothing but us keeps the printer's buffer from running
// over.
func (d *Dev) paced() bool {
	return d.o.NoFlow && d.p.Flow == escpos.FlowNone && d.p.Buffer > 0
}

// send writes a job, and returns how much of the stream the wire has taken. On a
// paced line the printer is looked at meanwhile, between two commands and when
// the line is silent; errStopped means that the rest was not sent, and why is in
// d.last.
func (d *Dev) send(s stream) (int, error) {
	if !d.paced() {
		return d.write("print", s.bytes)
	}
	var p pacer
	r := newReader(d.p)
	sent, from := 0, 0 // handed on; not yet handed on, from here
	head := time.Duration(0)
	buffer := max(paceSlice, d.p.Buffer-d.p.Buffer/8) // a printer calls itself busy before it is full
	looked, clean := time.Now(), false                // clean: what was sent ends with a command
	parts := r.parts(s.bytes)
	for i, c := range parts {
		for n := c.n; n > 0; n -= paceSlice { // a long command comes in slices
			k := min(n, paceSlice)
			from += k
			if n-k == 0 {
				head += d.headTime(c)
			}
			if from < paceSlice && i < len(parts)-1 && !c.end {
				continue
			}
			if wait := p.wait(from, buffer); wait > 0 {
				time.Sleep(wait)
				if clean && time.Since(looked) >= paceLook {
					looked = time.Now()
					if st, err := d.peek(); err == nil && stops(st) {
						d.last, d.lastAt = st, time.Now()
						return sent, errStopped
					}
				}
			}
			m, err := d.write("print", s.bytes[sent:sent+from])
			sent += m
			if err != nil {
				return sent, err
			}
			p.sent(from, d.wireTime(from), head)
			from, head, clean = 0, 0, c.end && n-k == 0
		}
	}
	return sent, nil
}

// headTime is how long the printer works on a part.
func (d *Dev) headTime(c part) time.Duration {
	return time.Duration(c.mm / d.speed() * float64(time.Second))
}
