package main

import (
	"testing"

	"jobhome/drivers/sim"
)

// bySomebody places a card and waits for the greeting.
func (r *rig) bySomebody(p sim.Person) {
	r.Helper()
	r.reader.Place(p)
	r.see(say("card.title", masked(shown(p))))
	for _, secret := range []string{p.Name, p.ForeignName, p.Number, p.Address} {
		if secret != "" {
			r.hides(secret)
		}
	}
}

// shown is the name by which a card's owner is spoken to.
func shown(p sim.Person) string {
	if p.Name == "" {
		return p.ForeignName
	}
	return p.Name
}

// lift takes the card away, and waits until the reader has looked often enough
// to notice, which the screen does not tell of a card that could not be read.
func (r *rig) lift() {
	r.Helper()
	r.reader.Lift()
	before := len(r.reader.Commands())
	r.eventually("the reader looks for a card", func() bool { return len(r.reader.Commands()) > before+6 })
}

// nobody checks that nothing of p is left: not on the first page, and not on
// the one behind it.
func (r *rig) nobody(p sim.Person) {
	r.Helper()
	r.see(say("attract.title"))
	r.hides(masked(shown(p)))
	r.home()
	r.hides(masked(shown(p)))
}

// The reader fails while somebody is asked for a card: they are told, can go
// on without one, and a reader that comes back is offered again.
func TestReaderUnplugged(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	r.consent()
	r.cables[readerCable].pull()
	r.find(queryIn("label", say("notice.reader")))
	r.fits()
	r.shot("tap")
	r.touch(say("tap.skip"))
	r.see(say("home.title"))
	r.hides(say("home.card"))
	r.touch(say("tile.today"))
	r.see(say("list.filter"))
	r.touch(say("bar.home"))
	r.see(say("home.title"))
	r.plug(readerCable)
	r.see(say("home.card"))
	r.consent()
	r.bySomebody(somebody(t, "chen"))
}

// The reader fails and comes back while the page stands: no need to begin
// again.
func TestReaderReplugged(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	r.consent()
	r.cables[readerCable].pull()
	r.find(queryIn("label", say("notice.reader")))
	r.plug(readerCable)
	r.see(say("tap.sub"))
	r.bySomebody(somebody(t, "chen"))
}

func TestCardsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	r.consent()
	r.reader.PlaceUnreadable()
	r.see(say("tap.again"))
	r.shot("unreadable")
	r.lift()
	r.reader.PlaceOther()
	r.see(say("tap.other"))
	r.shot("other")
	r.lift()
	chen := somebody(t, "chen")
	r.bySomebody(chen)
}

// Cards of all kinds, one person after the other: whoever takes the card away
// ends the session, and leaves nothing for the next.
func TestCardsOfAllKinds(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	for _, id := range []string{"andersson", "huang", "ayigul", "wang"} {
		p := somebody(t, id)
		r.consent()
		r.bySomebody(p)
		r.shot(id)
		r.touch(say("card.browse"))
		r.see(say("hello", masked(shown(p))))
		r.reader.Lift()
		r.find(queryIn("button", say("ended.card")))
		r.nobody(p)
	}
}

// Nobody under sixteen gets a slip; they are told why, and may look.
func TestCardOfAChild(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	r.consent()
	p := somebody(t, "zhou")
	r.bySomebody(p)
	r.see(say("card.barred"))
	r.shot("barred")
	r.touch(say("card.browse"))
	r.see(say("hello", masked(p.Name)))
	r.touch(say("tile.nearby"))
	r.see(say("list.filter"))
	r.choose()
	r.see(say("card.barred.short"))
	r.hides(say("posting.print"))
	if n := len(r.referrals()); n != 0 {
		t.Errorf("%d referrals", n)
	}
}

// A card that is taken in the middle of a session ends it on every page.
func TestCardTakenMidSession(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.home()
	chen := somebody(t, "chen")
	for name, walk := range map[string]func(){
		"ask":  func() { r.touch(say("card.match")); r.see(say("ask.trades.title")) },
		"list": func() { r.touch(say("card.match")); r.guided() },
		"confirm": func() {
			r.touch(say("card.browse"))
			r.see(say("hello", masked(chen.Name)))
			r.touch(say("tile.nearby"))
			r.see(say("list.filter"))
			r.choose()
			r.gone(say("list.filter"))
			r.toConfirm()
		},
	} {
		r.consent()
		r.bySomebody(chen)
		walk()
		r.reader.Lift()
		r.find(queryIn("button", say("ended.card")))
		r.nobody(chen)
		if t.Failed() {
			t.Fatalf("on the page %s", name)
		}
	}
}
