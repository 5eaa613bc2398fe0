package ledger

import (
	"context"
	"fmt"
	"time"

	"jobhome/kiosk"
)

// JobState is how far one attempt to print a slip has come.
type JobState string

// The states: queued → sending → fenced → printed, interrupted or unknown.
// Failed ends an attempt of which nothing was sent.
const (
	Queued      JobState = "queued"  // written down with its referral
	Sending     JobState = "sending" // bytes may be on their way
	Fenced      JobState = "fenced"  // all bytes are out, and the printer owes its answer
	Done        JobState = "printed"
	Interrupted JobState = "interrupted" // the printer said why it stopped
	Unknown     JobState = "unknown"     // it fell silent, or the terminal lost its power
	Unsent      JobState = "failed"
)

// Job is one attempt to print one referral's slip.
type Job struct {
	ID     int64 // grows
	Code   kiosk.Code
	State  JobState
	Marked bool // the slip carried 补打
	Begun  time.Time
	Ended  time.Time // zero while it is open
}

// jobSchema keeps the attempts of a referral, so that after a power cut it is
// known how far the last one had come.
const jobSchema = `
CREATE TABLE job (
	id     INTEGER PRIMARY KEY AUTOINCREMENT,
	code   TEXT NOT NULL REFERENCES referral (code),
	state  TEXT NOT NULL CHECK (state IN ('queued','sending','fenced','printed','interrupted','unknown','failed')),
	marked INTEGER NOT NULL DEFAULT 0,
	begun  INTEGER NOT NULL, -- Unix milliseconds
	ended  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX job_open ON job (code) WHERE ended = 0;
`

// queue writes a new attempt down.
func queue(ctx context.Context, tx *writing, code kiosk.Code, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO job (code, state, begun) VALUES (?,?,?)`, code, Queued, at.UnixMilli())
	return err
}

// step moves the open attempt of a referral on. Beginning one that is not
// queued, as for a reprint, writes it down first.
func (m move) step(ctx context.Context, tx *writing, j Job) error {
	if m.job == Sending {
		const open = `SELECT count(*) FROM job WHERE code = ? AND ended = 0`
		var n int
		if err := tx.QueryRowContext(ctx, open, j.Code).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			if err := queue(ctx, tx, j.Code, j.Begun); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE job SET state = ?, marked = ?, begun = ? WHERE code = ? AND ended = 0`,
			m.job, j.Marked, j.Begun.UnixMilli(), j.Code)
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE job SET state = ?, ended = ? WHERE code = ? AND ended = 0`,
		m.job, j.Ended.UnixMilli(), j.Code)
	return err
}

// MarkFenced notes that the whole slip is on its way, and that the printer owes
// only its answer. It changes nothing about the referral.
func (l *Ledger) MarkFenced(ctx context.Context, code kiosk.Code) error {
	err := l.tx(ctx, func(tx *writing) error {
		res, err := tx.ExecContext(ctx, `UPDATE job SET state = ? WHERE code = ? AND state = ?`, Fenced, code, Sending)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("no slip is being sent: %w", ErrMove)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: mark fenced: %w", err)
	}
	return nil
}

// Jobs returns the newest attempts first, at most limit.
func (l *Ledger) Jobs(ctx context.Context, limit int) ([]Job, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT id, code, state, marked, begun, ended FROM job ORDER BY id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: jobs: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Job
	for rows.Next() {
		var j Job
		var begun, ended int64
		if err := rows.Scan(&j.ID, &j.Code, &j.State, &j.Marked, &begun, &ended); err != nil {
			return nil, fmt.Errorf("ledger: jobs: %w", err)
		}
		j.Begun = time.UnixMilli(begun)
		if ended != 0 {
			j.Ended = time.UnixMilli(ended)
		}
		list = append(list, j)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ledger: jobs: %w", err)
	}
	return list, nil
}
