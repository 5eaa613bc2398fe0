package window

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/gtk"

	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

// Options describes a window.
type Options struct {
	Metrics screen.Metrics // of the panel; all sizes follow from it
	Theme   Theme
	Title   string // the window's name, also for a screen reader

	// Fullscreen takes the whole monitor, with a window manager or without.
	// Otherwise the window lies at X, Y and is Width × Height pixels, or as
	// large as Metrics where these are 0.
	Fullscreen          bool
	Decorated           bool // with the window manager's frame
	X, Y, Width, Height int
	HidePointer         bool

	// Touch is called on GTK's thread with what was touched. It must not
	// wait. Nil: nothing can be touched.
	Touch func(do session.Action, arg string)

	// OnClose is called on GTK's thread when somebody closes the window from
	// outside. The window stays until Close. Nil: it cannot be closed so.
	OnClose func()

	// Painted is called on GTK's thread each time a value given to Show has
	// been drawn.
	Painted func()
}

// Window draws screen values. Its methods other than Show and Close are called
// on GTK's thread.
type Window struct {
	o      Options
	top    *gtk.Window
	style  *gtk.StyleContext
	screen *gdk.Screen
	sheet  *gtk.CssProvider
	frame  frame
	paint  painter
	usual  palette
	high   palette
	bounce bounce
	first  func()
	drawn  bool // content has been bound since the last frame

	last struct{ large, contrast, english bool }

	mu      sync.Mutex
	next    *screen.Screen
	pending bool
	closed  bool
}

// New makes a window and shows it, empty. Call it on GTK's thread. Errors: a
// colour of the theme that is none, or no display.
func New(o Options) (*Window, error) {
	w := &Window{o: o}
	var err error
	if w.usual, err = newPalette(o.Theme); err != nil {
		return nil, err
	}
	w.high = contrastPalette()
	w.paint = painter{metrics: o.Metrics, palette: &w.usual, pictures: newPictures(o.Theme.MarkSVG)}
	w.paint.hit = w.touched
	if w.top, err = gtk.WindowNew(gtk.WINDOW_TOPLEVEL); err != nil {
		return nil, fmt.Errorf("window: make a window: %w", err)
	}
	if err := w.dress(); err != nil {
		w.top.Destroy()
		return nil, err
	}
	w.frame = newFrame(&w.paint)
	w.top.Add(w.frame.root)
	w.arrange()
	w.connect()
	w.top.ShowAll()
	w.frame.hideOver()
	w.watchFrames()
	if w.paint.err != nil {
		w.top.Destroy()
		return nil, fmt.Errorf("window: make the frame: %w", w.paint.err)
	}
	return w, nil
}

// dress loads the style sheet. The window's address makes an id of its own.
func (w *Window) dress() error {
	name := fmt.Sprintf("w%x", w.top.Native())
	w.top.SetName(name)
	css, err := styleSheet("#"+name, w.o.Metrics, w.usual, w.high)
	if err != nil {
		return err
	}
	if w.sheet, err = gtk.CssProviderNew(); err != nil {
		return fmt.Errorf("window: make a style sheet: %w", err)
	}
	if err := w.sheet.LoadFromData(css); err != nil {
		return fmt.Errorf("window: load the style sheet: %w", err)
	}
	if w.style, err = w.top.GetStyleContext(); err != nil {
		return fmt.Errorf("window: find the style: %w", err)
	}
	w.screen = w.top.GetScreen()
	gtk.AddProviderForScreen(w.screen, w.sheet, gtk.STYLE_PROVIDER_PRIORITY_USER)
	return nil
}

// arrange sizes and places the window. Without a window manager nobody honours
// a wish for the full screen, so its size is set as well.
func (w *Window) arrange() {
	w.top.SetTitle(w.o.Title)
	w.top.SetDecorated(w.o.Decorated && !w.o.Fullscreen)
	width, height := w.o.Width, w.o.Height
	if width == 0 || height == 0 {
		width, height = w.o.Metrics.Width, w.o.Metrics.Height
	}
	x, y := w.o.X, w.o.Y
	if w.o.Fullscreen {
		x, y = 0, 0
		if mw, mh, _, err := Monitor(); err == nil {
			width, height = mw, mh
		}
		w.top.Fullscreen()
	}
	if onWayland() && !w.o.Decorated {
		// A compositor decides the size itself. To ask for exactly its own, or
		// to present the window before it is shown, holds GDK 3.24's first
		// frame back for ever (seen under cage).
		return
	}
	w.top.SetDefaultSize(width, height)
	w.top.Move(x, y)
}

func (w *Window) connect() {
	w.top.Connect("delete-event", func() bool {
		if w.o.OnClose != nil {
			w.o.OnClose()
		}
		return true // Close closes
	})
	if !onWayland() {
		w.top.Connect("map-event", func() {
			// Without a window manager a window takes the keyboard itself.
			w.top.Present()
		})
	}
	if !w.o.HidePointer {
		return
	}
	w.top.Connect("realize", func() {
		display, err := gdk.DisplayGetDefault()
		if err != nil {
			return
		}
		if none, err := gdk.CursorNewFromName(display, "none"); err == nil {
			if win, err := w.top.GetWindow(); err == nil {
				win.SetCursor(none)
			}
			runtime.KeepAlive(none)
		}
	})
}

// onWayland reports whether the display is a Wayland compositor. X11 displays
// have names like :0.
func onWayland() bool {
	display, err := gdk.DisplayGetDefault()
	if err != nil {
		return false
	}
	name, err := display.GetName()
	return err == nil && strings.HasPrefix(name, "wayland")
}

// watchFrames hears of each frame drawn.
func (w *Window) watchFrames() {
	w.top.GetFrameClock().Connect("after-paint", func() {
		if !w.drawn {
			return
		}
		w.drawn = false
		w.painted()
	})
}

func (w *Window) painted() {
	if f := w.first; f != nil {
		w.first = nil
		f()
	}
	if w.o.Painted != nil {
		w.o.Painted()
	}
}

// OnFirstPaint calls f once, on GTK's thread, after the first frame with
// content has been drawn. Call it before the first Show.
func (w *Window) OnFirstPaint(f func()) { w.first = f }

// Show draws s soon. Any goroutine may call it. Of several values given before
// one could be drawn only the newest is. The value must not be changed after.
func (w *Window) Show(s screen.Screen) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next = &s
	if w.pending || w.closed {
		return
	}
	w.pending = true
	Post(w.apply)
}

// apply binds the newest value.
func (w *Window) apply() {
	w.mu.Lock()
	s := w.next
	w.next, w.pending = nil, false
	closed := w.closed
	w.mu.Unlock()
	if s == nil || closed {
		return
	}
	before := w.paint.changes
	w.mode(s)
	w.frame.bind(&w.paint, s)
	if w.paint.changes == before {
		w.painted() // nothing to draw
		return
	}
	w.drawn = true
}

// english is the language whose letters grow less in large type.
const english = "en"

// mode sets the size of type and the colours.
func (w *Window) mode(s *screen.Screen) {
	set := func(class string, was *bool, is bool) {
		if *was == is {
			return
		}
		*was = is
		w.paint.changes++
		if is {
			w.style.AddClass(class)
		} else {
			w.style.RemoveClass(class)
		}
	}
	set("large", &w.last.large, s.Large)
	set("contrast", &w.last.contrast, s.Contrast)
	set("english", &w.last.english, s.Lang == english)
	w.paint.palette = &w.usual
	if s.Contrast {
		w.paint.palette = &w.high
	}
}

func (w *Window) touched(it *item) {
	if it.node.Off || it.node.Do == "" || w.o.Touch == nil || !w.bounce.pass(it.node, time.Now()) {
		return
	}
	w.o.Touch(it.node.Do, it.node.Arg)
}

// Overflow is by how many pixels the page shown is wider and higher than the
// room it has; 0, 0 when it fits.
func (w *Window) Overflow() (width, height int) { return w.frame.overflow() }

// Rest is for the time between two residents: it takes the words and pictures
// of the last one out of the pages not shown, gives the pictures kept up and
// collects garbage, which a small program otherwise does only every few
// minutes.
func (w *Window) Rest() {
	w.frame.forget()
	w.paint.pictures.forget()
	runtime.GC()
}

// Close takes the window away. Any goroutine may call it, and more than once.
func (w *Window) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.closed, w.next = true, nil
	Post(func() {
		gtk.RemoveProviderForScreen(w.screen, w.sheet)
		w.top.Destroy()
	})
}
