package board

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// What is read back whole is what was applied, through changes, removals, a
// compaction and a restart.
func TestEachGivesWhatWasApplied(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "board.db")
	b := openAt(t, path)
	want := map[string]kiosk.Posting{}
	all := demo.Postings(now, 5000, 3)
	apply := func(put []kiosk.Posting, remove ...string) {
		t.Helper()
		for _, p := range put {
			want[p.ID] = p
		}
		for _, id := range remove {
			delete(want, id)
		}
		if _, err := b.Apply(t.Context(), put, ImportOpts{Remove: remove, Now: now}); err != nil {
			t.Fatal(err)
		}
	}
	check := func(when string) {
		t.Helper()
		n := 0
		err := b.Each(t.Context(), nil, func(p *kiosk.Posting) error {
			n++
			if w := want[p.ID]; !sameWords(&w, p) {
				t.Errorf("%s: %s is %+v, not %+v", when, p.ID, p, w)
			}
			return nil
		})
		if err != nil || n != len(want) || !slices.IsSorted(b.IDs()) || len(b.IDs()) != n {
			t.Fatalf("%s: %d of %d postings, %v", when, n, len(want), err)
		}
	}
	apply(all)
	check("applied")
	for i := range all[:300] {
		all[i].Description += "，包工作服"
	}
	apply(all[:300], all[400].ID, all[4999].ID)
	check("changed")
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	check("compacted")
	_ = b.Close()
	b = openAt(t, path)
	check("opened again")
	var got []string
	ids := []string{all[9].ID, "nobody", all[2].ID, all[9].ID, all[400].ID}
	if err := b.Each(t.Context(), ids, func(p *kiosk.Posting) error { got = append(got, p.ID); return nil }); err != nil {
		t.Fatal(err)
	}
	some := []string{all[9].ID, all[2].ID}
	slices.Sort(some)
	if !slices.Equal(got, some) {
		t.Errorf("%v of %v", got, ids)
	}
	stop := errors.New("stop")
	if err := b.Each(t.Context(), nil, func(*kiosk.Posting) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a caller that stops: %v", err)
	}
}

// sameWords compares postings whose times are equal to the second.
func sameWords(a, b *kiosk.Posting) bool {
	x, y := *a, *b
	for _, t := range []*time.Time{
		&x.Published, &x.Refreshed, &x.ValidThrough, &x.Starts, &y.Published, &y.Refreshed, &y.ValidThrough, &y.Starts,
	} {
		if !t.IsZero() {
			*t = time.Unix(t.Unix(), 0).UTC()
		}
	}
	return reflect.DeepEqual(x, y)
}
