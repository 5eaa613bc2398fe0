package window

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/gotk3/gotk3/gdk"
	"github.com/gotk3/gotk3/glib"
	"github.com/gotk3/gotk3/gtk"
)

// drainEvery is how often objects that Go gave up are released, in ms.
const drainEvery = 200

// unrefs collects what the garbage collector wants released. GTK objects may
// be released on GTK's thread only, and one idle call for each would starve
// the drawing.
type unrefs struct {
	mu   sync.Mutex
	list []glib.Finalizer
}

func (u *unrefs) put(f glib.Finalizer) {
	u.mu.Lock()
	u.list = append(u.list, f)
	u.mu.Unlock()
}

func (u *unrefs) drain() bool {
	u.mu.Lock()
	list := u.list
	u.list = nil
	u.mu.Unlock()
	for _, f := range list {
		f()
	}
	return true // again in drainEvery
}

// Init binds the calling goroutine to its thread and starts GTK on it. Call it
// once, from the main goroutine, before anything else of this package. The
// program's name on the accessibility bus becomes name, unless that is empty.
// The error says that there is no display.
func Init(name string) error {
	runtime.LockOSThread()
	u := new(unrefs)
	glib.FinalizerStrategy = u.put
	if name != "" {
		glib.SetPrgname(name)
	}
	if err := gtk.InitCheck(nil); err != nil {
		return fmt.Errorf("window: start GTK: %w", err)
	}
	glib.TimeoutAdd(drainEvery, u.drain)
	settings, err := gtk.SettingsGetDefault()
	if err != nil {
		return fmt.Errorf("window: read GTK's settings: %w", err)
	}
	for _, name := range []string{"gtk-enable-animations", "gtk-error-bell"} {
		if err := settings.SetProperty(name, false); err != nil {
			return fmt.Errorf("window: set %s: %w", name, err)
		}
	}
	return nil
}

// Main runs GTK's loop until Quit. Call it from the goroutine that called Init.
func Main() { gtk.Main() }

// Quit ends Main. Any goroutine may call it.
func Quit() { Post(gtk.MainQuit) }

// Post runs f on GTK's thread, soon. Any goroutine may call it; calls run in
// their order. A stream of events should be gathered before it is posted, as
// Show does.
func Post(f func()) {
	// Above redrawing, so that a busy screen cannot hold back the next one.
	glib.IdleAddPriority(glib.PRIORITY_DEFAULT, func() { f() })
}

// Monitor measures the main monitor: its size in pixels and its width in
// millimetres as the panel tells it (EDID), 0 where it does not. Call it on
// GTK's thread.
func Monitor() (width, height int, widthMM float64, err error) {
	display, err := gdk.DisplayGetDefault()
	if err != nil {
		return 0, 0, 0, fmt.Errorf("window: find the display: %w", err)
	}
	m, err := display.GetPrimaryMonitor()
	if err != nil { // a server without a window manager may name none
		if m, err = display.GetMonitor(0); err != nil {
			return 0, 0, 0, fmt.Errorf("window: find the monitor: %w", err)
		}
	}
	g := m.GetGeometry()
	return g.GetWidth(), g.GetHeight(), float64(m.GetWidthMM()), nil
}
