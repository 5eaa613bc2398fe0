package judged_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/judged"
)

// floor is the least hit@10 of a kind: of the terminal's first list, and where
// somebody picks the right one of the words offered. They lie well under what is
// measured (README.md): a board of another seed is no failure, a broken search is.
type floor struct{ first, picked float64 }

// English has no floor: the terminal knows nothing of it.
var floors = map[judged.Kind]floor{
	"typed": {0.95, 0.95}, "town+occupation": {0.95, 0.95}, "lay": {0.9, 0.92}, "colloquial": {0.84, 0.86},
	"old-name": {0.92, 0.92}, "sentence": {0.92, 0.92}, "benefit": {0.92, 0.92}, "certificate": {0.95, 0.95},
	"pinyin": {0.92, 0.95}, "initials": {0.82, 0.92}, "mixed": {0.95, 0.95}, "fuzzy-pinyin": {0.78, 0.78},
	"polyphone": {0.85, 0.85}, "homophone": {0.9, 0.93}, "missing-character": {0.75, 0.91},
	"wrong-character": {0.68, 0.89}, "single-character": {0.9, 0.9}, "ascii": {0.95, 0.95}, "employer": {0.69, 0.72},
	"misspelt-employer": {0.53, 0.71},
}

const (
	leastAsked    = 700  // queries that a demo board has answers for
	leastFirst    = 0.82 // hit@1 of all
	mostMisled    = 0.04 // of all: only wrong ones shown
	mostFalse     = 0.12 // of the queries without an answer: something shown
	leastOverText = 0.54 // hit@10 of all above that of the text alone
)

// TestRelevance asks what residents ask of two boards. The tables of README.md
// are its output.
func TestRelevance(t *testing.T) {
	for _, size := range []int{2000, 10000} {
		b, postings := demoBoard(t, size, uint64(size))
		queries := judged.Answerable(judged.Queries(), postings, now)
		finder := terminal(t, b)
		search := first(t, finder)
		rates := judged.Measure(queries, search)
		picked := chosen(t, finder, queries)
		plain := judged.Measure(queries, textOnly(t, b))
		t.Logf("%d postings, %d queries\n%s\n%s", size, len(queries), rates,
			judged.Beside(judged.Named{Name: "terminal", Rates: rates}, judged.Named{Name: "word chosen", Rates: picked}, judged.Named{Name: "text only", Rates: plain}))
		check(t, rates, picked, plain)
		for _, o := range picked.Lost() {
			t.Logf("not offered: %s %s", o.Query.Kind, o.Query.Text)
		}
		for _, o := range rates.Lost() {
			t.Logf("lost: %s %s: %d shown, %d good: %s", o.Query.Kind, o.Query.Text, o.Shown, o.Good, titles(search(o.Query.Text, 4)))
		}
	}
}

// TestSeeds asks the same of boards of other seeds, which JOBHOME_JUDGED_SEEDS
// names ("1 2 3"), so that nothing is fitted to one of them.
func TestSeeds(t *testing.T) {
	for _, s := range strings.Fields(os.Getenv("JOBHOME_JUDGED_SEEDS")) {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		b, postings := demoBoard(t, 10000, seed)
		queries := judged.Answerable(judged.Queries(), postings, now)
		rates := judged.Measure(queries, first(t, terminal(t, b)))
		all, without := rates.All(), rates.Kind(judged.None)
		t.Logf("seed %d: %d queries, hit@1 %.3f, hit@10 %.3f, nothing found %.3f, only wrong ones %.3f; without an answer %.3f found something",
			seed, all.Queries, all.Hit1, all.Hit10, all.Zero, all.Misled, 1-without.Zero)
	}
}

func check(t *testing.T, rates, picked, plain judged.Rates) {
	t.Helper()
	for kind, least := range floors {
		if got := rates.Kind(kind).Hit10; got < least.first {
			t.Errorf("%s: hit@10 %.3f, want %.2f", kind, got, least.first)
		}
		if got := picked.Kind(kind).Hit10; got < least.picked {
			t.Errorf("%s, the right word picked: hit@10 %.3f, want %.2f", kind, got, least.picked)
		}
	}
	all, without := rates.All(), rates.Kind(judged.None)
	if all.Queries < leastAsked || all.Hit1 < leastFirst || all.Misled > mostMisled {
		t.Errorf("all: %+v", all)
	}
	if 1-without.Zero > mostFalse {
		t.Errorf("of %d queries without an answer %.3f find something", without.Queries, 1-without.Zero)
	}
	if over := all.Hit10 - plain.All().Hit10; over < leastOverText {
		t.Errorf("hit@10 is only %.3f above that of the text alone", over)
	}
}

// mostOfBoard is the share of a board above which a judgement would call right
// whatever a search returns.
const mostOfBoard = 0.7

func TestNoJudgementTakesTheWholeBoard(t *testing.T) {
	postings := demo.Postings(now, 2000, 1)
	for _, q := range judged.Queries() {
		right := 0
		for i := range postings {
			if q.Grade(&postings[i]) == judged.Right {
				right++
			}
		}
		if share := float64(right) / float64(len(postings)); share > mostOfBoard {
			t.Errorf("%s %s: %.2f of the board is right", q.Kind, q.Text, share)
		}
	}
}

// TestList prints, for the queries or all that JOBHOME_JUDGED names ("all"), the
// titles of a board that are right, acceptable and wrong, so that a judgement
// can be judged.
func TestList(t *testing.T) {
	which := os.Getenv("JOBHOME_JUDGED")
	if which == "" {
		t.Skip("set JOBHOME_JUDGED to a text of judged.tsv or to all")
	}
	postings := demo.Postings(now, 10000, 10000)
	for _, q := range judged.Queries() {
		if which != "all" && q.Text != which {
			continue
		}
		byGrade := map[int]map[string]bool{judged.Right: {}, judged.Acceptable: {}}
		for i := range postings {
			if g := q.Grade(&postings[i]); g != judged.Wrong {
				byGrade[g][kiosk.HeadWords(postings[i].Title)] = true
			}
		}
		t.Logf("%s %s\n  right: %s\n  acceptable: %s", q.Kind, q.Text, sorted(byGrade[judged.Right]), sorted(byGrade[judged.Acceptable]))
	}
}

func sorted(set map[string]bool) string {
	var all []string
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func titles(postings []kiosk.Posting) string {
	var all []string
	for i := range postings {
		all = append(all, postings[i].Title+"@"+postings[i].Employer.Name)
	}
	return strings.Join(all, " ")
}
