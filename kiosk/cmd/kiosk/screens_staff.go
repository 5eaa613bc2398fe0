package main

import (
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// see keeps what follows on some events from s, without doing any of it.
func (g *guide) see(name string, s session.State, events ...session.Event) session.State {
	for _, e := range events {
		s, _ = session.Step(s, e)
	}
	g.views = append(g.views, view{name: name, state: s})
	return s
}

// fine is a report of all devices, in order.
func (g *guide) fine() []session.DeviceReport {
	about := map[session.Part]string{
		session.PartPrinter: "EPSON TM-T88V · epson-tm · 212 · 25.4 m",
		session.PartReader:  "05.03-20240115-0001234567-0987654321",
		session.PartScanner: "", session.PartBadge: "PN532 1.6", session.PartPanel: "GPIO17 GPIO27 !GPIO22",
	}
	var all []session.DeviceReport
	for _, p := range session.Parts() {
		all = append(all, session.DeviceReport{
			Part: p, Health: session.Fine, Detail: about[p], Tested: g.now.Add(-2 * time.Hour), Passed: true,
		})
	}
	return all
}

// staff shows the way in for staff, and the devices as they can be.
func (g *guide) staff() {
	touch := func(do session.Action, arg string) session.Event {
		return session.Touch{At: g.at(), Do: do, Arg: arg}
	}
	news := func(all []session.DeviceReport) session.Event {
		return session.DeviceNews{At: g.at(), Devices: all}
	}
	in := g.see("60-staff-pin", g.state, touch(session.DoHelp, ""), touch(session.DoStaff, ""))
	typed := in
	for range 5 {
		typed, _ = session.Step(typed, touch(session.DoKey, "1"))
	}
	typed = g.see("61-staff-pin-typed", typed, touch(session.DoKey, "1"))
	asked, _ := session.Step(typed, touch(session.DoUnlock, ""))
	g.see("62-staff-pin-wrong", asked, session.Unlocked{At: g.at(), Left: 3})
	g.see("63-staff-pin-locked", asked, session.Unlocked{At: g.at(), Wait: 5 * time.Minute})
	open := g.see("64-staff", asked, session.Unlocked{At: g.at(), OK: true}, news(g.fine()))
	g.see("65-staff-next", open, touch(session.DoPage, "next"))
	bad := g.fine()
	bad[0].Health, bad[0].Fault, bad[0].Passed = session.Faulty, "paper-out", false
	bad[1].Health, bad[1].Fault, bad[1].Passed = session.Faulty, "reader-unplugged", false
	bad[2].Testing = true
	bad[4].Health, bad[4].Fault = session.Care, "door-open"
	broken := g.see("66-staff-broken", open, news(bad), session.Door{At: g.at(), Open: true})
	g.see("67-staff-broken-next", broken, touch(session.DoPage, "next"))
	var none []session.DeviceReport
	for _, p := range session.Parts() {
		none = append(none, session.DeviceReport{Part: p, Health: session.Unfitted})
	}
	g.see("68-staff-none", open, news(none))
	open.Options.CanReset, open.Options.KeyFitted = true, true
	last := open
	for range 3 { // the reset is on the last sheet, wherever that is
		last = g.see("69-staff-reset-offered", last, touch(session.DoPage, "next"))
	}
	asked = g.see("69-reset", open, touch(session.DoReset, ""), session.LeftBehind{At: g.at(), N: 128})
	g.see("69-reset-broken", asked, session.ResetFailed{At: g.at()})
	g.see("69-reset-key", asked, session.ServiceKey{At: g.at()})
}

// scanned shows what a slip held to the scanner can lead to.
func (g *guide) scanned(first session.State) {
	at := func(state kiosk.ReferralState, open bool) session.Event {
		item := kiosk.Item{Posting: g.state.Chosen.Posting, Metres: 3200}
		return session.LookedUp{
			At: g.at(), Item: item, Open: open, Known: state != "",
			Referral: kiosk.Referral{
				Code: "7K3M9WXH4F", Posting: item.Posting.ID, Title: item.Posting.Title, Employer: item.Posting.Employer.Name,
				Issued: g.now.Add(-26 * time.Hour), State: state,
			},
		}
	}
	looking, effects := session.Step(first, session.Scanned{At: g.at(), Posting: g.state.Chosen.Posting.ID, Code: "7K3M9WXH4F"})
	g.views = append(g.views, view{name: "70-looking", state: looking})
	seq := 0
	for _, e := range effects {
		if l, ok := e.(session.Lookup); ok {
			seq = l.Seq
		}
	}
	for i, c := range []struct {
		name  string
		state kiosk.ReferralState
		open  bool
	}{
		{"printed", kiosk.Printed, true},
		{"unconfirmed", kiosk.Unconfirmed, true},
		{"failed", kiosk.Failed, true},
		{"closed", kiosk.Printed, false},
		{"gone", "", false},
	} {
		e := at(c.state, c.open).(session.LookedUp)
		e.Seq = seq
		g.see(fmt.Sprintf("%d-referral-%s", 71+i, c.name), looking, e)
	}
	g.see("76-not-a-slip", first, session.Scanned{At: g.at()})
}

// attracts shows what the first page says of what is broken.
func (g *guide) attracts(first session.State) {
	for i, c := range []struct {
		name string
		e    session.Event
	}{
		{"paper-out", session.PrinterNews{At: g.at(), State: session.PrinterPaperOut}},
		{"cover-open", session.PrinterNews{At: g.at(), State: session.PrinterCoverOpen}},
		{"offline", session.PrinterNews{At: g.at(), State: session.PrinterOffline}},
		{"reader-down", session.Card{At: g.at(), State: session.CardDown}},
		{"door-open", session.Door{At: g.at(), Open: true}},
	} {
		g.see(fmt.Sprintf("%d-attract-%s", 80+i, c.name), first, c.e)
	}
}
