package printer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"jobhome/drivers/escpos"
)

// Run watches the printer until ctx ends, and calls emit with the first status
// and with every change; unknown means that it cannot be asked. It calls emit too
// when only the kind of Trouble has changed. After the first look it ends what the
// program before may have left in the printer, see Recover. Printers that
// tell changes by themselves (GS a) are listened to between two looks. Run
// reopens an unplugged printer, tries a stuck cutter again when the cover was
// closed and every half minute, and takes back a slip that nobody took within
// Opts.TakeWithin. It returns the error of ctx, or ErrClosed.
func (d *Dev) Run(ctx context.Context, emit func(escpos.Status)) error {
	defer context.AfterFunc(ctx, d.poke)()
	var told escpos.Status
	var why troubleKind
	for first := true; ; first = false {
		next := time.Now().Add(d.o.Poll)
		st, err := d.glance(ctx, first)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrClosed):
			return err
		}
		if kind := kindOf(d.Trouble()); first || st != told || kind != why {
			emit(st)
			told, why = st, kind
		}
		if first { // it may have only looked
			continue
		}
		if err := d.rest(ctx, next); err != nil {
			return err
		}
	}
}

// glance is Status for the watch: it does not press an unplugged printer. The first
// one only looks, so that a status is told at once.
func (d *Dev) glance(ctx context.Context, first bool) (escpos.Status, error) {
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
	if !first && d.strange && (st.Ready() || errors.Is(err, ErrSilent)) && !time.Now().Before(d.wakeAt) {
		d.wakeAt = time.Now().Add(wakeEvery)
		st, err = d.meet(ctx, st)
	}
	switch {
	case err != nil || first && d.strange:
		return st, err
	case d.stuckCutter(st) && !time.Now().Before(d.freeAt):
		d.freeAt = time.Now().Add(freeEvery)
		return d.freeCutter(ctx)
	case !st.Ready() || d.dirty:
		return st, nil
	}
	if d.o.TakeWithin > 0 && d.left(st, d.o.TakeWithin) {
		if st, err = d.takeBack(ctx); err != nil {
			d.held = time.Now() // try again after as long
			return st, err
		}
	}
	if d.o.TakeWithin > 0 && !d.unseen.IsZero() && time.Since(d.unseen) >= d.o.TakeWithin {
		if err := d.takeUnseen(); err != nil {
			return escpos.Status{}, err
		}
	}
	if st, err = d.settle(st); err != nil {
		return st, err
	}
	return st, d.listenOn()
}

// wakeEvery is between two tries of Run to recover a printer after its start.
const wakeEvery = time.Minute

// meet recovers a printer that was never recovered, while nobody waits for it. If
// that fails the next job tries again.
func (d *Dev) meet(ctx context.Context, st escpos.Status) (escpos.Status, error) {
	if d.torn && st.SlipNotTaken {
		return st, nil // the cut would push it out
	}
	st, err := d.recover(ctx, st)
	if err == nil || ctx.Err() != nil || errors.Is(err, ErrUnplugged) || errors.Is(err, ErrClosed) {
		return st, err
	}
	return d.look()
}

// settle does what is done once for each wire, when the printer is well: it asks
// for its name and whether it knows GS ( H.
func (d *Dev) settle(st escpos.Status) (escpos.Status, error) {
	if len(d.p.Status) == 0 {
		return st, nil // it cannot be asked anything in real time: leave it alone
	}
	changed, err := d.identify()
	if err == nil {
		err = d.tryIDs()
	}
	if err == nil && changed {
		return d.look()
	}
	return st, err
}

// rest waits until the next look, or until the printer tells a change.
func (d *Dev) rest(ctx context.Context, until time.Time) error {
	for ctx.Err() == nil && time.Now().Before(until) {
		switch d.listen(ctx, until) {
		case heardNews:
			return ctx.Err()
		case heardNothing:
			continue // someone wanted the wire
		}
		t := time.NewTimer(time.Until(until))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
		}
	}
	return ctx.Err()
}

// automatic is automatic status back (GS a): the printer sends four bytes at
// every change. It is on only while no job is printing: a job begins with ESC @,
// which ends it, and the tail of a torn status would read as the answer to the
// job's GS r. The answers to DLE EOT stay the measure.
type automatic struct {
	on   bool
	at   time.Time // when it was asked for
	told bool      // last is one
	last [4]byte
}

const (
	autoMask  = 0x0e             // GS a: on line, errors, paper; not the drawer
	autoAgain = 30 * time.Second // a printer that was off and on has forgotten it
)

// listenOn asks for automatic status, and asks again from time to time.
func (d *Dev) listenOn() error {
	if !d.p.Auto || d.auto.on && time.Since(d.auto.at) < autoAgain {
		return nil
	}
	if _, err := d.write("ask for automatic status", []byte{0x1d, 'a', autoMask}); err != nil {
		return err
	}
	d.auto.on, d.auto.at = true, time.Now()
	return nil
}

// listenOff ends automatic status before a job.
func (d *Dev) listenOff() error {
	if !d.auto.on {
		return nil
	}
	d.auto = automatic{}
	_, err := d.write("end automatic status", []byte{0x1d, 'a', 0})
	return err
}

// hearing is what listen has heard.
type hearing int

const (
	deafNow      hearing = iota // there is nothing to listen to
	heardNothing                // until the time, or until someone wanted the wire
	heardNews
)

// listen waits for an automatic status. It gives the wire away at once when
// someone else wants it.
func (d *Dev) listen(ctx context.Context, until time.Time) hearing {
	if err := d.lock(ctx); err != nil {
		return heardNothing
	}
	defer d.unlock()
	w, err := d.wire()
	if err != nil || w == nil || !d.auto.on {
		return deafNow
	}
	var one [1]byte
	for time.Now().Before(until) && ctx.Err() == nil {
		d.mu.Lock()
		if d.waiting > 0 || d.closed {
			d.mu.Unlock()
			return heardNothing
		}
		err := w.SetReadDeadline(until)
		d.hearing = true
		d.mu.Unlock()
		n := 0
		if err == nil {
			n, err = w.Read(one[:])
		}
		d.mu.Lock()
		d.hearing = false
		d.mu.Unlock()
		switch {
		case n == 0 && errors.Is(err, os.ErrDeadlineExceeded):
			continue
		case n == 0 && err != nil:
			_ = d.broken("listen", err) // the next look opens it again
			return heardNews
		case n == 0:
			continue
		}
		was := d.auto
		if r, ok := d.sort.Feed(one[0]); ok {
			d.took(r)
		}
		if d.auto.told && (!was.told || was.last != d.auto.last) {
			return heardNews
		}
	}
	return heardNothing
}

// poke ends a listen.
func (d *Dev) poke() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pokeLocked()
}

func (d *Dev) pokeLocked() {
	if d.hearing && d.w != nil {
		_ = d.w.SetReadDeadline(time.Now()) // an error there ends the listen too
	}
}

// cross holds a status against the last automatic one, which may only worsen it.
// Where they differ the printer is asked for a new one, since a change may have
// been lost on the wire.
func (d *Dev) cross(st escpos.Status) (escpos.Status, error) {
	worse := st
	if !d.auto.told || st.Fault() || worse.ApplyAuto(d.auto.last[:]) != nil || worse == st {
		return st, nil
	}
	d.auto.told = false
	if _, err := d.write("ask for automatic status", []byte{0x1d, 'a', autoMask}); err != nil {
		return escpos.Status{}, err
	}
	d.auto.at = time.Now()
	until := time.Now().Add(d.o.Answer + d.wireTime(16))
	for !d.auto.told {
		_, err := d.reply("ask for automatic status", until)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return st, nil
		}
		if err != nil {
			return escpos.Status{}, fmt.Errorf("printer: automatic status: %w", err)
		}
	}
	_ = st.ApplyAuto(d.auto.last[:]) // the Sorter has looked at its bits
	return st, nil
}
