// Package gate is the hub's HTTP interface for terminals: enrolment, renewal,
// records, and the feed's files where the hub serves them itself. openapi.json
// describes it (OpenAPI 3.1); errors are problems of RFC 9457. What is decided is
// decided in sync/hub/fleet; here are routes, limits and words.
package gate

import (
	"context"
	_ "embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"jobhome/sync/hub/fleet"
)

// Bounds of requests. A batch of fleet.MostRecords usual records has about 1 MB.
const (
	mostBatch   = 4 << 20 // bytes
	mostRequest = 16 << 10
	mostAtOnce  = 64 // batches that are taken in at the same time
)

// Opts is what a gate needs from elsewhere.
type Opts struct {
	Fleet *fleet.Fleet
	Feed  fs.FS // the tree of files; nil: another server has it
	Now   func() time.Time
	Log   *slog.Logger
	// Profile is what a terminal is told that was just enrolled: its profile as text
	// (kiosk/profile). Nil: nothing.
	Profile func(fleet.Enrolled) (string, error)
}

// Gate serves terminals. Its methods may be called from any goroutine.
type Gate struct {
	o       Opts
	feed    *feed
	working chan struct{} // has room for mostAtOnce
	codes   *limiter      // tries to enrol, by address
	all     *limiter      // tries to enrol, of everybody
	batches *limiter      // by terminal
}

// New makes a gate.
func New(o Opts) (*Gate, error) {
	if o.Fleet == nil || o.Now == nil || o.Log == nil {
		return nil, errors.New("gate: no fleet, no clock or no log")
	}
	g := &Gate{
		o: o, working: make(chan struct{}, mostAtOnce),
		codes: newLimiter(10, 10*time.Second), all: newLimiter(60, time.Second), batches: newLimiter(120, time.Second/2),
	}
	if o.Feed != nil {
		g.feed = newFeed(o.Feed, g.nothing)
	}
	return g, nil
}

// route is one thing that can be asked of the hub.
type route struct {
	method, path string
	serve        func(w http.ResponseWriter, r *http.Request)
}

// routes are those for terminals; openapi.json has them all.
func (g *Gate) routes() []route {
	list := []route{
		{"POST", "/v1/enrol", g.enrol},
		{"POST", "/v1/renew", g.renew},
		{"POST", "/v1/records", g.records},
		{"GET", "/v1/openapi.json", serveOpenAPI},
		{"GET", "/healthz", g.health},
	}
	if g.feed != nil {
		for _, path := range []string{"/root/{file}", "/b/{board}/head", "/o/{two}/{hash}"} {
			list = append(list, route{"GET", path, g.feed.serve})
		}
	}
	return list
}

// inside are the routes for those who run the hub.
func (g *Gate) inside() []route {
	return []route{
		{"GET", "/metrics", g.metrics},
		{"GET", "/healthz", g.health},
	}
}

// Handler serves terminals. It belongs behind TLS as ca.Server.Config has it;
// the feed's files and /healthz may be served without as well.
func (g *Gate) Handler() http.Handler { return g.handler(g.routes()) }

// Inside serves those who run the hub: /metrics names every terminal, so it is
// for a port that the world does not reach.
func (g *Gate) Inside() http.Handler { return g.handler(g.inside()) }

func (g *Gate) handler(routes []route) http.Handler {
	mux := http.NewServeMux()
	methods := map[string][]string{}
	for _, r := range routes {
		mux.HandleFunc(r.method+" "+r.path, r.serve)
		methods[r.path] = append(methods[r.path], r.method)
	}
	for path, allow := range methods {
		if allow[0] == "GET" {
			allow = append(allow, "HEAD")
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", strings.Join(allow, ", "))
			g.refuse(w, r, methodNotAllowed, nil)
		})
	}
	mux.HandleFunc("/", g.nothing)
	return mux
}

func (g *Gate) nothing(w http.ResponseWriter, r *http.Request) { g.refuse(w, r, notFound, nil) }

//go:embed openapi.json
var openAPI []byte

func serveOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write(openAPI)
}

// health answers 200 as long as the database does.
func (g *Gate) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := g.o.Fleet.Check(ctx); err != nil {
		g.refuse(w, r, busy, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}
