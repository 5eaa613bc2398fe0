package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"jobhome/kiosk/config"
	"jobhome/kiosk/demo"
	"jobhome/ui/uitest"
)

// bench is the screen and the terminal's site: a settings file, and a data
// directory with the board in it.
type bench struct {
	options
	table    *table
	dir      string
	settings string
	desk     *uitest.Desk
	hand     *hand
	wire     *wire
}

// open sets the bench up, once.
func (b *bench) open(ctx context.Context) error {
	if b.desk != nil {
		return nil
	}
	var err error
	if b.kiosk, err = filepath.Abs(b.kiosk); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "jobhome-benchkiosk-"); err != nil {
		return err
	}
	if b.wire, err = openWire(filepath.Join(b.dir, "printer")); err != nil {
		return err
	}
	if b.desk, err = uitest.StartDesk(ctx, uitest.DeskOpts{Width: b.width, Height: b.height}); err != nil {
		return err
	}
	if b.hand, err = newHand(b.desk); err != nil {
		return err
	}
	if err := b.writeSettings(); err != nil {
		return err
	}
	note("importing a board of %d postings", b.postings)
	var board bytes.Buffer
	if err := demo.WriteJSONL(&board, demo.Postings(time.Now(), b.postings, 1)); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, b.kiosk, "-settings", b.settings, "import", "-")
	cmd.Stdin, cmd.Stderr = &board, os.Stderr
	return cmd.Run()
}

// writeSettings describes the demonstration's site with a printer on our wire.
// Nobody is asked whether he is still there while pages are being counted.
func (b *bench) writeSettings() error {
	s := config.Demo(demo.Site())
	s.DataDir = filepath.Join(b.dir, "data")
	s.Devices.Reader = config.Device{Scheme: config.None}
	var err error
	s.Devices.Printer, err = config.ParseDevice("uart:" + b.wire.path + "?baud=115200&profile=" + profileName)
	if err != nil {
		return err
	}
	s.Screen.WidthMM = b.widthMM
	s.Screen.HeightMM = b.widthMM * b.height / b.width
	s.Session.Idle, s.Session.Receipt = 10*time.Minute, 2*time.Minute
	b.settings = filepath.Join(b.dir, "kiosk.toml")
	f, err := os.Create(b.settings)
	if err != nil {
		return err
	}
	return errors.Join(s.Write(f), f.Close())
}

func (b *bench) close() {
	if b.hand != nil {
		b.hand.close()
	}
	if b.desk != nil {
		_ = b.desk.Close()
	}
	if b.wire != nil {
		b.wire.close()
	}
	if b.dir != "" {
		_ = os.RemoveAll(b.dir)
	}
}

// program is a program on the desk, the terminal or a peer.
type program struct {
	cmd   *exec.Cmd
	begun time.Time
	ended chan struct{}
}

// start starts a program in a process group of its own.
func (b *bench) start(ctx context.Context, env []string, words ...string) (*program, error) {
	log, err := os.OpenFile(filepath.Join(b.dir, "programs.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Dir, cmd.Env = b.dir, append(b.desk.Env(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p := &program{cmd: cmd, begun: time.Now(), ended: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(words[0]), err)
	}
	go func() { _ = cmd.Wait(); close(p.ended) }()
	return p, nil
}

// startKiosk starts the terminal as on a real machine, where no accessibility
// bus runs; bridge starts it with one, so that it can be asked what it shows.
func (b *bench) startKiosk(ctx context.Context, bridge bool) (*program, error) {
	var env []string
	if !bridge {
		env = []string{"NO_AT_BRIDGE=1"}
	}
	return b.start(ctx, env, b.kiosk, "-settings", b.settings, "run")
}

// stop asks the program to end, then makes it, with its children.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	<-p.ended
}

// rest waits, unless ctx ends.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
