package intake

import (
	"slices"
	"testing"

	"jobhome/kiosk"
)

func TestPostingsHaveTheirSourcesName(t *testing.T) {
	named := kiosk.Posting{Title: "a", Source: kiosk.Source{Ref: "S-1"}}
	r := Result{Rows: []Row{{Ref: "A-1"}, {Ref: "A-2", Posting: named}, {Posting: kiosk.Posting{Title: "b"}}}}
	var refs []string
	for p, err := range r.Postings() {
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, p.Source.Ref)
	}
	if !slices.Equal(refs, []string{"A-1", "S-1", r.Rows[2].Key()}) {
		t.Errorf("%q", refs)
	}
}

func TestRefused(t *testing.T) {
	r := Result{Problems: []Problem{{Ref: "A-1"}, {Ref: "A-1"}, {Ref: "A-2"}}}
	if refs, all := r.Refused(); !all || !slices.Equal(refs, []string{"A-1", "A-1", "A-2"}) {
		t.Errorf("%q, %v", refs, all)
	}
	r.Problems = append(r.Problems, Problem{})
	if refs, all := r.Refused(); all || len(refs) != 3 {
		t.Errorf("with one that has no name: %q, %v", refs, all)
	}
}
