package intake

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/sync/hub/normal"
)

// cell is what a row says of a field.
type cell struct {
	heading, text string
	date          bool
}

// record is a row by its fields, on the way to a posting.
type record struct {
	in       *intake
	sheet    string
	line     int
	cells    map[string]cell
	kept     []cell // what is kept among the requirements
	notes    []Note
	problems []Problem
	p        kiosk.Posting
	ref      string
}

func newRecord(in *intake, sheet string, line int) *record {
	return &record{in: in, sheet: sheet, line: line, cells: map[string]cell{}}
}

var (
	errorRE = regexp.MustCompile(`^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)`)
	yesRE   = regexp.MustCompile(`^(?:是|有|√|✓|✔|y|yes|Y|Yes|YES|1|提供|包|可以|含|包含)`)
)

// datesFields are those whose cells may be dates.
func mayBeDate(field string) bool {
	switch field {
	case "published", "valid_through", "refreshed", "starts", fieldNote, fieldSerial, "":
		return true
	}
	return false
}

// set puts a cell where its column says. Columns that are left out are empty
// fields.
func (r *record) set(field string, c cell) {
	if field == "" || field == fieldSerial {
		return
	}
	switch {
	case errorRE.MatchString(c.text):
		r.problems = append(r.problems, r.about(field, c, CellError))
		return
	case c.date && !mayBeDate(field):
		r.problems = append(r.problems, r.about(field, c, CellDate))
		return
	case field == fieldKeep:
		r.kept = append(r.kept, c)
		return
	case strings.HasPrefix(field, fieldYes):
		if !yesRE.MatchString(c.text) {
			return
		}
		set, _ := kiosk.ParseBenefits(strings.Fields(strings.TrimPrefix(field, fieldYes)))
		r.p.Benefits |= set
		return
	}
	if before, ok := r.cells[field]; ok {
		between := "、"
		if field == "description" || field == "requirements" || field == fieldNote {
			between = "\n"
		}
		c.text, c.heading = before.text+between+c.text, before.heading
	}
	r.cells[field] = c
}

func (r *record) about(field string, c cell, why Reason) Problem {
	return Problem{Sheet: r.sheet, Line: r.line, Field: field, Heading: c.heading, Value: c.text, Reason: why}
}

func (r *record) problem(field, value string, why Reason, detail string) {
	p := r.about(field, cell{heading: r.cells[field].heading, text: value}, why)
	p.Detail = detail
	r.problems = append(r.problems, p)
}

func (r *record) note(field, value string, why Reason) {
	r.notes = append(r.notes, Note{Field: field, Heading: r.cells[field].heading, Value: value, Reason: why})
}

func (r *record) noteAll(field, value string, why []normal.Reason) {
	for _, w := range why {
		r.note(field, value, w)
	}
}

// text is what a field's cell says, without needless blanks; "" where there is
// none.
func (r *record) text(field string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(r.cells[field].text, ""), "\r\n", "\n"))
}

// fillDown takes the employer of the row above where a row gives none: cells of
// one employer's rows are merged, and saved as empty ones. Only what belongs to
// an employer is taken.
func (r *record) fillDown(above *record) {
	if _, has := r.cells["employer.name"]; has || r.text("title") == "" {
		return
	}
	for _, f := range []string{
		"employer.name", "employer.credit_code", "contact.person", "contact.phone", "contact.rule", "address", "area",
	} {
		c, there := above.cells[f]
		if _, has := r.cells[f]; there && !has {
			r.cells[f] = c
			r.note(f, c.text, FilledDown)
		}
	}
}

// keep adds a line of words to the description.
func (r *record) keep(what, text string) {
	if r.p.Description != "" {
		r.p.Description += "\n"
	}
	if what != "" {
		text = what + "：" + text
	}
	r.p.Description += text
}

// require adds a clause to the requirements.
func (r *record) require(what, text string) {
	if r.p.Requirements != "" {
		r.p.Requirements += "；"
	}
	if what != "" {
		text = what + "：" + text
	}
	r.p.Requirements += text
}

// limit moves a text that is too long for its field to the description.
func (r *record) limit(field, what string, text *string, most int) {
	if utf8.RuneCountInString(*text) <= most {
		return
	}
	r.keep(what, *text)
	r.note(field, *text, MovedText)
	runes := []rune(*text)
	*text = string(runes[:most-1]) + "…"
}

// finish makes the posting, checks it, and takes or rejects the row.
func (r *record) finish() {
	r.build()
	if len(r.problems) == 0 {
		r.check()
	}
	if len(r.problems) > 0 {
		for i := range r.problems {
			r.problems[i].Ref = r.ref
		}
		r.in.reject(r.problems...)
		return
	}
	r.in.accept(Row{Sheet: r.sheet, Line: r.line, Ref: r.ref, Posting: r.p, Notes: r.notes})
}

// check asks the posting's own rules, as if it had an ID.
func (r *record) check() {
	for _, p := range checkPosting(&r.p, r.in.o.Now) {
		p.Sheet, p.Line = r.sheet, r.line
		p.Heading, p.Value = r.cells[p.Field].heading, r.text(p.Field)
		r.problems = append(r.problems, p)
	}
}
