package window

import (
	"github.com/gotk3/gotk3/gtk"

	"jobhome/ui/screen"
)

// sparesKept bounds the widgets of one family that wait in one container for
// being used again.
const sparesKept = 24

// bindKids binds the kids of a box or a grid. The widget at a place is used
// again when it is of the same family; otherwise it is put aside and one that
// was put aside before takes its place, or a new one.
func (p *painter) bindKids(it *item, kids []screen.Node, a around) {
	for i := range kids {
		n := &kids[i]
		f := familyOf(n)
		if i < len(it.kids) && it.kids[i].family != f {
			p.putAside(it, i)
		}
		if i == len(it.kids) || it.kids[i] == nil {
			p.insert(it, i, f)
		}
		kid := it.kids[i]
		p.bind(kid, n, a)
		p.put(it, kid, placeOf(p.metrics, &it.node, n, i))
		if !kid.shown {
			kid.widget.SetVisible(true)
			kid.shown = true
			p.changes++
		}
	}
	for _, kid := range it.kids[len(kids):] {
		if kid.shown {
			kid.widget.SetVisible(false)
			kid.shown = false
			p.changes++
		}
		if it.grid != nil && kid.place.set {
			// A hidden widget still takes up its row.
			it.grid.Remove(kid.widget)
			kid.place.set = false
		}
	}
	if it.grid != nil {
		p.columns(it, max(1, it.node.Cols))
	}
}

// putAside takes kid i out of its container and keeps it.
func (p *painter) putAside(it *item, i int) {
	kid := it.kids[i]
	it.kids[i] = nil
	if it.grid == nil {
		it.box.Remove(kid.widget)
	} else if kid.place.set {
		it.grid.Remove(kid.widget)
	}
	kid.place.set = false
	if len(it.spare[kid.family]) >= sparesKept {
		kid.widget.Destroy()
		return
	}
	if it.spare == nil {
		it.spare = map[family][]*item{}
	}
	it.spare[kid.family] = append(it.spare[kid.family], kid)
}

// insert fills place i with a spare or a new item of the family.
func (p *painter) insert(it *item, i int, f family) {
	var kid *item
	if s := it.spare[f]; len(s) > 0 {
		kid = s[len(s)-1]
		it.spare[f] = s[:len(s)-1]
	} else {
		kid = p.item(f)
	}
	if i == len(it.kids) {
		it.kids = append(it.kids, kid)
	} else {
		it.kids[i] = kid
	}
	if it.box != nil {
		it.box.PackStart(kid.widget, false, true, 0)
		it.box.ReorderChild(kid.widget, i)
	}
	p.changes++
}

// put lays a kid into its place, if it is not there yet.
func (p *painter) put(it, kid *item, to place) {
	was := kid.place
	if was == to {
		return
	}
	kid.place = to
	w := kid.widget
	if it.grid != nil && (!was.set || was.col != to.col || was.row != to.row) {
		if was.set {
			it.grid.Remove(w)
		}
		it.grid.Attach(w, to.col, to.row, 1, 1)
	}
	w.SetHAlign(to.halign)
	w.SetVAlign(to.valign)
	w.SetHExpand(to.hgrow)
	w.SetVExpand(to.vgrow)
	if kid.area == nil {
		w.SetSizeRequest(to.width, to.height)
	}
	if was.tight != to.tight {
		kid.tighten(to.tight)
	}
	p.changes++
}

// tighten makes an item take its width from the room there is, and not from
// the length of the words in it.
func (it *item) tighten(tight bool) {
	switch it.family {
	case boxFamily:
		setTight(it.box, tight)
	case textFamily:
		chars := -1
		if tight {
			chars = 1
		}
		it.label.SetMaxWidthChars(chars)
	}
}

// columns keeps all columns of a grid as wide as each other even where the
// first row is not full.
func (p *painter) columns(it *item, n int) {
	for len(it.struts) < n {
		s := p.box(gtk.ORIENTATION_HORIZONTAL)
		s.SetHExpand(true)
		it.grid.Attach(s, len(it.struts), 0, 1, 1)
		it.struts = append(it.struts, s)
	}
	for i, s := range it.struts {
		p.show(s.ToWidget(), i < n)
	}
}
