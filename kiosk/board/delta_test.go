package board

import (
	"errors"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// A delta adds, changes and removes at once, is known by its sequence, and is
// never applied twice.
func TestDelta(t *testing.T) {
	b := open1(t)
	ps := demo.Postings(now, 30, 9)
	apply := func(o ImportOpts, ps ...kiosk.Posting) (Report, error) {
		t.Helper()
		o.Now = now
		return b.Apply(t.Context(), ps, o)
	}
	if _, err := apply(ImportOpts{Sequence: 7}, ps[:20]...); err != nil {
		t.Fatal(err)
	}
	changed := ps[2]
	changed.Title = "改过的"
	delta := append([]kiosk.Posting{changed}, ps[20:]...)
	gone := []string{ps[0].ID, ps[1].ID, "never-there"}
	rep, err := apply(ImportOpts{Sequence: 9, Remove: gone}, delta...)
	if err != nil || rep.Added != 10 || rep.Changed != 1 || rep.Removed != 2 {
		t.Fatalf("%+v, %v", rep, err)
	}
	fresh := open1(t)
	if _, err := fresh.Apply(t.Context(), append([]kiosk.Posting{changed}, ps[3:]...), ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []ImportOpts{{Sequence: 9}, {Sequence: 8}, {Sequence: -1}, {Sequence: 12, Remove: []string{ps[5].ID}}} {
		_, err := apply(wrong, ps[5])
		if err == nil || wrong.Sequence < 12 && !errors.Is(err, ErrSequence) {
			t.Errorf("%+v: %v", wrong, err)
		}
		if n, err := b.Sequence(t.Context()); err != nil || n != 9 {
			t.Errorf("after %+v the board has the sequence %d, %v", wrong, n, err)
		}
		sameAnswers(t, b, fresh)
	}
	if _, err := apply(ImportOpts{}, ps[0]); err != nil { // by hand
		t.Error(err)
	}
	if n, _ := b.Sequence(t.Context()); n != 9 {
		t.Errorf("an import by hand made the sequence %d", n)
	}
}
