package publish

import (
	"context"
	"maps"
	"testing"
	"time"

	"jobhome/sync/internal/churn"
)

func TestPrune(t *testing.T) {
	ctx := context.Background()
	b := churn.New(start, 60, 200, 1)
	store := newMemory()
	p := publisher(t, store, Options{Keep: 10 * 24 * time.Hour, Grace: 36 * time.Hour})
	if _, err := p.Publish(ctx, "other", Content{Rows: rowsOfBoard(t, b)}, start); err != nil {
		t.Fatal(err)
	}
	most := 0
	for range 24 {
		h := publish(t, p, rowsOfBoard(t, b), b.Now())
		before := maps.Clone(store.files)
		if _, err := p.Prune(ctx, b.Now()); err != nil {
			t.Fatal(err)
		}
		for path := range before {
			if store.files[path] == nil && path == h.Base.Path() {
				t.Fatalf("%s is in use", path)
			}
		}
		most = max(most, len(store.files))
		if err := b.Next(churn.Day{New: 2, Gone: 2, Dated: 5}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{board, "other"} {
			m := &terminal{store: store, key: signer(1).Key()}
			if _, err := m.sync(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	if most > 120 {
		t.Errorf("up to %d files", most)
	}
	// A terminal has a head, and the board is published anew twice in an hour.
	m := &terminal{store: store, key: signer(1).Key()}
	h, err := m.head(board)
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 2 {
		if err := b.Next(churn.Day{New: 5, Gone: 5, Dated: 10}); err != nil {
			t.Fatal(err)
		}
		now := start.AddDate(0, 0, 25).Add(time.Duration(hour) * time.Hour)
		publish(t, p, rowsOfBoard(t, b), now)
		if _, err := p.Prune(ctx, now); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range h.Deltas {
		if store.files[d.Plain.Path()] == nil || d.Dict != nil && store.files[d.Dict.Path()] == nil {
			t.Errorf("the delta from %s was cut off", d.From)
		}
	}
	store.files[headPath("other")] = []byte("{}")
	if n, err := p.Prune(ctx, start.AddDate(1, 0, 0)); err == nil || n != 0 {
		t.Errorf("%d deleted beside a head that cannot be read, %v", n, err)
	}
}
