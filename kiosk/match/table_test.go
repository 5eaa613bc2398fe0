package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// rowsWanted is how many postings the tests against the full scan have. More
// than the usual ten thousand are asked for by JOBHOME_MATCH_ROWS.
func rowsWanted(tb testing.TB) int {
	tb.Helper()
	s := os.Getenv("JOBHOME_MATCH_ROWS")
	if s == "" {
		return 10000
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 100 {
		tb.Fatalf("JOBHOME_MATCH_ROWS is %q, not a number of postings from 100", s)
	}
	return n
}

// demoBoard is a board as it lies in memory: without descriptions. It is made
// in pieces, so that a million postings never have theirs at the same time.
func demoBoard(n int) []kiosk.Posting {
	const piece = 50000
	board := make([]kiosk.Posting, 0, n)
	words := map[string]string{}
	one := func(s *string) {
		if _, ok := words[*s]; !ok {
			words[*s] = *s
		}
		*s = words[*s]
	}
	for seed := uint64(1); len(board) < n; seed++ {
		for _, p := range demo.Postings(now, min(piece, n-len(board)), seed) {
			p.ID = fmt.Sprintf("m%07d", len(board))
			p.Description, p.Requirements = "", ""
			for _, s := range []*string{&p.Title, &p.Employer.Name, &p.Employer.CreditCode, &p.Address, &p.Hours, &p.Pay.Original} {
				one(s)
			}
			board = append(board, p)
		}
	}
	return board
}

// roughen makes some postings lack what others say, and a few say what no
// check would pass.
func roughen(r *rand.Rand, board []kiosk.Posting) {
	for i := range board {
		p := &board[i]
		switch r.IntN(60) {
		case 0:
			p.Location = kiosk.Point{}
		case 1:
			p.Pay = kiosk.Pay{Unit: pick(r, kiosk.Negotiable, kiosk.PerPiece, "")}
		case 2:
			p.Shifts, p.Benefits = 0, 0
		case 3:
			p.Occupation.Code = pick(r, "6", "4-01", "", "9-99-99-99", "x")
		case 4:
			p.Education = pick(r, kiosk.AnySchooling, 50, -1)
		case 5:
			p.Starts = now.Add(time.Duration(r.IntN(20*24)) * time.Hour)
		case 6:
			p.ValidThrough = now.Add(time.Duration(r.IntN(5)-2) * time.Second / 2)
		case 7:
			p.Channel, p.Area = "", pick[kiosk.Area](r, "36", "", "360482001001")
		case 9:
			p.Certificates = kiosk.Certificates(r.IntN(int(kiosk.AllCertificates) + 1))
		case 8:
			p.Pay.Unit = pick(r, kiosk.PerHour, kiosk.PerYear, kiosk.PerDay, kiosk.PerWeek)
		}
		switch r.IntN(2000) {
		case 0:
			p.Pay = kiosk.Pay{Unit: kiosk.PerMonth, Min: 9000_00, Max: 100}
		case 1:
			p.Pay = kiosk.Pay{Unit: kiosk.PerHour, Min: 1, Max: math.MaxInt64 / 2}
		case 2:
			p.Shifts |= 1 << 6
			p.Benefits |= 1 << 14
			p.Experience = pick(r, -1, 1<<17)
		case 3:
			p.Location = kiosk.Point{Lat: math.NaN(), Lon: math.Inf(1)}
		case 4:
			p.ValidThrough = time.Unix(math.MaxInt64, 0)
		case 5:
			p.ValidThrough, p.Published = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}
		}
	}
}

// demoAsk is an ask of somebody at the demo's terminal; now and then of
// somebody who cannot be.
func demoAsk(r *rand.Rand) Ask {
	a := randomAsk(r)
	a.Site, a.Limit = demo.Site(), pick(r, 1, 10, 20, 60, 60, 200)
	p := &a.Profile
	if p.Within > 0 && r.IntN(2) == 0 {
		p.Within = pick(r, 1.0, 500, 1500, 3000, 12000, 1e6)
	}
	every := []kiosk.Trade{
		"garment", "textile", "electronics", "electrician", "repair", "machinery", "welding", "construction", "shop",
		"sales", "restaurant", "cook", "food", "care", "childcare", "cleaning", "medical", "teacher", "property",
		"security", "courier", "driver", "warehouse", "office", "finance", "it", "farming", "beauty", "other", "none",
	}
	for i := range p.Trades {
		p.Trades[i] = pick(r, every...)
	}
	switch r.IntN(40) {
	case 0:
		a.Now = now.Add(time.Duration(r.IntN(60*24)-600) * time.Hour)
	case 1:
		p.PayAtLeast = pick[kiosk.Fen](r, -1, 1, 1<<40, math.MaxInt64)
	case 2:
		p.Within = pick(r, math.NaN(), math.Inf(1), -1, 1e-9)
	case 3:
		p.Education, p.Shifts, p.Benefits, p.Term = 55, 1<<7|1, 1<<15|1, "never"
	case 4:
		a.Profile = kiosk.Profile{}
	}
	return a
}

// same fails the test when the table does not give what the full scan gives:
// the same postings in the same order with the same scores and reasons.
func same(tb testing.TB, table *Table, board []kiosk.Posting, ask Ask) seen {
	tb.Helper()
	want := Rank(board, ask)
	got, count := table.rank(ask)
	if len(got) != len(want) || (got == nil) != (want == nil) {
		tb.Fatalf("%d matches, want %d, for %+v", len(got), len(want), ask)
	}
	for i := range got {
		if got[i].Posting.ID != want[i].Posting.ID || got[i].Score != want[i].Score || !reflect.DeepEqual(got[i].Reasons, want[i].Reasons) {
			tb.Fatalf("place %d is %s with %d, want %s with %d, for %+v:\n got %v\nwant %v", i, got[i].Posting.ID, got[i].Score,
				want[i].Posting.ID, want[i].Score, ask, lines(got[i]), lines(want[i]))
		}
	}
	return count
}

func TestTableEqualsTheFullScan(t *testing.T) {
	n, asks := rowsWanted(t), 2000
	if n > 200_000 {
		asks = 400 // a full scan of a million takes a third of a second
	}
	board := demoBoard(n)
	for _, rough := range []bool{false, true} {
		r := rand.New(rand.NewPCG(uint64(n), 7))
		if rough {
			roughen(r, board)
		}
		table := NewTable(board, demo.Site())
		var rows, quick int
		for range asks / 2 {
			ask := demoAsk(r)
			count := same(t, table, board, ask)
			if table.quick(ask) {
				quick++
				rows += count.rows
			}
		}
		share := float64(rows) / float64(quick) / float64(n)
		t.Logf("%d postings (rough: %v, odd: %d): %d asks equal, %d by blocks, which looked at %.2f %% of the rows",
			n, rough, len(table.odd), asks/2, quick, 100*share)
		if quick < asks*9/20 || share > 0.35 {
			t.Errorf("of %d asks %d were answered by blocks, looking at %.0f %% of the rows", asks/2, quick, 100*share)
		}
	}
}

// Every posting of the small boards has something special, and many have equal
// scores, distances and dates.
func TestTableOnBoardsOfTies(t *testing.T) {
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 8))
		board := randomBoard(r, r.IntN(700))
		roughen(r, board)
		if seed%4 == 0 {
			for i := range board {
				board[i].Location, board[i].Published = pick(r, north(100), kiosk.Point{}), now.Add(-time.Duration(r.IntN(3))*time.Second/2)
			}
		}
		table := NewTable(board, site)
		for range 4 {
			ask := randomAsk(r)
			ask.Limit = r.IntN(80)
			if r.IntN(6) == 0 {
				ask.Profile = kiosk.Profile{}
			}
			same(t, table, board, ask)
		}
	}
}

func TestTablePagesAreTheStartOfAll(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	board := randomBoard(r, 900)
	table := NewTable(board, site)
	for range 20 {
		ask := randomAsk(r)
		ask.Limit = 0
		all := table.Rank(ask)
		for _, limit := range []int{1, 2, 19, 20, 128, len(all) - 1, len(all), len(all) + 1, len(board)} {
			ask.Limit = limit
			if few := table.Rank(ask); limit > 0 && !reflect.DeepEqual(few, all[:min(limit, len(all))]) {
				t.Fatalf("the best %d are not the first of all", limit)
			}
		}
	}
}

// What the columns were not made for is ranked in full.
func TestTableAnswersEveryAsk(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	board := randomBoard(r, 300)
	table := NewTable(board, site)
	for name, change := range map[string]func(*Ask){
		"elsewhere":    func(a *Ask) { a.Site.Location = north(2500) },
		"nowhere":      func(a *Ask) { a.Site.Location = kiosk.Point{} },
		"not a place":  func(a *Ask) { a.Site.Location.Lat = math.NaN() },
		"a child":      func(a *Ask) { a.Resident = aged(15) },
		"all":          func(a *Ask) { a.Limit = -1 },
		"many":         func(a *Ask) { a.Limit = math.MaxInt },
		"no time":      func(a *Ask) { a.Now = time.Time{} },
		"after 2106":   func(a *Ask) { a.Now = time.Date(2106, 2, 7, 0, 0, 0, 0, time.UTC) },
		"too far away": func(a *Ask) { a.Now = time.Unix(math.MaxInt64, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			ask := randomAsk(r)
			ask.Resident, ask.Limit = kiosk.Resident{}, 20
			if !table.quick(ask) {
				t.Fatal("an ordinary ask is ranked in full")
			}
			change(&ask)
			if table.quick(ask) {
				t.Fatal("the columns answer an ask that they cannot")
			}
			same(t, table, board, ask)
		})
	}
	for _, few := range [][]kiosk.Posting{nil, board[:1]} {
		same(t, NewTable(few, site), few, Ask{Site: site, Now: now, Limit: 5})
	}
	if slices.ContainsFunc(NewTable(nil, site).levels, func(l []bound) bool { return len(l) > 0 }) {
		t.Error("an empty table has bounds")
	}
}

func TestTableIsForManyAtOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	board := randomBoard(r, 2000)
	before := slices.Clone(board)
	table := NewTable(board, site)
	var wg sync.WaitGroup
	for range 8 {
		asks := []Ask{randomAsk(r), randomAsk(r), randomAsk(r), randomAsk(r)}
		wg.Go(func() {
			for _, ask := range asks {
				ask.Limit = 20
				if want := Rank(board, ask); !reflect.DeepEqual(table.Rank(ask), want) {
					t.Error("the ranking differs when others rank too")
				}
			}
		})
	}
	wg.Wait()
	if !reflect.DeepEqual(board, before) {
		t.Error("ranking changed the board")
	}
}
