package board

import (
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// origin is where the query's distances are measured from.
func (o *oracle) origin(q kiosk.Query) kiosk.Point {
	if q.Near.Known() {
		return q.Near
	}
	return o.site.Location
}

// TestNearTheSiteIsTheSite asks with and without a place that is the site's: the
// two ways of measuring must not differ.
func TestNearTheSiteIsTheSite(t *testing.T) {
	b, ps := demoBoard(t)
	for _, q := range []kiosk.Query{
		{Sort: kiosk.SortNearest, Within: 5000},
		{Sort: kiosk.SortNearest, Within: 4321},
		{Sort: kiosk.SortFit, Text: "操作"},
		{Sort: kiosk.SortNearest, Text: ps[7].Employer.Name, Within: 10000},
	} {
		q.Now, q.Limit = now, sharedSize
		want, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.Near = demo.Site().Location
		got, err := b.Search(t.Context(), q)
		if err != nil || len(got.Items) == 0 || len(got.Items) != len(want.Items) {
			t.Fatalf("%+v: %d items, want %d, %v", q, len(got.Items), len(want.Items), err)
		}
		for i, it := range got.Items {
			if it.Posting.ID != want.Items[i].Posting.ID || it.Metres != want.Items[i].Metres {
				t.Fatalf("%+v: item %d is %s, %v m away; want %s, %v", q, i,
					it.Posting.ID, it.Metres, want.Items[i].Posting.ID, want.Items[i].Metres)
			}
		}
		for band, n := range want.Facets.Distances {
			if got.Facets.Distances[band] != n {
				t.Errorf("%+v: %d within %d m, want %d", q, got.Facets.Distances[band], band, n)
			}
		}
	}
	if !ps[7].Location.Known() || ps[7].Location == demo.Site().Location {
		t.Error("the tests that ask near this posting prove nothing")
	}
}
