package hubdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Migrate brings the tables of one part of the hub up to len(steps). Step i takes
// version i to i+1 in one transaction of its own, and may be several statements;
// steps are only ever added at the end. Hubs that start at the same time take
// turns. Tables of a newer program are refused with an error that wraps ErrNewer.
func (db *DB) Migrate(ctx context.Context, part string, steps []string) error {
	if err := db.migrate(ctx, part, steps); err != nil {
		return fmt.Errorf("hubdb: migrate %s: %w", part, err)
	}
	return nil
}

func (db *DB) migrate(ctx context.Context, part string, steps []string) error {
	for {
		done, err := false, error(nil)
		// Not serializable: the version has to be read after the lock was had, and
		// a serializable transaction sees what was there before it.
		err = db.run(ctx, db.write, nil, func(tx *Tx) error {
			done, err = db.step(ctx, tx.tx, part, steps)
			return err
		})
		if err != nil || done {
			return err
		}
	}
}

// step does the next step and reports whether there was none left.
func (db *DB) step(ctx context.Context, tx *sql.Tx, part string, steps []string) (done bool, err error) {
	if db.dialect.numbered {
		if err := lockSchema(ctx, tx); err != nil {
			return false, err
		}
	}
	have, err := db.version(ctx, tx, part)
	switch {
	case err != nil:
		return false, err
	case have > len(steps):
		return false, fmt.Errorf("version is %d, this program knows %d: %w", have, len(steps), ErrNewer)
	case have == len(steps):
		return true, nil
	}
	text, err := db.dialect.rewrite(steps[have], false)
	if err != nil {
		return false, err
	}
	var args []any
	if db.dialect.numbered {
		args = append(args, simple)
	}
	if _, err := tx.ExecContext(ctx, text, args...); err != nil {
		return false, fmt.Errorf("from %d to %d: %w", have, have+1, err)
	}
	return false, db.exec(ctx, tx, `UPDATE hub_schema SET version = ? WHERE part = ?`, have+1, part)
}

// version reads how far the part is, and begins to count when nobody has.
func (db *DB) version(ctx context.Context, tx *sql.Tx, part string) (int, error) {
	err := db.exec(ctx, tx, `CREATE TABLE IF NOT EXISTS hub_schema (part {{text}} PRIMARY KEY, version {{int}} NOT NULL)`)
	err = errors.Join(err, db.exec(ctx, tx, `INSERT INTO hub_schema (part, version) VALUES (?, 0) ON CONFLICT DO NOTHING`, part))
	if err != nil {
		return 0, err
	}
	query, err := db.dialect.query(`SELECT version FROM hub_schema WHERE part = ?`)
	if err != nil {
		return 0, err
	}
	var have int
	return have, tx.QueryRowContext(ctx, query, part).Scan(&have)
}

func (db *DB) exec(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	sent, err := db.dialect.query(query)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, sent, args...)
	return err
}
