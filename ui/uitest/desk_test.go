package uitest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

const testLimit = 60 * time.Second // for a whole test on a busy machine

// startDesk skips the test when the machine lacks a program it needs.
func startDesk(t *testing.T, o DeskOpts) (*Desk, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testLimit)
	t.Cleanup(cancel)
	d, err := StartDesk(ctx, o)
	if errors.Is(err, exec.ErrNotFound) {
		t.Skipf("a desk cannot be started here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, ctx
}

// zenity starts a dialogue of GTK's and returns it with its exit.
func zenity(ctx context.Context, t *testing.T, d *Desk, args ...string) (*App, <-chan error) {
	t.Helper()
	path, err := exec.LookPath("zenity")
	if err != nil {
		t.Skipf("zenity is not installed (Debian package zenity): %v", err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = d.Env()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exit := make(chan error, 1)
	go func() { exit <- cmd.Wait() }()
	app, err := d.App(ctx, "zenity")
	if err != nil {
		t.Fatal(err)
	}
	return app, exit
}

func TestTouchAQuestion(t *testing.T) {
	for _, c := range []struct {
		button string
		want   int
	}{{"同意", 0}, {"不同意", 1}} {
		t.Run(c.button, func(t *testing.T) {
			d, ctx := startDesk(t, DeskOpts{Width: 800, Height: 600})
			app, exit := zenity(ctx, t, d, "--question", "--text=打印介绍信？", "--ok-label=同意", "--cancel-label=不同意")
			if _, err := app.Wait(ctx, Query{Role: "label", NameContains: "介绍信"}); err != nil {
				t.Fatal(err)
			}
			texts, err := app.Texts(ctx)
			if err != nil || !slices.Contains(texts, "打印介绍信？") {
				t.Errorf("texts %q, %v", texts, err)
			}
			if err := app.TouchNamed(ctx, c.button); err != nil {
				t.Fatal(err)
			}
			if got := exitCode(<-exit); got != c.want {
				t.Errorf("exit %d, want %d", got, c.want)
			}
		})
	}
}

func exitCode(err error) int {
	var e *exec.ExitError
	if errors.As(err, &e) {
		return e.ExitCode()
	}
	return 0
}

func TestFindAndValue(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 800, Height: 600})
	app, _ := zenity(ctx, t, d, "--entry", "--text=工种", "--entry-text=焊工")
	n, err := app.Wait(ctx, Query{Role: "entry"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := app.Value(ctx, n); err != nil || got != "焊工" {
		t.Errorf("value %q, %v", got, err)
	}
	buttons, err := app.FindAll(ctx, Query{Role: "button"})
	if err != nil || len(buttons) < 2 {
		t.Fatalf("buttons %v, %v", buttons, err)
	}
	for _, b := range buttons {
		if !b.Bounds.In(d.Bounds()) {
			t.Errorf("%v is not on the screen", b)
		}
	}
	if _, ok, err := app.Find(ctx, Query{Name: "没有"}); ok || err != nil {
		t.Errorf("found what is not there: %v, %v", ok, err)
	}
}

func TestWaitSaysWhatIsShowing(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 800, Height: 600})
	app, _ := zenity(ctx, t, d, "--info", "--text=请稍候")
	if _, err := app.Wait(ctx, Query{NameContains: "请稍候"}); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancelCause(ctx)
	reason := errors.New("the test's patience")
	cancel(reason)
	_, err := app.Wait(over, Query{Role: "button", Name: "没有"})
	if !errors.Is(err, reason) || !strings.Contains(err.Error(), `button named "没有"`) ||
		!strings.Contains(err.Error(), `label "请稍候"`) {
		t.Errorf("got %v", err)
	}
	if err := app.TouchNamed(over, "没有"); !errors.Is(err, reason) {
		t.Errorf("TouchNamed: %v", err)
	}
	if _, err := d.App(over, "nobody"); !errors.Is(err, reason) {
		t.Errorf("App: %v", err)
	}
}

func TestTouchOutsideTheScreen(t *testing.T) {
	// Without a window manager GTK clips nothing: a dialogue larger than the
	// screen has its buttons below the edge.
	d, ctx := startDesk(t, DeskOpts{Width: 200, Height: 60})
	app, _ := zenity(ctx, t, d, "--question", "--text=第一行\n第二行\n第三行\n第四行", "--ok-label=同意", "--cancel-label=不同意")
	err := app.TouchNamed(ctx, "同意")
	if err == nil || !strings.Contains(err.Error(), `button "同意" lies outside the screen`) {
		t.Errorf("got %v", err)
	}
	if err := d.TouchAt(image.Pt(200, 10)); err == nil {
		t.Error("touched a point outside the screen")
	}
	if err := d.Touch(Node{Role: "button", Name: "甲"}); err == nil {
		t.Error("touched a node without a place")
	}
}

func TestStopwatch(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 800, Height: 600})
	app, exit := zenity(ctx, t, d, "--question", "--text=打印？", "--ok-label=同意", "--cancel-label=不同意")
	button, err := app.Wait(ctx, Query{Role: "button", Name: "同意"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.NewStopwatch(1); err == nil {
		t.Error("watches a window that does not exist")
	}
	sw, err := d.NewStopwatch(0)
	if err != nil {
		t.Fatal(err)
	}
	defer sw.Close()
	paint, err := sw.TouchAt(ctx, middle(button.Bounds), 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if paint.First() <= 0 || paint.Last() < paint.First() {
		t.Errorf("first %v, last %v", paint.First(), paint.Last())
	}
	if got := exitCode(<-exit); got != 0 {
		t.Errorf("the touch answered %d", got)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := sw.TouchAt(over, image.Pt(1, 1), time.Millisecond); !errors.Is(err, context.Canceled) {
		t.Errorf("without time left: %v", err)
	}
}

func TestPictureAndWindows(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 400, Height: 300})
	empty, err := d.Screenshot()
	if err != nil {
		t.Fatal(err)
	}
	if !empty.Bounds().Eq(d.Bounds()) || empty.RGBAAt(5, 5) != (color.RGBA{A: 255}) {
		t.Errorf("an empty desk is not black: %v %v", empty.Bounds(), empty.RGBAAt(5, 5))
	}
	app, _ := zenity(ctx, t, d, "--info", "--title=提示", "--text=请稍候")
	n, err := app.Wait(ctx, Query{NameContains: "请稍候"})
	if err != nil {
		t.Fatal(err)
	}
	windows, err := d.Windows()
	if err != nil || len(windows) != 1 || windows[0].Title != "提示" || !n.Bounds.In(windows[0].Bounds) {
		t.Errorf("windows %v, %v; label %v", windows, err, n)
	}
	if err := d.Park(); err != nil {
		t.Error(err)
	}
	for ctx.Err() == nil { // the tree is there a little before the first picture
		if img, err := d.Screenshot(); err != nil || !bytes.Equal(img.Pix, empty.Pix) {
			break
		}
	}
	path := filepath.Join(t.TempDir(), "a.png")
	if err := d.SavePNG(path); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil || !img.Bounds().Eq(d.Bounds()) {
		t.Fatalf("%v", err)
	}
	r, g, b, _ := img.At(middle(n.Bounds).X, n.Bounds.Min.Y).RGBA()
	if r+g+b == 0 {
		t.Error("the window is not in the picture")
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	d, ctx := startDesk(t, DeskOpts{Width: 320, Height: 240})
	sw, err := d.NewStopwatch(0)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Swipe(image.Pt(10, 10), image.Pt(300, 200), 30*time.Millisecond); err != nil {
		t.Error(err)
	}
	_, exit := zenity(ctx, t, d, "--info", "--text=甲")
	dir, mark := d.dir, "XDG_RUNTIME_DIR="+d.path("run")
	// Xvfb, both buses, the launcher, the registry and the dialogue.
	if pids := pidsByEnv(mark, nil); len(pids) < 6 {
		t.Errorf("only %d processes carry the mark", len(pids))
	}
	sw.Close()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	<-exit
	if pids := pidsByEnv(mark, nil); len(pids) > 0 {
		t.Errorf("still running: %v", pids)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s: %v", dir, err)
	}
	for runtime.NumGoroutine() > before && ctx.Err() == nil {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before+1 {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

func TestBadScreenSize(t *testing.T) {
	for _, o := range []DeskOpts{{Width: -1, Height: 5}, {Width: 5}, {Width: 40000, Height: 5}} {
		if d, err := StartDesk(t.Context(), o); err == nil {
			t.Errorf("started a desk of %dx%d", o.Width, o.Height)
			_ = d.Close()
		}
	}
}

// TestKilledParent starts a desk in a second copy of this test program, kills
// that, and waits for the desk to go by itself.
func TestKilledParent(t *testing.T) {
	if os.Getenv("UITEST_HOLD_A_DESK") != "" {
		d, _ := startDesk(t, DeskOpts{Width: 320, Height: 240})
		if _, err := os.Stdout.WriteString("DESK " + d.path("run") + "\n"); err != nil {
			t.Fatal(err)
		}
		select {} // until killed
	}
	ctx, cancel := context.WithTimeout(t.Context(), testLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKilledParent$", "-test.v")
	cmd.Env = append(os.Environ(), "UITEST_HOLD_A_DESK=1", "TMPDIR="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	run, skipped := "", false
	lines := bufio.NewScanner(out)
	for run == "" && lines.Scan() {
		if path, ok := strings.CutPrefix(lines.Text(), "DESK "); ok {
			run = path
		}
		skipped = skipped || strings.Contains(lines.Text(), "SKIP")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if skipped {
		t.Skip("a desk cannot be started here")
	}
	if run == "" {
		t.Fatal("the copy started no desk")
	}
	pids := pidsByEnv("XDG_RUNTIME_DIR="+run, nil)
	for len(pids) > 0 && ctx.Err() == nil {
		_ = pause(ctx, pollEvery)
		pids = pidsByEnv("XDG_RUNTIME_DIR="+run, nil)
	}
	if len(pids) > 0 {
		t.Errorf("outlived their parent: %v", pids)
	}
}

// TestWithoutDirectConnection holds that the bus alone is enough.
func TestWithoutDirectConnection(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 400, Height: 300})
	app, _ := zenity(ctx, t, d, "--info", "--text=甲")
	fast, err := app.Wait(ctx, Query{Name: "甲"})
	if err != nil {
		t.Fatal(err)
	}
	app.direct = nil
	slow, err := app.Wait(ctx, Query{Name: "甲"})
	if err != nil || slow != fast {
		t.Errorf("by the bus %v, directly %v: %v", slow, fast, err)
	}
}

// TestProgramThatLeft holds that a program's end is told from an empty screen.
func TestProgramThatLeft(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 400, Height: 300})
	app, exit := zenity(ctx, t, d, "--info", "--text=甲", "--ok-label=好")
	if err := app.TouchNamed(ctx, "好"); err != nil {
		t.Fatal(err)
	}
	<-exit
	if _, _, err := app.Find(ctx, Query{}); err == nil {
		t.Error("a program that has ended still shows its screen")
	}
}

func TestWaitGone(t *testing.T) {
	d, ctx := startDesk(t, DeskOpts{Width: 400, Height: 300})
	app, _ := zenity(ctx, t, d, "--info", "--text=甲")
	if err := app.WaitGone(ctx, Query{Name: "乙"}); err != nil {
		t.Error(err)
	}
	if _, err := app.Wait(ctx, Query{Name: "甲"}); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := app.WaitGone(over, Query{Name: "甲"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
