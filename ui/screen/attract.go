package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// attract invites, and turns over what is being hired for near here.
func (p *page) attract() Node {
	sub := p.t("attract.sub")
	if p.Notice != "" {
		sub = p.t(p.Notice)
	}
	// Who cannot see the screen is to hear the words of farewell too.
	invite := Node{
		Kind: Button, Style: Plain, Do: session.DoStart, Name: p.t("attract.title") + ", " + sub,
		Kids: []Node{column(1,
			line(Hero, p.t("attract.title")).at(Center),
			line(p.inviteStyle(), sub).at(Center),
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
