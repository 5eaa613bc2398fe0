package uitest

import (
	"errors"
	"image"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb/xproto"
)

func TestCleanEnv(t *testing.T) {
	got := cleanEnv([]string{
		"PATH=/bin", "NO_AT_BRIDGE=1", "GTK_A11Y=none", "GTK_THEME=x", "DISPLAY=:9", "HOMEPAGE=y",
		"LC_ALL=C", "LANG=C", "HOME=/h", "AT_SPI_BUS_ADDRESS=z", "WAYLAND_DISPLAY=w", "GOCOVERDIR=/c",
	})
	want := []string{"PATH=/bin", "HOMEPAGE=y", "GOCOVERDIR=/c"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEnvOfDesk(t *testing.T) {
	d := &Desk{opts: DeskOpts{Lang: "C.UTF-8", Touchscreen: true}, dir: "/d", display: ":7", session: "unix:path=/d/run/bus"}
	env := d.Env()
	for _, want := range []string{
		"DISPLAY=:7", "DBUS_SESSION_BUS_ADDRESS=unix:path=/d/run/bus", "XDG_RUNTIME_DIR=/d/run",
		"HOME=/d/home", "LANG=C.UTF-8", "GDK_BACKEND=x11", "GTK_TEST_TOUCHSCREEN=1",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("no %s", want)
		}
	}
	names := map[string]bool{}
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		if names[name] {
			t.Errorf("%s is set twice", name)
		}
		names[name] = true
	}
}

func TestHasState(t *testing.T) {
	set := []uint32{1<<stateSensitive | 1<<stateShowing, 1 << 3}
	for bit, want := range map[int]bool{stateSensitive: true, stateShowing: true, stateVisible: false, 35: true, 36: false, 64: false} {
		if hasState(set, bit) != want {
			t.Errorf("bit %d: got %v", bit, !want)
		}
	}
	if hasState(nil, stateShowing) {
		t.Error("an empty set has a bit")
	}
}

func TestExtents(t *testing.T) {
	const least = -1 << 31
	for _, c := range []struct {
		e    extents
		want image.Rectangle
	}{
		{extents{10, 20, 30, 40}, image.Rect(10, 20, 40, 60)},
		{extents{-5, -5, 10, 10}, image.Rect(-5, -5, 5, 5)},
		{extents{0, 0, 0, 10}, image.Rectangle{}},
		{extents{-1, -1, -1, -1}, image.Rectangle{}},
		{extents{least, least, 1, 1}, image.Rectangle{}},
	} {
		if got := c.e.rect(); got != c.want {
			t.Errorf("%+v: got %v, want %v", c.e, got, c.want)
		}
	}
}

func TestQueryMatches(t *testing.T) {
	next := Node{Role: "button", Name: "下一页", Sensitive: true}
	grey := Node{Role: "button", Name: "打印"}
	for _, c := range []struct {
		q    Query
		n    Node
		want bool
	}{
		{Query{}, next, true},
		{Query{Role: "button"}, next, true},
		{Query{Role: "push button", Name: "下一页"}, next, true},
		{Query{Role: "label", Name: "下一页"}, next, false},
		{Query{Name: "下一"}, next, false},
		{Query{NamePrefix: "下一"}, next, true},
		{Query{NamePrefix: "一页"}, next, false},
		{Query{NameContains: "一页"}, next, true},
		{Query{NamePrefix: "下", NameContains: "上"}, next, false},
		{Query{Name: "打印"}, grey, false},
		{Query{Name: "打印", Greyed: true}, grey, true},
		{Query{Role: "text"}, Node{Role: "entry", Sensitive: true}, true},
	} {
		if got := c.q.matches(c.n); got != c.want {
			t.Errorf("%s / %v: got %v", c.q, c.n, got)
		}
	}
}

func TestQueryString(t *testing.T) {
	q := Query{Role: "push button", NamePrefix: "甲", NameContains: "乙"}
	if got, want := q.String(), `button beginning with "甲" containing "乙"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := (Query{}).String(); got != "anything" {
		t.Errorf("got %s", got)
	}
}

func TestPreferTouchable(t *testing.T) {
	label, button := Node{Role: "label", Name: "打印"}, Node{Role: "button", Name: "打印"}
	if got := preferTouchable([]Node{label, button}); got.Role != "button" {
		t.Errorf("got %v", got)
	}
	if got := preferTouchable([]Node{label}); got.Role != "label" {
		t.Errorf("got %v", got)
	}
}

func TestReadingOrder(t *testing.T) {
	at := func(name string, x, y, w, h int) Node { return Node{Name: name, Bounds: image.Rect(x, y, x+w, y+h)} }
	got := readingOrder([]Node{
		at("right", 500, 102, 100, 20), // a little lower, but the same row
		at("below", 0, 130, 100, 20),
		at("left", 0, 104, 100, 20),
		at("middle", 200, 100, 100, 24),
		at("title", 300, 0, 400, 90),
	})
	var names []string
	for _, n := range got {
		names = append(names, n.Name)
	}
	if want := []string{"title", "left", "middle", "right", "below"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

// FuzzReadingOrder holds that no node is lost and that a node wholly above
// another is never read after it when they stand in one column.
func FuzzReadingOrder(f *testing.F) {
	f.Add([]byte{0, 0, 10, 10, 20, 0, 10, 10, 0, 20, 10, 10})
	f.Add([]byte{5, 5, 1, 200, 5, 7, 1, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var nodes []Node
		for ; len(b) >= 4; b = b[4:] {
			x, y := int(b[0]), int(b[1])
			nodes = append(nodes, Node{Bounds: image.Rect(x, y, x+1+int(b[2]), y+1+int(b[3]))})
		}
		count := map[image.Rectangle]int{}
		for _, n := range nodes {
			count[n.Bounds]++
		}
		nodes = readingOrder(nodes)
		for i, n := range nodes {
			count[n.Bounds]--
			if i > 0 {
				p := nodes[i-1].Bounds
				if p.Min.X == n.Bounds.Min.X && p.Min.Y > n.Bounds.Min.Y && n.Bounds.Max.Y < p.Min.Y {
					t.Errorf("%v is read before %v", p, n.Bounds)
				}
			}
		}
		for r, c := range count {
			if c != 0 {
				t.Errorf("%v: %+d", r, -c)
			}
		}
	})
}

func TestBetween(t *testing.T) {
	from, to := image.Pt(100, 900), image.Pt(103, 100)
	if got := between(from, to, 7, 7); got != to {
		t.Errorf("ends at %v", got)
	}
	if got, want := between(from, to, 1, 2), image.Pt(101, 500); got != want {
		t.Errorf("half way: got %v, want %v", got, want)
	}
}

func TestFromBGRX(t *testing.T) {
	img, err := fromBGRX([]byte{1, 2, 3, 0, 4, 5, 6, 9}, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := []byte{3, 2, 1, 255, 6, 5, 4, 255}; !slices.Equal(img.Pix, want) {
		t.Errorf("got %v, want %v", img.Pix, want)
	}
	if _, err := fromBGRX([]byte{1, 2, 3}, 1, 1); err == nil {
		t.Error("three bytes were taken for a pixel")
	}
}

func TestPaint(t *testing.T) {
	p := Paint{
		{After: 2 * time.Millisecond, Area: image.Rect(0, 0, 10, 10)},
		{After: 9 * time.Millisecond, Area: image.Rect(0, 0, 100, 100)},
		{After: 30 * time.Millisecond, Area: image.Rect(0, 0, 200, 100)},
	}
	if p.First() != 2*time.Millisecond || p.Last() != 30*time.Millisecond {
		t.Errorf("first %v, last %v", p.First(), p.Last())
	}
	if got, ok := p.Large(10000); !ok || got != 9*time.Millisecond {
		t.Errorf("large: %v %v", got, ok)
	}
	if _, ok := p.Large(20001); ok {
		t.Error("found a larger rectangle than there is")
	}
}

func TestStopwatchForgets(t *testing.T) {
	s := &Stopwatch{}
	start := time.Now()
	s.add(start.Add(time.Millisecond), xproto.Rectangle{X: 1, Y: 2, Width: 3, Height: 4})
	s.forget()
	s.add(start.Add(5*time.Millisecond), xproto.Rectangle{X: -1, Y: 2, Width: 3, Height: 4})
	got := s.since(start)
	if want := (Hit{5 * time.Millisecond, image.Rect(-1, 2, 2, 6)}); len(got) != 1 || got[0] != want {
		t.Errorf("got %v, want only %v", got, want)
	}
}

func TestMissingA11yNamesThePackage(t *testing.T) {
	err := missingA11y(dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"})
	if !strings.Contains(err.Error(), "at-spi2-core") || !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	other := dbus.Error{Name: "org.freedesktop.DBus.Error.NoReply"}
	if err := missingA11y(other); errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestStartChildErrors(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	_, _, err := startChild(t.Context(), exec.Command("no-such-server"), childOpts{pkg: "nosuch", log: log})
	if !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "Debian package nosuch") {
		t.Errorf("missing program: %v", err)
	}
	c, _, err := startChild(t.Context(), exec.Command("sh", "-c", "echo cannot bind >&2; exit 1"), childOpts{log: log})
	if err == nil || !strings.Contains(err.Error(), "cannot bind") {
		t.Errorf("the server's own words are not in the error: %v", err)
	}
	if err := c.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestStartChildSpeaksAndStops(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	c, line, err := startChild(t.Context(), exec.Command("sh", "-c", "echo :12 >&3; sleep 600"), childOpts{log: log})
	if err != nil || line != ":12" {
		t.Fatalf("got %q, %v", line, err)
	}
	if err := c.stop(); err != nil {
		t.Error(err)
	}
	select {
	case <-c.done:
	default:
		t.Error("stop returned before the process ended")
	}
}

func TestEndByEnv(t *testing.T) {
	// sh ignores SIGTERM, so the force is tried too.
	mark := "UITEST_MARK=" + t.TempDir()
	cmd := exec.Command("sh", "-c", "trap '' TERM; sleep 600 & wait")
	cmd.Env = append(cmd.Environ(), mark)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	if pids := pidsByEnv(mark, nil); !slices.Contains(pids, cmd.Process.Pid) {
		t.Errorf("%v lacks %d", pids, cmd.Process.Pid)
	}
	if err := endByEnv(mark, nil); err != nil {
		t.Error(err)
	}
	<-done
}

func TestHasEnv(t *testing.T) {
	environ := []byte("A=1\x00XDG_RUNTIME_DIR=/tmp/desk-1/run\x00B=2\x00")
	if !hasEnv(environ, "XDG_RUNTIME_DIR=/tmp/desk-1/run") {
		t.Error("not found")
	}
	for _, kv := range []string{"XDG_RUNTIME_DIR=/tmp/desk-1", "RUNTIME_DIR=/tmp/desk-1/run"} {
		if hasEnv(environ, kv) {
			t.Errorf("%s is only part of an entry", kv)
		}
	}
}
