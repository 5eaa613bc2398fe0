package board

import (
	"context"
	"slices"

	"jobhome/kiosk/segment"
)

// descriptions reads those of some rows, all with one statement. What another
// process has changed since, or has put in the place of the board, is left out.
// After an error, as many are there as could be read.
func (b *Board) descriptions(ctx context.Context, s *snapshot, rows []int32) (map[int32]string, error) {
	texts := make(map[int32]string, len(rows))
	conn, err := b.conn(ctx, false)
	if err != nil {
		return texts, err
	}
	defer func() { _ = conn.Close() }()
	rows = slices.Sorted(slices.Values(rows)) // as they lie in the segments
	rowids := make([]int64, len(rows))
	for i, row := range rows {
		rowids[i] = s.rowids[row]
	}
	had := b.dict.Load()
	r := reader{q: conn, dict: had}
	err = r.some(ctx, rowids, func(rowid int64, row *segment.Row) {
		i, _ := slices.BinarySearch(rowids, rowid)
		if f := &s.facts[rows[i]]; digest(&row.Posting) == f.digest {
			texts[rows[i]] = row.Posting.Description
		}
	})
	if r.dict != had {
		b.dict.Store(r.dict)
	}
	return texts, err
}
