package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"jobhome/kiosk"
)

// The kinds of outgoing records.
const (
	kindReferral = "referral" // a referral was issued
	kindState    = "state"    // an attempt to print it ended
	kindRating   = "rating"   // a resident touched a face
)

// outgoing is the payload of a record. It names nobody: no name, no number, no
// title, no employer; the hub knows the posting by its id.
type outgoing struct {
	V        int                 `json:"v"` // the payload's version, 1
	Code     kiosk.Code          `json:"code"`
	Posting  string              `json:"posting,omitempty"`
	Site     string              `json:"site,omitempty"`
	State    kiosk.ReferralState `json:"state,omitempty"`
	Attempts int                 `json:"attempts,omitempty"`
	Rating   kiosk.Rating        `json:"rating,omitempty"`
	At       time.Time           `json:"at"`
}

// Record is something that the hub must still hear of.
type Record struct {
	ID      int64  // grows, is never used twice, and so orders the records
	Kind    string // "referral", "state" or "rating"
	Payload []byte // JSON, see DESIGN.md
	Created time.Time
}

func send(ctx context.Context, tx *sql.Tx, kind string, o outgoing) error {
	o.V = 1
	o.At = o.At.UTC().Truncate(time.Millisecond)
	payload, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO outbox (kind, payload, created) VALUES (?,?,?)`,
		kind, string(payload), o.At.UnixMilli())
	return err
}

// Pending returns the oldest records that the hub has not confirmed, at most
// limit. Reading does not delete.
func (l *Ledger) Pending(ctx context.Context, limit int) ([]Record, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT id, kind, payload, created FROM outbox ORDER BY id LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: pending: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Record
	for rows.Next() {
		var r Record
		var created int64
		if err := rows.Scan(&r.ID, &r.Kind, &r.Payload, &created); err != nil {
			return nil, fmt.Errorf("ledger: pending: %w", err)
		}
		r.Created = time.UnixMilli(created)
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("ledger: pending: %w", err)
	}
	return list, nil
}

// Delivered deletes the records that the hub has confirmed, and no other. An
// id that is gone already is no error: a confirmation may come twice.
func (l *Ledger) Delivered(ctx context.Context, ids ...int64) error {
	err := l.tx(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE id = ?`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("ledger: delivered: %w", err)
	}
	return nil
}

// Rate notes a resident's rating of a referral and writes an outgoing record.
// The same rating twice, as from a double touch, writes one record; another
// rating replaces the first with a record of its own, and the last one counts.
func (l *Ledger) Rate(ctx context.Context, code kiosk.Code, rating kiosk.Rating, at time.Time) error {
	switch rating {
	case kiosk.Good, kiosk.Fair, kiosk.Poor:
	default:
		return fmt.Errorf("ledger: rate: %q is none of good, fair, poor", rating)
	}
	err := l.tx(ctx, func(tx *sql.Tx) error {
		r, _, err := get(ctx, tx, code)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE referral SET rating = ? WHERE code = ? AND rating <> ?`, rating, code, rating)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return send(ctx, tx, kindRating, outgoing{Code: code, Posting: r.Posting, Site: r.Site, Rating: rating, At: at})
	})
	if err != nil {
		return fmt.Errorf("ledger: rate: %w", err)
	}
	return nil
}
