package csvfile

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// Rows reads the rows of a CSV file as they stand, whatever their headings: for
// whoever has to find the header first, below titles, or has other columns.
// Delimiters and encodings are those of [NewReader].
type Rows struct{ rows *records }

// Row is one row of the file. Broken tells why it cannot be read; its cells are
// then what the row's first line holds.
type Row struct {
	Line   int // where it begins, from 1
	Cells  []string
	Broken string
}

// titleRows is how many rows may stand above the header: enough for a title,
// who made the list, and how to fill it in.
const titleRows = 30

// NewRows finds the delimiter and the encoding. It is an error when r cannot be
// read or holds an Excel workbook; an empty file has no rows.
func NewRows(r io.Reader) (*Rows, error) {
	rs := newRecords(r)
	if start, _ := rs.r.Peek(4); slices.Contains(workbooks, string(start)) {
		return nil, errors.New("csvfile: this is an Excel workbook, not CSV")
	}
	if err := rs.chooseDelim(titleRows); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("csvfile: %w", err)
	}
	return &Rows{rs}, nil
}

// Next returns the next row, or io.EOF after the last one.
func (r *Rows) Next() (Row, error) {
	rec, err := r.rows.next()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			err = fmt.Errorf("csvfile: line %d: %w", r.rows.line, err)
		}
		return Row{}, err
	}
	return Row{Line: rec.line, Cells: rec.fields, Broken: rec.broken}, nil
}

// Field returns the field that a heading names, as in the table of
// kiosk/board/README.md, or "".
func Field(heading string) string {
	if c := findColumn(heading); c != nil {
		return c.field
	}
	return ""
}

// Fields gives every field with its heading, in the order in which they are
// written.
func Fields() iter.Seq2[string, string] {
	return func(yield func(field, heading string) bool) {
		for i := range columns {
			if !yield(columns[i].field, columns[i].heading) {
				return
			}
		}
	}
}

// Value reads a cell of a field's column. The value is what the field has in
// JSON, nil where the cell says nothing; the reason is empty, or tells after
// the cell's text why it cannot be read.
func Value(field, cell string) (value any, reason string) {
	for i := range columns {
		if columns[i].field == field {
			return columns[i].read(strings.TrimSpace(cell))
		}
	}
	return nil, fmt.Sprintf("is in the column %q, which there is not", field)
}

// Words finds the words of a set in a cell; the field is shifts, benefits or
// certificates. It returns the names that files have for them, and the pieces
// that are no such word.
func Words(field, cell string) (names, unknown []string) {
	switch field {
	case "shifts":
		return shiftWords.split(cell)
	case "benefits":
		return benefitWords.split(twoInOne.Replace(cell))
	case "certificates":
		return certificateWords.split(cell)
	}
	return nil, []string{cell}
}
