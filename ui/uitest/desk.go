package uitest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// DeskOpts describes the private screen. Zero fields take the stated default.
type DeskOpts struct {
	Width  int // pixels; 1080
	Height int // pixels; 1920
	DPI    int // dots per inch of text; 96

	// Lang is the locale of programs on the desk. Empty means zh_CN.UTF-8
	// when the machine has it, else C.UTF-8.
	Lang string

	// Touchscreen asks GTK 3 to treat the pointer as a touch screen
	// (GTK_TEST_TOUCHSCREEN=1): without it a drag does not scroll a list.
	Touchscreen bool

	// Hold is how long a finger stays down in a touch; 60 ms.
	Hold time.Duration

	// LogDir receives Xvfb.log and dbus.log. Empty means the desk's temporary
	// directory, which Close removes.
	LogDir string
}

// Desk is a private screen with its buses. Close ends it.
type Desk struct {
	opts    DeskOpts
	dir     string // removed by Close
	display string
	session string // address of the session bus
	xvfb    *child
	bus     *child
	x       *xgb.Conn
	root    xproto.Window
	a11y    *dbus.Conn   // accessibility bus
	direct  []*dbus.Conn // to programs, past the bus
}

// startLimit bounds the start of one desk on a slow, busy machine.
const startLimit = 30 * time.Second

// StartDesk starts Xvfb on a free display, a session bus and the accessibility
// bus, and returns when all three answer; ctx (and 30 s) bound the start only.
// An error that wraps exec.ErrNotFound names the Debian package of a missing
// program: xvfb, dbus or at-spi2-core.
func StartDesk(ctx context.Context, o DeskOpts) (*Desk, error) {
	o = o.withDefaults()
	if o.Width < 1 || o.Height < 1 || o.Width > 32767 || o.Height > 32767 {
		return nil, fmt.Errorf("uitest: a screen of %dx%d pixels: X11 allows 1 to 32767", o.Width, o.Height)
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	d := &Desk{opts: o}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"make directories", d.makeDirs},
		{"start the X server", d.startX},
		{"start the session bus", d.startBus},
		{"reach the X server", d.connectX},
		{"reach the accessibility bus", d.connectA11y},
	} {
		if err := step.do(ctx); err != nil {
			return nil, errors.Join(fmt.Errorf("uitest: %s: %w", step.what, err), d.Close())
		}
	}
	return d, nil
}

func (o DeskOpts) withDefaults() DeskOpts {
	if o.Width == 0 && o.Height == 0 {
		o.Width, o.Height = 1080, 1920
	}
	if o.DPI == 0 {
		o.DPI = 96
	}
	if o.Hold == 0 {
		o.Hold = 60 * time.Millisecond
	}
	if o.Lang == "" {
		o.Lang = defaultLang()
	}
	return o
}

// defaultLang prefers Chinese, but a locale the machine lacks makes every GTK
// program complain and fall back to "C", which is not UTF-8.
func defaultLang() string {
	out, err := exec.Command("locale", "-a").Output()
	if err == nil && bytes.Contains(bytes.ToLower(out), []byte("zh_cn.utf")) {
		return "zh_CN.UTF-8"
	}
	return "C.UTF-8"
}

func (d *Desk) makeDirs(context.Context) error {
	dir, err := os.MkdirTemp("", "desk-")
	if err != nil {
		return err
	}
	d.dir = dir
	// The socket of the accessibility bus lies at run/at-spi/bus_N, and a
	// Unix socket's path holds 107 bytes (unix(7)).
	if n := len(d.path("run/at-spi/bus_12345")); n > 107 {
		return fmt.Errorf("temporary directory's path is too long for a socket: %d bytes", n)
	}
	if d.opts.LogDir == "" {
		d.opts.LogDir = d.path("log")
	}
	for _, p := range []string{d.path("run"), d.path("home/.config/gtk-3.0"), d.opts.LogDir} {
		if err := os.MkdirAll(p, 0o700); err != nil {
			return err
		}
	}
	// Without animations a picture is the same each time and the last
	// damage is the last change that means something.
	ini := fmt.Sprintf("[Settings]\ngtk-enable-animations=0\ngtk-xft-dpi=%d\n", d.opts.DPI*1024)
	return os.WriteFile(d.path("home/.config/gtk-3.0/settings.ini"), []byte(ini), 0o600)
}

func (d *Desk) path(p string) string { return filepath.Join(d.dir, p) }

func (d *Desk) startX(ctx context.Context) error {
	screen := fmt.Sprintf("%dx%dx24", d.opts.Width, d.opts.Height)
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", screen,
		"-dpi", strconv.Itoa(d.opts.DPI), "-nolisten", "tcp", "-noreset")
	cmd.Env = d.Env()
	c, line, err := startChild(ctx, cmd, childOpts{pkg: "xvfb", log: filepath.Join(d.opts.LogDir, "Xvfb.log")})
	d.xvfb = c
	if err != nil {
		return err
	}
	if _, err := strconv.Atoi(line); err != nil {
		return fmt.Errorf("the X server named no display: %q", line)
	}
	d.display = ":" + line
	return nil
}

func (d *Desk) startBus(ctx context.Context) error {
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile",
		"--address=unix:path="+d.path("run/bus"), "--print-address=3")
	cmd.Env = d.Env()
	c, line, err := startChild(ctx, cmd, childOpts{pkg: "dbus", log: filepath.Join(d.opts.LogDir, "dbus.log")})
	d.bus = c
	if err != nil {
		return err
	}
	d.session = line
	return nil
}

// Display returns the X display's name, such as ":99".
func (d *Desk) Display() string { return d.display }

// Env returns the environment for a program that shall appear on the desk: this
// process's own, with display, buses, home directory and locale replaced and
// everything removed that would switch accessibility off or change the look.
func (d *Desk) Env() []string {
	env := cleanEnv(os.Environ())
	env = append(env,
		"HOME="+d.path("home"),
		"XDG_RUNTIME_DIR="+d.path("run"),
		"XDG_CACHE_HOME="+d.path("home/.cache"),
		"XDG_CONFIG_HOME="+d.path("home/.config"),
		"XDG_DATA_HOME="+d.path("home/.local/share"),
		"XAUTHORITY="+d.path("home/.Xauthority"),
		"GDK_BACKEND=x11",
		"GSETTINGS_BACKEND=memory",
		"GTK_USE_PORTAL=0",
		"LANG="+d.opts.Lang,
	)
	if d.display != "" {
		env = append(env, "DISPLAY="+d.display)
	}
	if d.session != "" {
		env = append(env, "DBUS_SESSION_BUS_ADDRESS="+d.session)
	}
	if d.opts.Touchscreen {
		env = append(env, "GTK_TEST_TOUCHSCREEN=1")
	}
	return env
}

// cleanEnv drops what belongs to another desktop or changes how GTK behaves.
func cleanEnv(env []string) []string {
	prefixes := []string{
		"GTK_", "GDK_", "XDG_", "LC_", "DBUS_", "AT_SPI_", "WAYLAND_", "QT_", "GNOME_",
		"NO_AT_BRIDGE=", "DISPLAY=", "HOME=", "LANG=", "LANGUAGE=", "XAUTHORITY=",
		"XMODIFIERS=", "SESSION_MANAGER=", "DESKTOP_STARTUP_ID=", "GSETTINGS_BACKEND=",
	}
	var out []string
next:
	for _, kv := range env {
		for _, p := range prefixes {
			if strings.HasPrefix(kv, p) {
				continue next
			}
		}
		out = append(out, kv)
	}
	return out
}

// Close ends the buses, the X server and every program still running that was
// started with Env, and removes the desk's directory. It may be called twice.
func (d *Desk) Close() error {
	for _, c := range d.direct {
		c.Close()
	}
	if d.a11y != nil {
		d.a11y.Close()
	}
	if d.x != nil {
		d.x.Close()
	}
	var errs []error
	if d.dir != "" {
		// Programs first, so none complains of a lost display.
		keep := []int{os.Getpid(), d.xvfb.pid(), d.bus.pid()}
		errs = append(errs, endByEnv("XDG_RUNTIME_DIR="+d.path("run"), keep))
	}
	errs = append(errs, d.bus.stop(), d.xvfb.stop())
	if d.dir != "" {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	d.direct, d.a11y, d.x, d.bus, d.xvfb, d.dir = nil, nil, nil, nil, nil, ""
	return errors.Join(errs...)
}
