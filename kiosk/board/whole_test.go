package board

import (
	"cmp"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/index"
)

// TestBothWaysOfCountingEqualTheOracle asks a board of 10,000, or as many as
// JOBHOME_BOARD_ROWS says, what people type, and counts the answers row by row
// and set by set, whichever of the two a search would choose.
func TestBothWaysOfCountingEqualTheOracle(t *testing.T) {
	n := rowsAsked(t)
	b := open1(t)
	ps := demo.Postings(now, n, 3)
	if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	o, r := newOracle(ps), rand.New(rand.NewPCG(21, 22))
	s := b.snap.Load()
	found := 0
	for i := range 45 {
		q := typedQuery(r, o)
		if i%3 == 1 {
			q = randomQuery(r, o)
		}
		want := o.ids(q)
		f := newFilter(s, q)
		for name, way := range map[string]func(index.Bits, *room) (*counter, index.Bits){
			"rows": f.countRows, "sets": f.countSets,
		} {
			room := s.work()
			c, pass := way(f.base(wantedWords(q), room), room)
			var got []string
			pass.Each(func(i int) { got = append(got, s.posting(int32(i)).ID) })
			slices.Sort(got)
			if !slices.Equal(got, want) || c.total != len(want) {
				t.Fatalf("%s: %+v: %d postings, the oracle finds %d", name, q, len(got), len(want))
			}
			if i%2 == 0 {
				folded := q
				folded.Fold = true
				f := newFilter(s, folded)
				way := f.countRows
				if name == "sets" {
					way = f.countSets
				}
				c, _ := way(f.base(wantedWords(q), room), room)
				if groups := o.groups(folded); c.total != groups {
					t.Fatalf("%s: %+v: %d groups, the oracle finds %d", name, q, c.total, groups)
				}
				if i%8 == 0 && !reflect.DeepEqual(c.facets(s), o.facets(folded)) {
					t.Fatalf("%s: %+v:\nfacets folded %+v\nwant   %+v", name, q, c.facets(s), o.facets(folded))
				}
			}
			if i%8 == 0 && !reflect.DeepEqual(c.facets(s), o.facets(q)) {
				t.Fatalf("%s: %+v:\nfacets %+v\nwant   %+v", name, q, c.facets(s), o.facets(q))
			}
			s.room.Put(room)
		}
		if len(want) > 0 {
			found++
		}
		nearestEqualsBruteForce(t, b, o, q)
	}
	if found < 25 {
		t.Errorf("only %d queries found something", found)
	}
}

// nearestEqualsBruteForce compares a page of the nearest with all postings
// that pass, sorted by distance.
func nearestEqualsBruteForce(t *testing.T, b *Board, o *oracle, q kiosk.Query) {
	t.Helper()
	q.Sort, q.Offset, q.Limit = kiosk.SortNearest, 5, 20
	type place struct {
		unknown bool
		metres  float64
		id      string
	}
	var want []place
	for i := range o.postings {
		p := &o.postings[i]
		ok := !q.Now.After(p.ValidThrough) && p.Area.Within(q.Area)
		for _, w := range strings.Fields(q.Text) {
			ok = ok && strings.Contains(o.text[i], fold(w))
		}
		if ok {
			m := p.Location.Metres(o.origin(q))
			want = append(want, place{m < 0, max(m, 0), p.ID})
		}
	}
	slices.SortFunc(want, func(a, b place) int {
		if a.unknown != b.unknown {
			return map[bool]int{true: 1, false: -1}[a.unknown]
		}
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.id, b.id))
	})
	want = want[min(5, len(want)):]
	res, err := b.Search(t.Context(), kiosk.Query{
		Text: q.Text, Area: q.Area, Near: q.Near, Now: q.Now, Sort: q.Sort, Offset: q.Offset, Limit: q.Limit,
	})
	if err != nil || len(res.Items) != min(20, len(want)) {
		t.Fatalf("%+v: a page of %d, want %d, %v", q, len(res.Items), min(20, len(want)), err)
	}
	for i, it := range res.Items {
		if it.Posting.ID != want[i].id {
			t.Fatalf("%+v: item %d is %s, want %s", q, i, it.Posting.ID, want[i].id)
		}
	}
}

// sameAnswers compares two boards by what they have and what they answer.
func sameAnswers(t *testing.T, got, want *Board) {
	t.Helper()
	if !reflect.DeepEqual(stored(got), stored(want)) {
		t.Fatalf("%d postings, want %d, or they differ", len(stored(got)), len(stored(want)))
	}
	if !reflect.DeepEqual(got.snap.Load().terms, want.snap.Load().terms) {
		t.Fatal("other terms")
	}
	for _, q := range []kiosk.Query{
		{Text: "操作"},
		{Text: "工"},
		{Text: "有限公司", Sort: kiosk.SortPay},
		{Text: "茶山街道 工", Sort: kiosk.SortNewest},
		{PayAtLeast: kiosk.Yuan(4000), Sort: kiosk.SortNearest},
		{Text: "5S"},
	} {
		q.Now, q.Limit = now, 500
		x, err := got.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		y, err := want.Search(t.Context(), q)
		if err != nil || !reflect.DeepEqual(x, y) {
			t.Fatalf("%+v: %d postings, want %d, or in another order, %v", q, x.Total, y.Total, err)
		}
	}
}

// TestAnyDeltasGiveTheAnswersOfAFreshImport changes, adds and removes postings
// at random, reopens now and then, and compares with a board that was given
// the outcome at once.
func TestAnyDeltasGiveTheAnswersOfAFreshImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	r := rand.New(rand.NewPCG(5, 6))
	pool := demo.Postings(now, 900, 3)
	have := slices.Clone(pool[:400])
	for round := range 8 {
		for range min(60, len(have)) {
			other := pool[r.IntN(len(pool))]
			i := r.IntN(max(1, len(have)))
			switch at := slices.IndexFunc(have, func(p kiosk.Posting) bool { return p.ID == other.ID }); {
			case at < 0 && round != 3:
				have = append(have, other)
			case round == 5:
				have = slices.Delete(have, i, i+1)
			default:
				id := have[i].ID
				have[i] = other
				have[i].ID, have[i].Title = id, strings.ToUpper(other.Title)+"新"
			}
		}
		if round == 6 {
			have = nil
		}
		if round == 7 {
			have = slices.Clone(pool[300:])
		}
		if _, err := b.Apply(t.Context(), have, ImportOpts{Now: now, Replace: true}); err != nil {
			t.Fatal(err)
		}
		if round%2 == 1 {
			_ = b.Close()
			if b, err = Open(path, demo.Site()); err != nil {
				t.Fatal(err)
			}
		}
		fresh := open1(t)
		if _, err := fresh.Apply(t.Context(), have, ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		sameAnswers(t, b, fresh)
	}
}

// TestSince asks for what came after a moment: what was there from the beginning
// is as old as it says, what came later came when it was imported, and a posting
// that changes does not come anew.
func TestSince(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	ps := demo.Postings(now, 60, 4)
	later := now.Add(48 * time.Hour)
	apply := func(at time.Time, ps ...kiosk.Posting) {
		t.Helper()
		if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: at}); err != nil {
			t.Fatal(err)
		}
	}
	apply(now, ps[:40]...)
	apply(later, ps[40:]...)
	changed := ps[3]
	changed.Title = "另一个名字"
	apply(later.Add(time.Hour), changed)
	came := map[string]time.Time{}
	for i := range ps {
		ps[i].ValidThrough = later
		if came[ps[i].ID] = later; i < 40 {
			came[ps[i].ID] = ps[i].Published
		}
	}
	for reopened := range 3 {
		if reopened == 1 { // the rows are written once more
			if err := b.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, since := range []time.Time{{}, now.AddDate(0, 0, -20), now, later.Add(-time.Second), later, later.Add(time.Hour)} {
			var want []string
			for i := range ps {
				if came[ps[i].ID].After(since) {
					want = append(want, ps[i].ID)
				}
			}
			got := collectIDs(t, b, kiosk.Query{Since: since, Now: now.AddDate(-1, 0, 0)})
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("reopened %d, since %v: %v, want %v", reopened, since, got, want)
			}
		}
		_ = b.Close()
		if b, err = Open(path, demo.Site()); err != nil {
			t.Fatal(err)
		}
	}
}

// heap is what lives in memory.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}
