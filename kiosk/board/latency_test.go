package board

import (
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/demo"
)

// rowsAsked is the size of the board that the figures are taken from: 10,000
// unless JOBHOME_BOARD_ROWS says another.
func rowsAsked(t testing.TB) int {
	t.Helper()
	text := os.Getenv("JOBHOME_BOARD_ROWS")
	if text == "" {
		return 10000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("JOBHOME_BOARD_ROWS is %q", text)
	}
	return n
}

// typedText is what people type: a kind of work, its first two characters, a
// town and a kind of work, a piece of an employer, a piece of a description, a
// character, a piece of ASCII.
func typedText(r *rand.Rand, o *oracle) string {
	p := &o.postings[r.IntN(len(o.postings))]
	piece := func(s string, n int) string {
		text := []rune(strings.ReplaceAll(s, " ", ""))
		n = min(len(text), n)
		at := r.IntN(len(text) - n + 1)
		return string(text[at : at+n])
	}
	switch r.IntN(8) {
	case 0, 1:
		return kiosk.HeadWords(p.Title)
	case 2:
		return piece(p.Occupation.Name, 2)
	case 3:
		return areas.Name(p.Area.Town()) + " " + kiosk.HeadWords(p.Title)
	case 4:
		return piece(p.Employer.Name, 2+r.IntN(3))
	case 5:
		return piece(p.Description, 2+r.IntN(4))
	case 6:
		return piece(p.Title, 1)
	}
	return []string{"CNC", "plc", "5S", "C1", "ERP", "nc", "ktv", "a"}[r.IntN(8)]
}

// typedQuery is a text with the filters and orders that people add to it.
func typedQuery(r *rand.Rand, o *oracle) kiosk.Query {
	q := kiosk.Query{Text: typedText(r, o), Now: now, Limit: 20}
	maybe := func(percent int) bool { return r.IntN(100) < percent }
	if maybe(30) {
		q.Area = o.postings[r.IntN(len(o.postings))].Area.Town()
	}
	if maybe(30) {
		q.PayAtLeast = kiosk.PayBands()[r.IntN(5)]
	}
	if maybe(20) {
		q.Education = kiosk.Educations()[r.IntN(8)]
	}
	if maybe(20) {
		q.Channels = kiosk.Channels()[:1+r.IntN(2)]
	}
	if maybe(10) {
		q.Trades = []kiosk.Trade{o.postings[r.IntN(len(o.postings))].Occupation.Trade()}
	}
	q.Sort = []kiosk.Sort{kiosk.SortFit, kiosk.SortFit, kiosk.SortPay, kiosk.SortNewest, kiosk.SortNearest}[r.IntN(5)]
	return q
}

// cpu is the processor time that this process has used, all threads, the
// collector's too.
func cpu() time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &ts)
	return time.Duration(ts.Nano())
}

// BenchmarkTyped asks 400 queries and gives the percentiles of their processor
// time, with filters, counts, facets and a page of 20: cold, each once on a
// board that was just opened, and warm. Every query's rows and every tenth
// query's facets are compared with the oracle first: without that there is no
// figure.
func BenchmarkTyped(b *testing.B) {
	n := rowsAsked(b)
	bd := open1(b)
	ps := figurePostings(n, 1)
	if _, err := bd.Apply(b.Context(), ps, ImportOpts{Now: now}); err != nil {
		b.Fatal(err)
	}
	queries, rows := checked(b, bd, ps)
	path := bd.path
	_ = bd.Close()
	ps, bd = nil, nil
	before, at := heap(), cpu()
	bd, err := Open(path, demo.Site())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = bd.Close() }()
	opened := cpu() - at
	var fold, hits bool
	ask := func(clock func() time.Duration) (took []time.Duration) {
		for _, q := range queries {
			q.Fold, q.Hits = fold, hits
			at := clock()
			if _, err := bd.Search(b.Context(), q); err != nil {
				b.Fatal(err)
			}
			took = append(took, clock()-at)
		}
		return took
	}
	cold, lives := ask(cpu), heap()-before
	var warm, folded, excerpts []time.Duration
	for b.Loop() { // in turn, so that a busy machine slows all alike
		warm = append(warm, ask(cpu)...)
		fold = true
		folded = append(folded, ask(cpu)...)
		fold, hits = false, true
		excerpts = append(excerpts, ask(cpu)...)
		hits = false
	}
	percentiles(b, "cold", cold)
	percentiles(b, "warm", warm)
	percentiles(b, "folded", folded)
	percentiles(b, "hits", excerpts)
	b.ReportMetric(lives, "heap-MB")
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	percentiles(b, "idle", ask(thread))
	next := figurePostings(n/10, 7) // ids as before, other words
	done := make(chan error)
	go func() {
		_, err := bd.Apply(b.Context(), next, ImportOpts{Now: now})
		done <- err
	}()
	var during []time.Duration
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			running = false
		default:
			during = append(during, ask(thread)...)
		}
	}
	percentiles(b, "in-delta", during)
	percentiles(b, "after", ask(cpu))
	s := bd.snap.Load()
	texts, pairs := s.text.Size()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(rows)/float64(len(queries)), "rows/query")
	b.ReportMetric(float64(pairs)/float64(n), "index-B/row")
	b.ReportMetric(float64(texts)/float64(n), "text-B/row")
	b.ReportMetric(float64(opened.Milliseconds()), "open-ms")
}

// checked returns the queries whose answers are those of the oracle, and how
// many rows they have.
func checked(b *testing.B, bd *Board, ps []kiosk.Posting) (queries []kiosk.Query, rows int) {
	b.Helper()
	o, r := newOracle(ps), rand.New(rand.NewPCG(11, 12))
	for i := range 400 {
		q := typedQuery(r, o)
		all := q
		all.Limit = len(ps)
		res, err := bd.Search(b.Context(), all)
		if err != nil {
			b.Fatal(err)
		}
		var got []string
		for _, it := range res.Items {
			got = append(got, it.Posting.ID)
		}
		slices.Sort(got)
		if want := o.ids(q); !slices.Equal(got, want) || res.Total != len(want) {
			b.Fatalf("%+v: %d postings, the oracle finds %d", q, len(got), len(want))
		}
		if i%10 == 0 && !reflect.DeepEqual(res.Facets, o.facets(q)) {
			b.Fatalf("%+v: facets differ", q)
		}
		queries, rows = append(queries, q), rows+res.Total
	}
	return queries, rows
}

func percentiles(b *testing.B, name string, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), name+"-p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), name+"-p99-µs")
}

// thread is the processor time of this thread.
func thread() time.Duration {
	var ts unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts)
	return time.Duration(ts.Nano())
}

// TestDeltaWritesLittle counts the bytes that a delta passes to write, the
// checkpoint's too, in one transaction and in twenty: of every ten postings of
// the board one is in it, 60 % of them changed, 20 % new, 20 % gone. The first
// release wrote 42 bytes for a byte of text, most of them of its index.
func TestDeltaWritesLittle(t *testing.T) {
	n := 3000
	if os.Getenv("JOBHOME_BOARD_ROWS") != "" {
		n = rowsAsked(t)
	}
	for _, parts := range []int{1, 20} {
		b := open1(t)
		all, next, text := dayLater(n, 1)
		if _, err := b.Apply(t.Context(), all, ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		var removed []string
		for i := range all[n-n/50:] {
			removed = append(removed, all[n-n/50+i].ID)
		}
		var changed []kiosk.Posting
		for i := range next {
			if i >= n-n/50 || !reflect.DeepEqual(next[i], all[i]) {
				changed = append(changed, next[i])
			}
		}
		before, at := written(t), cpu()
		var sum Report
		for part := range parts {
			rep, err := b.Apply(t.Context(), slice(changed, part, parts), ImportOpts{Now: now, Remove: slice(removed, part, parts)})
			if err != nil {
				t.Fatal(err)
			}
			sum.Changed, sum.Added, sum.Removed = sum.Changed+rep.Changed, sum.Added+rep.Added, sum.Removed+rep.Removed
		}
		if sum.Changed != n*6/100 || sum.Added != n/50 || sum.Removed != n/50 {
			t.Fatalf("%+v", sum)
		}
		bytes := written(t) - before
		t.Logf("%d changed, %d new, %d gone in %d: %.2f MB written for %.2f MB of text, %v of processor time",
			sum.Changed, sum.Added, sum.Removed, parts, float64(bytes)/1e6, float64(text)/1e6, cpu()-at)
		if limit := 3*text + parts*100_000; bytes > limit {
			t.Errorf("in %d: %d bytes were written for %d of text, more than %d", parts, bytes, text, limit)
		}
	}
}

// slice is one of so many parts.
func slice[T any](all []T, part, parts int) []T {
	return all[len(all)*part/parts : len(all)*(part+1)/parts]
}

// written is the number of bytes that this process has passed to write.
func written(t testing.TB) int {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(raw)) {
		if v, ok := strings.CutPrefix(line, "wchar: "); ok {
			n, err := strconv.Atoi(strings.TrimSpace(v))
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Skip("the system does not count them")
	return 0
}
