package screen

import (
	"fmt"
	"time"

	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// Of computes the screen that shows state s on the panel m.
func Of(s session.State, m Metrics) Screen {
	p := &page{State: s, m: m}
	out := Screen{
		Page:     s.Page,
		Lang:     string(s.Visit.Lang),
		Large:    s.Visit.Large,
		Contrast: s.Visit.Contrast,
		Top:      p.top(),
		Body:     p.body(),
		Bar:      p.bar(),
	}
	if s.Warning {
		over := p.still()
		out.Over = &over
	}
	return out
}

func (p *page) body() Node {
	switch p.Page {
	case session.Home:
		return p.home()
	case session.Consent:
		return p.consent()
	case session.TapCard:
		return p.tapCard()
	case session.Greeting:
		return p.greeting()
	case session.Trades:
		return p.trades()
	case session.Keys:
		return p.keys()
	case session.Ask:
		return p.ask()
	case session.List:
		return p.list()
	case session.Filter:
		return p.filter()
	case session.Posting:
		return p.posting()
	case session.Other:
		return p.other()
	case session.CallBack:
		return p.callBack()
	case session.Report:
		return p.report()
	case session.Confirm:
		return p.confirm()
	case session.Printing:
		return p.printing()
	case session.Take:
		return p.take()
	case session.Trouble:
		return p.trouble()
	case session.Help:
		return p.help()
	case session.Result:
		return p.result()
	case session.StaffPIN:
		return p.staffPIN()
	case session.Staff:
		return p.staff()
	case session.StaffReset:
		return p.reset()
	}
	return p.attract()
}

// top is the quiet line above every page: whose terminal this is, how old its
// postings are, what does not work today.
func (p *page) top() Node {
	kids := []Node{
		{Kind: Mark, SizeMM: 9},
		line(Strong, p.Options.Site.Name),
		space(),
	}
	said := p.Notice != "" && p.Page != session.Attract // for some seconds, with all the room
	if said {
		kids = append(kids, icon("info", 5.5), line(Strong, p.t(p.Notice)), Node{Kind: Space, SizeMM: 3})
	} else if key := p.noticeKey(); key != "" {
		kids = append(kids, icon("warning", 5.5), line(Bad, p.t(key)), Node{Kind: Space, SizeMM: 3})
	}
	if !said && (p.m.Portrait() || p.noticeKey() == "") {
		kids = append(kids, line(Small, p.fresh()))
	}
	kids = append(kids, line(Small, p.Now.Format("15:04")))
	return row(3, kids...)
}

// fresh is how old the board is, and when the hub's word on it has run out, up
// to when it held.
func (p *page) fresh() string {
	if p.Hub.Behind {
		return words.AsOf(p.lang(), p.Board.Updated, p.Now)
	}
	return words.Freshness(p.lang(), p.Board.Updated, p.Now)
}

// noticeKey names the worst of what does not work. A missing device that was
// never fitted is nothing broken.
func (p *page) noticeKey() string {
	switch {
	case p.Board.Broken:
		return "notice.board"
	case p.Printer == session.PrinterPaperOut:
		return "notice.paper"
	case p.Printer == session.PrinterPaperLow:
		return "notice.paperlow"
	case p.Printer == session.PrinterReady, p.Printer == session.PrinterNone,
		p.Printer == session.PrinterUnknown:
	default:
		return "notice.printer"
	}
	if p.Reader == session.CardDown {
		return "notice.reader"
	}
	return ""
}

// bar is the line at the foot of every page, the same things in the same
// places. While a slip prints there is nothing to touch.
func (p *page) bar() Node {
	large := p.t("bar.large")
	if p.Visit.Large {
		large = p.t("bar.large.off")
	}
	busy := p.Page == session.Printing
	first := p.Page == session.Attract
	item := func(key, icon string, do session.Action) Node {
		n := button(Bar, p.t(key), icon, do).off(busy).grow()
		return n
	}
	bar := []Node{
		item("bar.back", "back", session.DoBack).off(busy || first || p.Page == session.Home),
		item("bar.home", "home", session.DoHome).off(busy || p.Page == session.Home),
		item("bar.large", "large-type", session.DoLarge).on(p.Visit.Large),
		item("bar.contrast", "contrast", session.DoContrast).on(p.Visit.Contrast),
		item("bar.lang", "language", session.DoLang),
		item("bar.help", "help", session.DoHelp).off(busy || p.Page == session.Help),
		item("bar.end", "end", session.DoEnd).off(busy || first),
	}
	bar[2].Text = large
	return Node{Kind: Grid, Cols: len(bar), GapMM: 1.5, Kids: bar}
}

// still asks whether somebody is still there, with the seconds left.
func (p *page) still() Node {
	left := int((p.Left() + time.Second - 1) / time.Second)
	return Node{
		Kind: Column, Style: Panel, GapMM: 5, Kids: []Node{
			line(Hero, p.t("still.title")).at(Center),
			para(Body, p.t("still.left", max(left, 0))).at(Center),
			grid(2, 5,
				button(Second, p.t("still.end"), "end", session.DoEnd).size(20),
				button(Main, p.t("still.stay"), "check", session.DoStay).size(20),
			),
		},
	}
}

// pager is the pair of buttons that turn pages, with where one is between.
func (p *page) pager(offset, limit, total int) []Node {
	limit = max(limit, 1)
	pages := max(1, (total+limit-1)/limit)
	now := offset/limit + 1
	return []Node{
		button(Second, p.t("page.prev"), "prev", session.DoPage).arg("prev").off(now <= 1),
		line(Small, p.t("page.of", now, pages)).at(Center).lines(2),
		button(Second, p.t("page.next"), "next", session.DoPage).arg("next").off(now >= pages),
	}
}

// beside puts a pager where the panel has room for it: at the side in
// landscape, at the foot in portrait.
func (p *page) beside(content Node, pager []Node) Node {
	if p.m.Portrait() {
		foot := row(GapMM, pager[0].grow(), pager[1].grow(), pager[2].grow())
		return column(GapMM, content.grow(), foot).grow()
	}
	return p.sided(content, pager)
}

// sideMM is the width of a pager beside its page.
const sideMM = 38.0

func count(n int) string { return fmt.Sprint(n) }
