package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is the built bin/kiosk that the tests drive from outside.
var program string

// programs is the directory of what was built.
var programs string

// TestMain builds the program, or takes the one that JOBHOME_KIOSK names.
func TestMain(m *testing.M) {
	os.Exit(withProgram(m))
}

func withProgram(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "jobhome-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(programs) }()
	if program, err = buildProgram("JOBHOME_KIOSK", "."); err != nil {
		fmt.Fprintln(os.Stderr, "build the terminal:", err)
		return 1
	}
	return m.Run()
}

// buildProgram builds a program, or takes the one that the environment names.
func buildProgram(env, pkg string) (string, error) {
	if path := os.Getenv(env); path != "" {
		return path, nil
	}
	path := filepath.Join(programs, strings.ToLower(env))
	cmd := exec.Command("go", "build", "-o", path, pkg)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	return path, cmd.Run()
}

// hubProgram is bin/hub, or the one that JOBHOME_HUB names; it is built when a
// test first needs it.
var hubProgram = sync.OnceValues(func() (string, error) { return buildProgram("JOBHOME_HUB", "jobhome/sync/cmd/hub") })

// outcome is what a command of bin/kiosk left.
type outcome struct {
	status   int
	out, err string
}

// kioskRun runs bin/kiosk to its end.
func kioskRun(t *testing.T, args ...string) outcome {
	t.Helper()
	return kioskRunWith(t, "", args...)
}

// kioskRunWith is kioskRun with something on standard input.
func kioskRunWith(t *testing.T, in string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	var out, errOut strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("kiosk %q: %v", args, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// must runs bin/kiosk, which has to succeed, and returns what it wrote.
func must(t *testing.T, args ...string) string {
	t.Helper()
	o := kioskRun(t, args...)
	if o.status != 0 {
		t.Fatalf("kiosk %q: exit status %d\n%s%s", args, o.status, o.out, o.err)
	}
	return o.out
}

// boardSize is enough for every trade, and quick to import.
const boardSize = 500

// seed is a board that was imported once from the demonstration's postings;
// every terminal of the tests starts with a copy of it.
var seed = struct {
	sync.Mutex
	file []byte
}{}

// seedBoard puts a copy of the seed into the data directory of s.
func seedBoard(t *testing.T, dataDir string) {
	t.Helper()
	seed.Lock()
	defer seed.Unlock()
	if seed.file == nil {
		dir := t.TempDir()
		lines := filepath.Join(dir, "board.jsonl")
		text := must(t, "demo-board", "-n", fmt.Sprint(boardSize))
		if err := os.WriteFile(lines, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := settingsFor(t, dir, "none", "none")
		must(t, "-settings", writeSettings(t, dir, s), "import", lines)
		b, err := os.ReadFile(filepath.Join(s.DataDir, "board.db"))
		if err != nil {
			t.Fatal(err)
		}
		seed.file = b
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dataDir, "board.db"), seed.file, 0o600); err != nil {
		t.Fatal(err)
	}
}
