package printer

import (
	"errors"
	"time"
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
	return d.o.NoFlow
}

// usualBuffer is a quarter of the receive buffer that is common (4 KB, TM-T88III
// specification). Modules with less have it in their profiles.
const usualBuffer = 1024

// buffer is how much the printer may hold: less than fits, since a printer calls
// itself busy before it is full.
func (d *Dev) buffer() int {
	n := d.p.Buffer
	if n <= 0 {
		n = usualBuffer
	}
	return max(paceSlice, n-n/8)
}

// send writes a job, and returns how much of the stream the wire has taken.
// errStopped means that the rest was not sent, and why is in d.last.
func (d *Dev) send(s stream) (int, error) {
	if !d.paced() {
		return d.write("print", s.bytes)
	}
	r := newReader(d.p)
	return d.pace("print", s.bytes, r.parts(s.bytes))
}

// sendNULs writes NULs that may be taken for rows of a picture, and a few commands
// behind them.
func (d *Dev) sendNULs(n int, behind []byte) error {
	b := append(make([]byte, n, n+len(behind)), behind...)
	d.flushed = time.Now().Add(d.wireTime(len(b) + lineBytes))
	if !d.paced() {
		_, err := d.write("recover", b)
		return err
	}
	row := max(1, d.p.Dots/8)
	var parts []part
	for left := n; left > 0; left -= row {
		parts = append(parts, part{n: min(row, left), mm: 1 / max(1, d.p.DotsPerMM)})
	}
	_, err := d.pace("recover", b, append(parts, part{n: len(behind)}))
	return err
}

// pace writes b no faster than the printer works it off, part by part. The printer
// is looked at meanwhile, between two commands and when the line is silent.
func (d *Dev) pace(doing string, b []byte, parts []part) (int, error) {
	var p pacer
	sent, from := 0, 0 // handed on; not yet handed on, from here
	head := time.Duration(0)
	looked, clean := time.Now(), false // clean: what was sent ends with a command
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
			if wait := p.wait(from, d.buffer()); wait > 0 {
				time.Sleep(wait)
				if clean && time.Since(looked) >= paceLook {
					looked = time.Now()
					if st, err := d.peek(); err == nil && stops(st) {
						d.last, d.lastAt = st, time.Now()
						return sent, errStopped
					}
				}
			}
			m, err := d.write(doing, b[sent:sent+from])
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

// headTime is how long the printer works on a part, and a tenth more: no paper
// moves at quite the speed that is said.
func (d *Dev) headTime(c part) time.Duration {
	return time.Duration(1.1 * c.mm / d.speed() * float64(time.Second))
}
