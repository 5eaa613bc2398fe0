package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk/board"
	"jobhome/kiosk/csvfile"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/jsonl"
)

// The formats of a board's file.
const (
	formatCSV   = "csv"
	formatJSONL = "jsonl"
)

// runImport takes postings from a file: every bad line is reported, the good
// ones are kept, and nothing is half done.
func runImport(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	dry := flags.Bool("dry-run", false, "report only, change nothing")
	replace := flags.Bool("replace", false, "remove the postings that the file does not have")
	format := flags.String("format", "", "csv or jsonl; empty: as the file looks")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || !slices.Contains([]string{"", formatCSV, formatJSONL}, *format) {
		return errUsage
	}
	file := io.Reader(os.Stdin)
	if rest[0] != "-" {
		f, err := os.Open(rest[0])
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		file = f
	}
	in, err := openPostings(file, rest[0], *format)
	if err != nil {
		return err
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	rep, err := p.board.Import(ctx, in, board.ImportOpts{DryRun: *dry, Replace: *replace, Now: time.Now()})
	rep.Bad = in.explain(rep.Bad)
	for _, bad := range rep.Bad {
		fmt.Fprintln(m.Err, bad)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(m.Out, rep)
	if len(rep.Bad) > 0 {
		return fmt.Errorf("%d lines were not taken; mend them and import the file again", rep.BadLines())
	}
	return nil
}

// postingFile is a file of them as JSON Lines, whatever it was.
type postingFile struct {
	io.Reader
	csv *csvfile.Reader // nil: the file is JSON Lines
}

// openPostings reads a file in the format that is asked for, or else in the
// one that it looks like.
func openPostings(file io.Reader, name, format string) (postingFile, error) {
	in := bufio.NewReader(file)
	if format == "" {
		start, err := in.Peek(512)
		if err != nil && !errors.Is(err, io.EOF) {
			return postingFile{}, fmt.Errorf("read %s: %w", name, err)
		}
		format = formatOf(name, start)
	}
	if format == formatJSONL {
		return postingFile{Reader: in}, nil
	}
	rows, err := csvfile.NewReader(in)
	if err != nil {
		return postingFile{}, fmt.Errorf("%s: %w", name, err)
	}
	return postingFile{rows, rows}, nil
}

// formatOf tells the format of a file by how it begins, since a row of CSV
// never begins like an object, and else by its name.
func formatOf(name string, start []byte) string {
	start = bytes.TrimSpace(bytes.TrimPrefix(start, []byte("\ufeff")))
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson", ".json":
		return formatJSONL
	}
	if len(start) == 0 || start[0] == '{' {
		return formatJSONL
	}
	return formatCSV
}

// explain gives the problems of a spreadsheet's rows their own reasons and the
// headings of their columns.
func (in postingFile) explain(bad []board.BadLine) []board.BadLine {
	if in.csv == nil {
		return bad
	}
	var out []board.BadLine
	last := 0
	for _, b := range bad {
		problems := in.csv.Problems(b.Line)
		switch {
		case problems == nil:
			problems = []jsonl.Problem{{Field: b.Field, Reason: b.Reason}}
		case b.Line == last:
			continue // all were told with its first
		}
		for _, p := range problems {
			if heading := in.csv.Heading(p.Field); heading != "" {
				p.Field += " (" + heading + ")"
			}
			out = append(out, board.BadLine{Line: b.Line, Field: p.Field, Reason: p.Reason})
		}
		last = b.Line
	}
	return out
}

// runDemoBoard writes the demonstration's postings, as an example of the
// formats and for trying the import.
func runDemoBoard(_ context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("demo-board", flag.ContinueOnError)
	n := flags.Int("n", demoPostings, "number of postings")
	seed := flags.Uint64("seed", 1, "seed of the generator")
	format := flags.String("format", formatJSONL, "csv or jsonl")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || *format != formatCSV && *format != formatJSONL {
		return errUsage
	}
	list := demo.Postings(time.Now(), *n, *seed)
	if *format == formatCSV {
		return csvfile.Write(m.Out, list)
	}
	return demo.WriteJSONL(m.Out, list)
}
