package main

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/index"
	"jobhome/kiosk/internal/sqlite"
)

// near is how many places are asked for.
const near = 20

// finder finds the rows nearest to a point, the nearest first and by number
// where they are equally far.
type finder struct {
	name     string
	siteOnly bool // it knows the way from one point only
	find     func(from kiosk.Point) ([]int32, error)
}

// nearestSides compares every finder with a look at all places, then times it.
func nearestSides(ctx context.Context, c *actor) (o outcome, err error) {
	posts := postings(c.n)
	places := make([]kiosk.Point, len(posts))
	for i := range posts {
		places[i] = posts[i].Location
	}
	tree, err := newTree(ctx, c.dir, places)
	if err != nil {
		return o, err
	}
	defer func() { _ = tree.db.Close() }()
	finders := []finder{
		{"grid (ours)", false, gridded(places)},
		{"R*Tree with a doubling box", false, tree.find},
		{"a look at all places", false, func(from kiosk.Point) ([]int32, error) { return scanPlaces(places, from), nil }},
		{"presorted order (ours)", true, presorted(places)},
		{"R*Tree with a doubling box", true, tree.find},
	}
	for _, f := range finders {
		s, err := timeFinder(f, places, c.rounds)
		if err != nil {
			return o, err
		}
		o.Table = append(o.Table, s)
	}
	return o, nil
}

func timeFinder(f finder, places []kiosk.Point, rounds int) (side, error) {
	s := side{Name: f.name, Note: "from any point"}
	points := points(places)
	if f.siteOnly {
		s.Note = "from the site"
		for i := range points {
			points[i] = demo.Site().Location
		}
	}
	for _, p := range points {
		got, err := f.find(p)
		if err != nil {
			return s, err
		}
		if s.Asked++; !slices.Equal(got, scanPlaces(places, p)) {
			s.Differ++
		}
	}
	best := bestTimes(len(points), rounds, func(i int) { _, _ = f.find(points[i]) })
	s.Times = best
	return s, nil
}

// points are places to ask from, half of them at a posting and half around.
func points(places []kiosk.Point) []kiosk.Point {
	r := rand.New(rand.NewPCG(20, 11))
	out := make([]kiosk.Point, 200)
	for i := range out {
		for !out[i].Known() {
			out[i] = places[r.IntN(len(places))]
		}
		if i%2 == 1 {
			out[i].Lat += (r.Float64() - 0.5) * 0.05
			out[i].Lon += (r.Float64() - 0.5) * 0.05
		}
	}
	return out
}

// bestTimes is the processor time of each of n questions, the best of some.
// A question is asked often enough in a row for the clock to see it.
func bestTimes(n, rounds int, ask func(i int)) figures {
	best := make(figures, n)
	for round := range rounds {
		for i := range n {
			at, times := cpu(), 0
			for took := time.Duration(0); took < 50*time.Microsecond; took = cpu() - at {
				ask(i)
				times++
			}
			took := float64(cpu()-at) / 1e3 / float64(times)
			if round == 0 || took < best[i] {
				best[i] = took
			}
		}
	}
	return best
}

type distant struct {
	metres float64
	row    int32
}

func farther(a, b distant) int {
	return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.row, b.row))
}

func rowsOf(all []distant) []int32 {
	out := make([]int32, 0, near)
	for _, d := range all[:min(near, len(all))] {
		out = append(out, d.row)
	}
	return out
}

// scanPlaces looks at every place and keeps the nearest.
func scanPlaces(places []kiosk.Point, from kiosk.Point) []int32 {
	var all []distant
	for i, p := range places {
		d := distant{from.Metres(p), int32(i)}
		if d.metres < 0 || len(all) == near && farther(d, all[near-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(all, d, farther)
		if all = slices.Insert(all, at, d); len(all) > near {
			all = all[:near]
		}
	}
	return rowsOf(all)
}

// presorted is what a board does for the site that it stands at.
func presorted(places []kiosk.Point) func(kiosk.Point) ([]int32, error) {
	metres := make([]float64, len(places))
	for i, p := range places {
		if metres[i] = demo.Site().Location.Metres(p); metres[i] < 0 {
			metres[i] = math.Inf(1)
		}
	}
	order, all := index.OrderBy(metres, nil), index.NewBits(len(places))
	all.Fill(len(places))
	return func(kiosk.Point) ([]int32, error) {
		rows, _ := order.Page(make([]int32, 0, near), all, 0, near)
		return rows, nil
	}
}

// gridded is what a board does for any other point.
func gridded(places []kiosk.Point) func(kiosk.Point) ([]int32, error) {
	lat, lon := make([]float64, len(places)), make([]float64, len(places))
	for i, p := range places {
		if lat[i], lon[i] = p.Lat, p.Lon; !p.Known() {
			lat[i], lon[i] = math.NaN(), math.NaN()
		}
	}
	grid, all := index.NewGrid(lat, lon, nil), index.NewBits(len(places))
	all.Fill(len(places))
	earth := kiosk.Point{Lat: 1}.Metres(kiosk.Point{Lat: 2}) * 180 / math.Pi
	return func(from kiosk.Point) ([]int32, error) {
		rows, _ := grid.From(index.Origin{
			Lat: from.Lat, Lon: from.Lon, Radius: earth,
			Metres: func(row int32) float64 { return places[row].Metres(from) },
		}).Page(make([]int32, 0, near), all, 0, near)
		return rows, nil
	}
}

// tree is SQLite's R*Tree with the exact places beside, which it rounds.
type tree struct {
	db    *sql.DB
	box   *sql.Stmt
	first float64 // metres of the first box
}

func newTree(ctx context.Context, dir string, places []kiosk.Point) (*tree, error) {
	db, err := sqlite.Open(dir+"/rtree.db", sqlite.Opts{Synchronous: sqlite.Normal})
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "CREATE VIRTUAL TABLE place USING rtree(id, south, north, west, east, +lat, +lon)"); err != nil {
		return nil, err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		return nil, err
	}
	for i, p := range places {
		if !p.Known() {
			continue
		}
		if _, err := insert.ExecContext(ctx, i, p.Lat, p.Lat, p.Lon, p.Lon, p.Lat, p.Lon); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	// Half of a demo board lies within some three kilometres.
	t := &tree{db: db, first: 2000 * math.Sqrt(near/float64(len(places)))}
	t.box, err = db.PrepareContext(ctx, "SELECT id, lat, lon FROM place WHERE north >= ? AND south <= ? AND east >= ? AND west <= ?")
	return t, err
}

// find widens the box until enough places lie in the circle within it.
func (t *tree) find(from kiosk.Point) ([]int32, error) {
	for metres := t.first; ; metres *= 2 {
		all, err := t.within(from, metres)
		if err != nil {
			return nil, err
		}
		if len(all) >= near || metres > 1e7 {
			slices.SortFunc(all, farther)
			return rowsOf(all), nil
		}
	}
}

func (t *tree) within(from kiosk.Point, metres float64) ([]distant, error) {
	const degree = 111000 // metres, a little less than there are
	lat, lon := metres/degree, metres/degree/math.Cos(from.Lat*math.Pi/180)
	rows, err := t.box.Query(from.Lat-lat, from.Lat+lat, from.Lon-lon, from.Lon+lon)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []distant
	for rows.Next() {
		var d distant
		var p kiosk.Point
		if err := rows.Scan(&d.row, &p.Lat, &p.Lon); err != nil {
			return nil, err
		}
		if d.metres = from.Metres(p); d.metres <= metres {
			all = append(all, d)
		}
	}
	return all, rows.Err()
}
