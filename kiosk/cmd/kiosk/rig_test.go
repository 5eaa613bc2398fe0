package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/sim"
	"jobhome/kiosk"
	"jobhome/kiosk/config"
	"jobhome/kiosk/demo"
	"jobhome/ui/uitest"
)

// rig is one terminal as a resident meets it, and the hands of somebody who
// can pull its cables: a data directory, a settings file, a reader and a
// printer behind pseudo terminals, and bin/kiosk on a screen.
type rig struct {
	*testing.T
	opts     rigOpts
	dir      string
	data     string
	settings string
	log      string

	reader  *sim.Reader
	printer *sim.Printer
	cables  [2]*cable // of the reader and of the printer

	desk  *uitest.Desk
	cmd   *exec.Cmd
	ended chan error
	person
}

// rigOpts are what differs between the tests' terminals. The zero value is the
// small landscape panel with an 80 mm printer that prints at once.
type rigOpts struct {
	profile  string
	portrait bool
	slow     int           // of the printer's wire, bytes a second; 0 no limit
	speed    int           // of the paper, mm/s; 0 at once
	idle     time.Duration // 0: longer than any test
	receipt  time.Duration // 0: as long
	desk     *uitest.Desk  // shared with other terminals; nil: its own
	change   func(*config.Settings)
	sticks   string // of a terminal that is set up anew
	firstPIN string // the file of the same terminal's first PIN
}

const (
	readerCable = iota
	printerCable
)

// long is a silence that no test reaches.
const long = 10 * time.Minute

func (o rigOpts) size() (w, h, wmm, hmm int) {
	if o.portrait {
		return 1080, 1920, 268, 476
	}
	return 1280, 800, 217, 136
}

// newRig sets a terminal up; start starts it.
func newRig(t *testing.T, o rigOpts) *rig {
	t.Helper()
	if o.profile == "" {
		o.profile = "generic80"
	}
	r := &rig{T: t, opts: o, dir: t.TempDir()}
	r.data = filepath.Join(r.dir, "data")
	r.log = filepath.Join(r.dir, "kiosk.log")
	for _, d := range []string{"tmp", "cwd"} {
		if err := os.Mkdir(filepath.Join(r.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r.reader = sim.NewReader(sim.ReaderOpts{})
	r.printer = sim.NewPrinter(printerOpts(t, o))
	t.Cleanup(func() { _ = r.printer.Close() })
	r.cables[readerCable] = &cable{path: filepath.Join(r.dir, "reader"), serve: r.reader.Serve, off: func() {}}
	r.cables[printerCable] = &cable{path: filepath.Join(r.dir, "printer"), serve: r.printer.Serve, off: r.printer.Unplug}
	for i := range r.cables {
		r.plug(i)
		t.Cleanup(r.cables[i].pull)
	}
	s := settingsFor(t, r.dir, "uart:"+r.cables[readerCable].path+"?baud=115200",
		"uart:"+r.cables[printerCable].path+"?baud=115200&profile="+o.profile)
	_, _, s.Screen.WidthMM, s.Screen.HeightMM = o.size()
	s.Session = config.Session{Idle: orLong(o.idle, long), Warn: config.MinWarn, Receipt: orLong(o.receipt, 2*time.Minute)}
	if o.change != nil {
		o.change(&s)
	}
	r.settings = writeSettings(t, r.dir, s)
	seedBoard(t, r.data)
	t.Cleanup(func() {
		if b, err := os.ReadFile(r.log); t.Failed() && err == nil {
			t.Logf("the terminal's log:\n%s", b)
		}
	})
	return r
}

func orLong(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func printerOpts(t *testing.T, o rigOpts) sim.PrinterOpts {
	t.Helper()
	p, err := escpos.ProfileByName(o.profile)
	if err != nil {
		t.Fatal(err)
	}
	out := sim.PrinterOpts{
		WidthDots: p.Dots, DotsPerMM: p.DotsPerMM, SpeedMMs: o.speed, BytesPerSecond: o.slow,
		BufferBytes: 64 << 10, // a printer that still says what is wrong with a slip in its buffer
		NoCutter:    len(p.Cutter.Command) == 0,
	}
	if face, err := glyph.Open(); err == nil {
		out.Glyphs = face
	}
	return out
}

// settingsFor are the settings of a terminal at the demonstration's site.
func settingsFor(t *testing.T, dir, reader, printer string) config.Settings {
	t.Helper()
	s := config.Demo(demo.Site())
	s.DataDir = filepath.Join(dir, "data")
	var err error
	if s.Devices.Reader, err = config.ParseDevice(reader); err != nil {
		t.Fatal(err)
	}
	if s.Devices.Printer, err = config.ParseDevice(printer); err != nil {
		t.Fatal(err)
	}
	return s
}

func writeSettings(t *testing.T, dir string, s config.Settings) string {
	t.Helper()
	path := filepath.Join(dir, "kiosk.toml")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// cable is a device's plug: a pseudo terminal at a path that stays the same.
type cable struct {
	path  string
	serve func(io.ReadWriter) error
	off   func() // tells a device that does not read, being full
	pty   *sim.PTY
	done  chan struct{}
}

// plug puts a cable in.
func (r *rig) plug(i int) {
	r.Helper()
	if err := r.cables[i].in(); err != nil {
		r.Fatal(err)
	}
}

func (c *cable) in() error {
	pty, err := sim.OpenPTY()
	if err != nil {
		return err
	}
	if err := pty.Link(c.path); err != nil {
		_ = pty.Close()
		return err
	}
	done := make(chan struct{})
	c.pty, c.done = pty, done
	go func() {
		defer close(done)
		_ = c.serve(pty)
	}()
	return nil
}

// pull pulls the cable out, and waits until the device has noticed.
func (c *cable) pull() {
	if c.pty == nil {
		return
	}
	_ = c.pty.Close()
	c.off()
	<-c.done
	c.pty = nil
}

// start starts the terminal and waits for its first page.
func (r *rig) start() {
	r.Helper()
	r.startAt(say("attract.title"))
}

// startAt starts the terminal, with flags before its command, and waits for the
// words.
func (r *rig) startAt(words string, flags ...string) {
	r.Helper()
	w, h, _, _ := r.opts.size()
	if r.desk == nil {
		r.desk = r.opts.desk
	}
	if r.desk == nil {
		r.desk = newDesk(r.T, r.opts)
	}
	log, err := os.OpenFile(r.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		r.Fatal(err)
	}
	args := append([]string{"-settings", r.settings}, flags...)
	args = append(args, "run", "-width", fmt.Sprint(w), "-height", fmt.Sprint(h))
	if r.opts.firstPIN != "" {
		args = append(args, "-first-pin", r.opts.firstPIN)
	}
	if r.opts.sticks != "" {
		args = append(args, "-sticks", r.opts.sticks)
	}
	r.cmd = exec.Command(program, args...)
	r.cmd.Dir = filepath.Join(r.dir, "cwd")
	r.cmd.Env = append(r.desk.Env(), "TMPDIR="+filepath.Join(r.dir, "tmp"))
	r.cmd.Stdout, r.cmd.Stderr = log, log
	if err := r.cmd.Start(); err != nil {
		r.Fatal(err)
	}
	_ = log.Close()
	r.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan error) { ended <- cmd.Wait() }(r.cmd, r.ended)
	r.Cleanup(r.kill)
	r.person = meet(r.T, r.desk, "jobhome")
	r.see(words)
}

// newDesk starts a screen of the panel's size.
func newDesk(t *testing.T, o rigOpts) *uitest.Desk {
	t.Helper()
	w, h, _, _ := o.size()
	desk, err := uitest.StartDesk(t.Context(), uitest.DeskOpts{Width: w, Height: h})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = desk.Close() })
	return desk
}

// kill takes the terminal's power away.
func (r *rig) kill() {
	if r.cmd == nil {
		return
	}
	_ = r.cmd.Process.Signal(syscall.SIGKILL)
	<-r.ended
	r.cmd = nil
}

// stop asks the terminal to end, which it must do by itself.
func (r *rig) stop() {
	r.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.Fatal(err)
	}
	select {
	case err := <-r.ended:
		if err != nil {
			r.Errorf("the terminal ended with %v", err)
		}
		r.cmd = nil
	case <-time.After(patience):
		r.Fatal("the terminal did not end when it was asked to")
	}
}

// referrals asks bin/kiosk for what was given out, the newest first.
func (r *rig) referrals() []kiosk.Referral {
	r.Helper()
	var list []kiosk.Referral
	text := must(r.T, "-settings", r.settings, "referrals", "-json")
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		r.Fatalf("referrals -json: %v\n%s", err, text)
	}
	return list
}

// referral returns the one with the code.
func (r *rig) referral(code kiosk.Code) kiosk.Referral {
	r.Helper()
	for _, one := range r.referrals() {
		if one.Code == code {
			return one
		}
	}
	r.Fatalf("the ledger does not have %s", code.Grouped())
	return kiosk.Referral{}
}

// eventually looks until ok, and fails when it never is.
func (r *rig) eventually(what string, ok func() bool) {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			r.Fatalf("waited in vain: %s", what)
		}
	}
}

// logged reports whether the terminal's log has the words.
func (r *rig) logged(words string) bool {
	b, err := os.ReadFile(r.log)
	return err == nil && strings.Contains(string(b), words)
}
