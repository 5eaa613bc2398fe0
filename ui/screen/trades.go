package screen

import (
	"cmp"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// boardTrades are the trades that the board really has, the largest first.
func (p *page) boardTrades() []kiosk.Trade {
	var all []kiosk.Trade
	for tr := range p.Board.Trades {
		all = append(all, tr)
	}
	slices.SortFunc(all, func(a, b kiosk.Trade) int {
		return cmp.Or(cmp.Compare(p.Board.Trades[b], p.Board.Trades[a]), cmp.Compare(a, b))
	})
	return all
}

// tradeTiles is a page of picture tiles, each sending do.
func (p *page) tradeTiles(do session.Action) (tiles Node, pager []Node) {
	cols, rows := p.tradeGrid()
	all := p.boardTrades()
	from := min(p.Visit.Offset, max(len(all)-1, 0))
	var kids []Node
	for _, tr := range all[from:min(from+cols*rows, len(all))] {
		n := button(Tile, p.t("trade."+string(tr)), string(tr), do).arg(string(tr)).
			sub(p.t("tile.count", p.Board.Trades[tr]))
		if do == session.DoAnswer {
			chosen := slices.Contains(p.Asked.Profile.Trades, tr)
			n = n.on(chosen).off(!chosen && len(p.Asked.Profile.Trades) >= session.MaxTrades)
		}
		if p.low() {
			n.Sub = ""
		}
		kids = append(kids, n)
	}
	return grid(cols, GapMM, kids...), p.pager(from, cols*rows, len(all))
}

func (p *page) trades() Node {
	tiles, pager := p.tradeTiles(session.DoTrade)
	head := p.title(p.t("trades.title")).lines(1)
	if !p.m.Portrait() {
		// The way to typing stands under the pager, at hand.
		pager = append(pager, button(Second, p.t("trades.type"), "keyboard", session.DoTile).arg("search"))
		return column(GapMM, head, p.sided(tiles, pager)).grow()
	}
	return column(GapMM, head, p.beside(tiles, pager),
		button(Second, p.t("trades.type"), "keyboard", session.DoTile).arg("search")).grow()
}

// sided is beside with any number of things in the side column.
func (p *page) sided(content Node, side []Node) Node {
	for i := range side {
		if side[i].Kind == Button {
			side[i] = side[i].grow()
			if p.low() {
				side[i].Icon = "" // the words need the room
			}
		}
	}
	col := column(GapMM, side...)
	col.SizeMM = sideMM
	return row(GapMM, content.grow(), col).grow()
}
