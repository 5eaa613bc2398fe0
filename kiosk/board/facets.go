package board

import (
	"math/bits"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// counter holds the counts for the facets in arrays; facets turns them into
// maps.
type counter struct {
	total     int
	channels  []int
	trades    []int
	towns     []int
	pay       []int // reaching each band
	asked     []int
	shifts    []int
	benefits  []int
	distances []int // within each band
	schools   []int // groups, in the order of kiosk.Educations; rows are counted in asked
}

func newCounter(s *snapshot) *counter {
	v := &s.sets
	return &counter{
		channels: make([]int, len(v.channels)), trades: make([]int, len(s.trades)), towns: make([]int, len(s.towns)),
		pay: make([]int, len(v.pay)), asked: make([]int, len(v.asked)), shifts: make([]int, len(v.shifts)),
		benefits: make([]int, len(v.benefits)), distances: make([]int, len(v.near)),
		schools: make([]int, len(kiosk.Educations())),
	}
}

// sparse says when rows are counted one by one: when they are fewer than one in
// sparse of all. Otherwise sets are counted, which takes the same time however
// many rows are in them.
const sparse = 64

// count returns the counts for the facets and the rows that pass all filters.
// Of a folded list, what is counted are groups; the rows are all the same.
func (f *filter) count(words []wanted, r *room) (*counter, index.Bits) {
	base := f.base(words, r)
	if base.Count() < len(f.s.rows)/sparse {
		return f.countRows(base, r)
	}
	return f.countSets(base, r)
}

// base is the rows that hold the words and are within what no facet goes beyond.
func (f *filter) base(words []wanted, r *room) index.Bits {
	base := r.set()
	copy(base, f.s.open(f.now))
	f.bound(base, r)
	f.s.narrow(base, words, false, r)
	return base
}

// countRows looks at every row of base.
func (f *filter) countRows(base index.Bits, r *room) (*counter, index.Bits) {
	c := newCounter(f.s)
	r.rows = base.Rows(r.rows[:0])
	for _, i := range r.rows {
		w := f.row(i)
		fail := f.test(&w)
		if f.fold && f.s.folds.of[i] >= 0 {
			f.mark(i, counted(fail), r)
		} else {
			c.row(&w, fail)
		}
		if fail != 0 {
			base.Clear(int(i))
		}
	}
	c.addGroups(f.s, r)
	return c, base
}

// countSets counts what base has in common with every set.
func (f *filter) countSets(base index.Bits, r *room) (*counter, index.Bits) {
	c, filters := newCounter(f.s), f.passing(r)
	pass := r.set()
	copy(pass, base)
	for _, p := range filters {
		pass.And(p.set)
	}
	v := &f.s.sets
	if f.fold {
		f.markSet(pass, 0, r)
	}
	all := f.alone(pass, r)
	c.total = all.Count()
	// left returns the rows that pass all filters but one.
	left := func(fail int) index.Bits {
		if !slices.ContainsFunc(filters, func(p passing) bool { return p.fail == fail }) {
			return all
		}
		left := r.set()
		copy(left, base)
		for _, p := range filters {
			if p.fail != fail {
				left.And(p.set)
			}
		}
		if f.fold {
			marked := r.set()
			copy(marked, left)
			marked.AndNot(pass) // which has all marks already
			f.markSet(marked, fail, r)
		}
		return f.alone(left, r)
	}
	count := func(counts []int, sets []index.Bits, fail int) index.Bits {
		rows := left(fail)
		for i, set := range sets {
			counts[i] = rows.CountAnd(set)
		}
		return rows
	}
	count(c.channels, v.channels, failChannel)
	count(c.pay, v.pay, failPay)
	count(c.asked, v.asked, failEducation)
	count(c.shifts, v.shifts, failShifts)
	count(c.benefits, v.benefits, failBenefits)
	f.countDistances(c.distances, left(failWithin), r)
	if rows := count(c.trades, v.trades, failTrade); v.trades == nil {
		rows.Each(func(i int) { c.trades[f.s.rows[i].trade]++ })
	}
	if rows := count(c.towns, v.towns, failArea); v.towns == nil {
		rows.Each(func(i int) {
			if town := f.s.rows[i].town; town >= 0 {
				c.towns[town]++
			}
		})
	}
	c.addGroups(f.s, r)
	return c, pass
}

// alone returns the rows of a set that are counted one by one: of a folded list
// those without a group.
func (f *filter) alone(set index.Bits, r *room) index.Bits {
	if !f.fold {
		return set
	}
	rest := r.set()
	copy(rest, set)
	rest.AndNot(f.s.folds.many)
	return rest
}

// countDistances counts the rows within each band of the site or of the query's
// own place; there the farthest band comes first, and the nearer ones in it.
func (f *filter) countDistances(counts []int, rows index.Bits, r *room) {
	if f.from == nil {
		for i, set := range f.s.sets.near {
			counts[i] = rows.CountAnd(set)
		}
		return
	}
	set := r.set()
	copy(set, rows)
	bands := kiosk.DistanceBands()
	for i := len(bands) - 1; i >= 0; i-- {
		f.from.Within(set, float64(bands[i]))
		counts[i] = set.Count()
	}
}

// row counts a row that fails the given filters. It counts for a facet when
// the facet's own filter is the only one that it fails, or it fails none.
func (c *counter) row(r *row, fail int) {
	if fail == 0 {
		c.total++
	}
	if fail&^failChannel == 0 {
		c.channels[r.channel]++
	}
	if fail&^failTrade == 0 {
		c.trades[r.trade]++
	}
	if fail&^failArea == 0 && r.town >= 0 {
		c.towns[r.town]++
	}
	if fail&^failPay == 0 {
		for i := range r.pay {
			c.pay[i]++
		}
	}
	if fail&^failEducation == 0 {
		c.asked[r.asked]++
	}
	if fail&^failShifts == 0 {
		for i := range c.shifts {
			c.shifts[i] += int(r.shifts >> i & 1)
		}
	}
	if fail&^failBenefits == 0 {
		for i := range c.benefits {
			c.benefits[i] += int(r.benefits >> i & 1)
		}
	}
	if fail&^failWithin == 0 && r.metres >= 0 {
		for i := int(r.near); i < len(c.distances); i++ {
			c.distances[i]++
		}
	}
}

func (c *counter) facets(s *snapshot) kiosk.Facets {
	f := kiosk.Facets{
		Channels: map[kiosk.Channel]int{}, Trades: map[kiosk.Trade]int{}, Towns: map[kiosk.Area]int{},
		Pay: map[kiosk.Fen]int{}, Educations: map[kiosk.Education]int{}, Shifts: map[kiosk.Shifts]int{},
		Benefits: map[kiosk.Benefits]int{}, Distances: map[int]int{},
	}
	for i, ch := range kiosk.Channels() {
		f.Channels[ch] = c.channels[i]
	}
	for i, n := range c.trades {
		if n > 0 {
			f.Trades[s.trades[i]] = n
		}
	}
	for i, n := range c.towns {
		if n > 0 {
			f.Towns[s.towns[i]] = n
		}
	}
	for i, band := range kiosk.PayBands() {
		f.Pay[band] = c.pay[i]
	}
	for n, e := range kiosk.Educations() {
		f.Educations[e] = c.schools[n]
		for i, a := range asked {
			if e.Meets(a) {
				f.Educations[e] += c.asked[i]
			}
		}
	}
	for _, sh := range kiosk.AllShifts.Each() {
		f.Shifts[sh] = c.shifts[bits.TrailingZeros(uint(sh))]
	}
	for _, be := range kiosk.AllBenefits.Each() {
		f.Benefits[be] = c.benefits[bits.TrailingZeros(uint(be))]
	}
	for i, d := range kiosk.DistanceBands() {
		f.Distances[d] = c.distances[i]
	}
	return f
}
