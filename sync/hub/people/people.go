package people

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
)

// People is the hub's staff. Its methods may be called at the same time.
type People struct {
	db      *hubdb.DB
	now     func() time.Time
	cost    cost
	decoy   string // a password that nobody has, for names that nobody has
	callers *callers
}

// New returns the staff that db holds, and makes its tables where they are
// missing. Now is the clock, e.g. time.Now.
func New(ctx context.Context, db *hubdb.DB, now func() time.Time) (*People, error) {
	return open(ctx, db, now, todaysCost)
}

func open(ctx context.Context, db *hubdb.DB, now func() time.Time, c cost) (*People, error) {
	if err := db.Migrate(ctx, "people", schema); err != nil {
		return nil, err
	}
	return &People{db: db, now: now, cost: c, decoy: c.hash(rand.Text()), callers: newCallers(now)}, nil
}

// Add makes an account, by an account that may. Its ID is made here. Unless by
// is the account's own person at the console, the password must be changed at
// the first login.
func (p *People) Add(ctx context.Context, by Account, a Account, password string) (Account, error) {
	a.ID = rand.Text()
	a.Created = p.now()
	a.LastLogin = time.Time{}
	a.MustChange = !by.console
	if err := errors.Join(a.Check(), a.CheckPassword(password)); err != nil {
		return Account{}, err
	}
	if !by.MayManage(&a) {
		return Account{}, ErrNotYours
	}
	phc := p.cost.hash(password)
	err := p.db.Update(ctx, func(tx *hubdb.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM people_account WHERE name = ?`, a.Name).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%s: %w", a.Name, ErrTaken)
		}
		_, err := tx.Exec(ctx, `INSERT INTO people_account VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0)`,
			a.ID, a.Name, a.Person, string(a.Role), string(a.Area), a.Site, a.Disabled, a.MustChange,
			phc, a.Created.UnixMilli())
		if err != nil {
			return err
		}
		return p.Append(ctx, tx, Entry{Actor: by.Name, Action: "account.add", Subject: a.Name, Note: a.scope()})
	})
	if err != nil {
		return Account{}, fmt.Errorf("add account: %w", err)
	}
	return a, nil
}

// Change writes person, role, area, site and disabled of the account with a's
// ID, by an account that may manage it both as it was and as it becomes. A
// change of what it may do, or disabling it, ends its sessions.
func (p *People) Change(ctx context.Context, by, a Account) error {
	err := p.db.Update(ctx, func(tx *hubdb.Tx) error {
		was, err := account(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		a.Name, a.Created, a.MustChange = was.Name, was.Created, was.MustChange
		if err := a.Check(); err != nil {
			return err
		}
		if !by.MayManage(&was) || !by.MayManage(&a) {
			return ErrNotYours
		}
		_, err = tx.Exec(ctx, `UPDATE people_account SET person = ?, role = ?, area = ?, site = ?, disabled = ? WHERE id = ?`,
			a.Person, string(a.Role), string(a.Area), a.Site, a.Disabled, a.ID)
		if err != nil {
			return err
		}
		if was.scope() != a.scope() {
			if err := endSessions(ctx, tx, a.ID); err != nil {
				return err
			}
		}
		return p.Append(ctx, tx, Entry{
			Actor: by.Name, Action: "account.change", Subject: a.Name, Note: was.scope() + " → " + a.scope(),
		})
	})
	return wrap("change account", err)
}

// SetPassword gives the account another password, by itself or by an account
// that may manage it, and ends all its sessions.
func (p *People) SetPassword(ctx context.Context, by Account, id, password string) error {
	a, err := p.Account(ctx, id)
	if err != nil {
		return err
	}
	if by.ID != id && !by.MayManage(&a) {
		return fmt.Errorf("set password: %w", ErrNotYours)
	}
	if err := a.CheckPassword(password); err != nil {
		return err
	}
	phc := p.cost.hash(password)
	must := by.ID != id && !by.console
	return wrap("set password", p.db.Update(ctx, func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE people_account SET password = ?, must_change = ?, failures = 0, closed_till = 0 WHERE id = ?`,
			phc, must, id)
		if err != nil {
			return err
		}
		if err := endSessions(ctx, tx, id); err != nil {
			return err
		}
		return p.Append(ctx, tx, Entry{Actor: by.Name, Action: "account.password", Subject: a.Name})
	}))
}

// Account returns the account with an ID, or ErrNoAccount.
func (p *People) Account(ctx context.Context, id string) (a Account, err error) {
	err = p.db.View(ctx, func(tx *hubdb.Tx) error {
		a, err = account(ctx, tx, id)
		return err
	})
	return a, wrap("read account", err)
}

// List returns all accounts that by may see: those of its area, by name.
func (p *People) List(ctx context.Context, by Account) (all []Account, err error) {
	err = p.db.View(ctx, func(tx *hubdb.Tx) error {
		all = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			a, err := scanAccount(scan)
			if err == nil && by.Covers(a.Area, a.Site) {
				all = append(all, a)
			}
			return err
		}, accountColumns+` ORDER BY name`)
	})
	return all, wrap("list accounts", err)
}

const accountColumns = `SELECT id, name, person, role, area, site, disabled, must_change, created, last_login FROM people_account`

func account(ctx context.Context, tx *hubdb.Tx, id string) (Account, error) {
	a, err := scanAccount(tx.QueryRow(ctx, accountColumns+` WHERE id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, ErrNoAccount
	}
	return a, err
}

func scanAccount(scan func(...any) error) (Account, error) {
	var a Account
	var role, area string
	var created, login int64
	err := scan(&a.ID, &a.Name, &a.Person, &role, &area, &a.Site, &a.Disabled, &a.MustChange, &created, &login)
	a.Role, a.Area = Role(role), kiosk.Area(area)
	a.Created = time.UnixMilli(created)
	if login != 0 {
		a.LastLogin = time.UnixMilli(login)
	}
	return a, err
}

// scope is what the account may do and where, for the log.
func (a *Account) scope() string {
	s := string(a.Role) + " " + string(a.Area)
	if a.Site != "" {
		s += " " + a.Site
	}
	if a.Disabled {
		s += " disabled"
	}
	return s
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
