package window

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"jobhome/ui/screen"
	"jobhome/ui/uitest"
)

// inside tells the test binary that it runs on a desk.
const inside = "JOBHOME_WINDOW_TEST"

// TestMain starts this binary once more on a desk of its own, where every
// CRITICAL of GTK aborts it. There the main goroutine runs GTK's loop and the
// tests run beside it. GLib reads G_DEBUG before Go starts, so the variable
// cannot be set from within.
func TestMain(m *testing.M) {
	if os.Getenv(inside) == "" {
		os.Exit(outsideMain())
	}
	if err := Init("windowtest"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := make(chan int, 1)
	go func() {
		code <- m.Run()
		Quit()
	}()
	Main()
	os.Exit(<-code)
}

func outsideMain() int {
	desk, err := uitest.StartDesk(context.Background(), uitest.DeskOpts{Width: 1080, Height: 1920})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer desk.Close()
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(desk.Env(), inside+"=1", "G_DEBUG=fatal-criticals")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(1, exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// The two panels of the design.
var (
	small = screen.NewMetrics(1280, 800, 217)
	tall  = screen.NewMetrics(1080, 1920, 268)
)

const patience = 20 * time.Second

// on runs f on GTK's thread and waits for it.
func on(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	Post(func() {
		defer close(done)
		f()
	})
	wait(t, done, "GTK's thread")
}

func wait[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("no answer from %s", what)
		panic("unreachable")
	}
}

// show is a window with a way to wait for what it shows.
type show struct {
	*Window
	t       *testing.T
	painted chan struct{}
}

func newShow(t *testing.T, o Options) *show {
	t.Helper()
	s := &show{t: t, painted: make(chan struct{}, 1)}
	o.Painted = func() {
		select {
		case s.painted <- struct{}{}:
		default:
		}
	}
	var err error
	on(t, func() { s.Window, err = New(o) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		on(t, func() {}) // Close has been carried out
	})
	return s
}

// see shows sc and waits until it has been drawn.
func (s *show) see(sc screen.Screen) {
	s.t.Helper()
	s.Show(sc)
	wait(s.t, s.painted, "the painter")
}
