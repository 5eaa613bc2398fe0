package board

import (
	"math/bits"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// marks are the values of facets, a bit each. A group has the marks of those of
// its rows that count for the facet, and is counted once for each.
type marks struct {
	few    uint64 // in the order of the parts below
	trades uint64 // by row.trade, which [kiosk.Occupation.Trade] keeps below 64
}

// The parts of marks.few: where the bits of each facet begin.
var (
	marksChannel   = 0
	marksPay       = marksChannel + len(kiosk.Channels())
	marksSchool    = marksPay + len(kiosk.PayBands())
	marksShifts    = marksSchool + len(kiosk.Educations())
	marksBenefits  = marksShifts + len(kiosk.AllShifts.Each())
	marksDistances = marksBenefits + len(kiosk.AllBenefits.Each())
	marksTown      = marksDistances + len(kiosk.DistanceBands()) // that it counts for its town
	marksTotal     = marksTown + 1                               // that it passes all filters
)

// ones is the bits from one place up to another.
func ones(from, to int) uint64 { return 1<<to - 1<<from }

// marksOf is what a row counts for that passes all filters.
func marksOf(r *row) marks {
	few := uint64(1) << marksTown
	few |= 1 << marksTotal
	few |= 1 << (marksChannel + int(r.channel))
	few |= ones(marksPay, marksPay+int(r.pay))
	few |= schooling[r.asked] << marksSchool
	few |= uint64(r.shifts&kiosk.AllShifts) << marksShifts
	few |= uint64(r.benefits&kiosk.AllBenefits) << marksBenefits
	if r.metres >= 0 {
		few |= ones(marksDistances+int(r.near), marksTown)
	}
	return marks{few, 1 << r.trade}
}

// schooling is, for each level asked for, the levels that fulfil it, as bits in
// the order of kiosk.Educations.
var schooling = func() []uint64 {
	all := make([]uint64, len(asked))
	for i, a := range asked {
		for bit, e := range kiosk.Educations() {
			if e.Meets(a) {
				all[i] |= 1 << bit
			}
		}
	}
	return all
}()

// counted is the marks that a row keeps which fails one filter, or none: those
// of that filter's facet, or all.
func counted(fail int) marks {
	part := func(from, to int) marks { return marks{few: ones(from, to)} }
	switch fail {
	case 0:
		return marks{^uint64(0), ^uint64(0)}
	case failChannel:
		return part(marksChannel, marksPay)
	case failPay:
		return part(marksPay, marksSchool)
	case failEducation:
		return part(marksSchool, marksShifts)
	case failShifts:
		return part(marksShifts, marksBenefits)
	case failBenefits:
		return part(marksBenefits, marksDistances)
	case failWithin:
		return part(marksDistances, marksTown)
	case failArea:
		return part(marksTown, marksTotal)
	case failTrade:
		return marks{0, ^uint64(0)}
	}
	return marks{} // it has no facet, or more than one is failed
}

// mark gives a row's group the marks of the row that count.
func (f *filter) mark(row int32, counts marks, r *room) {
	m := f.s.folds.marks[row]
	if f.from != nil {
		w := f.row(row) // whose distance is another one
		m = marksOf(&w)
	}
	m.few &= counts.few
	m.trades &= counts.trades
	if m == (marks{}) {
		return
	}
	group := f.s.folds.of[row]
	have := &r.marks[group]
	if *have == (marks{}) {
		r.touched = append(r.touched, group)
	}
	have.few |= m.few
	have.trades |= m.trades
}

// markSet marks all rows of a set that have a group.
func (f *filter) markSet(set index.Bits, fail int, r *room) {
	counts := counted(fail)
	if counts == (marks{}) {
		return
	}
	many := f.s.folds.many
	for at, w := range set {
		for w &= many[at]; w != 0; w &= w - 1 {
			f.mark(int32(at<<6+bits.TrailingZeros64(w)), counts, r)
		}
	}
}

// addGroups counts each group once for each of its marks, and wipes them.
func (c *counter) addGroups(s *snapshot, r *room) {
	var counts [64]int
	var block [64]uint64
	n := 0
	flush := func() {
		clear(block[n:])
		transpose(&block)
		for bit, w := range block {
			counts[bit] += bits.OnesCount64(w)
		}
		n = 0
	}
	for _, group := range r.touched {
		m := &r.marks[group]
		for t := m.trades; t != 0; t &= t - 1 {
			c.trades[bits.TrailingZeros64(t)]++
		}
		if town := s.folds.town[group]; town >= 0 && m.few>>marksTown&1 != 0 {
			c.towns[town]++
		}
		block[n] = m.few
		if n++; n == len(block) {
			flush()
		}
		*m = marks{}
	}
	flush()
	r.touched = r.touched[:0]
	add := func(to []int, from int) {
		for i := range to {
			to[i] += counts[from+i]
		}
	}
	c.total += counts[marksTotal]
	add(c.channels, marksChannel)
	add(c.pay, marksPay)
	add(c.schools, marksSchool)
	add(c.shifts, marksShifts)
	add(c.benefits, marksBenefits)
	add(c.distances, marksDistances)
}

// transpose turns 64 words of 64 bits about their diagonal, so that word i has
// bit i of each. Warren, Hacker's Delight, 7-3.
func transpose(m *[64]uint64) {
	mask := uint64(1)<<32 - 1
	for j := 32; j != 0; j, mask = j>>1, mask^mask<<(j>>1) {
		for k := 0; k < 64; k = (k + j + 1) &^ j {
			t := (m[k]>>j ^ m[k+j]) & mask
			m[k] ^= t << j
			m[k+j] ^= t
		}
	}
}
