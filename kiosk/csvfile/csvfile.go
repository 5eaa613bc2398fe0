// Package csvfile reads and writes postings as a spreadsheet saves them: CSV
// by RFC 4180, with headings and values in words. A [Reader] makes of such a
// file the JSON Lines of package jsonl, each in the line of the file where its
// row begins, so that whoever takes JSON Lines takes CSV too, with the same
// checks and the same reports. The columns are in kiosk/board/README.md.
package csvfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"jobhome/kiosk/jsonl"
)

// Reader gives a CSV file as JSON Lines. A row that cannot be read is given as
// an object that no importer takes, with the row's id where it has one;
// [Reader.Problems] tells what is wrong with it.
type Reader struct {
	rows     *records
	columns  []*column // by their place in the file; nil: without a heading
	headings map[string]string
	bad      map[int][]jsonl.Problem
	out      []byte // made, not yet read
	made     int    // lines given so far
	err      error
}

// NewReader reads the header. The delimiter is a comma, semicolon or tab; the
// encoding is UTF-8, GB 18030, or UTF-16 with a byte order mark. It is an error
// when a column is unknown, stands there twice or must be there and is not.
func NewReader(r io.Reader) (*Reader, error) {
	c := &Reader{rows: newRecords(r), headings: map[string]string{}, bad: map[int][]jsonl.Problem{}}
	if start, _ := c.rows.r.Peek(4); slices.Contains(workbooks, string(start)) {
		return nil, errors.New("csvfile: this is an Excel workbook; save it as CSV and import that")
	}
	if err := c.readHeader(); err != nil {
		return nil, fmt.Errorf("csvfile: %w", err)
	}
	return c, nil
}

func (c *Reader) readHeader() error {
	for {
		err := c.rows.chooseDelim(1)
		if errors.Is(err, io.EOF) {
			return errors.New("the file has no header")
		} else if err != nil {
			return err
		}
		rec, err := c.rows.next()
		switch {
		case err != nil:
			return err
		case rec.broken != "":
			return fmt.Errorf("line %d: the header cannot be read: %s", rec.line, rec.broken)
		case blank(rec.fields):
			continue
		}
		if c.columns, err = header(rec.fields); err != nil {
			return fmt.Errorf("line %d: %w", rec.line, err)
		}
		for i, col := range c.columns {
			if col != nil {
				c.headings[col.field] = strings.TrimSpace(rec.fields[i])
				if col.field == "id" {
					c.rows.width, c.rows.idAt = len(c.columns), i
				}
			}
		}
		return nil
	}
}

// workbooks are what the files of Excel begin with: .xlsx is a ZIP archive,
// .xls a compound file.
var workbooks = []string{"PK\x03\x04", "\xd0\xcf\x11\xe0"}

// Read gives the next bytes of the JSON Lines.
func (c *Reader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		c.out = c.out[:0]
		rec, err := c.rows.next()
		if err != nil {
			c.err = err
			continue
		}
		if rec.broken != "" || !blank(rec.fields) {
			c.give(rec)
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// Problems tells what is wrong with the row that begins in a line, complete;
// nil where the row could be turned into JSON and its checks say all.
func (c *Reader) Problems(line int) []jsonl.Problem { return c.bad[line] }

// Heading returns the headings, in this file, of the columns that a problem's
// field is about; "" where there are none.
func (c *Reader) Heading(field string) string {
	var all []string
	for _, f := range fieldsOf(field) {
		if h := c.headings[f]; h != "" && h != f {
			all = append(all, h)
		}
	}
	return strings.Join(all, ", ")
}

// give appends the row's JSON in the row's line.
func (c *Reader) give(rec record) {
	for ; c.made < rec.line-1; c.made++ {
		c.out = append(c.out, '\n')
	}
	line, problems := c.row(rec)
	if problems != nil {
		c.bad[rec.line] = problems
		// Without a title no posting is taken, whatever else there is.
		line, _ = json.Marshal(map[string]string{"id": c.id(rec)})
	}
	c.out = append(append(c.out, line...), '\n')
	c.made++
}

// row turns a record into JSON. Where there is a problem, it tells all that
// there are, those that the importer would find too.
func (c *Reader) row(rec record) ([]byte, []jsonl.Problem) {
	if rec.broken != "" {
		return nil, []jsonl.Problem{{Reason: rec.broken}}
	}
	if len(rec.fields) != len(c.columns) {
		return nil, []jsonl.Problem{{
			Reason: fmt.Sprintf("the row has %d fields, the header %d", len(rec.fields), len(c.columns)),
		}}
	}
	obj, problems := c.object(rec.fields)
	line, err := json.Marshal(obj)
	if err != nil {
		return nil, append(problems, jsonl.Problem{Reason: err.Error()})
	}
	if problems == nil && len(line) <= jsonl.MaxLine {
		return line, nil
	}
	_, more := jsonl.Parse(line)
	for _, p := range more {
		about := fieldsOf(p.Field)
		if !slices.ContainsFunc(problems, func(own jsonl.Problem) bool { return slices.Contains(about, own.Field) }) {
			problems = append(problems, p)
		}
	}
	return nil, problems
}

// object is the row as it stands in JSON, without what cannot be read.
func (c *Reader) object(cells []string) (map[string]any, []jsonl.Problem) {
	obj := map[string]any{}
	var problems []jsonl.Problem
	for i, col := range c.columns {
		cell := strings.TrimSpace(cells[i])
		if col == nil {
			if cell != "" {
				problems = append(problems, jsonl.Problem{
					Reason: fmt.Sprintf("%.60q stands in column %d, which has no heading", cell, i+1),
				})
			}
			continue
		}
		value, reason := col.read(cell)
		if reason != "" {
			problems = append(problems, jsonl.Problem{Field: col.field, Reason: fmt.Sprintf("%.60q %s", cell, reason)})
		} else if value != nil {
			set(obj, col.field, value)
		}
	}
	if where, ok := obj["location"].(map[string]any); ok && len(where) == 1 {
		delete(obj, "location")
		if !slices.ContainsFunc(problems, func(p jsonl.Problem) bool { return strings.HasPrefix(p.Field, "location") }) {
			problems = append(problems, jsonl.Problem{Field: "location", Reason: "has a latitude or a longitude, not both"})
		}
	}
	return obj, problems
}

// set puts a value where a field's name says: employer.name.
func set(obj map[string]any, field string, value any) {
	group, name, nested := strings.Cut(field, ".")
	if !nested {
		obj[field] = value
		return
	}
	in, ok := obj[group].(map[string]any)
	if !ok {
		in = map[string]any{}
		obj[group] = in
	}
	in[name] = value
}

// id finds the id of a row that may have too many or too few fields: at its
// place counted from the left or else from the right, where something stands
// that looks like one.
func (c *Reader) id(rec record) string {
	at := c.rows.idAt
	for _, i := range []int{at, len(rec.fields) - c.rows.width + at} {
		if i < 0 || i >= len(rec.fields) {
			continue
		}
		if id, _ := readCode(strings.TrimSpace(rec.fields[i])); id != nil && idRE.MatchString(id.(string)) {
			return id.(string)
		}
	}
	return ""
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}
