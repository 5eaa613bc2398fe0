package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
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
	title := para(Title, p.t("confirm.title"))
	doLarge := button(Second, p.t(key), size, session.DoLargeSlip, "").size(18)
	doScan := button(Second, p.t("confirm.scan"), "scan", session.DoScan, "").size(18)
	doPrint := button(Main, p.t("confirm.print"), "print", session.DoConfirm, "").size(22)
	if p.m.Portrait() {
		return column(GapMM, title, paper, grid(2, GapMM, doLarge, doScan), doPrint).grow()
	}
	side := column(GapMM, title, line(Strong, p.Chosen.Posting.Title).lines(2), space(), doLarge, doScan, doPrint)
	side.SizeMM = 92
	return row(GapMM, paper, side).grow()
}

func (p *page) printing() Node {
	return column(5,
		space(),
		icon("print", min(45, p.bodyHeight()*0.45)),
		line(Title, p.t("printing.title")).at(Center),
		para(Body, p.t("printing.sub")).at(Center),
		space(),
	).grow()
}

func (p *page) take() Node {
	code := column(1,
		line(Small, p.t("take.code")).at(Center),
		line(Hero, p.Referral.Code.Grouped()).at(Center).styled(Code),
		para(Body, p.t("take.do")).at(Center),
	)
	code.Style = Panel
	var rate []Node
	for _, r := range []struct {
		rating  kiosk.Rating
		picture string
	}{{kiosk.Good, "smile"}, {kiosk.Fair, "neutral"}, {kiosk.Poor, "sad"}} {
		rate = append(rate, button(Tile, p.t("rate."+string(r.rating)), r.picture, session.DoRate, string(r.rating)).
			on(p.Rated == r.rating).off(p.Rated != "" && p.Rated != r.rating))
	}
	ask := line(Body, p.t("take.rate")).at(Center)
	if p.Rated != "" {
		ask = line(Good, p.t("rate.thanks")).at(Center)
	}
	return column(GapMM,
		row(3, space(), icon("check", 12), line(Title, p.t("take.title")), space()),
		code, ask,
		grid(3, GapMM, rate...).grow(),
		grid(2, GapMM,
			button(Second, p.t("take.more"), "search", session.DoMore, "").size(18),
			button(Main, p.t("take.done"), "end", session.DoDone, "").size(18),
		),
	).grow()
}

// trouble says what happened, what to do now, and that nothing is lost.
func (p *page) trouble() Node {
	key := "trouble." + p.Why.Key
	has := p.Referral.Code != ""
	said := []Node{
		row(3, icon("warning", 12), para(Title, p.t(key)).grow()),
		para(Strong, p.t(key+".do")),
	}
	if has {
		said = append(said,
			para(Body, p.t("trouble.kept")),
			line(Title, p.Referral.Code.Grouped()).styled(Code))
	}
	if p.Why.Retry && p.Printer.CanPrint() {
		said = append(said, row(2, icon("check", 6), para(Good, p.t("trouble.ready")).grow()))
	}
	box := Node{Kind: Column, Style: Alarm, GapMM: 2, Grow: true, Kids: said}
	content := box
	if p.Chosen.Posting.ID != "" && p.Why.Key != "board" && p.Why.Key != "expired" {
		qr := Node{Kind: Column, Style: Panel, GapMM: 1, Kids: []Node{
			{Kind: QR, Text: p.referralURL(), SizeMM: qrMM, Align: Center},
			para(Small, p.t("trouble.scan")).at(Center),
		}}
		if p.m.Portrait() {
			content = column(GapMM, box, qr).grow()
		} else {
			content = row(GapMM, box, qr).grow()
		}
	}
	actions := p.troubleActions(has)
	return column(GapMM, content, grid(len(actions), GapMM, actions...)).grow()
}

func (p *page) troubleActions(has bool) []Node {
	if !has {
		return []Node{button(Main, p.t("trouble.back"), "back", session.DoMore, "").size(18)}
	}
	key := "trouble.retry"
	if p.Visit.Printing.Maybe {
		key = "trouble.retry.marked"
	}
	return []Node{
		button(Second, p.t("trouble.done"), "end", session.DoDone, "").size(20),
		button(Main, p.t(key), "print", session.DoRetry, "").size(20).
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
		row(4, icon("help", 16), para(Hero, p.t("help.title")).grow()),
		para(Title, p.t("help.desk")),
	}
	if phone := p.Options.Site.StaffPhone; phone != "" {
		kids = append(kids, para(Title, p.t("help.phone", phone)))
	}
	kids = append(kids, space(),
		Node{Kind: Column, Style: Note, Kids: []Node{para(Body, p.t("help.law"))}},
		button(Main, p.t("bar.back"), "back", session.DoBack, "").size(20))
	return column(5, kids...).grow()
}
