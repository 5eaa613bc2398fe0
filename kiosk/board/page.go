package board

import (
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// page takes the query's page from the rows that passed, in its order, and
// leaves their numbers in r.rows.
func (s *snapshot) page(q kiosk.Query, words []wanted, pass index.Bits, r *room) []kiosk.Item {
	skip, want := max(0, q.Offset), max(0, q.Limit)
	r.rows = r.rows[:0]
	if want == 0 {
		return nil
	}
	levels, order := []index.Bits{pass}, s.byDistance(q)
	switch q.Sort {
	case kiosk.SortPay:
		order = &s.payOrd
	case kiosk.SortNewest:
		order = &s.newest
	case kiosk.SortNearest:
	default:
		levels = s.byTitle(words, pass, r)
	}
	if q.Fold {
		s.foldedPage(q, order, levels, r)
	} else {
		for n := len(levels) - 1; n >= 0 && len(r.rows) < want; n-- {
			r.rows, skip = order.Page(r.rows, levels[n], skip, want)
		}
	}
	if len(r.rows) == 0 {
		return nil
	}
	items := make([]kiosk.Item, 0, len(r.rows))
	for _, i := range r.rows {
		it := kiosk.Item{Posting: s.posting(i), Metres: s.metres(i, q.Near)}
		if q.Fold {
			it.More = s.folds.others(i, pass)
		}
		items = append(items, it)
	}
	return items
}

// byTitle divides the rows by the number of words that their titles hold. When
// words have meanings, a row that has one by its fields comes between one whose
// title holds the word and one that has it elsewhere.
func (s *snapshot) byTitle(words []wanted, pass index.Bits, r *room) []index.Bits {
	ups := make([]func(found index.Bits), 0, 2*len(words))
	for i := range words {
		w := words[i : i+1]
		inTitle := func(found index.Bits) { s.narrow(found, w, true, r) }
		ups = append(ups, inTitle)
		if w[0].means != nil {
			ups = append(ups, func(found index.Bits) {
				s.narrow(found, w, true, r)
				byField := r.set()
				s.mean(byField, w[0].means, r)
				byField.And(pass)
				found.Or(byField)
				r.used--
			})
		} else if slices.ContainsFunc(words, func(w wanted) bool { return w.means != nil }) {
			ups = append(ups, inTitle) // counts as much as a word with a meaning
		}
	}
	levels := make([]index.Bits, len(ups)+1)
	for i := range levels {
		levels[i] = r.set()
		levels[i].Reset()
	}
	copy(levels[0], pass)
	found, up := r.set(), r.set()
	for i := range ups {
		copy(found, pass)
		ups[i](found)
		for n := i; n >= 0; n-- {
			copy(up, levels[n])
			up.And(found)
			levels[n].AndNot(found)
			levels[n+1].Or(up)
		}
	}
	return levels
}
