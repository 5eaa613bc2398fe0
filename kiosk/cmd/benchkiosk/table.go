package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// table writes the rows of a Markdown table as they come.
type table struct {
	w     io.Writer
	begun bool
}

func newTable(w io.Writer) *table { return &table{w: w} }

// row is one figure against its peer or bound.
type row struct {
	what, ours, peer, ratio, aim string
	reached                      bool
	open                         bool // there is no verdict, for want of a peer or an aim
}

func (t *table) add(r row) {
	if !t.begun {
		t.begun = true
		fmt.Fprintln(t.w, "| what | ours | peer or bound | ratio | aim | reached |")
		fmt.Fprintln(t.w, "|---|---|---|---|---|---|")
	}
	verdict := "no"
	switch {
	case r.open:
		verdict = "–"
	case r.reached:
		verdict = "yes"
	}
	fmt.Fprintf(t.w, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.ours, r.peer, r.ratio, r.aim, verdict)
}

// figures are measurements of one thing.
type figures []float64

func (f figures) at(q float64) float64 {
	if len(f) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(f))
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

func (f figures) min() float64    { return f.at(0) }
func (f figures) median() float64 { return f.at(0.5) }
func (f figures) max() float64    { return f.at(1) }

// spread writes the smallest and the middle figure.
func (f figures) spread(form, unit string) string {
	return fmt.Sprintf("min "+form+" / median "+form+" %s (n = %d)", f.min(), f.median(), unit, len(f))
}

// tail writes the figures of which the late ones matter.
func (f figures) tail(unit string) string {
	return fmt.Sprintf("p50 %.1f / p95 %.1f / max %.1f %s (n = %d)", f.median(), f.at(0.95), f.max(), unit, len(f))
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// versus compares two sides by their smallest and by their middle figures. The
// smallest are those that other work on the machine has disturbed least.
type versus struct{ min, median float64 }

func against(ours, peer figures) versus {
	ratio := func(a, b float64) float64 {
		if b == 0 {
			return 0
		}
		return a / b
	}
	return versus{ratio(ours.min(), peer.min()), ratio(ours.median(), peer.median())}
}

// within reports whether both are: an aim that only one of them meets is not
// reached.
func (v versus) within(aim float64) bool { return v.min <= aim && v.median <= aim }

func (v versus) String() string { return fmt.Sprintf("min %.2f / median %.2f", v.min, v.median) }
