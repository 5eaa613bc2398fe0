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

// The heights of a line of each style in millimetres, for planning what fits:
// the letters and a third of their height for the gap (line spacing 1.3).
func (p *page) lineMM(s Style) float64 {
	mm := TextMM
	switch s {
	case Small, Fact, Bar:
		mm = SmallMM
	case Title, Code:
		mm = TitleMM
	case Hero:
		mm = HeroMM
	}
	if p.Visit.Large {
		mm *= LargeMM / TextMM
		if s == Hero {
			mm = HeroMM
		}
	}
	return mm * 1.34
}

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
func button(s Style, text, icon string, do session.Action, arg string) Node {
	return Node{Kind: Button, Style: s, Text: text, Icon: icon, Do: do, Arg: arg}
}

func (n Node) grow() Node           { n.Grow = true; return n }
func (n Node) styled(s Style) Node  { n.Style = s; return n }
func (n Node) at(a Align) Node      { n.Align = a; return n }
func (n Node) off(off bool) Node    { n.Off = off; return n }
func (n Node) on(on bool) Node      { n.On = on; return n }
func (n Node) named(s string) Node  { n.Name = s; return n }
func (n Node) sub(s string) Node    { n.Sub = s; return n }
func (n Node) lines(l int) Node     { n.Lines = l; return n }
func (n Node) size(mm float64) Node { n.SizeMM = mm; return n }

// textMM is the width that a text takes in style s: a Chinese character is as
// wide as it is high, a Latin letter a little more than half.
func (p *page) textMM(s Style, text string) float64 {
	em := p.lineMM(s) / 1.34
	w := 0.0
	for _, r := range text {
		if r < 0x2000 {
			w += 0.58 * em
		} else {
			w += em
		}
	}
	return w
}

// rows is how many lines text takes in style s across width millimetres.
func (p *page) rows(s Style, text string, width float64) int {
	return max(1, int(p.textMM(s, text)/(width*0.95)+0.999))
}

// fit is how many things of size each, gap apart, go into room.
func fit(room, each, gap float64) int {
	return max(1, int((room+gap)/(each+gap)))
}
