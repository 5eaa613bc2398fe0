// Command benchkiosk measures the terminal from outside against its peers, on a
// private screen: its start and memory against Debian's Chromium in kiosk mode,
// touch to painted page and confirm-touch to the printer's first byte against
// what a person notices, and the bytes and CPU of a slip against receiptline on
// Node. It writes rows of a Markdown table. A peer that is not installed is
// left out with a message. Figures of a shared machine are good for ratios
// taken in the same run, so both sides take turns.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	kiosk         string
	only          string
	out           string
	width, height int
	widthMM       int
	runs          int
	settle        time.Duration
	rounds        int
	prints        int
	slips         int
	bridge        bool
	postings      int
}

func main() {
	var o options
	flag.StringVar(&o.kiosk, "kiosk", "bin/kiosk", "the terminal's `program`")
	flag.StringVar(&o.only, "only", "launch,touch,keys,print,slip", "`parts` to measure")
	flag.StringVar(&o.out, "out", "", "`directory` for pictures of what was compared; none: not kept")
	flag.IntVar(&o.width, "width", 1080, "width of the screen in pixels")
	flag.IntVar(&o.height, "height", 1920, "height of the screen in pixels")
	flag.IntVar(&o.widthMM, "mm", 268, "width of the screen in millimetres")
	flag.IntVar(&o.runs, "runs", 5, "starts of the terminal and of Chromium")
	flag.DurationVar(&o.settle, "settle", 10*time.Second, "time from the first page to the look at the memory")
	flag.IntVar(&o.rounds, "rounds", 8, "rounds of page switches")
	flag.IntVar(&o.prints, "prints", 30, "slips printed")
	flag.IntVar(&o.slips, "slips", 300, "slips encoded in each of five turns")
	flag.IntVar(&o.postings, "postings", 10000, "size of the board")
	flag.BoolVar(&o.bridge, "at-spi", false, "leave the accessibility bridge on while touches are measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "benchkiosk:", err)
		os.Exit(1)
	}
}

// part is one thing to measure; those that need no screen do without.
type part struct {
	name    string
	desk    bool
	measure func(ctx context.Context, b *bench) error
}

func run(ctx context.Context, o options) error {
	parts := []part{
		{"launch", true, measureLaunch},
		{"touch", true, measureTouch},
		{"keys", true, measureKeys},
		{"print", true, measurePrint},
		{"slip", false, measureSlip},
	}
	b := &bench{options: o, table: newTable(os.Stdout)}
	defer b.close()
	for _, p := range parts {
		if !strings.Contains(","+o.only+",", ","+p.name+",") {
			continue
		}
		if p.desk {
			if err := b.open(ctx); err != nil {
				return err
			}
		}
		if err := p.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// note tells the person who waits what is going on.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, "== "+format+"\n", args...) }
