package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
)

// outcome is what a process tells of something that it was asked to do.
type outcome struct {
	Error   string `json:",omitempty"`
	Bytes   space
	Seconds float64 // processor time of building
	Open    figures // processor and wall time until the first answer
	Times   figures
	Idle    figures // p99 of each pass while nothing else goes on
	During  figures // and while a delta is applied
	Differ  []string
	Heap    float64
	RSS     float64
	Table   []side
	Text    string // a table that is printed as it is
}

// side is a way of doing something, with its times.
type side struct {
	Name   string
	Times  figures
	Asked  int // questions compared with the oracle
	Differ int // of them answered otherwise
	Note   string
}

// play is the life of a process that the bench starts: it does what it is
// told, a word a line, and tells what came out.
func play(ctx context.Context, child string, o options) error {
	name, dir, _ := strings.Cut(child, ":")
	c := &actor{name: name, dir: dir, n: o.sizes[0], options: o}
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		done, err := c.act(ctx, lines.Text())
		if err != nil {
			done.Error = err.Error()
		}
		if err := out.Encode(done); err != nil {
			return err
		}
	}
	return lines.Err()
}

// actor is such a process.
type actor struct {
	options
	name, dir string
	n         int
	work      *workload
	engine    engine
}

func (c *actor) act(ctx context.Context, what string) (outcome, error) {
	switch what {
	case "nearest":
		return nearestSides(ctx, c)
	case "match":
		return matchSides(ctx, c)
	case "judged":
		return judgedSides(ctx, c)
	case "typing":
		return typingSides(c)
	}
	if c.engine == nil {
		c.engine = engines[c.name](c.dir)
	}
	switch what {
	case "build":
		return c.build(ctx)
	case "open":
		return c.open(ctx)
	case "round":
		return c.round(ctx)
	case "check":
		return c.check(ctx)
	case "memory":
		rss, err := resident()
		return outcome{Heap: heap(), RSS: rss}, err
	case "delta":
		return c.delta(ctx)
	}
	return outcome{}, fmt.Errorf("there is nothing called %q to do", what)
}

func (c *actor) build(ctx context.Context) (o outcome, err error) {
	posts := postings(c.n)
	at := cpu()
	if o.Bytes, err = c.engine.build(ctx, posts); err != nil {
		return o, err
	}
	o.Seconds = (cpu() - at).Seconds()
	if c.name == ours {
		err = o.Bytes.measureIndex(posts)
	}
	return o, err
}

func (c *actor) open(ctx context.Context) (o outcome, err error) {
	if c.work, err = readWorkload(c.dir + "/.."); err != nil {
		return o, err
	}
	if c.name == "like" {
		c.work.Queries = c.work.Queries[:min(len(c.work.Queries), c.likes)]
	}
	at, wall := cpu(), time.Now()
	if err := c.engine.open(ctx); err != nil {
		return o, err
	}
	if _, err := c.engine.search(ctx, c.work.Queries[0]); err != nil {
		return o, err
	}
	o.Open.add(cpu() - at)
	o.Open.add(time.Since(wall))
	return o, nil
}

func (c *actor) round(ctx context.Context) (o outcome, err error) {
	o.Times, err = c.pass(ctx, cpu)
	return o, err
}

// pass asks every query once.
func (c *actor) pass(ctx context.Context, clock func() time.Duration) (took figures, err error) {
	for _, q := range c.work.Queries {
		at := clock()
		if _, err := c.engine.search(ctx, q); err != nil {
			return nil, fmt.Errorf("%q: %w", q.Text, err)
		}
		took.add(clock() - at)
	}
	return took, nil
}

// check names the queries whose answers are not those of the oracle.
func (c *actor) check(ctx context.Context) (o outcome, err error) {
	for i, q := range c.work.Queries {
		wrong, err := c.differs(ctx, q, c.work.Want[i])
		if err != nil {
			return o, fmt.Errorf("%q: %w", q.Text, err)
		}
		if wrong != "" {
			o.Differ = append(o.Differ, fmt.Sprintf("%q sorted by %s: %s", q.Text, q.Sort, wrong))
		}
	}
	return o, nil
}

func (c *actor) differs(ctx context.Context, q kiosk.Query, want answer) (string, error) {
	f, err := c.engine.search(ctx, q)
	if err != nil {
		return "", err
	}
	all, err := c.engine.ids(ctx, q)
	if err != nil {
		return "", err
	}
	slices.Sort(all)
	all = slices.Compact(all)
	var sum uint64
	for _, id := range all {
		sum += digest(id)
	}
	switch {
	case f.total != want.Total || len(all) != want.Total:
		return fmt.Sprintf("%d and %d postings, not %d", f.total, len(all), want.Total), nil
	case sum != want.IDs:
		return "other postings", nil
	case f.groups == nil && digestOf(f.facets) != want.Facets:
		return "other facets", nil
	case f.groups != nil && digestOf(f.groups) != want.Groups:
		return "other groups", nil
	case q.Sort != kiosk.SortFit && digestOf(f.page) != want.Page:
		return "another page", nil
	}
	return "", nil
}
