// Package hubdb is the hub's database: SQLite in one file, or PostgreSQL where
// one machine is outgrown, behind the same few calls over database/sql. Which of
// the two it is, the address says. DESIGN.md tells what both agree on.
package hubdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// The errors that a caller can act on.
var (
	// ErrDuplicate tells that a unique key is taken.
	ErrDuplicate = errors.New("the key is taken")
	// ErrNewer tells that a newer program wrote the tables of a part.
	ErrNewer = errors.New("the tables were written by a newer version of this program")
	// ErrFailed tells that a call in the transaction failed before, so that
	// nothing of it can be kept.
	ErrFailed = errors.New("the transaction failed before")
)

// DB is an open database. Its methods may be called from any goroutine.
type DB struct {
	dialect *dialect
	write   *sql.DB
	read    *sql.DB // the same as write for PostgreSQL
}

// Open opens the database at an address: "sqlite:<path>", whose file and
// directory are made when they are not there, or "postgres://…" as libpq writes
// it (https://www.postgresql.org/docs/current/libpq-connect.html).
func Open(ctx context.Context, address string) (*DB, error) {
	scheme, rest, ok := strings.Cut(address, ":")
	switch {
	case ok && scheme == "sqlite":
		return openSQLite(ctx, strings.TrimPrefix(rest, "//"))
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return openPostgres(ctx, address)
	}
	// The address may hold a password, so it is not repeated.
	return nil, errors.New("hubdb: the address of the database is neither sqlite:<path> nor postgres://…")
}

// Close closes all connections.
func (db *DB) Close() error {
	if db.read == db.write {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Dialect names the database: "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.dialect.name }

// Check asks the database whether it answers.
func (db *DB) Check(ctx context.Context) error {
	if err := errors.Join(db.write.PingContext(ctx), db.read.PingContext(ctx)); err != nil {
		return fmt.Errorf("hubdb: %w", err)
	}
	return nil
}

// Contains is the pattern for {{like}} that finds what holds s anywhere. The
// query must go on with ESCAPE '!'.
func Contains(s string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) + "%"
}
