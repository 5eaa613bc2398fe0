package station

import (
	"time"
	"unicode/utf8"

	"jobhome/drivers/idcard"
	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// cardNews turns what the reader says into the words of the session. Of a card
// nothing is kept but a masked name and the birth date; the card itself is
// wiped here, before anything else sees it.
func cardNews(e idcard.Event) (session.Card, bool) {
	news := session.Card{At: session.At{Time: e.At}}
	switch e.Kind {
	case idcard.Ready:
		news.State = session.CardReady
	case idcard.Down:
		news.State = session.CardDown
	case idcard.Found:
		news.State = session.CardFound
	case idcard.Failed:
		news.State = session.CardUnreadable
	case idcard.NotResident:
		news.State = session.CardOther
	case idcard.Removed:
		news.State = session.CardRemoved
	case idcard.Read:
		news.State = session.CardRead
		if e.Card.Expired(e.At) {
			news.State = session.CardExpired
		}
		news.Resident = resident(e.Card, e.At)
		e.Card.Wipe()
	default:
		return news, false
	}
	return news, true
}

// resident takes from a card what the terminal may know. The masked name is
// made here, before the card's memory is overwritten. With a
// clock that is plainly wrong, as after the loss of its battery, the birth date
// is left out: an adult must not be taken for a child.
func resident(c *idcard.Card, now time.Time) kiosk.Resident {
	r := kiosk.Resident{MaskedName: surname(c.ShownName())}
	if now.Year() >= 2026 {
		r.BirthYear, r.BirthMonth, r.BirthDay = c.Birth.Year, c.Birth.Month, c.Birth.Day
	}
	return r
}

// surname is the first character of a name and two stars, whatever the name's
// length: it is what the consent page promises, "您的姓".
func surname(name []byte) string {
	first, size := utf8.DecodeRune(name)
	if size == 0 || first == utf8.RuneError {
		return "**"
	}
	return string(first) + "**"
}
