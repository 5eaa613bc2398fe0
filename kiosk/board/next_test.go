package board

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

func nextBoard(t *testing.T, path string) (*Board, time.Time) {
	t.Helper()
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if _, err := b.Apply(context.Background(), demo.Postings(now, 800, 7), ImportOpts{Replace: true, Now: now}); err != nil {
		t.Fatal(err)
	}
	return b, now
}

// Whoever follows the keys always arrives at words that a search finds.
func TestEveryKeyLeadsToAPosting(t *testing.T) {
	b, now := nextBoard(t, filepath.Join(t.TempDir(), "board.db"))
	first := b.Next("", 1000)
	if len(first) < 50 {
		t.Fatalf("only %d first characters", len(first))
	}
	for _, k := range first[:50] {
		text := k
		for range 3 {
			r, err := b.Search(context.Background(), kiosk.Query{Text: text, Limit: 1, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if r.Total == 0 {
				t.Fatalf("the keys led to %q, which no posting has", text)
			}
			next := b.Next(text, 5)
			if len(next) == 0 {
				break
			}
			text += next[0]
		}
	}
}

// People look for work, not for a company's name: the first keys are those.
func TestWorkComesBeforeNames(t *testing.T) {
	b, _ := nextBoard(t, filepath.Join(t.TempDir(), "board.db"))
	keys := b.Next("", 1000)
	sewing, town := slices.Index(keys, "缝"), slices.Index(keys, "茶")
	if sewing < 0 || town >= 0 && town < sewing {
		t.Errorf("缝 is key %d, 茶 is key %d", sewing, town)
	}
	if got := b.Next("没有这样的词", 10); len(got) != 0 {
		t.Errorf("after an unknown word come %q", got)
	}
}

// Another process imports; the running terminal takes it over.
func TestRefreshTakesOverAnImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, now := nextBoard(t, path)
	other, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	later := now.Add(time.Hour)
	if _, err := other.Apply(context.Background(), demo.Postings(now, 100, 8), ImportOpts{Replace: true, Now: later}); err != nil {
		t.Fatal(err)
	}
	if err := b.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got, want := b.Stats(now), other.Stats(now); got.Postings != want.Postings || !b.Freshness().Equal(later) {
		t.Errorf("after Refresh %d postings as of %v, want %d as of %v", got.Postings, b.Freshness(), want.Postings, later)
	}
}
