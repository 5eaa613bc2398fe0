package match

// The points of each factor. For each factor Met > Partly > Unknown > NotMet,
// except where a comment says otherwise.
const (
	tradeMet     = 60 // the kind of work comes first: who asks for sewing is not helped by a till
	tradePartly  = 25 // a neighbouring trade
	tradeUnknown = 10

	distanceMet  = 10   // within what was asked
	distanceNear = 15   // and up to this much more, the nearer the more
	distanceFar  = -800 // more than all else can make up for; a test holds this

	occupationSame    = 60 // whatever it is called
	occupationGroup   = 30
	occupationSkills  = 24 // by the share of the wanted one's skills
	occupationUnknown = 10

	payMet     = 25 // the low end reaches what was asked
	payPartly  = 8  // only the high end does
	payReach   = 12 // and up to this much more, the larger the part of the range that does
	payUnknown = 6

	hoursMet     = 15
	hoursPartly  = 8
	hoursUnknown = 5

	benefitsMet     = 20
	benefitsPartly  = 8
	benefitsShare   = 12 // and up to this much more, by the share that is given
	benefitsUnknown = 5

	educationMet   = 10
	educationShort = -100 // below postings that fit otherwise, not below everything

	experienceMet    = 10
	experiencePartly = 4 // at least half of it
	experienceShort  = -30

	certificatesMet  = 10
	certificatesSoon = 0    // what is lacking is had within days
	certificatesLack = -400 // nobody may begin without: below all that may be begun; a test holds this

	termMet    = 20
	termPartly = 10

	// For residents of sixteen and seventeen only. Day work gives no reason.
	ageUnknown = -5
	agePartly  = -10
)
