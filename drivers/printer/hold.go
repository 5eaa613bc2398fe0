package printer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jobhome/drivers/escpos"
)

// Retract makes the presenter take back a slip that nobody took. Printers
// without one return errors.ErrUnsupported.
func (d *Dev) Retract(ctx context.Context) error {
	if err := d.lock(ctx); err != nil {
		return err
	}
	defer d.unlock()
	if len(d.p.Presenter.Retract) == 0 {
		return fmt.Errorf("printer: retract: profile %q has no presenter: %w", d.p.Name, errors.ErrUnsupported)
	}
	if err := d.connect(true); err != nil {
		return err
	}
	_, err := d.takeBack(ctx)
	return err
}

// takeBack takes the slip back, which must be gone within five seconds.
func (d *Dev) takeBack(ctx context.Context) (escpos.Status, error) {
	if err := d.drain(); err != nil {
		return escpos.Status{}, err
	}
	if _, err := d.write("retract", d.p.Presenter.Retract); err != nil {
		return escpos.Status{}, err
	}
	held := !d.held.IsZero()
	for end := time.Now().Add(5 * time.Second); ; {
		st, err := d.look()
		if err != nil {
			return st, err
		}
		if !st.SlipNotTaken {
			if held {
				d.mu.Lock()
				d.counters.Retracted++
				d.mu.Unlock()
			}
			return st, nil
		}
		if !time.Now().Before(end) || ctx.Err() != nil {
			return st, fmt.Errorf("printer: retract: %w: %s", ErrNotReady, st)
		}
		if err := d.quiet(d.o.Answer / 2); err != nil {
			return st, err
		}
	}
}

// holds notes since when a slip is held.
func (d *Dev) holds(st escpos.Status) {
	switch {
	case !st.SlipNotTaken:
		d.held = time.Time{}
	case d.held.IsZero():
		d.held = time.Now()
	}
}

// tells reports whether the printer can say that a slip is held.
func (d *Dev) tells() bool {
	return slices.Contains(d.p.Status, escpos.QueryExit) || slices.Contains(d.p.Status, escpos.QueryFull)
}

// takeUnseen sends the presenter's command to take a slip back where no sensor
// says whether there is one. It does nothing when there is none.
func (d *Dev) takeUnseen() error {
	d.unseen = time.Time{}
	if err := d.drain(); err != nil {
		return err
	}
	_, err := d.write("retract", d.p.Presenter.Retract)
	return err
}

// handed notes that a slip was handed out which no sensor sees.
func (d *Dev) handed() {
	if len(d.p.Presenter.Retract) > 0 && !d.tells() {
		d.unseen = time.Now()
	}
}

// left reports whether a held slip has hung there so long that nobody will take
// it any more.
func (d *Dev) left(st escpos.Status, within time.Duration) bool {
	return st.SlipNotTaken && len(d.p.Presenter.Retract) > 0 && time.Since(d.held) >= within
}

const (
	grace     = 10 * time.Second // for a slip in a new one's way where TakeWithin is 0
	graceMost = time.Minute
)

// yields is how long a slip may hang in the way of a new one.
func (d *Dev) yields() time.Duration {
	if d.o.TakeWithin <= 0 {
		return grace
	}
	return min(d.o.TakeWithin, graceMost)
}

// clearMouth makes room for a new slip, which would push a held one out to
// whoever stands there. A slip that may still be taken by its person is waited
// for; one that was left is taken back. If it cannot be, nothing is printed.
func (d *Dev) clearMouth(ctx context.Context, st escpos.Status) (escpos.Status, error) {
	if !d.unseen.IsZero() {
		return st, d.takeUnseen()
	}
	for st.SlipNotTaken && len(d.p.Presenter.Retract) > 0 {
		if d.left(st, d.yields()) {
			return d.takeBack(ctx)
		}
		wait := time.NewTimer(min(lookEvery, d.yields()-time.Since(d.held)))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return st, fmt.Errorf("printer: wait for a slip to be taken: %w", context.Cause(ctx))
		}
		again, err := d.look()
		if err != nil {
			return again, err
		}
		st = again
	}
	return st, nil
}
