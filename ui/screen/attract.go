package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// attract invites, and turns over what is being hired for near here.
func (p *page) attract() Node {
	sub, under := p.invitation()
	// Who cannot see the screen is to hear the words of farewell too.
	invite := Node{
		Kind: Button, Style: Plain, Do: session.DoStart, Name: p.t("attract.title") + ", " + sub,
		Kids: []Node{column(1,
			line(Hero, p.t("attract.title")).at(Center),
			under,
		)},
	}
	cols, rows := p.topGrid()
	var cards []Node
	for _, it := range turnOver(p.Board.Top, p.Turn, cols*rows) {
		cards = append(cards, p.card(it, session.DoPosting))
	}
	kids := []Node{invite}
	if len(cards) > 0 {
		kids = append(kids, grid(cols, GapMM, cards...).grow())
	} else {
		kids = append(kids, space())
	}
	return column(GapMM, kids...).grow()
}

// invitation are the words under the invitation: that nothing is needed; or
// what is broken today, and what to do instead; or a farewell.
func (p *page) invitation() (sub string, n Node) {
	sub = p.t("attract.sub")
	fault := p.Fault()
	switch {
	case p.Notice != "":
		sub = p.t(p.Notice)
	case fault != "":
		sub = p.t("fault." + fault + ".resident")
		return sub, row(2, icon("warning", 5.5), p.broken(sub)).at(Center)
	}
	return sub, line(p.inviteStyle(), sub).at(Center)
}

// broken is a sentence about a fault, in as many lines as the page has room for.
func (p *page) broken(text string) Node {
	n := line(p.inviteStyle(), text)
	if p.m.Portrait() || p.low() {
		n = n.lines(2)
	}
	return n
}

// inviteStyle is the size of the words under the invitation: small where that
// makes room for a second row of postings.
func (p *page) inviteStyle() Style {
	if p.m.Portrait() || p.low() {
		return Body
	}
	return Small
}

// turnOver is the part of items that is shown at the given turn.
func turnOver(items []kiosk.Item, turn, n int) []kiosk.Item {
	n = max(n, 1)
	pages := len(items) / n
	if pages < 1 {
		return items
	}
	at := turn % pages
	return items[at*n : at*n+n]
}
