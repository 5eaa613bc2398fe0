package text_test

import (
	"errors"
	"strings"

	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// requests keeps what else can be done about a posting.
func (g *guide) requests(lang words.Lang) {
	g.begin(lang)
	g.do("start\n tile nearby\n posting gq-20261122-0187\n other > 80-other-without-hub")
	g.send(session.HubNews{At: g.at(), Sealed: true, Behind: true})
	g.keep("80-other")
	number := strings.ReplaceAll("\n key 1\n key 3\n key 9\n key 0\n key 7\n key 9\n key 2\n key 0\n key 0\n key 0\n key 0", "\n ", "\n")
	g.do("call-back > 81-call-back")
	g.do(number)
	g.keep("81-call-back-typed")
	posting := g.s.Chosen.Posting.ID
	g.do("send")
	g.send(session.Noted{At: g.at(), Posting: posting, Err: errors.New("full")})
	g.keep("82-trouble-request")
	g.do("back\n" + number + "\nsend")
	g.send(session.Noted{At: g.at(), Posting: posting})
	g.keep("83-call-back-done")
	g.do("back > 84-other-called\n report > 85-report\n complain fee > 86-posting-reported")
}
