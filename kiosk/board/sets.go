package board

import (
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// sets are the rows that have each value, for the values that are filtered and
// counted by.
type sets struct {
	channels []index.Bits // in the order of kiosk.Channels
	trades   []index.Bits // in that of snapshot.trades; nil when there are too many
	towns    []index.Bits // in that of snapshot.towns; nil when there are too many
	pay      []index.Bits // reaching each band
	asked    []index.Bits // in the order of asked
	shifts   []index.Bits // by bit
	benefits []index.Bits // by bit
	near     []index.Bits // within each distance band
}

// mostSets is the number of values above which a set for each would take more
// memory than it is worth; then rows are counted one by one.
const mostSets = 128

func newSets(s *snapshot) sets {
	n := len(s.rows)
	some := func(count int) []index.Bits {
		all := make([]index.Bits, count)
		for i := range all {
			all[i] = index.NewBits(n)
		}
		return all
	}
	v := sets{
		channels: some(len(kiosk.Channels())), pay: some(len(kiosk.PayBands())), asked: some(len(asked)),
		shifts: some(len(kiosk.AllShifts.Each())), benefits: some(len(kiosk.AllBenefits.Each())),
		near: some(len(kiosk.DistanceBands())),
	}
	if len(s.trades) <= mostSets {
		v.trades = some(len(s.trades))
	}
	if len(s.towns) <= mostSets {
		v.towns = some(len(s.towns))
	}
	for i := range s.rows {
		v.add(i, &s.rows[i])
	}
	return v
}

func (v *sets) add(i int, r *row) {
	v.channels[r.channel].Set(i)
	if v.trades != nil {
		v.trades[r.trade].Set(i)
	}
	if v.towns != nil && r.town >= 0 {
		v.towns[r.town].Set(i)
	}
	for band := range r.pay {
		v.pay[band].Set(i)
	}
	v.asked[r.asked].Set(i)
	for bit := range v.shifts {
		if r.shifts>>bit&1 != 0 {
			v.shifts[bit].Set(i)
		}
	}
	for bit := range v.benefits {
		if r.benefits>>bit&1 != 0 {
			v.benefits[bit].Set(i)
		}
	}
	if r.metres >= 0 {
		for band := int(r.near); band < len(v.near); band++ {
			v.near[band].Set(i)
		}
	}
}

// passing is the set of the rows that pass one filter of a query.
type passing struct {
	fail int // the filter's bit
	set  index.Bits
}

// passing returns the sets of the filters that the query has.
func (f *filter) passing(r *room) []passing {
	var all []passing
	v := &f.s.sets
	one := func(fail int, set index.Bits) { all = append(all, passing{fail, set}) }
	if f.area != "" {
		one(failArea, f.areaSet(r))
	}
	if f.within > 0 && f.from != nil {
		set := r.set()
		set.Fill(len(f.s.rows))
		f.from.Within(set, f.within)
		one(failWithin, set)
	} else if f.within > 0 {
		i := slices.IndexFunc(kiosk.DistanceBands(), func(m int) bool { return float64(m) == f.within })
		one(failWithin, f.known(v.near, i, r, func(w *row) bool { return w.metres >= 0 && w.metres <= f.within }))
	}
	if f.channels != 0 {
		one(failChannel, union(v.channels, r, func(i int) bool { return f.channels>>i&1 != 0 }))
	}
	if f.trades != nil && v.trades != nil {
		one(failTrade, union(v.trades, r, func(i int) bool { return f.trades[i] }))
	} else if f.trades != nil {
		one(failTrade, f.where(r, func(w *row) bool { return f.trades[w.trade] }))
	}
	if f.prefix != "" {
		one(failOccupation, f.where(r, func(w *row) bool { return f.codes[w.code] }))
	}
	if f.pay > 0 {
		i := slices.Index(kiosk.PayBands(), f.pay)
		one(failPay, f.known(v.pay, i, r, func(w *row) bool { return w.high >= f.pay }))
	}
	if f.meets != nil {
		one(failEducation, union(v.asked, r, func(i int) bool { return f.meets[i] }))
	}
	if f.shifts != 0 {
		one(failShifts, union(v.shifts, r, func(i int) bool { return f.shifts>>i&1 != 0 }))
	}
	if f.benefits != 0 {
		set := r.set()
		set.Fill(len(f.s.rows))
		for bit := range 16 {
			switch {
			case f.benefits>>bit&1 == 0:
			case bit < len(v.benefits):
				set.And(v.benefits[bit])
			default:
				set.Reset() // a benefit that there is not: nothing has it
			}
		}
		one(failBenefits, set)
	}
	return all
}

func (f *filter) areaSet(r *room) index.Bits {
	if f.area.Town() == f.area && f.s.sets.towns != nil {
		if i := slices.Index(f.s.towns, f.area); i >= 0 {
			return f.s.sets.towns[i]
		}
	}
	return f.where(r, func(w *row) bool { return f.areas[w.area] })
}

// known returns the i-th set, or for a negative i the rows that pass.
func (f *filter) known(sets []index.Bits, i int, r *room, pass func(*row) bool) index.Bits {
	if i >= 0 {
		return sets[i]
	}
	return f.where(r, pass)
}

func (f *filter) where(r *room, pass func(*row) bool) index.Bits {
	set := r.set()
	set.Reset()
	for i := range f.s.rows {
		if pass(&f.s.rows[i]) {
			set.Set(i)
		}
	}
	return set
}

func union(sets []index.Bits, r *room, in func(int) bool) index.Bits {
	set := r.set()
	set.Reset()
	for i, s := range sets {
		if in(i) {
			set.Or(s)
		}
	}
	return set
}
