package board

import (
	"context"
	"database/sql"
)

// takeOver takes over the postings of a board of the third schema, in which a
// posting was a row of the table posting, in one transaction. Boards of the
// first two were brought to the third.
func takeOver(ctx context.Context, db *sql.DB) error {
	if old, err := hasPostings(ctx, db); err != nil || !old {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	// Another process may have done it while this one waited for the lock.
	if old, err := hasPostings(ctx, tx); err != nil || !old {
		return err
	}
	d := delta{state: state{first: 1}}
	err = first(ctx, tx, `SELECT (SELECT max(number) + 1 FROM state),
		(SELECT value FROM meta WHERE key = 'updated'), (SELECT value FROM meta WHERE key = 'sequence')`).
		scan(&d.number, &d.at, &d.sequence)
	if err != nil {
		return err
	}
	w, err := newWriter(ctx, tx, 1)
	if err != nil {
		return err
	}
	if err := w.takePostings(ctx); err != nil {
		return err
	}
	d.next, d.living = w.next, w.next-1
	if err := d.append(ctx, tx, 0); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DROP TABLE posting; DROP TABLE gone; DROP TABLE state; DROP TABLE meta`); err != nil {
		return err
	}
	return tx.Commit()
}

func hasPostings(ctx context.Context, q querier) (bool, error) {
	var n int
	err := first(ctx, q, `SELECT count(*) FROM sqlite_schema WHERE name = 'posting'`).scan(&n)
	return n > 0, err
}

func (w *writer) takePostings(ctx context.Context) error {
	rows, err := w.tx.QueryContext(ctx, selectPostings+`WHERE rowid NOT IN (SELECT rowid FROM gone) ORDER BY rowid`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row, err := scanPosting(ctx, rows)
		if err != nil {
			return err
		}
		if _, err := w.add(ctx, row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return w.flush(ctx)
}
