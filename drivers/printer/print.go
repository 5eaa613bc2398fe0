package printer

import (
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

// Phase is how far a job has come that has no outcome yet, for a journal.
type Phase int

// The phases. A job that was never Sending has left nothing on any paper; one
// that a killed program left in either must be taken for Unconfirmed.
const (
	Sending Phase = iota // the next byte is the first
	Fenced               // all bytes and the request behind the cut are on the wire
)

// Job is a slip to print.
type Job struct {
	Bytes []byte  // should end with a cut
	MM    float64 // its length, for the paper counter; 0: worked out
	// Phase is called before the first byte is written, and when the last was.
	// If it returns an error for Sending nothing is sent; one for Fenced changes
	// nothing. It must not call the Dev.
	Phase func(Phase) error
	// Profile is the name of the profile that Bytes were made for. A printer that
	// turns out to have another one, see Opts.Identify, gets nothing: the job is
	// Failed with ErrProfile. Empty: not checked.
	Profile string

	feed bool // no slip: paper moved by hand
}

// Print sends a job, which should end with a cut, and waits until the printer
// has worked it off: see PrintJob.
func (d *Dev) Print(ctx context.Context, job []byte) (Outcome, error) {
	return d.PrintJob(ctx, Job{Bytes: job})
}

// PrintJob sends a job and waits until the printer has worked it off: at least
// Opts.Fence (10 s), longer for long jobs, and never so that it returns later than
// Longest after its call. The error is nil only if the slip is Printed.
//
// A printer that was looked at within two seconds is trusted and gets the first
// byte at once; else it is asked first, and a printer that is not ready gets
// nothing. Before the first job of a Dev, and if the job before did not end well,
// the printer is recovered, see Recover; a slip that still hangs in the presenter
// is waited for, or taken back, see Opts.TakeWithin. Once begun a job is sent to its end even if ctx
// ends, since half a command would spoil the next slip; only the waiting is given
// up then.
func (d *Dev) PrintJob(ctx context.Context, job Job) (Outcome, error) {
	out := Outcome{State: Failed}
	if len(job.Bytes) == 0 {
		return out, errors.New("printer: print: empty job")
	}
	begin := time.Now()
	before, cancel := context.WithDeadline(ctx, begin.Add(Longest))
	defer cancel()
	if err := d.lock(before); err != nil {
		return out, err
	}
	defer d.unlock()
	before, stop, err := d.within(before, begin, job)
	if err != nil {
		return out, err
	}
	defer stop()
	defer func() { d.limit = time.Time{} }()
	if err := d.connect(true); err != nil {
		return out, err
	}
	if out.Cause, err = d.preflight(before); err != nil {
		return out, err
	}
	if job.Profile != "" && job.Profile != d.p.Name {
		return out, fmt.Errorf("printer: print: for profile %q, the printer has %q: %w", job.Profile, d.p.Name, ErrProfile)
	}
	if err := d.fits(begin, job); err != nil {
		return out, err
	}
	if err := d.listenOff(); err != nil {
		return out, err
	}
	if job.Phase != nil {
		if err := job.Phase(Sending); err != nil {
			return out, fmt.Errorf("printer: print: write down that it begins: %w", err)
		}
	}
	if err := d.drain(); err != nil {
		return out, err
	}
	if job.MM <= 0 {
		job.MM = paper(d.p, job.Bytes)
	}
	out, err = d.carryOut(ctx, job)
	d.owed = max(0, d.owed-min(d.fences, d.want)) // those that have come
	if out.State != Printed && d.fences > 0 && d.fences >= d.want {
		d.owed++ // one of them may not have been an answer, and that one is to come
	}
	d.dirty = d.dirty || d.owed > 0
	d.used(job.MM*float64(out.SentBytes)/float64(len(job.Bytes)), out.State == Printed && !job.feed)
	return out, err
}

// carryOut sends a job to a printer that is ready for it.
func (d *Dev) carryOut(ctx context.Context, job Job) (Outcome, error) {
	out := Outcome{State: Failed}
	d.ids.take()
	s := d.stream(job.Bytes)
	d.fences, d.want = 0, s.fences
	out.FirstByte = time.Now()
	patience := d.patience(len(s.bytes), job.MM)
	end := out.FirstByte.Add(patience)
	d.limit = end
	n, err := d.send(s)
	d.limit = end.Add(d.afterwards())
	out.SentBytes = s.sent(n)
	if n == 0 {
		out.FirstByte = time.Time{}
		return out, err
	}
	out.State, d.dirty, d.torn = Unconfirmed, true, true
	d.handed()
	d.owed += d.want // taken back when the answers come
	if errors.Is(err, errStopped) {
		out.State, out.Cause = Interrupted, d.last
		return out, fmt.Errorf("printer: print: %w: %s", ErrNotReady, d.last)
	}
	if err != nil {
		return d.afterStuck(out, err)
	}
	if job.Phase != nil {
		_ = job.Phase(Fenced) // the outcome is told all the same
	}
	out, err = d.await(ctx, out, later(end, time.Now().Add(lateFence)))
	if d.o.Blind && !d.heard {
		d.torn = false // all of it was sent, and more will never be known
	}
	return out, err
}

// preflight returns a status that is ready, or an error and why. With Opts.Blind
// a printer that never said anything passes too, unless its port reports a fault.
func (d *Dev) preflight(ctx context.Context) (escpos.Status, error) {
	if !d.dirty && d.last.Ready() && !d.last.SlipNotTaken && d.unseen.IsZero() && time.Since(d.lastAt) <= fresh {
		return d.last, nil
	}
	st, err := d.look()
	if d.o.Blind && !d.heard && errors.Is(err, ErrSilent) {
		return st, d.flushBlind()
	}
	if err != nil && !(d.dirty && errors.Is(err, ErrSilent)) {
		return st, err
	}
	if d.dirty || st.Cutter {
		if st, err = d.recover(ctx, st); err != nil {
			return st, err
		}
	}
	if !st.Ready() {
		return st, fmt.Errorf("printer: %w: %s", ErrNotReady, st)
	}
	if st, err = d.settle(st); err != nil {
		return st, err
	}
	if d.dirty { // it did not answer in time: that answer must not pass for the job's
		if st, err = d.recover(ctx, st); err != nil {
			return st, err
		}
	}
	return d.clearMouth(ctx, st)
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

// answered reports whether every request of the job was answered, and its id said
// if the printer knows ids.
func (d *Dev) answered() bool {
	return d.fences >= d.want && (d.ids.state != idsWork || d.ids.seen)
}

// await waits for the answer behind the cut, and looks at the printer meanwhile.
func (d *Dev) await(ctx context.Context, out Outcome, end time.Time) (Outcome, error) {
	out.Cause = escpos.Status{}
	faults := 0
	for {
		_, err := d.reply("print", earlier(end, time.Now().Add(lookEvery)))
		if d.answered() {
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
		case d.answered():
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
			return out, fmt.Errorf("printer: print: no answer behind the cut after %v: %w",
				time.Since(out.FirstByte).Round(time.Millisecond), ErrSilent)
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
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
		if err := d.ask(q, &st); err != nil || d.want > 0 && d.answered() {
			return escpos.Status{}, err
		}
	}
	return st, nil
}

// askAgain puts one more request to a printer that has answered all of a job. A
// byte of noise that stood for an answer comes to light by it: there is one too
// many then. A printer without real-time status is asked so by its look.
func (d *Dev) askAgain() error {
	d.want++
	d.owed++
	if len(d.p.Status) == 0 {
		return nil
	}
	if _, err := d.write("print", []byte(escpos.Fence)); err != nil {
		return err
	}
	until := time.Now().Add(5*d.o.Answer + d.wireTime(16))
	for d.fences < d.want {
		_, err := d.reply("print", until)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("printer: print: fell silent at the end: %w", ErrSilent)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
	if err := d.askAgain(); err != nil {
		out.Cause = escpos.Status{}
		return out, err
	}
	d.held = time.Time{} // it is this slip that hangs there now
	st, err := d.look()
	if err != nil {
		out.Cause = escpos.Status{}
		return out, fmt.Errorf("printer: print: fell silent at the end: %w", err)
	}
	out.Cause = st
	if d.fences != d.want {
		// One byte that was no answer may have stood for one that did not come.
		return out, fmt.Errorf("printer: print: %d answers to %d requests: %w", d.fences, d.want, ErrGarbled)
	}
	out.State = Printed
	d.torn = false
	d.dirty = d.owed > d.want // PrintJob counts off what has come
	return out, nil
}
