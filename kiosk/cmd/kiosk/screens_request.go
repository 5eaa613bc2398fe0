package main

import "jobhome/kiosk/session"

// requests shows what else can be done about the posting looked at. Nothing of
// it is sent.
func (g *guide) requests() {
	g.keep("50-other-without-hub")
	s := g.state
	step := func(e session.Event) { s, _ = session.Step(s, e) }
	keep := func(name string) { g.views = append(g.views, view{name: name, state: s}) }
	step(session.HubNews{At: g.at(), Sealed: true, Behind: true})
	keep("51-other")
	touch := func(do session.Action, arg string) { step(session.Touch{At: g.at(), Do: do, Arg: arg}) }
	touch(session.DoCallBack, "")
	keep("52-call-back")
	for _, digit := range "13907920000" {
		touch(session.DoKey, string(digit))
	}
	keep("53-call-back-typed")
	touch(session.DoSend, "")
	waiting := s
	step(session.Noted{At: g.at(), Posting: s.Chosen.Posting.ID})
	keep("54-call-back-done")
	touch(session.DoBack, "")
	keep("55-other-called")
	touch(session.DoReport, "")
	keep("56-report")
	touch(session.DoComplain, "fee")
	keep("57-posting-reported")
	s = waiting
	step(session.Noted{At: g.at(), Err: errUsage})
	keep("58-trouble-request")
}
