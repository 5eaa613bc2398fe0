package kiosk

import (
	"slices"
	"strings"
	"time"
)

// Sort is an order of a list of postings.
type Sort string

// The orders. Ties are broken by id, so that pages never overlap.
const (
	SortFit     Sort = "fit" // text hits in the title first, then nearer
	SortPay     Sort = "pay" // highest comparable month first, unknown last
	SortNewest  Sort = "newest"
	SortNearest Sort = "nearest" // unknown places last
)

// Query asks the board for a page of postings. Zero fields ask for nothing.
type Query struct {
	Text       string // every word must occur in the posting's words
	Area       Area
	Near       Point   // distances are measured from here; unknown: from the site
	Within     float64 // metres; postings of unknown place are left out
	Channels   []Channel
	Trades     []Trade
	Occupation string // a classification prefix
	PayAtLeast Fen    // a month, against the posting's upper figure
	Education  Education
	Shifts     Shifts     // any of them
	Lawful     Shifts     // any of them too, by law: no rescue leaves it out, and facets always honour it
	Benefits   Benefits   // all of them
	Since      time.Time  // came to this board after it
	Also       [][]string // by word of Text: other forms, one of which will do as well
	Means      []Meaning  // by word of Text: what a posting may have in its fields instead of the word
	Fold       bool       // postings of one employer, title and town are one row, see Item.More
	Like       string     // a posting's id: only those that are folded with it, itself too
	Hits       bool       // say where words stand that titles do not show: Item.Hits; it costs a look at descriptions
	Sort       Sort
	Offset     int
	Limit      int
	Now        time.Time // postings past their validity at this time are never given
}

// Meaning is what a word says of a posting's fields: 包住 is [Dorm], whether the
// advertiser wrote it down in words or ticked it. A posting has the meaning when
// it has all that is set of it; a meaning of which nothing is set is none.
type Meaning struct {
	Benefits    Benefits  // all of them
	Shifts      Shifts    // any of them
	Channels    []Channel // any of them
	Occupations []string  // classification prefixes, any of them
	PayAtLeast  Fen       // a month, against the posting's upper figure
	Education   Education // whoever has this much schooling may come
	Untrained   bool      // no experience is asked for
}

// None reports whether nothing is set.
func (m *Meaning) None() bool {
	return m.Benefits == 0 && m.Shifts == 0 && len(m.Channels) == 0 && len(m.Occupations) == 0 &&
		m.PayAtLeast == 0 && m.Education == AnySchooling && !m.Untrained
}

// Fits reports whether a posting has the meaning.
func (m *Meaning) Fits(p *Posting) bool {
	within := func(prefix string) bool { return strings.HasPrefix(p.Occupation.Code+"-", prefix+"-") }
	_, high, known := p.Pay.Monthly()
	return p.Benefits&m.Benefits == m.Benefits &&
		(m.Shifts == 0 || p.Shifts&m.Shifts != 0) &&
		(len(m.Channels) == 0 || slices.Contains(m.Channels, p.Channel)) &&
		(len(m.Occupations) == 0 || slices.ContainsFunc(m.Occupations, within)) &&
		(m.PayAtLeast == 0 || known && high >= m.PayAtLeast) &&
		m.Education.Meets(p.Education) &&
		(!m.Untrained || p.Experience == 0)
}

// Item is a row of a list.
type Item struct {
	Posting Posting  // without its Description
	Metres  float64  // from the site, or from Query.Near; negative when unknown
	Reasons []Reason // why it is here, when it was matched
	Hits    []Hit    // why it is here, when words were searched and the title does not show it
	More    int      // how many others are folded under it
}

// Facets counts what each further filter would leave. Every count honours the
// query's other filters and leaves out its own, and counts rows as they would
// be listed: with Query.Fold, groups of which a posting passes.
type Facets struct {
	Channels   map[Channel]int   `json:"channels"`
	Trades     map[Trade]int     `json:"trades"`
	Towns      map[Area]int      `json:"towns"`
	Pay        map[Fen]int       `json:"pay"` // postings reaching at least this month, for PayBands
	Educations map[Education]int `json:"educations"`
	Shifts     map[Shifts]int    `json:"shifts"`
	Benefits   map[Benefits]int  `json:"benefits"`
	Distances  map[int]int       `json:"distances"` // postings within this many metres of the site, or of Query.Near, for DistanceBands
}

// Results is a page of postings.
type Results struct {
	Total  int // of all pages; rows as they are listed, so with Query.Fold groups
	Items  []Item
	Facets Facets
	Rescue *Rescue // what was changed because the query itself found nothing; nil: nothing
}

// Field is a part of a posting that words are searched in.
type Field string

// The fields.
const (
	FieldTitle        Field = "title"
	FieldEmployer     Field = "employer"
	FieldOccupation   Field = "occupation"
	FieldPlace        Field = "place" // county, town and address
	FieldRequirements Field = "requirements"
	FieldDescription  Field = "description"
	FieldBenefit      Field = "benefit" // the posting says so in its fields, see Meaning
	FieldShift        Field = "shift"
	FieldTerms        Field = "terms" // channel, pay, schooling or experience
)

// Hit tells where a word of a query stands in a posting.
type Hit struct {
	Word    string // as it was asked for
	As      string // the form that was found; another one for a word of Query.Also
	Field   Field
	Excerpt string // the words around it, of the fields that a row does not show whole; … where it is cut
}

// RescueStep is a way of finding something where a query finds nothing.
type RescueStep string

// The steps, in the order in which they are tried. The first that finds
// something ends it, and the screen says what was done.
const (
	RescueSpelling RescueStep = "spelling" // a word is taken for a like one
	RescueDistance RescueStep = "distance" // from farther away
	RescueFilter   RescueStep = "filter"   // one filter is left out, the least weighty first
	RescueWord     RescueStep = "word"     // one word is left out
	RescueRelated  RescueStep = "related"  // a neighbouring occupation
)

// RescueSteps lists the steps in their order.
func RescueSteps() []RescueStep {
	return []RescueStep{RescueSpelling, RescueDistance, RescueFilter, RescueWord, RescueRelated}
}

// Rescue tells how a list came to be that the query itself would have left
// empty: "没有“缝韧工”，有 12 个“缝纫工”".
type Rescue struct {
	Step  RescueStep
	From  string // the words that found nothing; RescueWord: the ones left out
	To    string // the words that found something
	Left  string // RescueFilter: the filter left out: "shift", "benefit", "channel", "school", "pay", "area"
	Query Query  // what was asked in the end
}

// Suggestion is a word that the board really has, with the number of postings.
type Suggestion struct {
	Text  string
	Count int
}

// PayBands are the steps that pay is asked and counted in, a month.
func PayBands() []Fen { return []Fen{Yuan(3000), Yuan(4000), Yuan(5000), Yuan(6000), Yuan(8000)} }

// DistanceBands are the steps that distance is asked and counted in, metres.
func DistanceBands() []int { return []int{1000, 3000, 5000, 10000, 20000} }
