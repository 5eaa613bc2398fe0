package screen

import (
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// tileIcons names the picture of each way to look for work.
var tileIcons = map[string]string{
	"nearby": "nearby", "today": "today", "match": "match", "trades": "people",
	"search": "search", "policy": "policy-tile",
}

// HomeTiles are the ways to look for work in their usual order.
func HomeTiles() []string {
	return []string{"nearby", "today", "match", "trades", "search", "policy"}
}

func (p *page) home() Node {
	var tiles []Node
	for _, name := range p.tiles() {
		n := button(Tile, p.t("tile."+name), tileIcons[name], session.DoTile).arg(name).sub(p.tileSub(name))
		if p.m.Portrait() {
			n.SizeMM = 26 // the picture, where there is room for it
		}
		tiles = append(tiles, n)
	}
	cols := 3
	if p.m.Portrait() {
		cols = 2
	}
	title, all := p.title(p.homeTitle()).lines(1), grid(cols, GapMM, tiles...).grow()
	if p.Resident.Known() || p.Reader != session.CardReady {
		return column(GapMM, title.at(Center), all).grow()
	}
	card := button(Second, p.t("home.card"), "card", session.DoCard)
	if p.low() {
		return column(GapMM, row(GapMM, title.grow(), card), all).grow()
	}
	return column(GapMM, title.at(Center), all, card).grow()
}

func (p *page) tiles() []string {
	tiles := p.Options.Tiles
	if len(tiles) == 0 {
		tiles = HomeTiles()
	}
	if p.Barred() {
		// There is nothing that somebody whom the law bars could be matched with.
		tiles = slices.DeleteFunc(slices.Clone(tiles), func(t string) bool { return t == "match" })
	}
	return tiles
}

func (p *page) homeTitle() string {
	if p.Resident.Known() {
		return p.t("hello", p.Resident.MaskedName)
	}
	return p.t("home.title")
}

func (p *page) tileSub(name string) string {
	if p.low() {
		return ""
	}
	n := -1
	switch name {
	case "nearby":
		n = p.Board.Near
	case "today":
		n = p.Board.Kinds[kiosk.Gig]
	case "policy":
		n = p.Board.Kinds[kiosk.Policy] + p.Board.Kinds[kiosk.Welfare]
	case "trades", "search":
		n = p.Board.Total
	case "match":
		return p.t("tile.match.is")
	}
	return p.t("tile.count", n)
}

func (p *page) consent() Node {
	style := Body
	if p.low() {
		style = Small
	}
	item := func(picture, key string) Node {
		return row(3, icon(picture, 8), para(style, p.t(key)).grow())
	}
	return column(4,
		p.title(p.t("consent.title")),
		Node{Kind: Column, Style: Panel, GapMM: 3, Grow: true, Kids: []Node{
			item("clock", "consent.one"),
			item("slip", "consent.two"),
			item("lock", "consent.never"),
		}},
		grid(2, 4,
			button(Second, p.t("consent.no"), "skip", session.DoNoCard).sub(p.t("consent.no.is")).size(20),
			button(Main, p.t("consent.yes"), "card-tap", session.DoConsent).
				size(20).off(p.Reader != session.CardReady),
		),
	).grow()
}

func (p *page) tapCard() Node {
	style, key := Body, "tap.sub"
	switch {
	case p.Reader != session.CardReady:
		style, key = Bad, "notice.reader"
	case p.CardNow == session.CardFound:
		style, key = Good, "tap.found"
	case p.CardNow == session.CardUnreadable:
		style, key = Bad, "tap.again"
	case p.CardNow == session.CardOther:
		style, key = Bad, "tap.other"
	}
	return column(5,
		p.title(p.t("tap.title")).at(Center),
		space(),
		icon("card-tap", min(42, p.bodyHeight()*0.34)).at(Center),
		para(style, p.t(key)).at(Center),
		space(),
		button(Second, p.t("tap.skip"), "skip", session.DoNoCard).size(18),
	).grow()
}

func (p *page) greeting() Node {
	kids := []Node{
		line(Hero, p.t("card.title", p.Resident.MaskedName)).at(Center),
		para(Body, p.t("card.keep")).at(Center),
	}
	switch {
	case p.Barred():
		kids = append(kids, Node{Kind: Column, Style: Alarm, Kids: []Node{para(Strong, p.t("card.barred")).at(Center)}})
	case p.Minor():
		kids = append(kids, Node{Kind: Column, Style: Note, Kids: []Node{para(Strong, p.t("card.minor")).at(Center)}})
	case p.CardNow == session.CardExpired:
		kids = append(kids, Node{Kind: Column, Style: Note, Kids: []Node{para(Body, p.t("tap.expire")).at(Center)}})
	}
	do := []Node{button(Second, p.t("card.browse"), "home", session.DoNoCard).size(22)}
	if !p.Barred() {
		do = append(do, button(Main, p.t("card.match"), "match", session.DoTile).arg("match").size(22))
	}
	kids = append(kids, space(), grid(len(do), 4, do...))
	return column(4, kids...).grow()
}
