package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"jobhome/drivers/glyph"
	"jobhome/drivers/printer"
	"jobhome/kiosk/app"
	"jobhome/kiosk/commission"
	"jobhome/kiosk/config"
	"jobhome/kiosk/ledger"
	"jobhome/kiosk/link"
	"jobhome/kiosk/session"
	"jobhome/kiosk/station"
	"jobhome/ui/icons"
	"jobhome/ui/screen"
	"jobhome/ui/window"
)

// terminal is a running terminal.
type terminal struct {
	*place
	bench      *bench // nil without simulated devices
	station    *station.Station
	printer    *station.Printer // of the station, or one that only draws; nil for none
	app        *app.App
	link       atomic.Pointer[link.Link] // nil without a hub, or before it is there
	setUp      commission.Place
	sawDevices bool // the page of the devices was shown; of the loop
	tally      *tally
	cutOff     bool // the last slip before this run did not end well
	metrics    screen.Metrics
	window     *window.Window
	readiness
	present presence
}

// runFlags are the flags of kiosk run.
type runFlags struct {
	bench         bool
	out           string
	width, height int
	painted       string
	sticks        string
	firstPIN      string
}

// runTerminal runs the terminal until its window is closed or ctx ends.
func runTerminal(ctx context.Context, m *Main, args []string) error {
	var f runFlags
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.BoolVar(&f.bench, "bench", false, "open the bench with the simulated devices beside the terminal")
	flags.StringVar(&f.out, "out", "", "`directory` where the simulated printer leaves slip.png")
	flags.IntVar(&f.width, "width", 0, "width of the window in pixels, instead of the whole monitor")
	flags.IntVar(&f.height, "height", 0, "height of the window in pixels")
	flags.StringVar(&f.painted, "painted", "", "`file` to make when the first page has been painted, for measuring")
	flags.StringVar(&f.sticks, "sticks", "", "`directory` below which sticks are mounted, for a terminal that is set up anew")
	flags.StringVar(&f.firstPIN, "first-pin", "", "`file` with the hashed PIN with which a first boot may be typed; none: it cannot")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	if os.Getenv("NO_AT_BRIDGE") == "" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		// Without a bus GTK would wait for one.
		_ = os.Setenv("NO_AT_BRIDGE", "1")
	}
	pl, ok := m.commissioning(f.sticks)
	if ok {
		if err := pl.Resume(); err != nil {
			fmt.Fprintln(m.Err, "kiosk run:", err)
		}
	}
	if ok && needed(pl) {
		taken, err := runFirstBoot(ctx, m, pl, f)
		if err != nil || !taken {
			return err
		}
		return again()
	}
	// The board is read while GTK starts, since each takes as long as the other.
	t, opened := new(terminal), make(chan error, 1)
	go func() { opened <- t.open(ctx, m, f) }()
	err = errors.Join(window.Init("jobhome"), <-opened)
	defer t.close()
	if err != nil {
		return err
	}
	return t.run(ctx, f)
}

// open opens what a terminal has behind its window. It does not touch GTK.
func (t *terminal) open(ctx context.Context, m *Main, f runFlags) error {
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	t.place, t.tally = p, newTally()
	t.setUp, _ = m.commissioning(f.sticks)
	t.openLink(ctx)
	return t.openDevices(f)
}

func (t *terminal) close() {
	t.closeDevices()
	if l := t.link.Load(); l != nil {
		l.Close()
	}
	if t.place != nil {
		t.place.close()
	}
}

func (t *terminal) run(ctx context.Context, f runFlags) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := t.lock(); err != nil { // before a running terminal's slip is settled
		return err
	}
	if err := t.recoverSlips(ctx); err != nil {
		return err
	}
	if err := t.openStation(); err != nil {
		return err
	}
	t.printMark()
	if err := t.openWindow(ctx, f, stop); err != nil {
		return err
	}
	told, err := t.tellAlive(ctx)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		done <- t.app.Run(ctx)
		window.Quit()
	}()
	watched, linked := t.watch(ctx), t.runLink(ctx)
	t.showDevices(ctx)
	window.Main()
	stop()
	err = <-done
	<-watched
	<-linked
	<-told
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// watch runs the devices until ctx ends, and tells the loop what they say. The
// channel is closed when they have ended.
func (t *terminal) watch(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.station.Run(ctx, func(e session.Event) { t.app.Send(ctx, e) })
	}()
	return done
}

// recoverSlips settles what a power cut left open. Nothing is printed by
// itself: whoever stands here now is somebody else.
func (t *terminal) recoverSlips(ctx context.Context) error {
	left, err := t.ledger.Recover(ctx, time.Now())
	if err != nil {
		return fmt.Errorf("settle the referrals of the last run: %w", err)
	}
	for _, r := range left {
		t.log.Warn("a referral was open when the terminal stopped", "code", r.Code, "state", r.State)
	}
	jobs, err := t.ledger.Jobs(ctx, 1)
	if err != nil {
		return fmt.Errorf("settle the referrals of the last run: %w", err)
	}
	// What a slip that ended badly has left in the printer is still there.
	for _, j := range jobs {
		t.cutOff = j.State != ledger.Done && j.State != ledger.Unsent
	}
	return nil
}

// openDevices makes the bench where a device is simulated. The devices
// themselves are opened by openStation.
func (t *terminal) openDevices(f runFlags) error {
	d := t.settings.Devices
	if d.Reader.Scheme != config.Sim && d.Printer.Scheme != config.Sim && d.Scanner.Scheme != config.Sim {
		return nil
	}
	b, err := newBench(d.Printer.Profile, f.out, t.log)
	if err != nil {
		return err
	}
	t.bench = b
	return nil
}

// openStation opens the devices, after it is known how the last run ended.
func (t *terminal) openStation() error {
	if err := t.lock(); err != nil {
		return err
	}
	o := station.Options{Settings: t.settings, Log: t.log, Recover: t.cutOff}
	if t.bench != nil {
		o.Sim = t.bench.dial
	}
	var err error
	if t.station, err = station.Open(o); err != nil {
		return err
	}
	t.printer = t.station.Printer()
	return nil
}

func (t *terminal) closeDevices() {
	if t.station != nil {
		t.station.Close()
	}
	if t.bench != nil {
		t.bench.close()
	}
}

// openWindow opens the terminal's window, and the bench beside it.
func (t *terminal) openWindow(ctx context.Context, f runFlags, stop func()) error {
	width, height, widthMM, err := window.Monitor()
	if err != nil {
		return err
	}
	if mm := t.settings.Screen.WidthMM; mm > 0 {
		widthMM = float64(mm)
	}
	sized := f.width > 0 && f.height > 0
	if sized {
		if t.settings.Screen.WidthMM == 0 {
			widthMM = 0
		}
		width, height = f.width, f.height
	}
	t.metrics = screen.NewMetrics(width, height, widthMM)
	theme, err := windowTheme(t.settings.Theme)
	if err != nil {
		return err
	}
	t.window, err = window.New(window.Options{
		Metrics: t.metrics, Theme: theme, Title: t.settings.Site.Name,
		Fullscreen: !sized, Width: width, Height: height, HidePointer: t.bench == nil,
		Touch:   func(do session.Action, arg string) { t.app.Touch(ctx, do, arg) },
		OnClose: func() { stop() },
	})
	if err != nil {
		return err
	}
	t.window.OnFirstPaint(t.firstPaint(f.painted))
	t.app = app.New(t.appOptions())
	if t.bench != nil && f.bench {
		return t.openBench(theme, width, height, stop)
	}
	return nil
}

func (t *terminal) show(st session.State) {
	t.window.Show(screen.Of(st, t.metrics))
	t.present.saw(st, time.Now())
	if l := t.link.Load(); t.tally.saw(st) && l != nil {
		l.Poke() // what was written down need not wait
	}
	t.looked(st)
	if t.bench != nil {
		t.bench.note(t.settings.Site, st)
	}
}

func (t *terminal) appOptions() app.Options {
	s := t.settings
	if t.tally == nil {
		t.tally = newTally()
	}
	fits := func(large bool) session.Capacity { return screen.Fits(t.metrics, large) }
	o := app.Options{
		Session: session.Options{
			Site: s.Site, Lang: s.Language, Large: s.Screen.Large, Tiles: s.Theme.Tiles,
			Idle: s.Session.Idle, Warn: s.Session.Warn, Linger: s.Session.Receipt,
			Slow: slowPrint, Fits: fits,
		},
		Board:    &counted{postings: &postings{Board: t.board, site: s.Site, top: 4 * fits(false).Top}, tally: t.tally},
		Ledger:   t.ledger,
		Requests: t.ledger,
		Show:     t.show,
		Rest:     func() { window.Post(t.window.Rest) },
		Log:      t.log,
	}
	if t.setUp.Dir != "" {
		o.Resetter = resetter{t}
		o.Session.CanReset, o.Session.KeyFitted = true, s.Panel.ServiceKey != ""
	}
	// A nil pointer in an interface is not a nil interface.
	if t.printer != nil {
		o.Printer = t.printer
	}
	if t.station != nil {
		o.Service, o.Panel, o.Staff = t.station, t.station, t.station
		if r := t.station.Reader(); r != nil {
			o.Reader = r
		}
	}
	return o
}

// slowPrint is when a slip that has not come out is given up on the screen. It
// is longer than any wait of the printer's driver.
const slowPrint = printer.Longest + 10*time.Second

// benchWidth is the width of the bench in pixels.
const benchWidth = 420

func (t *terminal) openBench(theme window.Theme, width, height int, stop func()) error {
	m := screen.Metrics{Width: benchWidth, Height: height, PxPerMM: 2.6}
	w, err := window.New(window.Options{
		Metrics: m, Theme: theme, Title: "bench", Decorated: true,
		X: width, Width: benchWidth, Height: height,
		Touch:   func(do session.Action, arg string) { go t.bench.touch(do, arg) },
		OnClose: func() { stop() },
	})
	if err != nil {
		return err
	}
	t.bench.start(w.Show)
	return nil
}

func windowTheme(c config.Theme) (window.Theme, error) {
	mark, err := markSVG(c)
	if err != nil {
		return window.Theme{}, err
	}
	return window.Theme{
		MarkSVG: mark,
		Ground:  c.Ground.String(), Ink: c.Ink.String(), Action: c.Action.String(),
		OnAction: c.OnAction.String(), Accent: c.Accent.String(),
	}, nil
}

// markMM is the height of the mark on a slip.
const markMM = 11

// printMark puts the site's mark on the slips. A slip without it is better
// than none.
func (t *terminal) printMark() {
	if t.printer == nil {
		return
	}
	svg, err := markSVG(t.settings.Theme)
	if err != nil {
		t.log.Warn("no mark on the slips", "error", err)
		return
	}
	img, err := window.Dots(svg, int(markMM*t.printer.Profile().DotsPerMM))
	if err != nil {
		t.log.Warn("no mark on the slips", "error", err)
		return
	}
	dots := glyph.NewBitmap(img.Rect.Dx(), img.Rect.Dy())
	for y := range dots.H {
		for x := range dots.W {
			if img.GrayAt(x, y).Y < 0x80 {
				dots.Set(x, y)
			}
		}
	}
	t.printer.SetMark(dots)
}

func markSVG(c config.Theme) ([]byte, error) {
	if c.Mark == "" {
		svg, _ := icons.SVG("mark")
		return svg, nil
	}
	svg, err := os.ReadFile(c.Mark)
	if err != nil {
		return nil, fmt.Errorf("theme.mark: %w", err)
	}
	return svg, nil
}
