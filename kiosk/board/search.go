package board

import (
	"context"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// Search returns a page of the open postings that fulfil the query, the number
// of all of them, and the counts of what each further filter would leave. A
// query without a time is asked for now. Postings come without descriptions;
// when one cannot be read for the excerpt of a hit, the hit comes without it.
// Pages of more than 200 have no hits.
func (b *Board) Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error) {
	s := b.snap.Load()
	r := s.work()
	defer s.room.Put(r)
	f := newFilter(s, q)
	words := wantedWords(q)
	c, pass := f.count(words, r)
	items := s.page(q, words, pass, r)
	if q.Hits {
		b.addHits(ctx, found{s, r.rows, items}, words)
	}
	return kiosk.Results{Total: c.total, Items: items, Facets: c.facets(s)}, nil
}

// Candidates returns all open postings that fulfil the query's filters, in the
// order of their ids, without descriptions. Text, order and page are ignored.
func (b *Board) Candidates(q kiosk.Query) []kiosk.Posting {
	s := b.snap.Load()
	r := s.work()
	defer s.room.Put(r)
	f := newFilter(s, q)
	pass := r.set()
	copy(pass, s.open(f.now))
	f.bound(pass, r)
	for _, p := range f.passing(r) {
		pass.And(p.set)
	}
	var out []kiosk.Posting
	if n := pass.Count(); n > 0 {
		out = make([]kiosk.Posting, 0, n)
	}
	for _, i := range s.byID.Rows {
		if pass.Has(int(i)) {
			out = append(out, s.posting(i))
		}
	}
	return out
}

// filter is a query made ready.
type filter struct {
	s        *snapshot
	now      time.Time
	area     kiosk.Area
	areas    []bool // by row.area: within area
	within   float64
	near     kiosk.Point    // that distances are measured from; unknown: from the site
	from     *index.Nearest // of near; nil: the site
	channels uint           // bits; 0: any
	trades   []bool
	prefix   string
	codes    []bool // by row.code: within prefix
	pay      kiosk.Fen
	meets    []bool // by row.asked; nil: any
	shifts   kiosk.Shifts
	benefits kiosk.Benefits
	lawful   kiosk.Shifts
	since    int64 // Unix seconds; 0: any time
	like     string
	fold     bool
}

// table makes a table of the values that pass.
func table[T any](values []T, pass func(T) bool) []bool {
	all := make([]bool, len(values))
	for i, v := range values {
		all[i] = pass(v)
	}
	return all
}

func newFilter(s *snapshot, q kiosk.Query) *filter {
	f := &filter{
		s: s, now: q.Now, area: q.Area, within: q.Within, prefix: q.Occupation,
		pay: q.PayAtLeast, shifts: q.Shifts, benefits: q.Benefits,
		since: seconds(q.Since), lawful: q.Lawful, like: q.Like, fold: q.Fold,
	}
	if f.now.IsZero() {
		f.now = time.Now()
	}
	if q.Near.Known() {
		f.near, f.from = q.Near, s.from(q.Near)
	}
	if f.area != "" {
		f.areas = table(s.areas, func(a kiosk.Area) bool { return a.Within(f.area) })
	}
	if f.prefix != "" {
		f.codes = table(s.codes, func(c string) bool { return codeWithin(c, f.prefix) })
	}
	for _, c := range q.Channels {
		// A channel that there is not is asked for too: nothing has it.
		f.channels |= 1 << uint(len(kiosk.Channels()))
		if i := slices.Index(kiosk.Channels(), c); i >= 0 {
			f.channels |= 1 << uint(i)
		}
	}
	if len(q.Trades) > 0 {
		f.trades = table(s.trades, func(t kiosk.Trade) bool { return slices.Contains(q.Trades, t) })
	}
	if q.Education != kiosk.AnySchooling {
		f.meets = table(asked, q.Education.Meets)
	}
	return f
}

// The filters, as bits of what a row fails.
const (
	failArea = 1 << iota
	failWithin
	failChannel
	failTrade
	failOccupation
	failPay
	failEducation
	failShifts
	failBenefits
)

// row is a row with the distance that the query asks for.
func (f *filter) row(i int32) row {
	r := f.s.rows[i]
	if f.from != nil {
		r.setMetres(f.s.metres(i, f.near))
	}
	return r
}

// test returns the filters that the row fails.
func (f *filter) test(r *row) (fail int) {
	add := func(failed bool, bit int) {
		if failed {
			fail |= bit
		}
	}
	add(f.area != "" && !f.areas[r.area], failArea)
	add(f.within > 0 && (r.metres < 0 || r.metres > f.within), failWithin)
	add(f.channels != 0 && f.channels&(1<<r.channel) == 0, failChannel)
	add(f.trades != nil && !f.trades[r.trade], failTrade)
	add(f.prefix != "" && !f.codes[r.code], failOccupation)
	add(f.pay > 0 && r.high < f.pay, failPay)
	add(f.meets != nil && !f.meets[r.asked], failEducation)
	add(f.shifts != 0 && r.shifts&f.shifts == 0, failShifts)
	add(r.benefits&f.benefits != f.benefits, failBenefits)
	return fail
}

// bound leaves in set what no facet goes beyond.
func (f *filter) bound(set index.Bits, r *room) {
	if f.lawful != 0 {
		set.And(union(f.s.sets.shifts, r, func(i int) bool { return f.lawful>>i&1 != 0 }))
	}
	if f.since != 0 {
		for i := range f.s.facts {
			if f.s.facts[i].arrived <= f.since {
				set.Clear(i)
			}
		}
	}
	if f.like != "" {
		set.And(f.s.folds.like(f.s.find(f.like), r))
	}
}

func codeWithin(code, prefix string) bool {
	return strings.HasPrefix(code, prefix) && (len(code) == len(prefix) || code[len(prefix)] == '-')
}
