// Command walkin walks one fictional resident through the demonstration, from
// the attract page to the slip, by real pointer events on a display of its
// own, and leaves pictures of every page and of the slip. Where the terminal has
// a hub, it opens the page that the slip's QR code leads to as well. It is what
// `make run` does where there is no display.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"jobhome/kiosk/words"
	"jobhome/ui/uitest"
)

func main() {
	program := flag.String("kiosk", "bin/kiosk", "the terminal's `program`")
	out := flag.String("out", "out", "`directory` for the pictures")
	settings := flag.String("settings", "", "the terminal's settings `file`; none: the demonstration without a hub")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	if err := run(ctx, *program, *settings, *out); err != nil {
		fmt.Fprintln(os.Stderr, "walkin:", err)
		os.Exit(1)
	}
}

// The terminal's size, and that of the bench beside it, in pixels.
const (
	width, height = 1280, 800
	bench         = 420
)

func run(ctx context.Context, program, settings, out string) (err error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for _, old := range []string{"slip.png", "screen-*.png", "slip-page.html"} {
		files, _ := filepath.Glob(filepath.Join(out, old))
		for _, f := range files {
			_ = os.Remove(f)
		}
	}
	desk, err := uitest.StartDesk(ctx, uitest.DeskOpts{Width: width + bench, Height: height})
	if err != nil {
		return err
	}
	defer func() { _ = desk.Close() }()
	log, err := os.Create(filepath.Join(out, "kiosk.log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	args := []string{"run", "-bench", "-out", out, "-width", fmt.Sprint(width), "-height", fmt.Sprint(height)}
	if settings != "" {
		args = append([]string{"-settings", settings}, args...)
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = desk.Env(), log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the terminal: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	app, err := desk.App(ctx, "jobhome")
	if err != nil {
		return fmt.Errorf("the terminal did not come up, see %s: %w", log.Name(), err)
	}
	w := &walk{ctx: ctx, desk: desk, app: app, out: out}
	if err := w.all(); err != nil {
		return fmt.Errorf("%w (see %s)", err, log.Name())
	}
	if settings != "" {
		if err := w.page(); err != nil {
			return err
		}
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		return fmt.Errorf("the terminal did not end when it was asked to")
	}
	return nil
}

// walk is one resident's way through the terminal.
type walk struct {
	ctx  context.Context
	desk *uitest.Desk
	app  *uitest.App
	out  string
	n    int
}

// step is a touch, by the beginning of the words on the button, and what must
// be on the screen then.
type step struct {
	touch string // "" for nothing
	seen  string // beginning of the words of a button or label
	shot  string // name of the picture; "" for none
}

func (w *walk) all() error {
	t := func(key string, args ...any) string { return words.T(words.Zh, key, args...) }
	const resident = "陈**"
	steps := []step{
		{"", t("attract.title"), "attract"},
		{t("attract.title"), t("tile.match"), "home"},
		{t("home.card"), t("consent.yes"), "consent"},
		{t("consent.yes"), t("tap.title"), "card"},
		{"居民身份证", t("card.title", resident), "greeting"},
		{t("card.match"), t("ask.trades.title"), "ask-trades"},
		{t("trade.garment"), t("ask.next"), ""},
		{t("ask.next"), t("ask.when.title"), "ask-when"},
		{t("when.day"), t("ask.pay.title"), "ask-pay"},
		{"4000", t("ask.distance.title"), "ask-distance"},
		{t("km", "10"), t("ask.school.title"), "ask-school"},
		{t("edu.70"), t("ask.certificates.title"), "ask-certificates"},
		{t("cert.health"), t("ask.next"), ""},
		{t("ask.next"), t("list.again"), "list"},
	}
	for _, s := range steps {
		if err := w.step(s); err != nil {
			return err
		}
	}
	if err := w.choose(); err != nil {
		return err
	}
	for _, s := range []step{
		{"", t("posting.print"), "posting"},
		{t("posting.print"), t("confirm.print"), "confirm"},
		{t("confirm.print"), t("take.title"), "take"},
		{t("rate.good"), t("rate.thanks"), ""},
		{t("take.done"), t("attract.title"), "end"},
	} {
		if err := w.step(s); err != nil {
			return err
		}
	}
	return w.slip()
}

// page opens what the slip's QR code leads to, as a phone would.
func (w *walk) page() error {
	found, err := exec.CommandContext(w.ctx, "zbarimg", "--quiet", "--raw", filepath.Join(w.out, "slip.png")).Output()
	if err != nil {
		return fmt.Errorf("the slip's QR code cannot be read: %w", err)
	}
	url := strings.TrimSpace(string(found))
	req, err := http.NewRequestWithContext(w.ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("open the slip's page: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("open the slip's page: %w", err)
	}
	if resp.StatusCode != http.StatusOK || !strings.Contains(string(text), "JobPosting") {
		return fmt.Errorf("the slip's page %s answers %s", url, resp.Status)
	}
	file := filepath.Join(w.out, "slip-page.html")
	fmt.Printf("%-14s %s, from %s\n", "page", file, url)
	return os.WriteFile(file, text, 0o644)
}

// choose touches the first posting of the list. Only a posting's name has
// commas in it.
func (w *walk) choose() error {
	first, err := w.app.Wait(w.ctx, uitest.Query{Role: "button", NameContains: ", "})
	if err != nil {
		return fmt.Errorf("no posting in the list: %w", err)
	}
	return w.desk.Touch(first)
}

func (w *walk) step(s step) error {
	ctx, cancel := context.WithTimeout(w.ctx, 30*time.Second)
	defer cancel()
	if s.touch != "" {
		n, err := w.app.Wait(ctx, uitest.Query{Role: "button", NamePrefix: s.touch})
		if err != nil {
			return fmt.Errorf("nothing to touch: %w", err)
		}
		if err := w.desk.Touch(n); err != nil {
			return err
		}
	}
	if _, err := w.app.Wait(ctx, uitest.Query{NamePrefix: s.seen, Greyed: true}); err != nil {
		return fmt.Errorf("after %q: %w", s.touch, err)
	}
	if s.shot == "" {
		return nil
	}
	w.n++
	file := filepath.Join(w.out, fmt.Sprintf("screen-%02d-%s.png", w.n, s.shot))
	if err := w.desk.Park(); err != nil {
		return err
	}
	if err := w.desk.SavePNG(file); err != nil {
		return err
	}
	fmt.Printf("%-14s %s\n", s.shot, file)
	return nil
}

// slip waits for the picture of the slip.
func (w *walk) slip() error {
	file := filepath.Join(w.out, "slip.png")
	for {
		if info, err := os.Stat(file); err == nil && info.Size() > 0 {
			fmt.Printf("%-14s %s\n", "slip", file)
			return nil
		}
		select {
		case <-w.ctx.Done():
			return fmt.Errorf("no slip came out of the printer: %w", w.ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
