package hubdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConns is the greatest number of connections of one hub; a server
// allows 100 by default.
const postgresConns = 16

func openPostgres(ctx context.Context, address string) (*DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("hubdb: open postgres: %w", err) // pgx leaves the password out
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	var synchronous, encoding string
	err = errors.Join(
		pool.QueryRowContext(ctx, "SHOW synchronous_commit").Scan(&synchronous),
		pool.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding))
	switch {
	case err != nil:
	case synchronous == "off":
		err = errors.New("synchronous_commit is off: a commit that was reported could be lost")
	case encoding != "UTF8":
		err = fmt.Errorf("the encoding of the database is %s, not UTF8", encoding)
	}
	if err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("hubdb: open postgres: %w", err)
	}
	d := &dialect{
		name: "postgres", words: postgresWords, numbered: true,
		duplicate: func(err error) bool { return sqlState(err) == uniqueViolation },
		again: func(err error) bool {
			s := sqlState(err)
			return s == serializationFailure || s == deadlockDetected
		},
	}
	return &DB{dialect: d, write: pool, read: pool}, nil
}

// States of https://www.postgresql.org/docs/current/errcodes-appendix.html.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// lockSchema makes those who migrate take turns; SQLite's writers do anyway.
func lockSchema(ctx context.Context, tx *sql.Tx) error {
	const key = 0x6a6f62686f6d65 // "jobhome"
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(key))
	return err
}

// simple lets one call run several statements.
var simple any = pgx.QueryExecModeSimpleProtocol
