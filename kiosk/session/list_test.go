package session

import (
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
)

func TestMatchAsksForWhatWasAnswered(t *testing.T) {
	w := open(t).play(walk(Ask) + `
		touch answer cook   -> ask
		touch next          -> ask
		touch answer week   -> ask
		touch answer 400000 -> ask
		touch answer 3000   -> ask
		touch answer 60     -> ask
		touch skip          -> list: Rank`)
	got := w.last[0].(Rank).Profile
	if !slices.Equal(got.Trades, []kiosk.Trade{"cook"}) || got.Term != kiosk.ThisWeek || got.PayAtLeast != kiosk.Yuan(4000) ||
		got.Within != 3000 || got.Education != kiosk.HighSchool {
		t.Errorf("asked for %+v", got)
	}
	for _, when := range Whens() {
		w := open(t).play(walk(Ask) + "\n touch next -> ask \n touch answer " + when + " -> ask")
		if p := w.s.Asked.Profile; p.Term == kiosk.AnyTerm && p.Shifts == 0 {
			t.Errorf("the answer %q says nothing", when)
		}
		if w.play("touch back -> ask \n touch skip -> ask").s.Asked.Profile.Shifts != 0 {
			t.Errorf("the answer %q cannot be taken back", when)
		}
	}
}

// A search has an end.
func TestTypingEnds(t *testing.T) {
	w := open(t).play(walk(Keys))
	for range 30 {
		w.event([]string{"touch", "key", "缝"})
	}
	if w.s.Typed.Text != strings.Repeat("缝", maxTyped) {
		t.Errorf("%d bytes were typed", len(w.s.Typed.Text))
	}
}
