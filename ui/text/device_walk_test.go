package text_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
	"jobhome/ui/screen"
	"jobhome/ui/text"
)

// devices are five devices that work, with some of them changed.
func (g *guide) devices(change func(all []session.DeviceReport)) session.DeviceNews {
	news := session.DeviceNews{At: g.at()}
	for i, part := range session.Parts() {
		details := []string{"80 mm, /dev/usb/lp0", "/dev/ttyUSB0, SAM 05.03", "/dev/ttyACM0", "/dev/i2c-1", ""}
		news.Devices = append(news.Devices, session.DeviceReport{
			Part: part, Health: session.Fine, Detail: details[i], Tested: g.now.Add(-time.Duration(i) * 5 * time.Hour), Passed: true,
		})
	}
	if change != nil {
		change(news.Devices)
	}
	return news
}

func (g *guide) type6() { g.do(strings.Repeat("key 2\n", 6)) }

// staff keeps the ways to the staff page, and how it looks.
func (g *guide) staff(lang words.Lang) {
	answer := func(no session.Unlocked) {
		g.begin(lang)
		g.do("help\n staff")
		g.type6()
		g.do("unlock")
		no.At = g.at()
		g.send(no)
	}
	answer(session.Unlocked{Left: 4})
	g.keep("52-staff-pin-wrong")
	g.do("end\n help\n staff > 50-staff-pin")
	g.type6()
	g.keep("51-staff-pin-typed")
	g.do("unlock > 51-staff-pin-asked")
	answer(session.Unlocked{Wait: 5 * time.Minute})
	g.keep("53-staff-pin-locked")
	answer(session.Unlocked{Badge: true})
	g.keep("54-staff-pin-badge-first")
	g.send(session.Badged{At: g.at()})
	g.keep("54-staff-pin-badge-unknown")
	g.send(session.Badged{At: g.at(), Label: "李工"})
	g.keep("54-staff-pin-badge")
	answer(session.Unlocked{None: true})
	g.keep("55-staff-pin-none")

	sheets := func(name string, change func([]session.DeviceReport)) {
		answer(session.Unlocked{OK: true})
		if change != nil {
			g.send(g.devices(change))
		}
		g.keep(name)
		for i := 2; i < 9 && strings.Contains(g.kept[g.names[len(g.names)-1]], "["+words.T(lang, "page.next")+" "); i++ {
			g.do(fmt.Sprintf("page next > %s-%d", name, i))
		}
	}
	sheets("60-staff-checking", nil)
	sheets("61-staff-fine", func([]session.DeviceReport) {})
	sheets("62-staff-faults", func(all []session.DeviceReport) {
		all[0].Health, all[0].Fault = session.Faulty, "paper-out"
		all[1].Health, all[1].Fault, all[1].Passed = session.Faulty, "reader-unplugged", false
		all[2].Health, all[2].Fault = session.Care, "self-test"
		all[3] = session.DeviceReport{Part: session.PartBadge, Health: session.Unfitted}
	})
	sheets("63-staff-testing", func(all []session.DeviceReport) { all[0].Testing = true })
	sheets("64-staff-nothing-fitted", func(all []session.DeviceReport) {
		for i := range all {
			all[i] = session.DeviceReport{Part: all[i].Part, Health: session.Unfitted}
		}
	})
	answer(session.Unlocked{OK: true})
	g.do("reset > 66-reset-counting")
	g.send(session.LeftBehind{At: g.at(), N: 3})
	g.keep("66-reset")
	g.send(session.ServiceKey{At: g.at()})
	g.keep("66-reset-key")
	g.send(session.LeftBehind{At: g.at()})
	g.keep("66-reset-nothing-left")
	g.do("wipe > 66-reset-wiping")
	sheets("65-staff", func([]session.DeviceReport) {})
	g.send(session.Door{At: g.at(), Open: true})
	g.do("paper-changed > 65-staff-paper-changed")
}

// scans keeps what the scanner leads to.
func (g *guide) scans(lang words.Lang) {
	scan := func(code kiosk.Code, answer session.LookedUp) {
		g.begin(lang)
		g.send(session.Scanned{At: g.at(), Posting: "gq-20261122-0187", Code: code})
		answer.At, answer.Seq, answer.Item = g.at(), 1, g.item(0)
		answer.Referral = kiosk.Referral{
			Code: code, Title: "缝纫工（熟手）", Employer: "明禾服饰有限公司", Issued: g.now.Add(-26 * time.Hour), State: answer.Referral.State,
		}
		g.send(answer)
	}
	const code = "7K3M9WXH4F"
	state := func(s kiosk.ReferralState) kiosk.Referral { return kiosk.Referral{State: s} }
	scan(code, session.LookedUp{Known: true, Open: true, Referral: state(kiosk.Printed)})
	g.keep("70-referral-printed")
	g.do("posting gq-20261122-0187 > 71-referral-posting")
	for _, s := range []kiosk.ReferralState{kiosk.Issued, kiosk.Printing, kiosk.Unconfirmed, kiosk.Failed} {
		scan(code, session.LookedUp{Known: true, Open: true, Referral: state(s)})
		g.keep("70-referral-" + string(s))
	}
	scan(code, session.LookedUp{Known: true, Open: true, Referral: state(kiosk.Printed), Outcome: kiosk.Interviewed})
	g.keep("70-referral-outcome")
	scan(code, session.LookedUp{Known: true, Referral: state(kiosk.Printed)})
	g.keep("72-referral-posting-gone")
	scan("", session.LookedUp{})
	g.keep("73-trouble-gone")
	g.begin(lang)
	g.send(session.Scanned{At: g.at(), Posting: "p", Code: code})
	g.keep("74-referral-looking")
	g.send(session.LookedUp{At: g.at(), Seq: 1, Err: errors.New("broken")})
	g.keep("75-trouble-lookup")
	g.begin(lang)
	g.send(session.Scanned{At: g.at()})
	g.keep("76-attract-no-slip")
	g.do("start")
	g.send(session.Scanned{At: g.at()})
	g.keep("77-home-no-slip")
}

// faults keeps the upper part of the attract page for each thing that can be
// broken: the rest of it stays the same.
func (g *guide) faults(lang words.Lang) {
	var all strings.Builder
	top := func(name string) {
		page := screen.Of(g.s, g.m)
		page.Body.Kids, page.Bar = page.Body.Kids[:1], screen.Node{}
		_, said, _ := strings.Cut(text.Write(page), "\n")
		fmt.Fprintf(&all, "== attract, %s\n%s\n", name, strings.TrimSuffix(strings.TrimSpace(said), "--------"))
	}
	for _, state := range []session.PrinterState{
		session.PrinterNone, session.PrinterUnknown, session.PrinterPaperLow, session.PrinterPaperOut, session.PrinterCoverOpen,
		session.PrinterCutter, session.PrinterOverheated, session.PrinterSlipNotTaken, session.PrinterOffline,
	} {
		g.begin(lang)
		g.send(session.PrinterNews{At: g.at(), State: state})
		top("printer " + string(state))
	}
	for _, state := range []session.CardState{session.CardDown, session.CardNone} {
		g.begin(lang)
		g.send(session.Card{At: g.at(), State: state})
		top("reader " + string(state))
	}
	faults := func(part int, fine session.Event, names ...string) {
		for _, fault := range names {
			g.begin(lang)
			if fine != nil {
				g.send(fine)
			}
			g.send(g.devices(func(d []session.DeviceReport) { d[part].Health, d[part].Fault = session.Faulty, fault }))
			top(fault)
		}
	}
	faults(0, session.PrinterNews{At: g.at(), State: session.PrinterOffline}, "jam", "unrecoverable", "printer-unplugged", "printer-garbled", "printer-write-only", "feed-key", "self-test")
	faults(1, session.Card{At: g.at(), State: session.CardDown}, "reader-unplugged", "reader-silent", "reader-self-test", "reader-not-authorised", "reader-power-cycled")
	faults(1, nil, "card-left")
	faults(2, nil, "scanner-unplugged")
	faults(3, nil, "badge-unplugged", "badge-silent")
	faults(4, nil, "panel-pin")
	g.begin(lang)
	g.send(session.Written{At: g.at(), Err: errors.New("disk full")})
	top("ledger-broken")
	g.begin(lang)
	g.send(session.Tick{At: session.At{Time: time.Date(2000, 1, 1, 8, 0, 0, 0, time.UTC)}})
	top("clock-wrong")
	g.begin(lang)
	g.send(session.Door{At: g.at(), Open: true})
	top("door open")
	g.names = append(g.names, "80-attract-faults")
	g.kept["80-attract-faults"] = all.String()
}
