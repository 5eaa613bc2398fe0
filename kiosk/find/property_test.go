package find

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/demo"
)

// shared is a demonstration board that tests read.
var shared = sync.OnceValue(func() []kiosk.Posting { return demo.Postings(now, 600, 4) })

// typed is a text as people type: a kind of work, a lay word, a place and a
// kind of work, initials, a wrong character, words that do not go together.
func typed(r *rand.Rand, ps []kiosk.Posting) string {
	p, other := &ps[r.IntN(len(ps))], &ps[r.IntN(len(ps))]
	work := kiosk.HeadWords(p.Title)
	runes := []rune(work)
	switch r.IntN(9) {
	case 0:
		return work
	case 1:
		return areas.Name(other.Area.Town()) + " " + work
	case 2:
		return areas.Name(other.Area.Town()) + work
	case 3:
		runes[r.IntN(len(runes))] = '韧'
		return string(runes)
	case 4:
		return []string{"frg", "baoan", "普工", "保姆", "dg", "开叉车", "服务yuan", "sijji"}[r.IntN(8)]
	case 5:
		return work + " " + kiosk.HeadWords(other.Title)
	case 6:
		return other.Employer.Name + " " + work + " " + areas.Name(p.Area.Town())
	case 7:
		return ""
	}
	return string(runes[r.IntN(len(runes)):]) + "的"
}

func anyQuery(r *rand.Rand, ps []kiosk.Posting) kiosk.Query {
	q := kiosk.Query{Text: typed(r, ps), Now: now, Fold: r.IntN(2) == 0}
	maybe := func(percent int) bool { return r.IntN(100) < percent }
	if maybe(40) {
		q.Within = float64(r.IntN(4000))
	}
	if maybe(30) {
		q.Area = ps[r.IntN(len(ps))].Area.Town()
	}
	if maybe(30) {
		q.PayAtLeast = kiosk.Yuan(int64(4000 + r.IntN(9000)))
	}
	if maybe(30) {
		q.Shifts = kiosk.Shifts(r.IntN(int(kiosk.AllShifts) + 1))
	}
	if maybe(30) {
		q.Lawful = notNight
	}
	if maybe(30) {
		q.Benefits = kiosk.Dorm | kiosk.ChildFriendly
	}
	if maybe(20) {
		q.Channels = []kiosk.Channel{kiosk.Policy, kiosk.Welfare}
	}
	if maybe(20) {
		q.Education = kiosk.Primary
	}
	q.Sort = []kiosk.Sort{kiosk.SortFit, kiosk.SortPay, kiosk.SortNewest, kiosk.SortNearest}[r.IntN(4)]
	return q
}

// checkSearch holds what is promised of any query.
func checkSearch(t *testing.T, f *Finder, q kiosk.Query) *kiosk.Rescue {
	t.Helper()
	q.Limit = 1000
	e, err := f.Explain(t.Context(), q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	res := e.Results
	plain, err := f.Board.Search(t.Context(), f.with(q, typedWords(q.Text)...))
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case len(res.Items) != res.Total:
		t.Fatalf("%+v: %d rows of %d", q, len(res.Items), res.Total)
	case plain.Total > 0 && (res.Rescue != nil || !reflect.DeepEqual(res, plain)):
		t.Fatalf("%+v finds %d and was rescued: %+v", q, plain.Total, res.Rescue)
	case (res.Rescue != nil) != (plain.Total == 0 && res.Total > 0):
		t.Fatalf("%+v: %d of the board, %d with the rescue %+v", q, plain.Total, res.Total, res.Rescue)
	case e.Tries[0].Total != plain.Total:
		t.Fatalf("%+v: the first try has %d, not %d", q, e.Tries[0].Total, plain.Total)
	}
	if again, err := f.Search(t.Context(), q); err != nil || !reflect.DeepEqual(again, res) {
		t.Fatalf("%+v: another answer the second time", q)
	}
	for _, it := range res.Items {
		night := it.Posting.Shifts&notNight == 0
		if night && (q.Lawful != 0 || q.Shifts != 0 && q.Shifts&kiosk.NightShift == 0) {
			t.Fatalf("%+v: night work, by %+v", q, res.Rescue)
		}
	}
	r := res.Rescue
	if r == nil {
		return nil
	}
	asked, err := f.Board.Search(t.Context(), r.Query)
	if err != nil || asked.Total != res.Total {
		t.Fatalf("%+v: says %+v has %d, it has %d", q, r, res.Total, asked.Total)
	}
	if last := e.Tries[len(e.Tries)-1]; r.Step != kiosk.RescueWord && (last.Step != r.Step || last.Total != res.Total) {
		t.Fatalf("%+v: the last try is %+v, the rescue %+v", q, last, r)
	}
	if r.Query.Lawful != q.Lawful || r.Query.Sort != q.Sort || r.Query.Fold != q.Fold || r.Query.Offset != q.Offset || r.Query.Limit != q.Limit {
		t.Fatalf("%+v: %+v changes what is no filter", q, r.Query)
	}
	return r
}

func TestPromises(t *testing.T) {
	ps := shared()
	f := finder(t, ps)
	r := rand.New(rand.NewPCG(3, 5))
	steps := map[kiosk.RescueStep]int{}
	for range 400 {
		q := anyQuery(r, ps)
		done := checkSearch(t, f, q)
		if done == nil {
			continue
		}
		steps[done.Step]++
		// One thing is changed, besides the spelling.
		same := done.Query
		same.Text, same.Also, same.Means, same.Limit = q.Text, q.Also, q.Means, q.Limit
		switch done.Step {
		case kiosk.RescueDistance:
			same.Within = q.Within
		case kiosk.RescueFilter:
			same.Shifts, same.Benefits, same.Channels = q.Shifts, q.Benefits, q.Channels
			same.Education, same.PayAtLeast, same.Area = q.Education, q.PayAtLeast, q.Area
		case kiosk.RescueRelated:
			same.Occupation, same.Trades = q.Occupation, q.Trades
		}
		if !reflect.DeepEqual(same, q) {
			t.Fatalf("%+v: %s changes more than it says: %+v", q, done.Step, done.Query)
		}
		if done.Step == kiosk.RescueWord {
			for _, w := range strings.Fields(done.To) {
				if slices.Contains(strings.Fields(done.From), w) && strings.Count(q.Text, w) == 1 {
					t.Fatalf("%+v: %q is kept and left out", q, w)
				}
			}
		}
	}
	for _, s := range kiosk.RescueSteps() {
		if s != kiosk.RescueRelated && steps[s] < 5 {
			t.Errorf("the queries prove little: %v", steps)
		}
	}
}

// Pages of a rescued list are pieces of one list.
func TestPagesOfARescue(t *testing.T) {
	ps := shared()
	f := finder(t, ps)
	for _, q := range []kiosk.Query{
		{Text: "frg", Fold: true}, {Text: "缝韧工", Within: 100}, {Text: "保安", Benefits: kiosk.AllBenefits, Fold: true, Sort: kiosk.SortPay},
	} {
		q.Now, q.Limit = now, 1000
		whole, err := f.Search(t.Context(), q)
		if err != nil || whole.Rescue == nil || whole.Total < 5 {
			t.Fatalf("%+v: %d by %+v, %v", q, whole.Total, whole.Rescue, err)
		}
		q.Limit = 2
		for q.Offset = 0; q.Offset <= whole.Total; q.Offset += 2 {
			page, err := f.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			want := whole.Items[min(q.Offset, whole.Total):min(q.Offset+2, whole.Total)]
			if page.Total != whole.Total || page.Rescue.Step != whole.Rescue.Step || len(page.Items) != len(want) {
				t.Fatalf("at %d: %+v, want %+v", q.Offset, page, want)
			}
			for i := range want {
				if page.Items[i].Posting.ID != want[i].Posting.ID || page.Items[i].More != want[i].More {
					t.Fatalf("at %d: %s, want %s", q.Offset+i, page.Items[i].Posting.ID, want[i].Posting.ID)
				}
			}
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, text := range []string{"", " ", "普工", "江益镇 焊工", "frg", "feng ren", "\xff", "工 工 工 工 工 工 工 工", "……", "缝韧工\u200b", "ａｂ 1"} {
		f.Add(text, uint8(3), uint16(1000))
	}
	ps := shared()[:200]
	finds := finder(f, ps)
	f.Fuzz(func(t *testing.T, text string, filters uint8, within uint16) {
		if len(text) > 200 {
			return
		}
		q := kiosk.Query{Text: text, Now: now, Within: float64(within), Fold: filters&1 != 0}
		q.Shifts = kiosk.Shifts(filters>>1) & kiosk.AllShifts
		if filters&64 != 0 {
			q.Lawful = notNight
		}
		if filters&128 != 0 {
			q.PayAtLeast = kiosk.Yuan(20000)
		}
		checkSearch(t, finds, q)
		finds.Suggest(t.Context(), kiosk.Query{Text: text, Now: now}, 8)
	})
}
