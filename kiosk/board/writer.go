package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jobhome/kiosk/segment"
)

// perSegment is the number of rows in a segment: more would make a delta a
// little smaller, and a page of excerpts, each of another segment, much slower.
const perSegment = 8

// writer writes rows in segments. Those of one commit share none with another.
type writer struct {
	tx    *sql.Tx
	next  int64 // the next rowid
	first int64 // of rows
	rows  []segment.Row
	dict  []byte
	id    int64 // of dict; 0: there is none
}

// newWriter is a writer with the dictionary that the file has, if it has one.
func newWriter(ctx context.Context, tx *sql.Tx, next int64) (*writer, error) {
	w := &writer{tx: tx, next: next, first: next}
	return w, w.findDict(ctx, tx)
}

// findDict takes the dictionary of the file that q reads, if it has one.
func (w *writer) findDict(ctx context.Context, q querier) error {
	var sum uint32
	err := first(ctx, q, `SELECT id, sum, data FROM dict ORDER BY id DESC LIMIT 1`).scan(&w.id, &sum, &w.dict)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && sum != dictSum(w.dict) {
		err = fmt.Errorf("dictionary %d has another checksum: %w", w.id, segment.ErrDamaged)
	}
	return err
}

// setDict gives a file that has no dictionary the one that w has.
func (w *writer) setDict(ctx context.Context) error {
	if w.id == 0 {
		return nil
	}
	_, err := w.tx.ExecContext(ctx, `INSERT INTO dict VALUES (?, ?, ?)`, w.id, dictSum(w.dict), w.dict)
	return err
}

// add takes a row in and returns its rowid.
func (w *writer) add(ctx context.Context, row segment.Row) (int64, error) {
	w.rows = append(w.rows, row)
	w.next++
	most := perSegment
	if w.id == 0 {
		most = dictSample
	}
	if len(w.rows) < most {
		return w.next - 1, nil
	}
	return w.next - 1, w.flush(ctx)
}

// flush writes the rows that wait. It makes the dictionary when there is none
// yet and they are enough to know what postings here are like.
func (w *writer) flush(ctx context.Context) error {
	if w.id == 0 && len(w.rows) >= dictLeast {
		w.dict, w.id = makeDict(w.rows), 1
		if err := w.setDict(ctx); err != nil {
			return err
		}
	}
	for at := 0; at < len(w.rows); at += perSegment {
		s, err := segment.Encode(w.first+int64(at), w.rows[at:min(at+perSegment, len(w.rows))], w.dict)
		if err != nil {
			return err
		}
		_, err = w.tx.ExecContext(ctx, `INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?)`,
			s.First, s.Count, s.Size, w.id, s.Sum, s.Data)
		if err != nil {
			return fmt.Errorf("store postings: %w", err)
		}
	}
	w.first, w.rows = w.next, w.rows[:0]
	return nil
}
