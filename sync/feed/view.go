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

// view is the board as the hub has it at its version, with what was taken down. It
// is what deltas are packed with.
type view struct {
	ctx    context.Context
	board  Board
	ids    []string // ascending, with the hidden ones
	hidden hidden
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
	return &view{ctx, r.to, ids, r.st.Current.Hidden}, nil
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
		all = append(all, v.with(some, rows)...)
	}
	return all, nil
}

// with puts the hidden ones of the ids among the rows that the board has.
func (v *view) with(ids []string, rows []wire.Row) []wire.Row {
	if len(v.hidden) == 0 {
		return rows
	}
	all := make([]wire.Row, 0, len(ids))
	for _, id := range ids {
		if len(rows) > 0 && rows[0].ID == id {
			all, rows = append(all, rows[0]), rows[1:]
		} else if t, ok := v.hidden[id]; ok && t.Body != nil {
			all = append(all, wire.Row{ID: id, Body: t.Body, Refreshed: t.Refreshed})
		}
	}
	return all
}

// survey adds the whole board up, with what is hidden.
func (r *round) survey(ctx context.Context) (place, error) {
	v, err := r.look(ctx)
	if err != nil {
		return place{}, err
	}
	p := place{At: r.at, Rows: len(v.ids), Hidden: r.st.Current.Hidden}
	for _, t := range p.Hidden {
		p.Sum = p.Sum.Add(t.Sum)
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
