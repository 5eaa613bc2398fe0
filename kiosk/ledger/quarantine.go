package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Aside is a record that the hub will never take, and why not.
type Aside struct {
	Record
	Why string
}

// void is what goes out in the place of a record that was put aside, so that the
// hub sees no gap, which would hold up all that come after it.
type void struct {
	V   int       `json:"v"`
	Why string    `json:"why"`
	At  time.Time `json:"at"` // of what was put aside
}

// Quarantine puts a record aside, with the code of the reason: it is kept, a
// person looks at it, and a record of the kind "void" takes its number. One that
// is gone, or is void itself, is left as it is: the hub may say it twice.
func (l *Ledger) Quarantine(ctx context.Context, seq uint64, why string) error {
	err := l.tx(ctx, func(tx *writing) error {
		var kind string
		var created int64
		err := tx.QueryRowContext(ctx, `SELECT kind, created FROM outbox WHERE seq = ?`, seq).Scan(&kind, &created)
		if errors.Is(err, sql.ErrNoRows) || kind == kindVoid {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO quarantine (seq, kind, key, payload, created, why)
			SELECT seq, kind, key, payload, created, ? FROM outbox WHERE seq = ?`, why, seq)
		if err != nil {
			return err
		}
		payload, err := json.Marshal(void{1, why, time.UnixMilli(created).UTC()})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE outbox SET kind = ?, key = '', payload = ? WHERE seq = ?`, kindVoid, payload, seq)
		return err
	})
	if err != nil {
		return fmt.Errorf("ledger: quarantine: %w", err)
	}
	return nil
}

// Quarantined returns the records that were put aside, the newest first, at most
// limit.
func (l *Ledger) Quarantined(ctx context.Context, limit int) ([]Aside, error) {
	var list []Aside
	err := l.each(ctx, func(rows *sql.Rows) error {
		var a Aside
		var created int64
		err := rows.Scan(&a.Seq, &a.Kind, &a.Key, &a.Payload, &created, &a.Why)
		a.Created = time.UnixMilli(created)
		list = append(list, a)
		return err
	}, selectRecord+`, why FROM quarantine ORDER BY seq DESC LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: quarantined: %w", err)
	}
	return list, nil
}
