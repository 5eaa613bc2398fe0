package postings

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/wire"
)

// Query says which postings somebody of the staff wants to see. What is empty does
// not matter.
type Query struct {
	Text    string // in the title, the employer's name, the id or the source's ref
	Status  Status
	Source  string
	Channel kiosk.Channel
	Area    kiosk.Area // and everything in it
	Blocked bool       // only those that cannot be approved
	Oldest  bool       // the oldest first, as in a queue; else the newest
	After   string     // where the list before ended
	Limit   int        // 0: 50
}

const mostListed = 500

func (q *Query) where() (string, []any, error) {
	where, args := `WHERE 1 = 1`, []any{}
	and := func(condition string, with ...any) {
		where += " AND " + condition
		args = append(args, with...)
	}
	if text := strings.TrimSpace(q.Text); text != "" {
		like := hubdb.Contains(text)
		and(`(b.title {{like}} ? ESCAPE '!' OR b.employer {{like}} ? ESCAPE '!' OR p.id = ? OR p.ref = ?)`, like, like, text, text)
	}
	if q.Status != "" {
		and(`p.status = ?`, string(q.Status))
	}
	if q.Source != "" {
		and(`p.source = ?`, q.Source)
	}
	if q.Channel != "" {
		and(`b.channel = ?`, string(q.Channel))
	}
	if q.Area != "" {
		and(`b.area >= ? AND b.area < ?`, string(q.Area), string(q.Area)+":")
	}
	if q.Blocked {
		and(`p.blocked`)
	}
	order, further := " ORDER BY p.submitted DESC, p.id DESC", "<"
	if q.Oldest {
		order, further = " ORDER BY p.submitted, p.id", ">"
	}
	if q.After != "" {
		at, id, ok := strings.Cut(q.After, ".")
		ms, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !ok {
			return "", nil, fmt.Errorf("%q is not where a list ended", q.After)
		}
		and(`(p.submitted `+further+` ? OR p.submitted = ? AND p.id `+further+` ?)`, ms, ms, id)
	}
	limit := min(q.Limit, mostListed)
	if limit <= 0 {
		limit = 50
	}
	return where + order + " LIMIT ?", append(args, limit+1), nil
}

// Search lists postings without their Live. next is where the list goes on, or
// empty.
func (p *Postings) Search(ctx context.Context, q Query) (list []Record, next string, err error) {
	where, args, err := q.where()
	if err != nil {
		return nil, "", fmt.Errorf("postings: search: %w", err)
	}
	err = p.view(ctx, "search", func(tx *hubdb.Tx) error {
		list, next = nil, ""
		return tx.Each(ctx, func(scan func(dest ...any) error) error {
			s, r := new(state), wire.Row{}
			if err := s.scan(scan, &r.Body); err != nil {
				return err
			}
			r.ID, r.Refreshed = s.id, s.refreshed
			rec, err := s.record(r)
			list = append(list, rec)
			return err
		}, `SELECT `+stateColumns+`, b.body FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.revision `+where, args...)
	})
	if limit := args[len(args)-1].(int) - 1; len(list) > limit {
		list = list[:limit]
		last := &list[limit-1]
		next = strconv.FormatInt(milli(last.Submitted), 10) + "." + last.ID
	}
	return list, next, err
}

func (s *state) record(newest wire.Row) (Record, error) {
	posting, err := newest.Posting()
	r := Record{
		Posting: posting, Status: s.status, Revision: s.revision, Blocked: s.blocked, From: s.source, Ref: s.ref, Gen: s.gen,
		SubmittedBy: s.submittedBy, EditedBy: s.editedBy, ApprovedBy: s.approvedBy, EndedBy: s.endedBy, Why: s.why,
		Created: fromMilli(s.created), Submitted: fromMilli(s.submitted), FirstPublished: fromMilli(s.firstPublished),
		Ended: fromMilli(s.ended), Cluster: s.cluster,
	}
	return r, errors.Join(err, json.Unmarshal([]byte(s.findings), &r.Findings))
}

// Get returns a posting with all that the hub knows of it.
func (p *Postings) Get(ctx context.Context, id string) (Record, error) {
	var r Record
	err := p.view(ctx, "get "+id, func(tx *hubdb.Tx) error {
		s := new(state)
		err := s.scan(tx.QueryRow(ctx, selectState+`WHERE p.id = ?`, id).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrUnknown
		}
		if err != nil {
			return err
		}
		row := wire.Row{ID: id, Refreshed: s.refreshed}
		if err := tx.QueryRow(ctx, `SELECT body FROM post_body WHERE posting = ? AND revision = ?`, id, s.revision).Scan(&row.Body); err != nil {
			return err
		}
		if r, err = s.record(row); err != nil || s.live == 0 {
			return err
		}
		live, err := body(ctx, tx, id, s.live)
		if live.Refreshed = fromUnix(s.liveRefreshed); s.liveRefreshed != 0 {
			live.Refreshed = live.Refreshed.In(live.Published.Location())
		}
		r.Live = &live
		return err
	})
	return r, err
}

// Content returns an older content of a posting, for whoever compares.
func (p *Postings) Content(ctx context.Context, id string, revision int64) (kiosk.Posting, error) {
	var posting kiosk.Posting
	err := p.view(ctx, "content of "+id, func(tx *hubdb.Tx) (err error) {
		posting, err = body(ctx, tx, id, revision)
		if errors.Is(err, sql.ErrNoRows) {
			err = ErrUnknown
		}
		return err
	})
	return posting, err
}

// History returns what was done to a posting, the oldest first.
func (p *Postings) History(ctx context.Context, id string) ([]Step, error) {
	var all []Step
	err := p.view(ctx, "history of "+id, func(tx *hubdb.Tx) error {
		all = nil
		return tx.Each(ctx, func(scan func(dest ...any) error) error {
			var s Step
			var at int64
			err := scan(&at, &s.Who, &s.What, &s.Revision, &s.Status, &s.Note)
			s.At = fromMilli(at)
			all = append(all, s)
			return err
		}, `SELECT at, who, what, revision, status, note FROM post_step WHERE posting = ? ORDER BY id`, id)
	})
	return all, err
}

// Cluster lists the ids of those that are the same offer, the one that is there
// longest first.
func (p *Postings) Cluster(ctx context.Context, cluster string) ([]string, error) {
	var ids []string
	if cluster == "" {
		return nil, nil
	}
	err := p.view(ctx, "cluster "+cluster, func(tx *hubdb.Tx) (err error) {
		ids, err = column(ctx, tx, `SELECT id FROM post_posting WHERE cluster = ? ORDER BY first_published, id`, cluster)
		return err
	})
	return ids, err
}

// Counts counts postings by their state; Blocked are those in review that cannot be
// approved, Live those on the board.
type Counts struct {
	By            map[Status]int
	Blocked, Live int
}

// Counts counts the postings of an area, or all.
func (p *Postings) Counts(ctx context.Context, area kiosk.Area) (Counts, error) {
	c := Counts{By: map[Status]int{}}
	err := p.view(ctx, "count", func(tx *hubdb.Tx) error {
		c = Counts{By: map[Status]int{}}
		return tx.Each(ctx, func(scan func(dest ...any) error) error {
			var s Status
			var n, blocked, live int
			if err := scan(&s, &n, &blocked, &live); err != nil {
				return err
			}
			c.By[s] += n
			c.Live += live
			if s == Review {
				c.Blocked += blocked
			}
			return nil
		}, `SELECT p.status, count(*), count(CASE WHEN p.blocked THEN 1 END), count(CASE WHEN p.live > 0 THEN 1 END)
			FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.revision
			WHERE b.area >= ? AND b.area < ? GROUP BY p.status`, string(area), string(area)+":")
	})
	return c, err
}

// SourceState is how far the imports of a source are.
type SourceState struct {
	Source             string
	Imported, Complete time.Time // begun last; read to its end last, as a full import
	Last               Report
	Open               int // postings of it that are open
}

// Sources lists the sources that were ever imported.
func (p *Postings) Sources(ctx context.Context) ([]SourceState, error) {
	var all []SourceState
	err := p.view(ctx, "sources", func(tx *hubdb.Tx) error {
		all = nil
		return tx.Each(ctx, func(scan func(dest ...any) error) error {
			var s SourceState
			var imported, complete int64
			var report string
			if err := scan(&s.Source, &imported, &complete, &report, &s.Open); err != nil {
				return err
			}
			s.Imported, s.Complete = fromMilli(imported), fromMilli(complete)
			err := json.Unmarshal([]byte(report), &s.Last)
			all = append(all, s)
			return err
		}, `SELECT s.source, s.imported, s.complete, s.report, (SELECT count(*) FROM post_posting p WHERE p.source = s.source
			AND p.status IN ('draft', 'review', 'approved', 'published')) FROM post_source s ORDER BY s.source`)
	})
	return all, err
}
