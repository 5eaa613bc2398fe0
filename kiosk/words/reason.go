package words

import "jobhome/kiosk"

// Reason says in words why a posting is where it is. "" for nothing to say.
func Reason(l Lang, r kiosk.Reason) string {
	key := "why." + string(r.Factor) + "." + string(r.Fit)
	if r.Fit == kiosk.Unknown {
		return T(l, key)
	}
	switch r.Factor {
	case kiosk.FactorTrade:
		return T(l, key, T(l, "trade."+string(r.Trade)))
	case kiosk.FactorOccupation:
		return occupationReason(l, r)
	case kiosk.FactorPay:
		if r.Points == 0 && r.Fit == kiosk.Met {
			key = "why.pay.fact"
		}
		return T(l, key, MonthRange(r.Low, r.High))
	case kiosk.FactorDistance:
		return T(l, key, Length(l, r.Metres))
	case kiosk.FactorHours:
		return T(l, key, Shifts(l, r.Shifts))
	case kiosk.FactorBenefits:
		if r.Fit != kiosk.NotMet {
			return T(l, key, Benefits(l, r.Benefits))
		}
	case kiosk.FactorEducation:
		if r.Asked == kiosk.AnySchooling {
			return T(l, "why.education.any")
		}
		return T(l, key, Education(l, r.Asked))
	case kiosk.FactorExperience:
		return experienceReason(l, key, r)
	case kiosk.FactorCertificates:
		switch {
		case r.Certificates == 0:
			return T(l, "why.certificates.none")
		case r.Fit == kiosk.Met:
			return T(l, key, Certificates(l, r.Certificates))
		}
		return T(l, key, Certificates(l, r.Lacking))
	}
	return T(l, key)
}

// mostSkills is how many skills a line has room for.
const mostSkills = 2

// occupationReason names the relation of the posting's occupation to the
// wanted one.
func occupationReason(l Lang, r kiosk.Reason) string {
	key := "why.occupation." + string(r.Relation)
	if r.Relation != kiosk.RelationSkills {
		return T(l, key, r.Occupation.Name)
	}
	var names []string
	for _, s := range r.Skills[:min(len(r.Skills), mostSkills)] {
		if l == En {
			names = append(names, s.English)
		} else {
			names = append(names, s.Name)
		}
	}
	if len(r.Skills) > mostSkills {
		key = "why.occupation.skills.more"
	}
	return T(l, key, join(l, names), r.Of, len(r.Skills))
}

func experienceReason(l Lang, key string, r kiosk.Reason) string {
	switch {
	case r.Months == 0:
		return T(l, "why.experience.any")
	case r.Fit == kiosk.Met:
		return T(l, key, span(l, r.Months))
	case r.Has == 0:
		return T(l, "why.experience.none", span(l, r.Months))
	}
	return T(l, key, span(l, r.Months), span(l, r.Has))
}

// span writes a number of months: "6 个月", "2 年", "1 年半".
func span(l Lang, months int) string {
	switch {
	case months < 12 || months%6 != 0:
		return T(l, "span.months", months)
	case months%12 != 0:
		return T(l, "span.half", months/12)
	}
	return T(l, "span.years", months/12)
}
