package judged_test

import (
	"path/filepath"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/find"
	"jobhome/kiosk/judged"
	"jobhome/kiosk/spell"
)

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("CST", 8*60*60))

// searcher returns at most n postings for what was typed, the best first.
type searcher func(text string, n int) []kiosk.Posting

// offered is how many words the terminal offers while somebody types.
const offered = 8

// terminal is the search that a resident has: the one of kiosk/find over the
// board and its speller.
func terminal(t *testing.T, b *board.Board) *find.Finder {
	words := new(spell.Speller)
	words.Make(func() []kiosk.Posting { return b.Candidates(kiosk.Query{Now: now}) })
	for range 6000 { // it is made beside
		if len(words.Words("baoan", 1)) > 0 {
			return &find.Finder{Board: b, Spell: words}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("there is no dictionary after half a minute")
	return nil
}

// first is the first page that somebody gets who types the text.
func first(t *testing.T, f *find.Finder) searcher {
	return func(text string, n int) []kiosk.Posting {
		r, err := f.Search(t.Context(), kiosk.Query{Text: text, Sort: kiosk.SortFit, Limit: n, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		return postingsOf(r)
	}
}

// chosen is the same for somebody who reads the words offered and touches the
// right one: of the lists for the text and for each word, the one whose first
// right posting stands highest.
func chosen(t *testing.T, f *find.Finder, queries []judged.Query) judged.Rates {
	search := first(t, f)
	var rates judged.Rates
	for _, q := range queries {
		one := func(text string) judged.Outcome {
			return judged.Measure([]judged.Query{q}, func(_ string, n int) []kiosk.Posting { return search(text, n) })[0]
		}
		best := one(q.Text)
		for _, w := range f.Suggest(t.Context(), kiosk.Query{Text: q.Text, Now: now}, offered) {
			if o := one(w.Text); o.First > 0 && (best.First == 0 || o.First < best.First) || best.Shown == 0 {
				best = o
			}
		}
		rates = append(rates, best)
	}
	return rates
}

// textOnly is the peer: the postings that hold every word of the text, as a
// LIKE '%…%' finds them, those with the words in the title first.
func textOnly(t *testing.T, b *board.Board) searcher {
	return func(text string, n int) []kiosk.Posting {
		r, err := b.Search(t.Context(), kiosk.Query{Text: text, Sort: kiosk.SortFit, Limit: n, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		return postingsOf(r)
	}
}

func postingsOf(r kiosk.Results) []kiosk.Posting {
	out := make([]kiosk.Posting, len(r.Items))
	for i := range r.Items {
		out[i] = r.Items[i].Posting
	}
	return out
}

// demoBoard is a demo board in a file of its own, and its postings.
func demoBoard(t *testing.T, size int, seed uint64) (*board.Board, []kiosk.Posting) {
	t.Helper()
	b, err := board.Open(filepath.Join(t.TempDir(), "board.db"), demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	postings := demo.Postings(now, size, seed)
	if _, err := b.Apply(t.Context(), postings, board.ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	return b, postings
}
