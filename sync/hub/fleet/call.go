package fleet

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
	"jobhome/sync/seal"
)

// Answer is how a request to be called ended.
type Answer string

// The answers.
const (
	NoAnswer  Answer = ""          // nobody has ended it
	Reached   Answer = "reached"   // 已接通
	Unreached Answer = "unreached" // 多次未接通
	Wrong     Answer = "wrong"     // 号码有误
	Withdrawn Answer = "withdrawn" // 本人撤回
)

// Valid reports whether a request can end so.
func (a Answer) Valid() bool {
	return a == Reached || a == Unreached || a == Wrong || a == Withdrawn
}

// Call is a resident's request to be called, without the number.
type Call struct {
	ID        int64
	Terminal  string // empty: asked for on a page of the hub
	Site      string
	Posting   string
	Consent   string // the catalogue's name of the words that were agreed to
	Asked     time.Time
	Opened    int // times that somebody was told the number
	Answer    Answer
	Closed    time.Time
	ClosedBy  string
	Forgotten bool // the number was deleted
}

const insertCall = `INSERT INTO fleet_callback (terminal, incarnation, seq, key, sealed, posting, site, consent, asked)
	VALUES (?,?,?,?,?,?,?,?,?)`

// AddCall writes a request down that was made on a page of the hub. The number is
// sealed at once, as a terminal does it.
func (f *Fleet) AddCall(ctx context.Context, r kiosk.Request) error {
	if err := r.Check(); err != nil {
		return fmt.Errorf("fleet: add call: %w: %w", ErrInvalid, err)
	}
	if !plain(r.Posting, 128) || !plain(r.Consent, 100) {
		return fmt.Errorf("fleet: add call: %w", ErrInvalid)
	}
	var name [16]byte
	_, _ = rand.Read(name[:]) // never fails
	about := seal.About{Incarnation: hex.EncodeToString(name[:]), Seq: 1, Kind: record.CallBack, Format: seal.Format}
	sealed, err := f.o.Ring[f.o.SealKey].Key().Seal(about, []byte(asJSON(callPayload{r.Phone})))
	if err != nil {
		return fmt.Errorf("fleet: add call: %w", err)
	}
	return f.update(ctx, "add call", func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, insertCall, "", about.Incarnation, 1, f.o.SealKey, sealed, r.Posting, r.Site, r.Consent, ms(r.At))
		return err
	})
}

// callPayload is what is read of a request once more, for its number.
type callPayload struct {
	Phone string `json:"phone"`
}

// Calls are the requests that were made in a scope, oldest first, at most limit:
// the open ones, or all.
func (f *Fleet) Calls(ctx context.Context, s Scope, open bool, limit int) ([]Call, error) {
	like, err := within(s.Area)
	if err != nil {
		return nil, fmt.Errorf("fleet: calls: %w", err)
	}
	var list []Call
	err = f.view(ctx, "calls", func(tx *hubdb.Tx) error {
		list = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			var c Call
			var asked, closed int64
			err := scan(&c.ID, &c.Terminal, &c.Site, &c.Posting, &c.Consent, &asked, &c.Opened, &c.Answer, &closed, &c.ClosedBy, &c.Forgotten)
			c.Asked, c.Closed = at(asked), at(closed)
			list = append(list, c)
			return err
		}, `SELECT c.id, c.terminal, c.site, c.posting, c.consent, c.asked, c.opened, c.answer, c.closed, c.closed_by, c.sealed IS NULL
			FROM fleet_callback c JOIN fleet_site s ON s.id = c.site
			WHERE s.area LIKE ? AND c.asked >= ? AND c.asked < ? AND (c.closed = 0 OR NOT CAST(? AS BOOLEAN)) ORDER BY c.asked, c.id LIMIT ?`,
			like, ms(s.From), f.until(s), open, limit)
	})
	return list, err
}

// OpenCall tells the number of a request in an area to somebody who may know it;
// that he may is for the caller to have checked. It is audited before it is told:
// action "call.open", subject the request's id. The error wraps ErrUnknown, also
// for one of another area, or ErrForgotten.
func (f *Fleet) OpenCall(ctx context.Context, in kiosk.Area, id int64, who string) (phone string, err error) {
	like, err := within(in)
	if err != nil || who == "" {
		return "", fmt.Errorf("fleet: open call: %w: by %.40q: %w", ErrInvalid, who, err)
	}
	about := seal.About{Kind: record.CallBack, Format: seal.Format}
	var key string
	var sealed []byte
	err = f.update(ctx, "open call", func(tx *hubdb.Tx) error {
		var seq int64
		err := tx.QueryRow(ctx, `SELECT c.terminal, c.incarnation, c.seq, c.key, c.sealed FROM fleet_callback c
			JOIN fleet_site s ON s.id = c.site WHERE c.id = ? AND s.area LIKE ?`, id, like).
			Scan(&about.Kiosk, &about.Incarnation, &seq, &key, &sealed)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("request %d: %w", id, ErrUnknown)
		case err != nil:
			return err
		case sealed == nil:
			return fmt.Errorf("request %d: %w", id, ErrForgotten)
		}
		about.Seq = uint64(seq)
		_, err = tx.Exec(ctx, `UPDATE fleet_callback SET opened = opened + 1 WHERE id = ?`, id)
		return err
	})
	if err != nil {
		return "", err
	}
	if err := f.o.Audit(ctx, who, "call.open", strconv.FormatInt(id, 10)); err != nil {
		return "", fmt.Errorf("fleet: open call: nobody is told what cannot be audited: %w", err)
	}
	text, err := f.o.Ring.Open(key, about, sealed)
	if err != nil {
		return "", fmt.Errorf("fleet: open call: %w", err)
	}
	var p callPayload
	if err := json.Unmarshal(text, &p); err != nil {
		return "", errors.New("fleet: open call: the request cannot be read") // err might repeat it
	}
	return p.Phone, nil
}

// CloseCall writes down how a request ended. The number is deleted Keep.Calls
// later, and at once when the request was withdrawn.
func (f *Fleet) CloseCall(ctx context.Context, id int64, a Answer, who string) error {
	if !a.Valid() || who == "" || !plain(who, 100) {
		return fmt.Errorf("fleet: close call: %w: %.40q by %.40q", ErrInvalid, a, who)
	}
	return f.update(ctx, "close call", func(tx *hubdb.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE fleet_callback SET answer = ?, closed = ?, closed_by = ?,
			sealed = CASE WHEN CAST(? AS BOOLEAN) THEN NULL ELSE sealed END WHERE id = ?`,
			string(a), ms(f.o.Now()), who, a == Withdrawn, id)
		if err == nil && n == 0 {
			err = fmt.Errorf("request %d: %w", id, ErrUnknown)
		}
		return err
	})
}
