// Command kiosk is the terminal: it runs the window, and it has the commands
// with which staff look after the board and the ledger. Without a settings
// file everything works on the embedded demonstration site.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// command is one word after "kiosk".
type command struct {
	name, args, does string
	run              func(ctx context.Context, m *Main, args []string) error
}

func commands() []command {
	return []command{
		{"run", "[-bench] [-out DIR]", "run the terminal in a window (also without a word)", runTerminal},
		{"import", "[-dry-run] [-replace] [-format csv|jsonl] FILE", "take postings from CSV or JSON Lines, - for standard input", runImport},
		{"board", "stats [-json] | verify | compact", "look after the board's file", runBoard},
		{"search", "[FLAGS] QUERY", "search the board as the terminal does; -h lists the flags", runSearch},
		{"explain", "[FLAGS] QUERY", "search, and say where each row's place comes from", runExplain},
		{"match", "[-json] [-explain] [-n N] [-trade T]...", "rank the board for answers given as options (-h lists them)", runMatch},
		{"commission", "CODE PIN | QR", "enrol this terminal at its hub with a one-time code, or with what its QR code says", runCommission},
		{"sync", "[DIR]", "keep in step with the hub once: now, or with a stick's folder", runSync},
		{"referrals", "[-json] [-n N]", "list the newest referrals", runReferrals},
		{"reprint", "CODE", "print a slip again, marked 补打", runReprint},
		{"screens", "[-only WORD] DIR", "draw every page in every size, language and type", runScreens},
		{"pin", "", "make the staff page's PIN for the settings", runPIN},
		{"enroll", "LABEL", "make a staff badge's line for the settings", runEnroll},
		{"settings", "", "write a commented settings file", runSettings},
		{"demo-board", "[-n N] [-seed N] [-format csv|jsonl]", "write the demonstration's postings as JSON Lines or CSV", runDemoBoard},
	}
}

// Main is what every command has at hand.
type Main struct {
	Settings string // path of the settings file; "" for the demonstration
	Data     string // data directory, where it is not the settings' own
	Out, Err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit((&Main{Out: os.Stdout, Err: os.Stderr}).Run(ctx, os.Args[1:]))
}

// errUsage tells that the command line was wrong and has been explained.
var errUsage = errors.New("usage")

// Run carries out a command line and returns the exit status: 0 done, 1 it
// could not be done, 2 the command line is wrong.
func (m *Main) Run(ctx context.Context, args []string) int {
	flags := flag.NewFlagSet("kiosk", flag.ContinueOnError)
	flags.SetOutput(m.Err)
	flags.StringVar(&m.Settings, "settings", "", "path of the settings `file`; none: the demonstration site")
	flags.StringVar(&m.Data, "data", "", "data `directory`, instead of the settings' own")
	flags.Usage = func() { m.usage(flags) }
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	name, rest := "run", flags.Args()
	if len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, m, rest)
		switch {
		case err == nil || errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			fmt.Fprintf(m.Err, "usage: kiosk %s %s\n", c.name, c.args)
			return 2
		}
		fmt.Fprintf(m.Err, "kiosk %s: %v\n", c.name, err)
		return 1
	}
	fmt.Fprintf(m.Err, "kiosk: there is no command %q\n", name)
	m.usage(flags)
	return 2
}

func (m *Main) usage(flags *flag.FlagSet) {
	fmt.Fprintln(m.Err, "usage: kiosk [-settings FILE] [-data DIR] COMMAND ...")
	for _, c := range commands() {
		fmt.Fprintf(m.Err, "  %-10s %-42s %s\n", c.name, c.args, c.does)
	}
	flags.PrintDefaults()
}

// parse reads a command's own flags; what is left are its arguments.
func (m *Main) parse(flags *flag.FlagSet, args []string) ([]string, error) {
	flags.SetOutput(m.Err)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, errUsage
	}
	return flags.Args(), nil
}
