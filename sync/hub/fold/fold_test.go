package fold

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// offer makes a posting: source, employer, title, area, and pay a month.
func offer(source, employer, title string, area kiosk.Area, pay ...int64) kiosk.Posting {
	p := kiosk.Posting{
		Title: title, Employer: kiosk.Employer{Name: employer}, Channel: kiosk.Market, Area: area,
		Pay: kiosk.Pay{Unit: kiosk.Negotiable}, Source: kiosk.Source{Name: source, Ref: title},
	}
	if len(pay) > 0 {
		p.Pay = kiosk.Pay{Min: kiosk.Yuan(pay[0]), Max: kiosk.Yuan(pay[1]), Unit: kiosk.PerMonth}
	}
	return p
}

func code(p kiosk.Posting, c string) kiosk.Posting {
	p.Employer.CreditCode = c
	return p
}

func channel(p kiosk.Posting, c kiosk.Channel) kiosk.Posting {
	p.Channel = c
	return p
}

func TestPairs(t *testing.T) {
	base := offer("甲", "江西某某服饰有限公司", "缝纫工", "360482001", 5000, 8000)
	for _, c := range []struct {
		name string
		b    kiosk.Posting
		same bool
	}{
		{"the same", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482001", 5000, 8000), true},
		{"other spellings", offer("乙", " 江西某某服饰 有限责任公司", "急招缝纫工（熟手）10名", "360482001", 5000, 8000), true},
		{"full width", offer("乙", "江西某某服饰有限公司", "缝纫工【日结】", "360482001", 6000, 9000), true},
		{"the county only", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482", 5000, 8000), true},
		{"a village of the town", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482001203", 5000, 8000), true},
		{"pay not said", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482001"), true},
		{"pay that touches", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482001", 8000, 9000), true},
		{"other pay", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482001", 8001, 9000), false},
		{"another town", offer("乙", "江西某某服饰有限公司", "缝纫工", "360482100", 5000, 8000), false},
		{"another county", offer("乙", "江西某某服饰有限公司", "缝纫工", "360426", 5000, 8000), false},
		{"other work", offer("乙", "江西某某服饰有限公司", "裁剪工", "360482001", 5000, 8000), false},
		{"another employer", offer("乙", "江西某某制衣有限公司", "缝纫工", "360482001", 5000, 8000), false},
		{"a branch", offer("乙", "江西某某服饰有限公司九江分公司", "缝纫工", "360482001", 5000, 8000), false},
		{"another channel", channel(offer("乙", "江西某某服饰有限公司", "缝纫工", "360482001", 5000, 8000), kiosk.Gig), false},
		{"the same source", offer("甲", "江西某某服饰有限公司", "缝纫工", "360482001", 5000, 8000), false},
		{"no employer", offer("乙", "", "缝纫工", "360482001", 5000, 8000), false},
	} {
		got := Groups([]kiosk.Posting{base, c.b})
		if (len(got) == 1) != c.same {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestCodesJoinNames(t *testing.T) {
	const c1, c2 = "91360482MA35AAAA01", "91360482MA35BBBB02"
	got := Groups([]kiosk.Posting{
		code(offer("甲", "某某服饰有限公司", "缝纫工", "360482", 5000, 8000), c1),
		code(offer("乙", "共青城某某服饰", "缝纫工", "360482", 5000, 8000), c1),
		offer("丙", "某某服饰", "缝纫工", "360482", 5000, 8000),
		offer("丁", "共青城某某服饰有限公司", "缝纫工", "360482", 5000, 8000),
	})
	if len(got) != 1 || len(got[0].Members) != 4 || len(got[0].Sources) != 4 {
		t.Errorf("one employer by its code: %+v", got)
	}
	got = Groups([]kiosk.Posting{
		code(offer("甲", "老张面馆", "服务员", "360482", 3000, 4000), c1),
		code(offer("乙", "老张面馆", "服务员", "360482", 3000, 4000), c2),
		offer("丙", "老张面馆", "服务员", "360482", 3000, 4000),
	})
	if len(got) != 0 {
		t.Errorf("two employers of one name, and one that may be either: %+v", got)
	}
}

// What names only the county may be the work of either town, so it is of neither.
func TestCountyOfTwoTowns(t *testing.T) {
	got := Groups([]kiosk.Posting{
		offer("甲", "某公司", "保安", "360482001", 3000, 4000),
		offer("甲", "某公司", "保安", "360482100", 3000, 4000),
		offer("乙", "某公司", "保安", "360482", 3000, 4000),
	})
	if len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// Neighbours are compatible all along, the ends are not: no group spans them.
func TestChainsDoNotGrow(t *testing.T) {
	var all []kiosk.Posting
	for i := range int64(20) {
		all = append(all, offer(fmt.Sprint("source", i), "某公司", "保安", "360482", 3000+500*i, 3800+500*i))
	}
	for _, g := range Groups(all) {
		if !compatible(all, g.Members) {
			t.Errorf("a group of different pay: %+v", g)
		}
	}
}

func TestTheFullestIsShown(t *testing.T) {
	full := offer("丙", "某公司", "保安", "360482", 3000, 4000)
	full.Address, full.Contact.Phone = "工业大道8号", "0792-4345678"
	late := offer("乙", "某公司", "保安", "360482", 3000, 4000)
	late.Published = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	all := []kiosk.Posting{offer("甲", "某公司", "保安", "360482", 3000, 4000), late, full}
	want := []Group{{Members: []int{2, 1, 0}, Sources: []kiosk.Source{full.Source, late.Source, all[0].Source}}}
	if got := Groups(all); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// compatible is the definition of a group, checked in every pair.
func compatible(all []kiosk.Posting, members []int) bool {
	for _, i := range members {
		for _, j := range members {
			a, b := &all[i], &all[j]
			if a.Channel != b.Channel || Title(a.Title) != Title(b.Title) {
				return false
			}
			if !a.Area.Within(b.Area) && !b.Area.Within(a.Area) && a.Area.Town() != b.Area.Town() {
				return false
			}
			lo, hi, ok := a.Pay.Monthly()
			lo2, hi2, ok2 := b.Pay.Monthly()
			if ok && ok2 && (lo > hi2 || lo2 > hi) {
				return false
			}
		}
	}
	return true
}

// board has postings of several sources, with copies changed as sources change
// them.
func board(rng *rand.Rand, n int) []kiosk.Posting {
	all := demo.Postings(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), n, rng.Uint64())
	for i := range all {
		all[i].Source.Name = fmt.Sprint("source", rng.IntN(3))
	}
	for range n {
		p := all[rng.IntN(len(all))]
		p.Source = kiosk.Source{Name: fmt.Sprint("source", rng.IntN(4)), Ref: fmt.Sprint(rng.Uint32())}
		p.ID = fmt.Sprint(rng.Uint32())
		switch rng.IntN(6) {
		case 0:
			p.Employer.CreditCode = ""
		case 1:
			p.Title = "急招" + p.Title + "（可日结）"
		case 2:
			p.Area = p.Area[:6]
		case 3:
			p.Pay = kiosk.Pay{Unit: kiosk.Negotiable}
		case 4:
			p.Pay.Min, p.Pay.Max = p.Pay.Min+30000, p.Pay.Max+30000
		}
		all = append(all, p)
	}
	return all
}

func TestProperties(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		all := board(rng, 150)
		groups := Groups(all)
		if len(groups) < 20 {
			t.Errorf("seed %d: only %d groups", seed, len(groups))
		}
		seen := map[int]bool{}
		for _, g := range groups {
			if len(g.Members) < 2 || sourcesIn(all, g.Members) < 2 || !compatible(all, g.Members) {
				t.Errorf("seed %d: no group: %+v", seed, g)
			}
			for _, i := range g.Members {
				if seen[i] {
					t.Errorf("seed %d: posting %d is in two groups", seed, i)
				}
				seen[i] = true
				if !slices.Contains(g.Sources, all[i].Source) {
					t.Errorf("seed %d: the source of %d is missing", seed, i)
				}
			}
		}
		if got, want := written(all, groups), shuffled(rng, all); got != want {
			t.Errorf("seed %d: the order of postings matters", seed)
		}
	}
}

// shuffled folds the same postings in another order.
func shuffled(rng *rand.Rand, all []kiosk.Posting) string {
	other := slices.Clone(all)
	rng.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return written(other, Groups(other))
}

// written names the groups by their postings.
func written(all []kiosk.Posting, groups []Group) string {
	var lines []string
	for _, g := range groups {
		line := ""
		for _, i := range g.Members {
			line += all[i].ID + " " + all[i].Source.Name + " " + all[i].Source.Ref + ";"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"江西某某服饰有限公司": "江西某某服饰", "江西某某（集团）有限公司": "江西某某集团", "ＡＢＣ Ltd": "abcltd", "公司": "公司",
		"某某公司九江分公司": "某某公司九江分公司", "老张面馆": "老张面馆", "": "", "某某商行（普通合伙）": "某某商行",
	} {
		if got := Employer(in); got != want {
			t.Errorf("Employer(%s) = %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"缝纫工（熟手）": "缝纫工", "急招缝纫工10名": "缝纫工", "高薪急聘 CNC操作工": "cnc操作工", "招商经理": "招商经理", "保安-夜班": "保安夜班", "": "", "（急）": "急",
	} {
		if got := Title(in); got != want {
			t.Errorf("Title(%s) = %s, want %s", in, got, want)
		}
	}
}

func FuzzGroups(f *testing.F) {
	f.Add("某公司", "某有限公司", "保安", "急招保安（夜）", "360482", "360482001", int64(3000), int64(4000))
	f.Fuzz(func(t *testing.T, e1, e2, t1, t2, a1, a2 string, lo, hi int64) {
		all := []kiosk.Posting{
			offer("甲", e1, t1, kiosk.Area(a1), lo, hi), offer("乙", e2, t2, kiosk.Area(a2), hi, lo), offer("丙", e2, t1, kiosk.Area(a1)),
		}
		for _, g := range Groups(all) {
			if len(g.Members) < 2 || len(g.Sources) < 2 {
				t.Errorf("no group: %+v", g)
			}
		}
	})
}

func BenchmarkGroups(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		all := board(rand.New(rand.NewPCG(1, 1)), n/2)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				Groups(all)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/posting")
		})
	}
}

// BenchmarkEveryPair is what Groups saves: each posting with each other.
func BenchmarkEveryPair(b *testing.B) {
	all := board(rand.New(rand.NewPCG(1, 1)), 1000)
	for b.Loop() {
		for i := range all {
			for j := range i {
				compatible(all, []int{i, j})
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/posting")
}
