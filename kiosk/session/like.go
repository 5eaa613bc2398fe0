package session

import (
	"slices"

	"jobhome/kiosk"
)

// like lists what is like the posting looked at: the same job from other
// sources, or work of the same kind.
func (t *turn) like(do Action) {
	post := &t.Chosen.Posting
	if do == DoLike {
		if t.Chosen.More > 0 {
			t.inner(ListState{Query: t.folded(), From: "like"})
		}
		return
	}
	t.inner(ListState{Matched: true, Profile: kiosk.Profile{Occupation: post.Occupation}, Except: post.ID, From: "similar"})
}

// folded asks for the postings that were folded into the one looked at.
func (t *turn) folded() kiosk.Query {
	q := t.List.Query
	if r := t.List.Results.Rescue; r != nil {
		q = r.Query
	}
	q.Fold, q.Like, q.Offset = false, t.Chosen.Posting.ID, 0
	return q
}

// inner shows a list that was opened from a posting. The way back from it leads
// to the list that the posting was in; there is at most one inside another.
func (t *turn) inner(l ListState) {
	at := slices.Index(t.Before, List)
	if at < 0 {
		t.List = l
		t.to(List)
		t.ask()
		return
	}
	l.Outer = t.List.Outer
	if l.Outer == nil {
		outer := t.List
		l.Outer = &outer
	}
	t.leave()
	t.Before = slices.Clone(t.Before[:at])
	t.Page, t.Offset, t.List = List, 0, l
	t.ask()
}

// outer goes back to the list that this one was opened from.
func (t *turn) outer() {
	t.List = *t.List.Outer
	t.Offset = 0
	if t.List.Waiting {
		t.ask() // its answer came while the other list was shown
		return
	}
	t.returned()
}
