package find

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// BenchmarkSearch asks queries as people type them, of the board alone and of
// the finder, in turn, and gives the percentiles of those that find something
// as they are and of those that had to be rescued. The board has 10,000
// postings unless JOBHOME_BOARD_ROWS says another number.
func BenchmarkSearch(b *testing.B) {
	n := 10000
	if text := os.Getenv("JOBHOME_BOARD_ROWS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	ps := demo.Postings(now, n, 1)
	f, r := finder(b, ps), rand.New(rand.NewPCG(6, 6))
	var queries []kiosk.Query
	for range 300 {
		q := anyQuery(r, ps)
		q.Fold, q.Limit = true, 8
		queries = append(queries, q)
	}
	took := map[string][]time.Duration{}
	tries, rescued := 0, 0
	for b.Loop() {
		for _, q := range queries {
			at := time.Now()
			if _, err := f.Board.Search(b.Context(), q); err != nil {
				b.Fatal(err)
			}
			board := time.Since(at)
			at = time.Now()
			e, err := f.Explain(b.Context(), q)
			if err != nil {
				b.Fatal(err)
			}
			kind := "asked"
			if len(e.Tries) > 1 {
				kind = "rescued"
				tries, rescued = tries+len(e.Tries), rescued+1
			}
			took[kind], took[kind+"-board"] = append(took[kind], time.Since(at)), append(took[kind+"-board"], board)
		}
	}
	for _, kind := range []string{"asked", "asked-board", "rescued", "rescued-board"} {
		all := took[kind]
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Microseconds()), kind+"-p50-µs")
		b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), kind+"-p99-µs")
	}
	b.ReportMetric(float64(tries)/float64(rescued), "tries/rescue")
	b.ReportMetric(0, "ns/op")
}
