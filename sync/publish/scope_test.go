package publish

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

var centre = kiosk.Point{Lat: 29.2481, Lon: 115.8083}

// posting is one of the area, so many km north of the centre (below 0: its place is
// not known), published so many days before the start.
func posting(id string, channel kiosk.Channel, area kiosk.Area, km, days float64) kiosk.Posting {
	p := demo.Postings(start, 1, 1)[0]
	p.ID, p.Channel, p.Area, p.Location = id, channel, area, kiosk.Point{}
	if km >= 0 {
		p.Location = kiosk.Point{Lat: centre.Lat + km/111.195, Lon: centre.Lon}
	}
	p.Published = start.Add(-time.Duration(days * 24 * float64(time.Hour)))
	return p
}

func TestScopeHas(t *testing.T) {
	all := []kiosk.Posting{
		posting("town", kiosk.Market, "360482001", 1, 0),
		posting("county", kiosk.Market, "360482200", 12, 0),
		posting("near-but-other", kiosk.Market, "360425100", 8, 0),
		posting("far", kiosk.Market, "360730100", 300, 0),
		posting("nowhere", kiosk.Gig, "360730100", -1, 0),
		posting("policy-far", kiosk.Policy, "360730100", 300, 0),
		posting("welfare-nowhere", kiosk.Welfare, "110101001", -1, 0),
	}
	always := []kiosk.Channel{kiosk.Policy, kiosk.Welfare}
	for what, tt := range map[string]struct {
		scope Scope
		want  string
	}{
		"everything": {Scope{}, "town county near-but-other far nowhere policy-far welfare-nowhere"},
		"a bound only, and channels": {
			Scope{Always: always, MaxBytes: 1 << 20},
			"town county near-but-other far nowhere policy-far welfare-nowhere",
		},
		"a county":         {Scope{Areas: []kiosk.Area{"360482"}}, "town county"},
		"two areas":        {Scope{Areas: []kiosk.Area{"360482001", "3607"}}, "town far nowhere policy-far"},
		"a ring":           {Scope{Centre: centre, Km: 10}, "town near-but-other"},
		"ring or county":   {Scope{Areas: []kiosk.Area{"360482"}, Centre: centre, Km: 10}, "town county near-but-other"},
		"and its channels": {Scope{Areas: []kiosk.Area{"360482001"}, Always: always}, "town policy-far welfare-nowhere"},
	} {
		if err := tt.scope.Check(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		rows, err := tt.scope.Rows(all)
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.Fields(tt.want); !slices.Equal(ids(rows), sorted(want)) {
			t.Errorf("%s: %q, want %q", what, ids(rows), want)
		}
	}
}

func ids(rows delta.Rows) (out []string) {
	for _, r := range rows {
		out = append(out, r.ID)
	}
	return out
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}

func TestScopeKeepsWhatMatters(t *testing.T) {
	// In the order in which they stay.
	order := []kiosk.Posting{
		posting("z-policy", kiosk.Policy, "360482001", 300, 90),
		posting("y-welfare", kiosk.Welfare, "360482001", -1, 1),
		posting("x-near-new", kiosk.Market, "360482001", 4, 1),
		posting("w-nearer-old", kiosk.Market, "360482001", 1, 5),
		posting("v-9km", kiosk.Gig, "360482001", 9, 0),
		posting("u-15km", kiosk.Market, "360482001", 15, 0),
		posting("t-nowhere", kiosk.Market, "360482001", -1, 3),
		posting("s-same-but-id", kiosk.Market, "360482001", 30, 2),
		posting("s-same-but-id2", kiosk.Market, "360482001", 30, 2),
	}
	size := int64(0)
	for i := range order {
		r, err := wire.RowOf(&order[i])
		if err != nil {
			t.Fatal(err)
		}
		size += delta.LineSize(r)
		s := Scope{Areas: []kiosk.Area{"360482"}, Centre: centre, Km: 20, Always: []kiosk.Channel{kiosk.Policy, kiosk.Welfare}}
		mixed := slices.Clone(order)
		rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		var want []string
		for _, p := range order[:i+1] {
			want = append(want, p.ID)
		}
		s.MaxBytes = size
		if rows, err := s.Rows(mixed); err != nil || !slices.Equal(ids(rows), sorted(want)) {
			t.Errorf("%d bytes: %q, %v; want %q", size, ids(rows), err, want)
		}
		s.MaxBytes = size - 1
		if rows, err := s.Rows(mixed); err != nil || len(rows) != i {
			t.Errorf("%d bytes: %q, %v; want %d rows", size-1, ids(rows), err, i)
		}
	}
}

// The bound is that of the base, to the byte.
func TestScopeBoundIsTheBases(t *testing.T) {
	s := Scope{MaxBytes: 100_000}
	rows, err := s.Rows(demo.Postings(start, 300, 1))
	if err != nil {
		t.Fatal(err)
	}
	p, err := packBase(rows)
	if err != nil || p.Raw > s.MaxBytes || p.Raw < s.MaxBytes-3000 {
		t.Errorf("a base of %d rows has %d bytes, %v", len(rows), p.Raw, err)
	}
	size := int64(0)
	for _, r := range rows {
		size += delta.LineSize(r)
	}
	if size != p.Raw {
		t.Errorf("%d bytes counted, %d written", size, p.Raw)
	}
}

func TestScopeCheck(t *testing.T) {
	for _, bad := range []Scope{
		{Areas: []kiosk.Area{"3"}},
		{Areas: []kiosk.Area{"36048x"}},
		{Always: []kiosk.Channel{"none"}},
		{Km: 5},
		{Km: -1, Centre: centre},
		{Centre: kiosk.Point{Lat: 100, Lon: 1}},
		{MaxBytes: -1},
	} {
		if bad.Check() == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
}
