package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"jobhome/drivers/escpos"
)

// flushBytes ends any command that was received in part: a printer waiting for
// the rest of a picture takes the NULs for it, and ignores the others. On a fast
// wire pictures are not cut up, see Dev.flushes.
const flushBytes = 8192

// flushes is how many NULs end the largest picture that is sent to the printer.
func (d *Dev) flushes() int {
	if !d.o.Fast {
		return flushBytes
	}
	rows := d.p.Raster.Rows
	if rows < 1 || rows > 1023 {
		rows = 1023
	}
	return max(flushBytes, rows*((d.p.Dots+7)/8))
}

// headBytes ends the head of a command: a question that came first would be taken
// for the size of a picture, which might then be larger than flushBytes.
const headBytes = 16

// lineBytes is how much of a job the system may hold on its way to the printer:
// the transmit buffer of a Linux serial port.
const lineBytes = 4096

// Recover brings the printer back to a known state: it ends a command that was
// cut off, resets the printer, and cuts off what hangs in the paper way, so that
// it does not come out with the next person's slip. Print does it by itself
// after a job that did not end well; call it when the program was killed while
// a slip was printing. If it fails the next job tries again, before its first
// byte.
//
// A new Dev ends a cut-off command and resets the printer by itself, before its
// first job or in Run, but cuts nothing: only the caller's journal knows whether
// a slip was under way.
func (d *Dev) Recover(ctx context.Context) error {
	if err := d.lock(ctx); err != nil {
		return err
	}
	defer d.unlock()
	d.dirty, d.torn = true, true // also for the next job, if the port cannot be opened
	if err := d.connect(true); err != nil {
		return err
	}
	st, err := d.look()
	if err != nil && !errors.Is(err, ErrSilent) {
		return err
	}
	_, err = d.recover(ctx, st)
	return err
}

// recover works on a printer whose status was st just now, and returns its
// status afterwards.
func (d *Dev) recover(ctx context.Context, st escpos.Status) (escpos.Status, error) {
	if d.stuckCutter(st) {
		again, err := d.freeCutter(ctx)
		if err != nil {
			return again, err
		}
		st = again
	}
	if st.Unknown() {
		again, err := d.wakeUp(ctx)
		if err != nil {
			return again, err
		}
		st = again
	}
	if !st.Ready() {
		return st, fmt.Errorf("printer: %w: %s", ErrNotReady, st)
	}
	if err := d.flush(ctx); err != nil {
		return d.why(err), err
	}
	if len(d.p.Status) > 0 { // it has another cutter, maybe, than was thought
		if _, err := d.identify(); err != nil {
			return escpos.Status{}, err
		}
	}
	if d.torn {
		if err := d.cutOff(ctx); err != nil {
			return d.why(err), err
		}
	}
	st, err := d.look()
	if err != nil {
		return st, err
	}
	if !st.Ready() {
		return st, fmt.Errorf("printer: %w: %s", ErrNotReady, st)
	}
	d.dirty, d.torn, d.strange, d.owed = false, false, false, 0
	return st, nil
}

// why is the status that goes with an error.
func (d *Dev) why(err error) escpos.Status {
	if errors.Is(err, ErrNotReady) {
		return d.last
	}
	return escpos.Status{}
}

// wakeUp looks for a sign of life. Some printers do not even answer in the middle
// of a command: it ends that. And the question may have to wait behind a job
// that is still on the line.
func (d *Dev) wakeUp(ctx context.Context) (escpos.Status, error) {
	if err := d.sendNULs(d.flushes(), nil); err != nil {
		return escpos.Status{}, err
	}
	white := d.headTime(part{mm: 8 * float64(d.flushes()) / max(1, float64(d.p.Dots)*d.p.DotsPerMM)})
	for end := time.Now().Add(d.wireTime(d.flushes()+lineBytes) + white); ; {
		st, err := d.look()
		if !errors.Is(err, ErrSilent) || !time.Now().Before(end) || ctx.Err() != nil {
			return st, err
		}
	}
}

// stuckCutter reports whether DLE ENQ may help. Nothing is done while the cover
// is open: there may be a finger in it.
func (d *Dev) stuckCutter(st escpos.Status) bool {
	return st.Cutter && !st.Unrecoverable && !st.CoverOpen && slices.Contains(d.p.Status, escpos.QueryError)
}

// freeCutter sends DLE ENQ 2, which recovers from a cutter error and drops what
// is buffered; it is ignored in any other state (Epson ESC/POS Command
// Reference). It waits up to two seconds for the cutter to go home.
func (d *Dev) freeCutter(ctx context.Context) (escpos.Status, error) {
	d.dirty, d.torn = true, true
	if _, err := d.write("recover", []byte{0x10, 0x05, 0x02}); err != nil {
		return escpos.Status{}, err
	}
	for end := time.Now().Add(2 * time.Second); ; {
		st, err := d.look()
		if err != nil || !st.Cutter || !time.Now().Before(end) || ctx.Err() != nil {
			return st, err
		}
		if err := d.quiet(d.o.Answer / 2); err != nil {
			return st, err
		}
	}
}

// flush ends a half-received command and resets the printer. It then knows that
// no answer of an earlier job can come any more.
func (d *Dev) flush(ctx context.Context) error {
	reset := append(d.reset(), escpos.Fence...)
	size := d.flushes() + len(reset)
	if err := d.drain(); err != nil {
		return err
	}
	d.fences, d.want = 0, 0
	d.owed++
	if err := d.sendNULs(d.flushes(), reset); err != nil {
		return err
	}
	// Earlier jobs may still be printing, and answer first. Between the last of
	// those answers and ours there is nothing but NULs on the line.
	if err := d.answers(ctx, min(d.patience(size, 1000), Longest), 1); err != nil {
		return err
	}
	owed := d.owed
	if d.strange {
		owed = math.MaxInt // nobody knows how many: until none comes any more
	}
	gap := 5*d.o.Answer + d.wireTime(size)
	if err := d.answers(ctx, gap, owed); err != nil && !errors.Is(err, ErrSilent) {
		return err
	}
	d.fences, d.owed = 0, 0
	return nil
}

// flushBlind does what can be done for a printer that answers nothing.
func (d *Dev) flushBlind() error {
	if d.strange || d.torn {
		behind := d.reset()
		if d.torn {
			behind = append(behind, d.cutBytes()...)
		}
		if err := d.sendNULs(d.flushes(), behind); err != nil {
			return err
		}
	}
	d.dirty, d.torn, d.strange, d.owed = false, false, false, 0
	return nil
}

// cutOff cuts off what hangs in the paper way.
func (d *Dev) cutOff(ctx context.Context) error {
	// A slip that hangs in the presenter must not be pushed out by the cut, and
	// what is cut off belongs to nobody.
	if len(d.p.Presenter.Retract) > 0 {
		if st, err := d.look(); err != nil {
			return err
		} else if _, err := d.clearMouth(ctx, st); err != nil {
			return err
		}
	}
	d.fences, d.owed = 0, 1
	if _, err := d.write("recover", append(d.cutBytes(), escpos.Fence...)); err != nil {
		return err
	}
	if err := d.answers(ctx, d.o.Fence, 1); err != nil || len(d.p.Presenter.Retract) == 0 {
		return err
	}
	if !d.tells() {
		return d.takeUnseen()
	}
	if st, err := d.look(); err != nil || !st.SlipNotTaken {
		return err
	}
	_, err := d.takeBack(ctx)
	return err
}

// answers waits until GS r was answered n times, as long as each answer comes
// within gap of the one before. A printer that says meanwhile that it has stopped
// is not waited for.
func (d *Dev) answers(ctx context.Context, gap time.Duration, n int) error {
	end := time.Now().Add(gap)
	for d.fences < n {
		if ctx.Err() != nil {
			return fmt.Errorf("printer: recover: %w", context.Cause(ctx))
		}
		before := d.fences
		_, err := d.reply("recover", earlier(end, time.Now().Add(lookEvery)))
		switch {
		case d.fences > before:
			end = time.Now().Add(gap)
		case err != nil && !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		case !time.Now().Before(end):
			return fmt.Errorf("printer: recover: %w", ErrSilent)
		case err != nil && time.Now().After(d.flushed): // else the question has to queue
			if st, err := d.peek(); err == nil && stops(st) {
				d.last, d.lastAt = st, time.Now()
				return fmt.Errorf("printer: recover: %w: %s", ErrNotReady, st)
			}
		}
	}
	return nil
}

// cutBytes feeds to the cutter and cuts, as the profile says.
func (d *Dev) cutBytes() []byte {
	dots := int(d.p.Cutter.MM*d.p.DotsPerMM + 0.5)
	if d.p.Cutter.TakesFeed {
		return append(bytes.Clone(d.p.Cutter.Command), byte(min(dots, 255)))
	}
	return append(d.feedBytes(dots), d.p.Cutter.Command...)
}

// feedBytes moves the paper.
func (d *Dev) feedBytes(dots int) []byte {
	var b []byte
	if d.p.Quirks.NoDotFeed {
		const line = 24
		b = append(b, 0x1b, '3', line)
		b = append(b, bytes.Repeat([]byte{'\n'}, (dots+line-1)/line)...)
		return append(b, 0x1b, '2')
	}
	for ; dots > 0; dots -= 255 {
		b = append(b, 0x1b, 'J', byte(min(dots, 255)))
	}
	return b
}

// Feed moves so many millimetres of paper, for tests by hand.
func (d *Dev) Feed(ctx context.Context, mm float64) (Outcome, error) {
	dots := int(mm*d.p.DotsPerMM + 0.5)
	if dots <= 0 || mm > 1000 {
		return Outcome{State: Failed}, fmt.Errorf("printer: feed %.1f mm: want more than 0 and at most 1000", mm)
	}
	return d.PrintJob(ctx, Job{Bytes: d.feedBytes(dots), feed: true})
}

// Cut feeds to the cutter and cuts, for tests by hand.
func (d *Dev) Cut(ctx context.Context) (Outcome, error) {
	return d.PrintJob(ctx, Job{Bytes: d.cutBytes(), feed: true})
}
