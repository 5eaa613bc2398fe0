package pages_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/hub/pages"
	"jobhome/sync/hub/postings"
)

var zone = time.FixedZone("CST", 8*60*60)

// rig is a hub's postings and a server of their pages.
type rig struct {
	t      testing.TB
	posts  *postings.Postings
	server *httptest.Server
	log    bytes.Buffer

	now      time.Time
	slips    map[kiosk.Code]kiosk.Outcome
	fail     error
	requests []kiosk.Request
	bad      []kiosk.BadPosting
	code     kiosk.Code
}

func (r *rig) Outcome(_ context.Context, c kiosk.Code) (kiosk.Outcome, time.Time, error) {
	o, ok := r.slips[c]
	if r.fail != nil || !ok {
		return "", time.Time{}, errors.Join(r.fail, kiosk.ErrNoReferral)
	}
	return o, r.now.AddDate(0, 0, -1), nil
}

func (r *rig) Request(_ context.Context, q kiosk.Request) error {
	if r.fail != nil {
		return errors.Join(r.fail, errors.New(q.Phone))
	}
	r.requests = append(r.requests, q)
	return q.Check()
}

func (r *rig) Complain(_ context.Context, b kiosk.BadPosting) error {
	r.bad = append(r.bad, b)
	return r.fail
}

func newRig(t testing.TB) *rig {
	t.Helper()
	db, err := hubdb.Open(t.Context(), hubdbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	r := &rig{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, zone), slips: map[kiosk.Code]kiosk.Outcome{}}
	now := func() time.Time { return r.now }
	r.posts, err = postings.New(t.Context(), db, postings.Opts{Lint: func(*kiosk.Posting) []postings.Finding { return nil }, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if r.code, err = kiosk.NewCode(bytes.NewReader(bytes.Repeat([]byte{3}, 64))); err != nil {
		t.Fatal(err)
	}
	r.slips[r.code] = kiosk.Interviewed
	h, err := pages.New(r.posts, pages.Opts{
		Base: "https://h.example", Name: "共青城市就业之家", Phone: "0792-0000001", Site: "web", Slips: r, Inbox: r, PerHour: 5,
		Log: slog.New(slog.NewTextHandler(&r.log, nil)), Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.server = httptest.NewServer(h)
	t.Cleanup(r.server.Close)
	return r
}

func posting(ref string) kiosk.Posting {
	return kiosk.Posting{
		Title: "缝纫工（熟手）" + ref, Employer: kiosk.Employer{Name: "共青城某某服饰有限公司"},
		Occupation: kiosk.Occupation{Code: "6-05-01-01", Name: "缝纫工"}, Channel: kiosk.Market, Headcount: 12,
		Area: "360482001", Address: "工业三路 8 号", Location: kiosk.Point{Lat: 29.25, Lon: 115.81},
		Pay:       kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth, Original: "计件 5000-8000，多劳多得"},
		Education: kiosk.MiddleSchool, Experience: 12, Shifts: kiosk.DayShift, Hours: "早8–晚6，单休", Benefits: kiosk.Dorm | kiosk.Bus,
		Requirements: "会平车", Description: "做羽绒服。\n<b>不收任何费用</b> & 有师傅带",
		Contact:   kiosk.Contact{Person: "王主管", Phone: "0792-0000123", Rule: "下午 2–5 点"},
		Published: time.Date(2026, 11, 20, 8, 0, 0, 0, zone), Refreshed: time.Date(2026, 11, 24, 8, 0, 0, 0, zone),
		ValidThrough: time.Date(2026, 12, 20, 23, 59, 59, 0, zone), Source: kiosk.Source{Name: "某某人才网", Ref: ref},
	}
}

// publish puts postings on the board and returns their ids.
func (r *rig) publish(all ...kiosk.Posting) []string {
	r.t.Helper()
	ctx := r.t.Context()
	_, err := r.posts.Import(ctx, "import", postings.Batch{Source: "x", Items: func(yield func(kiosk.Posting, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}})
	r.must(err)
	list, _, err := r.posts.Search(ctx, postings.Query{Status: postings.Review, Limit: 500})
	r.must(err)
	byRef := map[string]string{}
	for _, rec := range list {
		byRef[rec.Ref] = rec.ID
		r.must(r.posts.Approve(ctx, "bob", rec.ID, rec.Revision))
	}
	_, err = r.posts.Release(ctx, "bob")
	r.must(err)
	var ids []string
	for _, p := range all {
		ids = append(ids, byRef[p.Source.Ref])
	}
	return ids
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// got is an answer.
type got struct {
	*http.Response
	body string
	doc  *html.Node
}

func (r *rig) do(method, path string, form url.Values, head ...string) got {
	r.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+path, body)
	r.must(err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	r.must(err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	r.must(err)
	g := got{Response: resp, body: string(text)}
	if len(text) > 0 && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		g.doc = parse(r.t, g.body)
	}
	return g
}

func (r *rig) get(path string, head ...string) got {
	r.t.Helper()
	return r.do(http.MethodGet, path, nil, head...)
}

func (g *got) want(t testing.TB, status int, texts ...string) {
	t.Helper()
	if g.StatusCode != status {
		t.Errorf("status %d, want %d", g.StatusCode, status)
	}
	for _, s := range texts {
		if !strings.Contains(g.body, s) {
			t.Errorf("%q is not in\n%s", s, bodyOf(g.body))
		}
	}
}

func (g *got) without(t testing.TB, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if strings.Contains(g.body, s) {
			t.Errorf("%q is in\n%s", s, bodyOf(g.body))
		}
	}
}

func bodyOf(page string) string {
	_, body, _ := strings.Cut(page, "<body>")
	return body
}
