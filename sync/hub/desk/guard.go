package desk

import (
	"errors"
	"net/http"

	"jobhome/sync/hub/people"
)

// route is one page or one act.
type route struct {
	method, path string
	right        people.Right
	serve        func(c *call) error
}

// Instead of a right: whom a route is for.
const (
	anybody people.Right = "anybody" // who is not logged in, too
	staff   people.Right = "staff"   // every account
)

// mostForm is the greatest size of a form in bytes, other than an upload's.
const mostForm = 256 << 10

// call is one request.
type call struct {
	*Desk
	w       http.ResponseWriter
	r       *http.Request
	route   route
	lang    lang
	session people.Session // zero on pages for anybody
	status  int            // of the answer; 0: 200
}

// guard lets a request through to its route when the account may, and a form
// when it was made for the session.
func (d *Desk) guard(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Desk: d, w: w, r: r, route: rt, lang: langOf(r)}
		if err := c.pass(); err != nil {
			c.refuse(err)
		}
	})
}

func (c *call) pass() error {
	limit := int64(mostForm)
	if c.route.path == uploadPath {
		limit = mostUpload + mostForm
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, limit)
	if c.route.right == anybody {
		return c.route.serve(c)
	}
	var err error
	if c.session, err = c.People.Resume(c.r.Context(), cookie(c.r, sessionCookie)); errors.Is(err, people.ErrNoSession) {
		return c.toLogin()
	} else if err != nil {
		return err
	}
	if c.r.Method == http.MethodPost && !c.session.Owns(c.form("csrf")) {
		if err := c.parseError(); err != nil {
			return err
		}
		return problem{http.StatusForbidden, "trouble.form", nil}
	}
	if c.session.Account.MustChange && c.route.path != passwordPath && c.route.path != logoutPath {
		return c.redirect(passwordPath, "")
	}
	if c.route.right != staff && !c.session.Account.May(c.route.right) {
		return problem{http.StatusForbidden, "trouble.right", nil}
	}
	return c.route.serve(c)
}

// form returns a value of the form.
func (c *call) form(name string) string { return c.r.PostFormValue(name) }

// parseError tells why a form could not be read, e.g. because it is too large.
func (c *call) parseError() error {
	err := c.r.ParseMultipartForm(1 << 20)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return problem{http.StatusRequestEntityTooLarge, "trouble.large", []any{mostUpload >> 20}}
	}
	return nil
}

// toLogin sends whoever is not logged in to the door, and back afterwards where
// that does nothing.
func (c *call) toLogin() error {
	to := loginPath
	if c.r.Method == http.MethodGet && c.r.URL.Path != homePath {
		to += "?to=" + escape(c.r.URL.RequestURI())
	}
	return c.redirect(to, "")
}

// act writes to the audit log what is going to be done, does it, and writes that
// it failed when it did.
func (c *call) act(e people.Entry, do func() error) error {
	e.Actor = c.session.Account.Name
	if err := c.People.Log(c.r.Context(), e); err != nil {
		return err
	}
	err := do()
	if err != nil {
		e.Action += ".failed"
		if logged := c.People.Log(c.r.Context(), e); logged != nil {
			return errors.Join(err, logged)
		}
	}
	return err
}
