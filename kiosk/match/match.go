package match

import (
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
)

// Ask is everything that a ranking may depend on beside the postings.
type Ask struct {
	Profile  kiosk.Profile  // the touched answers; zero fields were skipped
	Resident kiosk.Resident // zero without a card; only the age is read
	Site     kiosk.Site     // only its location is read
	Now      time.Time
	Limit    int            // the most matches wanted; zero or less: all
	Courses  []kiosk.Course // what is on offer for somebody who lacks a certificate; it moves nothing
}

// Barred reports whether the resident is known to be below the working age of
// sixteen. Nothing may be offered then, and the screen should say why:
// 《劳动法》第十五条.
func (a Ask) Barred() bool {
	age := a.Resident.Age(a.Now)
	return age >= 0 && age < kiosk.WorkingAge
}

// Rank returns the postings that may be offered, best first, each with its
// reasons in the order trade, occupation, distance, pay, hours, benefits,
// schooling, experience, certificates, term, age. It is empty when [Ask.Barred]. Among equal scores the nearer comes
// first, then the one published later, then the lower id; a board's ids are
// unique, so the order of posts does not matter. The result shares the strings
// of posts and nothing else.
func Rank(posts []kiosk.Posting, ask Ask) []kiosk.Match {
	if ask.Barred() {
		return nil
	}
	s := newScorer(ask)
	best := top{limit: ask.Limit}
	for i := range posts {
		s.offer(&best, &posts[i])
	}
	return s.explain(best.sorted())
}

// offer gives the posting its place, if it may be offered at all.
func (s *scorer) offer(best *top, p *kiosk.Posting) {
	if !p.Open(s.Now) || s.forbidden(p) {
		return
	}
	metres := s.metres(p)
	best.add(place{score: sum(s.reasons(s.buf[:0], p, metres)), metres: metres, post: p})
}

// explain gives every place its reasons. The score is their sum and nothing
// else, however the place was found.
func (s *scorer) explain(places []place) []kiosk.Match {
	s.explaining = true
	matches := make([]kiosk.Match, len(places))
	for i, pl := range places {
		reasons := slices.Clone(s.reasons(s.buf[:0], pl.post, pl.metres))
		matches[i] = kiosk.Match{Posting: *pl.post, Score: sum(reasons), Reasons: reasons}
	}
	return matches
}

func sum(reasons []kiosk.Reason) int {
	n := 0
	for i := range reasons {
		n += reasons[i].Points
	}
	return n
}

// place is a posting with all that decides where it stands.
type place struct {
	score  int
	metres float64 // negative: not known, which counts as farthest
	post   *kiosk.Posting
}

// compare is negative when a stands before b.
func compare(a, b place) int {
	switch {
	case a.score != b.score:
		return b.score - a.score
	case a.metres != b.metres:
		if b.metres < 0 || a.metres >= 0 && a.metres < b.metres {
			return -1
		}
		return 1
	}
	if c := b.post.Published.Compare(a.post.Published); c != 0 {
		return c
	}
	return strings.Compare(a.post.ID, b.post.ID)
}

// top keeps the best places, no more than its limit: a heap with the worst of
// them on top, so that a board of n postings costs n comparisons mostly.
type top struct {
	limit int
	heap  []place
}

func (t *top) add(p place) {
	switch {
	case t.limit <= 0:
		t.heap = append(t.heap, p)
	case !t.full():
		t.heap = append(t.heap, p)
		t.up(len(t.heap) - 1)
	case compare(p, t.heap[0]) < 0:
		t.heap[0] = p
		t.down(0)
	}
}

func (t *top) full() bool { return t.limit > 0 && len(t.heap) == t.limit }

func (t *top) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if compare(t.heap[i], t.heap[parent]) <= 0 {
			return
		}
		t.heap[i], t.heap[parent] = t.heap[parent], t.heap[i]
		i = parent
	}
}

func (t *top) down(i int) {
	for {
		worst := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(t.heap); c++ {
			if compare(t.heap[c], t.heap[worst]) > 0 {
				worst = c
			}
		}
		if worst == i {
			return
		}
		t.heap[i], t.heap[worst] = t.heap[worst], t.heap[i]
		i = worst
	}
}

// sorted returns the places best first. The heap is used up.
func (t *top) sorted() []place {
	slices.SortFunc(t.heap, compare)
	return t.heap
}
