package intake

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readWorkbook reads every sheet that has a header. A sheet without one, such as
// how to fill in the form, is counted as skipped; it is an error when no sheet
// has one.
func (in *intake) readWorkbook(data []byte) error {
	marks, err := scanWorkbook(in.ctx, data)
	if err != nil {
		return err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: MaxUnpacked, UnzipXMLSizeLimit: MaxUnpacked,
	})
	if err != nil {
		return BrokenFile
	}
	defer func() { _ = f.Close() }()
	found := false
	for _, sheet := range f.GetSheetList() {
		ok, err := in.readSheet(f, sheet, marks[sheet])
		if err != nil {
			return err
		}
		found = found || ok
	}
	if !found {
		return NoHeader
	}
	return nil
}

func (in *intake) readSheet(f *excelize.File, sheet string, m *sheetMarks) (bool, error) {
	if m == nil || m.last == 0 {
		return false, nil // no cells, or a chart
	}
	rows, err := newSheetRows(f, sheet, m)
	if err != nil {
		return false, BrokenFile
	}
	defer rows.close()
	t := table{in: in, sheet: sheet, next: rows.next}
	found, err := t.read()
	if err != nil || found {
		return found, err
	}
	// What was read to look for a header, and the rest, hold no posting.
	n, text := 0, ""
	for {
		l, err := t.row()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return false, err
		}
		if n++; text == "" {
			text = strings.Join(l.texts(), " ")
		}
	}
	if n > 0 {
		in.skip(Skipped{Sheet: sheet, Line: 1, Rows: n, Text: text, Why: OtherSheet})
	}
	return false, nil
}

// sheetRows gives the rows of a sheet, with the cells that are merged filled.
// It reads each cell as it is kept and as it is shown, because only the latter
// tells that a number is a date.
type sheetRows struct {
	raw, shown *excelize.Rows
	n          int
	marks      *sheetMarks
	merges     mergeFill
	date1904   bool
}

func newSheetRows(f *excelize.File, sheet string, m *sheetMarks) (*sheetRows, error) {
	raw, err := f.Rows(sheet)
	if err != nil {
		return nil, err
	}
	shown, err := f.Rows(sheet)
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	s := &sheetRows{raw: raw, shown: shown, marks: m, merges: mergeFill{waiting: m.merges}}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		s.date1904 = *props.Date1904
	}
	return s, nil
}

func (s *sheetRows) close() {
	_ = s.raw.Close()
	_ = s.shown.Close()
}

func (s *sheetRows) next() (line, error) {
	if s.n >= s.marks.last || !s.raw.Next() || !s.shown.Next() {
		if s.raw.Error() != nil || s.shown.Error() != nil {
			return line{}, BrokenFile
		}
		return line{}, io.EOF
	}
	s.n++
	l := line{n: s.n}
	raw, err := s.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return l, BrokenFile
	}
	shown, err := s.shown.Columns()
	if err != nil {
		return l, BrokenFile
	}
	if len(raw) > MaxColumns {
		raw = raw[:MaxColumns+1] // the table refuses it
	}
	l.cells = raw
	for i := range raw {
		if i < len(shown) && isDate(raw[i], shown[i]) {
			if l.dates == nil {
				l.dates = make([]bool, MaxColumns+1)
			}
			l.dates[i] = true
			if s.date1904 {
				raw[i] = from1904(raw[i])
			}
		}
		raw[i] = strings.TrimSuffix(tidyFloat(raw[i]), "\u00a0")
	}
	s.merges.fill(&l)
	return l, nil
}

var (
	serialRE = regexp.MustCompile(`^\d{1,5}(?:\.\d+)?$`)
	shownRE  = regexp.MustCompile(`^\D{0,4}\d{1,4}[-/年.月]\d{1,2}(?:[-/月.日]|$)|年|月|日|^\d{1,2}-[A-Za-z]{3}`)
	floatRE  = regexp.MustCompile(`^-?\d+\.\d{12,}$`)
)

// isDate tells by how a number is shown whether it is a day.
func isDate(raw, shown string) bool {
	return raw != shown && serialRE.MatchString(raw) && shownRE.MatchString(shown)
}

// from1904 is a serial number of the workbooks that count from 1904.
func from1904(raw string) string {
	whole, frac, _ := strings.Cut(raw, ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return raw
	}
	if frac != "" {
		frac = "." + frac
	}
	return strconv.Itoa(n+1462) + frac
}

// tidyFloat writes 0.35000000000000003 as 0.35.
func tidyFloat(raw string) string {
	if !floatRE.MatchString(raw) {
		return raw
	}
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	return strconv.FormatFloat(x, 'f', -1, 32)
}
