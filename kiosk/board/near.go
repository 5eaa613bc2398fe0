package board

import (
	"math"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

func (f *facts) place() kiosk.Point { return kiosk.Point{Lat: f.lat, Lon: f.lon} }

// distanceBands is asked for every row.
var distanceBands = kiosk.DistanceBands()

func (r *row) setMetres(metres float64) {
	r.metres, r.near = metres, 0
	for int(r.near) < len(distanceBands) && metres > float64(distanceBands[r.near]) {
		r.near++
	}
}

// newGrid puts the postings on a grid. Few queries have a place of their own, so
// it is made for the first of them.
func (s *snapshot) newGrid() *index.Grid {
	lat, lon := make([]float64, len(s.facts)), make([]float64, len(s.facts))
	for i := range s.facts {
		p := s.facts[i].place()
		if !p.Known() {
			p = kiosk.Point{Lat: math.NaN(), Lon: math.NaN()}
		}
		lat[i], lon[i] = p.Lat, p.Lon
	}
	return index.NewGrid(lat, lon, &s.byID)
}

// earth is the radius that kiosk.Point.Metres measures with.
var earth = kiosk.Point{Lat: 1}.Metres(kiosk.Point{Lat: 2}) * 180 / math.Pi

// from measures from a place that is not the site.
func (s *snapshot) from(p kiosk.Point) *index.Nearest {
	return s.grid().From(index.Origin{
		Lat: p.Lat, Lon: p.Lon, Radius: earth,
		Metres: func(row int32) float64 { return s.facts[row].place().Metres(p) },
	})
}

// metres is the distance of a row from a query's place, or from the site.
func (s *snapshot) metres(row int32, near kiosk.Point) float64 {
	if !near.Known() {
		return s.rows[row].metres
	}
	return s.facts[row].place().Metres(near)
}

// pager is rows in one order.
type pager interface {
	Page(dst []int32, set index.Bits, skip, want int) (page []int32, left int)
	Each(set index.Bits, f func(row int32) bool)
}

// byDistance is the rows, the nearest first.
func (s *snapshot) byDistance(q kiosk.Query) pager {
	if !q.Near.Known() {
		return &s.nearest
	}
	return s.from(q.Near)
}
