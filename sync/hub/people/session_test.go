package people

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jobhome/sync/hub/hubdb"
)

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, p *People, c *clock) {
		ctx := t.Context()
		city := add(t, p, "city", City, "360482")
		var s [3]Session
		for i := range s {
			var err error
			if s[i], err = p.Login(ctx, Try{Name: "city", Password: secret, Address: "192.0.2.1"}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := p.Resume(ctx, s[0].Token())
		if err != nil || got.Account.ID != city.ID || got.Account.LastLogin.IsZero() {
			t.Fatalf("resume: %+v, %v", got, err)
		}
		for _, token := range []string{"", "x", s[0].Token() + "x", hashToken(s[0].Token())} {
			if _, err := p.Resume(ctx, token); !errors.Is(err, ErrNoSession) {
				t.Errorf("resume %q: %v", token, err)
			}
		}
		if !got.Owns(s[0].CSRF()) || got.Owns(s[1].CSRF()) || got.Owns("") || (Session{}).Owns(Session{}.CSRF()) {
			t.Error("a form belongs to another session, or not to its own")
		}
		if err := p.Logout(ctx, s[0], false); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Resume(ctx, s[0].Token()); !errors.Is(err, ErrNoSession) {
			t.Errorf("after logout: %v", err)
		}
		if _, err := p.Resume(ctx, s[1].Token()); err != nil {
			t.Errorf("logout ended another session: %v", err)
		}
		if err := p.Logout(ctx, s[1], true); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Resume(ctx, s[2].Token()); !errors.Is(err, ErrNoSession) {
			t.Errorf("after logout everywhere: %v", err)
		}
		c.forward(time.Second)
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, p *People, c *clock) {
		ctx := t.Context()
		add(t, p, "city", City, "360482")
		login := func() Session {
			s, err := p.Login(ctx, Try{Name: "city", Password: secret})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		idle := login()
		c.forward(idleFor)
		if _, err := p.Resume(ctx, idle.Token()); !errors.Is(err, ErrNoSession) {
			t.Errorf("after %v without a request: %v", idleFor, err)
		}
		busy := login()
		for end := c.now().Add(lastsFor); c.now().Add(idleFor / 2).Before(end); {
			c.forward(idleFor / 2)
			if _, err := p.Resume(ctx, busy.Token()); err != nil {
				t.Fatalf("a session in use ended with %v left: %v", end.Sub(c.now()), err)
			}
		}
		c.forward(idleFor / 2)
		if _, err := p.Resume(ctx, busy.Token()); !errors.Is(err, ErrNoSession) {
			t.Errorf("after %v: %v", lastsFor, err)
		}
		login() // sweeps
		if n := count(t, p, `SELECT count(*) FROM people_session`); n != 1 {
			t.Errorf("%d sessions are stored, not the one that runs", n)
		}
	})
}

// The database has neither a password nor a token nor an address.
func TestNothingToSteal(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		ctx := t.Context()
		add(t, p, "city", City, "360482")
		s, err := p.Login(ctx, Try{Name: "city", Password: secret, Address: "192.0.2.77"})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Login(ctx, Try{Name: "city", Password: "a wrong phrase", Address: "192.0.2.77"})
		all := dump(t, p)
		if !strings.Contains(all, "$argon2id$v=19$m=64,t=1,p=1$") || !strings.Contains(all, hashToken(s.Token())) {
			t.Fatalf("the test does not read the tables: %s", all)
		}
		for _, never := range []string{secret, "a wrong phrase", s.Token(), s.CSRF(), "192.0.2.77"} {
			if strings.Contains(all, never) {
				t.Errorf("the database holds %q", never)
			}
		}
	})
}

func TestOldCostIsRenewed(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		ctx := t.Context()
		add(t, p, "city", City, "360482")
		p.cost = cost{memory: 128, passes: 2, threads: 1}
		if _, err := p.Login(ctx, Try{Name: "city", Password: "a wrong phrase"}); !errors.Is(err, ErrLogin) {
			t.Fatal(err)
		}
		if all := dump(t, p); !strings.Contains(all, "m=64,t=1") {
			t.Error("a wrong password renewed the stored one")
		}
		for range 2 {
			if _, err := p.Login(ctx, Try{Name: "city", Password: secret}); err != nil {
				t.Fatal(err)
			}
			if all := dump(t, p); !strings.Contains(all, "m=128,t=2") || strings.Contains(all, "m=64,t=1") {
				t.Error("the password is not stored at today's cost")
			}
		}
	})
}

// After five wrong passwords an account is closed for a minute, then for two,
// whoever asks; a name that nobody has behaves the same.
func TestAccountsClose(t *testing.T) {
	each(t, func(t *testing.T, p *People, c *clock) {
		ctx := t.Context()
		add(t, p, "city", City, "360482")
		for _, name := range []string{"city", "nobody"} {
			wrong := func(i int) error {
				_, err := p.Login(ctx, Try{Name: name, Password: "a wrong phrase", Address: fmt.Sprint(name, i)})
				return err
			}
			for i := range triesOfName {
				if err := wrong(i); !errors.Is(err, ErrLogin) {
					t.Fatalf("%s, try %d: %v", name, i, err)
				}
			}
			var wait *WaitError
			if _, err := p.Login(ctx, Try{Name: name, Password: secret, Address: "new"}); !errors.As(err, &wait) {
				t.Fatalf("%s, after %d wrong ones: %v", name, triesOfName, err)
			}
			if got := wait.Until.Sub(c.now()); got != time.Minute {
				t.Errorf("%s is closed for %v", name, got)
			}
			c.forward(time.Minute)
			if err := wrong(9); !errors.Is(err, ErrLogin) {
				t.Errorf("%s, a minute later: %v", name, err)
			}
			if err := wrong(9); !errors.As(err, &wait) || wait.Until.Sub(c.now()) != 2*time.Minute {
				t.Errorf("%s, the second time: %v", name, err)
			}
			c.forward(2 * time.Minute)
		}
		if _, err := p.Login(ctx, Try{Name: "city", Password: secret}); err != nil {
			t.Errorf("the right password, later: %v", err)
		}
		if n := count(t, p, `SELECT count(*) FROM people_audit WHERE action = 'login.closed' AND subject = 'city'`); n != 2 {
			t.Errorf("the log has %d closings of the account", n)
		}
	})
}

// An address may try many names, but not endlessly, and the right password does
// not open the door before its time.
func TestAddressesClose(t *testing.T) {
	each(t, func(t *testing.T, p *People, c *clock) {
		ctx := t.Context()
		add(t, p, "city", City, "360482")
		for i := range triesOfAddress {
			if _, err := p.Login(ctx, Try{Name: fmt.Sprint("name", i), Password: "a wrong phrase", Address: "192.0.2.1"}); !errors.Is(err, ErrLogin) {
				t.Fatal(err)
			}
		}
		var wait *WaitError
		if _, err := p.Login(ctx, Try{Name: "city", Password: secret, Address: "192.0.2.1"}); !errors.As(err, &wait) {
			t.Fatalf("after %d wrong ones: %v", triesOfAddress, err)
		}
		if _, err := p.Login(ctx, Try{Name: "city", Password: secret, Address: "192.0.2.2"}); err != nil {
			t.Errorf("from another address: %v", err)
		}
		c.at = wait.Until
		if _, err := p.Login(ctx, Try{Name: "city", Password: secret, Address: "192.0.2.1"}); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}

// However many addresses there are, the counts stay within their bound, and a
// new day's key forgets them all.
func TestCallersAreBounded(t *testing.T) {
	c := &clock{at: time.Now()}
	k := newCallers(c.now)
	for i := range mostCallers + 100 {
		k.failed(byAddress, fmt.Sprint(i))
	}
	if n := len(k.seen); n > mostCallers {
		t.Errorf("%d callers are counted, more than %d", n, mostCallers)
	}
	for range triesOfName {
		k.failed(byName, "x")
	}
	if k.wait(byName, "x") == nil {
		t.Fatal("five wrong passwords do not close the door")
	}
	c.forward(keyLife)
	if err := k.wait(byName, "x"); err != nil || len(k.seen) != 0 {
		t.Errorf("%d counts outlive their key: %v", len(k.seen), err)
	}
}

func count(t *testing.T, p *People, query string) (n int) {
	t.Helper()
	err := p.db.View(t.Context(), func(tx *hubdb.Tx) error { return tx.QueryRow(t.Context(), query).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// dump is everything that the tables hold.
func dump(t *testing.T, p *People) string {
	t.Helper()
	var b strings.Builder
	err := p.db.View(t.Context(), func(tx *hubdb.Tx) error {
		for _, table := range []string{"account", "session", "audit", "audit_head"} {
			rows, err := tx.Query(t.Context(), `SELECT * FROM people_`+table)
			if err != nil {
				return err
			}
			columns, _ := rows.Columns()
			for rows.Next() {
				row := make([]any, len(columns))
				to := make([]any, len(columns))
				for i := range row {
					to[i] = &row[i]
				}
				if err := rows.Scan(to...); err != nil {
					return err
				}
				fmt.Fprintf(&b, "%s %s\n", table, row)
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
