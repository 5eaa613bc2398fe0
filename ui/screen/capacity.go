package screen

import "jobhome/kiosk/session"

// Fits returns how much a page of the panel holds, in normal or large type. The
// session asks the board for that much at a time.
func Fits(m Metrics, large bool) session.Capacity {
	p := planned(m, large)
	cols, rows := p.cardGrid()
	tileCols, tileRows := p.tradeGrid()
	keyCols, keyRows := p.keyGrid()
	topCols, topRows := p.topGrid()
	return session.Capacity{
		Cards:  cols * rows,
		Trades: tileCols * tileRows,
		Keys:   keyCols * keyRows,
		Top:    topCols * topRows,
	}
}

// planned is a page for which room is planned. It is in Chinese, whose letters
// are the larger ones: what fits a page must not change with the language,
// because the session turns pages by it.
func planned(m Metrics, large bool) *page {
	p := &page{m: m}
	p.Visit.Large = large
	return p
}

// cardMM is the least height of a posting's card: title, pay, employer with
// distance, facts, and the padding.
func (p *page) cardMM() float64 {
	if p.low() {
		return p.lineMM(Strong) + p.lineMM(Pay) + 6
	}
	return p.lineMM(Strong) + p.lineMM(Pay) + 2*p.lineMM(Small) + 6.2
}

func (p *page) cardGrid() (cols, rows int) {
	p = planned(p.m, p.Visit.Large)
	room := p.bodyHeight() - headMM - GapMM
	if p.m.Portrait() {
		return 1, fit(room-TargetMM-GapMM-2*p.lineMM(Strong), p.cardMM()+6, GapMM)
	}
	if p.low() {
		return 1, fit(room, p.cardMM(), GapMM)
	}
	return 2, fit(room, p.cardMM(), GapMM)
}

// headMM is the height of a page's head with chips in it.
const headMM = TargetMM

func (p *page) tradeGrid() (cols, rows int) {
	p = planned(p.m, p.Visit.Large)
	room := p.bodyHeight() - p.lineMM(p.titleStyle()) - GapMM
	width := p.bodyWidth()
	if p.m.Portrait() {
		room -= 2 * (TargetMM + GapMM)
	} else {
		width -= sideMM + GapMM
	}
	return fit(width, 5.5*p.letterMM(Tile)+6, GapMM), fit(room, p.tileMM(), GapMM)
}

// tileMM is the least height of a tile: picture, word, count.
func (p *page) tileMM() float64 {
	if p.low() {
		return 15 + p.lineMM(Tile) + 4
	}
	high := 13 + p.lineMM(Tile) + p.lineMM(Small) + 5
	if p.Visit.Large && p.m.Portrait() {
		high += p.lineMM(Tile) // long words take two lines
	}
	return high
}

// keyMM is the least size of a key, and keyGap what is between two.
const (
	keyMM  = 15.2
	keyGap = 1.5
)

func (p *page) keyGrid() (cols, rows int) {
	cols = fit(p.bodyWidth(), keyMM, keyGap)
	if p.m.Portrait() {
		return cols, 5
	}
	return cols, 3
}

func (p *page) topGrid() (cols, rows int) {
	p = planned(p.m, p.Visit.Large)
	room := p.bodyHeight() - p.lineMM(Hero) - p.lineMM(p.inviteStyle()) - GapMM - 1
	if p.m.Portrait() {
		return 1, min(6, fit(room, p.cardMM()+6, GapMM))
	}
	if p.low() {
		return 1, fit(room, p.cardMM(), GapMM)
	}
	return 2, fit(room, p.cardMM()-p.lineMM(Small)-1, GapMM)
}
