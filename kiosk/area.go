package kiosk

import (
	"fmt"
	"math"
)

// Area is an administrative division code: 2, 4 or 6 digits by GB/T 2260
// (province, city, county), 9 with the town or street (GB/T 10114), 12 with
// the village or community.
type Area string

// Check returns what is wrong with the code, or nil.
func (a Area) Check() error {
	switch len(a) {
	case 2, 4, 6, 9, 12:
	default:
		return fmt.Errorf("area code %q has %d digits, not 2, 4, 6, 9 or 12", string(a), len(a))
	}
	for _, c := range a {
		if c < '0' || c > '9' {
			return fmt.Errorf("area code %q has a character that is no digit", string(a))
		}
	}
	return nil
}

// Within reports whether a is b or lies in it.
func (a Area) Within(b Area) bool { return len(a) >= len(b) && a[:len(b)] == b }

// Town returns the nine-digit code of the town or street, or "" when a is
// coarser than that.
func (a Area) Town() Area {
	if len(a) < 9 {
		return ""
	}
	return a[:9]
}

// Point is a place on the earth in degrees, WGS 84. The zero Point means that
// the place is not known.
type Point struct{ Lat, Lon float64 }

// Known reports whether the place is known.
func (p Point) Known() bool { return p != Point{} }

// Check returns what is wrong with the point, or nil. Unknown is right.
func (p Point) Check() error {
	if math.IsNaN(p.Lat) || math.IsNaN(p.Lon) || p.Lat < -90 || p.Lat > 90 || p.Lon < -180 || p.Lon > 180 {
		return fmt.Errorf("point %v, %v is not on the earth", p.Lat, p.Lon)
	}
	return nil
}

// Metres returns the great-circle distance to q in metres (haversine on a
// sphere of 6371.0 km, wrong by less than 0.6 %). Negative when either place
// is not known.
func (p Point) Metres(q Point) float64 {
	if !p.Known() || !q.Known() {
		return -1
	}
	const earth = 6371000
	rad := math.Pi / 180
	dLat, dLon := (q.Lat-p.Lat)*rad, (q.Lon-p.Lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) +
		math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(h)))
}
