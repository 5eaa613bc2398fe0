package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"time"
)

// boardCommands are the words after "kiosk board", for who looks after the
// file that the board is kept in.
func boardCommands() []command {
	return []command{
		{"stats", "[-json]", "say how large the board is and how old", runBoardStats},
		{"compact", "", "write the file anew without the postings that are gone; the terminal may run", runBoardCompact},
		{"verify", "", "read the whole file and say whether it is damaged", runBoardVerify},
	}
}

// runBoard carries out the word after "board".
func runBoard(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		for _, c := range boardCommands() {
			if c.name == args[0] {
				return c.run(ctx, m, args[1:])
			}
		}
	}
	for _, c := range boardCommands() {
		fmt.Fprintf(m.Err, "  board %-7s %-8s %s\n", c.name, c.args, c.does)
	}
	return errUsage
}

// boardStats is what `kiosk board stats -json` writes.
type boardStats struct {
	Postings  int        `json:"postings"`          // all, the expired ones too
	Open      int        `json:"open"`              // those not past their validity
	Employers int        `json:"employers"`         // different ones among the open
	Bytes     int64      `json:"bytes"`             // of the file
	Updated   *time.Time `json:"updated,omitempty"` // left out: never
}

func runBoardStats(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("board stats", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "write JSON")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	p, err := m.openBoard(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	st := p.board.Stats(time.Now())
	out := boardStats{Postings: st.Postings, Open: st.Open, Employers: st.Employers, Bytes: st.Bytes}
	updated := "never"
	if at := p.board.Freshness(); !at.IsZero() {
		out.Updated = &at
		updated = at.Local().Format("2006-01-02 15:04")
	}
	if *asJSON {
		return json.NewEncoder(m.Out).Encode(out)
	}
	fmt.Fprintf(m.Out, "file       %s, %.1f MB\n", p.boardPath(), float64(st.Bytes)/1e6)
	fmt.Fprintf(m.Out, "postings   %d, of them %d open\n", st.Postings, st.Open)
	fmt.Fprintf(m.Out, "employers  %d with open postings\n", st.Employers)
	fmt.Fprintf(m.Out, "updated    %s\n", updated)
	return nil
}

func runBoardCompact(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	p, err := m.openBoard(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	before := p.board.Stats(time.Now()).Bytes
	if err := p.board.Compact(ctx); err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "%s: %.1f MB, before %.1f MB\n", p.boardPath(), float64(p.board.Stats(time.Now()).Bytes)/1e6, float64(before)/1e6)
	return nil
}

// runBoardVerify finds damage before a resident does. A board that cannot even
// be opened is put aside by that, which is damage too.
func runBoardVerify(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	p, err := m.openBoard(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	if aside := p.board.Aside(); aside.Path != "" {
		return fmt.Errorf("the board was damaged or is of a newer program, and was put aside as %s: %w; "+
			"an empty one is in its place: import the postings again, or let the hub send them", aside.Path, aside.Reason)
	}
	if err := p.board.Check(ctx); err != nil {
		return fmt.Errorf("the board is damaged: %w; nothing but a copy is lost: end the terminal, remove %s*, "+
			"and import the postings again, or let the hub send them", err, p.boardPath())
	}
	fmt.Fprintf(m.Out, "%s is whole: %d postings\n", p.boardPath(), p.board.Stats(time.Now()).Postings)
	return nil
}
