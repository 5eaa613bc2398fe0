package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
)

// The kinds of outgoing records.
const (
	kindReferral = "referral" // a referral was issued
	kindState    = "state"    // an attempt to print it ended
	kindRating   = "rating"   // a resident touched a face
	kindCallBack = "callback" // a resident wants to be called: only ever sealed
	kindBad      = "bad"      // a resident says that a posting is bad
	kindSurvey   = "survey"   // the answers of one survey
	kindVoid     = "void"     // what had this number was put aside, see Quarantine
)

// outboxSchema gives the ledger a name of its own, numbers the outbox anew
// from 1 under that name, and lets it hold what is sealed. That a phone number
// is never written in clear is a constraint of the table too.
const outboxSchema = `
CREATE TABLE identity (
	one         INTEGER PRIMARY KEY CHECK (one = 1),
	incarnation TEXT NOT NULL CHECK (length(incarnation) = 32)
);
INSERT INTO identity VALUES (1, lower(hex(randomblob(16))));
CREATE TABLE outgoing (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT, -- from 1, without a gap, never used twice
	kind    TEXT NOT NULL,
	key     TEXT NOT NULL, -- of the hub, that payload is sealed to; empty: payload is plain
	payload BLOB NOT NULL,
	created INTEGER NOT NULL, -- Unix milliseconds
	CHECK (key <> '' OR kind <> 'callback')
);
INSERT INTO outgoing (kind, key, payload, created) SELECT kind, '', CAST(payload AS BLOB), created FROM outbox ORDER BY id;
DROP TABLE outbox;
ALTER TABLE outgoing RENAME TO outbox;
CREATE TABLE quarantine (
	seq     INTEGER PRIMARY KEY,
	kind    TEXT NOT NULL,
	key     TEXT NOT NULL,
	payload BLOB NOT NULL,
	created INTEGER NOT NULL, -- Unix milliseconds
	why     TEXT NOT NULL,
	CHECK (key <> '' OR kind <> 'callback')
);
CREATE TABLE outcome (
	code    TEXT PRIMARY KEY,
	outcome TEXT NOT NULL CHECK (outcome IN ('contacted','interview','hired','filled','declined')),
	at      INTEGER NOT NULL -- Unix milliseconds
) WITHOUT ROWID;
`

// outgoing is the payload of a record about a referral. It names nobody: no
// name, no number, no title, no employer; the hub knows the posting by its id.
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

func (o outgoing) dated(at time.Time) any { o.V, o.At = 1, at; return o }

// Record is something that the hub must still hear of.
type Record struct {
	Seq     uint64 // from 1, without a gap within an incarnation, never used twice
	Kind    string // see DESIGN.md
	Key     string // the id of the hub's key that Payload is sealed to; empty: it is plain
	Payload []byte // sealed, or JSON, see DESIGN.md
	Created time.Time
}

// send writes an outgoing record, sealed where there is a Sealer. Its number is
// the one behind the last that was committed, because the transactions take
// turns and one that is undone takes its number back.
func (tx *writing) send(ctx context.Context, kind string, at time.Time, p interface{ dated(time.Time) any }) error {
	at = at.UTC().Truncate(time.Millisecond)
	payload, err := json.Marshal(p.dated(at))
	if err != nil {
		return err
	}
	var last uint64
	err = tx.QueryRowContext(ctx, `SELECT seq FROM sqlite_sequence WHERE name = 'outbox'`).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	r := Record{Seq: last + 1, Kind: kind, Payload: payload}
	if err := tx.seal(&r); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO outbox (seq, kind, key, payload, created) VALUES (?,?,?,?,?)`,
		r.Seq, r.Kind, r.Key, r.Payload, at.UnixMilli())
	return err
}

const selectRecord = `SELECT seq, kind, key, payload, created`

// Pending returns the oldest records that the hub has not confirmed, at most
// limit. Reading does not delete.
func (l *Ledger) Pending(ctx context.Context, limit int) ([]Record, error) {
	var list []Record
	err := l.each(ctx, func(rows *sql.Rows) error {
		var r Record
		var created int64
		err := rows.Scan(&r.Seq, &r.Kind, &r.Key, &r.Payload, &created)
		r.Created = time.UnixMilli(created)
		list = append(list, r)
		return err
	}, selectRecord+` FROM outbox ORDER BY seq LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: pending: %w", err)
	}
	return list, nil
}

// Delivered deletes the records up to the one with the number upTo: the hub has
// confirmed them. Those that are gone already are no error, for a confirmation
// may come twice.
func (l *Ledger) Delivered(ctx context.Context, upTo uint64) error {
	err := l.tx(ctx, func(tx *writing) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE seq <= ?`, int64(min(upTo, 1<<63-1)))
		return err
	})
	if err != nil {
		return fmt.Errorf("ledger: delivered: %w", err)
	}
	return nil
}

// Backlog counts the records that the hub has not confirmed, and those that were
// put aside.
func (l *Ledger) Backlog(ctx context.Context) (pending, aside int, err error) {
	err = l.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM quarantine)`).Scan(&pending, &aside)
	if err != nil {
		return 0, 0, fmt.Errorf("ledger: backlog: %w", err)
	}
	return pending, aside, nil
}

// each calls row for every row of a query.
func (l *Ledger) each(ctx context.Context, row func(*sql.Rows) error, query string, args ...any) error {
	rows, err := l.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
