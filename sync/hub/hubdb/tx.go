package hubdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Tx is one transaction. It is used by one goroutine, and not after the function
// that it was handed to has returned. After a call has failed nothing of the
// transaction can be kept, on SQLite as on PostgreSQL: a function that expects a
// duplicate says ON CONFLICT, or returns and is told by Update.
type Tx struct {
	tx      *sql.Tx
	dialect *dialect
	failed  error // the first call that failed
}

// mostTries is how often a transaction is tried before its error is reported.
const mostTries = 12

// Update runs f in one transaction that reads and writes as if it were alone
// (serializable), and commits it unless f returns an error. Where the database
// says that others were in the way, everything is undone and f is called again,
// so f must have no effects but those on tx, and those that can be repeated. A
// function that is run by Update must not call Update: it would wait for itself.
func (db *DB) Update(ctx context.Context, f func(tx *Tx) error) error {
	return db.update(ctx, sql.LevelSerializable, f)
}

// UpdateGuarded is Update for a function that first takes one row with
// {{for_update}} and then reads and writes only what nobody changes without that
// row, but for rows that both sides change. Where somebody else changed the row, or
// one that f changes, since f began, f is called again. PostgreSQL then need not
// watch what is read (repeatable read), for which it takes whole pages and tables:
// writers who have nothing to do with each other would be sent back.
func (db *DB) UpdateGuarded(ctx context.Context, f func(tx *Tx) error) error {
	return db.update(ctx, sql.LevelRepeatableRead, f)
}

// update is Update at a level of isolation. SQLite has no other than the highest,
// and its driver wants none to be named.
func (db *DB) update(ctx context.Context, level sql.IsolationLevel, f func(tx *Tx) error) error {
	if !db.dialect.numbered {
		level = sql.LevelDefault
	}
	pause := 4 * time.Millisecond
	for try := 1; ; try++ {
		err := db.run(ctx, db.write, &sql.TxOptions{Isolation: level}, f)
		if err == nil || !db.dialect.again(err) || try == mostTries {
			return db.explain(err)
		}
		// Those who met must not meet again.
		wait := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-ctx.Done():
			wait.Stop()
			return errors.Join(ctx.Err(), err)
		case <-wait.C:
		}
		pause = min(2*pause, 500*time.Millisecond)
	}
}

// View runs f in one transaction that sees one state of the database and cannot
// change it.
func (db *DB) View(ctx context.Context, f func(tx *Tx) error) error {
	o := &sql.TxOptions{ReadOnly: true}
	if db.dialect.numbered {
		o.Isolation = sql.LevelRepeatableRead
	}
	return db.explain(db.run(ctx, db.read, o, f))
}

func (db *DB) run(ctx context.Context, pool *sql.DB, o *sql.TxOptions, f func(tx *Tx) error) error {
	begun, err := pool.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("hubdb: begin: %w", err)
	}
	defer func() { _ = begun.Rollback() }() // does nothing after a commit; a panic in f passes
	tx := &Tx{tx: begun, dialect: db.dialect}
	if err := f(tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return fmt.Errorf("%w: %w", ErrFailed, tx.failed)
	}
	if err := begun.Commit(); err != nil {
		return fmt.Errorf("hubdb: commit: %w", err)
	}
	return nil
}

// explain adds the error that a caller can act on.
func (db *DB) explain(err error) error {
	if err != nil && !errors.Is(err, ErrDuplicate) && db.dialect.duplicate(err) {
		return fmt.Errorf("%w: %w", ErrDuplicate, err)
	}
	return err
}

// note remembers a failed call and adds the error that a caller can act on.
func (tx *Tx) note(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if tx.dialect.duplicate(err) {
		err = fmt.Errorf("%w: %w", ErrDuplicate, err)
	}
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// ready returns the query as it is sent.
func (tx *Tx) ready(query string) (string, error) {
	if tx.failed != nil {
		return "", fmt.Errorf("%w: %w", ErrFailed, tx.failed)
	}
	sent, err := tx.dialect.query(query)
	return sent, tx.note(err)
}

// Dialect names the database: "sqlite" or "postgres".
func (tx *Tx) Dialect() string { return tx.dialect.name }

// Exec runs a statement with ? for its arguments and returns how many rows it
// changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	sent, err := tx.ready(query)
	if err != nil {
		return 0, err
	}
	result, err := tx.tx.ExecContext(ctx, sent, args...)
	if err != nil {
		return 0, tx.note(err)
	}
	n, err := result.RowsAffected()
	return n, tx.note(err)
}

// Query runs a query with ? for its arguments. The rows must be closed before
// the next call: a PostgreSQL connection does one thing at a time.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*Rows, error) {
	sent, err := tx.ready(query)
	if err != nil {
		return nil, err
	}
	rows, err := tx.tx.QueryContext(ctx, sent, args...)
	if err != nil {
		return nil, tx.note(err)
	}
	return &Rows{rows, tx}, nil
}

// QueryRow runs a query that is expected to have one row. What went wrong, Scan
// tells: sql.ErrNoRows when there is none.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *Row {
	sent, err := tx.ready(query)
	if err != nil {
		return &Row{tx: tx, err: err}
	}
	return &Row{row: tx.tx.QueryRowContext(ctx, sent, args...), tx: tx}
}

// Rows are those of database/sql.
type Rows struct {
	*sql.Rows
	tx *Tx
}

// Err returns what ended the rows too early.
func (r *Rows) Err() error { return r.tx.note(r.Rows.Err()) }

// Row is that of database/sql.
type Row struct {
	row *sql.Row
	tx  *Tx
	err error
}

// Scan reads the row.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.tx.note(r.row.Scan(dest...))
}

// Each calls f for every row of a query, with the function that scans it.
func (tx *Tx) Each(ctx context.Context, f func(scan func(dest ...any) error) error, query string, args ...any) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
