package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"jobhome/kiosk"
)

// uniform gives all postings of an occupation, which lie together in blocks,
// what is at the edge of a factor.
func uniform(r *rand.Rand, board []kiosk.Posting) {
	for i := range board {
		p := &board[i]
		switch p.Occupation.Code {
		case sewing:
			p.Pay = kiosk.Pay{Unit: kiosk.Negotiable}
		case weaving:
			p.Benefits = 0
		case guard:
			p.Channel, p.Starts = kiosk.Gig, now.Add(soon+time.Duration(r.IntN(2)))
		case clerk:
			p.ValidThrough = now.Add(-time.Duration(r.IntN(2)))
		case cashier:
			p.ValidThrough = now.Add(time.Duration(i%2*2-1) * time.Hour)
		}
	}
}

// The columns score as the reasons do, row by row, and no bound of any level
// is below the score of a row that it holds, or beyond its distance or date.
func TestNoRowGoesBeyondItsBounds(t *testing.T) {
	for seed := range uint64(16) {
		r := rand.New(rand.NewPCG(seed, 10))
		board := randomBoard(r, blockRows*fan+r.IntN(3000))
		roughen(r, board)
		uniform(r, board)
		table := NewTable(board, site)
		if len(table.levels) < 2 {
			t.Fatal("a board of one level only")
		}
		for range 6 {
			ask := randomAsk(r)
			ask.Limit = pick(r, 1, 20, 300)
			checkBounds(t, table, ask)
			same(t, table, board, ask)
		}
	}
}

func checkBounds(t *testing.T, table *Table, ask Ask) {
	t.Helper()
	v := newVisit(table, ask)
	for i := range table.cols.post {
		p := v.post(i)
		forbidden := v.s.forbidden(p)
		score := sum(v.s.reasons(nil, p, v.s.metres(p)))
		if got := v.score(i); got > forbids/2 && (forbidden || got != score) || got <= forbids/2 && !forbidden {
			t.Fatalf("the columns give %s %d points, its reasons %d; forbidden: %v", p.ID, got, score, forbidden)
		}
		if metres := v.s.metres(p); metres != table.cols.metres[i] {
			t.Fatalf("%s is %v m away, not %v", p.ID, metres, table.cols.metres[i])
		}
		rows := blockRows
		for level, bounds := range table.levels {
			b := &bounds[i/rows]
			m := v.s.metres(p)
			if !forbidden && v.most(b) < score || m >= 0 && m < b.metres || p.Published.Unix() > b.published {
				t.Fatalf("%s has %d points at %v m of %v, its bound at level %d %d points at %v m", p.ID, score, m, p.Published, level, v.most(b), b.metres)
			}
			if b.valid < table.cols.valid[i] {
				t.Fatalf("%s is shown longer than its bound at level %d", p.ID, level)
			}
			rows *= fan
		}
	}
}

// More of what was asked for never gives fewer points: the bounds of pay,
// benefits and distance stand on it.
func TestPointsRiseWithWhatIsOffered(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 10))
	for range 300_000 {
		s := scorer{Ask: Ask{Profile: kiosk.Profile{PayAtLeast: 1 + kiosk.Fen(r.IntN(2000)), Within: r.ExpFloat64() * 5000}}}
		low, more := kiosk.Fen(r.IntN(2000)), kiosk.Fen(r.IntN(100))
		high := low + kiosk.Fen(r.IntN(2000))
		_, a := s.payFit(low, high)
		_, b := s.payFit(min(low+more, high+more), high+more)
		_, c := s.payFit(low, high+more)
		if a > c || c > b {
			t.Fatalf("asked %d: %d-%d gives %d points, with %d more at its end %d, with %d more %d", s.Profile.PayAtLeast, low, high, a, more, c, more, b)
		}
		far := r.ExpFloat64() * 5000
		_, a = s.distanceFit(far)
		_, b = s.distanceFit(math.Nextafter(far, 0) * pick(r, 1, r.Float64()))
		if a > b {
			t.Fatalf("within %v m: %v m gives %d points, nearer %d", s.Profile.Within, far, a, b)
		}
	}
	for asked := kiosk.Benefits(1); asked <= kiosk.AllBenefits; asked++ {
		for range 60 {
			few := kiosk.Benefits(1 + r.IntN(int(kiosk.AllBenefits)))
			_, a := benefitsFit(few, asked)
			_, b := benefitsFit(few|kiosk.Benefits(r.IntN(int(kiosk.AllBenefits))), asked)
			if a > b {
				t.Fatalf("asked %b: %b gives %d points, more gives %d", asked, few, a, b)
			}
		}
	}
}

// Every trade that an occupation can have is told apart by the bounds.
func TestTradesFitTheirSet(t *testing.T) {
	var board []kiosk.Posting
	for a := range 8 {
		board = append(board, post(fmt.Sprint(a+1), fmt.Sprint(a+1)))
		for b := range 33 {
			for c := range 12 {
				for d := range 6 {
					board = append(board, post("", fmt.Sprintf("%d-%02d-%02d-%02d", a+1, b, c, d)))
				}
			}
		}
	}
	table := NewTable(board, site)
	if n := len(table.trades); n > mostTrades || n < 25 || len(table.odd) > 0 {
		t.Errorf("%d classes of trades for a set of %d", n, mostTrades)
	}
}

func TestWhatChecksIsPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 10))
	checked := 0
	for range 30000 {
		board := []kiosk.Posting{randomPosting(r, 1)}
		roughen(r, board)
		p := &board[0]
		p.Employer.Name, p.Area = "某厂", "360482"
		if p.Check() != nil {
			continue
		}
		checked++
		if _, high, _ := p.Pay.Monthly(); !plain(p) && high < kiosk.Yuan(20_000_000) {
			t.Fatalf("%+v passes its check and does not fit the columns", p)
		}
	}
	if checked < 5000 {
		t.Errorf("%d postings passed their check only", checked)
	}
	p := post("p", clerk, until(time.Now().Add(time.Hour)))
	if plain(&p) {
		t.Error("a time with a monotonic reading is plain")
	}
}

// A class has the points of every posting that it stands for.
func TestTermClassesAreAllThereIs(t *testing.T) {
	units := []kiosk.PayUnit{kiosk.PerMonth, kiosk.PerDay, kiosk.PerHour, kiosk.PerPiece, kiosk.PerWeek, kiosk.PerYear, kiosk.Negotiable, ""}
	for _, term := range []kiosk.Term{kiosk.AnyTerm, kiosk.ThisWeek, kiosk.LongTerm, "never"} {
		v := newVisit(NewTable(nil, site), Ask{Profile: kiosk.Profile{Term: term}, Now: now})
		for _, c := range append(kiosk.Channels(), "") {
			for _, u := range units {
				p := post("p", clerk, channel(c), pay(u, 1, 1))
				if want := sum(v.s.addTerm(nil, &p)); int(v.terms[termClass(&p)]) != want {
					t.Errorf("%s %s %s has %d points, want %d", term, c, u, v.terms[termClass(&p)], want)
				}
			}
		}
	}
}
