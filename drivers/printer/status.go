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
// slip is printing it waits. A printer that is ready is also asked for its name,
// once on each wire, so that Profile is right afterwards, see Opts.Identify.
func (d *Dev) Status(ctx context.Context) (escpos.Status, error) {
	if err := d.lock(ctx); err != nil {
		return escpos.Status{}, err
	}
	defer d.unlock()
	if err := d.connect(true); err != nil {
		return escpos.Status{}, err
	}
	st, err := d.look()
	if err != nil || !st.Ready() || len(d.p.Status) == 0 {
		return st, err
	}
	changed, err := d.identify()
	if err != nil {
		return escpos.Status{}, err
	}
	if changed {
		return d.look()
	}
	return st, nil
}

// look asks everything the profile lists, and the port. It must be called between
// commands.
func (d *Dev) look() (escpos.Status, error) {
	st, err := d.lookOnce()
	if err == nil {
		st, err = d.cross(st)
	}
	if err == nil || errors.Is(err, ErrSilent) {
		st, err = d.port(st, err)
	}
	d.last, d.lastAt = escpos.Status{}, time.Time{}
	d.troubled(err)
	if err != nil {
		return d.last, err
	}
	d.holds(st)
	st = d.predict(st)
	d.last, d.lastAt = st, time.Now()
	return st, nil
}

// port adds what the port says without the printer. Only a fault counts: a cheap
// printer's port is well for ever, so a silent printer whose port is well stays
// unknown.
func (d *Dev) port(st escpos.Status, err error) (escpos.Status, error) {
	w, wireErr := d.wire()
	if wireErr != nil || w == nil {
		return st, err
	}
	p, ok := w.(interface {
		PortStatus() (paperOut, fault, known bool, err error)
	})
	if !ok {
		return st, err
	}
	paperOut, fault, known, portErr := p.PortStatus()
	if portErr != nil || !known {
		return st, err // if the plug was pulled the next write says so
	}
	if err != nil {
		st = escpos.Status{}
	}
	st.ApplyPort(paperOut, fault)
	if st.Unknown() {
		return st, err
	}
	return st, nil
}

func (d *Dev) lookOnce() (escpos.Status, error) {
	var st escpos.Status
	if err := d.drain(); err != nil {
		return st, err
	}
	if d.dirty {
		if _, err := d.write("ask status", make([]byte, headBytes)); err != nil {
			return st, err
		}
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
		d.heard = true
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
	d.heard = true
	return st.ApplyFence(d.fence)
}

// reply reads the next whole message. At the time limit it returns
// os.ErrDeadlineExceeded itself. What it does not return to is taken on the way:
// answers to GS r are counted, ids and automatic status kept.
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
	for late := false; ; {
		n, err := 0, os.ErrDeadlineExceeded
		// Noise without end must not keep us past the limit.
		if time.Now().Before(until) {
			n, err = w.Read(one[:])
		}
		if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			if !late && d.sort.Busy() {
				// The rest of a message that has begun would pass for others.
				late, until = true, time.Now().Add(tail+d.wireTime(8))
				if err = w.SetReadDeadline(until); err == nil {
					continue
				}
				return escpos.Reply{}, d.broken(doing, err)
			}
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
			d.took(r)
			return r, nil
		}
	}
}

// tail is how long the rest of a message may take that has begun to come: the
// latency of a USB adapter.
const tail = 20 * time.Millisecond

// took keeps what a reply says beside the question that is asked.
func (d *Dev) took(r escpos.Reply) {
	switch r.Kind {
	case escpos.ReplyFence:
		d.fences++
		d.fence = r.Bytes[0]
	case escpos.ReplyProcess:
		d.ids.saw(r.Bytes)
	case escpos.ReplyAuto:
		d.auto.told = true
		copy(d.auto.last[:], r.Bytes)
	}
}

// drain drops what has come unasked. Where automatic status may come it is read
// and not flushed: what a flush leaves of one would pass for an answer to GS r.
func (d *Dev) drain() error {
	w, err := d.wire()
	if err == nil && w == nil {
		err = fmt.Errorf("printer: drain: %w", ErrUnplugged)
	}
	if err != nil {
		return err
	}
	f, ok := w.(interface{ FlushInput() error })
	if !ok || d.p.Auto || d.auto.told || d.sort.Busy() {
		return d.quiet(time.Millisecond)
	}
	d.sort.Reset()
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
