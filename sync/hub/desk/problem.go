package desk

import (
	"context"
	"errors"
	"net/http"

	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// problem is what a person is told instead of a page.
type problem struct {
	status int
	key    string // of the catalogue: what happened and what to do
	args   []any
}

func (p problem) Error() string { return p.key }

// known are the errors that people can do something about.
var known = []struct {
	err    error
	status int
	key    string
}{
	{postings.ErrUnknown, http.StatusNotFound, "trouble.gone"},
	{postings.ErrEyes, http.StatusConflict, "trouble.foureyes"},
	{postings.ErrMoved, http.StatusConflict, "trouble.stale"},
	{postings.ErrBlocked, http.StatusConflict, "trouble.findings"},
	{postings.ErrState, http.StatusConflict, "trouble.state"},
	{postings.ErrEnded, http.StatusConflict, "trouble.ended"},
	{postings.ErrWho, http.StatusUnprocessableEntity, "trouble.reason"},
	{fleet.ErrUnknown, http.StatusNotFound, "trouble.gone"},
	{fleet.ErrInvalid, http.StatusUnprocessableEntity, "trouble.invalid"},
	{fleet.ErrForgotten, http.StatusGone, "trouble.forgotten"},
	{errClaimed, http.StatusConflict, "trouble.claimed"},
	{people.ErrNoAccount, http.StatusNotFound, "trouble.gone"},
	{people.ErrNotYours, http.StatusForbidden, "trouble.right"},
	{people.ErrName, http.StatusUnprocessableEntity, "trouble.name"},
	{people.ErrPerson, http.StatusUnprocessableEntity, "trouble.person"},
	{people.ErrRole, http.StatusUnprocessableEntity, "trouble.role"},
	{people.ErrArea, http.StatusUnprocessableEntity, "trouble.area"},
	{people.ErrSite, http.StatusUnprocessableEntity, "trouble.site"},
	{people.ErrTaken, http.StatusConflict, "trouble.taken"},
	{people.ErrShort, http.StatusUnprocessableEntity, "trouble.short"},
	{people.ErrLong, http.StatusUnprocessableEntity, "trouble.long"},
	{people.ErrDigits, http.StatusUnprocessableEntity, "trouble.digits"},
	{people.ErrPlain, http.StatusUnprocessableEntity, "trouble.plain"},
	{people.ErrLogin, http.StatusUnauthorized, "trouble.login"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "trouble.busy"},
}

// explain turns an error into what a person is told; ok is false when nobody
// foresaw it.
func explain(err error) (p problem, ok bool) {
	var wait *people.WaitError
	if errors.As(err, &p) {
		return p, true
	}
	if errors.As(err, &wait) {
		return problem{http.StatusTooManyRequests, "trouble.wait", []any{wait.Until.In(beijing).Format("15:04:05")}}, true
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return problem{k.status, k.key, nil}, true
		}
	}
	return problem{http.StatusInternalServerError, "trouble.inner", nil}, false
}

// refuse shows what happened. What nobody foresaw goes to the hub's log with the
// page, never to the person.
func (c *call) refuse(err error) {
	p, ok := explain(err)
	if !ok && c.r.Context().Err() == nil {
		c.Log.Error("desk", "method", c.r.Method, "page", c.route.path, "err", err)
	}
	c.status = p.status
	if err := c.page("trouble.html", "trouble.title", c.t(p.key, p.args...)); err != nil {
		c.Log.Error("desk", "page", "trouble.html", "err", err)
	}
}

func (d *Desk) notFound(w http.ResponseWriter, r *http.Request) {
	c := &call{Desk: d, w: w, r: r, lang: langOf(r), route: route{path: r.URL.Path}}
	c.session, _ = d.People.Resume(r.Context(), cookie(r, sessionCookie))
	c.refuse(problem{http.StatusNotFound, "trouble.gone", nil})
}
