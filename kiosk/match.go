package kiosk

// Factor is something that a match compares.
type Factor string

// The factors. Sex, ethnicity, household and address are none of them.
const (
	FactorTrade        Factor = "trade"
	FactorOccupation   Factor = "occupation"
	FactorPay          Factor = "pay"
	FactorDistance     Factor = "distance"
	FactorHours        Factor = "hours"
	FactorBenefits     Factor = "benefits"
	FactorEducation    Factor = "education"
	FactorExperience   Factor = "experience"
	FactorCertificates Factor = "certificates"
	FactorTerm         Factor = "term"
	FactorAge          Factor = "age" // the legal working age only
	FactorNew          Factor = "new" // newly published; said when there is nothing else to say
)

// Hard reports whether the factor is a requirement, of the law or of the
// posting, and not a wish of the resident.
func (f Factor) Hard() bool {
	switch f {
	case FactorAge, FactorEducation, FactorExperience, FactorCertificates:
		return true
	}
	return false
}

// Fit is how far a factor is fulfilled.
type Fit string

// The fits.
const (
	Met     Fit = "met"
	Partly  Fit = "partly"
	NotMet  Fit = "not-met"
	Unknown Fit = "unknown" // the posting does not say
)

// Relation is how the occupation of a posting is related to the wanted one, by
// the codes of 职业分类大典 2022 and by a table of what people must be able to do.
type Relation string

// The relations, the nearest first.
const (
	RelationSame    Relation = "same"
	RelationSynonym Relation = "synonym" // the same code, which the resident calls by another name
	RelationGroup   Relation = "group"   // the same 小类
	RelationSkills  Relation = "skills"  // another one that needs some of the same skills
	RelationOther   Relation = "other"
)

// Skill is something that people can do and would say so of themselves.
type Skill struct {
	ID      string // lower-case words with hyphens, e.g. "lockstitch"
	Name    string // e.g. 平车
	English string
}

// Course is training that somebody offers.
type Course struct {
	ID    string
	Name  string
	Where string
	Gives Certificates // what those have who pass it
}

// Known reports whether there is a course.
func (c Course) Known() bool { return c.ID != "" }

// Reason is one line of why a posting was put where it is. Words are chosen at
// the screen from Factor, Fit and the facts compared.
type Reason struct {
	Factor Factor
	Fit    Fit
	Points int // its share of the score; the reasons' points sum to the score

	Trade    Trade    // FactorTrade: the posting's
	Metres   float64  // FactorDistance: to this site
	Low      Fen      // FactorPay: the posting's month, low end
	High     Fen      // FactorPay: high end
	Shifts   Shifts   // FactorHours: the ones in common; the posting's own when not met
	Benefits Benefits // FactorBenefits: the ones in common
	Asked    Education

	Occupation Occupation // FactorOccupation: the posting's
	Relation   Relation   // FactorOccupation: to the wanted one; "" when the posting's is not clear
	Skills     []Skill    // RelationSkills: the n in common, to be read only
	Of         int        // RelationSkills: of m that the wanted one needs

	Months int // FactorExperience: asked for
	Has    int // FactorExperience: the resident's months in such work

	Certificates Certificates // FactorCertificates: asked for
	Lacking      Certificates // FactorCertificates: those of them that the resident lacks
	Course       Course       // FactorCertificates: one that gives what is lacking; zero when none is known
}

// Match is a posting with its place in a ranking and why it has it.
type Match struct {
	Posting Posting
	Score   int // the sum of the reasons' points
	Reasons []Reason
	More    int // how many others are folded under it; see Item.More
}

// Nearly returns the reason for which a resident who is told of the posting may
// not begin yet: a certificate is lacking, and no other requirement is. The
// reason has what is lacking and, where one is known, a course that gives it.
func (m *Match) Nearly() (Reason, bool) {
	var lacks Reason
	for _, r := range m.Reasons {
		switch {
		case !r.Factor.Hard() || r.Fit != NotMet:
		case r.Factor != FactorCertificates:
			return Reason{}, false
		default:
			lacks = r
		}
	}
	return lacks, lacks.Lacking != 0
}
