package screen

import (
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// result tells what became of a slip that was held to the scanner, and names
// nobody.
func (p *page) result() Node {
	done := button(Second, p.t("take.done"), "end", session.DoDone).size(p.resultMM())
	if p.Scan.Waiting || p.Scan.Referral.Code == "" {
		return column(GapMM, space(), icon("scan", min(42, p.bodyHeight()*0.34)).at(Center),
			p.title(p.t("referral.looking")).at(Center), space(), done).grow()
	}
	more := button(Main, p.t("take.more"), "search", session.DoMore).size(p.resultMM())
	if p.Scan.Open {
		more = button(Main, p.t("referral.open"), "search", session.DoPosting).arg(p.Scan.Item.Posting.ID).size(p.resultMM())
	}
	if p.m.Portrait() {
		kids := append([]Node{p.resultCode(), p.resultPosting()}, p.since()...)
		return column(GapMM, append(kids, grid(2, GapMM, done, more))...).grow()
	}
	side := column(GapMM, append(append([]Node{p.resultPosting(), space()}, p.since()...), more, done)...)
	side.SizeMM = 82
	return row(GapMM, p.resultCode(), side).grow()
}

// since leads to what has come since the slip was issued.
func (p *page) since() []Node {
	if p.Scan.New == 0 {
		return nil
	}
	return []Node{button(Second, p.t("referral.since", p.Scan.New), "star", session.DoSince).size(p.resultMM())}
}

func (p *page) resultMM() float64 {
	if p.low() {
		return TargetMM
	}
	return 18
}

// resultCode is the code and how far the slip came.
func (p *page) resultCode() Node {
	r := p.Scan.Referral
	return Node{Kind: Column, Style: Panel, GapMM: 1, Grow: true, Kids: []Node{
		row(3, icon("slip", 11), p.title(p.t("referral.title")).grow()),
		space(),
		line(Small, p.t("take.code")).at(Center),
		line(Code, r.Code.Grouped()).at(Center),
		space(),
		para(Body, p.resultSaid()),
		line(Small, p.t("referral.issued.on", words.Past(p.lang(), r.Issued, p.Now))),
	}}
}

// resultSaid is what the office has said of the slip, or else how far it came.
func (p *page) resultSaid() string {
	if said := words.Outcome(p.lang(), p.Scan.Outcome); said != "" {
		return said
	}
	return p.t("referral." + string(p.Scan.Referral.State))
}

// resultPosting is what the slip is for, as far as it still stands.
func (p *page) resultPosting() Node {
	title, employer := p.Scan.Referral.Title, p.Scan.Referral.Employer
	n := Node{Kind: Column, Style: Panel, GapMM: 1}
	lines := 2
	if p.Scan.Open {
		title, employer = p.Scan.Item.Posting.Title, p.Scan.Item.Posting.Employer.Name
	} else {
		n.Style = Alarm
		if p.low() {
			lines = 1
		}
		n.Kids = append(n.Kids, row(2, icon("warning", 6), para(Strong, p.t("referral.gone")).grow()))
	}
	if title != "" {
		n.Kids = append(n.Kids, line(Strong, title).lines(lines))
	}
	if employer != "" {
		n.Kids = append(n.Kids, line(Small, employer).lines(lines))
	}
	return n
}
