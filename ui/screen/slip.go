package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// confirm shows the slip as it will look.
func (p *page) confirm() Node {
	size, key := "large-type", "confirm.large"
	if p.LargeSlip {
		key = "confirm.normal"
	}
	paper := Node{Kind: Column, Style: Paper, Grow: true, Kids: []Node{
		{Kind: Picture, Image: p.Draft, Grow: true, Name: p.Chosen.Posting.Title},
	}}
	title := p.title(p.t("confirm.title"))
	doLarge := button(Second, p.t(key), size, session.DoLargeSlip).size(18)
	doScan := button(Second, p.t("confirm.scan"), "scan", session.DoScan).size(18)
	doPrint := button(Main, p.t("confirm.print"), "print", session.DoConfirm).size(22)
	if p.m.Portrait() {
		return column(GapMM, title, paper, grid(2, GapMM, doLarge, doScan), doPrint).grow()
	}
	side := column(GapMM, title, space(), doLarge.size(TargetMM), doScan.size(TargetMM), doPrint.size(20))
	side.SizeMM = 92
	return row(GapMM, paper, side).grow()
}

func (p *page) printing() Node {
	return column(5,
		space(),
		icon("print", min(45, p.bodyHeight()*0.42)).at(Center),
		p.title(p.t("printing.title")).at(Center),
		para(Body, p.t("printing.sub")).at(Center),
		space(),
	).grow()
}

func (p *page) take() Node {
	code := Node{Kind: Column, Style: Panel, GapMM: 1, Grow: true, Kids: []Node{
		row(3, icon("check", 11), p.title(p.t("take.title")).grow()),
		space(),
		line(Small, p.t("take.code")).at(Center),
		line(Code, p.Referral.Code.Grouped()).at(Center),
		space(),
		para(Body, p.t("take.do")),
	}}
	ask := line(Body, p.t("take.rate")).at(Center)
	if p.Rated != "" {
		ask = line(Good, p.t("rate.thanks")).at(Center)
	}
	more := button(Second, p.t("take.more"), "search", session.DoMore).size(18)
	done := button(Main, p.t("take.done"), "end", session.DoDone).size(18)
	rate := grid(3, GapMM, p.ratings()...).grow()
	if p.m.Portrait() {
		return column(GapMM, code, ask, rate, grid(2, GapMM, more, done)).grow()
	}
	side := column(GapMM, ask, rate, more, done)
	side.SizeMM = 82
	return row(GapMM, code, side).grow()
}

func (p *page) ratings() []Node {
	var all []Node
	for _, r := range []struct {
		rating  kiosk.Rating
		picture string
	}{{kiosk.Good, "smile"}, {kiosk.Fair, "neutral"}, {kiosk.Poor, "sad"}} {
		n := button(Tile, "", r.picture, session.DoRate).arg(string(r.rating)).sub(p.t("rate." + string(r.rating)))
		n.Name = n.Sub
		all = append(all, n.on(p.Rated == r.rating).off(p.Rated != "" && p.Rated != r.rating))
	}
	return all
}

// trouble says what happened, what to do now, and that nothing is lost.
func (p *page) trouble() Node {
	key := "trouble." + p.Why.Key
	has := p.Referral.Code != ""
	what, do := Title, Strong
	if p.low() || p.lang() == words.En && !p.m.Portrait() {
		what, do = Strong, Body
	}
	said := []Node{
		row(3, icon("warning", 11), para(what, p.t(key)).grow()),
		para(do, p.t(key+".do")),
	}
	ready := p.Why.Retry && p.Printer.CanPrint() && p.printerFailed()
	if has && !p.low() && !ready {
		said = append(said, para(Small, p.t("trouble.kept")))
	}
	if has {
		said = append(said, line(Code, p.Referral.Code.Grouped()))
	}
	if ready {
		said = append(said, row(2, icon("check", 6), para(Good, p.t("trouble.ready")).grow()))
	}
	box := Node{Kind: Column, Style: Alarm, GapMM: 1, Grow: true, Kids: said}
	content := box
	if p.Chosen.Posting.ID != "" && p.postingStands() {
		qr := Node{Kind: Column, Style: Panel, GapMM: 1, Kids: []Node{
			{Kind: QR, Text: p.referralURL(), SizeMM: p.qrMM(), Align: Center},
			para(Small, p.t("trouble.scan")).at(Center),
		}}
		if p.m.Portrait() {
			box.Grow = false
			content = column(GapMM, box, space(), qr).grow()
		} else {
			content = row(GapMM, box, qr).grow()
		}
	}
	actions := p.troubleActions(has)
	return column(GapMM, content, grid(len(actions), GapMM, actions...)).grow()
}

// postingStands tells that the trouble leaves the posting looked at as it was.
func (p *page) postingStands() bool {
	switch p.Why.Key {
	case "board", "expired", "gone", "lookup", "request":
		return false
	}
	return true
}

// printerFailed tells that the trouble was the printer's, so that its being
// ready is news.
func (p *page) printerFailed() bool { return p.Why.Key != "ledger" && p.Why.Key != "unconfirmed" }

func (p *page) troubleActions(has bool) []Node {
	if p.Why.Key == "board" || p.Why.Key == "request" {
		return []Node{button(Main, p.t("again"), "refresh", session.DoBack).size(18)}
	}
	if !has {
		return []Node{button(Main, p.t("trouble.back"), "back", session.DoMore).size(18)}
	}
	high := 20.0
	if p.low() {
		high = TargetMM
	}
	key := "trouble.retry"
	if p.Visit.Printing.Maybe {
		key = "trouble.retry.marked"
	}
	return []Node{
		button(Second, p.t("trouble.done"), "end", session.DoDone).size(high),
		button(Main, p.t(key), "print", session.DoRetry).size(high).
			off(!p.Printer.CanPrint() || p.Visit.Printing.Sending),
	}
}

func (p *page) referralURL() string {
	if p.Referral.Code == "" {
		return p.postingURL()
	}
	return p.postingURL() + "?r=" + string(p.Referral.Code)
}

func (p *page) help() Node {
	kids := []Node{
		row(4, icon("help", 14), p.title(p.t("help.title")).grow()),
		p.title(p.t("help.desk")),
	}
	if phone := p.Options.Site.StaffPhone; phone != "" {
		kids = append(kids, p.title(p.t("help.phone", phone)))
	}
	kids = append(kids, space(), Node{Kind: Column, Style: Note, Kids: []Node{para(Body, p.t("help.law"))}})
	staff := button(Chip, p.t("bar.staff"), "lock", session.DoStaff).size(18)
	if p.low() {
		kids = append(kids, row(GapMM, space(), staff.size(TargetMM)))
	} else {
		kids = append(kids, row(GapMM, staff, button(Main, p.t("bar.back"), "back", session.DoBack).size(18).grow()))
	}
	return column(GapMM, kids...).grow()
}
