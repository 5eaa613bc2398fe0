package commission

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"jobhome/drivers/scanner"
	"jobhome/drivers/wires"
	"jobhome/kiosk/profile"

	"golang.org/x/sys/unix"
)

const oNonblock = unix.O_NONBLOCK

// Listener listens for a profile on everything that a scanner may be: every serial
// line, at the speed that scanners leave their makers with, and every USB keyboard.
// Nothing is ever written to any of them, for they may be a printer or a card
// reader, and of what they say nothing is kept but a profile's code.
type Listener struct {
	Dev string // where the nodes are; "" for /dev
	Sys string // where the kernel shows its devices; "" for /sys
	Log *slog.Logger

	// Heard is called for every code that begins as a profile's does, whole or not.
	Heard func(text string)
	// Count is called when the number of lines that are open has changed.
	Count func(n int)

	mu   sync.Mutex
	open map[string]bool
	said int
}

// lookEvery is how often it is looked for what was plugged in.
const lookEvery = 2 * time.Second

// scannerBaud is the speed of serial scanners when they are new; on USB the speed
// means nothing.
const scannerBaud = 9600

// Run listens until ctx ends, also on what is plugged in later.
func (l *Listener) Run(ctx context.Context) {
	if l.Log == nil {
		l.Log = discard
	}
	l.open = map[string]bool{}
	var all sync.WaitGroup
	defer all.Wait()
	running := map[string]bool{}
	ended := make(chan string)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		for path, serve := range l.lines() {
			if running[path] {
				continue
			}
			running[path] = true
			all.Go(func() {
				serve(ctx, path)
				select {
				case ended <- path:
				case <-ctx.Done():
				}
			})
		}
		select {
		case path := <-ended:
			delete(running, path) // and look again at the next tick
			l.set(path, false)
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// lines are the nodes that may be a scanner, each by what it really is, so that one
// that has several names is opened once.
func (l *Listener) lines() map[string]func(context.Context, string) {
	all := map[string]func(context.Context, string){}
	for _, pattern := range []string{"serial/by-id/*", "ttyACM*", "ttyUSB*"} {
		found, _ := filepath.Glob(filepath.Join(l.dev(), pattern))
		for _, path := range found {
			if real, err := filepath.EvalSymlinks(path); err == nil {
				all[real] = l.serial
			}
		}
	}
	nodes, _ := filepath.Glob(filepath.Join(l.sys(), "class/hidraw/hidraw*"))
	for _, node := range nodes {
		if desc, err := os.ReadFile(filepath.Join(node, "device/report_descriptor")); err == nil && isKeyboard(desc) {
			all[filepath.Join(l.dev(), filepath.Base(node))] = l.keyboard
		}
	}
	return all
}

func (l *Listener) dev() string {
	if l.Dev == "" {
		return "/dev"
	}
	return l.Dev
}

func (l *Listener) sys() string {
	if l.Sys == "" {
		return "/sys"
	}
	return l.Sys
}

func (l *Listener) set(path string, open bool) {
	l.mu.Lock()
	if l.open[path] = open; !open {
		delete(l.open, path)
	}
	n := len(l.open)
	changed := n != l.said
	l.said = n
	l.mu.Unlock()
	if changed && l.Count != nil {
		l.Count(n)
	}
}

// heard hands on what is meant to be a profile, and forgets the rest.
func (l *Listener) heard(text string) {
	if profile.IsCode(text) {
		l.Heard(text)
	}
}

// serial reads one line until it is gone.
func (l *Listener) serial(ctx context.Context, path string) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	dev := scanner.New(func() (scanner.Wire, error) {
		return wires.Address{Scheme: wires.UART, Path: path, Baud: scannerBaud}.Open()
	}, scanner.Opts{Again: time.Second})
	_ = dev.Run(ctx, func(e scanner.Event) {
		switch e.Kind {
		case scanner.Ready:
			l.set(path, true)
		case scanner.Down:
			l.Log.Info("a line is not listened to", "line", filepath.Base(path), "reason", e.Err)
			stop()
		case scanner.Scanned:
			l.heard(string(e.Text))
		}
	})
}

// keyboard reads the reports of a scanner that types.
func (l *Listener) keyboard(ctx context.Context, path string) {
	f, err := os.OpenFile(path, os.O_RDONLY|oNonblock, 0)
	if err != nil {
		l.Log.Info("a keyboard is not listened to", "node", filepath.Base(path), "reason", err)
		return
	}
	defer context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Now()) })()
	defer f.Close()
	l.set(path, true)
	var keys typist
	buf := make([]byte, 64)
	defer clear(buf)
	for ctx.Err() == nil {
		n, err := f.Read(buf)
		if err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				l.Log.Info("a keyboard is gone", "node", filepath.Base(path), "reason", err)
			}
			return
		}
		if text, done := keys.report(buf[:n]); done {
			l.heard(text)
		}
	}
}

// Watch looks for a profile that keeper laid into the terminal's directory, and on
// sticks as jobhome/site.txt, until ctx ends. Each text is offered once.
func (pl Place) Watch(ctx context.Context, offer func(name string, text []byte)) {
	seen := map[string][sha256.Size]byte{} // what was offered, not the secrets themselves
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		paths := []string{pl.path(OfferedFile)}
		for _, dir := range pl.stickDirs() {
			paths = append(paths, filepath.Join(dir, "site.txt"))
		}
		now := map[string][sha256.Size]byte{}
		for _, path := range paths {
			text, err := readFile(path)
			if err != nil {
				continue
			}
			if now[path] = sha256.Sum256(text); seen[path] != now[path] {
				offer("site.txt", text)
			}
			clear(text)
		}
		seen = now
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// stickDirs are the hub's folders of the sticks that are in.
func (pl Place) stickDirs() []string {
	if pl.Sticks == "" {
		return nil
	}
	found, _ := filepath.Glob(filepath.Join(pl.Sticks, "*", "jobhome"))
	var all []string
	for _, dir := range found {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() {
			all = append(all, dir)
		}
	}
	return all
}

// isKeyboard reports whether a report descriptor (USB HID 1.11, 6.2.2) begins as a
// keyboard's: usage page Generic Desktop, usage Keyboard.
func isKeyboard(descriptor []byte) bool {
	return bytes.Contains(descriptor[:min(len(descriptor), 64)], []byte{0x05, 0x01, 0x09, 0x06})
}

// typist makes text of the boot reports of a keyboard (USB HID 1.11, appendix B.1)
// with the layout of the United States, which scanners are delivered with.
type typist struct {
	down [6]byte
	text strings.Builder
}

// longest is more than any profile's code has.
const longest = 2 * profile.MostCode

// report takes one report: modifiers, nothing, and the keys that are down. A report
// of nine bytes begins with its number. At Enter the text is complete.
func (t *typist) report(b []byte) (text string, done bool) {
	if len(b) == 9 {
		b = b[1:]
	}
	if len(b) != 8 {
		return "", false
	}
	shift := b[0]&0x22 != 0
	for _, key := range b[2:] {
		if key == 0 || bytes.IndexByte(t.down[:], key) >= 0 {
			continue
		}
		if key == keyEnter {
			text, done = t.text.String(), true
			t.text.Reset()
			continue
		}
		if c := keyOf(key, shift); c != 0 && t.text.Len() < longest {
			t.text.WriteByte(c)
		}
	}
	copy(t.down[:], b[2:])
	return text, done
}

const keyEnter = 0x28

// keyOf is the character of a key (HID Usage Tables, keyboard page), 0 for none
// that a code has.
func keyOf(key byte, shift bool) byte {
	switch {
	case key >= 0x04 && key <= 0x1D && shift:
		return 'A' + key - 0x04
	case key >= 0x04 && key <= 0x1D:
		return 'a' + key - 0x04
	case key >= 0x1E && key <= 0x27 && !shift:
		return "1234567890"[key-0x1E]
	case key == 0x2D && !shift:
		return '-'
	case key == 0x33 && shift:
		return ':'
	case key == 0x38 && shift:
		return '?'
	}
	return 0
}
