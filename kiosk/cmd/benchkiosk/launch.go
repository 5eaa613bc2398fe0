package main

import (
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"jobhome/ui/uitest"
)

// starts are the figures of one program.
type starts struct{ took, mem, procs figures }

// measureLaunch starts the terminal and Chromium in turns. Both show the same
// words in the same places, and both count as there when the pixels of all of
// those places do.
func measureLaunch(ctx context.Context, b *bench) error {
	page, parts, err := b.firstPage(ctx)
	if err != nil {
		return err
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		note("Chromium is not installed (Debian: apt-get install chromium); the terminal is measured alone")
	}
	var ours, peer starts
	for i := range b.runs {
		note("start %d of %d", i+1, b.runs)
		err := b.timeStart(ctx, &ours, parts, func() (*program, string, error) {
			p, err := b.startKiosk(ctx, false)
			return p, "", err
		})
		if err != nil {
			return fmt.Errorf("the terminal: %w", err)
		}
		if chromium == "" {
			continue
		}
		err = b.timeStart(ctx, &peer, parts, func() (*program, string, error) { return b.startChromium(ctx, chromium, page) })
		if err != nil {
			return fmt.Errorf("the page in Chromium: %w", err)
		}
	}
	b.launchRows(ours, peer)
	return nil
}

func (b *bench) launchRows(ours, peer starts) {
	time := row{
		what: "launch → first page painted", ours: ours.took.spread("%.0f", "ms"),
		aim: "≤ 1/3 of the peer's time", peer: "no Chromium", ratio: "–", open: true,
	}
	mem := row{
		what: "memory (PSS of all processes)", ours: ours.mem.spread("%.1f", "MB"),
		aim: "≤ 1/4 of the peer's memory", peer: "no Chromium", ratio: "–", open: true,
	}
	if len(peer.took) > 0 {
		r, m := against(ours.took, peer.took), against(ours.mem, peer.mem)
		time.peer, time.ratio = "Chromium "+peer.took.spread("%.0f", "ms"), r.String()
		time.open, time.reached = false, r.within(1.0/3)
		mem.peer = fmt.Sprintf("Chromium %s, %.0f processes", peer.mem.spread("%.1f", "MB"), peer.procs.median())
		mem.ratio, mem.open, mem.reached = m.String(), false, m.within(1.0/4)
	}
	b.table.add(time)
	b.table.add(mem)
}

// timeStart starts a program once.
func (b *bench) timeStart(ctx context.Context, s *starts, parts []image.Rectangle,
	start func() (*program, string, error),
) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if _, err := b.hand.until(ctx, false, parts); err != nil {
		return fmt.Errorf("the screen was not bare: %w", err)
	}
	p, mark, err := start()
	if err != nil {
		return err
	}
	defer p.stop()
	seen, err := b.hand.until(ctx, true, parts)
	if err != nil {
		return err
	}
	s.took = append(s.took, ms(seen.Sub(p.begun)))
	if err := rest(ctx, b.settle); err != nil {
		return err
	}
	mem, n, err := pss(p.cmd.Process.Pid, mark)
	if err != nil {
		return err
	}
	s.mem, s.procs = append(s.mem, mem), append(s.procs, float64(n))
	if b.out == "" || len(s.took) > 1 {
		return nil
	}
	if err := os.MkdirAll(b.out, 0o755); err != nil {
		return err
	}
	return b.desk.SavePNG(filepath.Join(b.out, "bench-"+filepath.Base(p.cmd.Path)+".png"))
}

// startChromium shows the page as a browser in kiosk mode does, with nothing
// of an older run and no traffic of its own.
func (b *bench) startChromium(ctx context.Context, browser, page string) (*program, string, error) {
	dir, err := os.MkdirTemp(b.dir, "profile-")
	if err != nil {
		return nil, "", err
	}
	p, err := b.start(ctx, nil, browser, "--kiosk", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-features=Translate",
		fmt.Sprintf("--window-size=%d,%d", b.width, b.height), "--window-position=0,0",
		"--user-data-dir="+dir, "file://"+page)
	return p, dir, err
}

// glimpse is the part of a posting's place that is looked at: the words begin
// there, and it is small enough that looking does not slow the drawing down.
func glimpse(r image.Rectangle) image.Rectangle {
	mid := (r.Min.Y + r.Max.Y) / 2
	return image.Rect(r.Min.X, mid-60, r.Min.X+300, mid+60).Intersect(r)
}

// firstPage writes what the terminal shows first as a page for a browser: the
// same words in the same places. parts are the places of the postings.
func (b *bench) firstPage(ctx context.Context) (file string, parts []image.Rectangle, err error) {
	g, err := b.guide(ctx)
	if err != nil {
		return "", nil, err
	}
	defer g.prog.stop()
	var nodes []uitest.Node
	for _, role := range []string{"button", "label"} {
		n, err := g.app.FindAll(ctx, uitest.Query{Role: role, Greyed: true})
		if err != nil {
			return "", nil, err
		}
		nodes = append(nodes, n...)
	}
	for _, n := range nodes {
		if n.Role == "button" && strings.Contains(n.Name, "元") {
			parts = append(parts, glimpse(n.Bounds))
		}
	}
	if len(parts) == 0 {
		return "", nil, fmt.Errorf("the first page shows no posting")
	}
	file = filepath.Join(b.dir, "first-page.html")
	return file, parts, os.WriteFile(file, pageOf(nodes), 0o600)
}
