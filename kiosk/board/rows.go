package board

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"jobhome/kiosk/segment"
)

// dictionary is one of dict. It never changes, and a file has no other with its
// number.
type dictionary struct {
	id   int64
	sum  uint32
	data []byte
}

// reader reads rows of the file that q reads. It keeps the dictionary that it
// needed last: to read it for every segment would take most of the time.
type reader struct {
	q    querier
	dict *dictionary // nil: none yet
}

// selectSegment reads what scanSegment takes in.
const selectSegment = `SELECT first, count, size, s.sum, s.data, s.dict, d.sum FROM segment s LEFT JOIN dict d ON d.id = s.dict `

// scanSegment reads a segment and finds its dictionary. The bytes of the
// segment are good until the next row.
func (r *reader) scanSegment(ctx context.Context, rows *sql.Rows) (s segment.Segment, dict []byte, err error) {
	var data sql.RawBytes
	var id int64
	var sum sql.NullInt64
	if err := scanRow(ctx, rows, &s.First, &s.Count, &s.Size, &s.Sum, &data, &id, &sum); err != nil {
		return s, nil, err
	}
	s.Data = data
	dict, err = r.dictionary(ctx, id, sum)
	return s, dict, err
}

func (r *reader) dictionary(ctx context.Context, id int64, sum sql.NullInt64) ([]byte, error) {
	if id == 0 {
		return nil, nil
	}
	if r.dict != nil && sum.Valid && r.dict.id == id && int64(r.dict.sum) == sum.Int64 {
		return r.dict.data, nil
	}
	d := &dictionary{id: id}
	if err := first(ctx, r.q, `SELECT sum, data FROM dict WHERE id = ?`, id).scan(&d.sum, &d.data); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = fmt.Errorf("there is no dictionary %d: %w", id, segment.ErrDamaged)
		}
		return nil, err
	}
	if d.sum != dictSum(d.data) {
		return nil, fmt.Errorf("dictionary %d has another checksum: %w", id, segment.ErrDamaged)
	}
	r.dict = d
	return d.data, nil
}

// each gives the rows that a commit added, which must all be there, in segments
// that hold no others.
func (r *reader) each(ctx context.Context, st state, f func(rowid int64, row *segment.Row) error) error {
	list, err := r.q.QueryContext(ctx, selectSegment+`WHERE first >= ? AND first < ? ORDER BY first`, st.first, st.next)
	if err != nil {
		return err
	}
	defer func() { _ = list.Close() }()
	at := st.first
	for list.Next() {
		s, dict, err := r.scanSegment(ctx, list)
		if err != nil {
			return err
		}
		if s.First != at || s.Count < 1 || int64(s.Count) > st.next-at {
			return fmt.Errorf("segment %d with %d rows stands where row %d of commit %d should: %w",
				s.First, s.Count, at, st.number, segment.ErrDamaged)
		}
		rows, err := segment.Decode(s, dict)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := f(at+int64(i), &rows[i]); err != nil {
				return err
			}
		}
		at += int64(len(rows))
	}
	if err := list.Err(); err != nil {
		return err
	}
	if at != st.next {
		return fmt.Errorf("no segment begins with row %d of commit %d: %w", at, st.number, segment.ErrDamaged)
	}
	return nil
}

// some gives some rows, which are ascending, as far as they are there; each of
// their segments is read once. One that is damaged ends it.
func (r *reader) some(ctx context.Context, rowids []int64, f func(rowid int64, row *segment.Row)) error {
	want, err := json.Marshal(rowids)
	if err != nil {
		return err
	}
	list, err := r.q.QueryContext(ctx, selectSegment+`WHERE first IN
		(SELECT (SELECT max(first) FROM segment WHERE first <= value) FROM json_each(?)) ORDER BY first`, string(want))
	if err != nil {
		return err
	}
	defer func() { _ = list.Close() }()
	var at []int
	for list.Next() {
		s, dict, err := r.scanSegment(ctx, list)
		if err != nil {
			return err
		}
		at = at[:0]
		from, _ := slices.BinarySearch(rowids, s.First)
		for _, rowid := range rowids[from:] {
			if rowid-s.First >= int64(s.Count) {
				break
			}
			at = append(at, int(rowid-s.First))
		}
		rows, err := segment.Pick(s, dict, at...)
		if err != nil {
			return err
		}
		for i := range rows {
			f(s.First+int64(at[i]), &rows[i])
		}
	}
	return list.Err()
}

// noneFrom reports rows that no commit has written.
func noneFrom(ctx context.Context, q querier, next int64) error {
	var last sql.NullInt64
	if err := first(ctx, q, `SELECT max(first) FROM segment`).scan(&last); err != nil {
		return err
	}
	if last.Int64 >= next {
		return fmt.Errorf("segment %d is of no commit: %w", last.Int64, segment.ErrDamaged)
	}
	return nil
}
