package window

import (
	"github.com/gotk3/gotk3/gtk"

	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

// frame is what every page lies in: the line above it, the bar at its foot and
// the question that may lie over it all.
type frame struct {
	root  *gtk.Overlay
	all   *gtk.Box // top, page, bar
	room  *gtk.ScrolledWindow
	stack *gtk.Stack
	top   *item
	bar   *item
	pages map[session.Page]*item
	page  session.Page

	veil *gtk.EventBox // dims the page and takes its touches
	over *item
	asks bool
}

// isolate puts w where its least size does not force the window's: a window
// that has to be larger than the screen is cut off by X11 and refused by
// Wayland. Nothing is reached by scrolling; a page too large is a fault that
// Overflow tells.
func isolate(m *maker, w gtk.IWidget) *gtk.ScrolledWindow {
	s, err := gtk.ScrolledWindowNew(nil, nil)
	s = use(m, s, err)
	s.SetPolicy(gtk.POLICY_EXTERNAL, gtk.POLICY_EXTERNAL)
	s.SetKineticScrolling(false) // would hold touches back
	s.Add(w)
	return s
}

func newFrame(p *painter) frame {
	m := &p.maker
	f := frame{pages: map[session.Page]*item{}}
	s, err := gtk.StackNew()
	f.stack = use(m, s, err)
	f.stack.SetHomogeneous(false)
	f.stack.SetHHomogeneous(false)
	f.stack.SetVHomogeneous(false)
	f.stack.SetTransitionType(gtk.STACK_TRANSITION_TYPE_NONE)
	f.room = isolate(m, f.stack)

	f.top, f.bar, f.over = m.item(boxFamily), m.item(boxFamily), m.item(boxFamily)
	f.all = m.box(gtk.ORIENTATION_VERTICAL)
	f.all.PackStart(f.top.widget, false, true, 0)
	f.all.PackStart(f.room, true, true, 0)
	f.all.PackStart(f.bar.widget, false, true, 0)

	o, err := gtk.OverlayNew()
	f.root = use(m, o, err)
	f.root.Add(isolate(m, f.all))

	e, err := gtk.EventBoxNew()
	f.veil = use(m, e, err)
	f.veil.SetVisibleWindow(false)
	dim := m.box(gtk.ORIENTATION_VERTICAL)
	addClass(m, dim, "dim")
	addClass(m, f.top.widget, "topline")
	addClass(m, f.bar.widget, "foot")
	for _, it := range []*item{f.top, f.bar} {
		it.widget.SetVExpand(false)
	}
	f.over.widget.SetHAlign(gtk.ALIGN_CENTER)
	f.over.widget.SetVAlign(gtk.ALIGN_CENTER)
	f.over.widget.SetSizeRequest(p.metrics.Width*5/6, -1)
	if !p.metrics.Portrait() {
		f.over.widget.SetSizeRequest(p.metrics.Width*2/3, -1)
	}
	dim.PackStart(f.over.widget, true, false, 0)
	f.veil.Add(dim)
	f.root.AddOverlay(f.veil)
	return f
}

func addClass(m *maker, w interface {
	GetStyleContext() (*gtk.StyleContext, error)
}, class string,
) {
	c, err := w.GetStyleContext()
	use(m, c, err).AddClass(class)
	m.made-- // no widget
}

func (f *frame) hideOver() { f.veil.Hide() }

// bind shows a screen.
func (f *frame) bind(p *painter, s *screen.Screen) {
	f.bindOne(p, f.top, &s.Top)
	f.bindOne(p, f.bar, &s.Bar)
	page := f.pages[s.Page]
	if page == nil {
		page = p.item(boxFamily)
		addClass(&p.maker, page.widget, "page")
		f.pages[s.Page] = page
		f.stack.AddNamed(page.widget, string(s.Page))
	}
	f.bindOne(p, page, &s.Body)
	if f.page != s.Page {
		f.stack.SetVisibleChild(page.widget)
		f.page = s.Page
		p.changes++
	}
	if s.Over != nil {
		over := *s.Over
		if over.Style == "" {
			over.Style = screen.Panel
		}
		f.bindOne(p, f.over, &over)
	}
	if asks := s.Over != nil; asks != f.asks {
		f.asks = asks
		f.veil.SetVisible(asks)
		f.all.SetSensitive(!asks) // not by the keyboard either
		p.changes++
	}
}

// bindOne binds a node as the only kid of an item, and hides the item when the
// node is nothing.
func (f *frame) bindOne(p *painter, it *item, n *screen.Node) {
	there := len(n.Kids) > 0 || n.Text != "" || n.Kind != screen.Column
	p.show(it.widget, there)
	if !there {
		return
	}
	only := *n
	only.Grow = true
	p.bind(it, &screen.Node{Kind: screen.Column, Kids: []screen.Node{only}}, around{})
}

// overflow compares the least sizes with the room there is.
func (f *frame) overflow() (width, height int) {
	least, _ := f.all.GetPreferredWidth()
	room := f.root.GetAllocatedWidth()
	width = max(0, least-room)
	page := f.pages[f.page]
	if page == nil {
		return width, 0
	}
	least, _ = page.widget.GetPreferredWidth()
	width = max(width, least-room)
	least, _ = page.widget.GetPreferredHeightForWidth(max(room, least))
	height = max(0, least-f.room.GetAllocatedHeight())
	if f.asks {
		least, _ = f.over.widget.GetPreferredWidth()
		width = max(width, least-room)
		least, _ = f.over.widget.GetPreferredHeightForWidth(min(room, least))
		height = max(height, least-f.root.GetAllocatedHeight())
	}
	return width, height
}

// forget empties the pages that are not shown.
func (f *frame) forget() {
	for page, it := range f.pages {
		if page != f.page {
			it.forget()
		}
	}
	if !f.asks {
		f.over.forget()
	}
}

// forget takes all words and pictures out of an item and what it holds.
func (it *item) forget() {
	for _, kid := range it.kids {
		kid.forget()
	}
	for _, spare := range it.spare {
		for _, kid := range spare {
			kid.forget()
		}
	}
	if it.label != nil {
		it.label.SetText("")
	}
	if it.sub != nil {
		it.sub.SetText("")
	}
	if it.named {
		setAccessibleName(it.widget, "")
		it.said = ""
	}
	if it.node.Kind == screen.QR && it.image != nil {
		it.image.Clear()
		it.picture = ""
	}
	it.pixbuf = nil
	it.node.Text, it.node.Sub, it.node.Name, it.node.Arg, it.node.Image = "", "", "", "", nil
}
