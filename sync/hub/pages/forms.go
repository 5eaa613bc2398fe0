package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/postings"
)

// consent is the catalogue's name of the words that somebody agrees to.
const consent = "web.agree"

// mostForm is more than any form has, in bytes.
const mostForm = 4 << 10

func (h *Pages) addForms(p *page, id string) {
	if h.o.Inbox == nil {
		return
	}
	p.Forms = &forms{Path: "/p/" + id, Consent: consent}
	for _, c := range kiosk.Complaints() {
		p.Forms.Complaints = append(p.Forms.Complaints, complaint{string(c), words.T(p.Lang, "complaint."+string(c))})
	}
}

// sent is a form that somebody sent about a posting that is offered.
type sent struct {
	asked
	form url.Values
	page *page
	now  time.Time
	wait time.Duration // until another form is taken
}

// form reads a form, refuses what no person sends, and hands it on. What f
// returns is the status; when it is 303 the page is shown anew with what was
// done, so that going back and forth sends nothing twice.
func (h *Pages) form(f func(r *http.Request, s *sent) (status int, done string)) http.HandlerFunc {
	origin := http.NewCrossOriginProtection()
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		if err := r.ParseForm(); err != nil {
			http.Error(w, words.T(words.Zh, "web.failed"), http.StatusBadRequest)
			return
		}
		a := readAsked(r.PathValue("posting"), r.PostForm.Get("lang"), r.PostForm.Get("r"))
		if origin.Check(r) != nil {
			http.Error(w, words.T(a.lang, "web.failed"), http.StatusForbidden)
			return
		}
		s := &sent{asked: a, form: r.PostForm, now: h.now()}
		var status int
		if s.page, status = h.build(r.Context(), a); s.page.Forms == nil {
			h.write(w, r, s.page, answer{status: status})
			return
		}
		status, done := f(r, s)
		if status != http.StatusSeeOther {
			if status == http.StatusTooManyRequests {
				w.Header().Set("Retry-After", strconv.Itoa(int(s.wait.Seconds())+1))
			}
			s.page.Robots = "noindex"
			h.write(w, r, s.page, answer{status: status})
			return
		}
		to, _ := url.Parse(path(a.id, a.lang, a.code))
		q := to.Query()
		q.Set("done", done)
		to.RawQuery = q.Encode()
		http.Redirect(w, r, to.String(), http.StatusSeeOther)
	}
}

// accept counts the form, and reports whether it is to be taken. A form that fills
// the field that nobody sees is answered as if it had been taken.
func (h *Pages) accept(r *http.Request, s *sent, done string) (status int, _ string, take bool) {
	if s.form.Get("website") != "" {
		return http.StatusSeeOther, done, false
	}
	ok, wait := h.limit.take(h.o.Address(r), "form", h.o.PerHour)
	if s.wait = wait; !ok {
		s.page.Notice = &notice{Title: s.page.T("web.busy")}
		return http.StatusTooManyRequests, "", false
	}
	return 0, "", true
}

func (h *Pages) callBack(r *http.Request, s *sent) (int, string) {
	f := s.page.Forms
	f.CallOpen, f.Phone = true, s.form.Get("phone")
	number := digits(f.Phone)
	if kiosk.CheckPhone(number) != nil {
		f.PhoneWrong = s.page.T("web.phone.bad")
	}
	if s.form.Get("agree") != consent {
		f.AgreeWrong = s.page.T("web.agree.bad")
	}
	if f.PhoneWrong != "" || f.AgreeWrong != "" {
		return http.StatusUnprocessableEntity, ""
	}
	status, done, take := h.accept(r, s, "call")
	if !take {
		return status, done
	}
	return h.handOver(s, "call", h.o.Inbox.Request(r.Context(), kiosk.Request{
		Posting: s.id, Site: h.o.Site, Phone: number, Consent: consent, At: s.now,
	}))
}

func (h *Pages) complain(r *http.Request, s *sent) (int, string) {
	why := kiosk.Complaint(s.form.Get("why"))
	if !slices.Contains(kiosk.Complaints(), why) {
		s.page.Forms.ReportOpen, s.page.Forms.KindWrong = true, s.page.T("web.kind.bad")
		return http.StatusUnprocessableEntity, ""
	}
	status, done, take := h.accept(r, s, "report")
	if !take {
		return status, done
	}
	return h.handOver(s, "report", h.o.Inbox.Complain(r.Context(), kiosk.BadPosting{
		Posting: s.id, Site: h.o.Site, Why: why, At: s.now,
	}))
}

// handOver answers by what the inbox said, whose words are not written down: they
// may hold the number.
func (h *Pages) handOver(s *sent, done string, err error) (int, string) {
	if err != nil {
		h.fail("hand over a "+done, s.id, errors.New("the inbox failed"))
		s.page.Notice = &notice{Title: s.page.T("web.failed")}
		return http.StatusServiceUnavailable, ""
	}
	return http.StatusSeeOther, done
}

// digits is a number as people write it, without blanks, hyphens and the code of
// the country, and with full-width digits made narrow.
func digits(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case strings.ContainsRune(" -－—()（）\u3000\u00a0", r):
			return -1
		}
		return r
	}, s)
	for _, code := range []string{"+86", "0086"} {
		if rest, ok := strings.CutPrefix(s, code); ok {
			return rest
		}
	}
	return s
}

var _ Postings = (*postings.Postings)(nil)
