package desk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/csvfile"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/intake"
	"jobhome/sync/hub/people"
)

const (
	uploadPath = "/desk/imports"
	mostUpload = intake.MaxBytes
	mostShown  = 200 // problems on the page; all of them are in the report
	mostDays   = 365
	mostSource = 27 // bytes: package postings takes 40, and the area and a blank are 13
)

// fields are what a column can be.
var fields = slices.DeleteFunc(slices.Collect(firsts(intake.Fields())), func(f string) bool { return f == leaveOut })

// leaveOut is the field of a column that is not read.
const leaveOut = "-"

func firsts(pairs iter.Seq2[string, string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for field := range pairs {
			if !yield(field) {
				return
			}
		}
	}
}

type importsPage struct {
	asked
	Channels []kiosk.Channel
	Most     int // megabytes
	Wrong    string
}

func (c *call) imports() error {
	return c.importsPage(importsPage{asked: asked{Area: c.session.Account.Area, Channel: kiosk.Market, Days: 30}})
}

func (c *call) importsPage(p importsPage) error {
	p.Channels, p.Most = kiosk.Channels(), mostUpload>>20
	return c.page("imports.html", "nav.imports", p)
}

// bring takes a file to be looked at. Nothing of it is taken in yet.
func (c *call) bring() error {
	p := importsPage{asked: asked{
		Source: strings.TrimSpace(c.form("source")), Area: kiosk.Area(strings.TrimSpace(c.form("area"))),
		Channel: kiosk.Channel(c.form("channel")), Full: c.form("full") != "",
	}}
	days, err := strconv.Atoi(c.form("days"))
	p.Days = days
	name, data, fileErr := c.file("file")
	switch {
	case fileErr != nil:
		return fileErr
	case err != nil || days < 0 || days > mostDays:
		p.Wrong = c.t("imports.days.wrong", mostDays)
	case len(data) == 0:
		p.Wrong = c.t("imports.file.none")
	case p.Source == "" || len(p.Source) > mostSource:
		p.Wrong = c.t("imports.source.wrong")
	case !p.Channel.Valid():
		p.Wrong = c.t("imports.channel.wrong")
	case p.Area.Check() != nil || !p.Area.Within(c.session.Account.Area):
		p.Wrong = c.t("imports.area.wrong", areaName(c.session.Account.Area))
	}
	if p.Wrong != "" {
		c.status = http.StatusUnprocessableEntity
		return c.importsPage(p)
	}
	u := upload{Owner: c.session.Account.ID, Name: name, Data: data, Asked: p.asked}
	if err := c.keep(c.r.Context(), &u); err != nil {
		return err
	}
	return c.redirect("/desk/imports/"+u.ID, "")
}

// file reads an uploaded file whole; without one it returns nothing.
func (c *call) file(name string) (string, []byte, error) {
	f, head, err := c.r.FormFile(name)
	if err != nil {
		return "", nil, nil
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	if err != nil {
		return "", nil, fmt.Errorf("read upload: %w", err)
	}
	return short(head.Filename, 80), data, nil
}

func short(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// importPage is what a file would give, or has given.
type importPage struct {
	upload
	Result   *intake.Result
	Owned    kiosk.Area // of the account
	Refused  string     // why the whole file is not read
	NoHeader bool       // because no row looks like a header
	Outside  int        // rows of other areas than the account's
	Shown    []intake.Problem
	Words    words.Lang
	Fields   []string
	Field    map[string]bool // those in Fields
	Notes    []rowNote
}

// rowNote is something that was guessed, with its row.
type rowNote struct {
	intake.Note
	Line int
}

// read reads an upload and sets rows apart that are not the account's to bring.
func (c *call) read(u upload) (p importPage, err error) {
	p = importPage{upload: u, Owned: c.session.Account.Area, Words: words.Lang(c.lang), Fields: fields, Field: map[string]bool{}}
	for _, f := range fields {
		p.Field[f] = true
	}
	p.Result, err = c.Read(c.r.Context(), bytes.NewReader(u.Data), u.Asked.options(u.At))
	if err != nil {
		var why intake.Cause
		if !errors.As(err, &why) {
			return p, err
		}
		p.Refused, p.NoHeader = why.Say(p.Words), errors.Is(err, intake.NoHeader)
		return p, nil
	}
	p.Result.Rows = slices.DeleteFunc(p.Result.Rows, func(r intake.Row) bool {
		outside := !r.Posting.Area.Within(c.session.Account.Area)
		if outside {
			p.Outside++
			p.Result.Problems = append(p.Result.Problems, intake.Problem{
				Sheet: r.Sheet, Line: r.Line, Ref: r.Ref, Field: "area", Value: string(r.Posting.Area), Reason: outsideArea{},
			})
		}
		return outside
	})
	p.Result.Counts.Good -= p.Outside
	p.Result.Counts.Rejected += p.Outside
	p.Shown = p.Result.Problems[:min(mostShown, len(p.Result.Problems))]
	for _, r := range p.Result.Rows {
		for _, n := range r.Notes {
			p.Notes = append(p.Notes, rowNote{n, r.Line})
		}
	}
	return p, nil
}

// outsideArea is why a row is not taken that lies outside the account's area.
type outsideArea struct{}

func (outsideArea) Say(l words.Lang) string { return lang(l).t("imports.outside") }

func (c *call) mine() (upload, error) {
	return c.upload(c.r.Context(), c.session.Account.ID, c.r.PathValue("id"))
}

func (c *call) dryRun() error {
	u, err := c.mine()
	if err != nil {
		return err
	}
	p, err := c.read(u)
	if err != nil {
		return err
	}
	return c.page("import.html", "imports.look", p)
}

// remap says what columns mean, and looks again.
func (c *call) remap() error {
	u, err := c.mine()
	if err != nil {
		return err
	}
	if u.Taken != nil {
		return problem{http.StatusConflict, "imports.over", nil}
	}
	if u.Asked.Mapping == nil {
		u.Asked.Mapping = map[string]string{}
	}
	headings, chosen := c.r.PostForm["heading"], c.r.PostForm["field"]
	for i := range min(len(headings), len(chosen)) {
		heading, f := strings.TrimSpace(headings[i]), chosen[i]
		if heading != "" && len(heading) <= 200 && (f == leaveOut || slices.Contains(fields, f)) {
			u.Asked.Mapping[heading] = f
		}
	}
	if err := c.change(c.r.Context(), u); err != nil {
		return err
	}
	return c.redirect("/desk/imports/"+u.ID, "mapped")
}

// take takes in what the dry run showed. New and changed postings go to review.
func (c *call) take() error {
	u, err := c.mine()
	if err != nil {
		return err
	}
	if u.Taken != nil {
		return problem{http.StatusConflict, "imports.over", nil}
	}
	p, err := c.read(u)
	if err != nil {
		return err
	}
	if p.Result == nil || len(p.Result.Rows) == 0 {
		return problem{http.StatusUnprocessableEntity, "imports.empty", nil}
	}
	note := fmt.Sprintf("%s %s: %d/%d", u.Asked.Source, u.Name, p.Result.Counts.Good, p.Result.Counts.Rows)
	err = c.act(people.Entry{Action: "import.take", Subject: u.ID, Note: note}, func() error {
		report, err := c.Postings.Import(c.r.Context(), c.session.Account.Name, p.batch())
		u.Taken = &report
		return err
	})
	if err != nil {
		return err
	}
	if err := c.change(c.r.Context(), u); err != nil {
		return err
	}
	return c.redirect("/desk/imports/"+u.ID, "taken")
}

func (c *call) forget() error {
	u, err := c.mine()
	if err != nil {
		return err
	}
	if err := c.drop(c.r.Context(), u); err != nil {
		return err
	}
	return c.redirect("/desk/imports", "dropped")
}

// sample is a file to fill in, with the headings in their usual order and one
// posting that shows what goes where.
func (c *call) sample() error {
	c.download("postings.csv", "text/csv; charset=utf-8")
	return csvfile.Write(c.w, []kiosk.Posting{example(c.Now(), c.session.Account.Area)})
}

// importReport has a line for every row that was not taken.
func (c *call) importReport() error {
	u, err := c.mine()
	if err != nil {
		return err
	}
	p, err := c.read(u)
	if err != nil {
		return err
	}
	if p.Result == nil {
		return problem{http.StatusUnprocessableEntity, "imports.empty", nil}
	}
	table := [][]string{{
		c.t("report.sheet"), c.t("report.line"), c.t("report.ref"), c.t("report.heading"), c.t("report.field"),
		c.t("report.value"), c.t("report.why"),
	}}
	for _, b := range p.Result.Problems {
		table = append(table, []string{
			b.Sheet, strconv.Itoa(b.Line), b.Ref, b.Heading, c.fieldName(b.Field), b.Value, b.Reason.Say(p.Words),
		})
	}
	return c.csv("import-report-"+c.stamp()+".csv", table)
}

func (c *call) fieldName(f string) string {
	if hasWord("field." + f) {
		return c.t("field." + f)
	}
	return f
}
