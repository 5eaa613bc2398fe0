package postings

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/wire"
)

// Scope is what belongs on one board. Without areas and points it is everything.
type Scope struct {
	Areas  []kiosk.Area    // what lies in one, and what is offered to all of a larger area around it
	Points []kiosk.Point   // of its sites
	Ring   float64         // kilometres around each of the points
	Always []kiosk.Channel // whatever their place
	// Bytes is the most that the bodies of a board may have together, unpacked; 0 is
	// no limit. What goes beyond it is left out from the far end: first the ring, the
	// farthest first, then the areas, the oldest first; Always last.
	Bytes int64
}

// Board returns what is published, still valid at the time now and within the
// scope, in the order of ids; and the ids of all that was ever taken down, the
// newest first.
func (p *Postings) Board(ctx context.Context, scope Scope, now time.Time) ([]kiosk.Posting, []string, error) {
	rows, revoked, err := p.Rows(ctx, scope, now)
	if err != nil {
		return nil, nil, err
	}
	all := make([]kiosk.Posting, len(rows))
	for i, r := range rows {
		if all[i], err = r.Posting(); err != nil {
			return nil, nil, err
		}
	}
	return all, revoked, nil
}

// Rows is Board as the rows that travel.
func (p *Postings) Rows(ctx context.Context, scope Scope, now time.Time) (rows []wire.Row, revoked []string, err error) {
	err = p.look(ctx, "board", now, func(r reading) error {
		chosen, err := r.choose(scope)
		if err != nil {
			return err
		}
		if rows, err = r.rows(chosen); err != nil {
			return err
		}
		revoked, err = column(ctx, r.tx, `SELECT id FROM post_posting WHERE status = 'revoked' AND first_published > 0 ORDER BY ended DESC, id`)
		return err
	})
	return rows, revoked, err
}

// place is where a posting stands in the order of what a board is for.
type place struct {
	id      string
	cluster string
	class   int // 0 Always, 1 within the areas, 2 in the ring
	metres  float64
	age     int64 // the newest first
	size    int64
}

func (r reading) choose(scope Scope) ([]place, error) {
	where, args := scope.near()
	query := `SELECT p.id, p.cluster, b.channel, b.area, b.lat, b.lon, b.published, length(b.body)
		FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.live
		WHERE b.valid >= ? AND ` + leads + where
	var all []place
	err := r.tx.Each(r.ctx, func(scan func(dest ...any) error) error {
		var c place
		var channel kiosk.Channel
		var area kiosk.Area
		var at kiosk.Point
		if err := scan(&c.id, &c.cluster, &channel, &area, &at.Lat, &at.Lon, &c.age, &c.size); err != nil {
			return err
		}
		c.age = -c.age
		var ok bool
		if c.class, c.metres, ok = scope.class(channel, area, at); ok {
			all = append(all, c)
		}
		return nil
	}, query, append([]any{r.least, r.least}, args...)...)
	if err != nil {
		return nil, err
	}
	return scope.cut(all), nil
}

// cut leaves out what goes beyond the limit, and orders the rest by id.
func (s *Scope) cut(all []place) []place {
	if s.Bytes > 0 {
		slices.SortFunc(all, func(a, b place) int {
			return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.metres, b.metres), cmp.Compare(a.age, b.age), cmp.Compare(a.id, b.id))
		})
		var sum int64
		for i, c := range all {
			if sum += c.size; sum > s.Bytes {
				all = all[:i]
				break
			}
		}
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Compare(a.id, b.id) })
	return all
}

// class is where a posting belongs, and whether it belongs at all.
func (s *Scope) class(c kiosk.Channel, area kiosk.Area, at kiosk.Point) (class int, metres float64, ok bool) {
	if slices.Contains(s.Always, c) {
		return 0, 0, true
	}
	if len(s.Areas) == 0 && len(s.Points) == 0 {
		return 1, 0, true
	}
	for _, a := range s.Areas {
		if area.Within(a) || a.Within(area) {
			return 1, 0, true
		}
	}
	nearest := math.Inf(1)
	for _, p := range s.Points {
		if m := p.Metres(at); m >= 0 {
			nearest = min(nearest, m)
		}
	}
	return 2, nearest, nearest <= s.Ring*1000
}

// near is what is certainly not on the board, as a condition, so that a village's
// board does not read a province's rows. What it lets through is looked at again.
func (s *Scope) near() (where string, args []any) {
	if len(s.Areas) == 0 && len(s.Points) == 0 {
		return "", nil
	}
	for _, a := range s.Areas {
		// ':' comes after '9'.
		where, args = where+` OR b.area >= ? AND b.area < ?`, append(args, string(a), string(a)+":")
		for _, n := range []int{2, 4, 6, 9} {
			if n < len(a) {
				where, args = where+` OR b.area = ?`, append(args, string(a[:n]))
			}
		}
	}
	for _, c := range s.Always {
		where, args = where+` OR b.channel = ?`, append(args, string(c))
	}
	const kmPerDegree = 111.1 // of latitude, a little less than there are
	for _, p := range s.Points {
		lat := s.Ring / kmPerDegree
		lon := 360.0
		if c := math.Cos((math.Abs(p.Lat) + lat) * math.Pi / 180); c > 0.01 {
			lon = lat / c
		}
		where += ` OR b.lat BETWEEN ? AND ? AND b.lon BETWEEN ? AND ?`
		args = append(args, p.Lat-lat, p.Lat+lat, p.Lon-lon, p.Lon+lon)
	}
	return ` AND (1 = 0` + where + `)`, args
}

// rows reads the rows. One that stands for a cluster names all its sources.
func (r reading) rows(chosen []place) ([]wire.Row, error) {
	rows := make([]wire.Row, 0, len(chosen))
	clusters := map[string]string{}
	for some := range slices.Chunk(chosen, chunk) {
		ids := make([]string, len(some))
		for i, c := range some {
			if ids[i] = c.id; c.cluster != "" {
				clusters[c.id] = c.cluster
			}
		}
		err := r.tx.Each(r.ctx, func(scan func(dest ...any) error) error {
			var row wire.Row
			err := scan(&row.ID, &row.Body, &row.Refreshed)
			rows = append(rows, row)
			return err
		}, `SELECT p.id, b.body, p.live_refreshed FROM post_posting p JOIN post_body b ON b.posting = p.id AND b.revision = p.live
			WHERE p.id IN (`+places(chunk)+`) ORDER BY p.id`, texts(ids, chunk)...)
		if err != nil {
			return nil, err
		}
	}
	for i := range rows {
		cluster, ok := clusters[rows[i].ID]
		if !ok {
			continue
		}
		posting, _, err := r.folded(rows[i], cluster)
		if err != nil {
			return nil, err
		}
		if rows[i], err = wire.RowOf(&posting); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// folded is the posting of a row that stands for a cluster, and its sources.
func (r reading) folded(row wire.Row, cluster string) (kiosk.Posting, []kiosk.Source, error) {
	posting, err := row.Posting()
	if err != nil || cluster == "" {
		return posting, []kiosk.Source{posting.Source}, err
	}
	all, err := r.sources(cluster)
	if len(all) > 1 {
		posting.Source = named(all)
	}
	return posting, all, err
}
