package find

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jobhome/kiosk"
)

// rescuer looks for a query that finds something where one finds nothing.
type rescuer struct {
	ctx   context.Context
	f     *Finder
	asked kiosk.Query
	q     kiosk.Query // asked, respelled when its words are not on the board
	from  string      // the words that were respelled
	to    string
	tries []Try
	err   error // of the board; everything has nothing then
}

func (r *rescuer) rescue() *kiosk.Rescue {
	for _, step := range kiosk.RescueSteps() {
		var done *kiosk.Rescue
		switch step {
		case kiosk.RescueSpelling:
			done = r.spelling()
		case kiosk.RescueDistance:
			done = r.distance()
		case kiosk.RescueFilter:
			done = r.filter()
		case kiosk.RescueWord:
			done = r.word()
		case kiosk.RescueRelated:
			done = r.related()
		}
		if done != nil || r.err != nil {
			return done
		}
	}
	return nil
}

// total counts the rows of a query.
func (r *rescuer) total(step kiosk.RescueStep, q kiosk.Query) int {
	if r.err != nil {
		return 0
	}
	count := q
	count.Offset, count.Limit = 0, 0
	res, err := r.f.Board.Search(r.ctx, count)
	if err != nil {
		r.err = err
		return 0
	}
	r.tries = append(r.tries, Try{step, q, res.Total})
	return res.Total
}

// try returns a rescue by a query that finds something, or nil.
func (r *rescuer) try(step kiosk.RescueStep, q kiosk.Query) *kiosk.Rescue {
	if r.total(step, q) == 0 {
		return nil
	}
	return &kiosk.Rescue{Step: step, From: r.from, To: r.to, Query: q}
}

// distance widens to the next band that has something.
func (r *rescuer) distance() *kiosk.Rescue {
	if r.q.Within <= 0 {
		return nil
	}
	q := r.q
	for _, band := range append(kiosk.DistanceBands(), 0) {
		if band > 0 && float64(band) <= r.q.Within {
			continue
		}
		q.Within = float64(band)
		if done := r.try(kiosk.RescueDistance, q); done != nil {
			return done
		}
	}
	return nil
}

// notNight is the hours that a rescue widens to when night work was left out.
const notNight = kiosk.AllShifts &^ kiosk.NightShift

// leaveOut is the filters that may be left out, the least weighty first. Each
// reports whether the query has it.
var leaveOut = []struct {
	name string
	out  func(q *kiosk.Query) bool
}{
	{"shift", func(q *kiosk.Query) bool {
		had := q.Shifts
		q.Shifts = 0
		// Who wants no night work, and whom the law keeps from it, is not sent there.
		if had != 0 && had&kiosk.NightShift == 0 {
			q.Shifts = notNight
		}
		return q.Shifts != had
	}},
	{"benefit", func(q *kiosk.Query) bool { had := q.Benefits != 0; q.Benefits = 0; return had }},
	{"channel", func(q *kiosk.Query) bool { had := len(q.Channels) > 0; q.Channels = nil; return had }},
	{"school", func(q *kiosk.Query) bool { had := q.Education != 0; q.Education = 0; return had }},
	{"pay", func(q *kiosk.Query) bool { had := q.PayAtLeast > 0; q.PayAtLeast = 0; return had }},
	{"area", func(q *kiosk.Query) bool { had := q.Area != ""; q.Area = ""; return had }},
}

func (r *rescuer) filter() *kiosk.Rescue {
	for _, filter := range leaveOut {
		q := r.q
		if !filter.out(&q) {
			continue
		}
		if done := r.try(kiosk.RescueFilter, q); done != nil {
			done.Left = filter.name
			return done
		}
	}
	return nil
}

// mostWords is the number of words of which every choice is tried.
const mostWords = 6

// kept is a choice of words.
type kept struct {
	words, out []string
	query      kiosk.Query
	total      int
	work       bool // one of the words is no place
	places     int  // left out
}

// word leaves out as few words as find something; all of them when none says
// anything about the work.
func (r *rescuer) word() *kiosk.Rescue {
	words := strings.Fields(r.q.Text)
	says := func(w string) bool { parts, ok := r.f.Spell.Parts(w); return !ok || len(parts) > 0 }
	if len(words) > 0 && !slices.ContainsFunc(words, says) {
		done := r.try(kiosk.RescueWord, r.f.with(r.q))
		if done != nil {
			done.From, done.To = r.q.Text, ""
		}
		return done
	}
	for fewer := 1; fewer < len(words); fewer++ {
		if len(words) > mostWords && fewer > 1 && fewer < len(words)-1 {
			continue
		}
		var best *kept
		for _, k := range r.choices(words, fewer) {
			k.total = r.total(kiosk.RescueWord, k.query)
			if k.total > 0 && (best == nil || better(&k, best)) {
				best = &k
			}
		}
		if best != nil {
			return &kiosk.Rescue{
				Step: kiosk.RescueWord, From: strings.Join(best.out, " "), To: strings.Join(best.words, " "),
				Query: best.query,
			}
		}
	}
	return nil
}

// choices are the ways to leave out so many words, in the order of the words
// that are kept.
func (r *rescuer) choices(words []string, fewer int) []kept {
	var all []kept
	var choose func(at int, k kept)
	choose = func(at int, k kept) {
		switch {
		case len(k.out) > fewer || len(k.words) > len(words)-fewer:
		case at == len(words):
			k.query = r.f.with(r.q, k.words...)
			all = append(all, k)
		default:
			place := r.f.Spell.Place(words[at])
			with, without := k, k
			with.words = append(slices.Clip(k.words), words[at])
			with.work = with.work || !place
			choose(at+1, with)
			without.out = append(slices.Clip(k.out), words[at])
			if place {
				without.places++
			}
			choose(at+1, without)
		}
	}
	choose(0, kept{})
	return all
}

func better(a, b *kept) bool {
	switch {
	case a.work != b.work:
		return a.work
	case a.places != b.places:
		return a.places > b.places
	}
	return cmp.Less(a.total, b.total)
}

// related takes an occupation for its neighbours.
func (r *rescuer) related() *kiosk.Rescue {
	words := strings.Fields(r.q.Text)
	for _, near := range []func(q kiosk.Query, code string) (kiosk.Query, bool){sameGroup, sameTrade} {
		if len(words) == 0 && r.q.Occupation != "" {
			q := r.q
			q.Occupation = ""
			if q, ok := near(q, r.q.Occupation); ok {
				if done := r.try(kiosk.RescueRelated, q); done != nil {
					return done
				}
			}
		}
		for i, w := range words {
			code := r.f.Spell.Code(w)
			q, ok := near(r.f.with(r.q, slices.Delete(slices.Clone(words), i, i+1)...), code)
			if code == "" || !ok {
				continue
			}
			if done := r.try(kiosk.RescueRelated, q); done != nil {
				done.From, done.To = w, ""
				return done
			}
		}
	}
	return nil
}

// group is the length of the code of a 小类.
const group = len("a-bb-cc")

func sameGroup(q kiosk.Query, code string) (kiosk.Query, bool) {
	if len(code) < group || q.Occupation != "" {
		return q, false
	}
	q.Occupation = code[:group]
	return q, true
}

func sameTrade(q kiosk.Query, code string) (kiosk.Query, bool) {
	trade := kiosk.Occupation{Code: code}.Trade()
	if trade == kiosk.TradeOther || q.Occupation != "" || len(q.Trades) > 0 {
		return q, false
	}
	q.Trades = []kiosk.Trade{trade}
	return q, true
}
