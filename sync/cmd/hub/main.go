// Command hub feeds a province's terminals: it takes postings in, has them
// reviewed, publishes signed boards, takes what residents ask for, and serves
// the pages that a slip's QR code opens. sync/README.md says how to run it.
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
	"time"
)

// command is one word after "hub".
type command struct {
	name, args, does string
	run              func(ctx context.Context, m *Main, args []string) error
}

func commands() []command {
	return []command{
		{"settings", "", "write a commented settings file", runSettings},
		{"init", "", "make the keys and the first root of a new hub", runInit},
		{"root", "show | next [-head] [-ack] [-seal] FILE | sign KEY FILE | accept FILE", "renew the root of trust", runRoot},
		{"run", "", "serve residents, terminals and staff, and publish on the schedule", runServe},
		{"user", "add | password | list [FLAGS]", "look after accounts; a password is made and shown once", runUser},
		{"site", "put -name NAME -tier TIER -area CODE [-lat N -lon N] [-phone N] -board B ID", "write a site down", runSite},
		{"code", "[-terminal NAME] SITE", "give out a code that enrols one terminal, once", runCode},
		{"profile", "[FLAGS] SITE [TERMINAL]", "write what a new terminal is set up with, for a stick or as a code", runProfile},
		{"import", "-source NAME [-dry-run] [-full] [-area CODE] [-days N] FILE", "take postings from CSV, XLSX, JSON Lines or JSON-LD", runImport},
		{"publish", "", "publish every board now", runPublish},
		{"revoke", "ID WHY", "take a posting down from every board at once", runRevoke},
		{"demo", "[-dir DIR] [-n N] [COMMAND...]", "make and serve a hub with made-up postings, and run a command meanwhile", runDemo},
		{"stick", "DIR", "lay the boards on a stick, and take in the records that are on it", runStick},
		{"audit", "verify [MARK]... | prune -before DAY", "verify the audit log, also against marks kept elsewhere; shorten it", runAudit},
	}
}

// Main is what every command has at hand.
type Main struct {
	Settings string // path of the settings file
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
	flags := flag.NewFlagSet("hub", flag.ContinueOnError)
	flags.SetOutput(m.Err)
	flags.StringVar(&m.Settings, "settings", "/etc/jobhub.toml", "path of the settings `file`")
	flags.Usage = func() { m.usage(flags) }
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() == 0 {
		m.usage(flags)
		return 2
	}
	name, rest := flags.Arg(0), flags.Args()[1:]
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		err := c.run(ctx, m, rest)
		switch {
		case err == nil || errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			fmt.Fprintf(m.Err, "usage: hub %s %s\n", c.name, c.args)
			return 2
		}
		fmt.Fprintf(m.Err, "hub %s: %v\n", c.name, err)
		return 1
	}
	fmt.Fprintf(m.Err, "hub: there is no command %q\n", name)
	m.usage(flags)
	return 2
}

func (m *Main) usage(flags *flag.FlagSet) {
	fmt.Fprintln(m.Err, "usage: hub [-settings FILE] COMMAND ...")
	for _, c := range commands() {
		fmt.Fprintf(m.Err, "  %-9s %-40s %s\n", c.name, c.args, c.does)
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

func (m *Main) load() (Settings, error) { return Load(m.Settings) }

func runSettings(_ context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	_, err := io.WriteString(m.Out, Example)
	return err
}

func runInit(_ context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s, err := m.load()
	if err != nil {
		return err
	}
	if err := makeKeys(s.Data, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "已生成钥匙和第一个根：%s\n请把 %s/root-keys 里的三把根钥匙分别交给三个人离线保管，再从本机删除。\n", rootPath(s.Data, 1), s.Data)
	return nil
}
