package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"syscall"
)

// watchArgs is the command line of a device that is watched until Ctrl-C.
type watchArgs struct {
	name   string // scan or badge
	url    string
	reveal bool
	count  int // end after so many; 0 is never
}

// parseWatch accepts flags before and after the URL.
func parseWatch(name string, args []string) (a watchArgs, err error) {
	a.name = name
	fs := flag.NewFlagSet("probe "+name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&a.reveal, "reveal", false, "")
	fs.IntVar(&a.count, "n", 0, "")
	urls, err := anywhere(fs, args)
	switch {
	case err != nil:
		return a, err
	case len(urls) != 1:
		return a, fmt.Errorf("%d URLs given, want one", len(urls))
	case a.count < 0:
		return a, fmt.Errorf("-n %d: want a number", a.count)
	}
	a.url = urls[0]
	return a, nil
}

// usageCode answers a command line that is not one to run.
func (a watchArgs) usageCode(err error, usage string, out [2]io.Writer) int {
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(out[0], usage)
		return 0
	}
	fmt.Fprintf(out[1], "probe %s: %v\n\n%s", a.name, err, usage)
	return 2
}

// watched is one event of a device as it is printed, and what it means for probe.
type watched struct {
	line  any
	ready bool  // the device works
	down  error // it does not
	hit   bool  // counts for -n
}

// watch prints what a device tells until ctx ends, enough was seen, or the device
// cannot be used from the start. Run calls its argument for each event.
func (a watchArgs) watch(ctx context.Context, run func(context.Context, func(watched)) error, out [2]io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	enc := json.NewEncoder(out[0])
	enc.SetEscapeHTML(false)
	code, ready, hits := 0, false, 0
	fail := func(format string, args ...any) {
		fmt.Fprintf(out[1], "probe "+a.name+": "+format+"\n", args...)
		code = 1
		cancel()
	}
	err := run(ctx, func(w watched) {
		if ctx.Err() != nil {
			return // it has ended, and the device does not know yet
		}
		if err := enc.Encode(w.line); err != nil {
			fail("write event: %v", err)
			return
		}
		ready = ready || w.ready
		if w.hit {
			hits++
		}
		switch {
		case w.down != nil && !ready:
			fail("%v", w.down)
		case a.count > 0 && hits >= a.count:
			cancel()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		fail("%v", err)
	}
	return code
}
