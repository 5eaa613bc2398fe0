package kiosk

import "time"

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
	Fold       bool       // postings of one employer, title and town are one row, see Item.More
	Like       string     // a posting's id: only those that are folded with it, itself too
	Sort       Sort
	Offset     int
	Limit      int
	Now        time.Time // postings past their validity at this time are never given
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
