package find

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/judged"
)

// rows is the size of the board that is measured.
func rows() int {
	if n, err := strconv.Atoi(os.Getenv("JOBHOME_BOARD_ROWS")); err == nil && n > 0 {
		return n
	}
	return 2000
}

// BenchmarkJudged asks what residents ask (kiosk/judged) as the terminal does: a
// page of a folded list, and the words that are offered for every beginning of
// the text, as it is typed. It tells the processor time of one.
func BenchmarkJudged(b *testing.B) {
	f := finder(b, demo.Postings(now, rows(), 7))
	queries := judged.Queries()
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(queries), func(i, j int) { queries[i], queries[j] = queries[j], queries[i] })
	b.Run("Search", func(b *testing.B) {
		measure(b, queries, func(text string) []string { return []string{text} }, func(text string) {
			q := kiosk.Query{Text: text, Fold: true, Limit: 20, Now: now}
			if _, err := f.Search(context.Background(), q); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("Suggest", func(b *testing.B) {
		measure(b, queries, beginnings, func(text string) { f.Suggest(context.Background(), kiosk.Query{Text: text, Now: now}, 8) })
	})
}

// beginnings are what stands there after each key.
func beginnings(text string) (all []string) {
	letters := []rune(text)
	for n := range letters {
		all = append(all, string(letters[:n+1]))
	}
	return all
}

func measure(b *testing.B, queries []judged.Query, texts func(string) []string, ask func(string)) {
	var took []time.Duration
	slowest, longest := "", time.Duration(0)
	for b.Loop() {
		for _, q := range queries {
			for _, text := range texts(q.Text) {
				from := processor()
				ask(text)
				d := processor() - from
				if took = append(took, d); d > longest {
					slowest, longest = text, d
				}
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(longest.Microseconds()), "max-µs")
	b.Logf("the slowest of %d: %s", len(took), slowest)
}

// processor is the processor time that the process has taken, the collector's too.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
