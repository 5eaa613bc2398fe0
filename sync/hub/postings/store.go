package postings

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/wire"
)

// work is one transaction of somebody.
type work struct {
	act
	ctx context.Context
	tx  *hubdb.Tx
	p   *Postings

	ticked int64 // this transaction's moment, once it has one
}

// update runs f in one transaction.
func (p *Postings) update(ctx context.Context, who, doing string, f func(w *work) error) error {
	if strings.TrimSpace(who) == "" {
		return fmt.Errorf("postings: %s: %w", doing, ErrWho)
	}
	now := p.o.Now()
	err := p.db.Update(ctx, func(tx *hubdb.Tx) error {
		return f(&work{act: act{who, now}, ctx: ctx, tx: tx, p: p})
	})
	if err != nil {
		return fmt.Errorf("postings: %s: %w", doing, err)
	}
	return nil
}

func (p *Postings) view(ctx context.Context, doing string, f func(tx *hubdb.Tx) error) error {
	if err := p.db.View(ctx, f); err != nil {
		return fmt.Errorf("postings: %s: %w", doing, err)
	}
	return nil
}

// tick is the moment of this transaction in milliseconds: greater than that of
// every one that was committed before, because all who change what the public sees
// take turns on one row. So whoever has seen everything up to a tick misses
// nothing that is committed later.
func (w *work) tick() (int64, error) {
	if w.ticked != 0 {
		return w.ticked, nil
	}
	now := w.now.UnixMilli()
	err := w.tx.QueryRow(w.ctx, `UPDATE post_clock SET tick = CASE WHEN tick >= ? THEN tick + 1 ELSE ? END
		WHERE id = 1 RETURNING tick`, now, now).Scan(&w.ticked)
	return w.ticked, err
}

const stateColumns = `p.id, p.source, p.ref, p.gen, p.status, p.revision, p.live, p.approved, p.refreshed, p.live_refreshed,
	p.origin, p.origin_valid, p.findings, p.blocked, p.submitted_by, p.submitted, p.edited_by, p.approved_by,
	p.created, p.first_published, p.ended, p.ended_by, p.why, p.cluster, p.seen, p.tick, b.channel, b.published, b.valid`

const selectState = `SELECT ` + stateColumns + ` FROM post_posting p
	JOIN post_body b ON b.posting = p.id AND b.revision = p.revision `

func (s *state) scan(scan func(dest ...any) error, more ...any) error {
	err := scan(append([]any{
		&s.id, &s.source, &s.ref, &s.gen, &s.status, &s.revision, &s.live, &s.approved, &s.refreshed, &s.liveRefreshed,
		&s.origin, &s.originValid, &s.findings, &s.blocked, &s.submittedBy, &s.submitted, &s.editedBy, &s.approvedBy,
		&s.created, &s.firstPublished, &s.ended, &s.endedBy, &s.why, &s.cluster, &s.seen, &s.tick,
		&s.channel, &s.published, &s.valid,
	}, more...)...)
	s.was = s.shown()
	return err
}

// load reads a posting's state.
func (w *work) load(id string) (*state, error) {
	s := new(state)
	err := s.scan(w.tx.QueryRow(w.ctx, selectState+`WHERE p.id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	return s, err
}

// list reads the states that a condition names.
func (w *work) list(where string, args ...any) ([]*state, error) {
	var all []*state
	err := w.tx.Each(w.ctx, func(scan func(dest ...any) error) error {
		s := new(state)
		all = append(all, s)
		return s.scan(scan)
	}, selectState+where, args...)
	return all, err
}

// insert writes a posting that is new, under the first id that is free.
func (w *work) insert(s *state) error {
	for salt := range 9 {
		s.id = newID(s.from, salt)
		n, err := w.tx.Exec(w.ctx, `INSERT INTO post_posting (id, source, ref, gen, status, revision, live, approved, refreshed,
			live_refreshed, origin, origin_valid, findings, blocked, submitted_by, submitted, edited_by, approved_by, created,
			first_published, ended, ended_by, why, cluster, seen, tick)
			VALUES (?, ?, ?, ?, 'draft', 0, 0, 0, 0, 0, ?, 0, '', ?, '', 0, '', '', ?, 0, 0, '', '', '', 0, 0)
			ON CONFLICT (id) DO NOTHING`, s.id, s.source, s.ref, s.gen, []byte{}, false, s.created)
		if err != nil {
			return err
		}
		if n == 1 {
			return nil
		}
	}
	return errors.New("nine ids in a row were taken")
}

// put writes a new content, which becomes the newest.
func (w *work) put(s *state, c *content) error {
	findings, err := json.Marshal(c.findings)
	if err != nil {
		return err
	}
	s.fill(c, string(findings))
	_, err = w.tx.Exec(w.ctx, `INSERT INTO post_body (posting, revision, body, title, employer, channel, trade, area, lat, lon, published, valid)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, s.id, s.revision, c.body, c.Title, c.Employer.Name, string(c.Channel),
		string(c.Occupation.Trade()), string(c.Area), c.Location.Lat, c.Location.Lon, s.published, s.valid)
	return err
}

// save writes the state, and tells the public when it sees a change. Another of
// the same cluster may now stand for all of it, so all of it has changed.
func (w *work) save(s *state) error {
	if s.shown() != s.was {
		if _, err := w.tick(); err != nil {
			return err
		}
		s.tick = w.ticked
		if s.cluster != "" {
			if _, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET tick = ? WHERE cluster = ?`, s.tick, s.cluster); err != nil {
				return err
			}
		}
	}
	_, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET status = ?, revision = ?, live = ?, approved = ?, refreshed = ?,
		live_refreshed = ?, origin = ?, origin_valid = ?, findings = ?, blocked = ?, submitted_by = ?, submitted = ?, edited_by = ?,
		approved_by = ?, first_published = ?, ended = ?, ended_by = ?, why = ?, cluster = ?, seen = ?, tick = ? WHERE id = ?`,
		string(s.status), s.revision, s.live, s.approved, s.refreshed, s.liveRefreshed, s.origin, s.originValid, s.findings, s.blocked,
		s.submittedBy, s.submitted, s.editedBy, s.approvedBy, s.firstPublished, s.ended, s.endedBy, s.why, s.cluster, s.seen, s.tick, s.id)
	s.was = s.shown()
	return err
}

// saved writes the state and what was done to it.
func (w *work) saved(s *state, what, note string) error {
	if err := w.save(s); err != nil {
		return err
	}
	_, err := w.tx.Exec(w.ctx, `INSERT INTO post_step (posting, at, who, what, revision, status, note) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.id, w.now.UnixMilli(), w.who, what, s.revision, string(s.status), note)
	return err
}

// reading is one look at what is shown at a moment.
type reading struct {
	ctx   context.Context
	tx    *hubdb.Tx
	least int64 // the least end that is still valid, Unix seconds
}

// look runs f with one state of the hub, as it is shown at the time now.
func (p *Postings) look(ctx context.Context, doing string, now time.Time, f func(r reading) error) error {
	return p.view(ctx, doing, func(tx *hubdb.Tx) error {
		return f(reading{ctx, tx, act{now: now}.seconds()})
	})
}

// body reads one content of a posting, without its refresh date.
func body(ctx context.Context, tx *hubdb.Tx, id string, revision int64) (kiosk.Posting, error) {
	r := wire.Row{ID: id}
	err := tx.QueryRow(ctx, `SELECT body FROM post_body WHERE posting = ? AND revision = ?`, id, revision).Scan(&r.Body)
	if err != nil {
		return kiosk.Posting{}, fmt.Errorf("content %d of posting %s: %w", revision, id, err)
	}
	return r.Posting()
}

// bare reads one content of a posting without its refresh date.
func (w *work) bare(s *state) (kiosk.Posting, error) { return body(w.ctx, w.tx, s.id, s.revision) }

// places is "?, ?, …" for n arguments.
func places(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// texts is a list of texts as arguments, filled up to n with the last one, so
// that few queries are made.
func texts(list []string, n int) []any {
	args := make([]any, n)
	for i := range args {
		args[i] = list[min(i, len(list)-1)]
	}
	return args
}
