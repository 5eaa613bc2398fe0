package window

import (
	"slices"
	"strconv"

	"github.com/gotk3/gotk3/gtk"
	"github.com/gotk3/gotk3/pango"

	"jobhome/ui/screen"
)

// painter binds nodes to items. It knows the panel, the mode of colours and
// the pictures.
type painter struct {
	maker
	metrics  screen.Metrics
	palette  *palette
	pictures *pictures
	changes  int // of anything that shows
}

// around is what an item takes from what it lies in.
type around struct {
	ink   string // the colour of pictures in a button, "" elsewhere
	alarm bool   // in a sheet that says what is wrong
}

// bind makes it show n. Only what differs from what it shows is touched.
func (p *painter) bind(it *item, n *screen.Node, a around) {
	old := it.node
	it.node = *n
	it.node.Kids = nil
	p.classes(it, &old, n)
	switch it.family {
	case boxFamily:
		p.bindBox(it, &old, n)
		if n.Style == screen.Alarm {
			a.alarm = true
		}
		p.bindKids(it, n.Kids, a)
	case gridFamily:
		if it.fresh || old.GapMM != n.GapMM {
			gap := uint(p.metrics.Px(n.GapMM))
			it.grid.SetRowSpacing(gap)
			it.grid.SetColumnSpacing(gap)
		}
		p.bindKids(it, n.Kids, a)
	case textFamily:
		p.bindText(it, &old, n)
	case faceFamily:
		p.bindFace(it, &old, n)
		p.sensitive(it, n)
	case holderFamily:
		p.bindHolder(it, n)
		p.sensitive(it, n)
	case imageFamily:
		p.bindImage(it, n, a)
	case areaFamily:
		p.bindArea(it, &old, n)
	}
	p.name(it, n)
	it.fresh = false
}

// classes keeps the style classes of the widget as the node has them.
func (p *painter) classes(it *item, old, n *screen.Node) {
	if it.fresh || styleOf(old) != styleOf(n) {
		c := it.context(&p.maker)
		if s := styleOf(old); !it.fresh && s != "" {
			c.RemoveClass(s)
		}
		if s := styleOf(n); s != "" {
			c.AddClass(s)
		}
		p.changes++
	}
	p.class(it, "on", old.On, n.On)
	p.class(it, "off", old.Off, n.Off)
	p.class(it, "worded", worded(old), worded(n))
}

func (p *painter) class(it *item, name string, was, is bool) {
	if it.fresh {
		was = false
	}
	switch {
	case was == is:
		return
	case is:
		it.context(&p.maker).AddClass(name)
	default:
		it.context(&p.maker).RemoveClass(name)
	}
	p.changes++
}

func styleOf(n *screen.Node) string {
	if n.Style != "" {
		return string(n.Style)
	}
	switch n.Kind {
	case screen.Text:
		return string(screen.Body)
	case screen.Button:
		return string(screen.Second)
	}
	return ""
}

// name keeps what a screen reader says. Labels say their own text unless the
// node has a name.
func (p *painter) name(it *item, n *screen.Node) {
	name := n.Name
	if it.button != nil {
		name = buttonName(n)
	} else if name == "" {
		if !it.named {
			return
		}
		name = n.Text
	}
	if it.named && it.said == name {
		return
	}
	setAccessibleName(it.widget, name)
	it.named, it.said = true, name
}

// buttonName is the node's name, else its words, else all words in it.
func buttonName(n *screen.Node) string {
	name := n.Name
	if name == "" && n.Text == "" {
		for i := range n.Kids {
			if s := buttonName(&n.Kids[i]); s != "" && name != "" {
				name += "，" + s
			} else {
				name += s
			}
		}
	}
	switch {
	case name != "":
		return name
	case n.Text != "":
		return n.Text
	case n.Kind == screen.Button:
		return n.Icon
	}
	return ""
}

func (p *painter) sensitive(it *item, n *screen.Node) {
	if it.widget.GetSensitive() == n.Off {
		it.widget.SetSensitive(!n.Off)
	}
}

func (p *painter) bindBox(it *item, old, n *screen.Node) {
	if it.fresh || (old.Kind == screen.Row) != (n.Kind == screen.Row) {
		o := gtk.ORIENTATION_VERTICAL
		if n.Kind == screen.Row {
			o = gtk.ORIENTATION_HORIZONTAL
		}
		it.box.SetOrientation(o)
		p.changes++
	}
	if it.fresh || old.GapMM != n.GapMM {
		it.box.SetSpacing(p.metrics.Px(n.GapMM))
	}
}

func (p *painter) bindText(it *item, old, n *screen.Node) {
	if it.fresh || old.Lines != n.Lines {
		setLines(it.label, n.Lines)
		p.changes++
	}
	if it.fresh || old.Align != n.Align {
		setAlign(it.label, n.Align)
		p.changes++
	}
	if it.fresh || old.Text != n.Text {
		it.label.SetText(n.Text)
		p.changes++
	}
}

// setLines lets a label wrap into at most n lines, or as many as it takes. Its
// least width is then that of one letter (GtkLabel: wrap with WORD_CHAR) or of
// the three dots, so no text can make a page wider than the screen.
func setLines(l *gtk.Label, n int) {
	l.SetLineWrap(n != 1)
	l.SetSingleLineMode(n == 1)
	if n == 0 {
		l.SetEllipsize(pango.ELLIPSIZE_NONE)
		l.SetLines(-1)
		return
	}
	l.SetEllipsize(pango.ELLIPSIZE_END)
	l.SetLines(n)
}

func setAlign(l *gtk.Label, a screen.Align) {
	switch a {
	case screen.Center:
		l.SetXAlign(0.5)
		l.SetJustify(gtk.JUSTIFY_CENTER)
	case screen.End:
		l.SetXAlign(1)
		l.SetJustify(gtk.JUSTIFY_RIGHT)
	default:
		l.SetXAlign(0)
		l.SetJustify(gtk.JUSTIFY_LEFT)
	}
}

// bindHolder binds the kids of a button to the column in it.
func (p *painter) bindHolder(it *item, n *screen.Node) {
	a := around{}
	if n.Style == screen.Main || n.Off || n.Style == screen.Chip && n.On {
		a.ink = p.palette.button(*n)
	}
	inner := screen.Node{Kind: screen.Column, GapMM: n.GapMM, Align: n.Align, Kids: n.Kids}
	p.bind(it.kids[0], &inner, a)
	middle := gtk.ALIGN_CENTER
	if n.Style != screen.Card || slices.ContainsFunc(n.Kids, grows) {
		middle = gtk.ALIGN_FILL
	}
	if it.kids[0].widget.GetVAlign() != middle {
		it.kids[0].widget.SetVAlign(middle)
		p.changes++
	}
}

// A picture of largePictureMM says by itself what to do; one of headPictureMM
// stands by the head of a sheet and not by a line of it.
const (
	headPictureMM  = 8
	largePictureMM = 20
)

// bindImage draws an icon, the mark or a code.
func (p *painter) bindImage(it *item, n *screen.Node, a around) {
	px := p.metrics.Px(n.SizeMM)
	switch n.Kind {
	case screen.QR:
		p.picture(it, "q"+strconv.Itoa(px)+" "+n.Text, func() *pixbuf { return p.pictures.qr(n.Text, px) })
	case screen.Mark:
		ink := p.palette.Action
		p.picture(it, "m"+strconv.Itoa(px)+ink, func() *pixbuf { return p.pictures.sign(px, ink) })
	default:
		ink := a.ink
		if ink == "" {
			ink = p.palette.icon(n.Style)
			switch {
			case n.Style != "":
			case a.alarm && n.SizeMM >= headPictureMM:
				ink = p.palette.Bad
			case n.SizeMM >= largePictureMM:
				ink = p.palette.Action
			}
		}
		p.icon(it, n.Icon, px, ink)
	}
}

func (p *painter) icon(it *item, name string, px int, ink string) {
	p.picture(it, "i"+strconv.Itoa(px)+ink+name, func() *pixbuf { return p.pictures.icon(name, px, ink) })
}

// picture shows what draw draws, unless it shows it already.
func (p *painter) picture(it *item, key string, draw func() *pixbuf) {
	if it.picture == key {
		return
	}
	it.picture = key
	p.changes++
	if b := draw(); b != nil {
		it.image.SetFromPixbuf(b)
		return
	}
	it.image.Clear()
}

func (p *painter) bindArea(it *item, old, n *screen.Node) {
	if !it.fresh && old.SizeMM == n.SizeMM && old.Image == n.Image {
		return
	}
	p.changes++
	if old.Image != n.Image {
		it.pixbuf = nil
		if n.Image != nil {
			if b, err := drawGray(n.Image); err == nil {
				it.pixbuf = b
			}
		}
		it.widget.QueueDraw()
	}
	width, height := 1, max(1, p.metrics.Px(n.SizeMM))
	if b := it.pixbuf; b != nil && n.SizeMM > 0 {
		width = max(1, height*b.GetWidth()/b.GetHeight())
	}
	it.widget.SetSizeRequest(width, height)
}
