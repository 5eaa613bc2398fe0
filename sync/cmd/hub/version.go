package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/wire"
)

// versionSchema is for the last version of each board that was published. The tree
// knows it too, but a tree can be lost, or restored from an old copy: terminals
// refuse whatever is not above what they have.
var versionSchema = []string{`
CREATE TABLE board_version (
	board {{text}} PRIMARY KEY,
	epoch {{int}} NOT NULL,
	n     {{int}} NOT NULL
);
`}

// versions remembers what was published.
type versions struct{ db *hubdb.DB }

func newVersions(ctx context.Context, db *hubdb.DB) (*versions, error) {
	return &versions{db}, db.Migrate(ctx, "boards", versionSchema)
}

// last is the last version of a board; the zero one where there is none.
func (v *versions) last(ctx context.Context, board string) (last wire.Version, err error) {
	err = v.db.View(ctx, func(tx *hubdb.Tx) error {
		last, err = versionOf(ctx, tx, board)
		return err
	})
	if err != nil {
		return last, fmt.Errorf("last version of board %s: %w", board, err)
	}
	return last, nil
}

// keep remembers a version, unless a later one is known.
func (v *versions) keep(ctx context.Context, board string, version wire.Version) error {
	err := v.db.Update(ctx, func(tx *hubdb.Tx) error {
		last, err := versionOf(ctx, tx, board)
		if err != nil || version.Compare(last) <= 0 {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO board_version (board, epoch, n) VALUES (?, ?, ?)
			ON CONFLICT (board) DO UPDATE SET epoch = excluded.epoch, n = excluded.n`, board, version.Epoch, version.N)
		return err
	})
	if err != nil {
		return fmt.Errorf("remember version %s of board %s: %w", version, board, err)
	}
	return nil
}

func versionOf(ctx context.Context, tx *hubdb.Tx, board string) (v wire.Version, err error) {
	err = tx.QueryRow(ctx, `SELECT epoch, n FROM board_version WHERE board = ?`, board).Scan(&v.Epoch, &v.N)
	if errors.Is(err, sql.ErrNoRows) {
		return wire.Version{}, nil
	}
	return v, err
}
