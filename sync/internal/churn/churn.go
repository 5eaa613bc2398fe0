// Package churn invents the days of a board, so that what keeps boards in step can
// be tested and measured: from the demonstration's postings, some come, some go,
// some are edited, and many get nothing but a new refresh date.
package churn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// Day is how many postings change in a day.
type Day struct {
	New, Gone, Edited int
	Dated             int // only a new refresh date; at most, for those past their end get none
	// OwnMinute is how many of the dated ones have a minute of their own; all
	// others have the same time of the day.
	OwnMinute int
}

// Board is a board and the postings that are still to come to it.
type Board struct {
	*rand.Rand
	now      time.Time
	postings []kiosk.Posting // ascending by id
	to       []kiosk.Posting
}

// New invents a board of n postings at the time now, and more that come later from
// the same employers. The same arguments give the same days.
func New(now time.Time, n, more int, seed uint64) *Board {
	all := demo.Postings(now, n+more, seed)
	return &Board{rand.New(rand.NewPCG(seed, 0x636875726e)), now, all[:n:n], all[n:]}
}

// Now is the time of the board.
func (b *Board) Now() time.Time { return b.now }

// Postings are the board, ascending by id.
func (b *Board) Postings() []kiosk.Posting { return b.postings }

// Rows is the board as rows.
func (b *Board) Rows() (delta.Rows, error) {
	rows := make(delta.Rows, 0, len(b.postings))
	for i := range b.postings {
		r, err := wire.RowOf(&b.postings[i])
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// Next is the board a day later. It fails when too few postings are left.
func (b *Board) Next(d Day) error {
	if d.New > len(b.to) || d.Gone+d.Edited > len(b.postings) || d.OwnMinute > d.Dated {
		return fmt.Errorf("churn: no such day: %+v of %d postings and %d to come", d, len(b.postings), len(b.to))
	}
	b.now = b.now.AddDate(0, 0, 1)
	next := slices.Clone(b.postings)
	hit := b.Perm(len(next))
	gone, edited, rest := hit[:d.Gone], hit[d.Gone:][:d.Edited], hit[d.Gone+d.Edited:]
	for _, i := range edited {
		b.edit(&next[i])
	}
	b.date(next, rest, d)
	for _, i := range gone {
		next[i].ID = ""
	}
	next = slices.DeleteFunc(next, func(p kiosk.Posting) bool { return p.ID == "" })
	b.postings, b.to = append(next, b.to[:d.New]...), b.to[d.New:]
	slices.SortFunc(b.postings, func(a, c kiosk.Posting) int {
		if a.ID < c.ID {
			return -1
		}
		return 1
	})
	return nil
}

// date gives new refresh dates to those of the postings that are still open.
func (b *Board) date(postings []kiosk.Posting, which []int, d Day) {
	n := 0
	for _, i := range which {
		if p := &postings[i]; n < d.Dated && p.Open(b.now) {
			p.Refreshed = b.now
			if n < d.OwnMinute {
				p.Refreshed = b.now.Add(-time.Duration(1+b.IntN(8*60)) * time.Minute)
			}
			n++
		}
	}
}

// edit changes what employers change: the number of people, the pay, how long it
// is open, the hours, what is asked.
func (b *Board) edit(p *kiosk.Posting) {
	was := *p
	other := &b.postings[b.IntN(len(b.postings))]
	for was == *p {
		switch b.IntN(5) {
		case 0:
			p.Headcount = 1 + b.IntN(30)
		case 1:
			p.ValidThrough = p.ValidThrough.AddDate(0, 0, 7+b.IntN(30))
		case 2:
			p.Pay.Min += kiosk.Yuan(100)
			p.Pay.Max = max(p.Pay.Max, p.Pay.Min+kiosk.Yuan(100))
			p.Pay.Original = fmt.Sprintf("%d–%d元", p.Pay.Min/100, p.Pay.Max/100)
			if p.Check() != nil {
				p.Pay = was.Pay
			}
		case 3:
			p.Hours = other.Hours
		case 4:
			p.Requirements = other.Requirements
		}
	}
}
