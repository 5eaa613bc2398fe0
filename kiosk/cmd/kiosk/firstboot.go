package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"jobhome/kiosk/alive"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/commission"
	"jobhome/kiosk/config"
	"jobhome/kiosk/profile"
	"jobhome/kiosk/session"
	"jobhome/kiosk/setup"
	"jobhome/kiosk/staff"
	"jobhome/kiosk/words"
	"jobhome/sync/enrol"
	"jobhome/ui/screen"
	"jobhome/ui/window"

	"golang.org/x/sys/unix"
)

// firstBoot asks for the site's profile until somebody has said yes to one.
type firstBoot struct {
	place  commission.Place
	log    *slog.Logger
	state  setup.State
	events chan setup.Event
	show   func(setup.State)
	lock   *staff.Lock // nil: nothing can be typed
	beats  chan chan struct{}
	readiness

	mu     sync.Mutex
	offers map[int]*profile.Profile // by setup.Offer.ID
	last   int
}

// commissioning is where a terminal is commissioned; ok is false where none can
// be: the demonstration, or without a data directory.
func (m *Main) commissioning(sticks string) (pl commission.Place, ok bool) {
	return commission.Place{Dir: m.Data, Settings: m.Settings, Sticks: sticks}, m.Settings != "" && m.Data != ""
}

// needed reports whether the terminal has to ask before it can run.
func needed(pl commission.Place) bool {
	if info, err := os.Stat(pl.Dir); err != nil || !info.IsDir() {
		return false // the command line is wrong, which the settings' error says
	}
	return pl.Needed()
}

// runFirstBoot shows the first boot's pages until a profile is taken, or ctx ends.
func runFirstBoot(ctx context.Context, m *Main, pl commission.Place, f runFlags) (taken bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	b := &firstBoot{
		place: pl, log: newLog(m.Err), events: make(chan setup.Event, 64), beats: make(chan chan struct{}),
	}
	if err := b.openLock(f.firstPIN); err != nil {
		return false, err
	}
	b.state = setup.New(setup.Options{Lang: words.Zh, CanType: b.lock != nil}, time.Now())
	if err := window.Init("jobhome"); err != nil {
		return false, err
	}
	if err := b.openWindow(ctx, f, stop); err != nil {
		return false, err
	}
	told, err := b.tellAlive(ctx)
	if err != nil {
		return false, err
	}
	var all sync.WaitGroup
	l := &commission.Listener{
		Log:   b.log,
		Heard: func(text string) { b.offer(ctx, setup.FromScanner, "code", []byte(text)) },
		Count: func(n int) { b.send(ctx, setup.Scanners{At: at(), N: n}) },
	}
	all.Go(func() { l.Run(ctx) })
	all.Go(func() {
		pl.Watch(ctx, func(name string, text []byte) { b.offer(ctx, setup.FromFile, name, text) })
	})
	all.Go(func() {
		taken = b.run(ctx)
		window.Quit()
	})
	window.Main()
	stop()
	all.Wait()
	<-told
	return taken, nil
}

func (b *firstBoot) openWindow(ctx context.Context, f runFlags, stop func()) error {
	width, height, widthMM, err := window.Monitor()
	if err != nil {
		return err
	}
	sized := f.width > 0 && f.height > 0
	if sized {
		width, height, widthMM = f.width, f.height, 0
	}
	metrics := screen.NewMetrics(width, height, widthMM)
	theme, err := windowTheme(config.Demo(b.state.Offer.Site).Theme)
	if err != nil {
		return err
	}
	w, err := window.New(window.Options{
		Metrics: metrics, Theme: theme, Title: words.T(words.Zh, "setup.name"),
		Fullscreen: !sized, Width: width, Height: height, HidePointer: true,
		Touch: func(do session.Action, arg string) {
			b.send(ctx, setup.Touch{At: at(), Do: do, Arg: arg})
		},
		OnClose: stop,
	})
	if err != nil {
		return err
	}
	b.show = func(s setup.State) { w.Show(screen.OfSetup(s, metrics)) }
	w.OnFirstPaint(b.firstPaint(f.painted))
	return nil
}

// tellAlive tells the service manager that the pages are there, until ctx ends.
func (b *firstBoot) tellAlive(ctx context.Context) (<-chan struct{}, error) {
	return alive.Start(ctx, alive.Options{
		Beats: map[string]func(context.Context) error{alive.Screen: screenBeat, "loop": b.beat},
		Ready: b.ready, Log: b.log, Onward: true,
	})
}

// beat returns nil when the loop has come round.
func (b *firstBoot) beat(ctx context.Context) error {
	answer := make(chan struct{})
	select {
	case b.beats <- answer:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-answer:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func at() setup.At { return setup.At{Time: time.Now()} }

func (b *firstBoot) send(ctx context.Context, e setup.Event) {
	select {
	case b.events <- e:
	case <-ctx.Done():
	}
}

// run is the loop. It reports whether a profile was taken.
func (b *firstBoot) run(ctx context.Context) bool {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	b.show(b.state)
	for {
		var e setup.Event
		select {
		case <-ctx.Done():
			return false
		case answer := <-b.beats:
			close(answer)
			continue
		case e = <-b.events:
		case <-tick.C:
			e = setup.Tick{At: at()}
		}
		var effects []setup.Effect
		b.state, effects = setup.Step(b.state, e)
		b.show(b.state)
		for _, effect := range effects {
			switch effect := effect.(type) {
			case setup.Adopt:
				err := b.place.Adopt(b.profile(effect.ID))
				if err == nil {
					return true
				}
				b.log.Error("the profile could not be written down", "error", err)
				b.state, _ = setup.Step(b.state, setup.Adopted{At: at(), Problem: setup.Problem{Key: "write"}})
			case setup.Unlock:
				go b.unlock(ctx, effect.PIN)
			case setup.Compose:
				go b.compose(ctx, effect.Typed)
			case setup.Drop:
				if err := b.place.Drop(); err != nil {
					b.log.Error("the profile could not be put away", "error", err)
				}
			}
		}
		b.show(b.state)
	}
}

// keep holds a profile until it is said yes to, by a number that the screen does not
// show: what is taken is what was shown, whatever is brought meanwhile.
func (b *firstBoot) keep(p *profile.Profile) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.offers == nil {
		b.offers = map[int]*profile.Profile{}
	}
	b.last++
	b.offers[b.last] = p
	delete(b.offers, b.last-mostOffers)
	return b.last
}

// mostOffers is how many profiles are held: more than can come between a touch and
// the page that it was meant for.
const mostOffers = 16

func (b *firstBoot) profile(id int) *profile.Profile {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.offers[id]
}

// offer reads what was brought, and offers it.
func (b *firstBoot) offer(ctx context.Context, from setup.Source, name string, text []byte) {
	p, err := profile.Parse(name, text)
	e := setup.Offered{At: at(), From: from}
	if err != nil {
		b.log.Warn("a profile cannot be used", "reason", err)
		e.Problem = problemOf(err)
	} else {
		e.Offer = offerOf(&p)
		e.Offer.ID = b.keep(&p)
	}
	b.send(ctx, e)
}

// openLock makes the lock of the keyboard from the PIN that the image was built
// with, which stands on the device's label. A serial number would do for none: on
// many boards there is none, and only root reads it.
func (b *firstBoot) openLock(path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the first PIN: %w", err)
	}
	pin, err := staff.ParsePIN(strings.TrimSpace(string(text)))
	if err != nil {
		return fmt.Errorf("the first PIN: %w", err)
	}
	if pin.Set() {
		b.lock = staff.Open(staff.Opts{Dir: b.place.Dir, PIN: pin}, time.Now())
	}
	return nil
}

func (b *firstBoot) unlock(ctx context.Context, pin string) {
	r := b.lock.Try(time.Now(), pin)
	b.send(ctx, setup.Unlocked{At: at(), OK: r.OK, Wait: r.Wait})
}

// compose asks the hub for the rest of what was typed.
func (b *firstBoot) compose(ctx context.Context, typed map[setup.Line]string) {
	p, err := b.place.Compose(ctx, commission.Typed{
		WiFi: profile.WiFi{SSID: typed[setup.SSID], Passphrase: typed[setup.Pass]},
		Host: strings.TrimPrefix(strings.TrimSuffix(typed[setup.Host], "/"), "https://"), Code: typed[setup.Code], Seal: typed[setup.Seal],
	}, hubDir(b.place.Dir))
	e := setup.Offered{At: at(), From: setup.FromKeys}
	switch {
	case err == nil:
		e.Offer = offerOf(p)
		e.Offer.ID = b.keep(p)
	case commission.Refused(err):
		e.Problem = setup.Problem{Key: "code"}
	case errors.Is(err, enrol.ErrPin):
		e.Problem = setup.Problem{Key: "seal"}
	default:
		e.Problem = setup.Problem{Key: "hub"}
	}
	if err != nil {
		b.log.Warn("the hub gives no profile", "reason", err)
	}
	b.send(ctx, e)
}

// problemOf is what people are told of an error.
func problemOf(err error) setup.Problem {
	for _, c := range []struct {
		is  error
		key string
	}{{profile.ErrHalf, "half"}, {profile.ErrForeign, "foreign"}, {profile.ErrVersion, "newer"}} {
		if errors.Is(err, c.is) {
			return setup.Problem{Key: c.key}
		}
	}
	if errors.Is(err, profile.ErrEncoding) {
		return setup.Problem{Key: "utf", Detail: firstLine(err)}
	}
	return setup.Problem{Key: "value", Detail: firstLine(err)}
}

// firstLine is the first thing that is wrong, without the package's name.
func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimPrefix(text, "profile: ")
}

// offerOf is a profile in plain words.
func offerOf(p *profile.Profile) setup.Offer {
	w := p.Wanted
	o := setup.Offer{
		Site: w.Site, Area: areas.Name(w.Site.Area), Terminal: p.ID, WiFi: p.Machine.WiFi.SSID, Rotation: p.Machine.Rotation,
		Printer: w.Devices.Printer.Fitted(), Reader: w.Devices.Reader.Fitted(), Scanner: w.Devices.Scanner.Fitted(),
	}
	if p.Machine.Address.IsValid() {
		o.Address = p.Machine.Address.String()
	}
	if w.Hub.Fitted() {
		o.Hub = w.Hub.URL
		if u, err := url.Parse(w.Hub.URL); err == nil && u.Host != "" {
			o.Hub = u.Host
		} else if u, err := url.Parse(w.Hub.Feed); err == nil && u.Host != "" {
			o.Hub = u.Host
		}
	}
	return o
}

// again runs this program anew with the same command line, in the same process:
// GTK begins once in each.
func again() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := unix.Exec(self, os.Args, os.Environ()); err != nil {
		return fmt.Errorf("start the terminal: %w", err)
	}
	return nil
}
