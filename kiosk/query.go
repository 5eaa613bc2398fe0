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
	Within     float64 // metres from the site; postings of unknown place are left out
	Channels   []Channel
	Trades     []Trade
	Occupation string // a classification prefix
	PayAtLeast Fen    // a month, against the posting's upper figure
	Education  Education
	Shifts     Shifts   // any of them
	Benefits   Benefits // all of them
	Sort       Sort
	Offset     int
	Limit      int
	Now        time.Time // postings past their validity at this time are never given
}

// Item is a row of a list.
type Item struct {
	Posting Posting  // without its Description
	Metres  float64  // from the site; negative when unknown
	Reasons []Reason // why it is here, when it was matched
}

// Facets counts what each further filter would leave. Every count honours the
// query's other filters and leaves out its own.
type Facets struct {
	Channels   map[Channel]int   `json:"channels"`
	Trades     map[Trade]int     `json:"trades"`
	Towns      map[Area]int      `json:"towns"`
	Pay        map[Fen]int       `json:"pay"` // postings reaching at least this month, for PayBands
	Educations map[Education]int `json:"educations"`
	Shifts     map[Shifts]int    `json:"shifts"`
	Benefits   map[Benefits]int  `json:"benefits"`
	Distances  map[int]int       `json:"distances"` // postings within this many metres, for DistanceBands
}

// Results is a page of postings.
type Results struct {
	Total  int
	Items  []Item
	Facets Facets
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
