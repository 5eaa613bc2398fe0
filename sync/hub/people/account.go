package people

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
)

// What can be wrong with an account or with what is asked of it. The words for
// people are chosen by who shows them.
var (
	ErrName      = errors.New("a name has 3 to 32 of a-z, 0-9, dot, dash and underscore")
	ErrPerson    = errors.New("the person's name is missing or longer than 30 characters")
	ErrRole      = errors.New("there is no such role")
	ErrArea      = errors.New("the area is missing or no code of 2, 4, 6, 9 or 12 digits")
	ErrSite      = errors.New("an account of a zone, a college or a village needs its site or a village's code")
	ErrTaken     = errors.New("the name is taken")
	ErrNoAccount = errors.New("there is no such account")
	ErrNotYours  = errors.New("the account may not do this")
)

// Account is one member of staff.
type Account struct {
	ID         string
	Name       string // to log in with; never changes
	Person     string // e.g. "王芳"
	Role       Role
	Area       kiosk.Area // what the account is for, and all that lies in it
	Site       string     // one site only; "" all of the area
	Disabled   bool
	MustChange bool // somebody else chose the password
	Created    time.Time
	LastLogin  time.Time // zero: never

	console bool
}

// Console is whoever sits at the hub's own machine: it makes the first account.
var Console = Account{ID: "console", Name: "console", Person: "console", console: true}

// May reports whether the account may do what the right names.
func (a *Account) May(r Right) bool { return a.console || !a.Disabled && a.Role.May(r) }

// Covers reports whether a thing of an area and, where it has one, of a site is
// within what the account is for. An account of one site covers things without
// a site by its area only.
func (a *Account) Covers(area kiosk.Area, site string) bool {
	switch {
	case a.console:
		return true
	case a.Site != "" && site != "":
		return a.Site == site
	}
	return area.Within(a.Area)
}

// MayManage reports whether a may make or change the account other: one of its
// area, of no higher role, and not its own.
func (a *Account) MayManage(other *Account) bool {
	if a.console {
		return true
	}
	return a.May(Accounts) && a.ID != other.ID && a.Covers(other.Area, other.Site) && other.Role.rank() >= a.Role.rank()
}

// Check returns what is wrong with the account, or nil.
func (a *Account) Check() error {
	switch {
	case !goodName(a.Name) || a.Name == Console.Name:
		return fmt.Errorf("%q: %w", a.Name, ErrName)
	case strings.TrimSpace(a.Person) == "" || utf8.RuneCountInString(a.Person) > 30:
		return ErrPerson
	case !a.Role.Valid():
		return fmt.Errorf("%q: %w", a.Role, ErrRole)
	case a.Area.Check() != nil:
		return fmt.Errorf("%w: %w", ErrArea, a.Area.Check())
	case a.needsSite() && a.Site == "":
		return ErrSite
	case len(a.Site) > 64:
		return ErrSite
	}
	return nil
}

func (a *Account) needsSite() bool {
	return a.Role == Zone || a.Role == College || a.Role == Village && len(a.Area) < 12
}

func goodName(s string) bool {
	if len(s) < 3 || len(s) > 32 {
		return false
	}
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
