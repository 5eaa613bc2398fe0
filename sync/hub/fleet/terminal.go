package fleet

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
	"jobhome/sync/wire"
)

// Identify says which terminal a client's certificate is of. It must have been
// issued by the hub, its key must be the terminal's present one, and the terminal
// must not be revoked. An expired one is good only for a renewal. Its error wraps
// ca.ErrForeign, ca.ErrExpired, ErrUnknown, ErrOther or ErrRevoked.
func (f *Fleet) Identify(ctx context.Context, cert *x509.Certificate, renewal bool) (string, error) {
	id, err := f.o.CA.Verify(cert, f.o.Now())
	if err != nil && !(renewal && errors.Is(err, ca.ErrExpired)) {
		return "", fmt.Errorf("fleet: identify: %w", err)
	}
	err = f.view(ctx, "identify", func(tx *hubdb.Tx) error {
		t, err := readTrust(ctx, tx, id)
		if err != nil {
			return err
		}
		if !t.key.Equal(cert.PublicKey) {
			return fmt.Errorf("terminal %s has another key: %w", id, ErrOther)
		}
		return nil
	})
	return id, err
}

// trusted is what is asked of a terminal before anything of it is believed.
type trusted struct {
	id, site, board string
	key             ed25519.PublicKey
}

func readTrust(ctx context.Context, tx *hubdb.Tx, id string) (trusted, error) {
	t := trusted{id: id}
	var key []byte
	var revoked int64
	err := tx.QueryRow(ctx, `SELECT t.site, t.key, t.revoked, s.board FROM fleet_terminal t JOIN fleet_site s ON s.id = t.site
		WHERE t.id = ?`, id).Scan(&t.site, &key, &revoked, &t.board)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return t, fmt.Errorf("terminal %.80q: %w", id, ErrUnknown)
	case err != nil:
		return t, err
	case revoked != 0:
		return t, fmt.Errorf("terminal %s: %w", id, ErrRevoked)
	}
	t.key = key
	return t, nil
}

// Renew gives a terminal that Identify knows a new certificate over the same key.
// A new key needs a new code: batches signed with the old one may lie on sticks.
func (f *Fleet) Renew(ctx context.Context, cert *x509.Certificate, csr []byte) (Enrolled, error) {
	id, err := f.Identify(ctx, cert, true)
	if err != nil {
		return Enrolled{}, err
	}
	key, err := ca.ParseRequest(csr)
	if err != nil {
		return Enrolled{}, fmt.Errorf("fleet: renew: %w", err)
	}
	if !key.Equal(cert.PublicKey) {
		return Enrolled{}, fmt.Errorf("fleet: renew: the request has another key: %w", ErrOther)
	}
	var out Enrolled
	err = f.update(ctx, "renew", func(tx *hubdb.Tx) error {
		var err error
		if out, err = f.certify(ctx, tx, id, key); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE fleet_terminal SET expires = ? WHERE id = ? AND key = ? AND revoked = 0`,
			ms(out.Cert.NotAfter), id, []byte(key))
		if err != nil || n == 0 {
			return errors.Join(err, ErrRevoked)
		}
		return tx.QueryRow(ctx, selectSite+` WHERE id = (SELECT site FROM fleet_terminal WHERE id = ?)`, id).Scan(out.Site.fields()...)
	})
	return out, err
}

// Revoke shuts a terminal out from the next request on. Its key can never be
// enrolled again, and codes that wait for it are void.
func (f *Fleet) Revoke(ctx context.Context, terminal, by string) error {
	return f.update(ctx, "revoke", func(tx *hubdb.Tx) error {
		now := ms(f.o.Now())
		n, err := tx.Exec(ctx, `UPDATE fleet_terminal SET revoked = ?, revoked_by = ? WHERE id = ? AND revoked = 0`, now, by, terminal)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := readTrust(ctx, tx, terminal)
			if errors.Is(err, ErrRevoked) {
				return nil
			}
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM fleet_code WHERE terminal = ? AND used = 0`, terminal); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO fleet_revoked (key, terminal, at) SELECT key, id, ? FROM fleet_terminal WHERE id = ?
			ON CONFLICT DO NOTHING`, now, terminal)
		return err
	})
}

// SetOrders writes the settings that a terminal gets with its next ack: one JSON
// object, or nil for none.
func (f *Fleet) SetOrders(ctx context.Context, terminal string, orders json.RawMessage) error {
	if len(orders) > 0 && (!json.Valid(orders) || !plain(string(orders), 16<<10)) {
		return fmt.Errorf("fleet: orders: %w: no JSON of at most 16 KiB", ErrInvalid)
	}
	return f.update(ctx, "orders", func(tx *hubdb.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE fleet_terminal SET orders = ? WHERE id = ?`, string(orders), terminal)
		if err == nil && n == 0 {
			err = fmt.Errorf("terminal %.80q: %w", terminal, ErrUnknown)
		}
		return err
	})
}

// Terminal is how a terminal is, as far as the hub has heard.
type Terminal struct {
	ID       string
	Site     Site
	Enrolled time.Time
	Expires  time.Time // of its certificate
	Revoked  time.Time // zero: it is not
	Seen     time.Time // zero: never
	Stale    bool      // for longer than Opts.StaleAfter
	Stick    bool      // the last word came on a stick
	Skew     time.Duration
	Boots    int64
	Status   record.Status // the newest
	Head     wire.Version  // newest of its board, zero: not known
	Lag      int64         // versions behind Head; -1: not known, or of another epoch
	Rejected int64         // records of it that were rejected
}

// Terminals are those in an area, by site.
func (f *Fleet) Terminals(ctx context.Context, in kiosk.Area) ([]Terminal, error) {
	like, err := within(in)
	if err != nil {
		return nil, fmt.Errorf("fleet: terminals: %w", err)
	}
	var list []Terminal
	err = f.view(ctx, "terminals", func(tx *hubdb.Tx) error {
		list = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			t, err := f.scanTerminal(scan)
			list = append(list, t)
			return err
		}, `SELECT s.id, s.name, s.tier, s.area, s.lat, s.lon, s.phone, s.board,
			t.id, t.enrolled, t.expires, t.revoked, t.seen, t.stick, t.skew, t.boots, t.status,
			(SELECT CAST(coalesce(sum(rejected), 0) AS BIGINT) FROM fleet_incarnation i WHERE i.terminal = t.id)
			FROM fleet_terminal t JOIN fleet_site s ON s.id = t.site WHERE s.area LIKE ? ORDER BY s.area, s.id, t.id`, like)
	})
	if err != nil {
		return nil, err
	}
	return list, f.addHeads(ctx, list)
}

func (f *Fleet) scanTerminal(scan func(...any) error) (Terminal, error) {
	var t Terminal
	var enrolled, expires, revoked, seen, skew int64
	var status string
	err := scan(append(t.Site.fields(), &t.ID, &enrolled, &expires, &revoked, &seen, &t.Stick, &skew, &t.Boots, &status, &t.Rejected)...)
	if err != nil {
		return t, err
	}
	t.Enrolled, t.Expires, t.Revoked, t.Seen = at(enrolled), at(expires), at(revoked), at(seen)
	t.Skew = time.Duration(skew) * time.Millisecond
	t.Stale = f.o.Now().Sub(t.Seen) > f.o.StaleAfter
	if status != "" {
		err = json.Unmarshal([]byte(status), &t.Status)
	}
	return t, err
}

// addHeads says how far each terminal is behind its board.
func (f *Fleet) addHeads(ctx context.Context, list []Terminal) error {
	heads := map[string]wire.Version{}
	for i := range list {
		t := &list[i]
		t.Lag = -1
		if f.o.News == nil {
			continue
		}
		head, ok := heads[t.Site.Board]
		if !ok {
			news, err := f.o.News(ctx, t.Site.Board)
			if err != nil {
				return fmt.Errorf("fleet: head of board %s: %w", t.Site.Board, err)
			}
			if len(news.Heads) > 0 {
				head = news.Heads[0].Version
			}
			heads[t.Site.Board] = head
		}
		if t.Head = head; head.N > 0 && head.Epoch == t.Status.Board.Epoch {
			t.Lag = max(0, int64(head.N)-int64(t.Status.Board.N))
		}
	}
	return nil
}
