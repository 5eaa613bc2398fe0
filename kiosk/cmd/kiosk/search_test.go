package main

import (
	"strings"
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

// A posting leads to work like it and back, and the code of a slip, typed later,
// to what became of it.
func TestSimilarWorkAndTheCodeOfASlip(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.toPosting()
	r.see(say("posting.print"))
	r.touch(say("posting.other"))
	r.touch(say("other.similar"))
	r.see(strings.TrimSuffix(say("list.similar", 0), " 0 个"))
	r.shot("similar")
	r.touch(say("bar.back"))
	r.see(say("list.filter.n", 1))
	r.choose()
	r.see(say("posting.print"))
	r.toConfirm()
	r.touch(say("confirm.print"))
	r.see(say("take.title"))
	code := r.code()
	r.touch(say("take.done"))
	r.see(say("attract.title"))

	r.home()
	r.touch(say("tile.search"))
	r.touch(say("search.letters"))
	for _, key := range string(code) {
		r.touchFirst(uitest.Query{Role: "button", Name: string(key)})
	}
	r.touch(say("search.code"))
	r.see(say("referral.title"))
	r.shot("slip by its code")
	if !r.shows(code.Grouped()) {
		t.Errorf("the page does not show the code %s", code.Grouped())
	}
}
