package board

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// snapshot is the board in memory at one moment. It is never changed. The
// first part is what is read from the file, the second follows from it.
type snapshot struct {
	state   state   // of the file
	rowids  []int64 // ascending; rows are in this order
	facts   []facts
	strings *index.Strings
	text    *index.Text // the folded words of the postings

	rows    []row
	valid   []int64 // when postings expire, each moment once, ascending
	areas   []kiosk.Area
	codes   []string      // of occupations
	trades  []kiosk.Trade // row.trade is an index into it
	towns   []kiosk.Area  // row.town is an index into it
	sets    sets
	folds   folds
	byID    index.Order
	nearest index.Order        // the orders of kiosk.Sort
	grid    func() *index.Grid // for distances from elsewhere
	newest  index.Order
	payOrd  index.Order
	terms   []term // what Suggest proposes
	now     atomic.Pointer[openSet]
	room    *sync.Pool
}

// row is what a look at one posting needs for filters and counts.
type row struct {
	metres   float64   // from the site; negative unknown
	high     kiosk.Fen // a month; negative unknown
	valid    int64     // Unix seconds
	area     uint32    // index into snapshot.areas
	code     uint32    // index into snapshot.codes
	trade    uint16
	town     int16 // -1: coarser than a town
	benefits kiosk.Benefits
	shifts   kiosk.Shifts
	channel  uint8 // index into kiosk.Channels
	asked    uint8 // index into asked
	pay      uint8 // the number of bands reached
	near     uint8 // the number of bands that are too near
}

// asked lists the levels of schooling that a posting may ask for.
var asked = append([]kiosk.Education{kiosk.AnySchooling}, kiosk.Educations()...)

func newSnapshot() *snapshot {
	return &snapshot{strings: &index.Strings{}, text: index.NewText()}
}

// known tells what the board has by ids.
func (s *snapshot) known() map[string]known {
	all := make(map[string]known, len(s.facts))
	for i := range s.facts {
		all[s.word(&s.facts[i], wordID)] = known{s.rowids[i], s.facts[i].digest, s.facts[i].arrived}
	}
	return all
}

// find returns the row of an id, or -1.
func (s *snapshot) find(id string) int32 {
	i, ok := slices.BinarySearchFunc(s.byID.Rows, id, func(row int32, id string) int {
		return cmp.Compare(s.word(&s.facts[row], wordID), id)
	})
	if !ok {
		return -1
	}
	return s.byID.Rows[i]
}

// derive fills the second part from the first.
func (s *snapshot) derive(site kiosk.Site) {
	low := s.fillRows(site)
	s.sets = newSets(s)
	s.order(low)
	s.folds = newFolds(s)
	s.terms = collectTerms(s)
	s.grid = sync.OnceValue(s.newGrid)
	n, groups := len(s.rows), s.folds.len()
	s.room = &sync.Pool{New: func() any {
		return &room{n: n, seen: index.NewBits(groups), marks: make([]marks, groups)}
	}}
}

// fillRows fills rows and the lists that they point into, and returns the lower monthly
// figures.
func (s *snapshot) fillRows(site kiosk.Site) (low []kiosk.Fen) {
	codes, areas := map[uint32]uint32{}, map[uint32]uint32{} // by the number of the word
	var trade []uint16
	var town []int16
	n := len(s.facts)
	s.rows, low = make([]row, n), make([]kiosk.Fen, n)
	ends := map[int64]struct{}{}
	channels, bands := kiosk.Channels(), kiosk.PayBands()
	for i := range s.facts {
		f, r := &s.facts[i], &s.rows[i]
		r.valid = f.valid
		ends[f.valid] = struct{}{}
		r.setMetres(f.place().Metres(site.Location))
		low[i], r.high = -1, -1
		if lo, hi, ok := s.pay(f).Monthly(); ok {
			low[i], r.high = lo, hi
		}
		for int(r.pay) < len(bands) && r.high >= bands[r.pay] {
			r.pay++
		}
		r.shifts, r.benefits = f.shifts, f.benefits
		r.channel = uint8(max(0, slices.Index(channels, kiosk.Channel(s.word(f, wordChannel)))))
		r.asked = uint8(max(0, slices.Index(asked, kiosk.Education(f.education))))
		var ok bool
		if r.area, ok = areas[f.words[wordArea]]; !ok {
			a := kiosk.Area(s.word(f, wordArea))
			r.area = uint32(len(s.areas))
			areas[f.words[wordArea]] = r.area
			s.areas, town = append(s.areas, a), append(town, s.addTown(a.Town()))
		}
		if r.code, ok = codes[f.words[wordOccupation]]; !ok {
			c := s.word(f, wordOccupation)
			r.code = uint32(len(s.codes))
			codes[f.words[wordOccupation]] = r.code
			s.codes, trade = append(s.codes, c), append(trade, s.addTrade(kiosk.Occupation{Code: c}.Trade()))
		}
		r.town, r.trade = town[r.area], trade[r.code]
	}
	for at := range ends {
		s.valid = append(s.valid, at)
	}
	slices.Sort(s.valid)
	return low
}

func (s *snapshot) addTown(a kiosk.Area) int16 {
	if a == "" {
		return -1
	}
	i := slices.Index(s.towns, a)
	if i < 0 {
		i = len(s.towns)
		s.towns = append(s.towns, a)
	}
	return int16(i)
}

func (s *snapshot) addTrade(t kiosk.Trade) uint16 {
	i := slices.Index(s.trades, t)
	if i < 0 {
		i = len(s.trades)
		s.trades = append(s.trades, t)
	}
	return uint16(i)
}

// order sorts the rows once in every order, so that a query never sorts. Ids
// break ties.
func (s *snapshot) order(low []kiosk.Fen) {
	n := len(s.rows)
	ids := make([]string, n)
	for i := range ids {
		ids[i] = s.word(&s.facts[i], wordID)
	}
	s.byID = index.OrderBy(ids, nil)
	metres, published, high := make([]float64, n), make([]int64, n), make([]kiosk.Fen, n)
	for i := range s.rows {
		metres[i], published[i] = s.rows[i].metres, -s.facts[i].published
		if metres[i] < 0 {
			metres[i] = math.Inf(1) // after the known ones
		}
		high[i], low[i] = -s.rows[i].high, -low[i]
	}
	s.nearest = index.OrderBy(metres, &s.byID)
	s.newest = index.OrderBy(published, &s.byID)
	byLow := index.OrderBy(low, &s.byID)
	s.payOrd = index.OrderBy(high, &byLow)
}

// openSet is the set of the rows that are open from one expiry to the next.
type openSet struct {
	expired int // how many of snapshot.valid are over
	set     index.Bits
}

// open returns the rows that are open at a time. The set of the last time that
// was asked for is kept: it changes when a posting expires, not before.
func (s *snapshot) open(now time.Time) index.Bits {
	expired, _ := slices.BinarySearch(s.valid, now.Unix())
	if o := s.now.Load(); o != nil && o.expired == expired {
		return o.set
	}
	o := &openSet{expired, index.NewBits(len(s.rows))}
	for i := range s.rows {
		if now.Unix() <= s.rows[i].valid {
			o.set.Set(i)
		}
	}
	s.now.Store(o)
	return o.set
}

// room is sets that a query works in and gives back.
type room struct {
	n    int
	sets []index.Bits
	used int
	rows []int32

	seen    index.Bits // groups; empty between queries
	marks   []marks    // by group; zero between queries
	touched []int32    // groups that have marks
}

// set returns a set with anything in it.
func (r *room) set() index.Bits {
	if r.used == len(r.sets) {
		r.sets = append(r.sets, index.NewBits(r.n))
	}
	r.used++
	return r.sets[r.used-1]
}

func (s *snapshot) work() *room {
	r := s.room.Get().(*room)
	r.used = 0
	return r
}
