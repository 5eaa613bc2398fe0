package postings

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/wire"
)

// View is what the public may know of a posting that was once published.
type View struct {
	ID string
	// Status is Published, Closed, Expired or Revoked, or Review while somebody has
	// to look at it again before it is shown.
	Status Status
	// Posting is the zero value unless Status is Published, Closed or Expired.
	Posting kiosk.Posting
	Sources []kiosk.Source // all that offer it
	Leader  string         // the id under which it stands on boards
	Filled  bool           // it was closed because somebody was found
	Ended   time.Time
	Changed time.Time // of what the public sees
}

// View returns what the public may know of a posting. What was never published is
// unknown to it.
func (p *Postings) View(ctx context.Context, id string) (View, error) {
	var v View
	err := p.look(ctx, "view "+id, p.o.Now(), func(r reading) (err error) {
		v, err = r.viewOf(id)
		return err
	})
	return v, err
}

func (r reading) viewOf(id string) (View, error) {
	s := new(state)
	err := s.scan(r.tx.QueryRow(r.ctx, selectState+`WHERE p.id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) || err == nil && s.firstPublished == 0 {
		return View{}, ErrUnknown
	}
	if err != nil {
		return View{}, err
	}
	v := View{ID: id, Leader: id, Ended: fromMilli(s.ended), Filled: s.why == Filled, Changed: fromMilli(s.tick)}
	switch {
	case s.status == Revoked:
		v.Status = Revoked
		return v, nil
	case s.live == 0 && s.status.open():
		v.Status = Review
		return v, nil
	case s.live == 0 && s.approved == 0:
		v.Status = s.status // closed, and its text was never found good
		return v, nil
	}
	row := wire.Row{ID: id, Refreshed: s.liveRefreshed}
	var valid int64
	err = r.tx.QueryRow(r.ctx, `SELECT body, valid FROM post_body WHERE posting = ? AND revision = ?`, id, cmp.Or(s.live, s.approved)).Scan(&row.Body, &valid)
	if err != nil {
		return v, err
	}
	switch {
	case s.live == 0:
		v.Status = s.status
	case valid < r.least:
		v.Status, v.Ended = Expired, time.Unix(valid, 0)
	default:
		v.Status = Published
	}
	if v.Posting, v.Sources, err = r.folded(row, s.cluster); err != nil || s.cluster == "" || v.Status != Published {
		return v, err
	}
	return v, r.tx.QueryRow(r.ctx, `SELECT p.id FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.live
		WHERE p.cluster = ? AND b.valid >= ? AND `+leads, s.cluster, r.least, r.least).Scan(&v.Leader)
}

// Similar returns what is offered now that is most like a posting: of the same
// trade and nearest to it, then what else is nearest in its county. It knows more
// of a posting that was taken down than the public may, and shows only others.
func (p *Postings) Similar(ctx context.Context, id string, most int) ([]kiosk.Posting, error) {
	var found []kiosk.Posting
	err := p.look(ctx, "similar to "+id, p.o.Now(), func(r reading) error {
		like := similar{reading: r}
		err := r.tx.QueryRow(ctx, `SELECT p.id, p.cluster, b.trade, b.area, b.lat, b.lon FROM post_posting p
			JOIN post_body b ON b.posting = p.id AND b.revision = p.revision WHERE p.id = ?`, id).
			Scan(&like.id, &like.cluster, &like.trade, &like.area, &like.at.Lat, &like.at.Lon)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrUnknown
		}
		if err != nil {
			return err
		}
		found, err = like.find(most)
		return err
	})
	return found, err
}

type similar struct {
	reading
	id, cluster, trade string
	area               kiosk.Area
	at                 kiosk.Point
}

func (l *similar) find(most int) ([]kiosk.Posting, error) {
	county := string(l.area[:min(6, len(l.area))])
	places, err := l.near(` AND b.trade = ?`, l.trade)
	if err == nil && len(places) < most {
		var more []place
		more, err = l.near(` AND b.trade <> ? AND b.area >= ? AND b.area < ?`, l.trade, county, county+":")
		places = append(places, more...)
	}
	if err != nil {
		return nil, err
	}
	var found []kiosk.Posting
	for _, c := range places[:min(most, len(places))] {
		rows, err := l.rows([]place{c})
		if err != nil {
			return nil, err
		}
		posting, err := rows[0].Posting()
		if err != nil {
			return nil, err
		}
		found = append(found, posting)
	}
	return found, nil
}

// near lists what is offered, the nearest first; where the place is not known,
// those of the same town before the others.
func (l *similar) near(where string, args ...any) ([]place, error) {
	var all []place
	err := l.tx.Each(l.ctx, func(scan func(dest ...any) error) error {
		var c place
		var at kiosk.Point
		var area kiosk.Area
		if err := scan(&c.id, &c.cluster, &area, &at.Lat, &at.Lon, &c.age); err != nil {
			return err
		}
		c.age = -c.age
		if c.metres = l.at.Metres(at); c.metres < 0 {
			c.metres, c.class = 0, 12-commonDigits(area, l.area)
		}
		if c.id != l.id && (c.cluster == "" || c.cluster != l.cluster) {
			all = append(all, c)
		}
		return nil
	}, `SELECT p.id, p.cluster, b.area, b.lat, b.lon, b.published FROM post_posting p
		JOIN post_body b ON b.posting = p.id AND b.revision = p.live WHERE b.valid >= ? AND `+leads+where,
		append([]any{l.least, l.least}, args...)...)
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.metres, b.metres), cmp.Compare(a.age, b.age), cmp.Compare(a.id, b.id))
	})
	return all, err
}

func commonDigits(a, b kiosk.Area) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
