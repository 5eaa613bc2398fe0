package lexicon

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

func small() *Dict {
	return New([]Term{
		{Text: "缝纫工", Kind: Occupation, Count: 900, Code: "6-05-01-03"},
		{Text: "缝纫机修理工", Kind: Occupation, Count: 20},
		{Text: "会计", Kind: Occupation, Count: 50},
		{Text: "银行柜员", Kind: Occupation, Count: 10},
		{Text: "模具工", Kind: Occupation, Count: 40},
		{Text: "CNC操作工", Kind: Occupation, Count: 70},
		{Text: "保安员", Kind: Occupation, Count: 120},
		{Text: "保洁员", Kind: Occupation, Count: 110},
		{Text: "司机", Kind: Occupation, Count: 200},
		{Text: "南昌县", Kind: Town, Count: 30},
		{Text: "西安", Kind: Town, Count: 3},
		{Text: "西安路", Kind: Town, Count: 4},
		{Text: "先锋", Kind: Town, Count: 9},
		{Text: "厦门", Kind: Town, Count: 2},
		{Text: "绿化工", Kind: Occupation, Count: 15},
		{Text: "共青城鸿达服饰有限公司", Kind: Employer, Count: 12},
		{Text: "共青城鸿雁羽绒制品有限公司", Kind: Employer, Count: 25},
	})
}

func TestLookup(t *testing.T) {
	d := small()
	for _, tt := range []struct {
		typed, want string
		how         How
	}{
		{"缝纫工", "缝纫工", Exact},
		{"fengrengong", "缝纫工", Exact},
		{"FENG REN GONG", "缝纫工", Exact},
		{"ｆｅｎｇｒｅｎｇｏｎｇ", "缝纫工", Exact},
		{"xi'an", "西安", Exact},
		{"kuaiji", "会计", Exact},
		{"huiji", "会计", Exact}, // as the characters are commonly read
		{"yinhangguiyuan", "银行柜员", Exact},
		{"mujugong", "模具工", Exact},
		{"xiamen", "厦门", Exact},
		{"lvhuagong", "绿化工", Exact},
		{"lühuagong", "绿化工", Exact},
		{"cnccaozuogong", "CNC操作工", Exact},
		{"缝纫", "缝纫工", Prefix},
		{"f", "缝纫工", Prefix},
		{"fengr", "缝纫工", Prefix},
		{"fengrenj", "缝纫机修理工", Prefix},
		{"cnc", "CNC操作工", Prefix},
		{"frg", "缝纫工", Initials},
		{"frj", "缝纫机修理工", Initials},
		{"fengrg", "缝纫工", Initials},
		{"f人g", "缝纫工", Fuzzy}, // 人 sounds like 纫
		{"f纫g", "缝纫工", Initials},
		{"缝rg", "缝纫工", Initials},
		{"缝rengong", "缝纫工", Initials},
		{"缝纫g", "缝纫工", Initials},
		{"cczg", "CNC操作工", Inside},
		{"cncczg", "CNC操作工", Initials},
		{"yhgy", "银行柜员", Initials},
		{"gqchd", "共青城鸿达服饰有限公司", Initials},
		{"鸿达", "共青城鸿达服饰有限公司", Inside},
		{"hongda", "共青城鸿达服饰有限公司", Inside},
		{"hdfs", "共青城鸿达服饰有限公司", Inside},
		{"逢任工", "缝纫工", Sounds},
		{"逢纫", "缝纫工", Sounds},
		{"快记", "会计", Sounds},
		{"siji", "司机", Exact},
		{"shiji", "司机", Fuzzy},
		{"lanchangxian", "南昌县", Fuzzy},
		{"nancang", "南昌县", Fuzzy},
		{"fenlengon", "", 0},
		{"fenrengon", "缝纫工", Fuzzy},
		{"luhuagong", "绿化工", Exact}, // 绿 is also read lu
		{"世纪", "司机", Fuzzy},
		{"缝工", "缝纫工", Typo},
		{"缝大工", "缝纫工", Typo},
		{"缝纫大工", "缝纫工", Typo},
		{"纫缝工", "缝纫工", Typo},
		{"fengremgong", "缝纫工", Typo},
		{"fengrengogn", "缝纫工", Typo},
		{"zzzz", "", 0},
		{"!?。", "", 0},
		{"", "", 0},
	} {
		hits := d.Lookup(tt.typed, 5)
		switch {
		case tt.want == "":
			if len(hits) > 0 {
				t.Errorf("%q finds %v", tt.typed, hits)
			}
		case len(hits) == 0:
			t.Errorf("%q finds nothing, want %s", tt.typed, tt.want)
		case hits[0].Text != tt.want || hits[0].How != tt.how:
			t.Errorf("%q finds %s (%v), want %s (%v)", tt.typed, hits[0].Text, hits[0].How, tt.want, tt.how)
		}
	}
}

func TestLookupOrder(t *testing.T) {
	var got []string
	for _, h := range small().Lookup("xian", 4) {
		got = append(got, h.Text+" "+h.How.String())
	}
	want := []string{"西安 exact", "先锋 prefix", "西安路 prefix", "南昌县 inside"}
	if !slices.Equal(got, want) {
		t.Errorf("xian finds %q, want %q", got, want)
	}
	if hits := small().Lookup("gqc", 1); len(hits) != 1 || hits[0].Count != 25 {
		t.Errorf("the employer with more postings is not first: %v", hits)
	}
}

// TestLookupEqualsScan holds the finding of characters to what a scan of all
// terms finds, in order.
func TestLookupEqualsScan(t *testing.T) {
	terms, d := boardDict(t)
	m := newMaker(terms)
	norms := make([]string, d.Len())
	for id := range norms {
		norms[id] = normalise(d.terms[id].Text)
	}
	for range 500 {
		text := []rune(normalise(terms[m.IntN(len(terms))].Text))
		from := m.IntN(len(text))
		q := string(text[from : from+1+m.IntN(min(4, len(text)-from))])
		var want []string
		for _, how := range []How{Exact, Prefix, Inside} {
			for id, n := range norms {
				exact, prefix := n == q, strings.HasPrefix(n, q)
				if how == Exact && exact || how == Prefix && prefix && !exact || how == Inside && !prefix && strings.Contains(n, q) {
					want = append(want, d.terms[id].Text+" "+how.String())
				}
			}
		}
		var got []string
		for _, h := range d.Lookup(q, 20) {
			if h.How <= Inside && h.How != Initials && !isASCII(q) {
				got = append(got, h.Text+" "+h.How.String())
			}
		}
		if want = want[:min(20, len(want))]; !isASCII(q) && !slices.Equal(got, want) {
			t.Fatalf("%q finds %q, a scan %q", q, got, want)
		}
	}
}

// TestLookupInvariants: never more than asked for, no term twice, the surest way
// first, and fewer asked for is the same beginning.
func TestLookupInvariants(t *testing.T) {
	terms, d := boardDict(t)
	m := newMaker(terms)
	for i := range 1400 {
		q := askings[i%len(askings)].make(m, terms[m.IntN(len(terms))])
		hits := d.Lookup(q, 20)
		checkHits(t, q, hits, 20)
		if few := d.Lookup(q, 5); len(few) != min(5, len(hits)) || len(few) > 0 && few[0] != hits[0] {
			t.Fatalf("%q: 5 hits are %v, 20 are %v", q, few, hits)
		}
	}
}

func checkHits(t *testing.T, q string, hits []Hit, limit int) {
	t.Helper()
	type name struct {
		kind Kind
		text string
	}
	seen := map[name]bool{}
	for i, h := range hits {
		n := name{h.Kind, h.Text}
		if seen[n] || i >= limit {
			t.Fatalf("%q: %v twice or too many in %v", q, n, hits)
		}
		seen[n] = true
		if i > 0 && h.How < hits[i-1].How {
			t.Fatalf("%q: a surer way after %v: %v", q, hits[i-1], h)
		}
	}
}

func TestLookupLimits(t *testing.T) {
	_, d := boardDict(t)
	for _, tt := range []struct{ limit, most int }{{-1, 0}, {0, 0}, {1, 1}, {1 << 30, mostHits}} {
		if n := len(d.Lookup("gongsi", tt.limit)); n != tt.most {
			t.Errorf("limit %d gives %d hits, want %d", tt.limit, n, tt.most)
		}
	}
	d.Lookup(strings.Repeat("zhuangchuang", 1000), 10)
	if New(nil).Lookup("a", 5) != nil && len(New(nil).Lookup("缝", 5)) > 0 {
		t.Error("an empty dictionary finds something")
	}
}

func TestNewJoinsEqualTerms(t *testing.T) {
	given := []Term{{Text: "CNC", Kind: Skill, Count: 2}, {Text: "cnc", Kind: Skill, Count: 3}, {Text: "CNC", Kind: Lay}, {Text: "——"}}
	d := New(given)
	if d.Len() != 2 || d.Lookup("cnc", 5)[0].Count != 5 {
		t.Errorf("%d terms, %v", d.Len(), d.Lookup("cnc", 5))
	}
	if given[0].Count != 2 {
		t.Error("the given slice was changed")
	}
}

func TestReadersTogether(t *testing.T) {
	d := small()
	want := d.Lookup("frg", 5)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 200 {
				if !slices.Equal(d.Lookup("frg", 5), want) {
					t.Error("readers disturb one another")
					return
				}
				d.Lookup("逢任工", 5)
			}
		})
	}
	wait.Wait()
}

// mostState bounds what the dictionary of a board of 100,000 postings takes.
const mostState = 16 << 20

func TestBytes(t *testing.T) {
	_, d := boardDict(t)
	if d.Len() < boardSize-200 || d.Bytes() > mostState {
		t.Errorf("%d terms take %d bytes, more than %d", d.Len(), d.Bytes(), mostState)
	}
	t.Logf("%d terms, %d bytes, %d a term", d.Len(), d.Bytes(), d.Bytes()/d.Len())
}
