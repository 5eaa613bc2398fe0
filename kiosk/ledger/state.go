package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobhome/kiosk"
)

// move is one legal change of a referral's state.
type move struct {
	name  string
	from  []kiosk.ReferralState
	to    kiosk.ReferralState
	begin bool // counts an attempt
	inked bool // ends an attempt that may have put ink on paper
	job   JobState
}

var (
	begin = move{
		name: "begin printing", from: []kiosk.ReferralState{kiosk.Issued, kiosk.Unconfirmed, kiosk.Failed},
		to: kiosk.Printing, begin: true, job: Sending,
	}
	again = move{
		name: "begin a reprint", from: []kiosk.ReferralState{kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed},
		to: kiosk.Printing, begin: true, job: Sending,
	}
	printing = []kiosk.ReferralState{kiosk.Printing}
	done     = move{name: "mark printed", from: printing, to: kiosk.Printed, inked: true, job: Done}
	stopped  = move{name: "mark interrupted", from: printing, to: kiosk.Unconfirmed, inked: true, job: Interrupted}
	doubt    = move{name: "mark unconfirmed", from: printing, to: kiosk.Unconfirmed, inked: true, job: Unknown}
	fail     = move{name: "mark failed", from: printing, to: kiosk.Failed, job: Unsent}
	never    = move{name: "mark never printed", from: []kiosk.ReferralState{kiosk.Issued}, to: kiosk.Failed, job: Unsent}
)

// MarkPrinting is called before the first byte of a slip goes to the printer.
// marked tells that the slip must carry 补打: an earlier attempt may have put
// ink on paper. Attempts that failed before anything was sent do not count.
// A referral that was printed is refused here; see Reprint.
func (l *Ledger) MarkPrinting(ctx context.Context, code kiosk.Code, at time.Time) (marked bool, err error) {
	inked, err := l.apply(ctx, begin, code, at)
	return inked > 0, err
}

// Reprint is MarkPrinting for somebody who asks for a second copy on purpose:
// it also takes a referral that was printed.
func (l *Ledger) Reprint(ctx context.Context, code kiosk.Code, at time.Time) (marked bool, err error) {
	inked, err := l.apply(ctx, again, code, at)
	return inked > 0, err
}

// MarkPrinted notes that the printer said it finished the slip.
func (l *Ledger) MarkPrinted(ctx context.Context, code kiosk.Code, at time.Time) error {
	_, err := l.apply(ctx, done, code, at)
	return err
}

// MarkInterrupted notes that the printer stopped in the middle of the slip and
// said why. The slip may still come out, when paper is loaded.
func (l *Ledger) MarkInterrupted(ctx context.Context, code kiosk.Code, at time.Time) error {
	_, err := l.apply(ctx, stopped, code, at)
	return err
}

// MarkUnconfirmed notes that the slip may or may not be out.
func (l *Ledger) MarkUnconfirmed(ctx context.Context, code kiosk.Code, at time.Time) error {
	_, err := l.apply(ctx, doubt, code, at)
	return err
}

// MarkFailed notes that nothing reached the paper.
func (l *Ledger) MarkFailed(ctx context.Context, code kiosk.Code, at time.Time) error {
	_, err := l.apply(ctx, fail, code, at)
	return err
}

// Recover is called once at start, before anything prints. A slip that was
// printing when the power went may be out: it becomes unconfirmed. One that was
// issued and never sent becomes failed. So no slip comes out by itself for
// whoever stands there now. The referrals that were changed are returned.
func (l *Ledger) Recover(ctx context.Context, at time.Time) ([]kiosk.Referral, error) {
	var changed []kiosk.Referral
	err := l.tx(ctx, func(tx *writing) error {
		rows, err := tx.QueryContext(ctx, selectReferral+` WHERE state IN ('issued','printing') ORDER BY issued, code`)
		if err != nil {
			return err
		}
		open, err := collect(rows)
		if err != nil {
			return err
		}
		changed = changed[:0]
		for _, r := range open {
			m := never
			if r.State == kiosk.Printing {
				m = doubt
			}
			if _, err := m.make(ctx, tx, r.Code, at); err != nil {
				return err
			}
			r.State = m.to
			changed = append(changed, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ledger: recover: %w", err)
	}
	return changed, nil
}

func (l *Ledger) apply(ctx context.Context, m move, code kiosk.Code, at time.Time) (inked int, err error) {
	err = l.tx(ctx, func(tx *writing) (err error) {
		inked, err = m.make(ctx, tx, code, at)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("ledger: %s: %w", m.name, err)
	}
	return inked, nil
}

// make makes the move and writes its outgoing record. It returns how many
// earlier attempts may have put ink on paper.
func (m move) make(ctx context.Context, tx *writing, code kiosk.Code, at time.Time) (int, error) {
	r, inked, err := get(ctx, tx, code)
	if err != nil {
		return 0, err
	}
	if !slices.Contains(m.from, r.State) {
		return 0, fmt.Errorf("it is %s: %w", r.State, ErrMove)
	}
	r.State = m.to
	now := inked
	if m.begin {
		r.Attempts++
	}
	if m.inked {
		now++
	}
	_, err = tx.ExecContext(ctx, `UPDATE referral SET state = ?, attempts = ?, inked = ? WHERE code = ?`,
		r.State, r.Attempts, now, code)
	if err != nil {
		return 0, err
	}
	if err := m.step(ctx, tx, Job{Code: code, Marked: inked > 0, Begun: at, Ended: at}); err != nil {
		return 0, err
	}
	if m.begin {
		return inked, nil // the hub is told how an attempt ended, not that it began
	}
	return inked, tx.send(ctx, kindState, at, outgoing{
		Code: r.Code, Posting: r.Posting, Site: r.Site, State: r.State, Attempts: r.Attempts,
	})
}
