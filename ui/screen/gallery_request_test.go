package screen

import (
	"fmt"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// requests shows what else can be done about a posting.
func (g *guide) requests() {
	g.start()
	g.do("start\n tile nearby\n posting gq-20261122-0187\n other > other, no hub")
	g.send(session.HubNews{At: g.at(), Sealed: true})
	g.keep("other")
	g.do("call-back > call-back")
	g.dial("1390792000")
	g.keep("call-back, a digit missing")
	g.dial("0")
	g.keep("call-back typed")
	s, _ := session.Step(g.s, session.Touch{At: g.at(), Do: session.DoSend})
	g.shots = append(g.shots, shot{"call-back waiting", s})
	g.do("send > call-back done\n back > other, called\n report > report\n complain fee > posting reported\n other > other, reported")
	g.send(session.HubNews{At: g.at(), Sealed: true, Behind: true})
	g.do("home > home, behind")
	for _, st := range []session.StickState{
		session.StickReading, session.StickDone, session.StickSame, session.StickRefused, session.StickFull,
	} {
		g.send(session.Stick{At: g.at(), State: st})
		g.keep("home, stick " + string(st))
	}
	g.start()
	g.send(session.HubNews{At: g.at(), Sealed: true})
	g.do("start\n tile nearby\n posting gq-20261122-0187\n other\n call-back")
	g.dial("13907920000")
	s, _ = session.Step(g.s, session.Touch{At: g.at(), Do: session.DoSend})
	s, _ = session.Step(s, session.Noted{At: g.at(), Posting: s.Chosen.Posting.ID, Err: fmt.Errorf("full")})
	g.shots = append(g.shots, shot{"trouble request", s})
	for _, o := range []kiosk.Outcome{kiosk.Contacted, kiosk.Interviewed, kiosk.Hired, kiosk.Filled, kiosk.Declined} {
		g.start()
		g.do("start")
		g.send(session.Scanned{At: g.at(), Posting: "gq-20261122-0187", Code: code})
		g.s.Scan.Outcome = o
		g.keep("referral " + string(o))
	}
}

func (g *guide) dial(number string) {
	for _, d := range number {
		g.do("key " + string(d))
	}
}

// What is typed is shown in groups, and nothing can be sent before it is whole
// or while nothing can be sealed.
func TestCallBackPage(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.do("start\n tile nearby\n posting gq-20261122-0187\n other")
		if n := the(t, Of(g.s, g.m), session.DoCallBack); !n.Off {
			t.Errorf("%s: a call-back is offered without a key to seal it with", l)
		}
		g.send(session.HubNews{At: g.at(), Sealed: true})
		g.do("call-back")
		g.dial("1390792000")
		if n := the(t, Of(g.s, g.m), session.DoSend); !n.Off {
			t.Errorf("%s: ten digits can be sent", l)
		}
		g.dial("1")
		page := Of(g.s, g.m)
		if n := the(t, page, session.DoSend); n.Off || !strings.Contains(fmt.Sprint(page.Body), "139 0792 0001") {
			t.Errorf("%s: send is off: %v, or the number is not shown", l, n.Off)
		}
		g.do("send")
		if page = Of(g.s, g.m); strings.Contains(fmt.Sprint(page), "0792") {
			t.Errorf("%s: the number is still shown after it was written down", l)
		}
	}
}

func the(t *testing.T, s Screen, do session.Action) Node {
	t.Helper()
	for _, n := range nodes(s.Body) {
		if n.Kind == Button && n.Do == do {
			return n
		}
	}
	t.Fatalf("the page %s does not have %s", s.Page, do)
	return Node{}
}
