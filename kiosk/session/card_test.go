package session

import "testing"

// A card that goes ends the session at once on every page, but where a slip is
// on its way only the person is forgotten, and the page stays a moment.
func TestCardRemovedOnEveryPage(t *testing.T) {
	for _, page := range Pages() {
		t.Run(string(page), func(t *testing.T) {
			w := open(t)
			switch page {
			case Attract, Consent, TapCard, StaffPIN, Staff, StaffReset:
				return // nobody's card has been read
			case Greeting:
				w.play(walk(Greeting))
			default:
				w.play(withCard(page, "1980-05-01"))
			}
			switch page {
			case Printing, Take, Trouble:
				w.play("card removed -> " + string(page) + ": Forget\n is !resident card-out !draft")
			default:
				w.play("card removed -> attract: DisarmReader, Forget\n is nobody notice=ended.card")
			}
		})
	}
}

// The guided match of a minor asks for no night work, whatever they touched.
func TestMinorsMatchHasNoNight(t *testing.T) {
	w := open(t).play(withCard(Ask, "2009-01-01") + `
		touch next         -> ask
		touch answer night -> ask
		touch skip         -> ask
		touch skip         -> ask
		touch skip         -> ask
		touch skip         -> list: Rank`)
	rank := w.last[0].(Rank)
	if want := minorShifts & w.s.Asked.Profile.Shifts; rank.Profile.Shifts != want || want == 0 {
		t.Errorf("asked for hours %b", rank.Profile.Shifts)
	}
}
