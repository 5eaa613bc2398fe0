package window

// #cgo pkg-config: gtk+-3.0
// #include <stdlib.h>
// #include "bridge.h"
import "C"

import (
	"errors"
	"runtime"
	"unsafe"

	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

// The binding of GTK used here lacks three things; this file and bridge.c add
// them: accessible names (ATK), the line height of labels (Pango 1.50), and a
// box that does not ask for more width than it must have.

// setAccessibleName sets what a screen reader says for w.
func setAccessibleName(w *gtk.Widget, name string) {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	C.jobhome_set_accessible_name(C.uintptr_t(w.Native()), c)
	runtime.KeepAlive(w)
}

// accessibleName reads back what setAccessibleName set.
func accessibleName(w *gtk.Widget) string {
	c := C.jobhome_accessible_name(C.uintptr_t(w.Native()))
	defer C.free(unsafe.Pointer(c))
	runtime.KeepAlive(w)
	return C.GoString(c)
}

// setLineHeight makes the lines of l factor times as high as the font has it.
func setLineHeight(l *gtk.Label, factor float64) {
	C.jobhome_label_line_height(C.uintptr_t(l.Native()), C.double(factor))
	runtime.KeepAlive(l)
}

// newBox makes a box for setTight.
func newBox() (*gtk.Box, error) {
	p := C.jobhome_box_new()
	if p == nil {
		return nil, errors.New("window: make a box")
	}
	w := gtk.Widget{InitiallyUnowned: glib.InitiallyUnowned{Object: glib.Take(p)}}
	return &gtk.Box{Container: gtk.Container{Widget: w}}, nil
}

// setTight makes a box of newBox ask for its least width and no more, so that
// its width follows from its size request or from the room that is left.
func setTight(b *gtk.Box, tight bool) {
	var is C.int
	if tight {
		is = 1
	}
	C.jobhome_box_set_tight(C.uintptr_t(b.Native()), is)
	runtime.KeepAlive(b)
}
