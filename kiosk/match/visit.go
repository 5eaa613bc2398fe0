package match

import (
	"math"
	"math/bits"
	"slices"

	"jobhome/kiosk"
)

// Rank returns what the function [Rank] returns for the table's postings, to
// the last reason. It is quick when the ask has a limit below the number of
// postings and the site of the table; other asks are ranked in full.
func (t *Table) Rank(ask Ask) []kiosk.Match {
	matches, _ := t.rank(ask)
	return matches
}

// seen counts what a ranking had to look at.
type seen struct{ rows, bounds int }

func (t *Table) rank(ask Ask) ([]kiosk.Match, seen) {
	if !t.quick(ask) {
		return Rank(t.posts, ask), seen{rows: len(t.posts)}
	}
	v := newVisit(t, ask)
	for _, i := range t.odd {
		v.s.offer(&v.best, &t.posts[i])
	}
	v.count.rows += len(t.odd)
	v.walk()
	return v.s.explain(v.best.sorted()), v.count
}

// quick reports whether the columns can answer the ask.
func (t *Table) quick(ask Ask) bool {
	now := ask.Now.Unix()
	return !ask.Barred() && ask.Limit > 0 && ask.Limit < len(t.posts) && ask.Site.Location == t.from &&
		now > 0 && now < math.MaxUint32-int64(soon.Seconds())
}

// visit is one ranking. The points of every value that a small column can have
// are worked out before the first row, by the code that explains them later.
type visit struct {
	t         *Table
	s         *scorer
	best      top
	count     seen
	now, soon uint32
	late      int // points for the term of a posting that starts too late
	trades    [mostTrades]int32
	shifts    [kiosk.AllShifts + 1]int32 // for the hours and for the age
	education [10]int32
	terms     [termClasses]int32
	works     []int32 // points of the occupations, by works of the table; nil: not asked
	has       []int32 // months that count in the occupations; nil: not asked
	queue     []node
}

// forbids stands for the points of what may not be offered.
const forbids = -1 << 20

func newVisit(t *Table, ask Ask) *visit {
	v := &visit{t: t, s: newScorer(ask), best: top{limit: ask.Limit, heap: make([]place, 0, ask.Limit)}}
	v.now, v.soon = stamp(ask.Now), stamp(ask.Now.Add(soon))
	s := v.s
	if len(ask.Profile.Trades) > 0 {
		for i, c := range t.trades[:min(mostTrades, len(t.trades))] {
			_, n := s.tradeFit(c.trade, c.vague)
			v.trades[i] = int32(n)
		}
	}
	var p kiosk.Posting
	for i := range v.shifts {
		p.Shifts = kiosk.Shifts(i)
		v.shifts[i] = int32(sum(s.addAge(s.addHours(s.buf[:0], &p), &p)))
		if s.forbidden(&p) {
			v.shifts[i] = forbids
		}
	}
	for i, asked := range levels {
		p.Education = asked
		v.education[i] = int32(sum(s.addEducation(s.buf[:0], &p)))
	}
	for i := range v.terms {
		p.Channel, p.Pay.Unit = termChannels[i/len(termUnits)], termUnits[i%len(termUnits)]
		v.terms[i] = int32(sum(s.addTerm(s.buf[:0], &p)))
	}
	v.late = termPoints(kiosk.NotMet)
	v.occupations()
	return v
}

// occupations works out what depends on the occupation alone. It reads every
// occupation of the board once, which are few.
func (v *visit) occupations() {
	s := v.s
	if s.Profile.Occupation.Code != "" {
		v.works = make([]int32, len(v.t.works))
		for i, w := range v.t.works {
			r := s.related(w.code, w.needs)
			s.relations[w.code] = r
			v.works[i] = int32(r.points)
		}
	}
	if s.Profile.ExperienceSaid {
		v.has = make([]int32, len(v.t.works))
		for i, w := range v.t.works {
			if s.such(v.t.trades[w.class].trade, w.code) {
				v.has[i] = int32(min(max(math.MinInt32, s.Profile.Experience), math.MaxInt32))
			}
		}
	}
}

// walk reads the blocks in the order of what they may hold, until what is left
// cannot reach the page.
func (v *visit) walk() {
	top := len(v.t.levels) - 1
	v.open(top, 0, len(v.t.levels[top]))
	for {
		n, ok := v.pop()
		if !ok || !v.reaches(n) {
			return
		}
		if n.level == 0 {
			v.block(int(n.index))
			continue
		}
		below := int(n.level) - 1
		first := int(n.index) * fan
		v.open(below, first, min(len(v.t.levels[below]), first+fan))
	}
}

// open queues the bounds of a level, from one to another, that may matter.
func (v *visit) open(level, from, to int) {
	v.count.bounds += to - from
	for i := from; i < to; i++ {
		b := &v.t.levels[level][i]
		if b.valid < v.now {
			continue
		}
		n := node{score: v.most(b), metres: b.metres, published: b.published, level: int32(level), index: int32(i)}
		if n.score > forbids/2 && v.reaches(n) {
			v.push(n)
		}
	}
}

// most is the score that no row within the bound goes beyond.
func (v *visit) most(b *bound) int {
	p := &v.s.Profile
	n := greatest(v.shifts[:], uint64(b.shifts)) +
		greatest(v.education[:], uint64(b.education)) + greatest(v.terms[:], uint64(b.terms))
	if len(p.Trades) > 0 {
		n += greatest(v.trades[:], b.trades)
	}
	if v.works != nil {
		n += int(slices.Max(v.works[b.lowest : b.highest+1]))
	}
	if v.has != nil {
		_, points := experienceFit(int(slices.Max(v.has[b.lowest:b.highest+1])), int(b.months))
		n += points
	}
	if p.CertificatesSaid {
		_, points := certificatesFit(b.papers &^ p.Certificates)
		n += points
	}
	if p.Within > 0 {
		n += v.mostDistance(b)
	}
	if p.PayAtLeast > 0 {
		n += v.mostPay(b)
	}
	if asked := p.Benefits & kiosk.AllBenefits; asked != 0 {
		n += mostBenefits(b, asked)
	}
	return n
}

// greatest is the most points of any member of the set.
func greatest(points []int32, set uint64) int {
	most := int32(math.MinInt32)
	for ; set != 0; set &= set - 1 {
		most = max(most, points[bits.TrailingZeros64(set)])
	}
	return int(most)
}

func (v *visit) mostDistance(b *bound) int {
	most := math.MinInt
	if b.nowhere {
		_, most = v.s.distanceFit(-1)
	}
	if !math.IsInf(b.metres, 1) {
		_, n := v.s.distanceFit(b.metres)
		most = max(most, n)
	}
	return most
}

func (v *visit) mostPay(b *bound) int {
	most := math.MinInt
	if b.noPay {
		most = payUnknown
	}
	if b.high >= 0 {
		_, n := v.s.payFit(kiosk.Fen(b.low), kiosk.Fen(b.high))
		most = max(most, n)
	}
	return most
}

func mostBenefits(b *bound, asked kiosk.Benefits) int {
	most := math.MinInt
	if b.noPerks {
		_, most = benefitsFit(0, asked)
	}
	if b.benefits != 0 {
		_, n := benefitsFit(b.benefits, asked)
		most = max(most, n)
	}
	return most
}

// block offers the rows of a block.
func (v *visit) block(k int) {
	c := &v.t.cols
	last := min(len(c.post), (k+1)*blockRows)
	v.count.rows += last - k*blockRows
	for i := k * blockRows; i < last; i++ {
		if c.valid[i] < v.now || c.valid[i] == v.now && !v.post(i).Open(v.s.Now) {
			continue
		}
		score := v.score(i)
		if score <= forbids/2 || v.best.full() && score < v.best.heap[0].score {
			continue
		}
		v.best.add(place{score: score, metres: c.metres[i], post: v.post(i)})
	}
}

func (v *visit) post(i int) *kiosk.Posting { return &v.t.posts[v.t.cols.post[i]] }

// score is the sum of the points that row i's reasons would have.
func (v *visit) score(i int) int {
	c, p := &v.t.cols, &v.s.Profile
	score := int(v.trades[c.trade[i]] + v.shifts[c.shifts[i]] + v.education[c.education[i]])
	if p.Term == kiosk.ThisWeek && v.startsLate(i) {
		score += v.late
	} else {
		score += int(v.terms[c.term[i]])
	}
	if v.works != nil {
		score += int(v.works[c.work[i]])
	}
	if v.has != nil {
		_, n := experienceFit(int(v.has[c.work[i]]), int(c.months[i]))
		score += n
	}
	if p.CertificatesSaid {
		_, n := certificatesFit(c.papers[i] &^ p.Certificates)
		score += n
	}
	if p.Within > 0 {
		_, n := v.s.distanceFit(c.metres[i])
		score += n
	}
	switch {
	case p.PayAtLeast <= 0:
	case c.high[i] < 0:
		score += payUnknown
	default:
		_, n := v.s.payFit(kiosk.Fen(c.low[i]), kiosk.Fen(c.high[i]))
		score += n
	}
	if asked := p.Benefits & kiosk.AllBenefits; asked != 0 {
		_, n := benefitsFit(c.benefits[i], asked)
		score += n
	}
	return score
}

func (v *visit) startsLate(i int) bool {
	at := v.t.cols.starts[i]
	return at > v.soon || at == v.soon && v.s.late(v.post(i))
}
