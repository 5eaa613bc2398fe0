package kiosk

import "time"

// Resident is all that the terminal keeps of the person who tapped a card, and
// only while they stand there: a masked name for the slip and the year of
// birth. The zero Resident is nobody.
type Resident struct {
	MaskedName string // e.g. "张**"
	BirthYear  int    // Gregorian; 0 unknown
	BirthMonth int    // 1-12; needed only to tell the legal working age
	BirthDay   int    // 1-31
}

// Known reports whether somebody tapped a card.
func (r Resident) Known() bool { return r != Resident{} }

// Age in whole years at the time now; -1 when unknown.
func (r Resident) Age(now time.Time) int {
	if r.BirthYear == 0 {
		return -1
	}
	age := now.Year() - r.BirthYear
	m, d := int(now.Month()), now.Day()
	if m < r.BirthMonth || m == r.BirthMonth && d < r.BirthDay {
		age--
	}
	return age
}

// The two ages at which the law speaks about work.
const (
	// WorkingAge is the least age at which anybody may be hired:
	// 《劳动法》第十五条, 《禁止使用童工规定》第二条.
	WorkingAge = 16
	// AdultAge ends the protection of 未成年工, who may not work at night
	// or on dangerous tasks: 《未成年人保护法》第六十一条, 《劳动法》第六十四条.
	AdultAge = 18
)

// Term is for how long somebody looks for work.
type Term string

// The terms.
const (
	AnyTerm  Term = ""
	ThisWeek Term = "this-week" // work and pay within days
	LongTerm Term = "long-term"
)

// Profile is what a resident touched in the guided match. The zero value of a
// field means that the question was skipped; where nothing is an answer too, a
// field of its own says that it was given. Nothing of it comes from a card, and
// nothing of it is stored.
type Profile struct {
	Trades     []Trade   // wanted kinds of work
	PayAtLeast Fen       // a month
	Within     float64   // metres from this site
	Shifts     Shifts    // hours that suit
	Benefits   Benefits  // what is needed beside pay
	Education  Education // schooling reached
	Term       Term

	// Occupation is the one wanted, or that of a posting that others are to be
	// like. Its name may be the word that somebody used: 平车工 for 缝纫工.
	Occupation Occupation

	Certificates     Certificates // held
	CertificatesSaid bool         // the question was answered, perhaps by none

	Experience     int  // months in the wanted work
	ExperienceSaid bool // the question was answered, perhaps by none
}
