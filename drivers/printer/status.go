package printer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"jobhome/drivers/escpos"
)

// Status asks the printer how it is, by the requests its profile lists. A
// printer that does not answer gives an error and an unknown status. While a
// slip is printing it waits.
func (d *Dev) Status(ctx context.Context) (escpos.Status, error) {
	if err := d.lock(ctx); err != nil {
		return escpos.Status{}, err
	}
	defer d.unlock()
	if err := d.connect(true); err != nil {
		return escpos.Status{}, err
	}
	return d.look()
}

// Run watches the printer until ctx ends, and calls emit with the first status
// and with every change; unknown means that it cannot be asked. It reopens an
// unplugged printer, and tries a stuck cutter again when the cover was closed, and
// every half minute. It returns the error of ctx, or ErrClosed.
func (d *Dev) Run(ctx context.Context, emit func(escpos.Status)) error {
	tick := time.NewTicker(d.o.Poll)
	defer tick.Stop()
	var told escpos.Status
	for first := true; ; first = false {
		st, err := d.glance(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrClosed):
			return err
		}
		if first || st != told {
			emit(st)
			told = st
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// glance is Status for the watch: it does not press an unplugged printer.
func (d *Dev) glance(ctx context.Context) (escpos.Status, error) {
	if err := d.lock(ctx); err != nil {
		return escpos.Status{}, err
	}
	defer d.unlock()
	if err := d.connect(false); err != nil {
		return escpos.Status{}, err
	}
	st, err := d.look()
	if st.CoverOpen {
		d.freeAt = time.Time{} // someone is at it: try when the cover closes
	}
	if err == nil && d.stuckCutter(st) && !time.Now().Before(d.freeAt) {
		d.freeAt = time.Now().Add(freeEvery)
		return d.freeCutter(ctx)
	}
	return st, err
}

// look asks everything the profile lists. It must be called between commands.
func (d *Dev) look() (escpos.Status, error) {
	st, err := d.lookOnce()
	d.last, d.lastAt = st, time.Now()
	if err != nil {
		d.last, d.lastAt = escpos.Status{}, time.Time{}
		return d.last, err
	}
	return st, nil
}

func (d *Dev) lookOnce() (escpos.Status, error) {
	var st escpos.Status
	if err := d.drain(); err != nil {
		return st, err
	}
	if len(d.p.Status) == 0 {
		return st, d.askFence(&st)
	}
	if d.lost {
		// The answers to earlier questions may all come now, in front of the
		// answer to this one.
		if err := d.ask(d.p.Status[0], new(escpos.Status)); err != nil {
			return st, err
		}
		if err := d.quiet(d.o.Answer / 4); err != nil {
			return st, err
		}
		d.lost = false
	}
	for i, q := range d.p.Status {
		if d.deaf[q] {
			continue
		}
		err := d.ask(q, &st)
		if errors.Is(err, ErrSilent) && i > 0 && q > escpos.QueryPaper {
			d.deaf[q] = true // an extra this printer does not have
			if err = d.drain(); err == nil {
				continue
			}
		}
		if err != nil {
			return escpos.Status{}, err
		}
	}
	return st, nil
}

// ask puts one real-time question and adds the answer to st.
func (d *Dev) ask(q escpos.Query, st *escpos.Status) error {
	doing := fmt.Sprintf("ask status %d", q)
	d.sort.Expect(q)
	if _, err := d.write(doing, q.Request()); err != nil {
		return err
	}
	until := time.Now().Add(d.o.Answer + d.wireTime(16))
	other := 0
	for {
		r, err := d.reply(doing, until)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			d.lost = true
			if other > 0 {
				return fmt.Errorf("printer: %s: %w", doing, ErrGarbled)
			}
			return fmt.Errorf("printer: %s: %w", doing, ErrSilent)
		}
		if err != nil {
			return err
		}
		if r.Kind != escpos.ReplyRealTime {
			if noise(r) {
				other++
			}
			continue
		}
		if err := st.Apply(q, r.Bytes); err != nil {
			d.lost = true
			return fmt.Errorf("printer: %s: %w: %w", doing, ErrGarbled, err)
		}
		return nil
	}
}

// noise reports whether r is nothing a printer sends: not flow control, and not
// an answer that was late.
func noise(r escpos.Reply) bool {
	const xon, xoff = 0x11, 0x13
	return r.Kind == escpos.ReplyOther && len(r.Bytes) == 1 && r.Bytes[0] != xon && r.Bytes[0] != xoff
}

// askFence asks with GS r 1, for printers without real-time status.
func (d *Dev) askFence(st *escpos.Status) error {
	before := d.fences
	if _, err := d.write("ask paper", []byte(escpos.Fence)); err != nil {
		return err
	}
	until := time.Now().Add(d.o.Answer + d.wireTime(16))
	for d.fences == before {
		if _, err := d.reply("ask paper", until); errors.Is(err, os.ErrDeadlineExceeded) {
			d.owed++
			d.dirty = true // its answer must not pass for that of a slip
			return fmt.Errorf("printer: ask paper: %w", ErrSilent)
		} else if err != nil {
			return err
		}
	}
	return st.ApplyFence(d.fence)
}

// reply reads the next whole message. At the time limit it returns
// os.ErrDeadlineExceeded itself. Answers to GS r are counted on the way.
func (d *Dev) reply(doing string, until time.Time) (escpos.Reply, error) {
	w, err := d.wire()
	if err == nil && w == nil {
		err = fmt.Errorf("printer: %s: %w", doing, ErrUnplugged)
	}
	if err != nil {
		return escpos.Reply{}, err
	}
	if err := w.SetReadDeadline(until); err != nil {
		return escpos.Reply{}, d.broken(doing, err)
	}
	var one [1]byte // answers are single bytes; what follows stays on the wire
	for {
		// Noise without end must not keep us past the limit.
		if !time.Now().Before(until) {
			d.sort.Reset()
			return escpos.Reply{}, os.ErrDeadlineExceeded
		}
		n, err := w.Read(one[:])
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			d.sort.Reset()
			return escpos.Reply{}, os.ErrDeadlineExceeded
		}
		if n == 0 && err != nil {
			return escpos.Reply{}, d.broken(doing, err)
		}
		if n == 0 {
			continue
		}
		if r, ok := d.sort.Feed(one[0]); ok {
			if r.Kind == escpos.ReplyFence {
				d.fences++
				d.fence = r.Bytes[0]
			}
			return r, nil
		}
	}
}

// drain drops what has come unasked.
func (d *Dev) drain() error {
	w, err := d.wire()
	if err == nil && w == nil {
		err = fmt.Errorf("printer: drain: %w", ErrUnplugged)
	}
	if err != nil {
		return err
	}
	d.sort.Reset()
	f, ok := w.(interface{ FlushInput() error })
	if !ok {
		return d.quiet(time.Millisecond)
	}
	if err := f.FlushInput(); err != nil {
		return d.broken("drain", err)
	}
	return nil
}

// quiet listens until nothing has come for a while, at most 10 times as long.
func (d *Dev) quiet(gap time.Duration) error {
	end := time.Now().Add(10 * gap)
	for time.Now().Before(end) {
		_, err := d.reply("listen", time.Now().Add(gap))
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}
