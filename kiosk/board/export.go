package board

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/segment"
)

// IDs returns the ids of all postings, the expired ones too, sorted.
func (b *Board) IDs() []string {
	s := b.snap.Load()
	ids := make([]string, len(s.byID.Rows))
	for i, row := range s.byID.Rows {
		ids[i] = s.word(&s.facts[row], wordID)
	}
	return ids
}

// errGone tells that rows of a snapshot are no longer in the file.
var errGone = errors.New("the board was changed meanwhile")

// Each gives the postings of ids that are there, whole, the expired ones too, in
// the order of ids; of all postings for nil. A part of them is held in memory at a
// time. When another process changes the board meanwhile, it fails, and may be
// called again.
func (b *Board) Each(ctx context.Context, ids []string, f func(*kiosk.Posting) error) error {
	if ids == nil {
		ids = b.IDs()
	}
	s := b.snap.Load()
	var rows []int32
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if row := s.find(id); row >= 0 {
			rows = append(rows, row)
		}
	}
	for part := range slices.Chunk(slices.Compact(rows), eachAtOnce) {
		if err := b.eachOf(ctx, s, part, f); err != nil {
			return fmt.Errorf("board: read postings: %w", err)
		}
	}
	return nil
}

// eachAtOnce is how many postings Each holds in memory: about 5 MB.
const eachAtOnce = 2000

func (b *Board) eachOf(ctx context.Context, s *snapshot, rows []int32, f func(*kiosk.Posting) error) error {
	conn, err := b.conn(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	rowids := make([]int64, len(rows))
	for i, row := range rows {
		rowids[i] = s.rowids[row]
	}
	slices.Sort(rowids) // as they lie in the segments
	found := make(map[int64]kiosk.Posting, len(rows))
	r := reader{q: conn, dict: b.dict.Load()}
	if err := r.some(ctx, rowids, func(rowid int64, row *segment.Row) { found[rowid] = row.Posting }); err != nil {
		return err
	}
	for _, row := range rows {
		p, ok := found[s.rowids[row]]
		if !ok || digest(&p) != s.facts[row].digest {
			return errGone
		}
		if err := f(&p); err != nil {
			return err
		}
	}
	return nil
}
