package board

import (
	"math/bits"

	"jobhome/kiosk"
)

// counter counts rows for the facets in arrays; facets turns them into maps.
type counter struct {
	total     int
	channels  []int
	trades    []int
	towns     []int
	pay       []int // by the number of bands reached
	asked     []int
	shifts    [8]int
	benefits  [16]int
	distances []int // by the number of bands that are too near
	payBands  []kiosk.Fen
	distBands []int
}

func newCounter(s *snapshot) *counter {
	c := &counter{payBands: kiosk.PayBands(), distBands: kiosk.DistanceBands()}
	c.channels = make([]int, len(kiosk.Channels()))
	c.trades = make([]int, len(s.trades))
	c.towns = make([]int, len(s.towns))
	c.pay = make([]int, len(c.payBands)+1)
	c.asked = make([]int, len(asked))
	c.distances = make([]int, len(c.distBands)+1)
	return c
}

// count notes a row that fails the given filters. It counts for a facet when
// the facet's own filter is the only one that it fails, or it fails none.
func (c *counter) count(r *row, fail int) {
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
		n := 0
		for n < len(c.payBands) && r.high >= c.payBands[n] {
			n++
		}
		c.pay[n]++
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
		n := 0
		for n < len(c.distBands) && r.metres > float64(c.distBands[n]) {
			n++
		}
		c.distances[n]++
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
	reached := 0
	for i := len(c.payBands) - 1; i >= 0; i-- {
		reached += c.pay[i+1]
		f.Pay[c.payBands[i]] = reached
	}
	for _, e := range kiosk.Educations() {
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
	near := 0
	for i, d := range c.distBands {
		near += c.distances[i]
		f.Distances[d] = near
	}
	return f
}
