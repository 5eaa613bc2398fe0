package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"jobhome/drivers/escpos"
)

// State is what became of a slip.
type State int

// The states. Unconfirmed is the zero value: without evidence nothing is known.
const (
	// Unconfirmed: some or all was sent and the printer fell silent. The slip
	// may have come out whole, in part or not at all.
	Unconfirmed State = iota
	// Interrupted: some or all was sent, and then the printer said why it
	// stopped. The slip is not whole, or was cut in the very moment.
	Interrupted
	// Failed: nothing was sent. Nothing of this slip is on any paper.
	Failed
	// Printed: the printer has worked off everything including the cut.
	Printed
)

// String is the state in lower case.
func (s State) String() string {
	switch s {
	case Interrupted:
		return "interrupted"
	case Failed:
		return "failed"
	case Printed:
		return "printed"
	}
	return "unconfirmed"
}

// Outcome is what Print knows of a slip.
type Outcome struct {
	State     State
	Cause     escpos.Status // the last status seen; unknown if there was none
	SentBytes int           // of the job, taken by the wire
	FirstByte time.Time     // when the first byte went out; zero if none did
}

// Print sends a job, which should end with a cut, and waits until the printer
// has worked it off: at least Opts.Fence (10 s), longer for long jobs. The error
// is nil only if the slip is Printed.
//
// A printer that was looked at within two seconds is trusted and gets the first
// byte at once; else it is asked first, and a printer that is not ready gets
// nothing. If the job before did not end well the printer is recovered first,
// see Recover. Once begun a job is sent to its end even if ctx ends, since half
// a command would spoil the next slip; only the waiting is given up then.
func (d *Dev) Print(ctx context.Context, job []byte) (Outcome, error) {
	out := Outcome{State: Failed}
	if len(job) == 0 {
		return out, errors.New("printer: print: empty job")
	}
	if err := d.lock(ctx); err != nil {
		return out, err
	}
	defer d.unlock()
	if err := d.connect(true); err != nil {
		return out, err
	}
	st, err := d.preflight(ctx)
	out.Cause = st
	if err != nil {
		return out, err
	}
	if err := d.drain(); err != nil {
		return out, err
	}
	d.fences = 0
	out.FirstByte = time.Now()
	whole := append(bytes.Clone(job), escpos.Fence...)
	n, err := d.write("print", whole)
	out.SentBytes = min(n, len(job))
	if n == 0 {
		out.FirstByte, out.Cause = time.Time{}, escpos.Status{}
		return out, err
	}
	out.State, d.dirty = Unconfirmed, true
	d.owed++ // taken back when the answer comes
	if err != nil {
		return d.afterStuck(out, err)
	}
	return d.await(ctx, out, d.patience(job))
}

// preflight returns a status that is ready, or an error and why.
func (d *Dev) preflight(ctx context.Context) (escpos.Status, error) {
	if !d.dirty && d.last.Ready() && time.Since(d.lastAt) <= fresh {
		return d.last, nil
	}
	st, err := d.look()
	if err != nil && !(d.dirty && errors.Is(err, ErrSilent)) {
		return st, err
	}
	if d.dirty || st.Cutter {
		return d.recover(ctx, st)
	}
	if !st.Ready() {
		return st, fmt.Errorf("printer: %w: %s", ErrNotReady, st)
	}
	return st, nil
}

// patience is how long a job may take: on the line, on paper, and 5 s more.
func (d *Dev) patience(job []byte) time.Duration {
	// How much paper it needs is not known without interpreting it: take every
	// line feed as a tall line, everything as raster, and some feed.
	mm := 8*bytes.Count(job, []byte{'\n'}) + 50
	if d.p.Dots >= 8 && d.p.DotsPerMM > 0 {
		mm += int(float64(len(job)/(d.p.Dots/8)) / d.p.DotsPerMM)
	}
	need := d.wireTime(len(job)) + time.Duration(mm)*time.Second/time.Duration(d.o.SpeedMMs) + 5*time.Second
	return max(need, d.o.Fence)
}

// afterStuck asks a printer that took no more data why.
func (d *Dev) afterStuck(out Outcome, err error) (Outcome, error) {
	out.Cause = escpos.Status{}
	if !errors.Is(err, ErrSilent) {
		return out, err
	}
	// This may stand in the middle of a command. The job is lost already, and
	// recovery will flush it.
	if st, askErr := d.look(); askErr == nil {
		out.Cause = st
		if stops(st) {
			out.State = Interrupted
			return out, fmt.Errorf("printer: print: %w: %s", ErrNotReady, st)
		}
	}
	return out, err
}

// stops reports whether a slip cannot go on until someone comes. A hot head
// cools down by itself and a pressed key is let go.
func stops(st escpos.Status) bool {
	return st.PaperOut || st.CoverOpen || st.Cutter || st.Jam || st.Unrecoverable
}

// await waits for the answer behind the cut, and looks at the printer meanwhile.
func (d *Dev) await(ctx context.Context, out Outcome, patience time.Duration) (Outcome, error) {
	end := time.Now().Add(patience)
	out.Cause = escpos.Status{}
	faults := 0
	for {
		_, err := d.reply("print", earlier(end, time.Now().Add(lookEvery)))
		if d.fences > 0 {
			return d.confirm(out)
		}
		switch {
		case err == nil && ctx.Err() == nil:
			continue
		case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
			return out, err
		}
		st, err := d.peek()
		switch {
		case d.fences > 0:
			return d.confirm(out)
		case err != nil && !errors.Is(err, ErrSilent) && !errors.Is(err, ErrGarbled):
			return out, err
		case err == nil && stops(st):
			out.Cause = st
			if faults++; faults > 1 { // seen twice: the answer is not on its way
				out.State = Interrupted
				return out, fmt.Errorf("printer: print: %w: %s", ErrNotReady, st)
			}
		case err == nil:
			out.Cause, faults = st, 0
		}
		if ctx.Err() != nil {
			return out, fmt.Errorf("printer: print: given up waiting: %w", ctx.Err())
		}
		if !time.Now().Before(end) {
			return out, fmt.Errorf("printer: print: no answer behind the cut after %v: %w", patience, ErrSilent)
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// peek looks for paper end and an open cover without dropping an answer to GS r
// that comes meanwhile.
func (d *Dev) peek() (escpos.Status, error) {
	var st escpos.Status
	for _, q := range d.p.Status {
		if q < escpos.QueryOffline || q > escpos.QueryPaper {
			continue
		}
		if d.lost {
			if err := d.quiet(d.o.Answer / 4); err != nil {
				return st, err
			}
			d.lost = false
		}
		if err := d.ask(q, &st); err != nil || d.fences > 0 {
			return escpos.Status{}, err
		}
	}
	return st, nil
}

// confirm makes sure that the answer was one. A line that breaks down when the
// power goes reads as a zero byte, which is also what GS r answers when all is
// well; but a printer without power answers nothing after it.
func (d *Dev) confirm(out Outcome) (Outcome, error) {
	answer := d.fence
	var said escpos.Status
	if err := said.ApplyFence(answer); err != nil || said.PaperOut {
		// Epson printers do not carry out GS r during paper end; one that does
		// has not proved anything.
		out.Cause, out.State = said, Interrupted
		return out, fmt.Errorf("printer: print: %w: %s", ErrNotReady, said)
	}
	st, err := d.look()
	if err != nil {
		out.Cause = escpos.Status{}
		return out, fmt.Errorf("printer: print: fell silent at the end: %w", err)
	}
	out.Cause, out.State = st, Printed
	d.owed--
	d.dirty = d.owed > 0
	return out, nil
}
