// Command benchboard measures the board, the ranking and the index against
// their peers: the same rows, the same queries, the same run, one core,
// processor time with the collector's. Peers of searching are FTS5 over pairs
// of characters in go-sqlite3, bleve with its CJK analyzer, and LIKE; of the
// nearest places an R*Tree; of ranking SQL candidates that Go scores, and the
// time that memory needs to give the columns away. README.md says what each of
// them is asked to do, and what came out.
//
// Every answer is compared with a plain look at all postings first. Where ours
// differs there is no figure and the command fails; a peer that differs is shown
// with the number of queries in which it does.
//
// It is a module of its own so that no peer becomes a dependency of the
// terminal. Every engine runs in a process of its own, which this command
// starts from itself, so that none pays for another's memory.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	sizes   []int
	queries int
	rounds  int
	likes   int
	engines []string
	parts   []string
	via     string
	dir     string
}

func main() {
	var o options
	var sizes, engines, parts, child string
	flag.StringVar(&sizes, "rows", "10000", "`sizes` of the boards, by commas")
	flag.IntVar(&o.queries, "queries", 384, "queries in a round")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds, in which the engines take turns")
	flag.IntVar(&o.likes, "likes", 40, "queries of them that LIKE answers")
	flag.StringVar(&engines, "peers", "fts5,fts5-and,bleve,like", "`peers` of searching, by commas; none: only ours")
	flag.StringVar(&parts, "only", "search,delta,nearest,match,typing,judged", "`parts` to measure, by commas")
	flag.StringVar(&o.via, "via", "", "`program` that the engines are started by, such as qemu-aarch64-static")
	flag.StringVar(&o.dir, "dir", "", "`directory` to work in; none: one that is removed at the end")
	flag.StringVar(&child, "child", "", "for the command's own use: play this `part`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o.engines, o.parts = list(engines), list(parts)
	err := o.readSizes(sizes)
	switch {
	case err != nil:
	case child != "":
		err = play(ctx, child, o)
	default:
		ctx, cancel := context.WithTimeout(ctx, 3*time.Hour)
		defer cancel()
		err = run(ctx, o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchboard:", err)
		os.Exit(1)
	}
}

func list(text string) []string {
	if text == "" || text == "none" {
		return nil
	}
	return strings.Split(text, ",")
}

func (o *options) readSizes(text string) error {
	for _, s := range list(text) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 500 {
			return fmt.Errorf("%q is no size of a board; the least is 500", s)
		}
		o.sizes = append(o.sizes, n)
	}
	if len(o.sizes) == 0 || o.queries < 1 || o.rounds < 1 {
		return fmt.Errorf("there is nothing to measure")
	}
	for _, e := range o.engines {
		if _, ok := engines[e]; !ok {
			return fmt.Errorf("there is no peer %q", e)
		}
	}
	return nil
}

// run measures every part at every size.
func run(ctx context.Context, o options) error {
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "jobhome-benchboard-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		o.dir = dir
	}
	b := &bench{options: o, out: os.Stdout, last: map[string]figures{}}
	parts := []struct {
		name    string
		measure func(context.Context, int) error
	}{
		{"search", b.search},
		{"delta", b.delta},
		{"nearest", b.nearest},
		{"match", b.match},
		{"typing", b.typing},
		{"judged", b.judged},
	}
	fmt.Fprintln(b.out, machine())
	for _, size := range o.sizes {
		for _, p := range parts {
			if !slices.Contains(o.parts, p.name) {
				continue
			}
			if err := p.measure(ctx, size); err != nil {
				return fmt.Errorf("%s of %d: %w", p.name, size, err)
			}
		}
	}
	b.aims()
	return nil
}

// note tells the person who waits what is going on.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, "== "+format+"\n", args...) }
