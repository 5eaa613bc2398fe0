package main

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/match"
)

// What a look at all rows of the table's columns reads of each, and what it
// would in the narrowest columns that were tried.
const (
	columnBytes  = 30
	narrowColumn = 18
)

// matchSides ranks for the same residents in three ways. The oracle is
// match.Rank over all postings.
func matchSides(ctx context.Context, c *actor) (o outcome, err error) {
	posts := postings(c.n)
	for i := range posts {
		posts[i].Description, posts[i].Requirements = "", ""
	}
	asks := residents(300)
	if c.n > 200_000 {
		asks = asks[:100] // a look at all postings takes half a second
	}
	table := match.NewTable(posts, demo.Site())
	peer, err := newCandidates(ctx, c.dir, posts)
	if err != nil {
		return o, err
	}
	defer func() { _ = peer.db.Close() }()
	ours, sqlSide := side{Name: "match.Table (ours)"}, side{Name: "SQL candidates + Go"}
	full := side{Name: "match.Rank, all postings"}
	for _, a := range asks {
		at := cpu()
		want := match.Rank(posts, a)
		full.Times.add(cpu() - at)
		got, err := peer.rank(a)
		if err != nil {
			return o, err
		}
		ours.Asked, sqlSide.Asked = ours.Asked+1, sqlSide.Asked+1
		if !reflect.DeepEqual(table.Rank(a), want) {
			ours.Differ++
		}
		if !reflect.DeepEqual(got, want) {
			sqlSide.Differ++
		}
	}
	full.Asked = len(asks)
	ours.Times = bestTimes(len(asks), c.rounds, func(i int) { table.Rank(asks[i]) })
	sqlSide.Times = bestTimes(len(asks), 1, func(i int) { _, _ = peer.rank(asks[i]) })
	only := side{Name: "of it the SQL", Note: "no ranking"}
	only.Times = bestTimes(len(asks), 1, func(i int) { _, _ = peer.rows(asks[i]) })
	speed := bandwidth()
	bound := func(bytes int) side {
		t := float64(c.n*bytes) / speed
		return side{
			Name: fmt.Sprintf("memory bound of %d B a row", bytes), Times: figures{t},
			Note: fmt.Sprintf("%.1f GB/s", speed/1e3),
		}
	}
	o.Table = []side{ours, sqlSide, only, full, bound(columnBytes), bound(narrowColumn)}
	return o, nil
}

// residents are people who answer most of the questions.
func residents(n int) []match.Ask {
	r := rand.New(rand.NewPCG(7, 300))
	trades := []kiosk.Trade{
		"garment", "electronics", "machinery", "construction", "shop", "restaurant", "care", "cleaning", "security",
		"driver", "warehouse", "office",
	}
	asks := make([]match.Ask, n)
	for i := range asks {
		a := match.Ask{Site: demo.Site(), Now: moment, Limit: 20}
		for range 1 + r.IntN(3) {
			a.Profile.Trades = append(a.Profile.Trades, trades[r.IntN(len(trades))])
		}
		a.Profile.Within = []float64{0, 3000, 5000, 10000}[r.IntN(4)]
		a.Profile.PayAtLeast = []kiosk.Fen{0, kiosk.Yuan(3000), kiosk.Yuan(4000), kiosk.Yuan(5000)}[r.IntN(4)]
		a.Profile.Shifts = []kiosk.Shifts{0, kiosk.DayShift, kiosk.DayShift | kiosk.PartTime, kiosk.AllShifts}[r.IntN(4)]
		a.Profile.Benefits = kiosk.Benefits(r.IntN(1<<11) & r.IntN(1<<11) & r.IntN(1<<11))
		a.Profile.Education = schooling[r.IntN(len(schooling))]
		a.Profile.Term = []kiosk.Term{kiosk.AnyTerm, kiosk.LongTerm, kiosk.ThisWeek}[r.IntN(3)]
		if r.IntN(2) == 0 {
			a.Resident = kiosk.Resident{MaskedName: "王*", BirthYear: 2008 - r.IntN(45), BirthMonth: 3, BirthDay: 5}
		}
		asks[i] = a
	}
	return asks
}

// candidates is the usual way with a database: it names the rows that fulfil
// what was asked, by an index with all that it needs, and Go ranks those.
type candidates struct {
	db    *sql.DB
	posts []kiosk.Posting
	ready map[string]*sql.Stmt
}

func newCandidates(ctx context.Context, dir string, posts []kiosk.Posting) (*candidates, error) {
	db, err := sqlite.Open(dir+"/match.db", sqlite.Opts{Synchronous: sqlite.Normal})
	if err != nil {
		return nil, err
	}
	c := &candidates{db, posts, map[string]*sql.Stmt{}}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "CREATE TABLE fact (rowid INTEGER PRIMARY KEY, trade TEXT, education INTEGER, high INTEGER, metres REAL, valid INTEGER)"); err != nil {
		return nil, err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	for i := range posts {
		p := &posts[i]
		_, high, known := p.Pay.Monthly()
		if !known {
			high = -1
		}
		_, err := insert.ExecContext(ctx, i, string(p.Occupation.Trade()), int(p.Education), int64(high),
			nearKey(p.Location.Metres(demo.Site().Location)), p.ValidThrough.Unix())
		if err != nil {
			return nil, err
		}
	}
	if _, err := tx.ExecContext(ctx, "CREATE INDEX wanted ON fact (trade, education, high, metres, valid)"); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, "PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -65536")
	return c, err
}

// rows are those that fulfil the ask.
func (c *candidates) rows(a match.Ask) ([]int, error) {
	var where []string
	var args []any
	need := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	var levels []string
	for _, e := range schooling {
		if a.Profile.Education.Meets(e) {
			levels = append(levels, fmt.Sprint(int(e)))
		}
	}
	need("trade IN ('" + strings.Join(names(a.Profile.Trades), "','") + "')")
	need("education IN (" + strings.Join(levels, ",") + ")")
	need("valid >= ?", a.Now.Unix())
	if a.Profile.PayAtLeast > 0 {
		need("high >= ?", int64(a.Profile.PayAtLeast))
	}
	if a.Profile.Within > 0 {
		need("metres <= ?", a.Profile.Within)
	}
	text := "SELECT rowid FROM fact WHERE " + strings.Join(where, " AND ")
	s := c.ready[text]
	if s == nil {
		var err error
		if s, err = c.db.Prepare(text); err != nil {
			return nil, err
		}
		c.ready[text] = s
	}
	rows, err := s.Query(args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []int
	for rows.Next() {
		var row int
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

func (c *candidates) rank(a match.Ask) ([]kiosk.Match, error) {
	rows, err := c.rows(a)
	if err != nil {
		return nil, err
	}
	some := make([]kiosk.Posting, len(rows))
	for i, row := range rows {
		some[i] = c.posts[row]
	}
	return match.Rank(some, a), nil
}
