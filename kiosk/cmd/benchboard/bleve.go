package main

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// bleveEngine is bleve with its CJK analyzer, set up so that it has the least
// to do: it keeps no text, no positions and no norms that it is not asked for,
// scores nothing, and is given the open postings only. The rows of a page come
// from SQLite, as those of the other peers do.
type bleveEngine struct {
	dir   string
	index bleve.Index
	rows  *sqlEngine
}

func (e *bleveEngine) path() string { return filepath.Join(e.dir, "bleve") }

func mappingOf() mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = cjk.AnalyzerName, false, false, false, false
	word := bleve.NewKeywordFieldMapping()
	word.Store, word.IncludeTermVectors, word.IncludeInAll = false, false, false
	number := bleve.NewNumericFieldMapping()
	number.Store, number.IncludeInAll = false, false
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt("words", text)
	for _, name := range []string{"channel", "trade", "town", "education"} {
		doc.AddFieldMappingsAt(name, word)
	}
	for _, name := range []string{"high", "low", "metres", "published"} {
		doc.AddFieldMappingsAt(name, number)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

func (e *bleveEngine) build(ctx context.Context, posts []kiosk.Posting) (b space, err error) {
	e.rows = &sqlEngine{dir: e.dir}
	if err := e.rows.open(ctx); err != nil {
		return b, err
	}
	if _, err := e.rows.db.ExecContext(ctx, rowTables); err != nil {
		return b, err
	}
	if err := e.rows.fill(ctx, posts, (*sqlEngine).putRow); err != nil {
		return b, err
	}
	if b.Rows, err = fileSize(e.rows.path()); err != nil {
		return b, err
	}
	if e.index, err = bleve.New(e.path(), mappingOf()); err != nil {
		return b, err
	}
	const batchSize = 1000
	batch := e.index.NewBatch()
	for i := range posts {
		if posts[i].Open(moment) {
			if err := batch.Index(posts[i].ID, document(&posts[i])); err != nil {
				return b, err
			}
		}
		if batch.Size() == batchSize || i == len(posts)-1 {
			if err := e.index.Batch(batch); err != nil {
				return b, err
			}
			batch.Reset()
		}
	}
	if err := e.close(); err != nil {
		return b, err
	}
	b.Index, err = fileSize(e.path())
	return b, err
}

func document(p *kiosk.Posting) map[string]any {
	low, high, known := p.Pay.Monthly()
	if !known {
		low, high = -1, -1
	}
	return map[string]any{
		"words": words(p), "channel": string(p.Channel), "trade": string(p.Occupation.Trade()),
		"town": string(p.Area.Town()), "education": strconv.Itoa(int(p.Education)),
		"high": float64(high), "low": float64(low), "published": float64(p.Published.Unix()),
		"metres": nearKey(p.Location.Metres(demo.Site().Location)),
	}
}

func (e *bleveEngine) open(ctx context.Context) (err error) {
	if e.index, err = bleve.Open(e.path()); err != nil {
		return err
	}
	e.rows = &sqlEngine{dir: e.dir}
	return e.rows.open(ctx)
}

func (e *bleveEngine) close() error { return errors.Join(e.index.Close(), e.rows.close()) }

func (e *bleveEngine) apply(context.Context, []kiosk.Posting) error {
	return errors.New("bleve's deltas are not measured")
}

// anyOf finds one of the terms in a field.
func anyOf(field string, terms []string) query.Query {
	var all []query.Query
	for _, t := range terms {
		q := bleve.NewTermQuery(t)
		q.SetField(field)
		all = append(all, q)
	}
	if len(all) == 1 {
		return all[0]
	}
	return bleve.NewDisjunctionQuery(all...)
}

// conditions are those of a query. bleve's pairs have no single characters, so
// one character is the beginning of a pair.
func conditions(q kiosk.Query) query.Query {
	var all []query.Query
	for _, w := range folded(q.Text) {
		if len([]rune(w)) == 1 {
			p := bleve.NewPrefixQuery(w)
			p.SetField("words")
			all = append(all, p)
			continue
		}
		m := bleve.NewMatchQuery(w)
		m.SetField("words")
		m.SetOperator(query.MatchQueryOperatorAnd)
		all = append(all, m)
	}
	if q.Area != "" {
		all = append(all, anyOf("town", []string{string(q.Area)}))
	}
	if q.PayAtLeast > 0 {
		least := float64(q.PayAtLeast)
		p := bleve.NewNumericRangeQuery(&least, nil)
		p.SetField("high")
		all = append(all, p)
	}
	if q.Education != kiosk.AnySchooling {
		var levels []string
		for _, asked := range schooling {
			if q.Education.Meets(asked) {
				levels = append(levels, strconv.Itoa(int(asked)))
			}
		}
		all = append(all, anyOf("education", levels))
	}
	if len(q.Channels) > 0 {
		all = append(all, anyOf("channel", names(q.Channels)))
	}
	if len(q.Trades) > 0 {
		all = append(all, anyOf("trade", names(q.Trades)))
	}
	return bleve.NewConjunctionQuery(all...)
}

func names[T ~string](values []T) (out []string) {
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}

var bleveOrders = map[kiosk.Sort]string{
	kiosk.SortFit: "metres _id", kiosk.SortNearest: "metres _id", kiosk.SortPay: "-high -low _id", kiosk.SortNewest: "-published _id",
}

func (e *bleveEngine) search(ctx context.Context, q kiosk.Query) (found, error) {
	r := bleve.NewSearchRequestOptions(conditions(q), q.Limit, 0, false)
	r.Score = "none"
	r.SortBy(strings.Fields(bleveOrders[q.Sort]))
	fields := []string{"channel", "trade", "town", "education"}
	for _, name := range fields {
		r.AddFacet(name, bleve.NewFacetRequest(name, 1000))
	}
	f := found{groups: map[string]int{}}
	res, err := e.index.SearchInContext(ctx, r)
	if err != nil {
		return f, err
	}
	f.total = int(res.Total)
	for _, name := range fields {
		for _, t := range res.Facets[name].Terms.Terms() {
			if t.Term != "" {
				f.groups[name+" "+t.Term] = t.Count
			}
		}
	}
	for _, h := range res.Hits {
		f.page = append(f.page, h.ID)
	}
	return f, e.rows.readPage(ctx, f.page)
}

func (e *bleveEngine) ids(ctx context.Context, q kiosk.Query) ([]string, error) {
	n, err := e.index.DocCount()
	if err != nil {
		return nil, err
	}
	r := bleve.NewSearchRequestOptions(conditions(q), int(n), 0, false)
	r.Score = "none"
	r.SortBy([]string{"_id"})
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
