package kiosk

// Factor is something that a match compares.
type Factor string

// The factors. Sex, ethnicity, household and address are none of them.
const (
	FactorTrade     Factor = "trade"
	FactorPay       Factor = "pay"
	FactorDistance  Factor = "distance"
	FactorHours     Factor = "hours"
	FactorBenefits  Factor = "benefits"
	FactorEducation Factor = "education"
	FactorTerm      Factor = "term"
	FactorAge       Factor = "age" // the legal working age only
	FactorNew       Factor = "new" // newly published; said when there is nothing else to say
)

// Fit is how far a factor is fulfilled.
type Fit string

// The fits.
const (
	Met     Fit = "met"
	Partly  Fit = "partly"
	NotMet  Fit = "not-met"
	Unknown Fit = "unknown" // the posting does not say
)

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
}

// Match is a posting with its place in a ranking and why it has it.
type Match struct {
	Posting Posting
	Score   int // the sum of the reasons' points
	Reasons []Reason
}
