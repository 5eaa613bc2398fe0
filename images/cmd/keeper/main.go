// Command keeper is what the image runs as root beside the terminal: it makes
// and grows the data partition, sets the network from the site's profile, takes
// releases, confirms a slot that is healthy, and keeps the little log that
// survives. Each is one command, run by one systemd unit; ../../DESIGN.md
// describes the whole.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// command is one word after "keeper".
type command struct {
	name, args, does string
	run              func(ctx context.Context, out io.Writer, args []string) error
}

func commands() []command {
	return []command{
		dataCommand(),
		{"site", "[apply]", "set network, time and screen from the site's profile", runSite},
		{"reset", "", "have the data partition made anew, if the terminal asks for it", runReset},
		{"failed", "", "leave a slot that was never seen to work, on which the terminal does not run", runFailed},
		watchCommand(),
		logCommand(),
	}
}

// errUsage tells that the command line was wrong.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Stdout, os.Stderr, os.Args[1:]))
}

// run carries out a command line: 0 done, 1 it could not be done, 2 it is wrong.
func run(ctx context.Context, out, diag io.Writer, args []string) int {
	for _, c := range commands() {
		if len(args) == 0 || c.name != args[0] {
			continue
		}
		err := c.run(ctx, out, args[1:])
		switch {
		case err == nil:
			return 0
		case errors.Is(err, errUsage):
			fmt.Fprintf(diag, "usage: keeper %s %s\n", c.name, c.args)
			return 2
		}
		fmt.Fprintf(diag, "keeper %s: %v\n", c.name, err)
		return 1
	}
	fmt.Fprintln(diag, "usage: keeper COMMAND ...")
	for _, c := range commands() {
		fmt.Fprintf(diag, "  %-8s %-24s %s\n", c.name, c.args, c.does)
	}
	return 2
}
