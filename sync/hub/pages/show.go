package pages

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/jobposting"
	"jobhome/sync/hub/postings"
)

// mostSimilar is how many similar postings a page offers.
const mostSimilar = 5

// asked is what somebody asks for.
type asked struct {
	id   string
	lang words.Lang
	code kiosk.Code
	// badCode tells that a code was given that is none.
	badCode bool
}

func readAsked(id, lang, code string) asked {
	a := asked{id: id, lang: words.Zh}
	if lang == string(words.En) {
		a.lang = words.En
	}
	if code != "" {
		var err error
		a.code, err = kiosk.ParseCode(code)
		a.badCode = err != nil
	}
	return a
}

func (h *Pages) show(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	id, wantJSON := strings.CutSuffix(r.PathValue("posting"), ".json")
	a := readAsked(id, q.Get("lang"), q.Get("r"))
	if wantJSON {
		h.showJSON(w, r, a)
		return
	}
	p, status := h.build(r.Context(), a)
	if q.Get("r") != "" {
		h.slip(r, p, a)
	}
	switch q.Get("done") {
	case "call":
		p.Notice = &notice{p.T("web.called"), p.T("web.called.is")}
	case "report":
		p.Notice = &notice{p.T("web.reported"), p.T("web.reported.is")}
	}
	// A page that says something of a slip is nobody else's.
	public := q.Get("r") == "" && p.Notice == nil && status == http.StatusOK
	h.write(w, r, p, answer{status, public})
}

// answer is how a page is answered.
type answer struct {
	status int
	public bool // caches may keep it for a minute
}

func (h *Pages) write(w http.ResponseWriter, r *http.Request, p *page, a answer) {
	body, err := h.render(p)
	if err != nil {
		h.fail("render", "", err)
		http.Error(w, p.T("web.broken"), http.StatusInternalServerError)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Language", p.HTMLLang())
	if p.Robots != "all" {
		head.Set("X-Robots-Tag", "noindex")
	}
	h.send(w, r, a, body)
}

// send sends a body. What a cache may keep has a tag, so that an unchanged page
// costs nothing.
func (h *Pages) send(w http.ResponseWriter, r *http.Request, a answer, body []byte) {
	if !a.public {
		w.WriteHeader(a.status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(body)
		}
		return
	}
	// A minute: a posting that is taken down must be gone soon.
	w.Header().Set("Cache-Control", "public, max-age=60")
	sum := sha256.Sum256(body)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// build makes the page of a posting, without the slip and without what was done.
func (h *Pages) build(ctx context.Context, a asked) (*page, int) {
	p := h.newPage(a.id, a.lang, a.code)
	v, err := h.view(ctx, a.id)
	switch {
	case errors.Is(err, postings.ErrUnknown):
		p.Over = &over{Title: p.T("web.unknown"), Hint: p.T("web.unknown.what")}
		p.Title = p.Over.Title
		return p, http.StatusNotFound
	case err != nil:
		return h.broken(p, "show", a.id, err)
	}
	status := http.StatusOK
	if v.Status == postings.Published {
		h.offer(p, &v, h.now())
		if p.JSONLD, err = h.ld(&v.Posting); err != nil {
			return h.broken(p, "write JSON-LD", a.id, err)
		}
		if p.Robots = "all"; a.code != "" {
			p.Robots = "noindex"
		}
		h.addForms(p, a.id)
		return p, status
	}
	if v.Status == postings.Revoked {
		status = http.StatusGone
	}
	p.Over = overOf(p, &v, h.now())
	p.Title = p.Over.Title
	list, err := h.postings.Similar(ctx, a.id, mostSimilar)
	if err != nil {
		h.fail("similar", a.id, err) // the page is good without
	}
	p.ShowSimilar = true
	for i := range list {
		p.Similar = append(p.Similar, like(a.lang, &list[i], v.Posting.Location))
	}
	return p, status
}

func (h *Pages) broken(p *page, doing, id string, err error) (*page, int) {
	h.fail(doing, id, err)
	p.Over = &over{Title: p.T("web.broken"), Hint: p.T("web.broken.what")}
	p.Title, p.Job, p.Forms = p.Over.Title, nil, nil
	return p, http.StatusInternalServerError
}

// view asks for a posting. What cannot be an id is unknown without asking.
func (h *Pages) view(ctx context.Context, id string) (postings.View, error) {
	for _, c := range id {
		if c > 'z' || !strings.ContainsRune("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", c) {
			return postings.View{}, postings.ErrUnknown
		}
	}
	if id == "" || len(id) > kiosk.MaxPostingID {
		return postings.View{}, postings.ErrUnknown
	}
	return h.postings.View(ctx, id)
}

// overOf says that a posting is over, and as little of it as is right: nothing of
// one that was taken down, no number of one that is no longer offered.
func overOf(p *page, v *postings.View, now time.Time) *over {
	o := &over{}
	switch {
	case v.Status == postings.Revoked:
		o.Title, o.Text = p.T("web.revoked"), p.T("web.revoked.what")
		return o
	case v.Status == postings.Expired:
		o.Title = p.T("web.expired")
	case v.Status == postings.Closed && v.Filled:
		o.Title = p.T("web.filled")
	case v.Status == postings.Closed:
		o.Title = p.T("web.closed")
	default:
		o.Title = p.T("web.paused")
		return o
	}
	if !v.Ended.IsZero() {
		o.Since = words.T(p.Lang, "web.over.on", words.Past(p.Lang, v.Ended.In(now.Location()), now))
	}
	if v.Posting.Title != "" {
		o.Was = p.T("web.was") + " " + v.Posting.Title + " · " + v.Posting.Employer.Name
	}
	return o
}

// slip says what has become of the slip whose code was given.
func (h *Pages) slip(r *http.Request, p *page, a asked) {
	if h.o.Slips == nil {
		return
	}
	if a.badCode {
		p.Slip = &slip{Text: p.T("web.slip.wrong")}
		return
	}
	p.Slip = &slip{Code: words.T(p.Lang, "web.slip.code", a.code.Grouped())}
	if ok, _ := h.limit.take(h.o.Address(r), "code", 10*h.o.PerHour); !ok {
		p.Slip.Text = p.T("web.busy")
		return
	}
	outcome, at, err := h.o.Slips.Outcome(r.Context(), a.code)
	switch {
	case errors.Is(err, kiosk.ErrNoReferral):
		p.Slip.Text = p.T("web.slip.later")
	case err != nil:
		h.fail("look a slip up", a.id, errors.New("the store of slips failed")) // its words may hold the code
		p.Slip.Text = p.T("web.slip.cannot")
	case words.Outcome(p.Lang, outcome) == "":
		p.Slip.Text = p.T("web.slip.none")
	default:
		now := h.now()
		p.Slip.Text = words.Outcome(p.Lang, outcome)
		p.Slip.At = words.T(p.Lang, "web.slip.at", words.Past(p.Lang, at.In(now.Location()), now))
	}
}

// status is a posting for programs.
type statusJSON struct {
	ID      string          `json:"id"`
	Status  postings.Status `json:"status"`
	Leader  string          `json:"leader,omitempty"` // the id under which it stands on boards
	Sources []string        `json:"sources,omitempty"`
	Ended   string          `json:"ended,omitempty"`
	Job     *jobposting.Job `json:"job,omitempty"` // of an open one only
}

func (h *Pages) showJSON(w http.ResponseWriter, r *http.Request, a asked) {
	v, err := h.view(r.Context(), a.id)
	out, ans := statusJSON{ID: a.id, Status: v.Status}, answer{http.StatusOK, true}
	switch {
	case errors.Is(err, postings.ErrUnknown):
		problem(w, http.StatusNotFound, "no such posting")
		return
	case err != nil:
		h.fail("show", a.id, err)
		problem(w, http.StatusInternalServerError, "the postings cannot be read")
		return
	}
	if !v.Ended.IsZero() {
		out.Ended = v.Ended.UTC().Format(time.RFC3339)
	}
	if v.Status == postings.Published {
		job := jobposting.Of(&v.Posting, h.o.Base)
		out.Job, out.Leader = &job, v.Leader
		for _, s := range v.Sources {
			out.Sources = append(out.Sources, s.Name)
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		h.fail("write JSON", a.id, err)
		problem(w, http.StatusInternalServerError, "the posting cannot be written")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("X-Robots-Tag", "noindex")
	h.send(w, r, ans, body)
}

// problem answers with RFC 9457.
func problem(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"type":"about:blank","status":` + strconv.Itoa(status) + `,"title":` + strconv.Quote(title) + "}\n"))
}
