package main

import "fmt"

// aim is a figure that was set before it was measured.
type aim struct {
	what    string
	figure  string // of bench.last
	least   bool   // reached from the figure up, not down
	bound   float64
	against string // another figure that it is divided by
	inverse bool   // the ratio is the other way round
	size    int    // that the aim is for; at others the figure has no verdict; 0: every size
}

// aims are those of the board.
var aims = []aim{
	{what: "search p99, FTS5 phrases against ours", figure: "fts5 again", least: true, bound: 80, size: 100_000},
	{what: "the same, each query's best time", figure: "fts5 best", least: true, bound: 80, size: 100_000},
	{what: "the same, each query's first time", figure: "fts5 first", least: true, bound: 80, size: 100_000},
	{what: "search p99, bleve against ours", figure: "bleve again", least: true, bound: 100, size: 100_000},
	{what: "the same, each query's best time", figure: "bleve best", least: true, bound: 100, size: 100_000},
	{what: "the same, each query's first time", figure: "bleve first", least: true, bound: 100, size: 100_000},
	{what: "search p99 of a million, µs", figure: "p99", bound: 5000, size: 1_000_000},
	{what: "the same, each query's best time", figure: "best p99", bound: 5000, size: 1_000_000},
	{what: "match p99, SQL candidates + Go against ours", figure: "match 1", least: true, bound: 100, size: 100_000},
	{what: "match p99 against the memory bound", figure: "match 4", inverse: true, bound: 0.3, size: 1_000_000},
	{what: "the same, of the narrowest columns", figure: "match 5", inverse: true, bound: 0.3, size: 1_000_000},
	{what: "nearest p99 from any point, R*Tree against ours", figure: "nearest 1", least: true, bound: 10},
	{what: "index bytes against bleve's, without the texts", figure: ours + " pairs", against: "bleve index", bound: 1.0 / 6},
	{what: "the same with the texts", figure: ours + " index", against: "bleve index", bound: 1.0 / 6},
	{what: "bytes written by a delta against rows + FTS5", figure: ours + " written", against: "fts5 written", bound: 1.0 / 20},
	{what: "search p99 while a delta is applied against idle", figure: "during", bound: 1.2},
	{what: "hits at 10 by first letters", figure: "hits 0", least: true, bound: 0.99},
	{what: "hits at 10 with a character of the same sound", figure: "hits 1", least: true, bound: 0.98},
	{what: "open to the first answer, processor ms", figure: "open", bound: 300, size: 100_000},
	{what: "live heap, MB", figure: "heap", bound: 80, size: 100_000},
}

// value is the aim's figure at a size.
func (b *bench) value(a aim, size int) (float64, bool) {
	f, ok := b.last[key(a.figure, size)]
	if !ok {
		return 0, false
	}
	v := f.median()
	if a.against != "" {
		by, ok := b.last[key(a.against, size)]
		if !ok || by.median() == 0 {
			return 0, false
		}
		v /= by.median()
	}
	if a.inverse {
		v = 1 / v
	}
	return v, true
}

// aims writes what is reached, whatever it is.
func (b *bench) aims() {
	begun := false
	line := func(what string, size int, v float64, a aim) {
		if !begun {
			b.head("Aims", "what", "postings", "figure", "aim", "reached")
			begun = true
		}
		sign, reached := "≤", v <= a.bound
		if a.least {
			sign, reached = "≥", v >= a.bound
		}
		verdict := map[bool]string{true: "yes", false: "no"}[reached]
		limit := fmt.Sprintf("%s %.4g", sign, a.bound)
		if a.size != 0 && a.size != size {
			verdict, limit = "–", fmt.Sprintf("%s of %d", limit, a.size)
		}
		b.row(what, fmt.Sprint(size), fmt.Sprintf("%.3g", v), limit, verdict)
	}
	for _, a := range aims {
		for _, size := range b.sizes {
			if v, ok := b.value(a, size); ok {
				line(a.what, size, v, a)
			}
		}
	}
	small, large := b.last[key("p99", 100_000)], b.last[key("p99", 1_000_000)]
	if len(small) > 0 && len(large) > 0 {
		line("search p99 of a million against a hundred thousand", 1_000_000, large.median()/small.median(), aim{bound: 5})
	}
}
