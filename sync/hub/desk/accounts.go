package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/sync/hub/people"
)

type accountsPage struct {
	All []people.Account
	May map[string]bool // by ID: this account may change it
}

func (c *call) accounts() error {
	all, err := c.People.List(c.r.Context(), c.session.Account)
	if err != nil {
		return err
	}
	p := accountsPage{All: all, May: map[string]bool{}}
	for _, a := range all {
		p.May[a.ID] = c.session.Account.MayManage(&a)
	}
	return c.page("accounts.html", "nav.accounts", p)
}

// accountPage is the form of an account, a new one when it has no ID.
type accountPage struct {
	people.Account
	Roles    []people.Role // that may be given
	Rights   map[people.Role][]people.Right
	Wrong    string
	Password string // that was made just now, shown once
}

func (c *call) accountPage(p accountPage) error {
	p.Rights = map[people.Role][]people.Right{}
	for _, r := range people.Roles() {
		probe := people.Account{ID: "new", Role: r, Area: c.session.Account.Area, Site: c.session.Account.Site}
		if !c.session.Account.MayManage(&probe) {
			continue
		}
		p.Roles = append(p.Roles, r)
		p.Rights[r] = slices.DeleteFunc(people.Rights(), func(right people.Right) bool { return !r.May(right) })
	}
	title := "account.new"
	if p.ID != "" {
		title = "account.change"
	}
	return c.page("account.html", title, p)
}

func (c *call) newAccount() error {
	return c.accountPage(accountPage{Account: people.Account{Area: c.session.Account.Area}})
}

// readAccount reads the form over what is there.
func (c *call) readAccount(a people.Account) people.Account {
	a.Person = strings.TrimSpace(c.form("person"))
	a.Role = people.Role(c.form("role"))
	a.Area = kiosk.Area(strings.TrimSpace(c.form("area")))
	a.Site = strings.TrimSpace(c.form("site"))
	a.Disabled = c.form("disabled") != ""
	return a
}

// addAccount makes an account with a password that is shown once, to be handed
// over and changed at the first login.
func (c *call) addAccount() error {
	a := c.readAccount(people.Account{Name: strings.ToLower(strings.TrimSpace(c.form("name")))})
	password := people.MadePassword()
	made, err := c.People.Add(c.r.Context(), c.session.Account, a, password)
	if err != nil {
		return c.formPage(err, func(wrong string) error { return c.accountPage(accountPage{Account: a, Wrong: wrong}) })
	}
	return c.accountPage(accountPage{Account: made, Password: password})
}

// managed returns the account of the address, when it may be changed by this one.
func (c *call) managed() (people.Account, error) {
	a, err := c.People.Account(c.r.Context(), c.r.PathValue("id"))
	if err == nil && !c.session.Account.MayManage(&a) {
		err = people.ErrNotYours
	}
	return a, err
}

func (c *call) account() error {
	a, err := c.managed()
	if err != nil {
		return err
	}
	return c.accountPage(accountPage{Account: a})
}

func (c *call) changeAccount() error {
	was, err := c.managed()
	if err != nil {
		return err
	}
	a := c.readAccount(was)
	if err := c.People.Change(c.r.Context(), c.session.Account, a); err != nil {
		if errors.Is(err, people.ErrNotYours) {
			c.status = http.StatusForbidden
			return c.accountPage(accountPage{Account: a, Wrong: c.t("trouble.above")})
		}
		return c.formPage(err, func(wrong string) error { return c.accountPage(accountPage{Account: a, Wrong: wrong}) })
	}
	return c.redirect("/desk/accounts", "changed")
}

// resetPassword gives an account a new password that is shown once.
func (c *call) resetPassword() error {
	a, err := c.managed()
	if err != nil {
		return err
	}
	password := people.MadePassword()
	if err := c.People.SetPassword(c.r.Context(), c.session.Account, a.ID, password); err != nil {
		return err
	}
	return c.accountPage(accountPage{Account: a, Password: password})
}
