package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

func (p *page) list() Node {
	l := &p.Visit.List
	head := p.listHead()
	if l.Results.Total == 0 && !l.Waiting {
		return column(GapMM, head, p.listEmpty()).grow()
	}
	cols, rows := p.cardGrid()
	var cards []Node
	for _, it := range l.Results.Items {
		cards = append(cards, p.card(it, session.DoPosting))
	}
	// Empty places keep the cards of a short last page at their size.
	for len(cards) < cols*rows {
		cards = append(cards, Node{Kind: Space})
	}
	pager := p.pager(l.Query.Offset, l.Query.Limit, l.Results.Total)
	return column(GapMM, head, p.beside(grid(cols, GapMM, cards...), pager)).grow()
}

func (p *page) listTitle() string {
	l := &p.Visit.List
	switch {
	case l.Matched:
		return p.t("list.matched", l.Results.Total)
	case l.Query.Text != "":
		return p.t("list.for", l.Query.Text, l.Results.Total)
	case l.Query.Within > 0:
		return p.t("list.within", l.Results.Total, words.Length(p.lang(), l.Query.Within))
	}
	return p.t("list.total", l.Results.Total)
}

// listTitleStyle is small on a low panel, where orders and filters stand
// beside the title.
func (p *page) listTitleStyle() Style {
	if p.m.Portrait() {
		return Strong
	}
	return Small
}

// listHead says what the list is, and offers its orders and filters.
func (p *page) listHead() Node {
	title := line(p.listTitleStyle(), p.listTitle()).lines(2).grow()
	if p.m.Portrait() {
		return column(1, title, row(GapMM, p.listTools(true)...))
	}
	return row(GapMM, append([]Node{title}, p.listTools(false)...)...)
}

// listTools are the orders and filters of a list; wide ones share the row.
func (p *page) listTools(wide bool) []Node {
	var kids []Node
	for _, n := range p.tools() {
		n.Grow = wide
		kids = append(kids, n)
	}
	return kids
}

func (p *page) tools() []Node {
	l := &p.Visit.List
	var kids []Node
	if l.Matched {
		return append(kids, button(Chip, p.t("list.again"), "refresh", session.DoTile).arg("match"))
	}
	for _, s := range []kiosk.Sort{kiosk.SortNearest, kiosk.SortPay, kiosk.SortNewest} {
		kids = append(kids, button(Chip, p.t("sort."+string(s)), "", session.DoSort).arg(string(s)).on(l.Query.Sort == s))
	}
	text := p.t("list.filter")
	n := session.Filters(l.Query)
	if n > 0 {
		text = p.t("list.filter.n", n)
	}
	return append(kids, button(Chip, text, "filter", session.DoFilters).on(n > 0))
}

func (p *page) listEmpty() Node {
	l := &p.Visit.List
	var do []Node
	if l.Query.Within > 0 {
		do = append(do, button(Main, p.t("list.farther"), "distance", session.DoFarther).size(20))
	}
	if session.Filters(l.Query) > 0 {
		do = append(do, button(Second, p.t("filter.clear"), "cross", session.DoUnfilt).size(20))
	}
	do = append(do, button(Second, p.t("bar.back"), "back", session.DoBack).size(20))
	return column(4,
		space(),
		p.title(p.t("list.empty")).at(Center),
		para(Body, p.t("list.empty.do")).at(Center),
		space(),
		grid(len(do), 4, do...),
	).grow()
}
