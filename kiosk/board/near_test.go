package board

import (
	"reflect"
	"slices"
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

// TestFewRowsAreCountedFromTheQueryToo asks for few postings, which are counted
// one by one, from a place where their bands are others than from the site.
func TestFewRowsAreCountedFromTheQueryToo(t *testing.T) {
	b, ps := demoBoard(t)
	o, others := newOracle(ps), 0
	for i := range 20 {
		q := kiosk.Query{Text: ps[i].Employer.Name, Near: ps[7+i].Location, Within: 5000, Now: now, Limit: sharedSize}
		if got, want := collectIDs(t, b, q), o.ids(q); !slices.Equal(got, want) {
			t.Fatalf("%+v: %d postings, brute force finds %d", q, len(got), len(want))
		}
		res, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		want := o.facets(q)
		if !reflect.DeepEqual(res.Facets, want) {
			t.Fatalf("%+v:\nfacets %+v\nwant   %+v", q, res.Facets, want)
		}
		if q.Near = (kiosk.Point{}); !reflect.DeepEqual(o.facets(q).Distances, want.Distances) {
			others++
		}
	}
	if others < 10 {
		t.Errorf("only %d queries differ from those of the site", others)
	}
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
