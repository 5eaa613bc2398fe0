package session

import "testing"

func TestCards(t *testing.T) {
	for name, script := range map[string]string{
		"consent refused": walk(Consent) + `
			touch no-card -> home
			is !resident`,
		"no consent, no reading": walk(Consent) + `
			card found           -> consent
			card read 1980-05-01 -> consent
			is !resident card=`,
		"a card nobody asked for": `
			card found           -> attract
			card read 1980-05-01 -> attract
			card removed         -> attract
			is !resident nobody`,
		"no reader, no consent page": `
			card down   -> attract
			touch start -> home
			touch card  -> home
			card none   -> home
			touch card  -> home`,
		"the reader goes at the consent page": walk(Consent) + `
			card down     -> consent
			touch consent -> consent
			card ready    -> consent
			touch consent -> tap-card: ArmReader`,
		"read, and browse": walk(Greeting) + `
			is resident card=read !barred !minor
			touch no-card -> home
			touch card    -> home`,
		"read, and match": walk(Greeting) + `
			touch tile match -> ask
			touch back       -> home
			is resident`,
		"expired": walk(TapCard) + `
			card found                   -> tap-card
			card read-expired 1950-01-01 -> greeting
			is resident card=read-expired`,
		"unreadable, then read": walk(TapCard) + `
			card found           -> tap-card
			is card=found
			card unreadable      -> tap-card
			is card=unreadable
			card ready           -> tap-card
			is card=unreadable
			card found           -> tap-card
			card read 1980-05-01 -> greeting`,
		"lifted too early": walk(TapCard) + `
			card found -> tap-card
			card ready -> tap-card
			is card=
			card found   -> tap-card
			card removed -> tap-card
			is card=`,
		"another card": walk(TapCard) + `
			card found    -> tap-card
			card other    -> tap-card
			is card=other
			touch no-card -> home: DisarmReader
			is !resident card=`,
		"the reader is unplugged while tapping": walk(TapCard) + `
			card found    -> tap-card
			card down     -> tap-card
			is card= reader=down
			touch no-card -> home: DisarmReader`,
		"the reader comes back while tapping": walk(TapCard) + `
			card down            -> tap-card
			card ready           -> tap-card
			card read 1980-05-01 -> greeting`,
		"a card is a sign of life": walk(TapCard) + `
			wait 70s   -> tap-card
			is warning
			card found -> tap-card
			is !warning left=80`,
		"read too late": walk(TapCard) + `
			touch back           -> home: DisarmReader
			card read 1980-05-01 -> home
			is !resident
			card removed         -> home`,
		"the reader is unplugged in a session": walk(Greeting) + `
			card down -> attract: DisarmReader, Forget
			is nobody notice=ended.done`,
		"swapped for another's": walk(Greeting) + `
			card removed         -> attract: DisarmReader, Forget
			card found           -> attract
			card read 1970-01-01 -> attract
			is nobody notice=ended.card`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

// A card that goes ends the session at once on every page, but where a slip is
// on its way only the person is forgotten, and the page stays a moment.
func TestCardRemovedOnEveryPage(t *testing.T) {
	for _, page := range Pages() {
		t.Run(string(page), func(t *testing.T) {
			w := open(t)
			switch page {
			case Attract, Consent, TapCard:
				return // nobody's card has been read
			case Greeting:
				w.play(walk(Greeting))
			default:
				w.play(withCard(page, "1980-05-01"))
			}
			switch page {
			case Printing, Take, Trouble:
				w.play("card removed -> " + string(page) + ": DisarmReader, Forget\n is !resident card-out !draft")
			default:
				w.play("card removed -> attract: DisarmReader, Forget\n is nobody notice=ended.card")
			}
		})
	}
}

func TestCardRemovedWhileASlipIsOnItsWay(t *testing.T) {
	for name, script := range map[string]string{
		"before it was written down": withCard(Confirm, "1980-05-01") + `
			touch confirm          -> printing: Issue p1
			card removed           -> printing: DisarmReader, Forget
			written C1             -> printing: Print C1
			ended C1 printed ready -> take
			is !resident`,
		"before the ledger refused": withCard(Confirm, "1980-05-01") + `
			touch confirm -> printing: Issue p1
			card removed  -> printing: DisarmReader, Forget
			written error -> trouble
			is why=ledger !retry
			touch more    -> home: DisarmReader, Forget
			is !card-out`,
		"while printing, then silence": withCard(Printing, "1980-05-01") + `
			card removed           -> printing: DisarmReader, Forget
			ended C1 printed ready -> take
			is left=35
			wait 15s               -> take
			is warning left=20
			wait 20s               -> attract: DisarmReader, Forget
			is nobody`,
		"while printing, and it fails": withCard(Printing, "1980-05-01") + `
			card removed              -> printing: DisarmReader, Forget
			ended C1 failed paper-out -> trouble
			printer ready             -> trouble
			touch retry               -> printing: Print C1
			ended C1 printed ready    -> take`,
		"while it warns": withCard(Take, "1980-05-01") + `
			wait 20s     -> take
			is warning
			card removed -> take: DisarmReader, Forget
			is !warning left=35`,
		"and somebody goes on: a new visit, looking the same": withCard(Take, "1980-05-01") + `
			touch lang   -> take
			touch large  -> take
			card removed -> take: DisarmReader, Forget
			touch more   -> home: DisarmReader, Forget
			is lang=en large !card-out items=0 code= left=80`,
		"and somebody goes home": withCard(Take, "1980-05-01") + `
			card removed -> take: DisarmReader, Forget
			touch home   -> home: DisarmReader, Forget
			is items=0 code=`,
		"and somebody goes back": withCard(Trouble, "1980-05-01") + `
			card removed -> trouble: DisarmReader, Forget
			touch help   -> help
			touch back   -> trouble
			touch back   -> home: DisarmReader, Forget
			is items=0 code=`,
		"at a trouble without a slip": withCard(List, "1980-05-01") + `
			touch page next -> list: Search
			found error     -> trouble
			card removed    -> attract: DisarmReader, Forget
			is nobody`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

func TestAges(t *testing.T) {
	for name, script := range map[string]string{
		"sixteen tomorrow": withCard(Posting, "2010-06-04") + `
			is barred !minor
			touch print -> posting`,
		"sixteen today": withCard(Confirm, "2010-06-03") + `
			is !barred minor
			touch confirm -> printing: Issue p1`,
		"eighteen tomorrow": withCard(List, "2008-06-04") + `
			is minor shifts=29`,
		"eighteen today": withCard(List, "2008-06-03") + `
			is !minor shifts=0`,
		"a clock before the birth bars": withCard(Posting, "1980-05-01") + `
			clock -876000h -> posting
			is barred
			touch print    -> posting`,
		"minors: no filter lets the night in": withCard(Filter, "2009-01-01") + `
			is shifts=29 filters=1
			touch filter shift=2  -> filter: Search
			is shifts=29
			touch filter shift=1  -> filter: Search
			is shifts=28 filters=2
			touch filter shift=28 -> filter: Search
			is shifts=29 filters=1
			touch unfilter        -> filter: Search
			is shifts=29`,
		"minors: every list": withCard(Trades, "2009-01-01") + `
			touch trade garment -> list: Search
			is shifts=29
			touch home          -> home
			touch tile today    -> list: Search
			is shifts=29
			touch home          -> home
			touch tile search   -> search: Suggest
			touch suggest 保安  -> list: Search
			is shifts=29`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

// The guided match of a minor asks for no night work, whatever they touched.
func TestMinorsMatchHasNoNight(t *testing.T) {
	w := open(t).play(withCard(Ask, "2009-01-01") + `
		touch next         -> ask
		touch answer night -> ask
		touch skip         -> ask
		touch skip         -> ask
		touch skip         -> list: Rank`)
	rank := w.last[0].(Rank)
	if want := minorShifts & w.s.Asked.Profile.Shifts; rank.Profile.Shifts != want || want == 0 {
		t.Errorf("asked for hours %b", rank.Profile.Shifts)
	}
}
