package match

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
)

// scorer holds an Ask with what is worked out once for all postings.
type scorer struct {
	Ask
	minor bool                   // 未成年工: sixteen or seventeen
	trade map[string]kiosk.Trade // by occupation code, as met
}

func newScorer(ask Ask) *scorer {
	age := ask.Resident.Age(ask.Now)
	return &scorer{
		Ask:   ask,
		minor: age >= kiosk.WorkingAge && age < kiosk.AdultAge,
		trade: map[string]kiosk.Trade{},
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
	if m := s.Site.Location.Metres(p.Location); m >= 0 { // not NaN either
		return m
	}
	return -1
}

// reasons appends the posting's reasons to buf. There is at least one.
func (s *scorer) reasons(buf []kiosk.Reason, p *kiosk.Posting, metres float64) []kiosk.Reason {
	buf = s.addTrade(buf, p)
	buf = s.addDistance(buf, metres)
	buf = s.addPay(buf, p)
	buf = s.addHours(buf, p)
	buf = s.addBenefits(buf, p)
	buf = s.addEducation(buf, p)
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
	trade, ok := s.trade[p.Occupation.Code]
	if !ok {
		trade = p.Occupation.Trade()
		s.trade[p.Occupation.Code] = trade
	}
	r := kiosk.Reason{Factor: kiosk.FactorTrade, Fit: kiosk.NotMet, Trade: trade}
	switch {
	case slices.Contains(s.Profile.Trades, trade):
		r.Fit, r.Points = kiosk.Met, tradeMet
	case slices.ContainsFunc(s.Profile.Trades, func(t kiosk.Trade) bool { return neighbouring(t, trade) }):
		r.Fit, r.Points = kiosk.Partly, tradePartly
	case trade == kiosk.TradeOther && strings.Count(p.Occupation.Code, "-") < 2:
		// A code coarser than a-bb-cc does not say what the work is.
		r.Fit, r.Points = kiosk.Unknown, tradeUnknown
	}
	return append(buf, r)
}

func (s *scorer) addDistance(buf []kiosk.Reason, metres float64) []kiosk.Reason {
	r := kiosk.Reason{Factor: kiosk.FactorDistance, Metres: metres}
	within := s.Profile.Within
	switch {
	case within > 0 && metres < 0:
		r.Fit = kiosk.Unknown
	case within > 0 && metres > within:
		r.Fit, r.Points = kiosk.NotMet, distanceFar
	case within > 0:
		r.Fit = kiosk.Met
		r.Points = distanceMet + int(math.Round(distanceNear*(1-metres/within)))
	case metres >= 0:
		r.Fit = kiosk.Met // a plain fact
	default:
		return buf
	}
	return append(buf, r)
}

func (s *scorer) addPay(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	low, high, ok := p.Pay.Monthly()
	asked := s.Profile.PayAtLeast
	r := kiosk.Reason{Factor: kiosk.FactorPay, Low: low, High: high}
	switch {
	case asked > 0 && !ok:
		r.Fit, r.Points = kiosk.Unknown, payUnknown
	case asked > 0 && low >= asked:
		r.Fit, r.Points = kiosk.Met, payMet
	case asked > 0 && high >= asked:
		// low < asked <= high, so high-low is not zero.
		r.Fit = kiosk.Partly
		r.Points = payPartly + int(math.Round(payReach*float64(high-asked)/float64(high-low)))
	case asked > 0:
		r.Fit = kiosk.NotMet
	case ok:
		r.Fit = kiosk.Met // a plain fact
	default:
		return buf
	}
	return append(buf, r)
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
	given := p.Benefits & asked
	r := kiosk.Reason{Factor: kiosk.FactorBenefits, Fit: kiosk.NotMet, Benefits: given}
	switch {
	case p.Benefits == 0:
		// A posting that lists no benefit at all has not said no. One that
		// lists others would have listed this one.
		r.Fit, r.Points = kiosk.Unknown, benefitsUnknown
	case given == asked:
		r.Fit, r.Points = kiosk.Met, benefitsMet
	case given != 0:
		r.Fit = kiosk.Partly
		r.Points = benefitsPartly + benefitsShare*bits.OnesCount16(uint16(given))/bits.OnesCount16(uint16(asked))
	}
	return append(buf, r)
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
	switch r.Fit {
	case kiosk.Met:
		r.Points = termMet
	case kiosk.Partly:
		r.Points = termPartly
	}
	return append(buf, r)
}

// thisWeek is the fit for somebody who needs work and pay within days.
func (s *scorer) thisWeek(p *kiosk.Posting) kiosk.Fit {
	switch {
	case p.Starts.After(s.Now.Add(soon)):
		return kiosk.NotMet
	case p.Channel == kiosk.Gig, p.Pay.Unit == kiosk.PerDay:
		return kiosk.Met
	case p.Pay.Unit == kiosk.PerHour, p.Pay.Unit == kiosk.PerWeek:
		return kiosk.Partly
	}
	return kiosk.NotMet
}

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
