package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"

	"jobhome/kiosk"
	"jobhome/kiosk/find"
	"jobhome/kiosk/judged"
	"jobhome/kiosk/spell"
)

// judgedSides puts the judged queries to our board and to the peers, each with
// its own order of the best: what is graded is the first ten.
func judgedSides(ctx context.Context, c *actor) (o outcome, err error) {
	posts := postings(c.n)
	byID := map[string]*kiosk.Posting{}
	for i := range posts {
		byID[posts[i].ID] = &posts[i]
	}
	queries := judged.Answerable(judged.Queries(), posts, moment)
	var all []judged.Named
	for _, name := range []string{ours, "fts5", "bleve"} {
		e := engines[name](c.dir + "/" + name)
		if _, err := e.build(ctx, posts); err != nil {
			return o, err
		}
		if err := e.open(ctx); err != nil {
			return o, err
		}
		best, err := bestOf(ctx, e, posts)
		if err != nil {
			return o, err
		}
		var failed error
		rates := judged.Measure(queries, func(text string, n int) (out []kiosk.Posting) {
			ids, err := best(text, n)
			if err != nil {
				failed = fmt.Errorf("%s: %q: %w", name, text, err)
			}
			for _, id := range ids {
				out = append(out, *byID[id])
			}
			return out
		})
		if failed != nil {
			return o, failed
		}
		all = append(all, judged.Named{Name: name, Rates: rates})
		if err := e.close(); err != nil {
			return o, err
		}
	}
	o.Text = judged.Beside(all...)
	return o, nil
}

// ranker returns the ids of the best postings for a text.
type ranker func(text string, n int) ([]string, error)

func bestOf(ctx context.Context, e engine, posts []kiosk.Posting) (ranker, error) {
	switch e := e.(type) {
	case *sqlEngine:
		return func(text string, n int) ([]string, error) { return e.best(ctx, text, n) }, nil
	case *bleveEngine:
		return func(text string, n int) ([]string, error) { return e.best(ctx, text, n) }, nil
	case *boardEngine:
		return e.ranker(ctx, posts)
	}
	return nil, fmt.Errorf("%T ranks nothing", e)
}

// ranker is the first list that a resident has.
func (e *boardEngine) ranker(ctx context.Context, posts []kiosk.Posting) (ranker, error) {
	f := &find.Finder{Board: e.board, Spell: spell.New(posts)}
	return func(text string, n int) (ids []string, err error) {
		r, err := f.Search(ctx, kiosk.Query{Text: text, Now: moment, Limit: n})
		for _, it := range r.Items {
			ids = append(ids, it.Posting.ID)
		}
		return ids, err
	}, nil
}

// best is in the order of FTS5's own bm25.
func (e *sqlEngine) best(ctx context.Context, text string, n int) ([]string, error) {
	q := kiosk.Query{Text: text, Now: moment}
	if !slices.ContainsFunc(folded(text), func(w string) bool { return w != "" }) {
		return nil, nil
	}
	where, args := e.where(q)
	return e.column(ctx, `SELECT id FROM words CROSS JOIN fact ON fact.rowid = words.rowid WHERE `+where+
		` ORDER BY bm25(words), id LIMIT ?`, append(args, n))
}

// best is in the order of bleve's own score.
func (e *bleveEngine) best(ctx context.Context, text string, n int) ([]string, error) {
	r := bleve.NewSearchRequestOptions(conditions(kiosk.Query{Text: text}), n, 0, false)
	r.SortBy(strings.Fields("-_score _id"))
	res, err := e.index.SearchInContext(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, h := range res.Hits {
		out = append(out, h.ID)
	}
	return out, nil
}
