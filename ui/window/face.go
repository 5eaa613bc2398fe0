package window

import (
	"github.com/gotk3/gotk3/gtk"

	"jobhome/ui/screen"
)

// faceShape is how a style of button lays out its picture and words.
type faceShape struct {
	above  bool    // the picture above the words, not left of them
	iconMM float64 // height of the picture
	gapMM  float64
	lines  int  // of words, at most
	start  bool // words begin at the left
}

func (p *painter) shapeOf(n *screen.Node) faceShape {
	switch n.Style {
	case screen.Tile:
		s := faceShape{above: true, iconMM: 14, gapMM: 1, lines: 2}
		if p.metrics.HeightMM() < lowPanelMM {
			s.iconMM = 11
		}
		if n.SizeMM > 0 {
			s.iconMM = n.SizeMM
		}
		return s
	case screen.Bar:
		return faceShape{above: true, iconMM: 6.5, gapMM: 0.2, lines: 1}
	case screen.Card:
		return faceShape{iconMM: 12, gapMM: 4, lines: 2, start: true}
	case screen.Chip:
		return faceShape{iconMM: 6, gapMM: 1.5, lines: 1}
	case screen.Key:
		if worded(n) {
			return faceShape{above: true, iconMM: 6, gapMM: 0, lines: 1}
		}
		return faceShape{iconMM: 8, lines: 1}
	}
	return faceShape{iconMM: 8, gapMM: 2.5, lines: 2}
}

// lowPanelMM is the height under which tiles have small pictures.
const lowPanelMM = 180

// worded reports whether a key has a picture and words for it.
func worded(n *screen.Node) bool {
	return n.Style == screen.Key && n.Icon != "" && n.Text != ""
}

// bindFace binds a button of Icon, Text and Sub.
func (p *painter) bindFace(it *item, old, n *screen.Node) {
	s := p.shapeOf(n)
	if it.fresh || old.Style != n.Style || old.Align != n.Align || worded(old) != worded(n) {
		p.shapeFace(it, s, n)
	}
	icon := n.Icon
	if icon == "" && n.Style == screen.Chip && n.On && n.Sub == "" {
		icon = "check" // colour alone must not say it
	}
	if icon != "" {
		p.icon(it, icon, p.metrics.Px(s.iconMM), p.palette.button(*n))
	}
	p.show(it.image.ToWidget(), icon != "")
	if it.fresh || old.Text != n.Text {
		it.label.SetText(n.Text)
		p.changes++
	}
	if it.fresh || old.Sub != n.Sub {
		it.sub.SetText(n.Sub)
		p.changes++
	}
	p.show(it.label.ToWidget(), n.Text != "")
	p.show(it.sub.ToWidget(), n.Sub != "")
}

// shapeFace lays out the picture and the words for a style.
func (p *painter) shapeFace(it *item, s faceShape, n *screen.Node) {
	o, across := gtk.ORIENTATION_HORIZONTAL, gtk.ALIGN_CENTER
	if s.above {
		o = gtk.ORIENTATION_VERTICAL
	}
	align := screen.Center
	if s.start || n.Align == screen.End {
		align = n.Align
		across = gtk.ALIGN_FILL
	}
	it.box.SetOrientation(o)
	it.box.SetSpacing(p.metrics.Px(s.gapMM))
	it.box.SetHAlign(across)
	for _, l := range []*gtk.Label{it.label, it.sub} {
		setLines(l, s.lines)
		setAlign(l, align)
	}
	p.changes++
}

func (p *painter) show(w *gtk.Widget, is bool) {
	if w.GetVisible() != is {
		w.SetVisible(is)
		p.changes++
	}
}
