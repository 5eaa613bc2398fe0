package index

import (
	"math"
	"slices"
)

// Grid is where rows are on the earth, so that those nearest to any point are
// found without a look at the others. Its lines are not evenly spaced: between
// two of them there are about as many rows as between any others, so that one
// row far away, or all of them in one town, does no harm.
type Grid struct {
	at         []vector // by row
	known      Bits
	rank       []int32   // by row: its place among those equally far away; nil: the row itself
	lats, lons []float64 // the lines, ascending; strip i lies below line i and from line i-1 on
	west, east float64   // the outermost rows
	start      []int32   // by cell, south to north and in these west to east: where its rows begin
	rows       []int32   // by cell
}

// vector is a point of the unit sphere. The distance of two of them through the
// sphere grows with the distance on it, and takes no sine to compute.
type vector [3]float32

// rowsACell is the number of rows that a cell has about.
const rowsACell = 16

// NewGrid makes a grid of places in degrees, one for each row; NaN is not known.
// Rows that are equally far from a point are in the order of ties, or without
// one in that of their numbers.
func NewGrid(lat, lon []float64, ties *Order) *Grid {
	g := &Grid{at: make([]vector, len(lat)), known: NewBits(len(lat)), west: 180, east: -180}
	if ties != nil {
		g.rank = ties.rank
	}
	for i := range lat {
		if math.IsNaN(lat[i]) || math.IsNaN(lon[i]) {
			continue
		}
		g.known.Set(i)
		g.west, g.east = min(g.west, lon[i]), max(g.east, lon[i])
		v := unit(lat[i], lon[i])
		g.at[i] = vector{float32(v[0]), float32(v[1]), float32(v[2])}
	}
	known := g.known.Rows(nil)
	strips := 1 + int(math.Sqrt(float64(len(known)/rowsACell)))
	g.lats, g.lons = lines(lat, known, strips), lines(lon, known, strips)
	// Sorted into the cells by counting.
	cells := make([]int32, len(known))
	g.start, g.rows = make([]int32, g.height()*g.width()+1), make([]int32, len(known))
	for i, row := range known {
		cells[i] = int32(strip(g.lats, lat[row])*g.width() + strip(g.lons, lon[row]))
		g.start[cells[i]+1]++
	}
	for i := 1; i < len(g.start); i++ {
		g.start[i] += g.start[i-1]
	}
	next := slices.Clone(g.start)
	for i, row := range known {
		g.rows[next[cells[i]]] = row
		next[cells[i]]++
	}
	return g
}

func (g *Grid) height() int { return len(g.lats) + 1 }
func (g *Grid) width() int  { return len(g.lons) + 1 }

// lines divides the rows into strips of about the same size, judged by some.
func lines(values []float64, rows []int32, strips int) []float64 {
	const sample = 1 << 13
	var some []float64
	for i := 0; i < len(rows); i += 1 + len(rows)/sample {
		some = append(some, values[rows[i]])
	}
	slices.Sort(some)
	var all []float64
	for i := 1; i < strips; i++ {
		all = append(all, some[i*len(some)/strips])
	}
	return slices.Compact(all)
}

// strip is the number of lines that are not above v.
func strip(lines []float64, v float64) int {
	i, _ := slices.BinarySearchFunc(lines, v, func(line, v float64) int {
		if line <= v {
			return -1
		}
		return 1
	})
	return i
}

const degree = math.Pi / 180

func unit(lat, lon float64) [3]float64 {
	sin, cos := math.Sincos(lat * degree)
	y, x := math.Sincos(lon * degree)
	return [3]float64{cos * x, cos * y, sin}
}

// Origin is where distances are measured from.
type Origin struct {
	Lat, Lon float64                 // degrees
	Radius   float64                 // of the earth, in the unit of Metres
	Metres   func(row int32) float64 // the great-circle distance of a row whose place is known
}

// Nearest is the rows in the order of their distances from an origin, those of
// unknown place last.
type Nearest struct {
	g    *Grid
	o    Origin
	unit [3]float64
}

// From measures from an origin.
func (g *Grid) From(o Origin) *Nearest { return &Nearest{g, o, unit(o.Lat, o.Lon)} }

// slack is more than a chord between rounded vectors is wrong by: 1.3 m on the
// earth. What it cannot decide is decided by Origin.Metres.
const slack = 2e-7

// chord is the square of the distance of a row through the unit sphere.
func (n *Nearest) chord(row int32) float64 {
	v := &n.g.at[row]
	x, y, z := n.unit[0]-float64(v[0]), n.unit[1]-float64(v[1]), n.unit[2]-float64(v[2])
	return x*x + y*y + z*z
}

// Within leaves in set the rows whose distance is known and at most that many
// metres.
func (n *Nearest) Within(set Bits, metres float64) {
	set.And(n.g.known)
	if !(metres >= 0) { // NaN too
		set.Reset()
		return
	}
	middle := 2 * math.Sin(min(metres/n.o.Radius, math.Pi)/2)
	surely, atMost := -1.0, (middle+slack)*(middle+slack)
	if middle > slack {
		surely = (middle - slack) * (middle - slack)
	}
	set.Each(func(i int) {
		c := n.chord(int32(i))
		if c > atMost || c > surely && n.o.Metres(int32(i)) > metres {
			set.Clear(i)
		}
	})
}
