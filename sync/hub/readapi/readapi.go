// Package readapi lets other programs read what the hub offers, in the shape of
// Arbetsförmedlingen's JobStream (https://jobstream.api.jobtechdev.se): a snapshot of
// everything, and a stream of what has changed since, in which an offer that was
// removed is only its id. Offers are schema.org JobPostings. openapi.json is its
// description.
package readapi

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/jobposting"
	"jobhome/sync/hub/postings"
)

// Postings is what the interface asks of package postings.
type Postings interface {
	Walk(ctx context.Context, after string, f func(kiosk.Posting) error) (moment string, err error)
	Changes(ctx context.Context, after string, most int) ([]postings.Change, error)
	Moment(ctx context.Context) (string, error)
}

//go:embed openapi.json
var openAPI []byte

// OpenAPI is the description of the interface, OpenAPI 3.1, as JSON.
func OpenAPI() []byte { return slices.Clone(openAPI) }

const (
	usual, most = 1000, 10000 // offers in one answer
	ndjson      = "application/x-ndjson"
)

// API is the handler.
type API struct {
	postings Postings
	base     string
	log      *slog.Logger
	mux      *http.ServeMux
}

// New makes the handler for everything below /v1/jobs/. base is where the hub's
// pages lie, without a slash at its end; log may be nil.
func New(p Postings, base string, log *slog.Logger) *API {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	a := &API{p, base, log, http.NewServeMux()}
	a.mux.HandleFunc("GET /v1/jobs/snapshot", a.snapshot)
	a.mux.HandleFunc("GET /v1/jobs/stream", a.stream)
	a.mux.HandleFunc("GET /v1/jobs/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(openAPI)
	})
	a.mux.HandleFunc("GET /v1/jobs/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, "there is nothing here: see /v1/jobs/openapi.json")
	})
	return a
}

// ServeHTTP answers. The interface is for everybody, and keeps nothing of who asks.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Access-Control-Expose-Headers", "ETag, Link, Jobs-Stream-After")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("X-Robots-Tag", "noindex")
	head.Set("Vary", "Accept")
	a.mux.ServeHTTP(w, r)
}

// item is one offer, or that it is gone.
type item struct {
	ID      string          `json:"id"`
	Removed bool            `json:"removed"`
	Changed string          `json:"changed,omitempty"` // when the public could see it; of a stream
	After   string          `json:"after,omitempty"`   // goes on after this one; of a stream
	Job     *jobposting.Job `json:"job,omitempty"`
}

func (a *API) item(p *kiosk.Posting) item {
	job := jobposting.Of(p, a.base)
	return item{ID: p.ID, Job: &job}
}

// answer is a list as JSON.
type answer struct {
	Jobs []item `json:"jobs"`
	// Next is where the list goes on; empty at its end.
	Next string `json:"next,omitempty"`
	// After is what to ask the stream with for what has changed since.
	After string `json:"after"`
}

// asked is what every list is asked with.
type asked struct {
	after string
	limit int // 0: everything
	lines bool
}

func read(r *http.Request) (asked, error) {
	q := r.URL.Query()
	a := asked{after: q.Get("after"), limit: usual, lines: wantsLines(r)}
	if a.lines {
		a.limit = 0
	}
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			return a, errors.New("limit is not a number from 1 to " + strconv.Itoa(most))
		}
		a.limit = n
	}
	return a, nil
}

// wantsLines reports whether JSON Lines are asked for, by the header or by format.
func wantsLines(r *http.Request) bool {
	if f := r.URL.Query().Get("format"); f != "" {
		return f == "ndjson"
	}
	return strings.Contains(r.Header.Get("Accept"), "ndjson")
}

// unchanged answers 304 when nothing has changed since the caller asked the same.
// The tag is known before anything is read.
func (a *API) unchanged(w http.ResponseWriter, r *http.Request) (bool, error) {
	moment, err := a.postings.Moment(r.Context())
	if err != nil {
		return false, err
	}
	tag := `W/"` + moment + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "public, max-age=60")
	for seen := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if seen = strings.TrimSpace(seen); seen == tag || seen == strings.TrimPrefix(tag, "W/") {
			w.WriteHeader(http.StatusNotModified)
			return true, nil
		}
	}
	return false, nil
}

// snapshot lists everything that is offered: as JSON a page at a time, as JSON
// Lines all of it in one answer of one moment.
func (a *API) snapshot(w http.ResponseWriter, r *http.Request) {
	q, err := read(r)
	if err != nil || len(q.after) > kiosk.MaxPostingID {
		problem(w, http.StatusBadRequest, "limit or after is wrong: see /v1/jobs/openapi.json")
		return
	}
	if done, err := a.unchanged(w, r); done || err != nil {
		a.broken(w, err)
		return
	}
	if q.lines {
		a.snapshotLines(w, r, q)
		return
	}
	out := answer{Jobs: []item{}}
	out.After, err = a.postings.Walk(r.Context(), q.after, func(p kiosk.Posting) error {
		if len(out.Jobs) == q.limit {
			out.Next = out.Jobs[q.limit-1].ID
			return io.EOF
		}
		out.Jobs = append(out.Jobs, a.item(&p))
		return nil
	})
	if err != nil {
		a.broken(w, err)
		return
	}
	next := url.Values{"after": {out.Next}, "limit": {strconv.Itoa(q.limit)}}
	a.write(w, out, "/v1/jobs/snapshot?"+next.Encode())
}

func (a *API) snapshotLines(w http.ResponseWriter, r *http.Request, q asked) {
	// Asked before the walk, so that what changes meanwhile is told twice and not
	// never.
	moment, err := a.postings.Moment(r.Context())
	if err != nil {
		a.broken(w, err)
		return
	}
	w.Header().Set("Content-Type", ndjson)
	w.Header().Set("Jobs-Stream-After", moment)
	lines, n := json.NewEncoder(w), 0
	_, err = a.postings.Walk(r.Context(), q.after, func(p kiosk.Posting) error {
		if n++; q.limit > 0 && n > q.limit {
			return io.EOF
		}
		return lines.Encode(a.item(&p))
	})
	a.cut(err)
}

// cut ends an answer that has begun and cannot be finished in such a way that the
// caller notices: the connection breaks off.
func (a *API) cut(err error) {
	if err != nil {
		a.log.Error("readapi: an answer was cut off", "err", err)
		panic(http.ErrAbortHandler)
	}
}

// stream lists what has changed, the oldest first.
func (a *API) stream(w http.ResponseWriter, r *http.Request) {
	q, err := read(r)
	if err == nil {
		q.after, err = begin(q.after, r.URL.Query().Get("since"))
	}
	if err != nil {
		problem(w, http.StatusBadRequest, err.Error())
		return
	}
	if done, err := a.unchanged(w, r); done || err != nil {
		a.broken(w, err)
		return
	}
	if q.lines {
		a.streamLines(w, r, q)
		return
	}
	changes, err := a.postings.Changes(r.Context(), q.after, q.limit+1)
	if errors.Is(err, postings.ErrCursor) {
		problem(w, http.StatusBadRequest, "after is not what an answer gave")
		return
	}
	if err != nil {
		a.broken(w, err)
		return
	}
	out := answer{Jobs: []item{}, After: q.after}
	for _, c := range changes[:min(len(changes), q.limit)] {
		out.Jobs = append(out.Jobs, a.changed(&c))
		out.After = c.After
	}
	if len(changes) > q.limit {
		out.Next = out.After
	}
	next := url.Values{"after": {out.Next}, "limit": {strconv.Itoa(q.limit)}}
	a.write(w, out, "/v1/jobs/stream?"+next.Encode())
}

func (a *API) changed(c *postings.Change) item {
	i := item{ID: c.Posting.ID, Removed: c.Removed}
	if !c.Removed {
		i = a.item(&c.Posting)
	}
	i.Changed, i.After = c.At.UTC().Format(time.RFC3339Nano), c.After
	return i
}

func (a *API) streamLines(w http.ResponseWriter, r *http.Request, q asked) {
	lines := json.NewEncoder(w)
	for n := 0; q.limit == 0 || n < q.limit; {
		changes, err := a.postings.Changes(r.Context(), q.after, atOnce(q.limit-n))
		switch {
		case n == 0 && errors.Is(err, postings.ErrCursor):
			problem(w, http.StatusBadRequest, "after is not what an answer gave")
			return
		case n == 0 && err != nil:
			a.broken(w, err)
			return
		}
		a.cut(err)
		if n == 0 {
			w.Header().Set("Content-Type", ndjson)
		}
		for i := range changes {
			a.cut(lines.Encode(a.changed(&changes[i])))
			q.after = changes[i].After
		}
		if n += len(changes); len(changes) == 0 {
			return
		}
	}
}

// atOnce is how many changes are read at a time.
func atOnce(left int) int {
	if left <= 0 || left > usual {
		return usual
	}
	return left
}

// begin is where a stream begins: after what an answer gave, or since a time.
func begin(after, since string) (string, error) {
	switch {
	case after != "" && since != "":
		return "", errors.New("after and since say the same: give one of them")
	case after != "":
		return after, nil
	case since == "":
		return "", errors.New("since (an RFC 3339 time or a day) or after is missing")
	}
	t, err := time.Parse(time.RFC3339, since)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, since, time.FixedZone("CST", 8*60*60))
	}
	if err != nil {
		return "", errors.New("since is neither an RFC 3339 time nor a day like 2026-11-25")
	}
	return strconv.FormatInt(max(0, t.UnixMilli()-1), 10), nil
}

func (a *API) write(w http.ResponseWriter, out answer, next string) {
	body, err := json.Marshal(out)
	if err != nil {
		a.broken(w, err)
		return
	}
	if out.Next != "" {
		w.Header().Set("Link", "<"+next+`>; rel="next"`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

// broken answers that the hub has a problem, if it has one.
func (a *API) broken(w http.ResponseWriter, err error) {
	if err == nil {
		return
	}
	a.log.Error("readapi", "err", err)
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	problem(w, http.StatusInternalServerError, "the postings cannot be read")
}

// problem answers with RFC 9457.
func problem(w http.ResponseWriter, status int, title string) {
	body, _ := json.Marshal(map[string]any{"type": "about:blank", "status": status, "title": title})
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
