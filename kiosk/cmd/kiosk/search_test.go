package main

import (
	"testing"

	"jobhome/ui/uitest"
)

// Somebody who cannot type characters types the first letters of their sound,
// and is led to the postings.
func TestSearchByInitials(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	r.touch(say("tile.search"))
	r.touch(say("search.letters"))
	for _, key := range []string{"F", "R", "G"} {
		r.touch(key)
	}
	r.find(uitest.Query{NamePrefix: "缝纫工"})
	r.shot("typed")
	r.touchFirst(uitest.Query{NamePrefix: "缝纫工"})
	r.see(say("list.filter"))
	card := r.choose()
	if card == "" {
		t.Error("no posting can be chosen")
	}
	r.see(say("posting.print"))
	r.shot("found")
}
