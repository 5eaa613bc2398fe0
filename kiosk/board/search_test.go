package board

import (
	"cmp"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// TestTextEqualsSubstringSearch asks a thousand texts, and with
// JOBHOME_BOARD_ROWS three times as many.
func TestTextEqualsSubstringSearch(t *testing.T) {
	asked := 1000
	if os.Getenv("JOBHOME_BOARD_ROWS") != "" {
		asked = 3000
	}
	b, ps := demoBoard(t)
	o := newOracle(ps)
	r := rand.New(rand.NewPCG(9, 9))
	queries := []string{
		"CNC", "cnc", "ＣＮＣ", "nc", "C", "5S", "5s管理", "PLC", "plc", "LC", "缝", "缝纫工", "缝 工", "，", "、机", "ERP系统", "s",
		"0", "1000", "茶山街道", "甘露 缝纫", "共青城市 电子", "smt操", "（夜班）", "会开叉车优先", "不存在的词", "AND", "NEAR", "a*", "\"", "OR 工",
		"会会会", "-工", "工*", "  缝纫工  ", "\u200b缝\u200b纫", "’", "%", "_", "N1", "B2", "c1驾", "年以上", "ad", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
		"坐岗装配，按作业指导书插件、打螺丝、贴膜；操作贴片机上下料、换料；用烙铁补焊，目检焊点",
	}
	for range asked {
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
	if found < len(queries)*3/4 || one < asked/10 {
		t.Errorf("the queries prove little: %d of %d found something, %d had one character", found, len(queries), one)
	}
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
	origin := demo.Site().Location
	month := func(p *kiosk.Posting) (lo, hi kiosk.Fen) {
		lo, hi, ok := p.Pay.Monthly()
		if !ok {
			return -1, -1
		}
		return lo, hi
	}
	near := func(a, b *kiosk.Posting) int {
		x, y := a.Location.Metres(origin), b.Location.Metres(origin)
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
	orders := slices.Repeat([]kiosk.Sort{kiosk.SortNearest, kiosk.SortNewest, kiosk.SortPay, kiosk.SortFit}, 2)
	for i, order := range orders {
		q, f := kiosk.Query{Text: "操作", Sort: order, Now: now}, less[order]
		if i >= len(less) {
			q.Near = ps[7].Location
			origin = q.Near
		}
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
				got[i].Metres != want[i].Location.Metres(origin) {
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
