package window

import (
	"slices"

	"github.com/gotk3/gotk3/gtk"

	"jobhome/ui/screen"
)

// place is how an item lies in its container.
type place struct {
	set            bool
	col, row       int // of a grid
	halign, valign gtk.Align
	hgrow, vgrow   bool
	width, height  int  // least, pixels; -1: its own
	tight          bool // asks for its least width only
}

// placeOf is how kid i lies in its parent. SizeMM is the least size in the
// parent's direction, for a button its least height, for a tile the height of
// its picture.
func placeOf(m screen.Metrics, parent, n *screen.Node, i int) place {
	to := place{set: true, width: -1, height: -1}
	size := -1
	if n.SizeMM > 0 && !isPicture(n) && n.Kind != screen.Text && n.Style != screen.Tile {
		size = m.Px(n.SizeMM)
	}
	grow := n.Grow || n.Kind == screen.Space && n.SizeMM == 0
	switch {
	case parent.Kind == screen.Grid:
		cols := max(1, parent.Cols)
		to.col, to.row, to.hgrow, to.vgrow = i%cols, i/cols, true, true
		to.height = size
		if isPicture(n) {
			to.halign, to.valign = gtk.ALIGN_CENTER, gtk.ALIGN_CENTER
		}
	case parent.Kind == screen.Row:
		to.hgrow, to.valign = grow, rowAlign(n)
		to.tight = n.Grow || n.SizeMM > 0
		if n.Kind == screen.Button {
			to.height = size
		} else {
			to.width = size
		}
	default:
		to.vgrow, to.halign, to.height = grow, columnAlign(parent, n), size
	}
	return to
}

func isPicture(n *screen.Node) bool {
	return n.Kind == screen.Icon || n.Kind == screen.Mark || n.Kind == screen.QR
}

// rowAlign is how a kid lies between the top and the foot of its row: writing
// and pictures in the middle; what has a ground of its own fills it.
func rowAlign(n *screen.Node) gtk.Align {
	if isPicture(n) || n.Kind == screen.Text || n.Style == screen.Fact {
		return gtk.ALIGN_CENTER
	}
	return gtk.ALIGN_FILL
}

// columnAlign is how a kid lies between the left and the right of its column.
// A picture, a fact and a row of things that do not grow keep their width, and
// lie as they say themselves where the column says nothing; a picture that
// says nothing either lies in the middle.
func columnAlign(parent, n *screen.Node) gtk.Align {
	align, keeps := parent.Align, isPicture(n) || n.Style == screen.Fact
	switch n.Kind {
	case screen.Grid, screen.Picture:
		return gtk.ALIGN_FILL
	case screen.Row:
		if slices.ContainsFunc(n.Kids, grows) {
			return gtk.ALIGN_FILL
		}
		keeps = keeps || n.Style == ""
	}
	if align == screen.Start && keeps {
		align = n.Align
	}
	switch {
	case align == screen.Center:
		return gtk.ALIGN_CENTER
	case align == screen.End:
		return gtk.ALIGN_END
	case isPicture(n):
		return gtk.ALIGN_CENTER
	case n.Style == screen.Fact:
		return gtk.ALIGN_START
	}
	return gtk.ALIGN_FILL
}

func grows(n screen.Node) bool { return n.Grow || n.Kind == screen.Space && n.SizeMM == 0 }
