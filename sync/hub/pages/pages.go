// Package pages serves the page that a slip's QR code opens, /p/<posting>?r=<code>:
// the posting on a phone, for people who read slowly, without a login, a cookie or
// a script. DESIGN.md tells what it promises.
package pages

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/postings"
)

// Postings is what the pages ask of package postings.
type Postings interface {
	View(ctx context.Context, id string) (postings.View, error)
	Similar(ctx context.Context, id string, most int) ([]kiosk.Posting, error)
}

// Slips knows what has become of a slip; its error wraps kiosk.ErrNoReferral when
// it has not heard of the code.
type Slips interface {
	Outcome(ctx context.Context, code kiosk.Code) (kiosk.Outcome, time.Time, error)
}

// Inbox takes what people ask for and say. It seals phone numbers; the pages keep
// nothing.
type Inbox interface {
	Request(ctx context.Context, r kiosk.Request) error
	Complain(ctx context.Context, b kiosk.BadPosting) error
}

// Opts says how the pages are served.
type Opts struct {
	Base  string // of the pages' own addresses, no slash at its end
	Name  string // of the employment home, e.g. "共青城市就业之家"
	Phone string // of its desk; empty: none is shown
	Site  string // stands as the site in what people ask for
	Slips Slips  // nil: nothing is said about slips
	Inbox Inbox  // nil: there are no forms
	// Address is the network address of whoever asks, where a proxy stands before
	// the hub; nil: that of the connection. It is only ever hashed.
	Address func(r *http.Request) string
	// PerHour is how many forms one address may send, and ten times as many codes it
	// may look up; 0 is 20. Many phones share one address.
	PerHour int
	Log     *slog.Logger // nil: nothing is logged; never an address, a code or a number
	Now     func() time.Time
}

// Pages is the handler.
type Pages struct {
	o        Opts
	postings Postings
	mux      *http.ServeMux
	page     *template.Template
	limit    *limiter
}

// New makes the handler for everything below /p/.
func New(p Postings, o Opts) (*Pages, error) {
	if o.Base == "" || o.Site == "" {
		return nil, errors.New("pages: the address of the pages and the site must be given")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Address == nil {
		o.Address = func(r *http.Request) string { return r.RemoteAddr }
	}
	if o.PerHour == 0 {
		o.PerHour = 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	page, err := parsePage()
	if err != nil {
		return nil, err
	}
	limit, err := newLimiter(o.Now)
	if err != nil {
		return nil, err
	}
	h := &Pages{o: o, postings: p, page: page, limit: limit, mux: http.NewServeMux()}
	h.mux.HandleFunc("GET /p/{posting}", h.show)
	if o.Inbox != nil {
		h.mux.HandleFunc("POST /p/{posting}/call", h.form(h.callBack))
		h.mux.HandleFunc("POST /p/{posting}/report", h.form(h.complain))
	}
	return h, nil
}

// ServeHTTP answers. Nothing may be loaded from anywhere, and where a link leads
// nobody is told the address, which holds the code of a slip.
func (h *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Security-Policy", policy)
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
	h.mux.ServeHTTP(w, r)
}

// zone is China's one time zone: days on a page are its days, wherever the hub is.
var zone = time.FixedZone("CST", 8*60*60)

func (h *Pages) now() time.Time { return h.o.Now().In(zone) }

// fail writes down that something is broken: what, and never for whom.
func (h *Pages) fail(doing, posting string, err error) {
	h.o.Log.Error("page", "doing", doing, "posting", posting, "err", err)
}
