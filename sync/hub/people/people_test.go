package people

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
)

const secret = "correct horse battery"

var cheap = cost{memory: 64, passes: 1, threads: 1}

// clock is a clock that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) forward(d time.Duration) { c.at = c.at.Add(d) }

// each runs f on both databases with an empty staff.
func each(t *testing.T, f func(t *testing.T, p *People, c *clock)) {
	t.Helper()
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) {
		c := &clock{at: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
		p, err := open(t.Context(), db, c.now, cheap)
		if err != nil {
			t.Fatal(err)
		}
		f(t, p, c)
	})
}

// add makes an account, at the console.
func add(t *testing.T, p *People, name string, role Role, area kiosk.Area) Account {
	t.Helper()
	a := Account{Name: name, Person: "王芳", Role: role, Area: area}
	if a.needsSite() {
		a.Site = "site-" + name
	}
	a, err := p.Add(t.Context(), Console, a, secret)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		ctx := t.Context()
		city := add(t, p, "city", City, "360482")
		if city.MustChange {
			t.Error("who is made at the console must choose another password")
		}
		town, err := p.Add(ctx, city, Account{Name: "town", Person: "李强", Role: Town, Area: "360482001"}, secret)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Account(ctx, town.ID); err != nil || got.Role != Town || got.Area != "360482001" || !got.MustChange {
			t.Errorf("read back %+v, %v", got, err)
		}
		if _, err := p.Add(ctx, city, Account{Name: "town", Person: "李强", Role: Town, Area: "360482001"}, secret); !errors.Is(err, ErrTaken) {
			t.Errorf("a taken name: %v", err)
		}
		if _, err := p.Account(ctx, "nobody"); !errors.Is(err, ErrNoAccount) {
			t.Errorf("no account: %v", err)
		}
		add(t, p, "elsewhere", County, "360481")
		all, err := p.List(ctx, city)
		if err != nil || len(all) != 2 || all[0].Name != "city" || all[1].Name != "town" {
			t.Errorf("the city sees %+v, %v", all, err)
		}
	})
}

// An account makes and changes others of its area and of no higher role, never
// itself, and neither does a role without the right.
func TestWhoManagesWhom(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		ctx := t.Context()
		by := map[string]Account{
			"city": add(t, p, "city", City, "360482"), "county": add(t, p, "county", County, "360482"),
			"town": add(t, p, "town", Town, "360482001"), "operator": add(t, p, "operator", Operator, "36"),
		}
		for _, c := range []struct {
			by   string
			role Role
			area kiosk.Area
			want error
		}{
			{"city", City, "360482", nil},
			{"city", County, "360482", nil},
			{"city", Operator, "360482", nil},
			{"city", Province, "360482", ErrNotYours},
			{"city", Town, "360481001", ErrNotYours},
			{"city", City, "36", ErrNotYours},
			{"county", City, "360482", ErrNotYours},
			{"county", Town, "360482001", nil},
			{"town", Village, "360482001001", ErrNotYours},
			{"operator", Village, "360482001001", ErrNotYours},
		} {
			name := "new-" + c.by + "-" + string(c.role) + "-" + string(c.area)
			_, err := p.Add(ctx, by[c.by], Account{Name: name[:min(32, len(name))], Person: "x", Role: c.role, Area: c.area}, secret)
			if !errors.Is(err, c.want) || err != nil && c.want == nil {
				t.Errorf("%s makes a %s of %s: %v, not %v", c.by, c.role, c.area, err, c.want)
			}
		}
		// Neither raising somebody above oneself nor changing oneself.
		up := by["county"]
		up.Role = Province
		if err := p.Change(ctx, by["city"], up); !errors.Is(err, ErrNotYours) {
			t.Errorf("the city makes a province of a county: %v", err)
		}
		self := by["city"]
		self.Area = "36"
		if err := p.Change(ctx, by["city"], self); !errors.Is(err, ErrNotYours) {
			t.Errorf("the city widens its own area: %v", err)
		}
		if err := p.SetPassword(ctx, by["town"], by["city"].ID, secret+"!"); !errors.Is(err, ErrNotYours) {
			t.Errorf("a town sets the password of the city: %v", err)
		}
	})
}

func TestChangeEndsSessions(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		ctx := t.Context()
		city, town := add(t, p, "city", City, "360482"), add(t, p, "town", Town, "360482001")
		login := func() Session {
			t.Helper()
			s, err := p.Login(ctx, Try{Name: "town", Password: secret})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		s := login()
		town.Person = "赵敏"
		if err := p.Change(ctx, city, town); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Resume(ctx, s.Token()); err != nil || got.Account.Person != "赵敏" {
			t.Errorf("after a change of the name: %+v, %v", got.Account, err)
		}
		town.Area = "360482002"
		if err := p.Change(ctx, city, town); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Resume(ctx, s.Token()); !errors.Is(err, ErrNoSession) {
			t.Errorf("the session outlives the change of its area: %v", err)
		}
		s = login()
		if err := p.SetPassword(ctx, city, town.ID, "another good phrase"); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Resume(ctx, s.Token()); !errors.Is(err, ErrNoSession) {
			t.Errorf("the session outlives the change of its password: %v", err)
		}
		if _, err := p.Login(ctx, Try{Name: "town", Password: secret}); !errors.Is(err, ErrLogin) {
			t.Errorf("the old password: %v", err)
		}
		town.Disabled = true
		if err := p.Change(ctx, city, town); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Login(ctx, Try{Name: "town", Password: "another good phrase"}); !errors.Is(err, ErrLogin) {
			t.Errorf("a disabled account logs in: %v", err)
		}
	})
}

func TestAccountCheck(t *testing.T) {
	good := Account{Name: "wang.fang", Person: "王芳", Role: Town, Area: "360482001"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		spoil func(a *Account)
		want  error
	}{
		{func(a *Account) { a.Name = "ab" }, ErrName},
		{func(a *Account) { a.Name = "Wang" }, ErrName},
		{func(a *Account) { a.Name = "console" }, ErrName},
		{func(a *Account) { a.Name = strings.Repeat("a", 33) }, ErrName},
		{func(a *Account) { a.Person = " " }, ErrPerson},
		{func(a *Account) { a.Role = "king" }, ErrRole},
		{func(a *Account) { a.Area = "" }, ErrArea},
		{func(a *Account) { a.Area = "36048" }, ErrArea},
		{func(a *Account) { a.Role = Zone }, ErrSite},
		{func(a *Account) { a.Role = College }, ErrSite},
		{func(a *Account) { a.Role = Village }, ErrSite},
	} {
		a := good
		c.spoil(&a)
		if err := a.Check(); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, not %v", a, err, c.want)
		}
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		a    Account
		area kiosk.Area
		site string
		want bool
	}{
		{Account{Area: "360482"}, "360482001", "s1", true},
		{Account{Area: "360482"}, "360482", "", true},
		{Account{Area: "360482"}, "360481001", "s1", false},
		{Account{Area: "360482"}, "3604", "", false}, // wider than its own
		{Account{Area: "360482", Site: "s1"}, "360482001", "s1", true},
		{Account{Area: "360482", Site: "s1"}, "360482001", "s2", false},
		{Account{Area: "360482", Site: "s1"}, "360482001", "", true},
		{Account{}, "360482", "", true}, // never stored: Check refuses it
		{Console, "11", "s9", true},
	} {
		if got := c.a.Covers(c.area, c.site); got != c.want {
			t.Errorf("%+v covers %s %q: %v", c.a, c.area, c.site, got)
		}
	}
}

// The roles that read numbers of residents make no accounts elsewhere, and the
// operator, who runs the machine, neither reads a number nor makes an account.
func TestRights(t *testing.T) {
	for _, r := range Roles() {
		if !r.Valid() || len(rights[r]) == 0 {
			t.Errorf("%s has no rights", r)
		}
		for _, right := range rights[r] {
			if !slices.Contains(Rights(), right) {
				t.Errorf("%s has the right %q, which is none", r, right)
			}
		}
	}
	for _, never := range []struct {
		role  Role
		right Right
	}{
		{Operator, CallBacks},
		{Operator, Referrals},
		{Operator, Accounts},
		{Operator, Review},
		{Operator, Publish},
		{Province, CallBacks},
		{Village, Import},
		{Village, Revoke},
		{Town, Review},
		{College, Review},
		{Zone, Publish},
	} {
		if never.role.May(never.right) {
			t.Errorf("%s may %s", never.role, never.right)
		}
	}
	if Role("king").May(Postings) || Role("").May(Postings) {
		t.Error("a role that does not exist may do something")
	}
	disabled := Account{Role: City, Disabled: true}
	if disabled.May(Postings) || !Console.May(Accounts) {
		t.Error("a disabled account may something, or the console nothing")
	}
}
