package window

import (
	"errors"

	"github.com/gotk3/gotk3/cairo"
	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"
	"github.com/gotk3/gotk3/pango"

	"jobhome/ui/screen"
)

// lineHeight brings the lines of Noto Sans CJK, which are 1.45 times as high as
// its letters, to the 1.3 that package screen counts with.
const lineHeight = 0.9

// pixbuf is a picture in memory of GTK's own.
type pixbuf = gdk.Pixbuf

// family is which nodes one widget can show in turn.
type family int

const (
	boxFamily    family = iota // Column, Row, Space
	gridFamily                 // Grid
	textFamily                 // Text
	faceFamily                 // Button of Icon, Text and Sub
	holderFamily               // Button of Kids
	imageFamily                // Icon, Mark, QR
	areaFamily                 // Picture
)

func familyOf(n *screen.Node) family {
	switch n.Kind {
	case screen.Grid:
		return gridFamily
	case screen.Text:
		return textFamily
	case screen.Button:
		if len(n.Kids) > 0 {
			return holderFamily
		}
		return faceFamily
	case screen.Icon, screen.Mark, screen.QR:
		return imageFamily
	case screen.Picture:
		return areaFamily
	}
	return boxFamily
}

// item is a widget and what it shows. Which of its widgets are set follows
// from its family.
type item struct {
	family family
	widget *gtk.Widget // the outermost
	style  *gtk.StyleContext
	node   screen.Node // last bound, without Kids
	fresh  bool        // never bound
	named  bool        // has an accessible name of its own
	said   string      // that name
	place  place
	shown  bool

	box    *gtk.Box
	grid   *gtk.Grid
	label  *gtk.Label
	sub    *gtk.Label
	image  *gtk.Image
	button *gtk.Button
	area   *gtk.DrawingArea

	picture string      // what image shows, by name, size and colour
	pixbuf  *gdk.Pixbuf // what area shows
	pressed *touch      // where the finger came down

	kids   []*item
	spare  map[family][]*item
	struts []*gtk.Box // one for each column of a grid, so that none is narrower
}

// touch is what a button meant at one moment.
type touch struct{ do, arg string }

// maker makes widgets. It keeps the first error of GTK, all of which mean that
// memory ran out.
type maker struct {
	made int // widgets
	err  error
	hit  func(*item) // a button was pressed and lifted
}

// use counts a new widget.
func use[T any](m *maker, w T, err error) T {
	m.made++
	m.err = errors.Join(m.err, err)
	return w
}

// item makes the widgets of a family.
func (m *maker) item(f family) *item {
	it := &item{family: f, fresh: true, shown: true}
	switch f {
	case boxFamily:
		b, err := newBox()
		it.box = use(m, b, err)
		it.box.SetOrientation(gtk.ORIENTATION_VERTICAL)
		it.widget = it.box.ToWidget()
	case gridFamily:
		g, err := gtk.GridNew()
		it.grid = use(m, g, err)
		it.grid.SetColumnHomogeneous(true)
		it.grid.SetRowHomogeneous(true)
		it.widget = it.grid.ToWidget()
	case textFamily:
		it.label = m.label()
		it.widget = it.label.ToWidget()
	case faceFamily:
		m.button(it)
		m.face(it)
	case holderFamily:
		m.button(it)
		it.kids = []*item{m.item(boxFamily)}
		it.button.Add(it.kids[0].widget)
	case imageFamily:
		it.image = m.image()
		it.widget = it.image.ToWidget()
	case areaFamily:
		m.area(it)
	}
	it.widget.Show()
	return it
}

// context is the widget's style context, fetched once: each fetch makes a new
// object for the garbage collector.
func (it *item) context(m *maker) *gtk.StyleContext {
	if it.style == nil {
		c, err := it.widget.GetStyleContext()
		m.err = errors.Join(m.err, err)
		it.style = c
	}
	return it.style
}

func (m *maker) box(o gtk.Orientation) *gtk.Box {
	b, err := gtk.BoxNew(o, 0)
	return use(m, b, err)
}

func (m *maker) label() *gtk.Label {
	l, err := gtk.LabelNew("")
	l = use(m, l, err)
	l.SetLineWrapMode(pango.WRAP_WORD_CHAR)
	setLineHeight(l, lineHeight)
	return l
}

func (m *maker) image() *gtk.Image {
	i, err := gtk.ImageNew()
	return use(m, i, err)
}

// button makes the button and connects it for good: what a touch means is read
// from the node shown at that time.
func (m *maker) button(it *item) {
	b, err := gtk.ButtonNew()
	it.button = use(m, b, err)
	it.widget = it.button.ToWidget()
	it.button.SetRelief(gtk.RELIEF_NONE)
	// The page may change between finger down and finger up; then the touch
	// was meant for something that is gone.
	it.button.Connect("pressed", func() {
		it.pressed = &touch{string(it.node.Do), it.node.Arg}
	})
	it.button.Connect("clicked", func() {
		was := it.pressed
		it.pressed = nil
		if was == nil || *was == (touch{string(it.node.Do), it.node.Arg}) {
			m.hit(it)
		}
	})
}

// face puts picture and words into a button.
func (m *maker) face(it *item) {
	it.box = m.box(gtk.ORIENTATION_HORIZONTAL)
	it.image = m.image()
	it.label, it.sub = m.label(), m.label()
	words := m.box(gtk.ORIENTATION_VERTICAL)
	for _, l := range []*gtk.Label{it.label, it.sub} {
		l.SetEllipsize(pango.ELLIPSIZE_END)
		words.PackStart(l, false, false, 0)
	}
	for l, class := range map[*gtk.Label]string{it.label: "words", it.sub: "sub"} {
		c, err := l.GetStyleContext()
		m.err = errors.Join(m.err, err)
		c.AddClass(class)
	}
	words.SetVAlign(gtk.ALIGN_CENTER)
	it.image.SetVAlign(gtk.ALIGN_CENTER)
	it.box.PackStart(it.image, false, false, 0)
	it.box.PackStart(words, false, true, 0)
	it.box.SetVAlign(gtk.ALIGN_CENTER)
	it.button.Add(it.box)
	words.Show()
	it.box.Show()
}

// area makes a place that draws its picture to fit, in the middle.
func (m *maker) area(it *item) {
	a, err := gtk.DrawingAreaNew()
	it.area = use(m, a, err)
	it.widget = it.area.ToWidget()
	it.area.Connect("draw", func(_ *gtk.DrawingArea, cr *cairo.Context) bool {
		if it.pixbuf == nil {
			return false
		}
		w, h := float64(it.widget.GetAllocatedWidth()), float64(it.widget.GetAllocatedHeight())
		pw, ph := float64(it.pixbuf.GetWidth()), float64(it.pixbuf.GetHeight())
		s := min(w/pw, h/ph)
		cr.Translate((w-pw*s)/2, (h-ph*s)/2)
		cr.Scale(s, s)
		gtk.GdkCairoSetSourcePixBuf(cr, it.pixbuf, 0, 0)
		cr.Paint()
		return false
	})
}
