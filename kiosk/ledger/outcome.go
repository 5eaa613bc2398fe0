package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
)

// Note is the office's word about what has become of a referral.
type Note struct {
	Code    kiosk.Code
	Outcome kiosk.Outcome
	At      time.Time
}

// Outcome returns what the office last said has become of a referral, and when.
// NoOutcome and the zero time: it has said nothing yet. The error wraps
// ErrUnknown when the referral is not of this terminal.
func (l *Ledger) Outcome(ctx context.Context, code kiosk.Code) (kiosk.Outcome, time.Time, error) {
	var o kiosk.Outcome
	var at int64
	err := l.db.QueryRowContext(ctx, `SELECT outcome, at FROM outcome WHERE code = ?`, code).Scan(&o, &at)
	switch {
	case err == nil:
		return o, time.UnixMilli(at), nil
	case !errors.Is(err, sql.ErrNoRows):
		return "", time.Time{}, fmt.Errorf("ledger: outcome: %w", err)
	}
	if _, _, err := get(ctx, l.db, code); err != nil {
		return "", time.Time{}, fmt.Errorf("ledger: outcome: %w", err)
	}
	return kiosk.NoOutcome, time.Time{}, nil
}

// SetOutcomes keeps what the office says. Of two words about one referral the
// later one counts, in whatever order they come. What is said about a referral
// that is not of this terminal is not kept.
func (l *Ledger) SetOutcomes(ctx context.Context, notes ...Note) error {
	for _, n := range notes {
		if !n.Outcome.Valid() || n.Outcome == kiosk.NoOutcome || n.At.IsZero() {
			return fmt.Errorf("ledger: outcomes: %q of %s at %v is none", n.Outcome, n.Code, n.At)
		}
	}
	err := l.tx(ctx, func(tx *writing) error {
		for _, n := range notes {
			_, err := tx.ExecContext(ctx, `INSERT INTO outcome (code, outcome, at)
				SELECT code, ?, ? FROM referral WHERE code = ?
				ON CONFLICT (code) DO UPDATE SET outcome = excluded.outcome, at = excluded.at WHERE excluded.at >= outcome.at`,
				n.Outcome, n.At.UnixMilli(), n.Code)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: outcomes: %w", err)
	}
	return nil
}

// Awaited returns referrals whose last word from the office is still to come:
// those issued since then of which it has not said hired, filled or declined.
// They come in the order of their codes, behind after, at most limit, so that
// whoever asks about some of them at a time asks about all in turn.
func (l *Ledger) Awaited(ctx context.Context, since time.Time, after kiosk.Code, limit int) ([]kiosk.Code, error) {
	var list []kiosk.Code
	err := l.each(ctx, func(rows *sql.Rows) error {
		var c kiosk.Code
		err := rows.Scan(&c)
		list = append(list, c)
		return err
	}, `SELECT code FROM referral WHERE issued >= ? AND code > ? AND NOT EXISTS (SELECT 1 FROM outcome
		WHERE outcome.code = referral.code AND outcome IN ('hired','filled','declined')) ORDER BY code LIMIT ?`,
		since.UnixMilli(), after, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: awaited: %w", err)
	}
	return list, nil
}
