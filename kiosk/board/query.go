package board

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

	"jobhome/kiosk/segment"
)

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// answer is the first row that a question gives.
type answer struct {
	ctx  context.Context
	rows *sql.Rows
	err  error
}

func first(ctx context.Context, q querier, query string, args ...any) answer {
	rows, err := q.QueryContext(ctx, query, args...)
	return answer{ctx, rows, err}
}

// scan reads the values. The error is [sql.ErrNoRows] when there is no row, and
// wraps [segment.ErrDamaged] when a value is not of its kind.
func (a answer) scan(dest ...any) error {
	if a.err != nil {
		return a.err
	}
	defer func() { _ = a.rows.Close() }()
	if !a.rows.Next() {
		return cmp.Or(a.rows.Err(), sql.ErrNoRows)
	}
	if err := scanRow(a.ctx, a.rows, dest...); err != nil {
		return err
	}
	return a.rows.Close()
}

// scanRow reads the values of a row, with an error as that of answer.scan.
func scanRow(ctx context.Context, rows *sql.Rows, dest ...any) error {
	err := rows.Scan(dest...)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", segment.ErrDamaged, err)
	}
	return err
}
