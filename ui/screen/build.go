package screen

import (
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// page is a screen in the making: the state, and the panel it is for.
type page struct {
	session.State
	m Metrics
}

// t is a sentence of the catalogue in the language in use.
func (p *page) t(key string, args ...any) string {
	return words.T(p.lang(), key, args...)
}

func (p *page) lang() words.Lang { return p.Visit.Lang }

// leading is the height of a line for letters of height 1: that of Noto Sans
// CJK, above the 1.3 that the MIIT elder specification asks for.
const leading = 1.45

// letterMM is the height of letters of a style in millimetres. The window's
// style sheet has the same figures.
func (p *page) letterMM(s Style) float64 { return LetterMM(s, p.Visit.Large, p.lang() == words.En) }

// LetterMM is the height of letters of a style in millimetres. English needs
// more letters for the same sentence and is read at a smaller size than
// Chinese, so its large type grows less.
func LetterMM(s Style, large, english bool) float64 {
	usual, big := TextMM, LargeMM
	switch s {
	case Small, Fact, Bar, Good, Bad:
		usual, big = SmallMM, 6.7
	case Pay:
		usual, big = 6.4, 9
	case Title:
		usual, big = TitleMM, 12
	case Code:
		usual, big = 12, 13
	case Hero:
		return HeroMM
	case Main, Second, Tile, Key:
		usual, big = 6.6, 9
	}
	switch {
	case large && english:
		return usual + (big-usual)*0.4
	case large:
		return big
	}
	return usual
}

// lineMM is the height of a line of a style, for planning what fits.
func (p *page) lineMM(s Style) float64 { return p.letterMM(s) * leading }

// bodyWidth and bodyHeight are the room between the frame's lines.
func (p *page) bodyWidth() float64  { return p.m.WidthMM() - 2*MarginMM }
func (p *page) bodyHeight() float64 { return p.m.HeightMM() - TopMM - BarMM - 2*GapMM }

func column(gap float64, kids ...Node) Node {
	return Node{Kind: Column, GapMM: gap, Kids: kids}
}

func row(gap float64, kids ...Node) Node {
	return Node{Kind: Row, GapMM: gap, Kids: kids}
}

func grid(cols int, gap float64, kids ...Node) Node {
	return Node{Kind: Grid, Cols: cols, GapMM: gap, Kids: kids}
}

// line is a text of one line; para one of as many as it takes.
func line(s Style, text string) Node { return Node{Kind: Text, Style: s, Text: text, Lines: 1} }
func para(s Style, text string) Node { return Node{Kind: Text, Style: s, Text: text} }

func icon(name string, mm float64) Node { return Node{Kind: Icon, Icon: name, SizeMM: mm} }

func space() Node { return Node{Kind: Space, Grow: true} }

// button is something to touch.
func button(s Style, text, icon string, do session.Action) Node {
	return Node{Kind: Button, Style: s, Text: text, Icon: icon, Do: do}
}

// title is the head of a page. In large type on a low panel it is no larger
// than the text, so that the page keeps its room for what is asked.
func (p *page) title(text string) Node { return para(p.titleStyle(), text) }

func (p *page) titleStyle() Style {
	if p.low() {
		return Strong
	}
	return Title
}

// low tells that there is little room: large type on a landscape panel.
func (p *page) low() bool { return p.Visit.Large && !p.m.Portrait() }

func (n Node) grow() Node           { n.Grow = true; return n }
func (n Node) at(a Align) Node      { n.Align = a; return n }
func (n Node) arg(s string) Node    { n.Arg = s; return n }
func (n Node) off(off bool) Node    { n.Off = off; return n }
func (n Node) on(on bool) Node      { n.On = on; return n }
func (n Node) named(s string) Node  { n.Name = s; return n }
func (n Node) sub(s string) Node    { n.Sub = s; return n }
func (n Node) lines(l int) Node     { n.Lines = l; return n }
func (n Node) size(mm float64) Node { n.SizeMM = mm; return n }

// textMM is the width that a text takes in style s: a Chinese character is as
// wide as it is high, a Latin letter a little more than half.
func (p *page) textMM(s Style, text string) float64 {
	em := p.letterMM(s)
	w := 0.0
	for _, r := range text {
		if r < 0x2000 {
			w += 0.56 * em
		} else {
			w += em
		}
	}
	return w
}

// filled is the part of a line that is written on before it wraps: words of
// Latin letters stay whole, Chinese breaks anywhere.
func (p *page) filled() float64 {
	if p.lang() == words.En {
		return 0.85
	}
	return 0.95
}

// rows is how many lines text takes in style s across width millimetres.
func (p *page) rows(s Style, text string, width float64) int {
	return max(1, int(p.textMM(s, text)/(width*p.filled())+0.999))
}

// fit is how many things of size each, gap apart, go into room.
func fit(room, each, gap float64) int {
	return max(1, int((room+gap)/(each+gap)))
}
