package session

import (
	"slices"
	"strconv"
	"strings"

	"jobhome/kiosk"
)

// list shows the postings that q asks for; from is the tile or trade touched.
// What several sources brought of one job is one row.
func (t *turn) list(q kiosk.Query, from string) {
	q.Fold = true
	t.List = ListState{Query: q, From: from}
	t.to(List)
	t.ask()
}

// minorShifts are the hours that the law allows 未成年工.
const minorShifts = kiosk.AllShifts &^ kiosk.NightShift

// lawful is what remains of wanted hours for the person who is here.
func (t *turn) lawful(s kiosk.Shifts) kiosk.Shifts {
	if !t.Minor() {
		return s
	}
	if s &= minorShifts; s != 0 {
		return s
	}
	return minorShifts // no wish would let night work in
}

// allowed are the hours that the law leaves to the person who is here; 0: all.
func (t *turn) allowed() kiosk.Shifts {
	if t.Minor() {
		return minorShifts
	}
	return 0
}

// cards is how many postings a page of the list has.
func (t *turn) cards() int { return max(t.Fits().Cards, 1) }

// fitList asks for the page that shows where the list stood, in the type in use.
func (t *turn) fitList() {
	n := t.cards()
	t.List.Query.Offset = t.List.Query.Offset / n * n
	t.ask()
}

// ask asks for the page of the list that the query stands at.
func (t *turn) ask() {
	t.seq++
	t.List.seq, t.List.Waiting = t.seq, true
	q := t.List.Query
	q.Limit, q.Now = t.cards(), t.Now
	if t.List.Matched {
		t.List.Query = q
		p := t.List.Profile
		p.Shifts = t.lawful(p.Shifts)
		t.do(Rank{Seq: t.seq, Profile: p, Resident: t.Resident, Except: t.List.Except, Offset: q.Offset, Limit: q.Limit})
		return
	}
	q.Lawful = t.allowed()
	t.List.Query = q
	t.do(Search{Seq: t.seq, Query: q})
}

func (t *turn) found(e Found) {
	if e.Seq != t.List.seq || !t.List.Waiting {
		return
	}
	t.List.Waiting, t.List.stale = false, e.Err != nil
	if e.Err != nil {
		// Elsewhere it is no trouble: coming back to the list asks again.
		if t.Page == List || t.Page == Filter {
			t.trouble("board")
		}
		return
	}
	t.List.Results = e.Results
	// Postings can expire while somebody turns pages.
	if e.Results.Total > 0 && t.List.Query.Offset >= e.Results.Total {
		t.List.Query.Offset = 0
		t.ask()
	}
}

// stale has the list, and the one that it was opened from, asked for again
// before they are shown.
func (t *turn) stale() {
	t.List.stale = true
	if t.List.Outer != nil {
		outer := *t.List.Outer
		outer.stale = true
		t.List.Outer = &outer
	}
}

func (t *turn) touchList(e Touch) {
	q := &t.List.Query
	switch e.Do {
	case DoPage:
		n := max(q.Limit, 1)
		switch {
		case e.Arg == "next" && q.Offset+n < t.List.Results.Total:
			q.Offset += n
		case e.Arg == "prev" && q.Offset > 0:
			q.Offset = max(q.Offset-n, 0)
		default:
			return
		}
		t.ask()
	case DoSort:
		if !t.List.Matched {
			q.Sort, q.Offset = kiosk.Sort(e.Arg), 0
			t.ask()
		}
	case DoFilters:
		if !t.List.Matched {
			t.to(Filter)
		}
	case DoFarther:
		q.Within, q.Offset = Farther(q.Within), 0
		t.ask()
	case DoUnfilt:
		t.unfilter()
	case DoTile:
		t.tile(e.Arg)
	case DoPosting:
		t.open(e.Arg)
	}
}

// Farther is the next wider distance in metres; 0, no limit, after the last.
func Farther(within float64) float64 {
	for _, d := range kiosk.DistanceBands() {
		if within > 0 && float64(d) > within {
			return float64(d)
		}
	}
	return 0
}

func (t *turn) touchFilter(e Touch) {
	switch e.Do {
	case DoFilter:
		group, value, ok := strings.Cut(e.Arg, "=")
		if !ok {
			return
		}
		t.filter(group, value)
		t.List.Query.Offset = 0
		t.ask()
	case DoUnfilt:
		t.unfilter()
	case DoPage:
		t.turnSheet(e.Arg)
	case DoShow:
		t.back()
	}
}

// filter switches one filter on or off. A value of "" switches its group off.
func (t *turn) filter(group, value string) {
	q := &t.List.Query
	n, _ := strconv.Atoi(value)
	switch group {
	case "distance":
		q.Within = float64(n)
	case "pay":
		q.PayAtLeast = kiosk.Fen(n)
	case "school":
		q.Education = kiosk.Education(n)
	case "shift":
		q.Shifts ^= kiosk.Shifts(n) & kiosk.AllShifts
	case "benefit":
		q.Benefits ^= kiosk.Benefits(n) & kiosk.AllBenefits
	case "channel":
		c := kiosk.Channel(value)
		if i := slices.Index(q.Channels, c); i >= 0 {
			q.Channels = slices.Delete(slices.Clone(q.Channels), i, i+1)
		} else {
			q.Channels = append(slices.Clone(q.Channels), c)
		}
	}
}

func (t *turn) unfilter() {
	old := t.List.Query
	t.List.Query = kiosk.Query{
		Text: old.Text, Trades: old.Trades, Occupation: old.Occupation, Since: old.Since,
		Fold: old.Fold, Like: old.Like, Sort: old.Sort,
	}
	t.ask()
}

// Filters counts the kinds of filter that q has on.
func Filters(q kiosk.Query) int {
	n := 0
	for _, on := range []bool{
		q.Within > 0, q.PayAtLeast > 0, q.Education != 0, q.Shifts != 0,
		q.Benefits != 0, len(q.Channels) > 0,
	} {
		if on {
			n++
		}
	}
	return n
}
