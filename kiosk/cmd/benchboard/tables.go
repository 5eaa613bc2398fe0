package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
)

// machine names what the figures are of.
func machine() string {
	name := "unknown processor"
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer func() { _ = f.Close() }()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if key, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(v)
				break
			}
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	return fmt.Sprintf("%s, %s, %d cores of which one is used, load at the start %s, %s",
		runtime.GOARCH, name, runtime.NumCPU(), strings.Join(strings.Fields(string(load))[:min(3, len(strings.Fields(string(load))))], " "), runtime.Version())
}

func (b *bench) head(title string, columns ...string) {
	fmt.Fprintf(b.out, "\n### %s\n\n", title)
	b.row(columns...)
	b.row(strings.Split(strings.Repeat("---,", len(columns)-1)+"---", ",")...)
}

func (b *bench) row(cells ...string) { fmt.Fprintf(b.out, "| %s |\n", strings.Join(cells, " | ")) }

// search lets all engines answer the queries of a size in turns.
func (b *bench) search(ctx context.Context, size int) (err error) {
	if err := b.prepare(ctx, size); err != nil {
		return err
	}
	var all []*running
	defer func() {
		for _, r := range all {
			err = errors.Join(err, r.p.end())
		}
	}()
	for _, name := range append([]string{ours}, b.engines...) {
		r, err := b.serve(ctx, size, name)
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	for round := range b.rounds {
		note("round %d of %d", round+1, b.rounds)
		for _, r := range all {
			if r.name == "like" && round > 0 {
				continue // it takes as long every time
			}
			o, err := r.p.ask("round")
			if err != nil {
				return err
			}
			r.later = append(r.later, o.Times)
		}
	}
	for _, r := range all {
		if r.memory, err = r.p.ask("memory"); err != nil {
			return err
		}
	}
	b.searchTables(size, all)
	return nil
}

// of is a quantile of each round.
func (r *running) of(q float64) (all figures) {
	for _, f := range r.later {
		all = append(all, f.at(q))
	}
	return all
}

// best is the least time of each query in any round: what other work on the
// machine and the collector have disturbed least.
func (r *running) best() figures {
	out := slices.Clone(r.later[0])
	for _, round := range r.later[1:] {
		for i, took := range round {
			out[i] = min(out[i], took)
		}
	}
	return out
}

func (b *bench) searchTables(size int, all []*running) {
	b.head(fmt.Sprintf("Search of %d postings, processor µs a query", size),
		"engine", "differ from the oracle", "first time, p50 / p99", "again, p50 / p99 of the middle round", "each query's best, p50 / p99",
		"p99 against ours: first / again / best")
	us := all[0]
	for _, r := range all {
		p50, p99, best := r.of(0.5), r.of(0.99), r.best()
		ratio := "1"
		if r != us {
			ratios := []float64{r.first.at(0.99) / us.first.at(0.99), p99.median() / us.of(0.99).median(), best.at(0.99) / us.best().at(0.99)}
			ratio = fmt.Sprintf("%.0f / %.0f / %.0f times", ratios[0], ratios[1], ratios[2])
			for i, name := range []string{" first", " again", " best"} {
				b.keep(r.name+name, size, ratios[i:i+1])
			}
		}
		b.row(r.name, fmt.Sprintf("%d of %d", len(r.differ), r.asked), fmt.Sprintf("%.0f / %.0f", r.first.at(0.5), r.first.at(0.99)),
			fmt.Sprintf("%.0f / %.0f", p50.median(), p99.median()), fmt.Sprintf("%.0f / %.0f", best.at(0.5), best.at(0.99)), ratio)
	}
	b.keep("best p99", size, figures{us.best().at(0.99)})
	b.keep("p99", size, us.of(0.99))
	b.keep("open", size, figures{us.open.Open[0] / 1e3})
	b.keep("heap", size, figures{us.memory.Heap})
	b.head(fmt.Sprintf("Space and beginnings, %d postings", size),
		"engine", "rows, bytes a posting", "index, bytes a posting", "building, processor s", "open to the first answer, processor / wall ms",
		"live heap of Go, MB", "resident, MB")
	for _, r := range all {
		each := func(n int64) string { return fmt.Sprintf("%.0f", float64(n)/float64(size)) }
		index := each(r.built.Bytes.Index)
		if texts := r.built.Bytes.Texts; texts > 0 {
			index += ", of it texts " + each(texts)
			b.keep(r.name+" pairs", size, figures{float64(r.built.Bytes.Index - texts)})
		}
		b.row(r.name, each(r.built.Bytes.Rows), index, fmt.Sprintf("%.1f", r.built.Seconds),
			fmt.Sprintf("%.0f / %.0f", r.open.Open[0]/1e3, r.open.Open[1]/1e3),
			fmt.Sprintf("%.0f", r.memory.Heap), fmt.Sprintf("%.0f", r.memory.RSS))
		b.keep(r.name+" index", size, figures{float64(r.built.Bytes.Index)})
	}
	for _, r := range all {
		for _, d := range r.differ[:min(2, len(r.differ))] {
			fmt.Fprintf(os.Stderr, "   %s differs: %s\n", r.name, d)
		}
	}
}

func key(name string, size int) string { return fmt.Sprintf("%s of %d", name, size) }

func (b *bench) keep(name string, size int, f figures) { b.last[key(name, size)] = f }

// delta compares what a delta writes, and searching meanwhile.
func (b *bench) delta(ctx context.Context, size int) error {
	if err := b.prepare(ctx, size); err != nil {
		return err
	}
	var rows [][]string
	var during []string
	for _, name := range append([]string{ours}, b.engines...) {
		if name == "bleve" || name == "like" {
			continue
		}
		if _, err := b.build(ctx, size, name); err != nil {
			return err
		}
		note("%s: a delta of %d postings", name, size/10)
		p, err := b.start(ctx, size, name)
		if err != nil {
			return err
		}
		if _, err := p.ask("open"); err != nil {
			return err
		}
		o, err := p.ask("delta")
		if err := errors.Join(err, p.end()); err != nil {
			return err
		}
		if len(o.Differ) > 0 && name == ours {
			return fmt.Errorf("after the delta the board's answers differ: %s", o.Differ[0])
		}
		b.keep(name+" written", size, figures{float64(o.Bytes.Rows)})
		rows = append(rows, []string{name, fmt.Sprintf("%d of 24", len(o.Differ)), fmt.Sprintf("%.1f", float64(o.Bytes.Rows)/1e6), fmt.Sprintf("%.2f", o.Seconds)})
		if len(o.During) > 0 && len(o.Idle) > 0 {
			b.keep("during", size, figures{o.During.median() / o.Idle.median()})
			during = append(during, fmt.Sprintf("Searching while deltas are applied: p99 %.0f µs (median of %d passes), idle %.0f µs (of %d): %.2f times. Thread time.",
				o.During.median(), len(o.During), o.Idle.median(), len(o.Idle), o.During.median()/o.Idle.median()))
		}
	}
	b.head(fmt.Sprintf("A delta of %d on %d: 60 %% changed, 20 %% new, 20 %% gone, one transaction", size/10, size),
		"engine", "differ afterwards", "MB passed to write", "processor s")
	for _, r := range rows {
		b.row(r...)
	}
	for _, d := range during {
		fmt.Fprintf(b.out, "\n%s\n", d)
	}
	return nil
}

// sides prints ways of doing something, of which the first is ours.
func (b *bench) sides(ctx context.Context, size int, part string) error {
	note("%s: %d postings", part, size)
	o, err := b.once(ctx, size, part)
	if err != nil {
		return err
	}
	titles := map[string]string{
		"nearest": fmt.Sprintf("The nearest %d of %d places, processor µs", near, size),
		"match":   fmt.Sprintf("Ranking %d postings for a page of 20, processor µs", size),
		"typing":  fmt.Sprintf("Words of a board of %d by what is typed, processor µs", size),
	}
	wrong := "differ from the oracle"
	if part == "typing" {
		wrong = "not among the first ten"
	}
	for _, s := range o.Table {
		if part != "typing" && strings.HasSuffix(s.Name, "(ours)") && s.Differ > 0 {
			return fmt.Errorf("%s: %d of %d answers differ, so there are no figures", s.Name, s.Differ, s.Asked)
		}
	}
	b.head(titles[part], "way", wrong, "p50", "p99", "p99 against the first line", "")
	for i, s := range o.Table {
		differ := "–"
		if s.Asked > 0 {
			differ = fmt.Sprintf("%d of %d", s.Differ, s.Asked)
		}
		ratio := s.Times.at(0.99) / o.Table[0].Times.at(0.99)
		form := "%.1f"
		if s.Times.at(0.5) < 10 {
			form = "%.2f"
		}
		b.row(s.Name, differ, fmt.Sprintf(form, s.Times.at(0.5)), fmt.Sprintf(form, s.Times.at(0.99)), fmt.Sprintf("%.2f times", ratio), s.Note)
		b.keep(fmt.Sprintf("%s %d", part, i), size, figures{ratio})
		if part == "typing" {
			b.keep(fmt.Sprintf("hits %d", i), size, figures{1 - float64(s.Differ)/float64(s.Asked)})
		}
	}
	return nil
}

func (b *bench) nearest(ctx context.Context, size int) error { return b.sides(ctx, size, "nearest") }
func (b *bench) match(ctx context.Context, size int) error   { return b.sides(ctx, size, "match") }
func (b *bench) typing(ctx context.Context, size int) error  { return b.sides(ctx, size, "typing") }

// judged prints hit@1, hit@10 and the share that finds nothing.
func (b *bench) judged(ctx context.Context, size int) error {
	note("judged: %d postings", size)
	o, err := b.once(ctx, size, "judged")
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\n### Judged queries on %d postings: hit@1 / hit@10 / nothing found\n\n%s", size, o.Text)
	return nil
}
