package match

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/skills"
)

// scorer holds an Ask with what is worked out once for all postings.
type scorer struct {
	Ask
	minor bool                   // 未成年工: sixteen or seventeen
	trade map[string]kiosk.Trade // by occupation code, as met

	skills     skills.Set          // of the wanted occupation
	relations  map[string]relation // by occupation code, as met
	explaining bool                // reasons are made to be shown, with what moves nothing too
	buf        [12]kiosk.Reason    // for reasons that are only summed
}

func newScorer(ask Ask) *scorer {
	age := ask.Resident.Age(ask.Now)
	return &scorer{
		Ask:   ask,
		minor: age >= kiosk.WorkingAge && age < kiosk.AdultAge,
		trade: map[string]kiosk.Trade{},

		skills: skills.Of(ask.Profile.Occupation.Code), relations: map[string]relation{},
	}
}

// daytime are the patterns that a minor can choose to be free at night.
const daytime = kiosk.DayShift | kiosk.FlexibleHours | kiosk.PartTime

// forbidden reports whether the law keeps the resident from the posting.
func (s *scorer) forbidden(p *kiosk.Posting) bool {
	return s.minor && p.Shifts&kiosk.NightShift != 0 && p.Shifts&daytime == 0
}

// metres is the distance from the site, or -1 when it is not known.
func (s *scorer) metres(p *kiosk.Posting) float64 {
	return metresTo(s.Site.Location, p)
}

func metresTo(from kiosk.Point, p *kiosk.Posting) float64 {
	if m := from.Metres(p.Location); m >= 0 { // not NaN either
		return m
	}
	return -1
}

// reasons appends the posting's reasons to buf. There is at least one.
func (s *scorer) reasons(buf []kiosk.Reason, p *kiosk.Posting, metres float64) []kiosk.Reason {
	buf = s.addTrade(buf, p)
	buf = s.addOccupation(buf, p)
	buf = s.addDistance(buf, metres)
	buf = s.addPay(buf, p)
	buf = s.addHours(buf, p)
	buf = s.addBenefits(buf, p)
	buf = s.addEducation(buf, p)
	buf = s.addExperience(buf, p)
	buf = s.addCertificates(buf, p)
	buf = s.addTerm(buf, p)
	buf = s.addAge(buf, p)
	if len(buf) == 0 {
		buf = append(buf, kiosk.Reason{Factor: kiosk.FactorNew, Fit: kiosk.Met})
	}
	return buf
}

func (s *scorer) addTrade(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	if len(s.Profile.Trades) == 0 {
		return buf
	}
	trade := s.tradeOf(p.Occupation)
	r := kiosk.Reason{Factor: kiosk.FactorTrade, Trade: trade}
	r.Fit, r.Points = s.tradeFit(trade, vague(trade, p.Occupation.Code))
	return append(buf, r)
}

func (s *scorer) tradeOf(o kiosk.Occupation) kiosk.Trade {
	trade, ok := s.trade[o.Code]
	if !ok {
		trade = o.Trade()
		s.trade[o.Code] = trade
	}
	return trade
}

// vague reports whether the code of an occupation of the trade does not say
// what the work is: it is coarser than a-bb-cc, and no trade names it.
func vague(trade kiosk.Trade, code string) bool {
	return trade == kiosk.TradeOther && strings.Count(code, "-") < 2
}

func (s *scorer) tradeFit(trade kiosk.Trade, vague bool) (kiosk.Fit, int) {
	switch {
	case slices.Contains(s.Profile.Trades, trade):
		return kiosk.Met, tradeMet
	case slices.ContainsFunc(s.Profile.Trades, func(t kiosk.Trade) bool { return neighbouring(t, trade) }):
		return kiosk.Partly, tradePartly
	case vague:
		return kiosk.Unknown, tradeUnknown
	}
	return kiosk.NotMet, 0
}

func (s *scorer) addDistance(buf []kiosk.Reason, metres float64) []kiosk.Reason {
	r := kiosk.Reason{Factor: kiosk.FactorDistance, Metres: metres}
	switch {
	case s.Profile.Within > 0:
		r.Fit, r.Points = s.distanceFit(metres)
	case metres >= 0:
		r.Fit = kiosk.Met // a plain fact
	default:
		return buf
	}
	return append(buf, r)
}

// distanceFit is for an ask that says how far.
func (s *scorer) distanceFit(metres float64) (kiosk.Fit, int) {
	within := s.Profile.Within
	switch {
	case metres < 0:
		return kiosk.Unknown, 0
	case metres > within:
		return kiosk.NotMet, distanceFar
	}
	return kiosk.Met, distanceMet + int(math.Round(distanceNear*(1-metres/within)))
}

func (s *scorer) addPay(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	low, high, ok := p.Pay.Monthly()
	r := kiosk.Reason{Factor: kiosk.FactorPay, Low: low, High: high}
	switch {
	case s.Profile.PayAtLeast > 0 && !ok:
		r.Fit, r.Points = kiosk.Unknown, payUnknown
	case s.Profile.PayAtLeast > 0:
		r.Fit, r.Points = s.payFit(low, high)
	case ok:
		r.Fit = kiosk.Met // a plain fact
	default:
		return buf
	}
	return append(buf, r)
}

// payFit is for an ask that says how much, and a posting that does too.
func (s *scorer) payFit(low, high kiosk.Fen) (kiosk.Fit, int) {
	asked := s.Profile.PayAtLeast
	switch {
	case low >= asked:
		return kiosk.Met, payMet
	case high >= asked:
		// low < asked <= high, so high-low is not zero.
		return kiosk.Partly, payPartly + int(math.Round(payReach*float64(high-asked)/float64(high-low)))
	}
	return kiosk.NotMet, 0
}

func (s *scorer) addHours(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	asked := s.Profile.Shifts & kiosk.AllShifts
	if asked == 0 {
		return buf
	}
	r := kiosk.Reason{Factor: kiosk.FactorHours, Fit: kiosk.NotMet, Shifts: p.Shifts}
	common := p.Shifts & asked
	// Nights and turns are a burden to whoever did not ask for them; the other
	// patterns beside a wanted one are a choice.
	burden := p.Shifts &^ asked & (kiosk.NightShift | kiosk.RotatingShift)
	switch {
	case p.Shifts == 0:
		r.Fit, r.Points = kiosk.Unknown, hoursUnknown
	case common != 0 && burden == 0:
		r.Fit, r.Points, r.Shifts = kiosk.Met, hoursMet, common
	case common != 0:
		r.Fit, r.Points, r.Shifts = kiosk.Partly, hoursPartly, common
	}
	return append(buf, r)
}

func (s *scorer) addBenefits(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	asked := s.Profile.Benefits & kiosk.AllBenefits
	if asked == 0 {
		return buf
	}
	r := kiosk.Reason{Factor: kiosk.FactorBenefits, Benefits: p.Benefits & asked}
	r.Fit, r.Points = benefitsFit(p.Benefits, asked)
	return append(buf, r)
}

func benefitsFit(listed, asked kiosk.Benefits) (kiosk.Fit, int) {
	given := listed & asked
	switch {
	case listed == 0:
		// A posting that lists no benefit at all has not said no. One that
		// lists others would have listed this one.
		return kiosk.Unknown, benefitsUnknown
	case given == asked:
		return kiosk.Met, benefitsMet
	case given != 0:
		share := benefitsShare * bits.OnesCount16(uint16(given)) / bits.OnesCount16(uint16(asked))
		return kiosk.Partly, benefitsPartly + share
	}
	return kiosk.NotMet, 0
}

func (s *scorer) addEducation(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	if s.Profile.Education == kiosk.AnySchooling {
		return buf
	}
	r := kiosk.Reason{Factor: kiosk.FactorEducation, Asked: p.Education}
	if s.Profile.Education.Meets(p.Education) {
		r.Fit, r.Points = kiosk.Met, educationMet
	} else {
		r.Fit, r.Points = kiosk.NotMet, educationShort
	}
	return append(buf, r)
}

// soon is how far off the first day of a gig may be for somebody who looks for
// work this week.
const soon = 7 * 24 * time.Hour

func (s *scorer) addTerm(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	r := kiosk.Reason{Factor: kiosk.FactorTerm}
	switch s.Profile.Term {
	case kiosk.ThisWeek:
		r.Fit = s.thisWeek(p)
	case kiosk.LongTerm:
		r.Fit = longTerm(p)
	default:
		return buf
	}
	r.Points = termPoints(r.Fit)
	return append(buf, r)
}

func termPoints(f kiosk.Fit) int {
	switch f {
	case kiosk.Met:
		return termMet
	case kiosk.Partly:
		return termPartly
	}
	return 0
}

// thisWeek is the fit for somebody who needs work and pay within days.
func (s *scorer) thisWeek(p *kiosk.Posting) kiosk.Fit {
	switch {
	case s.late(p):
		return kiosk.NotMet
	case p.Channel == kiosk.Gig, p.Pay.Unit == kiosk.PerDay:
		return kiosk.Met
	case p.Pay.Unit == kiosk.PerHour, p.Pay.Unit == kiosk.PerWeek:
		return kiosk.Partly
	}
	return kiosk.NotMet
}

// late reports whether the posting's first day is not within days.
func (s *scorer) late(p *kiosk.Posting) bool { return p.Starts.After(s.Now.Add(soon)) }

// longTerm is the fit for somebody who looks for a lasting place.
func longTerm(p *kiosk.Posting) kiosk.Fit {
	switch {
	case p.Channel == kiosk.Gig:
		return kiosk.NotMet
	case p.Channel == kiosk.Internship, p.Pay.Unit == kiosk.PerDay:
		return kiosk.Partly
	}
	return kiosk.Met
}

// addAge warns residents of sixteen and seventeen of work that may turn out to
// be at night, which is closed to them. Everybody else gets no such line.
func (s *scorer) addAge(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	if !s.minor {
		return buf
	}
	r := kiosk.Reason{Factor: kiosk.FactorAge}
	switch {
	case p.Shifts == 0:
		r.Fit, r.Points = kiosk.Unknown, ageUnknown
	case p.Shifts&(kiosk.NightShift|kiosk.RotatingShift) != 0:
		r.Fit, r.Points = kiosk.Partly, agePartly
		r.Shifts = p.Shifts & (kiosk.NightShift | kiosk.RotatingShift)
	default:
		return buf
	}
	return append(buf, r)
}
