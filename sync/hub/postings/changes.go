package postings

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/wire"
)

// Change is what became of a posting that the public has seen. Of several changes
// only the last is told.
type Change struct {
	After   string        // what to ask for the changes after this one with
	At      time.Time     // when the public could first see it
	Posting kiosk.Posting // only its ID when it was removed
	Removed bool          // it is no longer offered, or not under this id
}

// cursor is a place in the order in which the public saw postings change.
type cursor struct {
	tick int64  // Unix milliseconds
	id   string // empty: all of that tick is behind it
}

func (c cursor) String() string {
	if c.id == "" {
		return strconv.FormatInt(c.tick, 10)
	}
	return strconv.FormatInt(c.tick, 10) + "." + c.id
}

func parseCursor(s string) (cursor, error) {
	at, id, _ := strings.Cut(s, ".")
	tick, err := strconv.ParseInt(at, 10, 64)
	if err != nil || tick < 0 || len(id) > kiosk.MaxPostingID {
		return cursor{}, fmt.Errorf("%w: %q", ErrCursor, s)
	}
	return cursor{tick, id}, nil
}

// Changes returns what has changed after a moment, the oldest first, and at most so
// many. The moment is a number of Unix milliseconds to begin with, and After of the
// last one to go on with: whoever does so misses nothing. What reaches its last day
// is told when [Postings.Expire] has run; readers go by ValidThrough.
func (p *Postings) Changes(ctx context.Context, after string, most int) ([]Change, error) {
	from, err := parseCursor(after)
	if err != nil {
		return nil, err
	}
	var all []Change
	err = p.look(ctx, "changes", p.o.Now(), func(r reading) (err error) {
		all, err = r.changes(from, most)
		return err
	})
	return all, err
}

func (r reading) changes(from cursor, most int) ([]Change, error) {
	var all []Change
	var rows []wire.Row
	var clusters []string
	err := r.tx.Each(r.ctx, func(scan func(dest ...any) error) error {
		var c Change
		var row wire.Row
		var at cursor
		var cluster string
		var offered bool
		if err := scan(&row.ID, &at.tick, &cluster, &row.Refreshed, &row.Body, &offered); err != nil {
			return err
		}
		at.id = row.ID
		c.At, c.After, c.Posting.ID, c.Removed = time.UnixMilli(at.tick), at.String(), row.ID, !offered
		all, rows, clusters = append(all, c), append(rows, row), append(clusters, cluster)
		return nil
	}, `SELECT p.id, p.tick, p.cluster, p.live_refreshed, b.body, b.valid IS NOT NULL AND b.valid >= ? AND `+leads+`
		FROM post_posting p LEFT JOIN post_body b ON b.posting = p.id AND b.revision = p.live
		WHERE p.first_published > 0 AND (p.tick > ? OR p.tick = ? AND p.id > ?) ORDER BY p.tick, p.id LIMIT ?`,
		r.least, r.least, from.tick, from.tick, cmp.Or(from.id, "~"), most) // "~" is above every id
	for i := range all {
		if err != nil || all[i].Removed {
			continue
		}
		all[i].Posting, _, err = r.folded(rows[i], clusters[i])
	}
	return all, err
}

// Walk calls f for everything that is offered, in the order of ids and after one of
// them. It returns the moment at which it began: what changes meanwhile is told by
// [Postings.Changes] after it. The database is not held while f runs, however slow
// whoever reads is. When f returns io.EOF, the walk ends without an error.
func (p *Postings) Walk(ctx context.Context, after string, f func(kiosk.Posting) error) (moment string, err error) {
	if moment, err = p.Moment(ctx); err != nil {
		return "", err
	}
	for {
		var rows []wire.Row
		err := p.look(ctx, "walk", p.o.Now(), func(r reading) (err error) {
			rows, err = r.some(after)
			return err
		})
		if err != nil || len(rows) == 0 {
			return moment, err
		}
		for _, row := range rows {
			posting, err := row.Posting()
			if err == nil {
				err = f(posting)
			}
			if errors.Is(err, io.EOF) {
				return moment, nil
			}
			if err != nil {
				return moment, err
			}
		}
		after = rows[len(rows)-1].ID
	}
}

// some reads the next rows of what is offered.
func (r reading) some(after string) ([]wire.Row, error) {
	var next []place
	err := r.tx.Each(r.ctx, func(scan func(dest ...any) error) error {
		var c place
		err := scan(&c.id, &c.cluster)
		next = append(next, c)
		return err
	}, `SELECT p.id, p.cluster FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.live
		WHERE p.id > ? AND b.valid >= ? AND `+leads+` ORDER BY p.id LIMIT ?`, after, r.least, r.least, chunk)
	if err != nil {
		return nil, err
	}
	return r.rows(next)
}

// Moment is the last change that the public could see, to ask for the changes after
// it with.
func (p *Postings) Moment(ctx context.Context) (string, error) {
	var at cursor
	err := p.view(ctx, "moment", func(tx *hubdb.Tx) error {
		return tx.QueryRow(ctx, `SELECT tick FROM post_clock WHERE id = 1`).Scan(&at.tick)
	})
	return at.String(), err
}
