package kiosk

import (
	"math"
	"testing"
)

func TestAreaCheck(t *testing.T) {
	for _, a := range []Area{"36", "3604", "360482", "360482001", "360482001001"} {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	for _, a := range []Area{"", "3", "360", "36048", "3604820", "36048A", "３６", "3604820010010", "-1"} {
		if a.Check() == nil {
			t.Errorf("%q is taken", a)
		}
	}
}

func TestAreaWithin(t *testing.T) {
	for _, tt := range []struct {
		a, b Area
		want bool
	}{
		{"360482001", "360482", true},
		{"360482001001", "360482001", true},
		{"360482", "360482", true},
		{"360482", "", true},
		{"360482", "360482001", false},
		{"360483001", "360482", false},
	} {
		if got := tt.a.Within(tt.b); got != tt.want {
			t.Errorf("%s within %s: %v", tt.a, tt.b, got)
		}
	}
	if got := Area("360482001007").Town(); got != "360482001" {
		t.Errorf("town is %s", got)
	}
	if got := Area("360482").Town(); got != "" {
		t.Errorf("a county has the town %s", got)
	}
}

// Distances are compared with the WGS 84 ellipsoid (Vincenty's formula), from
// which the sphere may differ by 0.6 %.
func TestMetres(t *testing.T) {
	beijing, nanchang := Point{39.9042, 116.4074}, Point{28.6820, 115.8579}
	for _, tt := range []struct {
		name string
		p, q Point
		want float64
	}{
		{"a degree of the equator", Point{0, 1}, Point{0, 2}, 111319.5},
		{"a degree of the meridian at 29.5 north", Point{29, 116}, Point{30, 116}, 110857},
		{"the same place", nanchang, nanchang, 0},
		{"half around the earth", Point{0.001, 0.001}, Point{-0.001, -179.999}, 20003931},
	} {
		got := tt.p.Metres(tt.q)
		if math.Abs(got-tt.want) > tt.want*0.006 {
			t.Errorf("%s: %.0f m, want %.0f", tt.name, got, tt.want)
		}
		if back := tt.q.Metres(tt.p); math.Abs(back-got) > 1e-6 {
			t.Errorf("%s: %.6f m there and %.6f m back", tt.name, got, back)
		}
	}
	if got := beijing.Metres(Point{}); got >= 0 {
		t.Errorf("%.0f m to a place that is not known", got)
	}
	if got := (Point{}).Metres(beijing); got >= 0 {
		t.Errorf("%.0f m from a place that is not known", got)
	}
}

func TestPointCheck(t *testing.T) {
	for _, p := range []Point{{}, {29, 115}, {-90, 180}} {
		if err := p.Check(); err != nil {
			t.Errorf("%v: %v", p, err)
		}
	}
	for _, p := range []Point{{91, 0}, {0, 181}, {math.NaN(), 1}, {1, math.NaN()}, {math.Inf(1), 0}, {0, math.Inf(-1)}} {
		if p.Check() == nil {
			t.Errorf("%v is taken", p)
		}
	}
}
