package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/kiosk"
)

// TestMain lets the test binary play the processes that the bench starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-child" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const few = 600

func smallBench(t *testing.T, peers ...string) (*bench, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	o := options{sizes: []int{few}, queries: 48, rounds: 1, likes: 10, engines: peers, dir: t.TempDir()}
	return &bench{options: o, out: out, last: map[string]figures{}}, out
}

// TestARunHasEveryTable runs the bench as it is, small, against the peer that
// needs no build tag.
func TestARunHasEveryTable(t *testing.T) {
	b, out := smallBench(t, "like")
	for _, measure := range []error{
		b.search(t.Context(), few), b.delta(t.Context(), few), b.nearest(t.Context(), few),
		b.match(t.Context(), few), b.typing(t.Context(), few),
	} {
		if measure != nil {
			t.Fatal(measure)
		}
	}
	b.aims()
	for _, want := range []string{
		"| board | 0 of 48 |", "| like | 0 of 10 |", "| board | 0 of 24 |", "| grid (ours) | 0 of 200 |", "| R*Tree with a doubling box | 0 of 200 |",
		"| match.Table (ours) | 0 of 300 |", "| first letters | ", "| match p99 against the memory bound | 600 |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestNoFigureWithoutTheOracle makes one expected answer another one.
func TestNoFigureWithoutTheOracle(t *testing.T) {
	b, out := smallBench(t)
	if err := b.prepare(t.Context(), few); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*answer){
		"total":  func(a *answer) { a.Total++ },
		"ids":    func(a *answer) { a.IDs++ },
		"facets": func(a *answer) { a.Facets++ },
		"page":   func(a *answer) { a.Page++ },
	} {
		w, err := readWorkload(b.folder(few, ""))
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for w.Queries[at].Sort == kiosk.SortFit {
			at++
		}
		right := w.Want[at]
		spoil(&w.Want[at])
		if err := w.save(b.folder(few, "")); err != nil {
			t.Fatal(err)
		}
		if err := b.search(t.Context(), few); err == nil || !strings.Contains(err.Error(), "1 of 48 answers of the board differ") {
			t.Errorf("%s: %v", name, err)
		}
		if out.Len() > 0 {
			t.Errorf("%s: there are figures:\n%s", name, out)
		}
		w.Want[at] = right
		if err := w.save(b.folder(few, "")); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFTS5AndBleve compares the peers with the oracle: the phrases are exact,
// and the others are not far off, or they would be no peers.
func TestFTS5AndBleve(t *testing.T) {
	posts := postings(few)
	w, err := newWorkload(t.Context(), posts, 96)
	if err != nil {
		t.Fatal(err)
	}
	for name, most := range map[string]int{"fts5": 0, "fts5-and": 10, "bleve": 30} {
		dir := filepath.Join(t.TempDir(), name)
		c := &actor{name: name, engine: engines[name](dir), work: w}
		if _, err := c.engine.build(t.Context(), posts); err != nil {
			if strings.Contains(err.Error(), "no such module: fts5") {
				t.Log("built without sqlite_fts5")
				continue
			}
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.engine.open(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o, err := c.check(t.Context())
		if err != nil || len(o.Differ) > most {
			t.Errorf("%s: %d of 96 differ, %v: %.300q", name, len(o.Differ), err, o.Differ)
		}
		if err := c.engine.close(); err != nil {
			t.Error(err)
		}
	}
}

// TestPairsInARowAreSubstrings holds what the phrases of FTS5 rest on.
func TestPairsInARowAreSubstrings(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(n int, letters string) string {
		var b strings.Builder
		for range n {
			b.WriteRune([]rune(letters)[r.IntN(len([]rune(letters)))])
		}
		return b.String()
	}
	hits := 0
	for range 5000 {
		text, word := random(3+r.IntN(12), "工a厂,\n5"), random(2+r.IntN(3), "工a厂,5")
		got := strings.Contains(" "+pairs(text), " "+strings.Join(tokens(word), " ")+" ")
		want := strings.Contains(text, word)
		if got != want {
			t.Fatalf("%q in %q: %v", word, text, got)
		}
		if want {
			hits++
		}
	}
	if hits < 200 {
		t.Errorf("only %d of the words were there", hits)
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ＣＮＣ　操作 工": "cnc操作工", "CNC Tool": "cnc tool", "a 工 b": "a工b", "（夜班）": "(夜班)",
	} {
		if got := fold(in); got != want {
			t.Errorf("%q folds to %q, not %q", in, got, want)
		}
	}
}
