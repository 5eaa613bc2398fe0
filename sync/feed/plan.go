package feed

import (
	"slices"

	"jobhome/sync/wire"
)

// perGet is what a question costs beside its bytes: two small files are better
// than three that have a little less together.
const perGet = 2 << 10

// edge is one way from a version to another: a delta, or the base.
type edge struct {
	from, to wire.Version
	cost     int64
	delta    *wire.Delta // nil: the base
}

// key names what an edge fetches.
func (e *edge) key(h *wire.Head) wire.Hash {
	if e.delta == nil {
		return h.Base.Hash
	}
	return e.delta.Plain.Hash
}

// plan is the way to the head's version that costs the fewest bytes; nil: there is
// none. It starts at from, or anew with the base. Ways in dead have failed.
func plan(from wire.Version, h *wire.Head, dead map[wire.Hash]bool) []edge {
	edges := []edge{{from: from, to: h.Base.Version, cost: h.Base.Size + perGet}}
	for i := range h.Deltas {
		d := &h.Deltas[i]
		cost := d.Plain.Size
		if d.Dict != nil {
			cost = min(cost, d.Dict.Size)
		}
		edges = append(edges, edge{d.From, d.To, cost + perGet, d})
	}
	edges = slices.DeleteFunc(edges, func(e edge) bool { return dead[e.key(h)] })
	// Dijkstra's shortest path. There are a few hundred edges at most.
	best := map[wire.Version]int64{from: 0}
	by := map[wire.Version]edge{}
	done := map[wire.Version]bool{}
	for {
		at, found := from, false
		for v, cost := range best {
			if !done[v] && (!found || cost < best[at]) {
				at, found = v, true
			}
		}
		if !found {
			return nil
		}
		if at == h.Version && len(by) > 0 {
			return back(from, at, by)
		}
		done[at] = true
		for _, e := range edges {
			if known, ok := best[e.to]; e.from == at && !done[e.to] && (!ok || best[at]+e.cost < known) {
				best[e.to], by[e.to] = best[at]+e.cost, e
			}
		}
	}
}

// back reads the way from its end.
func back(from, to wire.Version, by map[wire.Version]edge) (way []edge) {
	for at := to; ; {
		e := by[at]
		way = append(way, e)
		if at = e.from; at == from {
			slices.Reverse(way)
			return way
		}
	}
}
