package link

import (
	"context"
	"fmt"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/sync/delta"
	"jobhome/sync/feed"
	"jobhome/sync/wire"
)

// Board is the terminal's board as sync/feed asks for one.
type Board struct{ Board *board.Board }

// Sequence is that of the last change of the feed.
func (b Board) Sequence(ctx context.Context) (int64, error) { return b.Board.Sequence(ctx) }

// IDs are those of all postings, ascending.
func (b Board) IDs(context.Context) ([]string, error) { return b.Board.IDs(), nil }

// Rows are those of the postings that are there.
func (b Board) Rows(ctx context.Context, ids []string) (rows []wire.Row, err error) {
	err = b.Board.Each(ctx, ids, func(p *kiosk.Posting) error {
		row, err := wire.RowOf(p)
		rows = append(rows, row)
		return err
	})
	return rows, err
}

// Apply makes one change in one transaction.
func (b Board) Apply(ctx context.Context, c feed.Change) error {
	_, err := b.Board.ApplyEach(ctx, func(yield func(kiosk.Posting, error) bool) {
		if c.Upsert != nil {
			for p, err := range c.Upsert {
				if !yield(p, err) {
					return
				}
			}
		}
		b.dated(ctx, c.Dates, yield)
	}, board.ImportOpts{
		Remove: c.Remove, Replace: c.Replace, Restart: c.Replace, Sequence: c.Sequence, Now: c.At,
	})
	return err
}

// datedAtOnce is how many postings with a new date are read at once.
const datedAtOnce = 500

// dated gives the postings of which only the date changed.
func (b Board) dated(ctx context.Context, dates []delta.Date, yield func(kiosk.Posting, error) bool) {
	for part := range slices.Chunk(dates, datedAtOnce) {
		ids, at := make([]string, len(part)), make(map[string]int64, len(part))
		for i, d := range part {
			ids[i], at[d.ID] = d.ID, d.Refreshed
		}
		var all []kiosk.Posting
		err := b.Board.Each(ctx, ids, func(p *kiosk.Posting) error {
			q := *p
			q.Refreshed = time.Time{}
			if n := at[p.ID]; n != 0 {
				q.Refreshed = time.Unix(n, 0).In(p.Published.Location())
			}
			all = append(all, q)
			return nil
		})
		if err == nil && len(all) != len(part) {
			err = fmt.Errorf("%d of %d postings with a new date are there", len(all), len(part))
		}
		if err != nil {
			yield(kiosk.Posting{}, err)
			return
		}
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}
}
