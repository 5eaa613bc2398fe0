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
	case l.Results.Rescue != nil:
		return words.Rescue(p.lang(), l.Results.Rescue, l.Results.Total)
	case l.From == "similar" || l.From == "like" || l.From == "since":
		return p.t("list."+l.From, l.Results.Total)
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
	if l.Matched && l.From == "similar" || l.From == "like" {
		return kids
	}
	if l.Matched {
		return append(kids, button(Chip, p.t("list.again"), "refresh", session.DoTile).arg("match"))
	}
	for _, s := range []kiosk.Sort{kiosk.SortNearest, kiosk.SortPay, kiosk.SortNewest} {
		kids = append(kids, button(Chip, p.t("sort."+string(s)), "", session.DoSort).arg(string(s)).on(l.Query.Sort == s))
	}
	if n, far := p.farther(); n > 0 {
		kids[0] = button(Chip, p.t("list.farther.n", words.Length(p.lang(), far), n), "distance", session.DoFarther)
	}
	text := p.t("list.filter")
	n := session.Filters(l.Query)
	if n > 0 {
		text = p.t("list.filter.n", n)
	}
	return append(kids, button(Chip, text, "filter", session.DoFilters).on(n > 0))
}

// farther is how many more postings there are within the next distance. The
// list keeps within what was asked; to look farther is the person's to decide.
func (p *page) farther() (more int, metres float64) {
	l := &p.Visit.List
	if l.Query.Within == 0 || l.Results.Rescue != nil {
		return 0, 0
	}
	metres = session.Farther(l.Query.Within)
	return l.Results.Facets.Distances[int(metres)] - l.Results.Total, metres
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
