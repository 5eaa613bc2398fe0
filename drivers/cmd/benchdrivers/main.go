// Command benchdrivers measures the drivers of the receipt printer and of the
// ID-card reader on simulated devices: bytes and CPU of a slip and the time
// until it is cut, against the physical bound and against the npm packages
// receiptline and node-thermal-printer, and the time from a card laid down to
// its record, against the bound of its protocol (GA 450). Lines, paper and
// cutter take the time that real ones take; drivers and devices are connected
// in this process.
//
// Times are taken twice: with a clock that jumps from one wait to the next
// (testing/synctest), which is exact on any machine, and in real time, where
// the work of the processor and what else the machine does come on top.
//
// With -markdown it prints the tables that the READMEs of drivers/printer and
// drivers/idcard keep. What is not installed (node, npm, zbarimg, a font) is
// named and left out.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	only       string
	markdown   bool
	slips      int
	turns      int
	rounds     int
	placements int
	real       bool
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "printer,reader", "`parts` to measure")
	flag.BoolVar(&o.markdown, "markdown", false, "print the tables as the READMEs keep them")
	flag.IntVar(&o.slips, "slips", 200, "slips encoded in each turn")
	flag.IntVar(&o.turns, "turns", 5, "turns that the encoders take")
	flag.BoolVar(&o.real, "real", true, "measure in real time too")
	flag.IntVar(&o.rounds, "rounds", 3, "times that each of our slips is printed on each line in real time")
	flag.IntVar(&o.placements, "placements", 30, "cards laid down on each line in real time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	withClock(func(c clock, w io.Writer) error { return run(ctx, o, c, w) })
}

func run(ctx context.Context, o options, c clock, w io.Writer) error {
	parts := []struct {
		name    string
		measure func(context.Context, options, clock) ([]table, error)
	}{
		{"printer", measurePrinters},
		{"reader", measureReaders},
	}
	for _, p := range parts {
		if !strings.Contains(","+o.only+",", ","+p.name+",") {
			continue
		}
		tables, err := p.measure(ctx, o, c)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if err := writeTables(w, tables, o.markdown); err != nil {
			return fmt.Errorf("write the tables: %w", err)
		}
	}
	return nil
}

// note tells the person who waits what is going on.
func note(format string, args ...any) { fmt.Fprintf(os.Stderr, "== "+format+"\n", args...) }
