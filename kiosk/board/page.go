package board

import (
	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// page takes the query's page from the rows that passed, in its order.
func (s *snapshot) page(q kiosk.Query, words []string, pass index.Bits, r *room) []kiosk.Item {
	skip, want := max(0, q.Offset), max(0, q.Limit)
	r.rows = r.rows[:0]
	if want == 0 {
		return nil
	}
	switch q.Sort {
	case kiosk.SortPay:
		r.rows, _ = s.payOrd.Page(r.rows, pass, skip, want)
	case kiosk.SortNewest:
		r.rows, _ = s.newest.Page(r.rows, pass, skip, want)
	case kiosk.SortNearest:
		r.rows, _ = s.nearest.Page(r.rows, pass, skip, want)
	default:
		levels := s.byTitle(words, pass, r)
		for n := len(levels) - 1; n >= 0 && len(r.rows) < want; n-- {
			r.rows, skip = s.nearest.Page(r.rows, levels[n], skip, want)
		}
	}
	if len(r.rows) == 0 {
		return nil
	}
	items := make([]kiosk.Item, 0, len(r.rows))
	for _, i := range r.rows {
		items = append(items, kiosk.Item{Posting: s.posting(i), Metres: s.rows[i].metres})
	}
	return items
}

// byTitle divides the rows by the number of words that their titles hold.
func (s *snapshot) byTitle(words []string, pass index.Bits, r *room) []index.Bits {
	levels := make([]index.Bits, len(words)+1)
	for i := range levels {
		levels[i] = r.set()
		levels[i].Reset()
	}
	copy(levels[0], pass)
	found, up := r.set(), r.set()
	for i, w := range words {
		copy(found, pass)
		s.text.NarrowFirst(found, w)
		for n := i; n >= 0; n-- {
			copy(up, levels[n])
			up.And(found)
			levels[n].AndNot(found)
			levels[n+1].Or(up)
		}
	}
	return levels
}
