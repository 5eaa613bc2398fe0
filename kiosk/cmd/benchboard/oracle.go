package main

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/width"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/demo"
)

// answer is what a query must be answered with. Large parts are digests, so
// that the processes of the engines need not hold them.
type answer struct {
	Total  int
	IDs    uint64 // of the set of ids
	Groups uint64 // of what GROUP BY counts among the rows found
	Facets uint64 // of kiosk.Facets, each of which leaves its own filter out
	Page   uint64 // of the ids of the first page; 0 by SortFit, where each engine has its own order
}

// fold is the form in which texts are compared: lower case, half width, no
// spaces but between two letters or digits of ASCII.
func fold(s string) string {
	runes := []rune(strings.ToLower(width.Fold.String(s)))
	var b strings.Builder
	for i, r := range runes {
		if !unicode.IsSpace(r) {
			b.WriteRune(r)
			continue
		}
		left := i > 0 && isASCIIWord(runes[i-1])
		if left && i+1 < len(runes) && isASCIIWord(runes[i+1]) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func isASCIIWord(r rune) bool { return r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// words is all of a posting that is searched, a line a field.
func words(p *kiosk.Posting) string {
	county := ""
	if len(p.Area) >= 6 {
		county = areas.Name(p.Area[:6])
	}
	lines := []string{
		p.Title, p.Employer.Name, p.Occupation.Name, county, areas.Name(p.Area.Town()), p.Address, p.Requirements,
		p.Description,
	}
	for i := range lines {
		lines[i] = fold(lines[i])
	}
	return strings.Join(lines, "\n")
}

// folded are the words of a query, each of which must be found.
func folded(text string) []string {
	var out []string
	for _, w := range strings.Fields(text) {
		out = append(out, fold(w))
	}
	return out
}

// oracle answers by looking at every posting.
type oracle struct {
	posts  []kiosk.Posting
	texts  []string
	metres []float64
}

func newOracle(posts []kiosk.Posting) *oracle {
	o := &oracle{posts: posts, texts: make([]string, len(posts)), metres: make([]float64, len(posts))}
	site := demo.Site().Location
	for i := range posts {
		o.texts[i], o.metres[i] = words(&posts[i]), posts[i].Location.Metres(site)
	}
	return o
}

func (o *oracle) answers(ctx context.Context, queries []kiosk.Query) ([]answer, error) {
	out := make([]answer, len(queries))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range next {
				out[i] = o.answer(queries[i])
			}
		})
	}
	for i := 0; i < len(queries) && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	workers.Wait()
	return out, ctx.Err()
}

// filters are the names of the filters that a posting may fail.
var filters = []string{"area", "channel", "trade", "education", "pay"}

// fails is the set of filters, as bits in their order, that the posting fails.
func fails(p *kiosk.Posting, q *kiosk.Query) (set int) {
	_, high, known := p.Pay.Monthly()
	for i, passed := range []bool{
		p.Area.Within(q.Area),
		len(q.Channels) == 0 || slices.Contains(q.Channels, p.Channel),
		len(q.Trades) == 0 || slices.Contains(q.Trades, p.Occupation.Trade()),
		q.Education.Meets(p.Education),
		q.PayAtLeast == 0 || known && high >= q.PayAtLeast,
	} {
		if !passed {
			set |= 1 << i
		}
	}
	return set
}

func (o *oracle) answer(q kiosk.Query) answer {
	var a answer
	var found []int
	asked, groups, f := folded(q.Text), map[string]int{}, newFacets()
	for i := range o.posts {
		p := &o.posts[i]
		lacks := func(w string) bool { return !strings.Contains(o.texts[i], w) }
		if q.Now.After(p.ValidThrough) || slices.ContainsFunc(asked, lacks) {
			continue
		}
		failed := fails(p, &q)
		f.count(p, o.metres[i], failed)
		if failed != 0 {
			continue
		}
		found = append(found, i)
		a.IDs += digest(p.ID)
		for _, g := range grouped(p) {
			groups[g]++
		}
	}
	a.Total, a.Groups, a.Facets = len(found), digestOf(groups), digestOf(f.Facets)
	if q.Sort != kiosk.SortFit {
		a.Page = o.page(found, q)
	}
	return a
}

// grouped are the groups that a posting is counted in, by the four columns
// that all peers count by.
func grouped(p *kiosk.Posting) []string {
	all := []string{
		"channel " + string(p.Channel), "trade " + string(p.Occupation.Trade()),
		fmt.Sprint("education ", int(p.Education)),
	}
	if town := p.Area.Town(); town != "" {
		all = append(all, "town "+string(town))
	}
	return all
}

// page is the digest of the first page of the rows found.
func (o *oracle) page(found []int, q kiosk.Query) uint64 {
	key := func(i int) (first, second float64) {
		p := &o.posts[i]
		switch q.Sort {
		case kiosk.SortPay:
			return payKeys(p)
		case kiosk.SortNewest:
			return -float64(p.Published.Unix()), 0
		}
		return nearKey(o.metres[i]), 0
	}
	slices.SortFunc(found, func(i, j int) int {
		a1, a2 := key(i)
		b1, b2 := key(j)
		return cmp.Or(cmp.Compare(a1, b1), cmp.Compare(a2, b2), cmp.Compare(o.posts[i].ID, o.posts[j].ID))
	})
	var ids []string
	for _, i := range found[:min(len(found), q.Limit)] {
		ids = append(ids, o.posts[i].ID)
	}
	return digestOf(ids)
}

// payKeys sort by the upper monthly figure, then by the lower one, the highest
// first and the unknown last.
func payKeys(p *kiosk.Posting) (high, low float64) {
	l, h, ok := p.Pay.Monthly()
	if !ok {
		return 1, 1
	}
	return -float64(h), -float64(l)
}

// nearKey sorts by distance, the unknown last.
func nearKey(metres float64) float64 {
	if metres < 0 {
		return math.MaxInt32
	}
	return metres
}

func digest(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return h.Sum64()
}

// digestOf is that of a value as fmt prints it, which sorts maps.
func digestOf(v any) uint64 { return digest(fmt.Sprint(v)) }
