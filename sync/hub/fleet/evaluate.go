package fleet

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
)

// Cell is a number of people, or of what people did. Below K it is hidden, and so
// are others by which it could be computed.
type Cell struct {
	N      int
	Hidden bool
}

// String writes the number, or "<5".
func (c Cell) String() string {
	if c.Hidden {
		return "<" + strconv.Itoa(K)
	}
	return strconv.Itoa(c.N)
}

// The columns of an evaluation.
const (
	Visits = iota
	Searches
	Prints
	Referrals
	Calls    // requests to be called
	Answered // of them, those that somebody was reached for
	Ratings
	Satisfied // of them, good
	columns
)

// Row is one site's month, or one tier's.
type Row struct {
	Site      string // empty: all of the tier
	Name      string
	Tier      kiosk.Tier
	Area      kiosk.Area
	Terminals int
	Days      int // on which a terminal of it was heard; of a tier the sum
	Cells     [columns]Cell
}

// Evaluation is one month of the sites of an area, by area, and of each tier there.
type Evaluation struct {
	From, To time.Time
	Sites    []Row
	Tiers    []Row
}

// Evaluate sums up the month that a time lies in, Beijing time. Figures about
// people are shown from K on; those of the sites of one tier are hidden together
// with so many others of the tier that none can be had by subtraction.
func (f *Fleet) Evaluate(ctx context.Context, in kiosk.Area, month time.Time) (Evaluation, error) {
	m := month.In(beijing)
	e := Evaluation{From: time.Date(m.Year(), m.Month(), 1, 0, 0, 0, 0, beijing)}
	e.To = e.From.AddDate(0, 1, 0)
	like, err := within(in)
	if err != nil {
		return e, fmt.Errorf("fleet: evaluate: %w", err)
	}
	err = f.view(ctx, "evaluate", func(tx *hubdb.Tx) error {
		e.Sites = nil
		if err := e.readSites(ctx, tx, like); err != nil {
			return err
		}
		return e.readFigures(ctx, tx, like)
	})
	if err != nil {
		return e, err
	}
	e.sumTiers()
	return e, nil
}

func (e *Evaluation) readSites(ctx context.Context, tx *hubdb.Tx, like string) error {
	return tx.Each(ctx, func(scan func(...any) error) error {
		var r Row
		err := scan(&r.Site, &r.Name, &r.Tier, &r.Area, &r.Terminals, &r.Days)
		e.Sites = append(e.Sites, r)
		return err
	}, `SELECT s.id, s.name, s.tier, s.area, (SELECT count(*) FROM fleet_terminal t WHERE t.site = s.id AND t.revoked = 0),
		(SELECT count(DISTINCT c.day) FROM fleet_count c WHERE c.site = s.id AND c.name = '' AND c.day >= ? AND c.day < ?)
		FROM fleet_site s WHERE s.area LIKE ? ORDER BY s.area, s.id`, day(e.From), day(e.To), like)
}

// figures are the queries of the columns: site, column, number.
var figures = []string{
	`SELECT c.site, CASE c.name WHEN 'visits' THEN 0 WHEN 'searches' THEN 1 ELSE 2 END, CAST(sum(c.n) AS BIGINT)
		FROM fleet_count c JOIN fleet_site s ON s.id = c.site
		WHERE s.area LIKE ? AND c.day >= ? AND c.day < ? AND c.name IN ('visits', 'searches', 'prints') GROUP BY c.site, c.name`,
	`SELECT f.site, 3, count(*) FROM fleet_referral f JOIN fleet_site s ON s.id = f.site
		WHERE s.area LIKE ? AND f.issued >= ? AND f.issued < ? GROUP BY f.site`,
	`SELECT c.site, 4, count(*) FROM fleet_callback c JOIN fleet_site s ON s.id = c.site
		WHERE s.area LIKE ? AND c.asked >= ? AND c.asked < ? GROUP BY c.site`,
	`SELECT c.site, 5, count(*) FROM fleet_callback c JOIN fleet_site s ON s.id = c.site
		WHERE s.area LIKE ? AND c.asked >= ? AND c.asked < ? AND c.answer = 'reached' GROUP BY c.site`,
	`SELECT f.site, 6, count(*) FROM fleet_referral f JOIN fleet_site s ON s.id = f.site
		WHERE s.area LIKE ? AND f.rated >= ? AND f.rated < ? GROUP BY f.site`,
	`SELECT f.site, 7, count(*) FROM fleet_referral f JOIN fleet_site s ON s.id = f.site
		WHERE s.area LIKE ? AND f.rated >= ? AND f.rated < ? AND f.rating = 'good' GROUP BY f.site`,
}

func (e *Evaluation) readFigures(ctx context.Context, tx *hubdb.Tx, like string) error {
	place := map[string]int{}
	for i, r := range e.Sites {
		place[r.Site] = i
	}
	for i, query := range figures {
		from, to := ms(e.From), ms(e.To)
		if i == 0 {
			from, to = day(e.From), day(e.To)
		}
		err := tx.Each(ctx, func(scan func(...any) error) error {
			var site string
			var column, n int
			if err := scan(&site, &column, &n); err != nil {
				return err
			}
			e.Sites[place[site]].Cells[column].N = n
			return nil
		}, query, like, from, to)
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Evaluation) sumTiers() {
	for _, tier := range kiosk.Tiers() {
		sum := Row{Tier: tier}
		var rows []int
		for i, r := range e.Sites {
			if r.Tier == tier {
				rows = append(rows, i)
				sum.Terminals += r.Terminals
				sum.Days += r.Days
			}
		}
		if len(rows) == 0 {
			continue
		}
		for c := range columns {
			cells := make([]Cell, len(rows))
			for i, r := range rows {
				cells[i].N = e.Sites[r].Cells[c].N
			}
			sum.Cells[c] = hide(cells)
			for i, r := range rows {
				e.Sites[r].Cells[c] = cells[i]
			}
		}
		e.Tiers = append(e.Tiers, sum)
	}
}

// hide hides the cells below K, and the next greater ones until those that are
// hidden are two at least and K together, so that the sum does not tell them. It
// returns the sum, hidden if it tells a cell. Zero tells of nobody and is shown.
func hide(cells []Cell) (sum Cell) {
	hidden, together := 0, 0
	for i := range cells {
		sum.N += cells[i].N
		if cells[i].N > 0 && cells[i].N < K {
			cells[i].Hidden = true
			hidden++
			together += cells[i].N
		}
	}
	for hidden > 0 && (hidden == 1 || together < K) {
		next := -1
		for i, c := range cells {
			if !c.Hidden && c.N > 0 && (next < 0 || c.N < cells[next].N) {
				next = i
			}
		}
		if next < 0 {
			sum.Hidden = true
			break
		}
		cells[next].Hidden = true
		hidden++
		together += cells[next].N
	}
	for i := range cells {
		if cells[i].Hidden {
			cells[i].N = 0
		}
	}
	if sum.Hidden {
		sum.N = 0
	}
	return sum
}
