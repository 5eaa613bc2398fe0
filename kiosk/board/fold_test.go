package board

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
)

func TestCoreTitle(t *testing.T) {
	for title, want := range map[string]string{
		"缝纫工": "缝纫工", "招缝纫工": "缝纫工", "缝纫工（急）": "缝纫工", "缝纫工若干名": "缝纫工", "缝纫工3人": "缝纫工",
		"【急聘】缝纫工": "缝纫工", "（夜班）保安": "保安", "高薪诚聘：缝纫工 10名": "缝纫工", "招聘保安": "保安", "ＣＮＣ操作工": "cnc操作工",
		"CNC 操作工／编程": "cnc操作工", "招聘专员": "招聘专员", "招聘主管若干名": "招聘主管", "招": "招", "若干名": "若干名", "（急）": "(急)",
		"5名": "5名", "招商经理": "商经理", "电焊工—长期": "电焊工", "急招": "急招", "": "",
	} {
		if got := coreTitle(title); got != want {
			t.Errorf("coreTitle(%q) = %q, want %q", title, got, want)
		}
	}
}

// groups counts the rows of a folded list.
func (o *oracle) groups(q kiosk.Query) int {
	rows := map[string]bool{}
	for i, failed := range o.failures(q) {
		if len(failed) == 0 {
			rows[o.row(q, i)] = true
		}
	}
	return len(rows)
}

// row of a list, as the oracle sees it.
type listed struct {
	id   string
	more int
}

// list is the whole list that a query asks for, in its order.
func (o *oracle) list(q kiosk.Query) []listed {
	var rows []int
	words := formsOf(q)
	for i, failed := range o.failures(q) {
		if len(failed) == 0 {
			rows = append(rows, i)
		}
	}
	month := func(p *kiosk.Posting) (lo, hi kiosk.Fen) {
		lo, hi, ok := p.Pay.Monthly()
		if !ok {
			return -1, -1
		}
		return lo, hi
	}
	near := func(a, b *kiosk.Posting) int {
		x, y := a.Location.Metres(o.origin(q)), b.Location.Metres(o.origin(q))
		if (x < 0) != (y < 0) {
			return cmp.Compare(y, x)
		}
		return cmp.Compare(max(x, 0), max(y, 0))
	}
	slices.SortFunc(rows, func(i, j int) int {
		a, b := &o.postings[i], &o.postings[j]
		by := 0
		switch q.Sort {
		case kiosk.SortPay:
			al, ah := month(a)
			bl, bh := month(b)
			by = cmp.Or(cmp.Compare(bh, ah), cmp.Compare(bl, al))
		case kiosk.SortNewest:
			by = b.Published.Compare(a.Published)
		case kiosk.SortNearest:
			by = near(a, b)
		default:
			by = cmp.Or(cmp.Compare(fitting(q, words, b), fitting(q, words, a)), near(a, b))
		}
		return cmp.Or(by, cmp.Compare(a.ID, b.ID))
	})
	var out []listed
	at := map[string]int{}
	for _, i := range rows {
		key := o.row(q, i)
		if n, ok := at[key]; ok {
			out[n].more++
			continue
		}
		at[key] = len(out)
		out = append(out, listed{id: o.postings[i].ID})
	}
	return out
}

// fitting is how well a posting fits the words: two for each that its title holds,
// one for each that it has by its fields only.
func fitting(q kiosk.Query, words [][]string, p *kiosk.Posting) (n int) {
	for i := range words {
		switch {
		case holds(words[i:i+1], fold(p.Title)) > 0:
			n += 2
		case i < len(q.Means) && !q.Means[i].None() && q.Means[i].Fits(p):
			n++
		}
	}
	return n
}

// Every page of every order, folded and not, is the piece of the whole list
// that it says it is: no row twice, none missing.
func TestListsEqualBruteForce(t *testing.T) {
	b, ps := demoBoard(t)
	o := newOracle(ps)
	r := rand.New(rand.NewPCG(8, 15))
	more, also := 0, 0
	for i := range 60 {
		q := randomQuery(r, o)
		if i%3 == 0 {
			q = kiosk.Query{Text: randomText(r, o), Also: [][]string{{"操作工", randomText(r, o)}, {randomText(r, o)}}, Now: now}
		}
		q.Fold = i%4 != 0
		q.Sort = []kiosk.Sort{kiosk.SortFit, kiosk.SortPay, kiosk.SortNewest, kiosk.SortNearest}[r.IntN(4)]
		want := o.list(q)
		var got []listed
		for q.Limit = 1 + r.IntN(40); ; q.Offset += q.Limit {
			res, err := b.Search(t.Context(), q)
			if err != nil || res.Total != len(want) {
				t.Fatalf("%+v: %d rows, the oracle has %d, %v", q, res.Total, len(want), err)
			}
			for _, it := range res.Items {
				got = append(got, listed{it.Posting.ID, it.More})
				more += it.More
			}
			if len(res.Items) < q.Limit {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v:\n%v, want\n%v", q, got, want)
		}
		if q.Offset = 0; q.Fold && i%3 == 0 {
			res, err := b.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if facets := o.facets(q); !reflect.DeepEqual(res.Facets, facets) {
				t.Fatalf("%+v:\nfacets %+v\nwant   %+v", q, res.Facets, facets)
			}
		}
		if len(q.Also) > 0 && len(want) > 0 {
			also++
		}
	}
	if more < 1000 || also < 5 {
		t.Errorf("the queries prove little: %d folded, %d with other forms", more, also)
	}
}

// What a row says is folded under it is what asking for the like ones gives.
func TestLike(t *testing.T) {
	b, ps := demoBoard(t)
	o := newOracle(ps)
	checked := 0
	for _, text := range []string{"", "缝纫", "操作工", "保安"} {
		q := kiosk.Query{Text: text, Fold: true, Limit: 200, Now: now, Within: 20000}
		res, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range res.Items {
			one := q
			one.Fold, one.Like = false, it.Posting.ID
			if got, want := collectIDs(t, b, one), o.ids(one); !slices.Equal(got, want) || len(got) != it.More+1 {
				t.Fatalf("like %s: %v, want %v and %d more", it.Posting.ID, got, want, it.More)
			}
			if it.More > 0 {
				checked++
			}
		}
	}
	if got := collectIDs(t, b, kiosk.Query{Like: "nobody", Now: now}); len(got) > 0 {
		t.Errorf("like a posting that there is not: %v", got)
	}
	if checked < 50 {
		t.Errorf("only %d groups", checked)
	}
}

// A facet's count is what touching it lists.
func TestFoldedFacetsAreWhatTouchingLists(t *testing.T) {
	b, _ := demoBoard(t)
	total := func(q kiosk.Query) kiosk.Results {
		t.Helper()
		res, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	q := kiosk.Query{Text: "工", Fold: true, Now: now, PayAtLeast: kiosk.Yuan(4000), Shifts: kiosk.DayShift}
	res := total(q)
	for c, n := range res.Facets.Channels {
		to := q
		to.Channels = []kiosk.Channel{c}
		if got := total(to).Total; got != n {
			t.Errorf("%s: says %d, lists %d", c, n, got)
		}
	}
	for e, n := range res.Facets.Educations {
		to := q
		to.Education = e
		if got := total(to).Total; got != n {
			t.Errorf("schooling %d: says %d, lists %d", e, n, got)
		}
	}
	for town, n := range res.Facets.Towns {
		to := q
		to.Area = town
		if got := total(to).Total; got != n {
			t.Errorf("%s: says %d, lists %d", town, n, got)
		}
	}
	for s, n := range res.Facets.Shifts {
		to := q
		to.Shifts = s
		if got := total(to).Total; got != n {
			t.Errorf("shift %d: says %d, lists %d", s, n, got)
		}
	}
	if res.Total == 0 || len(res.Facets.Towns) < 3 {
		t.Errorf("the query proves little: %+v", res.Facets)
	}
}

// Marks have a bit for every trade there can be.
func TestMarksHaveRoom(t *testing.T) {
	trades := map[kiosk.Trade]bool{}
	for n := range 8 * 40 * 40 * 6 {
		code := []byte("0-00-00-00")
		for i, v := range map[int]int{0: n/9600 + 1, 2: n / 6 / 1600 % 40, 5: n / 6 / 40 % 40, 8: n % 6} {
			if i == 0 {
				code[0] = byte('0' + v%10)
				continue
			}
			code[i], code[i+1] = byte('0'+v/10), byte('0'+v%10)
		}
		trades[kiosk.Occupation{Code: string(code)}.Trade()] = true
		for _, first := range []string{"2", "3", "4", "5", "6"} {
			trades[kiosk.Occupation{Code: first + string(code[1:])}.Trade()] = true
		}
	}
	if len(trades) > 64 || len(trades) < 20 || marksTotal > 63 {
		t.Errorf("%d trades and %d other marks, there is room for 64 of each", len(trades), marksTotal+1)
	}
}

func TestTranspose(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var m, was [64]uint64
	for i := range m {
		m[i] = r.Uint64()
	}
	was = m
	transpose(&m)
	for i := range m {
		for bit := range 64 {
			if m[i]>>bit&1 != was[bit]>>i&1 {
				t.Fatalf("bit %d of word %d is not bit %d of word %d", bit, i, i, bit)
			}
		}
	}
}

func TestFoldedTextOfHits(t *testing.T) {
	for _, tt := range []struct{ text, form, want string }{
		{"咱们本厂做羽绒服，长年招　缝 纫 工，包吃住，工资每月二十日发，从不拖欠，欢迎来厂看看", "缝纫工", "…们本厂做羽绒服，长年招 缝 纫 工，包吃住，工资每月二十日…"},
		{"会ＣＮＣ 操作", "cnc操作", "会ＣＮＣ 操作"},
		{"第一行\n第二行：叉车证", "叉车", "第一行 第二行：叉车证"},
		{"C1 驾照", "c1驾", "C1 驾照"},
	} {
		at, ok := standsIn(tt.text, []string{"没有", fold(tt.form)})
		if !ok || at.excerpt() != tt.want {
			t.Errorf("%q in %q: %q, %v; want %q", tt.form, tt.text, at.excerpt(), ok, tt.want)
		}
	}
	if _, ok := standsIn("缝纫工", []string{"焊工"}); ok {
		t.Error("found what is not there")
	}
}

// Every word that a title does not show has a hit that is true: the form
// stands in the field, and the excerpt is a piece of what people wrote.
func TestHitsAreTrue(t *testing.T) {
	b, ps := demoBoard(t)
	o := newOracle(ps)
	r := rand.New(rand.NewPCG(31, 41))
	kinds, cut := map[kiosk.Field]int{}, 0
	for i := range 300 {
		q := kiosk.Query{Text: randomText(r, o), Hits: true, Now: now, Limit: 20}
		if i%3 == 0 {
			q.Also = [][]string{{"操作工"}, {"包吃"}}
		}
		res, err := b.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range res.Items {
			p, _, err := b.Get(t.Context(), it.Posting.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range strings.Fields(q.Text) {
				n := slices.IndexFunc(it.Hits, func(h kiosk.Hit) bool { return h.Word == w })
				if strings.Contains(fold(p.Title), fold(w)) != (n < 0) {
					t.Fatalf("%q in the title %q: hits %+v", w, p.Title, it.Hits)
				}
			}
			for _, h := range it.Hits {
				checkHit(t, &p, h)
				kinds[h.Field]++
				if strings.HasPrefix(h.Excerpt, "…") {
					cut++
				}
			}
		}
	}
	for _, f := range []kiosk.Field{
		kiosk.FieldTitle, kiosk.FieldEmployer, kiosk.FieldOccupation, kiosk.FieldPlace, kiosk.FieldRequirements, kiosk.FieldDescription,
	} {
		if kinds[f] == 0 {
			t.Errorf("no hit in %s: %v", f, kinds)
		}
	}
	if cut < 50 {
		t.Errorf("only %d excerpts begin in the middle", cut)
	}
}

func checkHit(t *testing.T, p *kiosk.Posting, h kiosk.Hit) {
	t.Helper()
	text := p.Description
	if h.Field != kiosk.FieldDescription {
		text = ""
		for _, f := range fieldsOf(p) {
			if f.field == h.Field && strings.Contains(fold(f.text), h.As) {
				text = f.text
			}
		}
	}
	if !strings.Contains(fold(text), h.As) {
		t.Fatalf("%+v: not in %q", h, text)
	}
	if h.Field != kiosk.FieldDescription && h.Field != kiosk.FieldRequirements {
		if h.Excerpt != "" {
			t.Fatalf("%+v has an excerpt", h)
		}
		return
	}
	piece := strings.TrimSuffix(strings.TrimPrefix(h.Excerpt, "…"), "…")
	line := strings.Join(strings.Fields(text), " ")
	if !strings.Contains(line, piece) || !strings.Contains(fold(piece), h.As) || len([]rune(piece)) > 2*around+len([]rune(h.As))*3 {
		t.Fatalf("%+v: the excerpt is no piece of %q", h, text)
	}
}

// TestAlike compares with the members that a search for them lists.
func TestAlike(t *testing.T) {
	b, ps := demoBoard(t)
	several := 0
	for i := range ps {
		want := collectIDs(t, b, kiosk.Query{Like: ps[i].ID, Now: now})
		got := b.Alike(ps[i].ID, now)
		if !slices.Equal(got, want) {
			t.Fatalf("%s is like %v, want %v", ps[i].ID, got, want)
		}
		if len(got) > 1 {
			several++
		}
	}
	if several == 0 || b.Alike("none", now) != nil {
		t.Errorf("%d postings are like others", several)
	}
}
