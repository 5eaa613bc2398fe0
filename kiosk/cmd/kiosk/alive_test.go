package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk/alive"
	"jobhome/kiosk/session"
)

// The service manager hears of the first page, and that everything answers from
// then on; the health file names what is fitted.
func TestTheManagerHearsThatItLives(t *testing.T) {
	dir := t.TempDir()
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = manager.Close() }()
	r := newRig(t, rigOpts{})
	t.Setenv("NOTIFY_SOCKET", filepath.Join(dir, "notify"))
	t.Setenv("WATCHDOG_USEC", "2000000")
	t.Setenv("RUNTIME_DIRECTORY", dir)
	r.start()
	if err := manager.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	var heard []string
	buf := make([]byte, 4096)
	for len(heard) == 0 || heard[len(heard)-1] != "WATCHDOG=1" {
		n, err := manager.Read(buf)
		if err != nil {
			t.Fatalf("heard %q, then %v", heard, err)
		}
		heard = append(heard, strings.Split(string(buf[:n]), "\n")...)
	}
	if all := strings.Join(heard, " "); !strings.Contains(all, "READY=1 STATUS=serving") {
		t.Errorf("heard %q", heard)
	}
	var h alive.Health
	b, err := os.ReadFile(filepath.Join(dir, "health.json"))
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	if err != nil || h.Drawn.IsZero() || h.Hub != alive.None || h.Busy || h.Program == "" {
		t.Errorf("health %s, %v", b, err)
	}
}

// Somebody is taken to be there for a minute after the last page that was theirs.
func TestBusy(t *testing.T) {
	var p presence
	at := time.Date(2026, 6, 3, 8, 0, 0, 0, time.UTC)
	p.saw(session.State{Visit: session.Visit{Page: session.Attract}}, at)
	if p.busy(at) {
		t.Error("somebody is there although nobody came")
	}
	p.saw(session.State{Visit: session.Visit{Page: session.List}}, at)
	p.saw(session.State{Visit: session.Visit{Page: session.Attract}}, at.Add(time.Second))
	if !p.busy(at.Add(lingers - time.Second)) {
		t.Error("nobody is there within a minute")
	}
	if p.busy(at.Add(lingers)) {
		t.Error("somebody is there for ever")
	}
}
