package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"jobhome/kiosk"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// anew replaces the board by a whole one. It is read twice, from this machine's
// disk: once to prove it, and once into the board. Neither holds it in memory.
func (r *round) anew(ctx context.Context, b *wire.Base) error {
	path, err := r.object(ctx, b.Object, false)
	if err != nil {
		return err
	}
	reader := baseReader{path: path, base: b, lane: r.lane}
	kept := 0
	if err := reader.each(func(kiosk.Posting) error { kept++; return ctx.Err() }); err != nil {
		return err
	}
	if gone := len(reader.hidden); gone > fewAtOnce && gone > b.Rows/2 {
		return refuse(WideLane, "the lane would take down %d of %d postings", gone, b.Rows)
	}
	err = r.commit(ctx, place{b.Version, b.Rows, b.Sum, reader.hidden}, Change{
		Upsert: reader.postings(), Replace: true, Sequence: b.Version.Sequence(), At: r.now,
	})
	if err == nil {
		r.rep.Added += kept
	}
	return err
}

// baseReader reads a base that is on this machine.
type baseReader struct {
	path   string
	base   *wire.Base
	lane   map[string]bool
	hidden hidden // rows that the lane has taken down, after reading
}

// each gives every posting that is not in the lane. Its error at the end, when
// rows are missing or wrong, is as good as one in the middle.
func (b *baseReader) each(take func(kiosk.Posting) error) error {
	f, err := os.Open(b.path)
	if err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	defer func() { _ = f.Close() }()
	var sum wire.Sum
	rows := 0
	b.hidden = hidden{}
	err = delta.DecodeBase(f, b.base.Raw, func(row wire.Row) error {
		p, err := row.Posting()
		if err != nil {
			return as(BadRows, err)
		}
		sum = sum.Add(wire.RowSum(row))
		if rows++; rows > b.base.Rows {
			return refuse(BadSum, "the base has more than %d rows", b.base.Rows)
		}
		if b.lane[row.ID] {
			b.hidden.add(row)
			return nil
		}
		return take(p)
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	if err != nil {
		return as(BadObject, err)
	}
	if rows != b.base.Rows || sum != b.base.Sum {
		return refuse(BadSum, "the base does not come out: %d rows and should be %d", rows, b.base.Rows)
	}
	return nil
}

var errEnough = errors.New("feed: no more is wanted")

func (b *baseReader) postings() iter.Seq2[kiosk.Posting, error] {
	return func(yield func(kiosk.Posting, error) bool) {
		again := *b
		err := again.each(func(p kiosk.Posting) error {
			if !yield(p, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil {
			yield(kiosk.Posting{}, err)
		}
	}
}
