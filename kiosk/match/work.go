package match

import (
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/skills"
)

// relation is how an occupation code is related to the wanted one.
type relation struct {
	kiosk.Relation            // as by code: never RelationSynonym
	common         skills.Set // RelationSkills: shared with the wanted one
	fit            kiosk.Fit
	points         int
}

// related works the relation out for a code and the skills that it has. The
// name of the wanted occupation takes no part.
func (s *scorer) related(code string, needs skills.Set) relation {
	wanted := s.Profile.Occupation.Code
	common := s.skills.And(needs)
	switch {
	case code == wanted:
		return relation{Relation: kiosk.RelationSame, fit: kiosk.Met, points: occupationSame}
	case strings.Count(code, "-") < 2:
		return relation{fit: kiosk.Unknown, points: occupationUnknown}
	case group(code) == group(wanted) && strings.Count(wanted, "-") >= 2:
		return relation{Relation: kiosk.RelationGroup, fit: kiosk.Partly, points: occupationGroup}
	case common.Len() > 0:
		points := occupationSkills * common.Len() / s.skills.Len()
		return relation{Relation: kiosk.RelationSkills, common: common, fit: kiosk.Partly, points: points}
	}
	return relation{Relation: kiosk.RelationOther, fit: kiosk.NotMet}
}

// group is the code without its fourth part: the 小类.
func group(code string) string {
	parts := strings.SplitN(code, "-", 4)
	return strings.Join(parts[:min(3, len(parts))], "-")
}

// relation remembers what [scorer.related] says of a code.
func (s *scorer) relation(code string) relation {
	r, ok := s.relations[code]
	if !ok {
		r = s.related(code, skills.Of(code))
		s.relations[code] = r
	}
	return r
}

func (s *scorer) addOccupation(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	wanted := s.Profile.Occupation
	if wanted.Code == "" {
		return buf
	}
	rel := s.relation(p.Occupation.Code)
	r := kiosk.Reason{
		Factor: kiosk.FactorOccupation, Fit: rel.fit, Points: rel.points,
		Occupation: p.Occupation, Relation: rel.Relation,
	}
	switch rel.Relation {
	case kiosk.RelationSame:
		if wanted.Name != "" && wanted.Name != p.Occupation.Name {
			r.Relation = kiosk.RelationSynonym
		}
	case kiosk.RelationSkills:
		r.Of = s.skills.Len()
		if s.explaining {
			r.Skills = rel.common.List()
		}
	}
	return append(buf, r)
}

// such reports whether the experience that the resident told of was made in
// work such as the posting's: of a wanted or neighbouring trade, or of a
// related occupation. It is everywhere when no work was asked for.
func (s *scorer) such(trade kiosk.Trade, code string) bool {
	if len(s.Profile.Trades) == 0 && s.Profile.Occupation.Code == "" {
		return true
	}
	near := func(t kiosk.Trade) bool { return t == trade || neighbouring(t, trade) }
	if slices.ContainsFunc(s.Profile.Trades, near) {
		return true
	}
	if s.Profile.Occupation.Code == "" {
		return false
	}
	fit := s.relation(code).fit
	return fit == kiosk.Met || fit == kiosk.Partly
}

func (s *scorer) addExperience(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	if !s.Profile.ExperienceSaid {
		return buf
	}
	r := kiosk.Reason{Factor: kiosk.FactorExperience, Months: p.Experience}
	if s.such(s.tradeOf(p.Occupation), p.Occupation.Code) {
		r.Has = s.Profile.Experience
	}
	r.Fit, r.Points = experienceFit(r.Has, r.Months)
	return append(buf, r)
}

func experienceFit(has, asked int) (kiosk.Fit, int) {
	switch {
	case asked <= 0 || has >= asked:
		return kiosk.Met, experienceMet
	case has > 0 && has >= asked-asked/2:
		return kiosk.Partly, experiencePartly
	}
	return kiosk.NotMet, experienceShort
}

func (s *scorer) addCertificates(buf []kiosk.Reason, p *kiosk.Posting) []kiosk.Reason {
	if !s.Profile.CertificatesSaid {
		return buf
	}
	r := kiosk.Reason{
		Factor: kiosk.FactorCertificates, Certificates: p.Certificates, Lacking: p.Certificates &^ s.Profile.Certificates,
	}
	r.Fit, r.Points = certificatesFit(r.Lacking)
	if r.Lacking != 0 && s.explaining {
		r.Course = s.course(r.Lacking)
	}
	return append(buf, r)
}

func certificatesFit(lacking kiosk.Certificates) (kiosk.Fit, int) {
	switch {
	case lacking == 0:
		return kiosk.Met, certificatesMet
	case lacking&^kiosk.SoonCertificates == 0:
		return kiosk.Partly, certificatesSoon
	}
	return kiosk.NotMet, certificatesLack
}

// course is the first one that gives all that is lacking, but for what anybody
// gets within days; the zero course when there is none.
func (s *scorer) course(lacking kiosk.Certificates) kiosk.Course {
	if hard := lacking &^ kiosk.SoonCertificates; hard != 0 {
		lacking = hard
	}
	for _, c := range s.Courses {
		if lacking&^c.Gives == 0 {
			return c
		}
	}
	return kiosk.Course{}
}
