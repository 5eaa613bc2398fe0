package publish

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// next is the version of a board that is about to be published.
type next struct {
	*Publisher
	board   string
	version wire.Version
	rows    delta.Rows
	sum     wire.Sum
	now     time.Time
}

func (n *next) isNew(last *wire.Head, above wire.Version) bool {
	return last.Sum != n.sum || last.Rows != len(n.rows) || last.Version.Epoch != n.Epoch || above.Compare(last.Version) > 0
}

// above is the version after all that were published.
func (n *next) above(last *wire.Head, above wire.Version) (wire.Version, error) {
	if last != nil && last.Version.Compare(above) > 0 {
		above = last.Version
	}
	switch {
	case above.Epoch > n.Epoch:
		return above, fmt.Errorf("publish: version %s of board %s is out, and the root has epoch %d", above, n.board, n.Epoch)
	case above.Epoch < n.Epoch:
		return wire.Version{Epoch: n.Epoch, N: 1}, nil
	case above.N == math.MaxUint32:
		return above, fmt.Errorf("publish: version %s of board %s is the last one of its epoch", above, n.board)
	}
	return wire.Version{Epoch: above.Epoch, N: above.N + 1}, nil
}

// head writes all objects of the version and gives the head that names them,
// without its revocations.
func (n *next) head(ctx context.Context, last *wire.Head) (wire.Head, history, error) {
	h := wire.Head{Format: wire.Format, Board: n.board, Version: n.version, Rows: len(n.rows), Sum: n.sum}
	self := past{Version: n.version, Time: n.now, Rows: h.Rows, Sum: h.Sum}
	known := history{Since: n.now, Versions: []past{self}}
	if last != nil {
		h.Issued, h.Base = last.Issued, last.Base
		switch before, err := n.rowsOf(ctx, last); {
		case err == nil:
			known = n.remembered(ctx, last)
			if err := n.grow(ctx, &known, self, delta.Between(n.rows, before)); err != nil {
				return h, known, err
			}
			if err := n.deltas(ctx, &h, last.Deltas, known); err != nil {
				return h, known, err
			}
		case errors.Is(err, errStore) || ctx.Err() != nil:
			return h, known, err
		default:
			n.Log.Warn("publish: the tree is damaged; a base is published without deltas", "board", n.board, "err", err)
		}
	}
	return h, known, n.base(ctx, &h)
}

// The way from an old version to the newest one goes over few: from any to the next
// whose count is a multiple of 7, from there to the next multiple of 28, and so on.
// Sixty versions back are four deltas at most. Those that are not yet complete lead
// to the newest version, and are packed again for each new one.
var levels = []uint64{7, 28, 112, 448}

// target is the count of the version that a delta leads to.
func target(from, newest uint64) uint64 {
	level := levels[len(levels)-1]
	if i := slices.IndexFunc(levels, func(l uint64) bool { return from%l != 0 }); i >= 0 {
		level = levels[i]
	}
	return min(newest, from-from%level+level)
}

// deltas packs those that lead to the new version, and keeps the others that are
// good. When the way back is damaged there is one from the last version at least.
func (n *next) deltas(ctx context.Context, h *wire.Head, old []wire.Delta, known history) error {
	newest := known.Versions[len(known.Versions)-1].Count
	packed := map[wire.Version]bool{}
	err := n.walk(ctx, known, func(v past) bool {
		return v.Count < newest && target(v.Count, newest) == newest
	}, func(v past, rows delta.Rows) error {
		d, err := n.delta(ctx, v.Version, h, rows)
		h.Deltas = append(h.Deltas, d)
		packed[v.Version] = true
		return err
	})
	if err != nil {
		if len(h.Deltas) == 0 || ctx.Err() != nil {
			return err
		}
		n.Log.Warn("publish: some deltas are not packed anew", "board", n.board, "err", err)
	}
	for _, d := range old {
		if !packed[d.From] && known.knows(d.From, n.now, n.Keep) {
			h.Deltas = append(h.Deltas, d)
		}
	}
	return nil
}

// delta packs the way from a version, whose rows are given, to the new one.
func (n *next) delta(ctx context.Context, from wire.Version, h *wire.Head, rows delta.Rows) (wire.Delta, error) {
	d := wire.Delta{From: from, To: h.Version, Rows: h.Rows, Sum: h.Sum}
	change := delta.Between(rows, n.rows)
	plain, err := delta.EncodePlain(change)
	if err == nil {
		d.Plain, err = n.save(ctx, plain)
	}
	if err != nil {
		return d, err
	}
	dict, err := delta.EncodeDict(change, rows)
	if err != nil || len(dict.Bytes) >= len(plain.Bytes) {
		return d, err
	}
	o, err := n.save(ctx, dict)
	d.Dict = &o
	return d, err
}

// part of a base's bytes that deltas behind it may have before there is a new one.
const part = 10

// base writes a new base when there is none that leads to the head, or when the
// way from it has become long.
func (n *next) base(ctx context.Context, h *wire.Head) error {
	route, ok := h.Route(h.Base.Version, plainSize)
	bytes := int64(0)
	for _, d := range route {
		bytes += d.Plain.Size
	}
	if ok && h.Base.Size > 0 && bytes <= h.Base.Size/part {
		return nil
	}
	packed, err := packBase(n.rows)
	if err != nil {
		return err
	}
	o, err := n.save(ctx, packed)
	h.Base = wire.Base{Object: o, Version: h.Version, Rows: h.Rows, Sum: h.Sum}
	return err
}
