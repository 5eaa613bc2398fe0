package index

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// radius and metres are those of the board's own distance.
const radius = 6371000

func metres(aLat, aLon, bLat, bLon float64) float64 {
	dLat, dLon := (bLat-aLat)*degree, (bLon-aLon)*degree
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(aLat*degree)*math.Cos(bLat*degree)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// world is places that a grid is tried with.
type world struct {
	lat, lon []float64
	ties     Order
	grid     *Grid
}

// place is a random place of a kind: around one town, around few, at a few
// points only, on a line, in all of China, anywhere on earth.
func place(r *rand.Rand, kind string) (lat, lon float64) {
	switch kind {
	case "town":
		return 29.25 + r.NormFloat64()/20, 115.8 + r.NormFloat64()/20
	case "towns":
		return 25 + 10*float64(r.IntN(3)) + r.NormFloat64()/50, 100 + 9*float64(r.IntN(3)) + r.NormFloat64()/50
	case "points":
		return 29 + float64(r.IntN(4))/100, 115 + float64(r.IntN(4))/100
	case "line":
		return 29, 115 + r.Float64()
	case "china":
		return 18 + 35*r.Float64(), 73 + 62*r.Float64()
	}
	return []float64{180*r.Float64() - 90, 90, -90, 0, 89.9}[r.IntN(5)], []float64{360*r.Float64() - 180, 180, -180, 179.99, 0}[r.IntN(5)]
}

var kinds = []string{"town", "towns", "points", "line", "china", "earth"}

func newWorld(r *rand.Rand, kind string, n int) *world {
	w := &world{}
	keys := make([]int, n)
	for i := range n {
		lat, lon := place(r, kind)
		if r.IntN(20) == 0 {
			lat, lon = math.NaN(), math.NaN()
		}
		w.lat, w.lon = append(w.lat, lat), append(w.lon, lon)
		keys[i] = r.IntN(n)
	}
	w.ties = OrderBy(keys, nil)
	w.grid = NewGrid(w.lat, w.lon, &w.ties)
	return w
}

func (w *world) from(lat, lon float64) *Nearest {
	return w.grid.From(Origin{lat, lon, radius, func(row int32) float64 {
		return metres(w.lat[row], w.lon[row], lat, lon)
	}})
}

// sorted is the rows of a set by a look at every one.
func (w *world) sorted(set Bits, lat, lon float64) []int32 {
	rows := set.Rows(nil)
	far := make([]float64, len(w.lat))
	for _, row := range rows {
		if far[row] = metres(w.lat[row], w.lon[row], lat, lon); math.IsNaN(far[row]) {
			far[row] = math.Inf(1)
		}
	}
	slices.SortFunc(rows, func(a, b int32) int {
		return cmp.Or(cmp.Compare(far[a], far[b]), cmp.Compare(w.ties.rank[a], w.ties.rank[b]))
	})
	return rows
}

// TestNearestEqualsALookAtEveryRow asks for pages of sparse and full sets from
// points among the rows, at a row, and far away from all.
func TestNearestEqualsALookAtEveryRow(t *testing.T) {
	for i, kind := range kinds {
		for _, n := range []int{0, 1, 40, 3000} {
			t.Run(fmt.Sprint(kind, n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(i), uint64(n)))
				w := newWorld(r, kind, n)
				for range 60 {
					set := NewBits(n)
					for range r.IntN(n+1) * r.IntN(3) {
						set.Set(r.IntN(n))
					}
					if r.IntN(4) == 0 {
						set.Fill(n)
					}
					from := []string{kind, kind, "china", "earth"}[r.IntN(4)]
					lat, lon := place(r, from)
					if n > 0 && r.IntN(4) == 0 && !math.IsNaN(w.lat[0]) {
						lat, lon = w.lat[0], w.lon[0]
					}
					skip, limit := r.IntN(100)*r.IntN(2), 1+r.IntN(40)
					want := w.sorted(set, lat, lon)
					wantLeft := max(0, skip-len(want))
					page, left := w.from(lat, lon).Page([]int32{-1}, set, skip, limit+1)
					part := want[min(skip, len(want)):]
					part = append([]int32{-1}, part[:min(limit, len(part))]...)
					if !slices.Equal(page, part) || left != wantLeft {
						t.Fatalf("%d of %d from %v, %v, without %d: %v, %d; want %v, %d", limit, set.Count(), lat, lon, skip, page, left, part, wantLeft)
					}
					w.within(t, r, set, lat, lon)
				}
			})
		}
	}
}

// within compares Within with a look at every row, at the very distance of a
// row too.
func (w *world) within(t *testing.T, r *rand.Rand, set Bits, lat, lon float64) {
	t.Helper()
	reach := []float64{-1, 0, 3000 * r.Float64(), 2e7 * r.Float64(), 2.1e7}[r.IntN(5)]
	if rows := set.Rows(nil); len(rows) > 0 && r.IntN(2) == 0 {
		row := rows[r.IntN(len(rows))]
		if reach = metres(w.lat[row], w.lon[row], lat, lon); r.IntN(2) == 0 {
			reach = math.Nextafter(reach, 0)
		}
	}
	got, want := slices.Clone(set), NewBits(len(w.lat))
	w.from(lat, lon).Within(got, reach)
	set.Each(func(i int) {
		if metres(w.lat[i], w.lon[i], lat, lon) <= reach {
			want.Set(i)
		}
	})
	if !slices.Equal(got, want) {
		t.Fatalf("within %v of %v, %v: %d rows, want %d", reach, lat, lon, got.Count(), want.Count())
	}
}

// BenchmarkNearest finds the 20 nearest of 100,000 from random points of the
// same kind. Its peer is a look at the column of all places.
func BenchmarkNearest(b *testing.B) {
	const n, want = 100000, 20
	for _, kind := range []string{"town", "china"} {
		r := rand.New(rand.NewPCG(1, 1))
		w := newWorld(r, kind, n)
		full := NewBits(n)
		full.Fill(n)
		var points [][2]float64
		for range 100 {
			lat, lon := place(r, kind)
			points = append(points, [2]float64{lat, lon})
		}
		for _, p := range points[:10] {
			if page, _ := w.from(p[0], p[1]).Page(nil, full, 0, want); !slices.Equal(page, w.sorted(full, p[0], p[1])[:want]) {
				b.Fatal("another page than a look at every row finds")
			}
		}
		var page []int32
		run := func(name string, f func(lat, lon float64)) {
			b.Run(kind+"/"+name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					f(points[i%len(points)][0], points[i%len(points)][1])
				}
			})
		}
		run("grid", func(lat, lon float64) { page, _ = w.from(lat, lon).Page(page[:0], full, 0, want) })
		run("column", func(lat, lon float64) {
			s := &search{n: w.from(lat, lon), set: full, most: want, limit: math.Inf(1)}
			for row := range int32(n) {
				if w.grid.known.Has(int(row)) {
					s.look(row)
				}
			}
		})
		run("haversine", func(lat, lon float64) {
			best := make([]found, 0, want+1)
			for row := range w.lat {
				f := found{metres: metres(w.lat[row], w.lon[row], lat, lon), row: int32(row)}
				if !(len(best) < want || f.metres < best[want-1].metres) {
					continue
				}
				at, _ := slices.BinarySearchFunc(best, f, func(a, b found) int { return a.compare(&b) })
				best = slices.Insert(best, at, f)
				best = best[:min(len(best), want)]
			}
		})
		run("build", func(float64, float64) { NewGrid(w.lat, w.lon, &w.ties) })
	}
}
