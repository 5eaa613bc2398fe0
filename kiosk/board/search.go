package board

import (
	"context"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
)

// Search returns a page of the open postings that fulfil the query, the number
// of all of them, and the counts of what each further filter would leave. A
// query without a time is asked for now. Postings come without descriptions.
func (b *Board) Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error) {
	s := b.snap.Load()
	hit, err := b.matching(ctx, s, q.Text)
	if err != nil {
		return kiosk.Results{}, err
	}
	f := newFilter(s, q)
	c := newCounter(s)
	pass := make([]bool, len(s.rows))
	for i := range s.rows {
		if hit != nil && !hit[i] {
			continue
		}
		fail, open := f.test(i)
		if !open {
			continue
		}
		pass[i] = fail == 0
		c.count(&s.rows[i], fail)
	}
	return kiosk.Results{Total: c.total, Items: s.page(q, pass), Facets: c.facets(s)}, nil
}

// Candidates returns all open postings that fulfil the query's filters, in the
// order of their ids, without descriptions. Text, order and page are ignored.
func (b *Board) Candidates(q kiosk.Query) []kiosk.Posting {
	s := b.snap.Load()
	f := newFilter(s, q)
	var out []kiosk.Posting
	for i := range s.rows {
		if fail, open := f.test(i); open && fail == 0 {
			out = append(out, s.postings[i])
		}
	}
	return out
}

// filter is a query made ready for a pass over the rows.
type filter struct {
	s        *snapshot
	now      time.Time
	area     kiosk.Area
	within   float64
	channels uint // bits; 0: any
	trades   []bool
	prefix   string
	pay      kiosk.Fen
	meets    []bool // by row.asked; nil: any
	shifts   kiosk.Shifts
	benefits kiosk.Benefits
}

func newFilter(s *snapshot, q kiosk.Query) *filter {
	f := &filter{
		s: s, now: q.Now, area: q.Area, within: q.Within, prefix: q.Occupation,
		pay: q.PayAtLeast, shifts: q.Shifts, benefits: q.Benefits,
	}
	if f.now.IsZero() {
		f.now = time.Now()
	}
	for _, c := range q.Channels {
		// A channel that there is not is asked for too: nothing has it.
		f.channels |= 1 << uint(len(kiosk.Channels()))
		if i := slices.Index(kiosk.Channels(), c); i >= 0 {
			f.channels |= 1 << uint(i)
		}
	}
	if len(q.Trades) > 0 {
		f.trades = make([]bool, len(s.trades))
		for i, t := range s.trades {
			f.trades[i] = slices.Contains(q.Trades, t)
		}
	}
	if q.Education != kiosk.AnySchooling {
		f.meets = make([]bool, len(asked))
		for i, a := range asked {
			f.meets[i] = q.Education.Meets(a)
		}
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

// test returns the filters that the row fails, and whether it is open at all.
func (f *filter) test(i int) (fail int, open bool) {
	r := &f.s.rows[i]
	if !r.open(f.now) {
		return 0, false
	}
	add := func(failed bool, bit int) {
		if failed {
			fail |= bit
		}
	}
	add(f.area != "" && !f.s.postings[i].Area.Within(f.area), failArea)
	add(f.within > 0 && (r.metres < 0 || r.metres > f.within), failWithin)
	add(f.channels != 0 && f.channels&(1<<r.channel) == 0, failChannel)
	add(f.trades != nil && !f.trades[r.trade], failTrade)
	add(f.prefix != "" && !codeWithin(f.s.postings[i].Occupation.Code, f.prefix), failOccupation)
	add(f.pay > 0 && r.high < f.pay, failPay)
	add(f.meets != nil && !f.meets[r.asked], failEducation)
	add(f.shifts != 0 && r.shifts&f.shifts == 0, failShifts)
	add(r.benefits&f.benefits != f.benefits, failBenefits)
	return fail, true
}

func codeWithin(code, prefix string) bool {
	return strings.HasPrefix(code, prefix) && (len(code) == len(prefix) || code[len(prefix)] == '-')
}

// page walks the rows in the query's order and takes the page's.
func (s *snapshot) page(q kiosk.Query, pass []bool) []kiosk.Item {
	skip, want := max(0, q.Offset), max(0, q.Limit)
	var items []kiosk.Item
	take := func(order []int32, also func(int32) bool) {
		for _, i := range order {
			if len(items) == want {
				return
			}
			if !pass[i] || also != nil && !also(i) {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			items = append(items, kiosk.Item{Posting: s.postings[i], Metres: s.rows[i].metres})
		}
	}
	switch q.Sort {
	case kiosk.SortPay:
		take(s.pay, nil)
	case kiosk.SortNewest:
		take(s.newest, nil)
	case kiosk.SortNearest:
		take(s.nearest, nil)
	default:
		words := queryWords(q.Text)
		for n := len(words); n >= 0; n-- {
			take(s.nearest, func(i int32) bool { return len(words) == 0 || wordsIn(s.rows[i].title, words) == n })
		}
	}
	return items
}

// wordsIn counts the words that the title holds.
func wordsIn(title string, words []string) (n int) {
	for _, w := range words {
		if strings.Contains(title, w) {
			n++
		}
	}
	return n
}
