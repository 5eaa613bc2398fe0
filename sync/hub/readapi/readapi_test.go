package readapi_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/hub/postings"
	"jobhome/sync/hub/readapi"
)

type rig struct {
	t      testing.TB
	posts  *postings.Postings
	server *httptest.Server
	now    time.Time
}

func newRig(t *testing.T, db *hubdb.DB) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	var err error
	r.posts, err = postings.New(t.Context(), db, postings.Opts{
		Lint: func(*kiosk.Posting) []postings.Finding { return nil }, Now: func() time.Time { return r.now },
	})
	r.must(err)
	r.server = httptest.NewServer(readapi.New(r.posts, "https://h.example", nil))
	t.Cleanup(r.server.Close)
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// publish puts the first n postings of the demonstration on the board.
func (r *rig) publish(n int) {
	r.t.Helper()
	ctx := r.t.Context()
	_, err := r.posts.Import(ctx, "import", postings.Batch{Source: "x", Items: func(yield func(kiosk.Posting, error) bool) {
		for _, p := range demo.Postings(r.now, n, 1) {
			if p.Source.Ref = p.ID; p.Published.After(r.now) {
				p.Published = r.now
			}
			if !yield(p, nil) {
				return
			}
		}
	}})
	r.must(err)
	list, _, err := r.posts.Search(ctx, postings.Query{Status: postings.Review, Limit: 500})
	r.must(err)
	for _, rec := range list {
		r.must(r.posts.Approve(ctx, "bob", rec.ID, rec.Revision))
	}
	_, err = r.posts.Release(ctx, "bob")
	r.must(err)
}

func (r *rig) get(path string, head ...string) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.server.URL+path, nil)
	r.must(err)
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	r.must(err)
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	r.must(err)
	return resp, string(body)
}

type item struct {
	ID      string
	Removed bool
	Changed string
	After   string
	Job     map[string]any
}

type list struct {
	Jobs        []item
	Next, After string
}

func (r *rig) list(path string) list {
	r.t.Helper()
	resp, body := r.get(path)
	var l list
	if err := json.Unmarshal([]byte(body), &l); err != nil || resp.StatusCode != 200 {
		r.t.Fatalf("%s: %d %v %s", path, resp.StatusCode, err, body)
	}
	return l
}

func (r *rig) board() []string {
	r.t.Helper()
	all, _, err := r.posts.Board(r.t.Context(), postings.Scope{}, r.now)
	r.must(err)
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	return ids
}

func each(t *testing.T, f func(t *testing.T, r *rig)) {
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) { f(t, newRig(t, db)) })
}

// one runs f where it makes no difference which database it is.
func one(t *testing.T, f func(t *testing.T, r *rig)) {
	t.Helper()
	db, err := hubdb.Open(t.Context(), hubdbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	f(t, newRig(t, db))
}

// A reader that takes a snapshot and goes on with the stream has what the board
// has, whatever happens meanwhile, in both forms.
func TestAReaderKeepsUp(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.publish(24)
		has := map[string]bool{}
		var after string
		for next := ""; ; {
			l := r.list("/v1/jobs/snapshot?limit=7&after=" + next)
			for _, j := range l.Jobs {
				has[j.ID] = true
				if j.Removed || j.Job["@type"] != "JobPosting" || j.Job["url"] != "https://h.example/p/"+j.ID {
					t.Errorf("%+v", j)
				}
			}
			if next == "" {
				after = l.After
				_, err := r.posts.Revoke(t.Context(), "ann", l.Jobs[0].ID, "x") // while the list is read
				r.must(err)
			}
			if next = l.Next; next == "" {
				break
			}
		}
		r.now = r.now.Add(time.Minute)
		r.publish(34)
		r.must(r.posts.Close(t.Context(), "ann", r.board()[3], "x"))
		for {
			l := r.list("/v1/jobs/stream?limit=5&after=" + after)
			for _, j := range l.Jobs {
				if has[j.ID] = true; j.Removed {
					delete(has, j.ID)
					if j.Job != nil {
						t.Errorf("more than the id of what was removed: %+v", j)
					}
				}
			}
			after = l.After
			if l.Next == "" {
				break
			}
		}
		if got, want := slices.Sorted(maps.Keys(has)), r.board(); !slices.Equal(got, want) || len(want) < 20 {
			t.Errorf("the reader has %d, the board %d", len(got), len(want))
		}
		if l := r.list("/v1/jobs/stream?after=" + after); len(l.Jobs) != 0 || l.After != after {
			t.Errorf("after everything: %+v", l)
		}
	})
}

func TestLines(t *testing.T) {
	one(t, func(t *testing.T, r *rig) {
		r.publish(30)
		for _, path := range []string{"/v1/jobs/snapshot", "/v1/jobs/stream?since=2026-01-01"} {
			resp, body := r.get(path, "Accept", "application/x-ndjson")
			if resp.Header.Get("Content-Type") != "application/x-ndjson" {
				t.Errorf("%v", resp.Header)
			}
			var ids []string
			for lines := bufio.NewScanner(strings.NewReader(body)); lines.Scan(); {
				var j item
				r.must(json.Unmarshal(lines.Bytes(), &j))
				ids = append(ids, j.ID)
			}
			if slices.Sort(ids); !slices.Equal(ids, r.board()) {
				t.Errorf("%s has %d, the board %d", path, len(ids), len(r.board()))
			}
		}
		resp, _ := r.get("/v1/jobs/snapshot?format=ndjson")
		after := resp.Header.Get("Jobs-Stream-After")
		if l := r.list("/v1/jobs/stream?after=" + after); len(l.Jobs) != 0 {
			t.Errorf("%d changes after the snapshot", len(l.Jobs))
		}
		if _, body := r.get("/v1/jobs/stream?format=ndjson&limit=4&since=2026-01-01"); strings.Count(body, "\n") != 4 {
			t.Errorf("not four lines: %s", body)
		}
	})
}

func TestSince(t *testing.T) {
	one(t, func(t *testing.T, r *rig) {
		r.publish(10)
		first := r.now
		r.now = r.now.Add(time.Hour)
		id := r.board()[0]
		r.must(r.posts.Close(t.Context(), "ann", id, "x"))
		all := len(r.board()) + 1
		for since, want := range map[time.Time]int{first: all, first.Add(time.Minute): 1, r.now: 1, r.now.Add(time.Minute): 0} {
			l := r.list("/v1/jobs/stream?since=" + since.Format(time.RFC3339))
			if len(l.Jobs) != want {
				t.Errorf("since %v: %d, want %d", since, len(l.Jobs), want)
			}
			if want == 1 && (l.Jobs[0].ID != id || !l.Jobs[0].Removed || l.Jobs[0].Changed != r.now.Format(time.RFC3339)) {
				t.Errorf("%+v", l.Jobs[0])
			}
		}
	})
}

func TestTags(t *testing.T) {
	one(t, func(t *testing.T, r *rig) {
		r.publish(10)
		for _, path := range []string{"/v1/jobs/snapshot", "/v1/jobs/stream?since=2026-01-01", "/v1/jobs/snapshot?format=ndjson"} {
			resp, _ := r.get(path)
			tag := resp.Header.Get("ETag")
			resp, body := r.get(path, "If-None-Match", `"x", `+tag)
			if tag == "" || resp.StatusCode != 304 || body != "" {
				t.Errorf("%s: tag %s, %d", path, tag, resp.StatusCode)
			}
			r.must(r.posts.Close(t.Context(), "ann", r.board()[0], "x"))
			if resp, _ = r.get(path, "If-None-Match", tag); resp.StatusCode != 200 || resp.Header.Get("ETag") == tag {
				t.Errorf("%s: after a change %d", path, resp.StatusCode)
			}
		}
		resp, _ := r.get("/v1/jobs/snapshot?limit=3")
		if l := resp.Header.Get("Link"); !strings.HasPrefix(l, "</v1/jobs/snapshot?after=") || !strings.HasSuffix(l, `limit=3>; rel="next"`) {
			t.Errorf("Link %s", l)
		}
	})
}

func TestWhatIsAskedWrongly(t *testing.T) {
	one(t, func(t *testing.T, r *rig) {
		for path, status := range map[string]int{
			"/v1/jobs/snapshot?limit=0": 400, "/v1/jobs/snapshot?limit=x": 400, "/v1/jobs/snapshot?limit=10001": 400,
			"/v1/jobs/snapshot?after=123456789012345678901": 400, "/v1/jobs/stream": 400, "/v1/jobs/stream?since=yesterday": 400,
			"/v1/jobs/stream?after=x": 400, "/v1/jobs/stream?after=x&format=ndjson": 400, "/v1/jobs/stream?after=1&since=2026-01-01": 400,
			"/v1/jobs/none": 404,
		} {
			resp, body := r.get(path)
			var p struct {
				Status int
				Title  string
			}
			if err := json.Unmarshal([]byte(body), &p); err != nil || resp.StatusCode != status || p.Status != status || p.Title == "" ||
				resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d %s", path, resp.StatusCode, body)
			}
		}
	})
}

// The description says what is there: every path and every field of an answer.
func TestTheDescriptionFits(t *testing.T) {
	one(t, func(t *testing.T, r *rig) {
		r.publish(3)
		var d struct {
			OpenAPI    string
			Paths      map[string]any
			Components struct {
				Schemas map[string]struct {
					Required   []string
					Properties map[string]any
				}
			}
		}
		resp, body := r.get("/v1/jobs/openapi.json")
		r.must(json.Unmarshal([]byte(body), &d))
		if resp.Header.Get("Content-Type") != "application/json" || d.OpenAPI != "3.1.0" || body != string(readapi.OpenAPI()) {
			t.Errorf("%s", body)
		}
		check := func(schema string, m map[string]any) {
			s := d.Components.Schemas[schema]
			for field := range m {
				if s.Properties[field] == nil {
					t.Errorf("%s does not describe %s", schema, field)
				}
			}
			for _, field := range s.Required {
				if _, ok := m[field]; !ok {
					t.Errorf("an answer has no %s", field)
				}
			}
		}
		for path := range d.Paths {
			_, body := r.get(path + "?limit=1&since=2026-01-01")
			var m struct{ Jobs []map[string]any }
			var whole map[string]any
			r.must(errors.Join(json.Unmarshal([]byte(body), &m), json.Unmarshal([]byte(body), &whole)))
			if check("List", whole); len(m.Jobs) != 1 {
				t.Fatal(fmt.Sprint(path, " has no job"))
			}
			check("Item", m.Jobs[0])
		}
	})
}
