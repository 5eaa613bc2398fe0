package desk_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/desk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/hub/intake"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// The packages that a hub wires in fit.
var (
	_ desk.Postings  = (*postings.Postings)(nil)
	_ desk.Residents = (*fleet.Fleet)(nil)
	_ desk.Sites     = (*fleet.Fleet)(nil)
	_ desk.Figures   = (*fleet.Fleet)(nil)
)

const secret = "correct horse battery"

var now = time.Date(2026, 11, 25, 10, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

// world is a hub with postings and staff as they are, and a fleet made of values.
type world struct {
	*fakeFleet
	db       *hubdb.DB
	people   *people.People
	postings *postings.Postings
	server   *httptest.Server
	log      strings.Builder
	ids      map[string]string // postings by their ref
}

func newWorld(t testing.TB) *world {
	t.Helper()
	ctx := t.Context()
	db, err := hubdb.Open(ctx, hubdbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	clock := func() time.Time { return now }
	w := &world{fakeFleet: newFleet(), db: db, ids: map[string]string{}}
	if w.people, err = people.New(ctx, db, clock); err != nil {
		t.Fatal(err)
	}
	w.postings, err = postings.New(ctx, db, postings.Opts{Lint: lint, Now: clock, Audit: func(ctx context.Context, tx *hubdb.Tx, e postings.Event) error {
		return w.people.Append(ctx, tx, people.Entry{Actor: e.Who, Action: e.Action, Subject: e.Subject, Note: e.Note})
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.fakeFleet.release = func(ctx context.Context) error {
		_, err := w.postings.Release(ctx, "publisher")
		return err
	}
	w.fakeFleet.audit = func(who, action, subject string) error {
		return w.people.Log(ctx, people.Entry{Actor: who, Action: action, Subject: subject})
	}
	site, err := desk.New(ctx, desk.Options{
		DB: db, People: w.people, Postings: w.postings, Read: intake.Read, Publisher: w.fakeFleet, Residents: w.fakeFleet,
		Sites: w.fakeFleet, Figures: w.fakeFleet, Now: clock, Hub: testHub, Log: slog.New(slog.NewTextHandler(&w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewTLSServer(site)
	t.Cleanup(w.server.Close)
	return w
}

// lint knows two words.
func lint(p *kiosk.Posting) []postings.Finding {
	var all []postings.Finding
	if strings.Contains(p.Description, "押金") {
		all = append(all, postings.Finding{Rule: "deposit", Level: postings.Block, Field: "description", Text: "押金", Note: "《劳动合同法》第九条"})
	}
	if strings.Contains(p.Requirements, "985") {
		all = append(all, postings.Finding{Rule: "school", Level: postings.Warn, Field: "requirements", Text: "985", Note: "学历歧视"})
	}
	return all
}

// account makes an account at the console, whose password needs no change.
func (w *world) account(t testing.TB, name string, role people.Role, area kiosk.Area, site string) people.Account {
	t.Helper()
	a, err := w.people.Add(t.Context(), people.Console, people.Account{
		Name: name, Person: "王" + name, Role: role, Area: area, Site: site,
	}, secret)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func posting(ref, title string) kiosk.Posting {
	return kiosk.Posting{
		ID: "x", Title: title, Employer: kiosk.Employer{Name: "共青城某某服饰有限公司"}, Channel: kiosk.Market, Headcount: 3,
		Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}, Area: "360482001", Address: "工业三路8号",
		Pay:       kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth, Original: "5000-8000元"},
		Education: 90, Contact: kiosk.Contact{Person: "王主管", Phone: "0792-1234567"},
		Published: now.Add(-time.Hour), ValidThrough: now.AddDate(0, 1, 0), Source: kiosk.Source{Name: "园区", Ref: ref},
	}
}

// bring imports postings by the account "importer", under one source.
func (w *world) bring(t testing.TB, all ...kiosk.Posting) {
	t.Helper()
	_, err := w.postings.Import(t.Context(), "importer", postings.Batch{Source: "园区", Items: func(yield func(kiosk.Posting, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := w.postings.Search(t.Context(), postings.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		w.ids[r.Ref] = r.ID
	}
}

// publish approves a posting as somebody else and puts it on the board.
func (w *world) publish(t testing.TB, ref string) {
	t.Helper()
	r, err := w.postings.Get(t.Context(), w.ids[ref])
	if err == nil {
		err = w.postings.Approve(t.Context(), "somebody", r.ID, r.Revision)
	}
	if err == nil {
		_, err = w.postings.Release(t.Context(), "publisher")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// browser is somebody at a desk. It follows nothing by itself.
type browser struct {
	t    testing.TB
	w    *world
	http *http.Client
	csrf string
	page string // the last one
	code int
	to   string // where it was sent
}

func (w *world) browser(t testing.TB) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := *w.server.Client()
	client.Jar = jar
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t: t, w: w, http: &client}
}

// login is a browser that somebody has logged in with.
func (w *world) login(t testing.TB, name string) *browser {
	t.Helper()
	b := w.browser(t)
	b.get("/desk/login")
	b.post("/desk/login", url.Values{"name": {name}, "password": {secret}, "door": {b.hidden("door")}})
	if b.code != http.StatusSeeOther {
		t.Fatalf("log in as %s: %d %s", name, b.code, b.page)
	}
	b.get("/desk/")
	return b
}

var (
	csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	scripting = regexp.MustCompile(`(?i)<script|<style| on[a-z]+=| style=|javascript:|https?://`)
)

func (b *browser) hidden(name string) string {
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(b.page)
	if m == nil {
		b.t.Fatalf("the page has no %s: %s", name, b.page)
	}
	return m[1]
}

func (b *browser) get(path string) *browser {
	b.t.Helper()
	r, err := b.http.Get(b.w.server.URL + path)
	return b.take(r, err)
}

// post sends a form with the token of the last page.
func (b *browser) post(path string, form url.Values) *browser {
	b.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	if form.Get("csrf") == "" && b.csrf != "" {
		form.Set("csrf", b.csrf)
	}
	r, err := b.http.PostForm(b.w.server.URL+path, form)
	return b.take(r, err)
}

func (b *browser) take(r *http.Response, err error) *browser {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.page, b.code, b.to = string(body), r.StatusCode, r.Header.Get("Location")
	if m := csrfField.FindStringSubmatch(b.page); m != nil {
		b.csrf = m[1]
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") && b.code != http.StatusSeeOther {
		if bad := scripting.FindString(strings.ReplaceAll(b.page, "http://www.w3.org/2000/svg", "")); bad != "" {
			b.t.Errorf("%s has %q", r.Request.URL.Path, bad)
		}
		if i := strings.Index(b.page, "⟦"); i >= 0 {
			b.t.Errorf("%s shows a key: %.60s", r.Request.URL.Path, b.page[i:])
		}
	}
	return b
}

// want checks the answer, and that the page says every one of the words.
func (b *browser) want(code int, words ...string) *browser {
	b.t.Helper()
	if b.code != code {
		b.t.Fatalf("the answer is %d, not %d: %s\n%s", b.code, code, b.page, b.w.log.String())
	}
	for _, s := range words {
		if !strings.Contains(b.page, s) {
			b.t.Errorf("the page does not say %q: %s", s, b.page)
		}
	}
	return b
}

func (b *browser) wantNot(words ...string) *browser {
	b.t.Helper()
	for _, s := range words {
		if strings.Contains(b.page, s) {
			b.t.Errorf("the page says %q", s)
		}
	}
	return b
}

// logged are the entries of the audit log, oldest first, as "actor action subject".
func (w *world) logged(t testing.TB) []string {
	t.Helper()
	all, err := w.people.Entries(t.Context(), people.Filter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, e := range slices.Backward(all) {
		s = append(s, e.Actor+" "+e.Action+" "+e.Subject)
	}
	return s
}
