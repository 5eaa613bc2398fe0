package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/sys/unix"

	"jobhome/drivers/panel"
)

const listUsage = `usage: probe list [-json]

Lists what a terminal could use on this computer, and why not where it cannot:
serial ports, USB printers, known card readers, hidraw nodes, I2C buses, GPIO chips,
and periph's drivers. Nothing is opened, since a port may belong to something else.

  fitted   it is there and this user may use it
  loaded   a driver of periph that found its hardware
  skipped  not there, not needed, or not a device of a terminal
  failed   it is there and cannot be used; why says what to do

  -json    a JSON array in place of the table

Exit code: 0 listed and nothing failed, 1 something failed, 2 for a wrong command
line.
`

// The states of a row.
const (
	fitted  = "fitted"
	loaded  = "loaded"
	skipped = "skipped"
	failed  = "failed"
)

// row is one thing found, or not found.
type row struct {
	Kind  string `json:"kind"`
	Path  string `json:"path"` // as a URL or a setting names it, "" if there is none
	What  string `json:"what"`
	State string `json:"state"`
	Why   string `json:"why"`
}

// host is the computer that is looked at.
type host struct {
	root    string          // in front of /dev and /sys; "" but in tests
	drivers func() []string // periph's report
}

func (h host) dev(elem ...string) string { return h.path("dev", elem) }
func (h host) sys(elem ...string) string { return h.path("sys", elem) }

func (h host) path(top string, elem []string) string {
	return filepath.Join(append([]string{h.root, "/", top}, elem...)...)
}

// plain is a path without the root of a test.
func (h host) plain(path string) string {
	return strings.TrimPrefix(path, strings.TrimSuffix(h.root, "/"))
}

// listCommand is "probe list".
func listCommand(args []string, stdout, stderr io.Writer) int {
	return host{drivers: panel.HostReport}.list(args, stdout, stderr)
}

func (h host) list(args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("probe list", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	asJSON := fs.Bool("json", false, "")
	err := fs.Parse(args)
	if err == nil && fs.NArg() > 0 {
		err = fmt.Errorf("%d words, want none", fs.NArg())
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, listUsage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "probe list: %v\n\n%s", err, listUsage)
		return 2
	}
	rows := h.rows()
	if *asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err = enc.Encode(rows)
	} else {
		err = table(stdout, rows)
	}
	if err != nil {
		fmt.Fprintf(stderr, "probe list: write: %v\n", err)
		return 1
	}
	if slices.ContainsFunc(rows, func(r row) bool { return r.State == failed }) {
		return 1
	}
	return 0
}

func table(w io.Writer, rows []row) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "KIND\tSTATE\tPATH\tWHAT\tWHY")
	for _, r := range rows {
		path := r.Path
		if path == "" {
			path = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", r.Kind, r.State, path, r.What, r.Why)
	}
	return t.Flush()
}

// rows looks at everything. What cannot be looked at is a row as well.
func (h host) rows() []row {
	plugged := h.plugged()
	rows := h.serial(plugged)
	rows = append(rows, h.printers(plugged)...)
	rows = append(rows, h.readers(plugged)...)
	rows = append(rows, h.hidraw()...)
	rows = append(rows, h.buses()...)
	rows = append(rows, h.chips()...)
	rows = append(rows, h.periph()...)
	for i := range rows {
		r := &rows[i]
		r.Path, r.What, r.Why = clean(h.plain(r.Path)), clean(r.What), clean(r.Why)
	}
	return rows
}

// clean keeps what a device calls itself from steering the terminal it is shown on.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 || r == 0xFFFD {
			return -1
		}
		return r
	}, s)
}

// usable says whether this user may read and write a node, without opening it.
func usable(path, group string) (state, why string) {
	err := unix.Access(path, unix.R_OK|unix.W_OK)
	switch {
	case err == nil:
		return fitted, ""
	case errors.Is(err, fs.ErrNotExist):
		return failed, "the node is missing: is udev running?"
	case errors.Is(err, fs.ErrPermission):
		return failed, "this user may not use it: " + group
	}
	return failed, err.Error()
}

// none is the row of a kind of which there is nothing.
func none(kind, why string) []row {
	return []row{{Kind: kind, State: skipped, What: "none", Why: why}}
}

// attr reads a file of sysfs; "" if it is not there.
func attr(elem ...string) string {
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// glob lists what matches, numbers in their order.
func glob(pattern string) []string {
	all, err := filepath.Glob(pattern)
	if err != nil {
		return nil // the patterns are constants
	}
	slices.SortFunc(all, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return all
}
