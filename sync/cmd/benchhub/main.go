// Command benchhub measures the hub against a peer on the machine that it runs on:
// "benchhub feed" lets simulated terminals fetch a day's feed from the hub and from
// nginx, and prints a table. ../../hub/fleet/README.md has the figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "benchhub:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("which: feed?")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	switch args[0] {
	case "feed":
		var b feedBench
		flags.IntVar(&b.terminals, "terminals", 5000, "terminals")
		flags.IntVar(&b.at, "at-once", 64, "terminals at the same time")
		flags.IntVar(&b.rounds, "rounds", 3, "measurements of each; the middle one counts")
		flags.StringVar(&b.nginx, "nginx", "/usr/sbin/nginx", "nginx")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return b.run(ctx)
	case "serve": // the hub's side of feed, as a process of its own
		if len(args) != 2 {
			return errors.New("serve what?")
		}
		return serve(ctx, args[1])
	}
	return fmt.Errorf("%q is not feed", args[0])
}

// middle is the median.
func middle(list []time.Duration) time.Duration {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
