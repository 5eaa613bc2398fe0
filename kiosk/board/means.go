package board

import (
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// mean leaves in dst the rows that have the meaning, which is not none.
func (s *snapshot) mean(dst index.Bits, m *kiosk.Meaning, r *room) {
	used := r.used
	dst.Fill(len(s.rows))
	for bit := range 16 {
		switch {
		case m.Benefits>>bit&1 == 0:
		case bit < len(s.sets.benefits):
			dst.And(s.sets.benefits[bit])
		default:
			dst.Reset() // a benefit that there is not
		}
	}
	if m.Shifts != 0 {
		dst.And(union(s.sets.shifts, r, func(i int) bool { return m.Shifts>>i&1 != 0 }))
	}
	if len(m.Channels) > 0 {
		names := kiosk.Channels()
		dst.And(union(s.sets.channels, r, func(i int) bool {
			return i < len(names) && slices.Contains(m.Channels, names[i])
		}))
	}
	if m.Education != kiosk.AnySchooling {
		dst.And(union(s.sets.asked, r, func(i int) bool { return m.Education.Meets(asked[i]) }))
	}
	if len(m.Occupations) > 0 {
		codes := table(s.codes, func(c string) bool {
			return slices.ContainsFunc(m.Occupations, func(p string) bool { return codeWithin(c, p) })
		})
		s.sift(dst, func(i int) bool { return codes[s.rows[i].code] })
	}
	if m.PayAtLeast > 0 {
		s.sift(dst, func(i int) bool { return s.rows[i].high >= m.PayAtLeast })
	}
	if m.Untrained {
		s.sift(dst, func(i int) bool { return s.facts[i].experience == 0 })
	}
	r.used = used
}

// sift leaves in dst those of its rows that pass.
func (s *snapshot) sift(dst index.Bits, pass func(i int) bool) {
	dst.Each(func(i int) {
		if !pass(i) {
			dst.Clear(i)
		}
	})
}

// meant is the hit of a word that a posting has by its fields.
func meant(p *kiosk.Posting, w wanted) (kiosk.Hit, bool) {
	m := w.means
	if m == nil || !m.Fits(p) {
		return kiosk.Hit{}, false
	}
	hit := kiosk.Hit{Word: w.typed, As: w.typed, Field: kiosk.FieldTerms}
	switch {
	case len(m.Occupations) > 0:
		hit.Field, hit.As = kiosk.FieldOccupation, p.Occupation.Name
	case m.Benefits != 0:
		hit.Field = kiosk.FieldBenefit
	case m.Shifts != 0:
		hit.Field = kiosk.FieldShift
	}
	return hit, true
}
