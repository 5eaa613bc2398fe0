// Package ledger keeps the referrals of a terminal and the records that the hub
// must still hear of, so that neither a power cut nor a full disk loses one:
// one SQLite file, synchronous=FULL, described in DESIGN.md. Nothing in it
// names a resident: the one thing that could, a phone number to call back, is
// sealed to the hub's key before it is written.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/internal/sqlite"
)

// schema is described in DESIGN.md. Steps are only ever added at the end.
var schema = []string{`
CREATE TABLE referral (
	code     TEXT PRIMARY KEY,
	posting  TEXT NOT NULL,
	title    TEXT NOT NULL,
	employer TEXT NOT NULL,
	site     TEXT NOT NULL,
	issued   INTEGER NOT NULL, -- Unix milliseconds
	state    TEXT NOT NULL CHECK (state IN ('issued','printing','printed','unconfirmed','failed')),
	attempts INTEGER NOT NULL DEFAULT 0,
	inked    INTEGER NOT NULL DEFAULT 0, -- attempts that may have put ink on paper
	rating   TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX referral_issued ON referral (issued DESC, code);
CREATE INDEX referral_open ON referral (state) WHERE state IN ('issued','printing');
CREATE TABLE outbox (
	id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
	kind    TEXT NOT NULL,
	payload TEXT NOT NULL,
	created INTEGER NOT NULL -- Unix milliseconds
);
`, jobSchema, outboxSchema}

// The errors that a caller can act on.
var (
	// ErrUnknown tells that no referral has the code.
	ErrUnknown = kiosk.ErrNoReferral
	// ErrMove tells that a referral is in a state that does not allow the move.
	ErrMove = errors.New("the referral's state does not allow this")
	// ErrNoSealer tells that a phone number was not written down, because there is
	// no key of the hub to seal it to.
	ErrNoSealer = errors.New("there is no key to seal it to")
)

// Ledger is an open ledger. Its methods may be called from any goroutine; they
// take turns on one connection. When a method returns without error, what it
// wrote is on the disk.
type Ledger struct {
	db          *sql.DB
	incarnation string
	sealer      atomic.Pointer[Sealer] // nil: there is no key of the hub yet
}

// Open opens the ledger at path, or makes it. A ledger that is damaged or was
// written by a newer program is refused and left as it is: it must never be
// thrown away by a program.
func Open(path string) (*Ledger, error) {
	db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Full, Wipe: true})
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	if err := sqlite.Migrate(context.Background(), db, schema); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("ledger: %w", err)
	}
	l := &Ledger{db: db}
	if err := db.QueryRow(`SELECT incarnation FROM identity`).Scan(&l.incarnation); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("ledger: read its incarnation: %w", err)
	}
	return l, nil
}

// Incarnation names this ledger among all that the terminal ever had: 32 random
// hexadecimal digits, drawn when it was made.
func (l *Ledger) Incarnation() string { return l.incarnation }

// Close closes the file.
func (l *Ledger) Close() error { return l.db.Close() }

// Check reads the whole file and reports damage.
func (l *Ledger) Check(ctx context.Context) error {
	if err := sqlite.Check(ctx, l.db); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// Issue writes a referral down, with a new code, and its outgoing record in the
// same transaction. Of draft, Posting, Title, Employer, Site and Issued are
// used. Nothing may be printed before Issue has returned.
func (l *Ledger) Issue(ctx context.Context, draft kiosk.Referral, random io.Reader) (kiosk.Referral, error) {
	r := draft
	r.State, r.Attempts = kiosk.Issued, 0
	r.Issued = r.Issued.Truncate(time.Millisecond)
	if r.Posting == "" || r.Issued.IsZero() {
		return kiosk.Referral{}, errors.New("ledger: issue: the referral has no posting or no time")
	}
	// 23^9 codes: a second draw is as good as never needed, a tenth means
	// that the source of randomness is broken.
	for range 10 {
		code, err := kiosk.NewCode(random)
		if err != nil {
			return kiosk.Referral{}, fmt.Errorf("ledger: issue: %w", err)
		}
		r.Code = code
		err = l.tx(ctx, func(tx *writing) error { return insert(ctx, tx, r) })
		switch {
		case err == nil:
			return r, nil
		case !sqlite.Duplicate(err):
			return kiosk.Referral{}, fmt.Errorf("ledger: issue: %w", err)
		}
	}
	return kiosk.Referral{}, errors.New("ledger: issue: ten codes in a row were taken; the source of randomness is broken")
}

func insert(ctx context.Context, tx *writing, r kiosk.Referral) error {
	_, err := tx.ExecContext(ctx,
		`INSERT INTO referral (code, posting, title, employer, site, issued, state) VALUES (?,?,?,?,?,?,?)`,
		r.Code, r.Posting, r.Title, r.Employer, r.Site, r.Issued.UnixMilli(), r.State)
	if err != nil {
		return err
	}
	if err := queue(ctx, tx, r.Code, r.Issued); err != nil {
		return err
	}
	return tx.send(ctx, kindReferral, r.Issued, outgoing{
		Code: r.Code, Posting: r.Posting, Site: r.Site, State: r.State,
	})
}

// Get returns the referral with the code.
func (l *Ledger) Get(ctx context.Context, code kiosk.Code) (kiosk.Referral, error) {
	r, _, err := get(ctx, l.db, code)
	if err != nil {
		return kiosk.Referral{}, fmt.Errorf("ledger: get: %w", err)
	}
	return r, nil
}

// List returns the newest referrals first, at most limit.
func (l *Ledger) List(ctx context.Context, limit int) ([]kiosk.Referral, error) {
	rows, err := l.db.QueryContext(ctx, selectReferral+` ORDER BY issued DESC, code LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("ledger: list: %w", err)
	}
	list, err := collect(rows)
	if err != nil {
		return nil, fmt.Errorf("ledger: list: %w", err)
	}
	return list, nil
}

const selectReferral = `SELECT code, posting, title, employer, site, issued, state, attempts, inked FROM referral`

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// get returns the referral and how many attempts may have put ink on paper.
func get(ctx context.Context, q querier, code kiosk.Code) (kiosk.Referral, int, error) {
	r, inked, err := scan(q.QueryRowContext(ctx, selectReferral+` WHERE code = ?`, code))
	if errors.Is(err, sql.ErrNoRows) {
		return r, 0, ErrUnknown
	}
	return r, inked, err
}

func scan(row interface{ Scan(dest ...any) error }) (kiosk.Referral, int, error) {
	var r kiosk.Referral
	var issued int64
	var inked int
	err := row.Scan(&r.Code, &r.Posting, &r.Title, &r.Employer, &r.Site, &issued, &r.State, &r.Attempts, &inked)
	r.Issued = time.UnixMilli(issued)
	return r, inked, err
}

func collect(rows *sql.Rows) ([]kiosk.Referral, error) {
	defer func() { _ = rows.Close() }()
	var list []kiosk.Referral
	for rows.Next() {
		r, _, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// writing is a transaction that may write outgoing records.
type writing struct {
	*sql.Tx
	l *Ledger
}

// tx runs f in one transaction, which is undone when f or the commit fails.
func (l *Ledger) tx(ctx context.Context, f func(*writing) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := f(&writing{tx, l}); err != nil {
		return err
	}
	return tx.Commit()
}
