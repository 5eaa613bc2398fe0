package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/find"
	"jobhome/kiosk/spell"
	"jobhome/kiosk/words"
)

// searchFlags are what `kiosk search` and `kiosk explain` take beside the text.
type searchFlags struct {
	json, explain, unfold                   bool
	n, offset                               int
	within                                  float64
	pay                                     int64
	area, trade, channel, sort, since, like string
}

func (f *searchFlags) add(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "write JSON")
	flags.BoolVar(&f.explain, "explain", f.explain, "say where each row's place comes from")
	flags.BoolVar(&f.unfold, "unfold", false, "list each posting, also those that are alike")
	flags.IntVar(&f.n, "n", 20, "most rows written")
	flags.IntVar(&f.offset, "offset", 0, "rows left out before the first")
	flags.Float64Var(&f.within, "within", 0, "at most so many `metres` from the site")
	flags.Int64Var(&f.pay, "pay", 0, "at least so many `yuan` a month")
	flags.StringVar(&f.area, "area", "", "only in the area with the `code`")
	flags.StringVar(&f.trade, "trade", "", "only of the trade, e.g. garment")
	flags.StringVar(&f.channel, "channel", "", "only of the channel, e.g. gig")
	flags.StringVar(&f.sort, "sort", string(kiosk.SortFit), "fit, pay, newest or nearest")
	flags.StringVar(&f.since, "since", "", "only what came to this board after the `date`, like 2026-11-23")
	flags.StringVar(&f.like, "like", "", "only what is alike to the posting with the `id`")
}

// query makes the query of the flags and the text.
func (f *searchFlags) query(text string) (kiosk.Query, error) {
	q := kiosk.Query{
		Hits: true,
		Text: text, Area: kiosk.Area(f.area), Within: f.within, PayAtLeast: kiosk.Yuan(f.pay), Like: f.like,
		Fold: !f.unfold && f.like == "", Sort: kiosk.Sort(f.sort), Offset: f.offset, Limit: f.n, Now: time.Now(),
	}
	if f.area != "" {
		if err := q.Area.Check(); err != nil {
			return q, err
		}
	}
	if f.trade != "" {
		q.Trades = []kiosk.Trade{kiosk.Trade(f.trade)}
		if !words.Has("trade." + f.trade) {
			return q, fmt.Errorf("there is no trade %q", f.trade)
		}
	}
	if f.channel != "" {
		q.Channels = []kiosk.Channel{kiosk.Channel(f.channel)}
		if !q.Channels[0].Valid() {
			return q, fmt.Errorf("there is no channel %q, only %v", f.channel, kiosk.Channels())
		}
	}
	if !slices.Contains([]kiosk.Sort{kiosk.SortFit, kiosk.SortPay, kiosk.SortNewest, kiosk.SortNearest}, q.Sort) {
		return q, fmt.Errorf("there is no order %q, only fit, pay, newest and nearest", f.sort)
	}
	if f.n < 0 || f.offset < 0 || f.within < 0 || f.pay < 0 {
		return q, errors.New("-n, -offset, -within and -pay are not negative")
	}
	if f.since != "" {
		at, err := time.ParseInLocation(time.DateOnly, f.since, time.Local)
		if err != nil {
			return q, fmt.Errorf("-since: %w", err)
		}
		q.Since = at
	}
	return q, nil
}

// empty reports whether the query asks for everything.
func (f *searchFlags) empty() bool {
	return f.within == 0 && f.pay == 0 && f.area+f.trade+f.channel+f.since+f.like == ""
}

// runSearch searches the board from the command line, as the terminal does.
func runSearch(ctx context.Context, m *Main, args []string) error {
	return m.search(ctx, "search", &searchFlags{}, args)
}

// runExplain is runSearch with -explain.
func runExplain(ctx context.Context, m *Main, args []string) error {
	return m.search(ctx, "explain", &searchFlags{explain: true}, args)
}

func (m *Main) search(ctx context.Context, name string, f *searchFlags, args []string) error {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	f.add(flags)
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 && f.empty() {
		return errUsage
	}
	q, err := f.query(strings.Join(rest, " "))
	if err != nil {
		return err
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	finder := find.Finder{Board: p.board, Spell: spell.New(p.board.Candidates(kiosk.Query{Now: q.Now}))}
	e, err := finder.Explain(ctx, q)
	switch {
	case err != nil:
		return err
	case f.json:
		return writeSearch(m.Out, e, f.explain)
	case f.explain:
		x := explainer{out: m.Out, e: e, board: p.board}
		return x.write(ctx)
	}
	writeRows(m.Out, e.Results)
	return nil
}

// writeRows writes what the list of the terminal shows.
func writeRows(out io.Writer, r kiosk.Results) {
	for _, it := range r.Items {
		writeRow(out, it)
		for _, h := range it.Hits {
			fmt.Fprintf(out, "%-20s %s\n", "", words.Hit(words.Zh, h))
		}
	}
	if r.Rescue != nil {
		fmt.Fprintln(out, words.Rescue(words.Zh, r.Rescue, r.Total))
	}
	fmt.Fprintln(out, words.T(words.Zh, "list.total", r.Total))
}

func writeRow(out io.Writer, it kiosk.Item) {
	fmt.Fprintf(out, "%-20s %s  %s  %s  %s", it.Posting.ID, it.Posting.Title,
		words.Pay(words.Zh, it.Posting.Pay), it.Posting.Employer.Name, words.Away(words.Zh, it.Metres))
	if it.More > 0 {
		fmt.Fprintf(out, "  +%d", it.More)
	}
	fmt.Fprintln(out)
}
