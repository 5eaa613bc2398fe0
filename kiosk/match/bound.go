package match

import (
	"math"

	"jobhome/kiosk"
)

// bound is what no row of a block goes beyond, factor by factor. Where a factor
// has few values it is the set of those that occur, so that its best points
// are exact; pay, benefits and distance give more points the more there is of
// them, so that the greatest value bounds them. A test holds that they do.
type bound struct {
	metres    float64 // of the nearest known place; +Inf: none is known
	published int64   // of the latest, Unix seconds
	trades    uint64  // set of classes
	shifts    uint32  // set of values of the column, which are sets themselves
	low, high int32   // the greatest of each; -1: no row has a figure
	valid     uint32  // of the one that is shown longest
	education uint16  // set of indices into levels
	terms     uint16  // set of classes
	benefits  kiosk.Benefits
	lowest    uint16 // the first and the last occupation, as rows are sorted by it
	highest   uint16
	months    uint16             // the least experience asked for
	papers    kiosk.Certificates // what every row asks for
	nowhere   bool               // a row's place is not known
	noPay     bool               // a row has no figure
	noPerks   bool               // a row lists no benefits
}

func unbound() bound {
	return bound{
		metres: math.Inf(1), published: math.MinInt64, low: -1, high: -1,
		lowest: math.MaxUint16, months: math.MaxUint16, papers: kiosk.AllCertificates,
	}
}

// row widens the bound to hold row i.
func (b *bound) row(t *Table, i int) {
	c := &t.cols
	if m := c.metres[i]; m >= 0 {
		b.metres = min(b.metres, m)
	} else {
		b.nowhere = true
	}
	b.published = max(b.published, t.posts[c.post[i]].Published.Unix())
	b.trades |= 1 << c.trade[i]
	b.shifts |= 1 << c.shifts[i]
	b.low, b.high = max(b.low, c.low[i]), max(b.high, c.high[i])
	b.noPay = b.noPay || c.high[i] < 0
	b.valid = max(b.valid, c.valid[i])
	b.education |= 1 << c.education[i]
	b.terms |= 1 << c.term[i]
	b.benefits |= c.benefits[i]
	b.noPerks = b.noPerks || c.benefits[i] == 0
	b.lowest, b.highest = min(b.lowest, c.work[i]), max(b.highest, c.work[i])
	b.months = min(b.months, c.months[i])
	b.papers &= c.papers[i]
}

// join widens the bound to hold all that o holds.
func (b *bound) join(o *bound) {
	b.metres = min(b.metres, o.metres)
	b.published = max(b.published, o.published)
	b.trades |= o.trades
	b.shifts |= o.shifts
	b.low, b.high = max(b.low, o.low), max(b.high, o.high)
	b.valid = max(b.valid, o.valid)
	b.education |= o.education
	b.terms |= o.terms
	b.benefits |= o.benefits
	b.nowhere = b.nowhere || o.nowhere
	b.noPay = b.noPay || o.noPay
	b.noPerks = b.noPerks || o.noPerks
	b.lowest, b.highest = min(b.lowest, o.lowest), max(b.highest, o.highest)
	b.months = min(b.months, o.months)
	b.papers &= o.papers
}

// bind makes the bounds of the blocks, and of every fan of them, until one
// level has no more than a fan.
func (t *Table) bind() {
	n := len(t.cols.post)
	blocks := make([]bound, (n+blockRows-1)/blockRows)
	for k := range blocks {
		blocks[k] = unbound()
		for i := k * blockRows; i < min(n, (k+1)*blockRows); i++ {
			blocks[k].row(t, i)
		}
	}
	t.levels = [][]bound{blocks}
	for below := blocks; len(below) > fan; {
		above := make([]bound, (len(below)+fan-1)/fan)
		for k := range above {
			above[k] = unbound()
			for i := k * fan; i < min(len(below), (k+1)*fan); i++ {
				above[k].join(&below[i])
			}
		}
		t.levels = append(t.levels, above)
		below = above
	}
}
