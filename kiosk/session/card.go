package session

import "jobhome/kiosk"

func (t *turn) touchCard(e Touch) {
	switch {
	case t.Page == Consent && e.Do == DoConsent:
		if t.Reader != CardReady {
			return
		}
		t.CardNow = ""
		t.to(TapCard)
		t.do(ArmReader{})
	case e.Do == DoNoCard:
		t.to(Home)
	case t.Page == Greeting && e.Do == DoTile:
		t.tile(e.Arg)
	}
}

// card takes news from the reader. A card that comes without having been asked
// for is not taken notice of.
func (t *turn) card(e Card) {
	switch e.State {
	case CardReady, CardDown, CardNone:
		t.Reader = e.State
		t.lifted()
		if e.State != CardReady {
			t.cardGone("ended.done")
		}
	case CardFound, CardUnreadable, CardOther:
		if t.Page == TapCard {
			if e.State != CardFound && e.State != t.CardNow {
				t.buzz = BuzzBad
			}
			t.CardNow = e.State
			t.alive()
		}
	case CardRead, CardExpired:
		if t.Page != TapCard {
			return
		}
		t.Resident = e.Resident
		t.stale() // the law may keep them from work that nobody in particular was shown
		t.buzz = BuzzOK
		t.alive()
		t.to(Greeting)
		t.CardNow = e.State
	case CardRemoved:
		t.lifted()
		t.cardGone("ended.card")
	}
}

// lifted takes back the word that a card is being read. What is wrong with a
// card stays to be read after it was lifted.
func (t *turn) lifted() {
	if t.Page == TapCard && t.CardNow == CardFound {
		t.CardNow = ""
	}
}

// alive counts a card on the reader as a sign of life.
func (t *turn) alive() { t.Touched, t.Warning = t.Now, false }

// cardGone ends the session of the person whose card it was. Where their slip
// is on its way or in the slot, only the person is forgotten at once; the page
// stays for a moment so that they can take the slip.
func (t *turn) cardGone(notice string) {
	if !t.Resident.Known() {
		return
	}
	slip := t.Page == Printing || t.Page == Take || t.Page == Trouble && t.Referral.Code != ""
	if !slip {
		t.end(notice)
		return
	}
	t.Resident = kiosk.Resident{}
	t.CardOut, t.CardNow = true, ""
	t.Draft, t.draftSeq = nil, 0 // the picture has the masked name
	t.alive()
	t.do(Forget{})
}
