package match

import (
	"cmp"
	"math"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/skills"
)

// Table is a board made ready to be ranked again and again. It gives what
// [Rank] gives over the same postings, and looks at a few of them only: rows of
// numbers lie sorted by occupation, area and distance in blocks, and a block
// whose best possible score cannot reach the page is never read.
//
// A Table is never changed, so any number of goroutines may rank with it.
type Table struct {
	from   kiosk.Point // where the metres are counted from
	posts  []kiosk.Posting
	trades []tradeClass // what a row's trade is an index into
	works  []work       // what a row's occupation is an index into, at most mostWorks
	cols   columns
	odd    []int32   // the postings that do not fit into the columns
	levels [][]bound // of the blocks; then of every fan of the level before
}

const (
	blockRows = 64 // rows that share a bound
	fan       = 16 // bounds that share a bound of the next level
)

// columns are the rows of the table, each column by itself: 36 bytes a row
// beside the index of its posting. A posting without a figure for pay has -1
// in low and high.
type columns struct {
	metres    []float64 // negative: not known
	valid     []uint32  // Unix seconds, by stamp
	starts    []uint32
	low, high []int32 // 分 a month
	benefits  []kiosk.Benefits
	trade     []uint8
	work      []uint16 // index into works
	months    []uint16 // of experience
	papers    []kiosk.Certificates
	shifts    []kiosk.Shifts
	education []uint8 // index into levels
	term      []uint8
	post      []int32 // index into posts
}

// tradeClass is all that a ranking asks of an occupation.
type tradeClass struct {
	trade kiosk.Trade
	vague bool
}

// work is an occupation of the board.
type work struct {
	code  string
	class int        // index into trades
	needs skills.Set // looked up once
}

// mostWorks is how many occupations a column tells apart; the classification
// has 1,639. The postings of any more are odd.
const mostWorks = math.MaxUint16

// mostTrades is how many classes the bounds tell apart. The postings of any
// more would be odd; a test holds that there are none.
const mostTrades = 64

// NewTable makes a table of the postings for a terminal that stands at the
// site, of which only the location is read. It keeps the postings, which must
// not be changed afterwards, and whose ids must be unique. They may be in any
// order, expired or not yet checked: what the columns cannot hold is ranked
// beside them, exactly and more slowly.
func NewTable(postings []kiosk.Posting, site kiosk.Site) *Table {
	t := &Table{from: site.Location, posts: postings}
	occupations, areas := t.classify(), ordinals(postings)
	order := make([]sortKey, 0, len(postings))
	for i := range postings {
		p := &postings[i]
		occupation := occupations[p.Occupation.Code]
		if !plain(p) || occupation.class >= mostTrades || occupation.ordinal >= mostWorks {
			t.odd = append(t.odd, int32(i))
			continue
		}
		order = append(order, sortKey{
			place:  uint64(occupation.ordinal)<<32 | uint64(areas[p.Area]),
			metres: metresTo(t.from, p), class: uint8(occupation.class), post: int32(i),
		})
	}
	slices.SortFunc(order, func(a, b sortKey) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.metres, b.metres), cmp.Compare(a.post, b.post))
	})
	t.fill(order)
	t.bind()
	return t
}

// sortKey is where a row stands in the table.
type sortKey struct {
	place  uint64 // occupation and area, by their ordinals
	metres float64
	post   int32
	class  uint8
}

// occupation is a code's class and its place among the codes.
type occupation struct {
	class   int
	ordinal uint32
}

// classify names the classes of trades, and puts the board's occupations in
// the order of trades and codes.
func (t *Table) classify() map[string]occupation {
	seen := map[string]occupation{}
	classes := map[tradeClass]int{}
	var codes []string
	for i := range t.posts {
		code := t.posts[i].Occupation.Code
		if _, ok := seen[code]; ok {
			continue
		}
		trade := t.posts[i].Occupation.Trade()
		c := tradeClass{trade, vague(trade, code)}
		if _, ok := classes[c]; !ok {
			classes[c] = len(t.trades)
			t.trades = append(t.trades, c)
		}
		seen[code] = occupation{class: classes[c]}
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(cmp.Compare(seen[a].class, seen[b].class), cmp.Compare(a, b))
	})
	for i, code := range codes {
		seen[code] = occupation{seen[code].class, uint32(i)}
		t.works = append(t.works, work{code, seen[code].class, skills.Of(code)})
	}
	return seen
}

// ordinals puts the board's areas in the order of their codes.
func ordinals(posts []kiosk.Posting) map[kiosk.Area]uint32 {
	of := map[kiosk.Area]uint32{}
	var areas []kiosk.Area
	for i := range posts {
		if _, ok := of[posts[i].Area]; !ok {
			of[posts[i].Area] = 0
			areas = append(areas, posts[i].Area)
		}
	}
	slices.Sort(areas)
	for i, a := range areas {
		of[a] = uint32(i)
	}
	return of
}

func (t *Table) fill(order []sortKey) {
	n := len(order)
	t.cols = columns{
		metres: make([]float64, n), valid: make([]uint32, n), starts: make([]uint32, n),
		low: make([]int32, n), high: make([]int32, n), benefits: make([]kiosk.Benefits, n),
		trade: make([]uint8, n), shifts: make([]kiosk.Shifts, n), education: make([]uint8, n),
		term: make([]uint8, n), work: make([]uint16, n), months: make([]uint16, n),
		papers: make([]kiosk.Certificates, n), post: make([]int32, n),
	}
	c := &t.cols
	for i, k := range order {
		p := &t.posts[k.post]
		c.metres[i] = k.metres
		c.valid[i], c.starts[i] = stamp(p.ValidThrough), stamp(p.Starts)
		c.low[i], c.high[i] = monthly(p)
		c.benefits[i], c.shifts[i] = p.Benefits, p.Shifts
		c.trade[i], c.term[i] = k.class, termClass(p)
		c.education[i] = uint8(slices.Index(levels, p.Education))
		c.work[i], c.months[i], c.papers[i] = uint16(k.place>>32), uint16(p.Experience), p.Certificates
		c.post[i] = k.post
	}
}

// plain reports whether the columns say all that a ranking asks of the posting.
// Every posting that passes [kiosk.Posting.Check] is plain, but for pay above
// twenty million yuan a month.
func plain(p *kiosk.Posting) bool {
	low, high, ok := p.Pay.Monthly()
	return (!ok || low >= 0 && low <= high && high <= math.MaxInt32) &&
		p.Shifts&^kiosk.AllShifts == 0 && slices.Contains(levels, p.Education) &&
		p.Certificates&^kiosk.AllCertificates == 0 && 0 <= p.Experience && p.Experience <= math.MaxUint16 &&
		wall(p.ValidThrough) && wall(p.Starts) && wall(p.Published)
}

// wall reports whether the time is without a monotonic reading, which would
// take part in comparisons and has no place in a column, and within some
// thirty thousand years, so that its seconds do not overflow.
func wall(t time.Time) bool {
	const ages = 1 << 40 // seconds
	return t == t.Round(0) && -ages < t.Unix() && t.Unix() < ages
}

// levels lists the levels of schooling that a posting may ask for.
var levels = append([]kiosk.Education{kiosk.AnySchooling}, kiosk.Educations()...)

// monthly is a plain posting's pay a month, -1 and -1 where there is no figure.
func monthly(p *kiosk.Posting) (low, high int32) {
	if l, h, ok := p.Pay.Monthly(); ok {
		return int32(l), int32(h)
	}
	return -1, -1
}

// stamp is the time in Unix seconds, rounded down, or the nearest moment that
// the column has: 1970 or 2106. A time without a date, which no posting starts
// later than, is 1970 too.
func stamp(t time.Time) uint32 { return uint32(min(max(0, t.Unix()), math.MaxUint32)) }

// Terms depend on the channel and the unit of pay, which make nine classes.
var (
	termChannels = [3]kiosk.Channel{kiosk.Gig, kiosk.Internship, kiosk.Market}
	termUnits    = [3]kiosk.PayUnit{kiosk.PerDay, kiosk.PerHour, kiosk.PerMonth}
)

const termClasses = len(termChannels) * len(termUnits)

func termClass(p *kiosk.Posting) uint8 {
	channel, unit := 2, 2
	switch p.Channel {
	case kiosk.Gig:
		channel = 0
	case kiosk.Internship:
		channel = 1
	}
	switch p.Pay.Unit {
	case kiosk.PerDay:
		unit = 0
	case kiosk.PerHour, kiosk.PerWeek:
		unit = 1
	}
	return uint8(channel*len(termUnits) + unit)
}
