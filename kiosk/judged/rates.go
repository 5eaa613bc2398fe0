package judged

import (
	"fmt"
	"strings"

	"jobhome/kiosk"
)

// shown is how many postings of a list are looked at.
const shown = 10

// Outcome is what a search made of one query.
type Outcome struct {
	Query Query
	Shown int // postings given, at most ten
	First int // place of the first right answer, from 1; 0: there is none
	Good  int // right and acceptable ones
}

// Rates are the outcomes of a set of queries. String writes them as a table.
type Rates []Outcome

// Measure asks every query and grades the first ten postings of each answer.
// search returns at most n postings for the text, the best first.
func Measure(queries []Query, search func(text string, n int) []kiosk.Posting) Rates {
	out := make(Rates, 0, len(queries))
	for _, q := range queries {
		found := search(q.Text, shown)
		found = found[:min(len(found), shown)]
		o := Outcome{Query: q, Shown: len(found)}
		for i := range found {
			g := q.Grade(&found[i])
			if g == Right && o.First == 0 {
				o.First = i + 1
			}
			if g != Wrong {
				o.Good++
			}
		}
		out = append(out, o)
	}
	return out
}

// Rate sums outcomes up. All but Queries are shares of one.
type Rate struct {
	Queries   int
	Hit1      float64 // of queries whose first posting is right
	Hit10     float64 // of queries with a right posting among the first ten
	Zero      float64 // of queries that find nothing
	Misled    float64 // of queries that find something, none of it even acceptable
	MRR       float64 // mean of 1/place of the first right posting; 0 where none is among ten
	Precision float64 // mean share of right and acceptable ones among those shown; where none is, it is not counted
}

// Kind returns the rate of the queries of a kind.
func (r Rates) Kind(k Kind) Rate {
	return r.sum(func(o Outcome) bool { return o.Query.Kind == k })
}

// All returns the rate of all queries but those of the kind None.
func (r Rates) All() Rate {
	return r.sum(func(o Outcome) bool { return o.Query.Kind != None })
}

func (r Rates) sum(in func(Outcome) bool) Rate {
	var s Rate
	found := 0
	for _, o := range r {
		if !in(o) {
			continue
		}
		s.Queries++
		if o.First > 0 {
			s.Hit10++
			s.MRR += 1 / float64(o.First)
		}
		if o.First == 1 {
			s.Hit1++
		}
		if o.Shown == 0 {
			s.Zero++
			continue
		}
		found++
		s.Precision += float64(o.Good) / float64(o.Shown)
		if o.Good == 0 {
			s.Misled++
		}
	}
	n := float64(max(1, s.Queries))
	s.Hit1, s.Hit10, s.Zero, s.Misled, s.MRR = s.Hit1/n, s.Hit10/n, s.Zero/n, s.Misled/n, s.MRR/n
	s.Precision /= float64(max(1, found))
	return s
}

// Lost returns the outcomes of the queries without a right posting among the
// first ten, and of those of the kind None that found something.
func (r Rates) Lost() []Outcome {
	var out []Outcome
	for _, o := range r {
		if o.Query.Kind == None && o.Shown > 0 || o.Query.Kind != None && o.First == 0 {
			out = append(out, o)
		}
	}
	return out
}

// String writes the rates of every kind as a table in Markdown.
func (r Rates) String() string {
	var b strings.Builder
	b.WriteString("| kind | queries | hit@1 | hit@10 | nothing found | only wrong ones | MRR@10 | precision@10 |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|\n")
	line := func(name string, s Rate) {
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |\n",
			name, s.Queries, s.Hit1, s.Hit10, s.Zero, s.Misled, s.MRR, s.Precision)
	}
	for _, k := range kinds {
		if s := r.Kind(k); s.Queries > 0 && k != None {
			line(string(k), s)
		}
	}
	line("**all**", r.All())
	if s := r.Kind(None); s.Queries > 0 {
		fmt.Fprintf(&b, "\nOf %d queries without an answer, %.3f found something.\n", s.Queries, 1-s.Zero)
	}
	return b.String()
}

// Named are the rates of one engine.
type Named struct {
	Name  string
	Rates Rates
}

// Beside writes hit@1, hit@10 and the share that finds nothing of several
// engines, which were asked the same queries, as one table in Markdown.
func Beside(engines ...Named) string {
	var b strings.Builder
	b.WriteString("| kind | queries |")
	for _, e := range engines {
		b.WriteString(" " + e.Name + " |")
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(engines)) + "\n")
	line := func(name string, of func(Rates) Rate) {
		for i, e := range engines {
			s := of(e.Rates)
			if i == 0 {
				fmt.Fprintf(&b, "| %s | %d |", name, s.Queries)
			}
			fmt.Fprintf(&b, " %.3f / %.3f / %.3f |", s.Hit1, s.Hit10, s.Zero)
		}
		b.WriteString("\n")
	}
	for _, k := range kinds {
		line(string(k), func(r Rates) Rate { return r.Kind(k) })
	}
	line("**all** but none", Rates.All)
	return b.String()
}
