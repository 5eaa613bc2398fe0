package main

import (
	"math/bits"
	"slices"

	"jobhome/kiosk"
)

// facets counts as kiosk.Facets does, one posting after the other.
type facets struct{ kiosk.Facets }

// newFacets is zero for every value that is always named.
func newFacets() *facets {
	f := &facets{kiosk.Facets{
		Channels: map[kiosk.Channel]int{}, Trades: map[kiosk.Trade]int{}, Towns: map[kiosk.Area]int{},
		Pay: map[kiosk.Fen]int{}, Educations: map[kiosk.Education]int{}, Shifts: map[kiosk.Shifts]int{},
		Benefits: map[kiosk.Benefits]int{}, Distances: map[int]int{},
	}}
	for _, c := range kiosk.Channels() {
		f.Channels[c] = 0
	}
	for _, b := range kiosk.PayBands() {
		f.Pay[b] = 0
	}
	for _, e := range kiosk.Educations() {
		f.Educations[e] = 0
	}
	for _, s := range kiosk.AllShifts.Each() {
		f.Shifts[s] = 0
	}
	for _, b := range kiosk.AllBenefits.Each() {
		f.Benefits[b] = 0
	}
	for _, d := range kiosk.DistanceBands() {
		f.Distances[d] = 0
	}
	return f
}

// count counts the posting wherever it fails no filter but the facet's own.
func (f *facets) count(p *kiosk.Posting, metres float64, failed int) {
	if bits.OnesCount(uint(failed)) > 1 {
		return
	}
	own := func(filter string) bool { return failed == 0 || failed == 1<<slices.Index(filters, filter) }
	if own("channel") {
		f.Channels[p.Channel]++
	}
	if own("trade") {
		f.Trades[p.Occupation.Trade()]++
	}
	if town := p.Area.Town(); own("area") && town != "" {
		f.Towns[town]++
	}
	if own("education") {
		for _, e := range kiosk.Educations() {
			if e.Meets(p.Education) {
				f.Educations[e]++
			}
		}
	}
	if _, high, known := p.Pay.Monthly(); own("pay") && known {
		for _, band := range kiosk.PayBands() {
			if high >= band {
				f.Pay[band]++
			}
		}
	}
	if failed != 0 { // of the filters below the mix asks none
		return
	}
	for _, s := range p.Shifts.Each() {
		f.Shifts[s]++
	}
	for _, b := range p.Benefits.Each() {
		f.Benefits[b]++
	}
	for _, d := range kiosk.DistanceBands() {
		if metres >= 0 && metres <= float64(d) {
			f.Distances[d]++
		}
	}
}
