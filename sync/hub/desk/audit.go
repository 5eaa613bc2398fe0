package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"jobhome/sync/hub/people"
)

const auditPageSize = 100

type auditPage struct {
	Entries []people.Entry
	Filter  people.Filter
	Next    int64 // entries before this one; 0: there are none
	Verdict *people.Verdict
	Marks   string
	Wrong   string
}

func (c *call) auditFilter() people.Filter {
	q := c.r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64)
	return people.Filter{
		Actor: strings.TrimSpace(q.Get("actor")), Action: strings.TrimSpace(q.Get("action")),
		Subject: strings.TrimSpace(q.Get("subject")), Before: before, Limit: auditPageSize,
	}
}

func (c *call) audit() error { return c.auditPage(auditPage{}) }

func (c *call) auditPage(p auditPage) error {
	p.Filter = c.auditFilter()
	var err error
	if p.Entries, err = c.People.Entries(c.r.Context(), p.Filter); err != nil {
		return err
	}
	if n := len(p.Entries); n == auditPageSize {
		p.Next = p.Entries[n-1].Seq
	}
	return c.page("audit.html", "nav.audit", p)
}

// verifyAudit reads the log through and compares it with the marks that were
// kept on paper or elsewhere.
func (c *call) verifyAudit() error {
	p := auditPage{Marks: c.form("marks")}
	var marks []people.Mark
	for line := range strings.FieldsSeq(p.Marks) {
		m, err := people.ParseMark(line)
		if err != nil {
			c.status, p.Wrong = http.StatusUnprocessableEntity, c.t("audit.mark.wrong", line)
			return c.auditPage(p)
		}
		marks = append(marks, m)
	}
	v, err := c.People.Verify(c.r.Context(), marks...)
	if err != nil {
		return err
	}
	p.Verdict = &v
	note := v.Head.String()
	if !v.Whole() {
		note = fmt.Sprintf("%s %d", v.Why, v.Broken)
	}
	if err := c.act(people.Entry{Action: "audit.verify", Subject: "log", Note: note}, func() error { return nil }); err != nil {
		return err
	}
	return c.auditPage(p)
}

// auditFile is the whole log with its hashes, so that it can be checked anywhere.
func (c *call) auditFile() error {
	v, err := c.People.Verify(c.r.Context())
	if err != nil {
		return err
	}
	if err := c.act(people.Entry{Action: "audit.export", Subject: "log", Note: v.Head.String()}, func() error { return nil }); err != nil {
		return err
	}
	c.download(fmt.Sprintf("audit-%d-%.16s.jsonl", v.Head.Seq, v.Head.Hash), "application/x-ndjson")
	out := json.NewEncoder(c.w)
	out.SetEscapeHTML(false)
	f := people.Filter{Before: v.Head.Seq + 1, Limit: 1000}
	for {
		page, err := c.People.Entries(c.r.Context(), f)
		if err != nil {
			c.Log.Error("desk", "page", c.route.path, "err", err)
			return nil // what is on its way cannot be taken back
		}
		for _, e := range page {
			line := auditLine{e.Seq, e.At.UnixMilli(), e.Actor, e.Action, e.Subject, e.Note, e.Hash}
			if out.Encode(line) != nil {
				return nil // whoever asked has gone away
			}
		}
		if len(page) < f.Limit {
			return nil
		}
		f.Before = page[len(page)-1].Seq
	}
}

// auditLine is an entry as it is exported, with everything that its hash is over.
type auditLine struct {
	Seq     int64  `json:"seq"`
	At      int64  `json:"at_ms"`
	Actor   string `json:"actor"`
	Action  string `json:"action"`
	Subject string `json:"subject"`
	Note    string `json:"note"`
	Hash    string `json:"sha256"`
}

// download says that what follows is a file.
func (c *call) download(name, kind string) {
	c.w.Header().Set("Content-Type", kind)
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
}

// cell keeps a spreadsheet from running a text as a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// stamp is a time for the name of a file.
func (c *call) stamp() string { return c.Now().In(beijing).Format("20060102") }
