package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// marker stands before and after the tables in the READMEs.
const marker = "<!-- benchdrivers -->"

// table is figures in words.
type table struct {
	title string
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// writeTables prints tables one below the other, aligned for a terminal or as
// Markdown between two markers.
func writeTables(w io.Writer, tables []table, markdown bool) error {
	out := bufio.NewWriter(w)
	if markdown {
		fmt.Fprintln(out, marker)
	}
	for _, t := range tables {
		if markdown {
			t.markdown(out)
		} else {
			t.plain(out)
		}
		fmt.Fprintln(out)
	}
	if markdown {
		fmt.Fprintln(out, marker)
	}
	return out.Flush()
}

func (t table) markdown(w io.Writer) {
	line := func(cells []string) { fmt.Fprintln(w, "| "+strings.Join(cells, " | ")+" |") }
	fmt.Fprintf(w, "%s\n\n", t.title)
	line(t.head)
	line(slices.Repeat([]string{"---"}, len(t.head)))
	for _, r := range t.rows {
		line(r)
	}
}

func (t table) plain(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n", t.title)
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, r := range append([][]string{t.head}, t.rows...) {
		fmt.Fprintln(tw, strings.Join(r, "\t"))
	}
	_ = tw.Flush() // w keeps its error
}

// figures are measurements of one thing.
type figures []float64

// median is the middle figure, the upper one of two; 0 without any.
func (f figures) median() float64 {
	if len(f) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(f))[len(f)/2]
}

func (f figures) max() float64 {
	if len(f) == 0 {
		return 0
	}
	return slices.Max(f)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// seconds writes a time in ms as seconds.
func seconds(ms float64) string { return fmt.Sprintf("%.2f s", ms/1000) }

func millis(ms float64) string { return fmt.Sprintf("%.0f ms", ms) }

func ratio(a, b float64) string {
	if b == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", a/b)
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
