package people

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"jobhome/sync/hub/hubdb"
)

// How long a session lasts: without a request, and at most.
const (
	idleFor   = 30 * time.Minute
	lastsFor  = 12 * time.Hour
	seenEvery = time.Minute // a request writes no sooner than this after the last
)

var (
	// ErrLogin tells that name and password do not belong together, whichever of
	// the two is wrong.
	ErrLogin = errors.New("name or password is wrong")
	// ErrNoSession tells that the token is of no session that still runs.
	ErrNoSession = errors.New("the session has ended")
)

// WaitError tells that too many have tried, and until when none more is heard.
type WaitError struct{ Until time.Time }

// Error says until when.
func (e *WaitError) Error() string {
	return "too many wrong passwords; try again after " + e.Until.Format(time.RFC3339)
}

// Session is somebody who has logged in.
type Session struct {
	Account Account
	token   string
}

// Token goes into the cookie. The database has only a hash of it.
func (s Session) Token() string { return s.token }

// CSRF goes into every form: it is made from the token, and the token cannot be
// made from it.
func (s Session) CSRF() string {
	mac := hmac.New(sha256.New, []byte(s.token))
	mac.Write([]byte("jobhome desk form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Owns reports whether a form with this token was made for the session.
func (s Session) Owns(csrf string) bool {
	return s.token != "" && hmac.Equal([]byte(csrf), []byte(s.CSRF()))
}

// Try is somebody at the door.
type Try struct{ Name, Password, Address string }

// Login opens a session, or returns ErrLogin or a *WaitError. A password that is
// stored at an older cost is hashed anew. The address is counted under a key
// that lives in memory for a day, and is written nowhere.
func (p *People) Login(ctx context.Context, try Try) (Session, error) {
	if err := p.callers.wait(byAddress, try.Address); err != nil {
		return Session{}, err
	}
	id, phc, closed, err := p.door(ctx, try.Name)
	if err != nil {
		return Session{}, err
	}
	if id == "" {
		phc = p.decoy // a name that nobody has takes as long and is counted as long
		if err := p.callers.wait(byName, try.Name); err != nil {
			return Session{}, err
		}
	} else if p.now().Before(closed) {
		return Session{}, &WaitError{Until: closed}
	}
	ok, old, err := p.cost.verify(try.Password, phc)
	if err != nil {
		return Session{}, fmt.Errorf("log in: %w", err)
	}
	if id == "" || !ok {
		p.callers.failed(byAddress, try.Address)
		p.callers.failed(byName, try.Name)
		return Session{}, errors.Join(ErrLogin, p.refuse(ctx, id))
	}
	renewed := ""
	if old {
		renewed = p.cost.hash(try.Password)
	}
	return p.admit(ctx, id, renewed)
}

// door returns what the account's door looks like; no id, no account.
func (p *People) door(ctx context.Context, name string) (id, phc string, closed time.Time, err error) {
	err = p.db.View(ctx, func(tx *hubdb.Tx) error {
		var till int64
		err := tx.QueryRow(ctx, `SELECT id, password, closed_till FROM people_account WHERE name = ? AND NOT disabled`, name).
			Scan(&id, &phc, &till)
		closed = time.UnixMilli(till)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return id, phc, closed, wrap("log in", err)
}

// refuse counts a wrong password against an account and closes it for a while.
func (p *People) refuse(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	return wrap("count a wrong password", p.db.Update(ctx, func(tx *hubdb.Tx) error {
		var failures int
		var name string
		err := tx.QueryRow(ctx, `UPDATE people_account SET failures = failures + 1 WHERE id = ? RETURNING failures, name`, id).
			Scan(&failures, &name)
		if err != nil {
			return err
		}
		till := p.now().Add(closedFor(failures))
		if failures < triesOfName {
			return nil
		}
		if _, err := tx.Exec(ctx, `UPDATE people_account SET closed_till = ? WHERE id = ?`, till.UnixMilli(), id); err != nil {
			return err
		}
		return p.Append(ctx, tx, Entry{Actor: name, Action: "login.closed", Subject: name, Note: fmt.Sprintf("%d", failures)})
	}))
}

func (p *People) admit(ctx context.Context, id, renewed string) (s Session, err error) {
	s.token = rand.Text() + rand.Text() // 2 × 130 bits
	err = p.db.Update(ctx, func(tx *hubdb.Tx) error {
		now := p.now().UnixMilli()
		if renewed != "" {
			if _, err := tx.Exec(ctx, `UPDATE people_account SET password = ? WHERE id = ?`, renewed, id); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE people_account SET failures = 0, closed_till = 0, last_login = ? WHERE id = ?`, now, id)
		if err != nil {
			return err
		}
		if s.Account, err = account(ctx, tx, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM people_session WHERE created <= ? OR seen <= ?`,
			now-lastsFor.Milliseconds(), now-idleFor.Milliseconds())
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO people_session VALUES (?, ?, ?, ?)`, hashToken(s.token), id, now, now)
		if err != nil {
			return err
		}
		return p.Append(ctx, tx, Entry{Actor: s.Account.Name, Action: "login", Subject: s.Account.Name})
	})
	return s, wrap("open a session", err)
}

// Resume returns the session of a token, or ErrNoSession.
func (p *People) Resume(ctx context.Context, token string) (s Session, err error) {
	if token == "" {
		return Session{}, ErrNoSession
	}
	var seen int64
	now := p.now().UnixMilli()
	err = p.db.View(ctx, func(tx *hubdb.Tx) error {
		var id string
		var created int64
		err := tx.QueryRow(ctx, `SELECT account, created, seen FROM people_session WHERE hash = ?`, hashToken(token)).
			Scan(&id, &created, &seen)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return err
		}
		if now-created >= lastsFor.Milliseconds() || now-seen >= idleFor.Milliseconds() {
			return ErrNoSession
		}
		if s.Account, err = account(ctx, tx, id); err == nil && s.Account.Disabled {
			err = ErrNoSession
		}
		return err
	})
	if err != nil {
		return Session{}, wrap("resume", err)
	}
	s.token = token
	if now-seen >= seenEvery.Milliseconds() {
		err = p.db.Update(ctx, func(tx *hubdb.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE people_session SET seen = ? WHERE hash = ?`, now, hashToken(token))
			return err
		})
	}
	return s, wrap("resume", err)
}

// Logout ends one session, or with everywhere all of its account.
func (p *People) Logout(ctx context.Context, s Session, everywhere bool) error {
	return wrap("log out", p.db.Update(ctx, func(tx *hubdb.Tx) error {
		action := "logout"
		if everywhere {
			action = "logout.everywhere"
			if err := endSessions(ctx, tx, s.Account.ID); err != nil {
				return err
			}
		} else if _, err := tx.Exec(ctx, `DELETE FROM people_session WHERE hash = ?`, hashToken(s.token)); err != nil {
			return err
		}
		return p.Append(ctx, tx, Entry{Actor: s.Account.Name, Action: action, Subject: s.Account.Name})
	}))
}

func endSessions(ctx context.Context, tx *hubdb.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM people_session WHERE account = ?`, id)
	return err
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
