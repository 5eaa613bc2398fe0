package index

import (
	"cmp"
	"math"
	"slices"
)

// found is a row that is among the nearest so far.
type found struct {
	metres float64
	chord  float64
	rank   int32
	row    int32
}

func (f *found) compare(o *found) int {
	return cmp.Or(cmp.Compare(f.metres, o.metres), cmp.Compare(f.rank, o.rank))
}

// search gathers the nearest rows of a set: a heap with the farthest on top.
type search struct {
	n     *Nearest
	set   Bits
	most  int
	heap  []found
	limit float64 // chords above it are farther than all in a full heap
}

// Page appends to dst the rows of a set in this order, without the first skip,
// until dst has want of them. It returns how many of skip are left over.
func (n *Nearest) Page(dst []int32, set Bits, skip, want int) (page []int32, left int) {
	count := set.Count()
	if count <= skip {
		return dst, skip - count
	}
	end := min(count, skip+want-len(dst))
	if end <= skip {
		return dst, 0
	}
	known := set.CountAnd(n.g.known)
	s := &search{n: n, set: set, most: min(end, known), limit: math.Inf(1)}
	switch {
	case s.most == 0:
	case s.most*len(n.g.rows)/known < known:
		s.grow()
	default: // one of the set is rare in the grid: look at all of them
		set.Each(func(i int) {
			if n.g.known.Has(i) {
				s.look(int32(i))
			}
		})
	}
	slices.SortFunc(s.heap, func(a, b found) int { return a.compare(&b) })
	for _, f := range s.heap[min(skip, len(s.heap)):] {
		dst = append(dst, f.row)
	}
	if end == known || end < known {
		return dst, 0
	}
	var rest []int32
	set.Each(func(i int) {
		if !n.g.known.Has(i) {
			rest = append(rest, int32(i))
		}
	})
	slices.SortFunc(rest, func(a, b int32) int { return cmp.Compare(n.g.tie(a), n.g.tie(b)) })
	return append(dst, rest[max(0, skip-known):end-known]...), 0
}

func (g *Grid) tie(row int32) int32 {
	if g.rank == nil {
		return row
	}
	return g.rank[row]
}

// look takes a row in when it is nearer than the farthest.
func (s *search) look(row int32) {
	chord := s.n.chord(row)
	if chord > s.limit {
		return
	}
	f := found{s.n.o.Metres(row), chord, s.n.g.tie(row), row}
	switch {
	case len(s.heap) < s.most:
		s.heap = append(s.heap, f)
		s.up(len(s.heap) - 1)
	case f.compare(&s.heap[0]) < 0:
		s.heap[0] = f
		s.down()
	default:
		return
	}
	if len(s.heap) == s.most {
		s.limit = math.Sqrt(s.heap[0].chord) + 2*slack
		s.limit *= s.limit
	}
}

func (s *search) up(i int) {
	for i > 0 {
		above := (i - 1) / 2
		if s.heap[i].compare(&s.heap[above]) <= 0 {
			return
		}
		s.heap[i], s.heap[above] = s.heap[above], s.heap[i]
		i = above
	}
}

func (s *search) down() {
	for i := 0; ; {
		below := 2*i + 1
		if below >= len(s.heap) {
			return
		}
		if below+1 < len(s.heap) && s.heap[below+1].compare(&s.heap[below]) > 0 {
			below++
		}
		if s.heap[below].compare(&s.heap[i]) <= 0 {
			return
		}
		s.heap[i], s.heap[below] = s.heap[below], s.heap[i]
		i = below
	}
}

// The sides of a rectangle of cells.
const (
	south = iota
	north
	west
	east
)

// grow looks at a rectangle of cells around the origin and makes it larger on
// the side beyond which a row could be nearest, until no row can be near enough
// beyond any side.
func (s *search) grow() {
	n, g := s.n, s.n.g
	i, j := strip(g.lats, n.o.Lat), strip(g.lons, n.o.Lon)
	i0, i1, j0, j1 := i, i, j, j
	s.cells(i, j, j)
	beyond := [...]float64{n.south(i0), n.north(i1), n.west(j0), n.east(j1)}
	for {
		side := south
		for o := range beyond {
			if beyond[o] < beyond[side] {
				side = o
			}
		}
		if beyond[side] > s.limit { // infinite when every row was looked at
			return
		}
		if math.IsInf(beyond[side], 1) {
			return
		}
		switch side {
		case south:
			i0--
			s.cells(i0, j0, j1)
			beyond[south] = n.south(i0)
		case north:
			i1++
			s.cells(i1, j0, j1)
			beyond[north] = n.north(i1)
		case west:
			j0--
			s.column(i0, i1, j0)
			beyond[west] = n.west(j0)
		case east:
			j1++
			s.column(i0, i1, j1)
			beyond[east] = n.east(j1)
		}
	}
}

// cells looks at the rows of the cells of one strip, which lie side by side.
func (s *search) cells(i, j0, j1 int) {
	g := s.n.g
	for _, row := range g.rows[g.start[i*g.width()+j0]:g.start[i*g.width()+j1+1]] {
		if s.set.Has(int(row)) {
			s.look(row)
		}
	}
}

func (s *search) column(i0, i1, j int) {
	for i := i0; i <= i1; i++ {
		s.cells(i, j, j)
	}
}

// south is the least chord, squared, to any row south of strip i; infinite when
// there is none. To come there one must cross the circle of latitude.
func (n *Nearest) south(i int) float64 {
	if i == 0 {
		return math.Inf(1)
	}
	return least(n.o.Lat - n.g.lats[i-1])
}

func (n *Nearest) north(i int) float64 {
	if i == len(n.g.lats) {
		return math.Inf(1)
	}
	return least(n.g.lats[i] - n.o.Lat)
}

// west is that for the rows west of strip j. They reach to the westernmost one,
// which may be nearer the other way round the earth. To come there one must
// cross the great circle of a meridian.
func (n *Nearest) west(j int) float64 {
	if j == 0 {
		return math.Inf(1)
	}
	return n.meridian(min(n.o.Lon-n.g.lons[j-1], 360-(n.o.Lon-n.g.west)))
}

func (n *Nearest) east(j int) float64 {
	if j == len(n.g.lons) {
		return math.Inf(1)
	}
	return n.meridian(min(n.g.lons[j]-n.o.Lon, 360-(n.g.east-n.o.Lon)))
}

func (n *Nearest) meridian(degrees float64) float64 {
	sin := math.Cos(n.o.Lat*degree) * math.Sin(min(max(degrees, 0), 90)*degree)
	return least(math.Asin(min(max(sin, 0), 1)) / degree)
}

// least is the square of the chord of an angle, less what rounding may have
// added.
func least(degrees float64) float64 {
	c := max(0, 2*math.Sin(min(max(degrees, 0), 180)*degree/2)-slack)
	return c * c
}

// Each calls f with the rows of a set in this order until it returns false. It
// takes twice as many at a time as before, since how far f goes is not known.
func (n *Nearest) Each(set Bits, f func(row int32) bool) {
	const first = 64
	for skip, most := 0, first; ; skip, most = skip+most, 2*most {
		rows, _ := n.Page(nil, set, skip, most)
		for _, row := range rows {
			if !f(row) {
				return
			}
		}
		if len(rows) < most {
			return
		}
	}
}
