package feed

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"jobhome/kiosk"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// none is no posting.
func none(func(kiosk.Posting, error) bool) {}

// view is the board as the hub has it at its version: the ids of rows that were
// taken down are still there, though not the rows. It is what deltas are packed
// with.
type view struct {
	ctx   context.Context
	board Board
	ids   []string // ascending, with the hidden ones
}

// look reads the ids of the board.
func (r *round) look(ctx context.Context) (*view, error) {
	ids, err := r.to.IDs(ctx)
	if err != nil {
		return nil, as(Local, fmt.Errorf("feed: %w", err))
	}
	if hidden := r.st.Current.Hidden; len(hidden) > 0 {
		ids = append(slices.Clone(ids), slices.Collect(maps.Keys(hidden))...)
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	return &view{ctx, r.to, ids}, nil
}

// IDs implements delta.Known.
func (v *view) IDs() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, id := range v.ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// Rows implements delta.Known.
func (v *view) Rows(ids []string) ([]wire.Row, error) {
	var all []wire.Row
	for some := range slices.Chunk(ids, atOnce) {
		rows, err := v.board.Rows(v.ctx, some)
		if err != nil {
			return nil, as(Local, fmt.Errorf("feed: %w", err))
		}
		all = append(all, rows...)
	}
	return all, nil
}

// survey adds the whole board up, with what is hidden.
func (r *round) survey(ctx context.Context) (place, error) {
	v, err := r.look(ctx)
	if err != nil {
		return place{}, err
	}
	p := place{At: r.at, Rows: len(v.ids), Hidden: r.st.Current.Hidden}
	for _, sum := range p.Hidden {
		p.Sum = p.Sum.Add(sum)
	}
	for some := range slices.Chunk(v.ids, atOnce) {
		rows, err := v.Rows(some)
		if err != nil {
			return place{}, err
		}
		for i := range rows {
			if _, ok := p.Hidden[rows[i].ID]; !ok {
				p.Sum = p.Sum.Add(wire.RowSum(rows[i]))
			}
		}
	}
	return p, nil
}

var _ delta.Known = (*view)(nil)
