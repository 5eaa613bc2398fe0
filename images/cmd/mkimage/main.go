// Command mkimage makes the terminal's flashable image out of this repository
// and Debian packages: no loop device, no mount, no root. Every step keeps what
// it made and is done again only when what it is made of has changed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"jobhome/images/recipe"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Stdout, os.Stderr, os.Args[1:]))
}

// options are what the command line says.
type options struct {
	target        string
	source        string // the repository
	work          string // kept between runs
	version       string
	serial        uint64 // 0: the time of the commit
	kernelArgs    string // further ones, for trials
	upTo          string
	mirror, secur string
}

func run(ctx context.Context, out, diag io.Writer, args []string) int {
	var o options
	flags := flag.NewFlagSet("mkimage", flag.ContinueOnError)
	flags.SetOutput(diag)
	flags.StringVar(&o.target, "target", "uefi-amd64", "`machine`: rpi-arm64, uefi-arm64 or uefi-amd64")
	flags.StringVar(&o.source, "source", ".", "`directory` of the repository")
	flags.StringVar(&o.work, "work", "", "`directory` for what is made and kept; none: out/image/TARGET")
	flags.StringVar(&o.version, "version", "", "`version` written into the image; none: the commit's")
	flags.Uint64Var(&o.serial, "serial", 0, "`number` that orders versions; 0: the commit's time in seconds")
	flags.StringVar(&o.kernelArgs, "kernel-args", "", "further `arguments` for the kernel, for trials")
	flags.StringVar(&o.upTo, "to", "image", "last `step`: fetch, programs, root, slot or image")
	flags.StringVar(&o.mirror, "mirror", "", "Debian `mirror`; none: this machine's")
	flags.StringVar(&o.secur, "security", "", "Debian security `mirror`; none: this machine's")
	flags.Usage = func() {
		fmt.Fprintln(diag, "usage: mkimage [flags] [build | lock]")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	var err error
	switch command := flags.Arg(0); {
	case flags.NArg() > 1, command != "" && command != "build" && command != "lock":
		flags.Usage()
		return 2
	case command == "lock":
		err = lock(ctx, out, o)
	default:
		err = build(ctx, out, o)
	}
	if err != nil {
		fmt.Fprintln(diag, "mkimage:", err)
		return 1
	}
	return 0
}

func (o options) mirrors(ctx context.Context) recipe.Mirrors {
	m := recipe.HostMirrors(ctx)
	if o.mirror != "" {
		m.Debian = o.mirror
	}
	if o.secur != "" {
		m.Security = o.secur
	}
	return m
}

// lock writes a target's lock file anew, from the newest packages.
func lock(ctx context.Context, out io.Writer, o options) error {
	t, err := recipe.Find(o.target)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mkimage-apt-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	fmt.Fprintln(out, "== reading Debian's indexes for", t.Arch)
	l, err := recipe.Resolve(ctx, t, o.mirrors(ctx), dir)
	if err != nil {
		return err
	}
	path := filepath.Join(o.source, "images/recipe", t.Name+".lock")
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(l.Write(f), f.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "== %s: %d packages of the root, %d to compile against\n", path, len(l.Root), len(l.Sysroot))
	return nil
}
