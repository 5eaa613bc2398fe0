package wire

import "slices"

// Route is the deltas that lead from a version to that of the head, in order, with
// the fewest bytes of which size tells for each. None and true: from is the
// version of the head. False: no deltas lead there, take the base.
func (h *Head) Route(from Version, size func(Delta) int64) ([]Delta, bool) {
	type step struct {
		delta Delta
		bytes int64
	}
	// Every delta leads upward, so what lies behind its end is known before it.
	sorted := slices.SortedFunc(slices.Values(h.Deltas), func(a, b Delta) int { return b.From.Compare(a.From) })
	best := map[Version]step{h.Version: {}}
	for _, d := range sorted {
		rest, ok := best[d.To]
		if !ok {
			continue
		}
		bytes := rest.bytes + size(d)
		if s, ok := best[d.From]; !ok || bytes < s.bytes {
			best[d.From] = step{d, bytes}
		}
	}
	var route []Delta
	for from != h.Version {
		s, ok := best[from]
		if !ok {
			return nil, false
		}
		route = append(route, s.delta)
		from = s.delta.To
	}
	return route, true
}
