package pages

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/jobposting"
	"jobhome/sync/hub/postings"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
)

// policy lets the page have its own style, which is in it so that a slow phone asks
// once, and nothing else. The JSON-LD is data, and no script.
var policy = func() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

func parsePage() (*template.Template, error) {
	return template.New("page").Parse(pageHTML)
}

// page is all that stands on a page.
type page struct {
	Lang        words.Lang
	Name        string
	Title       string
	Description string
	Robots      string
	Canonical   string
	Other       string // the same page in the other language
	Code        kiosk.Code
	JSONLD      template.JS
	Notice      *notice
	Slip        *slip
	Over        *over
	Job         *job
	Forms       *forms
	ShowSimilar bool
	Similar     []similar
	Office      *call
}

type (
	notice struct{ Title, Text string }
	slip   struct{ Code, Text, At string }
	over   struct{ Title, Since, Text, Hint, Was string }
	call   struct {
		Tel          template.URL
		Text, Number string
	}
	job struct {
		Title, Employer, Pay, Month, Said, Ask string
		Call                                   *call
		Facts                                  []fact
		Dates                                  []string
	}
	fact struct {
		Name, Text string
		Long       bool
	}
	similar   struct{ Path, Title, Pay, Employer, Where string }
	complaint struct{ Name, Text string }
	forms     struct {
		Path, Consent, Phone              string
		CallOpen, ReportOpen              bool
		PhoneWrong, AgreeWrong, KindWrong string
		Complaints                        []complaint
	}
)

// T is a sentence of the catalogue.
func (p *page) T(key string) string { return words.T(p.Lang, key) }

// CSS is the page's style, the bytes that the policy allows.
func (p *page) CSS() template.CSS { return template.CSS(pageCSS) }

// HTMLLang is the language as HTML writes it.
func (p *page) HTMLLang() string { return htmlLang(p.Lang) }

// OtherLang is that of the other language.
func (p *page) OtherLang() string { return htmlLang(other(p.Lang)) }

func htmlLang(l words.Lang) string {
	if l == words.En {
		return "en"
	}
	return "zh-CN"
}

func other(l words.Lang) words.Lang {
	if l == words.En {
		return words.Zh
	}
	return words.En
}

// path is the address of a posting's page. Chinese is not said: it comes first.
func path(id string, l words.Lang, code kiosk.Code) string {
	q := url.Values{}
	if l == words.En {
		q.Set("lang", "en")
	}
	if code != "" {
		q.Set("r", string(code))
	}
	if len(q) == 0 {
		return "/p/" + url.PathEscape(id)
	}
	return "/p/" + url.PathEscape(id) + "?" + q.Encode()
}

// newPage is a page without anything on it.
func (h *Pages) newPage(id string, l words.Lang, code kiosk.Code) *page {
	p := &page{Lang: l, Name: h.o.Name, Robots: "noindex", Other: path(id, other(l), code), Code: code}
	if h.o.Phone != "" {
		p.Office = phoneCall(h.o.Phone, p.T("web.office"))
	}
	return p
}

func (h *Pages) render(p *page) ([]byte, error) {
	var b bytes.Buffer
	err := h.page.Execute(&b, p)
	return b.Bytes(), err
}

// phoneCall is a link that calls a number; nil where no digit is in it.
func phoneCall(number, text string) *call {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if digits == "" {
		return nil
	}
	return &call{template.URL("tel:" + digits), text, number}
}

// offer puts a posting on the page.
func (h *Pages) offer(p *page, v *postings.View, now time.Time) {
	posting := &v.Posting
	l := p.Lang
	j := &job{
		Title: posting.Title, Employer: posting.Employer.Name, Pay: words.Pay(l, posting.Pay), Month: words.PayMonth(l, posting.Pay),
		Facts: facts(l, posting, now),
	}
	if posting.Pay.Original != "" {
		j.Said = words.T(l, "pay.said", posting.Pay.Original)
	}
	c := posting.Contact
	j.Call = phoneCall(c.Phone, words.T(l, "web.call"))
	if j.Ask = c.Rule; c.Person != "" {
		j.Ask = strings.TrimSpace(words.T(l, "web.ask", c.Person) + "  " + c.Rule)
	}
	j.Dates = append(j.Dates, words.T(l, "published", words.Past(l, posting.Published, now)))
	if !posting.Refreshed.IsZero() {
		j.Dates = append(j.Dates, words.T(l, "web.asof", words.Past(l, posting.Refreshed, now)))
	}
	for _, s := range v.Sources {
		if s.Name != "" {
			j.Dates = append(j.Dates, words.T(l, "source", s.Name))
		}
	}
	j.Dates = append(j.Dates, words.T(l, "fresh.asof", now.Format(time.DateOnly)))
	p.Job, p.Title = j, posting.Title
	p.Description = posting.Title + " · " + posting.Employer.Name + " · " + words.Pay(l, posting.Pay)
	p.Canonical = h.o.Base + "/p/" + v.Leader
}

// ld is the posting for search engines. It is JSON with <, > and & escaped, so it
// cannot end the element that it stands in.
func (h *Pages) ld(posting *kiosk.Posting) (template.JS, error) {
	text, err := json.Marshal(jobposting.Of(posting, h.o.Base))
	return template.JS(text), err
}

func facts(l words.Lang, p *kiosk.Posting, now time.Time) []fact {
	var all []fact
	with := "，"
	if l == words.En {
		with = ", "
	}
	add := func(key string, long bool, parts ...string) {
		var said []string
		for _, s := range parts {
			if s != "" {
				said = append(said, s)
			}
		}
		if len(said) > 0 {
			all = append(all, fact{words.T(l, key), strings.Join(said, with), long})
		}
	}
	add("web.place", false, areas.Full(p.Area)+" "+p.Address)
	starts := ""
	if !p.Starts.IsZero() {
		starts = words.T(l, "starts", words.Date(l, p.Starts, now))
	}
	add("web.hours", false, starts, p.Hours, words.Shifts(l, p.Shifts))
	heads := words.T(l, "heads.some")
	if p.Headcount > 0 {
		heads = words.T(l, "heads", p.Headcount)
	}
	add("web.heads", false, heads)
	experience := ""
	switch {
	case p.Experience >= 12 && p.Experience%12 == 0:
		experience = words.T(l, "years.exp", p.Experience/12)
	case p.Experience > 0:
		experience = words.T(l, "months.exp", p.Experience)
	}
	add("web.asks", true, words.Education(l, p.Education), experience, words.Certificates(l, p.Certificates), p.Requirements)
	add("web.gives", false, words.Benefits(l, p.Benefits))
	add("web.about", true, p.Description)
	add("web.until", false, words.T(l, "valid", words.Date(l, p.ValidThrough, now)))
	return all
}

// like is a posting in a list of similar ones.
func like(l words.Lang, p *kiosk.Posting, from kiosk.Point) similar {
	s := similar{Path: path(p.ID, l, ""), Title: p.Title, Pay: words.Pay(l, p.Pay), Employer: p.Employer.Name, Where: areas.Name(p.Area)}
	if m := from.Metres(p.Location); m >= 0 {
		s.Where = strings.TrimSpace(s.Where + " " + fmt.Sprintf("(%s)", words.Length(l, m)))
	}
	return s
}
