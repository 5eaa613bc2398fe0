package feed

import (
	"slices"

	"jobhome/sync/wire"
)

// perGet is what a question costs beside its bytes: two small files are better
// than three that have a little less together.
const perGet = 2 << 10

// edge is one way from a version to another: a delta, or the base.
type edge struct{ delta *wire.Delta } // nil: the base

// key names what an edge fetches.
func (e *edge) key(h *wire.Head) wire.Hash {
	if e.delta == nil {
		return h.Base.Hash
	}
	return e.delta.Plain.Hash
}

// object is what is fetched first for a delta.
func (e *edge) object() wire.Object {
	if e.delta.Dict != nil {
		return *e.delta.Dict
	}
	return e.delta.Plain
}

// price is what a delta costs.
func price(d wire.Delta) int64 {
	size := d.Plain.Size
	if d.Dict != nil {
		size = min(size, d.Dict.Size)
	}
	return size + perGet
}

// plan is the way to the head's version that costs the fewest bytes: over deltas
// from where the board is, or over the base and the deltas behind it; nil: there is
// none. Ways in dead have failed.
func plan(from wire.Version, h *wire.Head, dead map[wire.Hash]bool) []edge {
	alive := *h
	alive.Deltas = slices.DeleteFunc(slices.Clone(h.Deltas), func(d wire.Delta) bool { return dead[d.Plain.Hash] })
	way, cost := edges(alive.Route(from, price))
	if dead[h.Base.Hash] {
		return way
	}
	behind, more := edges(alive.Route(h.Base.Version, price))
	if behind == nil || way != nil && cost <= more+h.Base.Size+perGet {
		return way
	}
	return append([]edge{{nil}}, behind...)
}

// edges are those of a route and what they cost; nil: there is no route.
func edges(route []wire.Delta, ok bool) (way []edge, cost int64) {
	if !ok {
		return nil, 0
	}
	way = []edge{}
	for i := range route {
		way = append(way, edge{&route[i]})
		cost += price(route[i])
	}
	return way, cost
}
