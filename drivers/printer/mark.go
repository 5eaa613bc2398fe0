package printer

import (
	"time"

	"jobhome/drivers/escpos"
)

// stream is a job as it goes out, with the requests that prove it.
type stream struct {
	bytes  []byte
	fences int      // GS r in it
	extra  [][2]int // where bytes stand that are not the job's, and how many
	since  int      // bytes behind the last request
	plain  bool     // no requests but the last
}

// outage is less than the power of a printer can be away: it takes longer to
// start.
const outage = 400 * time.Millisecond

// stream puts a request (GS r) behind the cut, and others into the job, so that
// no stretch of it can pass on the line while the printer is away without one
// being lost: a printer that lost its power and came back in the middle of a slip
// cannot prove it. Where a picture is longer than that it is cut between two
// rows, which prints the same dots. At 115200 baud hardly any slip needs one. A
// fast wire breaks when the printer goes away, and needs none; there only what is
// larger than a recovery can end is cut up.
func (d *Dev) stream(job []byte) stream {
	every := min(flushBytes, max(64, int(int64(d.o.Baud)/10*int64(outage)/int64(time.Second))))
	if d.o.Fast {
		every = d.flushes()
	}
	s := stream{plain: d.o.Fast}
	r := newReader(d.p)
	for b := job; len(b) > 0; {
		n := r.next(b)
		if p, ok := pictureOf(b); ok && n > every {
			s.picture(p, b[8:n], max(1, (every-8)/p.width))
		} else {
			c := r.command(b[:n])
			s.add(b[:n])
			if !s.plain && b[0] == '\n' && c.end && s.since >= every && n < len(b) {
				s.mark()
			}
		}
		b = b[n:]
	}
	if d.ids.state == idsWork {
		s.own(d.ids.request())
	}
	s.mark()
	return s
}

// add appends bytes of the job.
func (s *stream) add(b []byte) {
	s.bytes = append(s.bytes, b...)
	s.since += len(b)
}

// own appends bytes that are not the job's.
func (s *stream) own(b []byte) {
	s.extra = append(s.extra, [2]int{len(s.bytes), len(b)})
	s.add(b)
}

// mark appends a request.
func (s *stream) mark() {
	s.own([]byte(escpos.Fence))
	s.fences++
	s.since = 0
}

// picture appends a picture in pieces of so many rows, with a request between
// them.
func (s *stream) picture(p picture, dots []byte, rows int) {
	for first := true; p.rows > 0; first = false {
		n := min(rows, p.rows)
		if first {
			s.add(p.head(n))
		} else {
			if !s.plain {
				s.mark()
			}
			s.own(p.head(n))
		}
		s.add(dots[:n*p.width])
		dots, p.rows = dots[n*p.width:], p.rows-n
	}
}

// sent is how many bytes of the job are among the first n of the stream.
func (s *stream) sent(n int) int {
	out := n
	for _, e := range s.extra {
		out -= min(e[1], max(0, n-e[0]))
	}
	return out
}
