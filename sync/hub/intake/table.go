package intake

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"jobhome/kiosk/csvfile"
)

// line is one row of a table.
type line struct {
	n      int
	cells  []string
	dates  []bool // by cell: the spreadsheet shows it as a date; nil where none is
	broken string
}

func (l *line) blank() bool {
	return l.broken == "" && !slices.ContainsFunc(l.cells, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// texts are the different texts of a row.
func (l *line) texts() []string {
	var all []string
	for _, c := range l.cells {
		if c = strings.TrimSpace(c); c != "" && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// table reads the rows of one sheet.
type table struct {
	in      *intake
	sheet   string
	next    func() (line, error) // io.EOF after the last row
	ahead   []line               // read, not yet done
	ended   bool
	columns []Column // by their place
	above   *record  // the last row that gave its employer
}

// headRows is how many rows that are not empty may hold the header.
const headRows = 30

// readTable reads CSV.
func (in *intake) readTable(data []byte) error {
	rows, err := csvfile.NewRows(strings.NewReader(string(data)))
	if err != nil {
		return BrokenFile
	}
	t := table{in: in, next: func() (line, error) {
		r, err := rows.Next()
		return line{n: r.Line, cells: r.Cells, broken: r.Broken}, err
	}}
	found, err := t.read()
	if err == nil && !found {
		return NoHeader
	}
	return err
}

// read reads all rows. found is false, and nothing is counted but rows, where
// there is no header.
func (t *table) read() (found bool, err error) {
	at, err := t.findHeader()
	if err != nil || at < 0 {
		return false, err
	}
	for _, l := range t.ahead[:at] {
		t.skipRow(&l, TitleRow)
	}
	head := t.ahead[at]
	t.ahead = t.ahead[at+1:]
	t.skipRow(&head, HeaderRow)
	if err := t.setColumns(&head); err != nil {
		return true, err
	}
	for {
		l, err := t.row()
		if errors.Is(err, io.EOF) {
			t.in.result.Columns = append(t.in.result.Columns, t.named()...)
			return true, nil
		} else if err != nil {
			return true, err
		}
		t.take(&l)
	}
}

// row is the next row, read ahead or not.
func (t *table) row() (line, error) {
	if len(t.ahead) > 0 {
		l := t.ahead[0]
		t.ahead = t.ahead[1:]
		return l, nil
	}
	if t.ended {
		return line{}, io.EOF
	}
	return t.fetch()
}

func (t *table) fetch() (line, error) {
	l, err := t.next()
	if err != nil {
		return l, err
	}
	if err := t.in.count(); err != nil {
		return l, err
	}
	if len(l.cells) > MaxColumns {
		return l, TooWide
	}
	for _, c := range l.cells {
		if len(c) > MaxText {
			return l, TooLongText
		}
	}
	return l, nil
}

// findHeader reads ahead and returns the place of the row that has the most
// headings, which must name the work and one thing more; -1 where none does.
func (t *table) findHeader() (int, error) {
	best, most, filled := -1, 1, 0
	for filled < headRows {
		l, err := t.fetch()
		if errors.Is(err, io.EOF) {
			t.ended = true
			break
		} else if err != nil {
			return -1, err
		}
		t.ahead = append(t.ahead, l)
		if l.blank() || l.broken != "" {
			continue
		}
		filled++
		if n := t.headingsIn(&l); n > most {
			best, most = len(t.ahead)-1, n
		}
	}
	return best, nil
}

// headingsIn counts the different fields that a row has headings of; 0 where
// none of them is the work's.
func (t *table) headingsIn(l *line) int {
	var fields []string
	for _, c := range l.cells {
		if f := t.in.fieldOf(c); f != "" && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	if !slices.Contains(fields, "title") && !slices.Contains(fields, "occupation.name") {
		return 0
	}
	return len(fields)
}

// setColumns tells the columns by the header, and by a second row of it.
func (t *table) setColumns(head *line) error {
	for mapped, field := range t.in.o.Mapping {
		if !knownField(field) && mapped != "" {
			return BadMapping
		}
	}
	sub, err := t.subHeader(head)
	if err != nil {
		return err
	}
	t.columns = make([]Column, len(head.cells))
	taken := map[string]bool{}
	for i, h := range head.cells {
		h = strings.Join(strings.Fields(h), " ")
		field := t.in.fieldOf(h)
		if sub != nil && i < len(sub.cells) {
			if s := strings.TrimSpace(sub.cells[i]); s != "" && s != strings.TrimSpace(head.cells[i]) {
				h += " " + s
				if field = subHeadings[plainHeading(withoutBrackets(plainHeading(s)))]; field == "" {
					field = t.in.fieldOf(s)
				}
			}
		}
		if field == "" || field == "-" || taken[field] && !many(field) {
			field = ""
		}
		taken[field] = true
		t.columns[i] = Column{Sheet: t.sheet, Heading: h, Field: field}
	}
	t.settleGoods(taken)
	return nil
}

// settleGoods decides what 待遇 means: the pay, unless another column has it.
func (t *table) settleGoods(taken map[string]bool) {
	for i := range t.columns {
		if t.columns[i].Field == fieldGoods {
			t.columns[i].Field = "pay.original"
			if taken["pay.original"] || taken["pay.min"] {
				t.columns[i].Field = "benefits"
			}
		}
	}
}

// subHeader takes the row below the header where it goes on with it: below a
// heading that spans columns stand 最低 and 最高.
func (t *table) subHeader(head *line) (*line, error) {
	l, err := t.row()
	if errors.Is(err, io.EOF) {
		t.ended = true
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	subs := 0
	for i, c := range l.cells {
		c = strings.TrimSpace(c)
		switch {
		case c == "" || i < len(head.cells) && c == strings.TrimSpace(head.cells[i]):
		case subHeadings[plainHeading(withoutBrackets(plainHeading(c)))] != "":
			subs++
		default:
			subs = -len(l.cells) // a row of its own
		}
	}
	if subs <= 0 {
		t.ahead = append([]line{l}, t.ahead...)
		return nil, nil
	}
	// A heading over several columns stands only in the first of them in CSV.
	for i := 1; i < len(l.cells) && i < len(head.cells); i++ {
		if strings.TrimSpace(head.cells[i]) == "" && strings.TrimSpace(l.cells[i]) != "" {
			head.cells[i] = head.cells[i-1]
		}
	}
	t.skipRow(&l, HeaderRow)
	return &l, nil
}

// named are the columns that have a heading or something below it.
func (t *table) named() []Column {
	return slices.DeleteFunc(slices.Clone(t.columns), func(c Column) bool { return c.Heading == "" && c.Filled == 0 })
}

func (t *table) skipRow(l *line, why Cause) {
	if l.blank() {
		why = BlankRow
	}
	all := &t.in.result.Skipped
	if n := len(*all); n > 0 && (why == BlankRow || why == NumberOnly) {
		if last := &(*all)[n-1]; last.Why == why && last.Sheet == t.sheet && last.Line+last.Rows == l.n {
			last.Rows++
			t.in.result.Counts.Empty++
			return
		}
	}
	t.in.skip(Skipped{Sheet: t.sheet, Line: l.n, Rows: 1, Text: strings.Join(l.texts(), " "), Why: why})
}

var (
	noteRE  = regexp.MustCompile(`^(?:注|备注|说明|填表|填报|制表|审核|审批|经办|联系人[:：]|联系电话[:：]|以上|本表|本次|温馨提示|提示|特别说明|负责人[:：]|单位负责人|单位[（(]?盖章|日期[:：]|※|★|●|\*)`)
	totalRE = regexp.MustCompile(`^(?:合\s*计|总\s*计|小\s*计)`)
)

// take reads a row below the header.
func (t *table) take(l *line) {
	if l.broken != "" {
		t.in.reject(Problem{Sheet: t.sheet, Line: l.n, Value: strings.Join(l.cells, " "), Reason: RowBroken, Detail: l.broken})
		return
	}
	texts := l.texts()
	switch {
	case len(texts) == 0:
		t.skipRow(l, BlankRow)
	case t.serialOnly(l):
		t.skipRow(l, NumberOnly)
	case totalRE.MatchString(texts[0]):
		t.skipRow(l, TotalRow)
	case noteRE.MatchString(texts[0]) && (len(texts) == 1 || len(texts) <= 4 && t.cell(l, "title") == ""), len(texts) == 1 && (len([]rune(texts[0])) > 40 || filledCells(l) > 1):
		t.skipRow(l, NoteRow)
	case t.headerAgain(l):
		t.skipRow(l, HeaderRow)
	default:
		t.post(l)
	}
}

// filledCells counts cells that are not empty: of one text in several, they are
// merged, and name a section.
func filledCells(l *line) int {
	n := 0
	for _, c := range l.cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

func (t *table) serialOnly(l *line) bool {
	for i, c := range l.cells {
		c = strings.TrimSpace(c)
		if c != "" && (i >= len(t.columns) || t.columns[i].Field != fieldSerial || len(c) > 12 || !strings.ContainsAny(c, "0123456789")) {
			return false
		}
	}
	return true
}

// headerAgain reports whether a row repeats the header, as it does on every
// printed page.
func (t *table) headerAgain(l *line) bool {
	same, other := 0, 0
	for i, c := range l.cells {
		switch {
		case strings.TrimSpace(c) == "" || i >= len(t.columns):
		case plainHeading(c) == plainHeading(t.columns[i].Heading):
			same++
		default:
			if other++; other > 2 && same == 0 {
				return false
			}
		}
	}
	return same >= 2 && same > 3*other
}

// cell is what a row has in the column of a field.
func (t *table) cell(l *line, field string) string {
	for i := range t.columns {
		if t.columns[i].Field == field && i < len(l.cells) {
			return strings.TrimSpace(l.cells[i])
		}
	}
	return ""
}

// post reads a row as a posting.
func (t *table) post(l *line) {
	r := newRecord(t.in, t.sheet, l.n)
	for i, c := range l.cells {
		c = strings.TrimSpace(c)
		if c == "" {
			continue
		}
		if i >= len(t.columns) {
			r.problem("", c, RowBroken, "the row has more cells than the header")
			continue
		}
		col := &t.columns[i]
		col.Filled++
		r.set(col.Field, cell{heading: col.Heading, text: c, date: i < len(l.dates) && l.dates[i]})
	}
	if t.above != nil {
		r.fillDown(t.above)
	}
	if _, ok := r.cells["employer.name"]; ok {
		t.above = r
	}
	r.finish()
}
