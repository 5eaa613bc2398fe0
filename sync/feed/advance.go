package feed

import (
	"context"
	"time"

	"jobhome/sync/wire"
)

// proofLasts is how long a board is relied upon without looking through it.
const proofLasts = 24 * time.Hour

// due tells whether the board must be looked through before it is relied upon.
func (r *round) due() bool {
	return r.st.Current.At != r.at || r.now.Sub(r.st.Proven) >= proofLasts || r.st.Proven.After(r.now)
}

// measure looks through the board when that is due, and tells whether it is the
// hub's. A board that has silently gone another way is found out here.
func (r *round) measure(ctx context.Context, h *wire.Head) (sound bool, err error) {
	if r.at == (wire.Version{}) { // what it shows never came from a feed
		return true, nil
	}
	before := r.st.Current
	if r.due() {
		if r.st.Current, err = r.survey(ctx); err != nil {
			return false, err
		}
		r.st.Proven = r.now
	}
	now := r.st.Current
	if before.At == r.at && (before.Sum != now.Sum || before.Rows != now.Rows) {
		return false, nil
	}
	if sum, ok := sumAt(h, r.at); ok && sum != now.Sum {
		return false, nil
	}
	return true, nil
}

// sumAt is what the head says of a board at a version.
func sumAt(h *wire.Head, v wire.Version) (wire.Sum, bool) {
	switch v {
	case h.Version:
		return h.Sum, true
	case h.Base.Version:
		return h.Base.Sum, true
	}
	for i := range h.Deltas {
		if h.Deltas[i].To == v {
			return h.Deltas[i].Sum, true
		}
	}
	return wire.Sum{}, false
}

// advance brings the board to the head's version: over deltas where that costs
// fewest bytes, by the base where it does, or where deltas do not come out. Every
// step is proven and is a transaction of its own, so that a long way survives a
// power cut.
func (r *round) advance(ctx context.Context, h *wire.Head) error {
	sound, err := r.measure(ctx, h)
	if err != nil {
		return err
	}
	renewed, last := false, error(nil)
	dead := map[wire.Hash]bool{}
	for {
		from := r.at
		if !sound {
			from = wire.Version{} // from where only the base leads
		}
		if from == h.Version {
			if r.st.Current.Sum == h.Sum && r.st.Current.Rows == h.Rows {
				return nil
			}
			if last = refuse(BadSum, "the board is not what the head says of version %s", h.Version); renewed {
				return last
			}
			sound = false
			continue
		}
		way := plan(from, h, dead)
		if way == nil && last == nil {
			return refuse(BadHead, "no way leads from version %s to %s", from, h.Version)
		}
		if way == nil {
			return last
		}
		failed, err := r.follow(ctx, way)
		switch {
		case err == nil && way[0].delta == nil:
			// What failed before may have failed because of the old board.
			sound, renewed = true, true
			dead = map[wire.Hash]bool{h.Base.Hash: true}
		case err == nil:
		case alternative(err):
			dead[failed.key(h)] = true
			last = err
		default:
			return err
		}
	}
}

// follow makes the first step of a way, and returns what failed. Before a whole
// board replaces another, the whole way must be here: the base may be older than
// what it replaces.
func (r *round) follow(ctx context.Context, way []edge) (edge, error) {
	first := way[0]
	if first.delta != nil {
		return first, r.forward(ctx, first.delta)
	}
	for _, e := range way[1:] {
		if _, err := r.object(ctx, e.object(), false); err != nil {
			return e, err
		}
	}
	return first, r.anew(ctx, &r.head.Base)
}
