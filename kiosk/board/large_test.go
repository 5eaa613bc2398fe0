package board

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// figurePostings is what figures are taken from: the demonstration, or, when
// JOBHOME_BOARD_LONG is set, the same with descriptions of about 400 characters
// instead of its few short sentences.
func figurePostings(n int, seed uint64) []kiosk.Posting {
	ps := demo.Postings(now, n, seed)
	if os.Getenv("JOBHOME_BOARD_LONG") == "" {
		return ps
	}
	r := rand.New(rand.NewPCG(seed, 400))
	words := inventWords()
	for i := range ps {
		ps[i].Description += describe(r, words, 330+r.IntN(140))
	}
	return ps
}

// inventWords is 9,000 words of two to four of 3,000 characters, the characters
// as uneven as those of a language, so that descriptions have hundreds of
// thousands of different pairs and some very frequent ones. They are the same
// for every seed: a board speaks one language.
func inventWords() (words []string) {
	r := rand.New(rand.NewPCG(9, 9000))
	for range 9000 {
		var w []rune
		for range 2 + r.IntN(5)/2 {
			w = append(w, '一'+7*rune(3000*math.Pow(r.Float64(), 2)))
		}
		words = append(words, string(w))
	}
	return words
}

// describe makes sentences of words, the first ones the most frequent.
func describe(r *rand.Rand, words []string, runes int) string {
	var b strings.Builder
	for left := runes; left > 0; {
		w := words[int(float64(len(words))*math.Pow(r.Float64(), 3))]
		b.WriteString(w)
		if left -= len(w) / 3; r.IntN(5) == 0 {
			b.WriteString([]string{"，", "，", "；", "。"}[r.IntN(4)])
			left--
		}
	}
	return b.String()
}

// dayLater is a board of n postings a day later: of every hundred six are changed,
// two new and two gone. It also returns how much text of them is new.
func dayLater(n int, seed uint64) (before, after []kiosk.Posting, text int) {
	all := figurePostings(n+n/50, seed)
	before, after = all[:n], slices.Clone(all[:n-n/50])
	other := figurePostings(n*6/10, seed+100)
	for i := 0; i < len(other); i += 10 {
		other[i].ID = after[i].ID
		after[i] = other[i]
		text += len(folded(&other[i]))
	}
	for i := n; i < len(all); i++ {
		after = append(after, all[i])
		text += len(folded(&all[i]))
	}
	return before, after, text
}

// memory is what the process has in memory: its own, and pages of files, which
// the kernel can take back.
func memory() (own, files float64) {
	debug.FreeOSMemory()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(raw)) {
		_, _ = fmt.Sscanf(line, "RssAnon: %f", &own)
		_, _ = fmt.Sscanf(line, "RssFile: %f", &files)
	}
	return own / 1e3, files / 1e3
}

// BenchmarkMemory tells what a board takes in memory when it was just opened,
// after a delta, and when it is opened after that one; and what opening and the
// delta cost. What it has then is compared with a board that was given the
// outcome at once, unless that would take long.
func BenchmarkMemory(b *testing.B) {
	n := rowsAsked(b)
	bd := open1(b)
	path := bd.path
	before, after, text := dayLater(n, 1)
	if _, err := bd.Apply(b.Context(), before, ImportOpts{Now: now}); err != nil {
		b.Fatal(err)
	}
	_ = bd.Close()
	before, bd = nil, nil
	base := heap()
	baseOwn, baseFiles := memory()
	report := func(name string) {
		own, files := memory()
		b.ReportMetric(heap()-base, name+"-heap-MB")
		b.ReportMetric(own-baseOwn, name+"-own-MB")
		b.ReportMetric(files-baseFiles, name+"-files-MB")
	}
	open := func(name string) {
		at := cpu()
		var err error
		if bd, err = Open(path, demo.Site()); err != nil {
			b.Fatal(err)
		}
		if _, err := bd.Search(b.Context(), kiosk.Query{Text: "操作工", Now: now, Limit: 20}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64((cpu() - at).Milliseconds()), name+"-ms")
		report(name)
	}
	for b.Loop() {
		open("open")
		at, bytes := cpu(), written(b)
		if _, err := bd.Apply(b.Context(), after, ImportOpts{Now: now, Replace: true}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64((cpu() - at).Milliseconds()), "delta-ms")
		b.ReportMetric(float64(written(b)-bytes)/1e6, "delta-written-MB")
		report("delta")
		_ = bd.Close()
		bd = nil
		runtime.GC()
		open("reopen")
	}
	b.ReportMetric(float64(text)/1e6, "delta-text-MB")
	b.ReportMetric(0, "ns/op")
	if n <= 10000 {
		fresh := open1(b)
		if _, err := fresh.Apply(b.Context(), after, ImportOpts{Now: now}); err != nil {
			b.Fatal(err)
		}
		if got, want := stored(bd), stored(fresh); len(got) != len(want) {
			b.Fatalf("%d postings, want %d", len(got), len(want))
		}
	}
	_ = bd.Close()
}
