package feed

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// Bounds of the lane of revocations. A lane that takes more than half of a board
// down is a mistake, or worse; a hub that means it publishes a version.
const (
	maxLane   = 8 << 20 // bytes, packed and unpacked
	fewAtOnce = 20      // rows that may always be taken down at once
)

// atOnce is how many rows a board is asked for at once.
const atOnce = 256

// revoke fetches the lane and takes down what it names, before anything else and
// whatever it costs. When this returns without error, nothing that the lane names
// is on the board.
func (r *round) revoke(ctx context.Context, h *wire.Head) error {
	r.lane = map[string]bool{}
	for id := range r.st.Current.Hidden {
		r.lane[id] = true
	}
	if h.Revoked.Count > 0 {
		if err := r.readLane(ctx, h.Revoked); err != nil {
			return err
		}
	}
	return r.sweep(ctx)
}

// sweep takes everything off the board that must not be there.
func (r *round) sweep(ctx context.Context) error {
	ids, err := r.to.IDs(ctx)
	if err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	var gone []string
	for _, id := range ids {
		if r.lane[id] {
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if wide := len(gone) - len(r.st.Current.Hidden); wide > fewAtOnce && wide > len(ids)/2 {
		return refuse(WideLane, "the lane would take down %d of %d postings", wide, len(ids))
	}
	// What is hidden is written down first: the sum needs it when the power goes
	// between the two.
	if err := r.hide(ctx, gone); err != nil {
		return err
	}
	if err := r.to.Apply(ctx, Change{Upsert: none, Remove: gone, At: r.now}); err != nil {
		return as(Local, fmt.Errorf("feed: take postings down: %w", err))
	}
	r.rep.Revoked += len(gone)
	return nil
}

// TakeDown takes postings down that the hub has named in an ack, which the caller
// has checked: for a terminal whose source is frozen, or that has none. The lane of
// the next head is expected to name them too.
func (c *Client) TakeDown(ctx context.Context, ids []string) Report {
	return c.guard(ctx, nil, func(r *round) error {
		r.lane = map[string]bool{}
		for _, id := range ids {
			r.lane[id] = true
		}
		return r.sweep(ctx)
	})
}

func (r *round) readLane(ctx context.Context, v wire.Revoked) error {
	if v.Size > maxLane || v.Raw > maxLane {
		return refuse(BadHead, "the lane has %d bytes, unpacked %d, more than %d", v.Size, v.Raw, int64(maxLane))
	}
	path, err := r.object(ctx, v.Object, true)
	if err != nil {
		return err
	}
	packed, err := os.ReadFile(path)
	if err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	ids, err := delta.DecodeRevoked(packed, v.Raw)
	if err != nil {
		return as(BadObject, err)
	}
	if len(ids) != v.Count {
		return refuse(BadObject, "the lane has %d ids and should have %d", len(ids), v.Count)
	}
	for _, id := range ids {
		r.lane[id] = true
	}
	return nil
}

// hide remembers what rows that are about to go add to the sum of their version.
func (r *round) hide(ctx context.Context, gone []string) error {
	all := hidden{}
	maps.Copy(all, r.st.Current.Hidden)
	for ids := range slices.Chunk(gone, atOnce) {
		rows, err := r.to.Rows(ctx, ids)
		if err != nil {
			return as(Local, fmt.Errorf("feed: %w", err))
		}
		for _, row := range rows {
			all.add(row)
		}
	}
	r.st.Current.Hidden = all
	return r.keep()
}
