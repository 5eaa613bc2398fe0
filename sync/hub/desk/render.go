package desk

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"jobhome/sync/hub/people"
)

//go:embed templates/*.html static/*
var files embed.FS

// beijing is the time that staff live by, whatever the machine's clock is set to.
var beijing = time.FixedZone("UTC+8", 8*3600)

// view is what a template gets.
type view struct {
	Lang    lang
	Title   string
	Done    string // what has just been done
	Account people.Account
	CSRF    string
	Nav     []navEntry
	Self    string // this page, to come back to
	Now     time.Time
	Body    any
}

type navEntry struct {
	Path, Key string
	Here      bool
}

// nav is the way through the site, in the order of the day's work.
var nav = []struct {
	path, key string
	right     people.Right
}{
	{homePath, "nav.home", staff},
	{"/desk/imports", "nav.imports", people.Import},
	{"/desk/review", "nav.review", people.Review},
	{"/desk/postings", "nav.postings", people.Postings},
	{"/desk/publish", "nav.publish", people.Publish},
	{"/desk/callbacks", "nav.callbacks", people.CallBacks},
	{"/desk/referrals", "nav.referrals", people.Referrals},
	{"/desk/complaints", "nav.complaints", people.Postings},
	{"/desk/sites", "nav.sites", people.Fleet},
	{"/desk/searches", "nav.searches", people.Figures},
	{"/desk/figures", "nav.figures", people.Figures},
	{"/desk/accounts", "nav.accounts", people.Accounts},
	{"/desk/audit", "nav.audit", people.Audit},
}

// allPages are every page in every language, read once.
var allPages = sync.OnceValues(parsePages)

func parsePages() (map[string]map[lang]*template.Template, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]map[lang]*template.Template{}
	for _, name := range names {
		base := path.Base(name)
		if base == "layout.html" || base == "parts.html" {
			continue
		}
		pages[base] = map[lang]*template.Template{}
		for _, l := range []lang{zh, en} {
			t, err := template.New("layout.html").Funcs(l.funcs()).
				ParseFS(files, "templates/layout.html", "templates/parts.html", name)
			if err != nil {
				return nil, fmt.Errorf("desk: %w", err)
			}
			pages[base][l] = t
		}
	}
	return pages, nil
}

// page shows a page whole or not at all.
func (c *call) page(file, title string, body any) error {
	v := view{
		Lang: c.lang, Title: c.t(title), Account: c.session.Account, CSRF: c.session.CSRF(),
		Self: c.r.URL.RequestURI(), Now: c.Now(), Body: body,
	}
	if done := "done." + c.r.URL.Query().Get("done"); hasWord(done) {
		v.Done = c.t(done)
	}
	if c.session.Token() != "" && !c.session.Account.MustChange {
		for _, n := range nav {
			if n.right != staff && !c.session.Account.May(n.right) {
				continue
			}
			here := c.r.URL.Path == n.path || n.path != homePath && strings.HasPrefix(c.r.URL.Path, n.path+"/")
			v.Nav = append(v.Nav, navEntry{n.path, n.key, here})
		}
	}
	var b bytes.Buffer
	if err := c.pages[file][c.lang].Execute(&b, v); err != nil {
		return fmt.Errorf("page %s: %w", file, err)
	}
	c.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if c.status != 0 {
		c.w.WriteHeader(c.status)
	}
	_, _ = b.WriteTo(c.w) // whoever went away does not want the page
	return nil
}

// formPage shows a form again with what is wrong with it, or returns the error
// when it is none of the form's.
func (c *call) formPage(err error, show func(wrong string) error) error {
	p, ok := explain(err)
	if !ok || p.status < 400 || p.status >= 500 || p.status == http.StatusForbidden || p.status == http.StatusNotFound {
		return err
	}
	c.status = p.status
	return show(c.t(p.key, p.args...))
}

// redirect goes on to another page, which says what was done.
func (c *call) redirect(to, done string) error {
	if done != "" {
		sep := "?"
		if strings.Contains(to, "?") {
			sep = "&"
		}
		to += sep + "done=" + done
	}
	http.Redirect(c.w, c.r, to, http.StatusSeeOther)
	return nil
}

func escape(s string) string { return url.QueryEscape(s) }

// within returns to if it is a page of the desk, and the first page otherwise,
// so that a link that somebody made leads nowhere else.
func within(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, homePath) || strings.ContainsAny(to, "\\\n\r") {
		return homePath
	}
	return u.RequestURI()
}

// static serves the style sheet and the icon.
func (c *call) static() error {
	http.ServeFileFS(c.w, c.r, files, "static/"+path.Base(c.r.URL.Path))
	return nil
}
