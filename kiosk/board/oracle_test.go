package board

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// oracle answers a query by looking at every posting, written without regard
// to how the board does it.
type oracle struct {
	site     kiosk.Site
	postings []kiosk.Posting
	text     []string
}

func newOracle(ps []kiosk.Posting) *oracle {
	o := &oracle{site: demo.Site(), postings: ps}
	for i := range ps {
		o.text = append(o.text, folded(&ps[i]))
	}
	return o
}

// failures names, for every posting, the filters of the query that it fails.
// One that has expired or lacks a word fails "always", which nothing leaves out.
func (o *oracle) failures(q kiosk.Query) [][]string {
	var words []string
	for _, w := range strings.Fields(q.Text) {
		words = append(words, fold(w))
	}
	all := make([][]string, len(o.postings))
	for i := range o.postings {
		p := &o.postings[i]
		need := func(name string, ok bool) {
			if !ok {
				all[i] = append(all[i], name)
			}
		}
		need("always", !q.Now.After(p.ValidThrough))
		for _, w := range words {
			need("always", strings.Contains(o.text[i], w))
		}
		need("area", strings.HasPrefix(string(p.Area), string(q.Area)))
		need("channel", len(q.Channels) == 0 || slices.Contains(q.Channels, p.Channel))
		need("trade", len(q.Trades) == 0 || slices.Contains(q.Trades, p.Occupation.Trade()))
		need("occupation", q.Occupation == "" || strings.HasPrefix(p.Occupation.Code+"-", q.Occupation+"-"))
		need("education", q.Education.Meets(p.Education))
		need("shifts", q.Shifts == 0 || p.Shifts&q.Shifts != 0)
		need("benefits", p.Benefits&q.Benefits == q.Benefits)
		if q.Within > 0 {
			d := p.Location.Metres(o.site.Location)
			need("within", d >= 0 && d <= q.Within)
		}
		if _, hi, known := p.Pay.Monthly(); q.PayAtLeast > 0 {
			need("pay", known && hi >= q.PayAtLeast)
		}
	}
	return all
}

func (o *oracle) ids(q kiosk.Query) []string {
	var out []string
	for i, failed := range o.failures(q) {
		if len(failed) == 0 {
			out = append(out, o.postings[i].ID)
		}
	}
	slices.Sort(out)
	return out
}

func (o *oracle) facets(q kiosk.Query) kiosk.Facets {
	f := kiosk.Facets{
		Channels: map[kiosk.Channel]int{}, Trades: map[kiosk.Trade]int{}, Towns: map[kiosk.Area]int{},
		Pay: map[kiosk.Fen]int{}, Educations: map[kiosk.Education]int{}, Shifts: map[kiosk.Shifts]int{},
		Benefits: map[kiosk.Benefits]int{}, Distances: map[int]int{},
	}
	failures := o.failures(q)
	left := func(i int, leaveOut string) bool {
		for _, name := range failures[i] {
			if name != leaveOut {
				return false
			}
		}
		return true
	}
	// Each count is what a query with only that filter changed would find.
	count := func(leaveOut string, also func(p *kiosk.Posting) bool) (n int) {
		for i := range o.postings {
			if left(i, leaveOut) && also(&o.postings[i]) {
				n++
			}
		}
		return n
	}
	for _, c := range kiosk.Channels() {
		f.Channels[c] = count("channel", func(p *kiosk.Posting) bool { return p.Channel == c })
	}
	for _, s := range kiosk.AllShifts.Each() {
		f.Shifts[s] = count("shifts", func(p *kiosk.Posting) bool { return p.Shifts&s != 0 })
	}
	for _, b := range kiosk.AllBenefits.Each() {
		f.Benefits[b] = count("benefits", func(p *kiosk.Posting) bool { return p.Benefits&b != 0 })
	}
	for _, e := range kiosk.Educations() {
		f.Educations[e] = count("education", func(p *kiosk.Posting) bool { return e.Meets(p.Education) })
	}
	for _, m := range kiosk.PayBands() {
		f.Pay[m] = count("pay", func(p *kiosk.Posting) bool { _, hi, ok := p.Pay.Monthly(); return ok && hi >= m })
	}
	for _, d := range kiosk.DistanceBands() {
		f.Distances[d] = count("within", func(p *kiosk.Posting) bool {
			m := p.Location.Metres(o.site.Location)
			return m >= 0 && m <= float64(d)
		})
	}
	for i := range o.postings {
		p := &o.postings[i]
		if left(i, "trade") {
			f.Trades[p.Occupation.Trade()]++
		}
		if left(i, "area") && len(p.Area) >= 9 {
			f.Towns[p.Area[:9]]++
		}
	}
	return f
}

// randomText cuts a piece of one to eight characters out of a posting's own
// words, or two pieces of two postings, so that most queries find something.
func randomText(r *rand.Rand, o *oracle) string {
	piece := func() string {
		text := []rune(strings.ReplaceAll(o.text[r.IntN(len(o.text))], "\n", ""))
		n := min(len(text), 1+r.IntN(8))
		if r.IntN(4) == 0 {
			n = 1
		}
		at := r.IntN(len(text) - n + 1)
		return strings.ReplaceAll(string(text[at:at+n]), " ", "")
	}
	s := piece()
	switch r.IntN(6) {
	case 0:
		s += " " + piece()
	case 1:
		s = strings.ToUpper(s)
	}
	return s
}

func collectIDs(t *testing.T, b *Board, q kiosk.Query) []string {
	t.Helper()
	q.Limit = sharedSize
	res, err := b.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	if res.Total != len(res.Items) {
		t.Fatalf("%q: total %d, %d items", q.Text, res.Total, len(res.Items))
	}
	var got []string
	for _, it := range res.Items {
		got = append(got, it.Posting.ID)
	}
	slices.Sort(got)
	return got
}

func TestTextEqualsSubstringSearch(t *testing.T) {
	b, ps := demoBoard(t)
	o := newOracle(ps)
	r := rand.New(rand.NewPCG(9, 9))
	queries := []string{
		"CNC", "cnc", "ＣＮＣ", "nc", "C", "5S", "5s管理", "PLC", "plc", "LC", "缝", "缝纫工", "缝 工", "，", "、机", "ERP系统", "s",
		"0", "1000", "茶山街道", "甘露 缝纫", "共青城市 电子", "smt操", "（夜班）", "会开叉车优先", "不存在的词", "AND", "NEAR", "a*", "\"", "OR 工",
		"会会会", "-工", "工*", "  缝纫工  ", "\u200b缝\u200b纫", "’", "%", "_", "N1", "B2", "c1驾", "年以上", "ad", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
		"坐岗装配，按作业指导书插件、打螺丝、贴膜；操作贴片机上下料、换料；用烙铁补焊，目检焊点",
	}
	for range 3000 {
		queries = append(queries, randomText(r, o))
	}
	found, one := 0, 0
	for _, text := range queries {
		q := kiosk.Query{Text: text, Now: now}
		got, want := collectIDs(t, b, q), o.ids(q)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %d postings, a substring search finds %d", text, len(got), len(want))
		}
		if len(want) > 0 {
			found++
		}
		if len([]rune(text)) == 1 {
			one++
		}
	}
	if found < len(queries)*3/4 || one < 300 {
		t.Errorf("the queries prove little: %d of %d found something, %d had one character", found, len(queries), one)
	}
}

func randomQuery(r *rand.Rand, o *oracle) kiosk.Query {
	q := kiosk.Query{Now: now}
	maybe := func(percent int) bool { return r.IntN(100) < percent }
	if maybe(30) {
		q.Text = randomText(r, o)
	}
	if maybe(25) {
		q.Area = []kiosk.Area{"36", "360482", "360482001", "360482100", "360426", "9"}[r.IntN(6)]
	}
	if maybe(25) {
		q.Within = float64(r.IntN(20000))
	}
	if maybe(25) {
		q.Channels = kiosk.Channels()[:1+r.IntN(4)]
	}
	if maybe(5) {
		q.Channels = []kiosk.Channel{"no such"}
	}
	if maybe(25) {
		q.Trades = []kiosk.Trade{o.postings[r.IntN(100)].Occupation.Trade(), "courier", "no such"}
	}
	if maybe(15) {
		q.Occupation = o.postings[r.IntN(100)].Occupation.Code[:[]int{1, 4, 7}[r.IntN(3)]]
	}
	if maybe(25) {
		q.PayAtLeast = kiosk.Yuan(int64(r.IntN(9000)))
	}
	if maybe(25) {
		q.Education = kiosk.Educations()[r.IntN(8)]
	}
	if maybe(25) {
		q.Shifts = kiosk.Shifts(r.IntN(int(kiosk.AllShifts) + 1))
	}
	if maybe(25) {
		q.Benefits = kiosk.Benefits(1)<<r.IntN(11) | kiosk.Dorm
	}
	if maybe(20) {
		q.Now = now.AddDate(0, 0, r.IntN(60)-20)
	}
	return q
}

func TestFiltersAndFacetsEqualBruteForce(t *testing.T) {
	b, ps := demoBoard(t)
	o := newOracle(ps)
	r := rand.New(rand.NewPCG(4, 2))
	nonEmpty := 0
	for range 60 {
		q := randomQuery(r, o)
		if got, want := collectIDs(t, b, q), o.ids(q); !slices.Equal(got, want) {
			t.Fatalf("%+v: %d postings, brute force finds %d", q, len(got), len(want))
		} else if len(want) > 0 {
			nonEmpty++
		}
		res, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if want := o.facets(q); !reflect.DeepEqual(res.Facets, want) {
			t.Fatalf("%+v:\nfacets %+v\nwant   %+v", q, res.Facets, want)
		}
		noText := q
		noText.Text = ""
		var got []string
		for _, p := range b.Candidates(q) {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, o.ids(noText)) {
			t.Fatalf("%+v: Candidates are not the filtered postings in the order of ids", q)
		}
	}
	if nonEmpty < 20 {
		t.Errorf("only %d queries found something", nonEmpty)
	}
}

// TestOrderAndPages compares every order with a plain sort of all postings, and
// pages with pieces of it.
func TestOrderAndPages(t *testing.T) {
	b, ps := demoBoard(t)
	site := demo.Site()
	month := func(p *kiosk.Posting) (lo, hi kiosk.Fen) {
		lo, hi, ok := p.Pay.Monthly()
		if !ok {
			return -1, -1
		}
		return lo, hi
	}
	near := func(a, b *kiosk.Posting) int {
		x, y := a.Location.Metres(site.Location), b.Location.Metres(site.Location)
		switch {
		case x < 0 && y < 0:
			return 0
		case x < 0:
			return 1
		case y < 0:
			return -1
		}
		return cmp.Compare(x, y)
	}
	less := map[kiosk.Sort]func(a, b *kiosk.Posting) int{
		kiosk.SortNearest: near,
		kiosk.SortNewest:  func(a, b *kiosk.Posting) int { return b.Published.Compare(a.Published) },
		kiosk.SortPay: func(a, b *kiosk.Posting) int {
			al, ah := month(a)
			bl, bh := month(b)
			return cmp.Or(cmp.Compare(bh, ah), cmp.Compare(bl, al))
		},
		kiosk.SortFit: func(a, b *kiosk.Posting) int {
			x, y := strings.Contains(fold(a.Title), "操作"), strings.Contains(fold(b.Title), "操作")
			if x != y {
				if x {
					return -1
				}
				return 1
			}
			return near(a, b)
		},
	}
	for order, f := range less {
		q := kiosk.Query{Text: "操作", Sort: order, Now: now}
		var want []*kiosk.Posting
		for i := range ps {
			if strings.Contains(folded(&ps[i]), "操作") && ps[i].Open(now) {
				want = append(want, &ps[i])
			}
		}
		slices.SortFunc(want, func(a, b *kiosk.Posting) int { return cmp.Or(f(a, b), cmp.Compare(a.ID, b.ID)) })
		var got []kiosk.Item
		for q.Limit = 7; ; q.Offset += q.Limit {
			res, err := b.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, res.Items...)
			if len(res.Items) < q.Limit {
				break
			}
		}
		if len(got) != len(want) || len(got) < 100 {
			t.Fatalf("%s: %d items in pages, want %d", order, len(got), len(want))
		}
		for i := range got {
			if got[i].Posting.ID != want[i].ID || got[i].Posting.Description != "" ||
				got[i].Metres != want[i].Location.Metres(site.Location) {
				t.Fatalf("%s: item %d is %s, want %s", order, i, got[i].Posting.ID, want[i].ID)
			}
		}
	}
}

func TestExpiry(t *testing.T) {
	b, ps := demoBoard(t)
	for i := 0; i < len(ps); i += 100 {
		p := &ps[i]
		for _, tt := range []struct {
			at   time.Time
			want bool
		}{{p.ValidThrough, true}, {p.ValidThrough.Add(time.Second), false}} {
			got := slices.Contains(collectIDs(t, b, kiosk.Query{Text: p.Employer.Name, Now: tt.at}), p.ID)
			if got != tt.want {
				t.Errorf("%s valid through %v, at %v: shown %v", p.ID, p.ValidThrough, tt.at, got)
			}
		}
	}
	// No time given: the clock is asked, and a board of the past is empty.
	b = open1(t)
	past := demo.Postings(time.Date(2020, 1, 1, 0, 0, 0, 0, zone), 50, 1)
	if _, err := b.Apply(t.Context(), past, ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	if res, err := b.Search(t.Context(), kiosk.Query{Limit: 9}); err != nil || res.Total != 0 {
		t.Errorf("without a time: %d, %v", res.Total, err)
	}
	if c := b.Candidates(kiosk.Query{}); len(c) != 0 {
		t.Errorf("without a time: %d candidates", len(c))
	}
}
