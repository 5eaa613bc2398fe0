package desk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"jobhome/sync/hub/people"
)

// The cookies. All are Secure, HttpOnly, SameSite=Strict and for /desk/ only.
const (
	sessionCookie = "__Secure-desk"
	doorCookie    = "__Secure-door" // ties the login form to the browser that it was shown to
	langCookie    = "__Secure-lang"
)

const (
	homePath     = "/desk/"
	loginPath    = "/desk/login"
	logoutPath   = "/desk/logout"
	passwordPath = "/desk/password"
)

func cookie(r *http.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// setCookie sets a cookie, or with an empty value deletes it. It lasts as long
// as the browser runs, or as long as life says.
func (c *call) setCookie(name, value string, life time.Duration) {
	k := &http.Cookie{
		Name: name, Value: value, Path: homePath, MaxAge: int(life.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	if value == "" {
		k.MaxAge = -1
	}
	http.SetCookie(c.w, k)
}

type loginPage struct{ Name, To, Door, Wrong string }

func (c *call) login() error {
	if _, err := c.People.Resume(c.r.Context(), cookie(c.r, sessionCookie)); err == nil {
		return c.redirect(homePath, "")
	}
	return c.loginPage(loginPage{To: c.r.URL.Query().Get("to")})
}

func (c *call) loginPage(p loginPage) error {
	door := cookie(c.r, doorCookie)
	if len(door) < 20 {
		door = rand.Text()
		c.setCookie(doorCookie, door, 0)
	}
	p.Door = doorToken(door)
	return c.page("login.html", "login.title", p)
}

func doorToken(door string) string {
	mac := hmac.New(sha256.New, []byte(door))
	mac.Write([]byte("jobhome desk login"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (c *call) doLogin() error {
	door := cookie(c.r, doorCookie)
	p := loginPage{Name: strings.ToLower(strings.TrimSpace(c.form("name"))), To: c.form("to")}
	if len(door) < 20 || !hmac.Equal([]byte(doorToken(door)), []byte(c.form("door"))) {
		c.status, p.Wrong = http.StatusForbidden, c.t("trouble.form")
		return c.loginPage(p)
	}
	s, err := c.People.Login(c.r.Context(), people.Try{
		Name: p.Name, Password: c.form("password"), Address: c.Address(c.r),
	})
	if err != nil {
		return c.formPage(err, func(wrong string) error {
			p.Wrong = wrong
			return c.loginPage(p)
		})
	}
	c.setCookie(sessionCookie, s.Token(), 0)
	c.setCookie(doorCookie, "", 0)
	return c.redirect(within(p.To), "")
}

func (c *call) logout() error {
	if err := c.People.Logout(c.r.Context(), c.session, c.form("everywhere") != ""); err != nil {
		return err
	}
	c.setCookie(sessionCookie, "", 0)
	return c.redirect(loginPath, "out")
}

type passwordPage struct {
	Least int
	Wrong string
}

func (c *call) password() error { return c.passwordPage("") }

func (c *call) passwordPage(wrong string) error {
	return c.page("password.html", "password.title", passwordPage{people.MinPassword, wrong})
}

// doPassword changes one's own password, which ends all sessions. The old one is
// asked for and counted as at the door, or a screen left alone would be enough.
func (c *call) doPassword() error {
	a := c.session.Account
	fresh := c.form("new")
	if fresh != c.form("again") {
		c.status = http.StatusUnprocessableEntity
		return c.passwordPage(c.t("trouble.again"))
	}
	if fresh == c.form("old") {
		c.status = http.StatusUnprocessableEntity
		return c.passwordPage(c.t("trouble.same"))
	}
	_, err := c.People.Login(c.r.Context(), people.Try{Name: a.Name, Password: c.form("old"), Address: c.Address(c.r)})
	if errors.Is(err, people.ErrLogin) {
		c.status = http.StatusUnprocessableEntity
		return c.passwordPage(c.t("trouble.old"))
	}
	if err == nil {
		err = c.People.SetPassword(c.r.Context(), a, a.ID, fresh)
	}
	if err != nil {
		return c.formPage(err, c.passwordPage)
	}
	c.setCookie(sessionCookie, "", 0)
	return c.redirect(loginPath, "password")
}

// language chooses the language of this browser and goes back to the page.
func (c *call) language() error {
	to := zh
	if lang(c.r.URL.Query().Get("to")) == en {
		to = en
	}
	c.setCookie(langCookie, string(to), 365*24*time.Hour)
	return c.redirect(within(c.r.URL.Query().Get("back")), "")
}
