package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// The limits of what is read.
const (
	MaxBytes    = 32 << 20  // of a file
	MaxUnpacked = 192 << 20 // of all parts of a workbook together
	MaxRows     = 50_000    // of a source, with empty ones and headers
	MaxColumns  = 512       // of a table
	MaxText     = 160_000   // bytes of a cell; Excel's own limit is 32,767 characters
	MaxTime     = 3 * time.Minute
)

// Format is how a source is written.
type Format string

// The formats.
const (
	CSV      Format = "csv"
	XLSX     Format = "xlsx"
	JSONL    Format = "jsonl"
	JSONLD   Format = "json-ld"
	HTMLPage Format = "html"
)

// Options say what the caller knows of a source. The zero value is right for a
// source that says everything itself, but for Now.
type Options struct {
	Mapping map[string]string // heading to field; "-" leaves a column out
	Source  string            // the source's name, where a row gives none
	Area    kiosk.Area        // where the source is from; namesakes near it are meant
	Channel kiosk.Channel     // where a row gives none; "" is kiosk.Market
	Days    int               // how long a row holds that gives no day; 0: it is rejected
	Now     time.Time
}

// Row is a posting that may be stored. The posting has no ID yet: whoever stores
// it gives one by its source and Ref.
type Row struct {
	Sheet   string // of a workbook, or ""
	Line    int    // in the file or sheet, from 1; in JSON-LD the object's number
	Ref     string // the source's own id, or ""
	Posting kiosk.Posting
	Notes   []Note
}

// Note is something that was guessed, tidied or moved. Value is what stood there.
type Note struct {
	Field, Heading, Value string
	Reason                Reason
}

// Problem is why a row is not taken; a row may have several.
type Problem struct {
	Sheet                 string
	Line                  int
	Ref                   string
	Field, Heading, Value string
	Reason                Reason
	Detail                string // more of it, in English; or ""
}

// Say tells the whole problem in one language, but for where it is.
func (p Problem) Say(l words.Lang) string {
	s := p.Reason.Say(l)
	if l == words.En {
		if p.Detail != "" && p.Reason != Missing {
			s += ": " + p.Detail
		}
		return s
	}
	if hint := rulesOf[p.Field]; hint != "" && (p.Reason == CheckFailed || p.Reason == Missing) {
		s += "：" + hint
	}
	return s
}

// Skipped are rows that hold no posting.
type Skipped struct {
	Sheet string
	Line  int // the first of them
	Rows  int
	Text  string // what stands there, cut short
	Why   Cause
}

// Column is how a heading was understood; Field is "" where it was not, and the
// column left out.
type Column struct {
	Sheet, Heading, Field string
	Filled                int // cells of data rows that are not empty
}

// Counts are of rows; Rows is the sum of the others.
type Counts struct{ Rows, Good, Rejected, Empty int }

// Reason says why, in both languages: a [Cause], or a Reason of package normal.
type Reason interface {
	Say(l words.Lang) string
}

// Result is all that a source gave.
type Result struct {
	Format   Format
	Rows     []Row
	Problems []Problem
	Skipped  []Skipped
	Columns  []Column
	Counts   Counts
}

// Read reads a source of any format. The error is a [Cause] when the source as a
// whole is refused, and else one of r; the result is then nil.
func Read(ctx context.Context, r io.Reader, o Options) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("intake: %w", err)
	case len(data) > MaxBytes:
		return nil, TooBig
	case len(bytes.TrimSpace(data)) == 0:
		return nil, NothingInIt
	}
	in := &intake{ctx: ctx, o: o, result: &Result{}, refs: map[string]bool{}}
	if in.o.Channel == "" {
		in.o.Channel = kiosk.Market
	}
	if err := in.read(data); err != nil {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			err = TooSlow
		}
		return nil, err
	}
	c := &in.result.Counts
	c.Rows = c.Good + c.Rejected + c.Empty
	return in.result, nil
}

// intake is one reading.
type intake struct {
	ctx    context.Context
	o      Options
	result *Result
	refs   map[string]bool // of the rows so far, with their sheets
	rows   int             // so far, of any kind
}

// count counts a row that was read, and stops when there are too many or it
// takes too long.
func (in *intake) count() error {
	if in.rows++; in.rows > MaxRows {
		return TooManyRows
	}
	return in.ctx.Err()
}

func (in *intake) read(data []byte) error {
	in.result.Format = formatOf(data)
	switch in.result.Format {
	case XLSX:
		return in.readWorkbook(data)
	case JSONL:
		return in.readLines(data)
	case JSONLD:
		return in.readLinked(data)
	case HTMLPage:
		return in.readPage(data)
	case CSV:
		return in.readTable(data)
	}
	return UnknownFormat
}

// skip counts rows that hold no posting.
func (in *intake) skip(s Skipped) {
	in.result.Counts.Empty += s.Rows
	s.Text = short(s.Text)
	in.result.Skipped = append(in.result.Skipped, s)
}

// reject counts a row that is not taken.
func (in *intake) reject(problems ...Problem) {
	in.result.Counts.Rejected++
	for i := range problems {
		problems[i].Value = short(problems[i].Value)
	}
	in.result.Problems = append(in.result.Problems, problems...)
}

// accept takes a row, unless another one of the same sheet has its ref.
func (in *intake) accept(row Row) {
	key := row.Sheet + "\x00" + row.Ref
	if row.Ref != "" && in.refs[key] {
		in.reject(Problem{Sheet: row.Sheet, Line: row.Line, Ref: row.Ref, Field: "id", Value: row.Ref, Reason: RefTwice})
		return
	}
	in.refs[key] = true
	for i := range row.Notes {
		row.Notes[i].Value = short(row.Notes[i].Value)
	}
	in.result.Counts.Good++
	in.result.Rows = append(in.result.Rows, row)
}

// short is a text of at most 80 characters for a report.
func short(s string) string {
	n := 0
	for i := range s {
		if n++; n > 80 {
			return s[:i] + "…"
		}
	}
	return s
}
