package desk

import (
	"context"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/intake"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/sheet"
)

// Options are what a desk works on. All but Address and Log must be set.
type Options struct {
	DB        *hubdb.DB // for uploads that wait for their second step
	People    *people.People
	Postings  Postings
	Publisher Publisher
	Residents Residents
	Sites     Sites
	Figures   Figures
	Now       func() time.Time
	Hub       func() (sheet.Hub, error) // what a new terminal is told of the hub

	// Read reads a file of postings and keeps nothing: intake.Read.
	Read func(ctx context.Context, r io.Reader, o intake.Options) (*intake.Result, error)

	// Address tells where a request comes from, for the limits of logging in. Nil:
	// the other end of the connection. Behind a proxy it reads the proxy's header.
	Address func(*http.Request) string
	Log     *slog.Logger // nil: slog.Default
}

// Desk serves the staff's site below /desk/.
type Desk struct {
	Options
	pages map[string]map[lang]*template.Template // by file
	inner http.Handler
}

// New makes the desk's tables where they are missing.
func New(ctx context.Context, o Options) (*Desk, error) {
	if o.DB == nil || o.People == nil || o.Postings == nil || o.Read == nil || o.Publisher == nil ||
		o.Residents == nil || o.Sites == nil || o.Figures == nil || o.Now == nil || o.Hub == nil {
		return nil, errors.New("desk: a part of the hub is missing")
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Address == nil {
		o.Address = otherEnd
	}
	if err := o.DB.Migrate(ctx, "desk", schema); err != nil {
		return nil, err
	}
	d := &Desk{Options: o}
	var err error
	if d.pages, err = allPages(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, r := range d.routes() {
		mux.Handle(r.method+" "+r.path, d.guard(r))
	}
	mux.HandleFunc("/desk/", d.notFound)
	d.inner = headers(http.NewCrossOriginProtection().Handler(mux))
	return d, nil
}

// ServeHTTP serves one page.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.inner.ServeHTTP(w, r) }

func otherEnd(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// headers say that nothing but the hub's own style sheet and pictures is loaded,
// that nobody frames the pages, and that nobody keeps them.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; "+
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
