package printer

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Longest is the most that PrintJob takes from its call to its return: waiting for
// the wire, recovering, waiting for a slip to be taken, and printing. Only open,
// see New, is not watched; it must come back by itself. A job that would not be
// ended by then is refused before its first byte.
const Longest = 150 * time.Second

// patience is how long a job may take on the line and on paper, and 5 s more for
// the cut and a hot head. How much paper it needs is worked out from its bytes: a
// third more is allowed, and some feed.
func (d *Dev) patience(size int, mm float64) time.Duration {
	head := time.Duration((1.3*mm + 60) / d.speed() * float64(time.Second))
	return max(d.wireTime(size)+head+5*time.Second, d.o.Fence)
}

// afterwards is how long the end of a job takes at most: the answer behind a cut
// that was sent late, and the questions after it.
func (d *Dev) afterwards() time.Duration { return lateFence + 25*d.o.Answer }

// lateFence is how long the answer behind the cut is waited for at least when the
// line took as long as a job may.
const lateFence = 5 * time.Second

// need is how long a job takes at most from its first byte.
func (d *Dev) need(job Job) time.Duration {
	mm := job.MM
	if mm <= 0 {
		mm = paper(d.p, job.Bytes)
	}
	n := len(job.Bytes)
	return d.patience(n+n/8+256, mm) + d.afterwards() // with the requests in it
}

// within ends what comes before a job when the job would not fit into Longest any
// more.
func (d *Dev) within(ctx context.Context, begin time.Time, job Job) (context.Context, context.CancelFunc, error) {
	need := d.need(job)
	if need > Longest {
		return nil, nil, fmt.Errorf("printer: print: may take %v, at most %v are waited: %w",
			need.Round(time.Second), Longest, ErrTooLong)
	}
	d.limit = begin.Add(Longest - need)
	ctx, cancel := context.WithDeadlineCause(ctx, d.limit,
		fmt.Errorf("%w: no time left for a job that may take %v", context.DeadlineExceeded, need.Round(time.Second)))
	return ctx, cancel, nil
}

// fits reports as an error that a job does not fit any more into the time since
// its call.
func (d *Dev) fits(begin time.Time, job Job) error {
	left, need := time.Until(begin.Add(Longest)), d.need(job)
	if need > left {
		return fmt.Errorf("printer: print: may take %v, and %v are left: %w",
			need.Round(time.Second), max(0, left.Round(time.Second)), errors.Join(ErrTooLong, context.DeadlineExceeded))
	}
	return nil
}
