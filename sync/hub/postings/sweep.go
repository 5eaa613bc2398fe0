package postings

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"jobhome/sync/hub/hubdb"
)

// hub is who does what nobody does.
const hub = "hub"

// Expire takes off the board what is no longer valid, and returns how many that
// were. Boards leave them out anyway from that moment on; this is for whoever
// follows changes, and for the queue.
func (p *Postings) Expire(ctx context.Context) (int, error) {
	expired := 0
	for {
		n := 0
		err := p.update(ctx, hub, "expire", func(w *work) error {
			n = 0
			over := w.seconds()
			list, err := w.list(`WHERE p.status IN ('draft', 'review', 'approved', 'published') AND (b.valid < ? OR EXISTS
				(SELECT 1 FROM post_body l WHERE l.posting = p.id AND l.revision = p.live AND l.valid < ?))
				ORDER BY p.id LIMIT ?`, over, over, chunk)
			if err != nil {
				return err
			}
			for _, s := range list {
				if s.over(w.act) {
					s.end(Expired, w.act, "")
				} else { // only the older text on the board is over
					s.live, s.liveRefreshed = 0, 0
				}
				if err := w.saved(s, "expire", ""); err != nil {
					return err
				}
			}
			n = len(list)
			return nil
		})
		if expired += n; err != nil || n < chunk {
			return expired, err
		}
	}
}

// Forget deletes what was closed, has expired or was left as a draft before a moment,
// with its history, and returns how many that were. What was revoked stays for good.
// Pages of what is forgotten are unknown, and changes no longer tell of it.
func (p *Postings) Forget(ctx context.Context, who string, before time.Time) (int, error) {
	forgotten := 0
	for {
		var ids []string
		err := p.update(ctx, who, "forget", func(w *work) (err error) {
			ms := before.UnixMilli()
			ids, err = column(w.ctx, w.tx, `SELECT id FROM post_posting WHERE live = 0 AND (status IN ('closed', 'expired') AND ended < ?
				OR status = 'draft' AND submitted < ?) ORDER BY id LIMIT ?`, ms, ms, chunk)
			if err != nil || len(ids) == 0 {
				return err
			}
			for _, table := range []string{`post_step WHERE posting`, `post_body WHERE posting`, `post_posting WHERE id`} {
				if _, err := w.tx.Exec(w.ctx, `DELETE FROM `+table+` IN (`+places(chunk)+`)`, texts(ids, chunk)...); err != nil {
					return err
				}
			}
			return w.tell(Event{who, "forget", "", several(ids)})
		})
		if forgotten += len(ids); err != nil || len(ids) < chunk {
			return forgotten, err
		}
	}
}

// Relint asks anew what the law has against every posting that is open, after the
// rules have changed. What is found to be forbidden leaves the board and goes to
// review. It returns how many that were.
func (p *Postings) Relint(ctx context.Context, who string) (int, error) {
	var ids []string
	err := p.view(ctx, "relint", func(tx *hubdb.Tx) (err error) {
		ids, err = column(ctx, tx, `SELECT id FROM post_posting WHERE status IN ('draft', 'review', 'approved', 'published') ORDER BY id`)
		return err
	})
	if err != nil {
		return 0, err
	}
	stopped := 0
	for some := range slices.Chunk(ids, chunk) {
		n := 0
		err := p.update(ctx, who, "relint", func(w *work) error {
			n = 0
			list, err := w.list(`WHERE p.id IN (`+places(chunk)+`)`, texts(some, chunk)...)
			if err != nil {
				return err
			}
			for _, s := range list {
				off, err := w.relint(s)
				if err != nil {
					return err
				}
				if off {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return stopped, err
		}
		stopped += n
	}
	return stopped, p.update(ctx, who, "relint", func(w *work) error { return w.tell(Event{who, "relint", "", ""}) })
}

// relint reports whether the posting has left the board, or its place in the
// queue to it.
func (w *work) relint(s *state) (bool, error) {
	if !s.status.open() {
		return false, nil
	}
	posting, err := w.bare(s)
	if err != nil {
		return false, err
	}
	newest := content{Posting: posting, findings: w.p.o.Lint(&posting)}
	findings, err := json.Marshal(newest.findings)
	if err != nil {
		return false, err
	}
	shown := newest
	if s.live != 0 && s.live != s.revision {
		if shown.Posting, err = body(w.ctx, w.tx, s.id, s.live); err != nil {
			return false, err
		}
		shown.findings = w.p.o.Lint(&shown.Posting)
	}
	off := s.live != 0 && (shown.blocked() || newest.blocked())
	back := newest.blocked() && (s.status == Approved || s.status == Published)
	if string(findings) == s.findings && !off && !back {
		return false, nil
	}
	s.findings, s.blocked = string(findings), newest.blocked()
	if off {
		s.live, s.liveRefreshed = 0, 0
	}
	if back {
		s.status, s.approved, s.approvedBy = Review, 0, ""
	}
	return off || back, w.saved(s, "relint", "")
}

// column reads a column of ids.
func column(ctx context.Context, tx *hubdb.Tx, query string, args ...any) ([]string, error) {
	var ids []string
	err := tx.Each(ctx, func(scan func(dest ...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
	return ids, err
}
