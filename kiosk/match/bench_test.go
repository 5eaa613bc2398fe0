package match

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// BenchmarkRank ranks a demo board for 300 seeded residents (a hundred on a
// board of more than 200,000), a page of sixty, by four ways:
//
//   - table: this package's blocks
//   - columns: the same columns without the bounds, every row
//   - full: [Rank] over the postings
//   - today: the open postings copied out of the board first, then [Rank]
//
// First every ask's answers by table and by full are held against each other;
// there is no figure for a table that answers anything else. p50-µs and p99-µs
// are of the asks' times, each the best of five, since other work on the
// machine only adds to them. JOBHOME_MATCH_ROWS sets the number of postings.
func BenchmarkRank(b *testing.B) {
	n := rowsWanted(b)
	board := demoBoard(n)
	table := NewTable(board, demo.Site())
	asks := benchAsks()
	if n > 200_000 {
		asks = asks[:100]
	}
	var rows, bounds []float64
	for _, ask := range asks {
		count := same(b, table, board, ask)
		rows, bounds = append(rows, float64(count.rows)), append(bounds, float64(count.bounds))
	}
	touched := func(b *testing.B) {
		p50, p99 := percentiles(rows)
		b.ReportMetric(p50, "p50-rows")
		b.ReportMetric(p99, "p99-rows")
		p50, _ = percentiles(bounds)
		b.ReportMetric(p50, "p50-bounds")
	}
	b.Run("table", func(b *testing.B) {
		timed(b, asks, func(ask Ask) { table.Rank(ask) })
		touched(b)
	})
	b.Run("columns", func(b *testing.B) { timed(b, asks, func(ask Ask) { everyBlock(table, ask) }) })
	few := asks[:max(10, min(len(asks), 1_000_000/n))] // or the slow ones would take an hour
	b.Run("full", func(b *testing.B) { timed(b, few, func(ask Ask) { Rank(board, ask) }) })
	if n > 200_000 {
		return // copying half a gigabyte for every ask says nothing new
	}
	b.Run("today", func(b *testing.B) {
		timed(b, few, func(ask Ask) {
			var open []kiosk.Posting
			for i := range board {
				if board[i].Open(ask.Now) {
					open = append(open, board[i])
				}
			}
			Rank(open, ask)
		})
	})
}

// BenchmarkNewTable makes the table, once for every board.
func BenchmarkNewTable(b *testing.B) {
	board := demoBoard(rowsWanted(b))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	table := NewTable(board, demo.Site())
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		NewTable(board, demo.Site())
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(board)), "B/row")
	runtime.KeepAlive(table)
}

// benchAsks are residents who answer most of the questions, as the guided
// match makes them.
func benchAsks() []Ask {
	r := rand.New(rand.NewPCG(1, 11))
	every := []kiosk.Trade{
		"garment", "electronics", "machinery", "construction", "shop", "restaurant", "food", "care", "cleaning",
		"security", "courier", "driver", "warehouse", "office",
	}
	asks := make([]Ask, 300)
	for i := range asks {
		a := Ask{Site: demo.Site(), Now: now, Limit: 60}
		p := &a.Profile
		for range r.IntN(4) {
			p.Trades = append(p.Trades, pick(r, every...))
		}
		p.Within = pick(r, 0, 1000.0, 3000, 5000, 10000)
		p.PayAtLeast = kiosk.Yuan(pick[int64](r, 0, 3000, 4000, 5000, 6000))
		p.Shifts = pick(r, 0, kiosk.DayShift, kiosk.DayShift, kiosk.DayShift|kiosk.PartTime, kiosk.NightShift|kiosk.RotatingShift)
		some, others := r.IntN(int(kiosk.AllBenefits)+1), r.IntN(int(kiosk.AllBenefits)+1)
		p.Benefits = kiosk.Benefits(some & others) // few at a time
		p.Education = pick(r, kiosk.AnySchooling, kiosk.MiddleSchool, kiosk.HighSchool, kiosk.College, kiosk.Bachelor)
		p.Term = pick(r, kiosk.AnyTerm, kiosk.AnyTerm, kiosk.ThisWeek, kiosk.LongTerm)
		if r.IntN(3) > 0 {
			a.Resident = aged(pick(r, 17, 25, 35, 45, 58))
		}
		asks[i] = a
	}
	return asks
}

// everyBlock is the table's walk without its bounds.
func everyBlock(t *Table, ask Ask) []kiosk.Match {
	v := newVisit(t, ask)
	for k := range t.levels[0] {
		v.block(k)
	}
	return v.s.explain(v.best.sorted())
}

// timed runs every ask five times beside the benchmark's own loop.
func timed(b *testing.B, asks []Ask, rank func(Ask)) {
	best := make([]float64, len(asks))
	for i := range best {
		best[i] = math.Inf(1)
		for range 5 {
			start := time.Now()
			rank(asks[i])
			best[i] = min(best[i], float64(time.Since(start))/float64(time.Microsecond))
		}
	}
	i := 0
	for b.Loop() {
		rank(asks[i%len(asks)])
		i++
	}
	p50, p99 := percentiles(best)
	b.ReportMetric(p50, "p50-µs")
	b.ReportMetric(p99, "p99-µs")
}

func percentiles(of []float64) (p50, p99 float64) {
	s := slices.Clone(of)
	slices.Sort(s)
	return s[len(s)/2], s[len(s)*99/100]
}
