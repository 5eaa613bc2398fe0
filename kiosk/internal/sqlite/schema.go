package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// ErrNewer tells that a database was written by a newer program.
var ErrNewer = errors.New("the database was written by a newer version of this program")

// ErrForeign tells that a database does not have the tables of its own version:
// another program wrote it, or one in the making.
var ErrForeign = errors.New("the database does not have the tables that its version says")

// ErrDamaged tells that an integrity check found something.
var ErrDamaged = errors.New("the database is damaged")

// Migrate brings the schema up to len(steps). Step i takes user_version i to
// i+1 in one transaction of its own. Steps are only ever added at the end. A
// schema from a newer program is refused with an error that wraps ErrNewer, and
// one that a step does not fit with one that wraps ErrForeign.
func Migrate(ctx context.Context, db *sql.DB, steps []string) error {
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return fmt.Errorf("sqlite: read schema version: %w", err)
	}
	if have > len(steps) {
		return fmt.Errorf("sqlite: schema version is %d, this program knows %d: %w", have, len(steps), ErrNewer)
	}
	for v := have; v < len(steps); v++ {
		if err := step(ctx, db, v, steps[v]); err != nil {
			if Misfits(err) {
				err = errors.Join(err, ErrForeign)
			}
			return fmt.Errorf("sqlite: migrate schema from %d to %d: %w", v, v+1, err)
		}
	}
	return nil
}

func step(ctx context.Context, db *sql.DB, from int, text string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	// Another process may have migrated while this one waited for the lock.
	var have int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have != from {
		return nil
	}
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", from+1)); err != nil {
		return err
	}
	return tx.Commit()
}

// Check runs SQLite's integrity_check over the whole file and returns an error
// that wraps ErrDamaged with the first findings. It reads every page.
func Check(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "PRAGMA integrity_check(5)")
	if err != nil {
		return fmt.Errorf("sqlite: integrity check: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return fmt.Errorf("sqlite: integrity check: %w", err)
		}
		if line != "ok" {
			found = append(found, line)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("sqlite: integrity check: %w", err)
	}
	if len(found) > 0 {
		return fmt.Errorf("sqlite: integrity check: %s: %w", strings.Join(found, "; "), ErrDamaged)
	}
	return nil
}
