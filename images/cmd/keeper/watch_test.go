package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/images/watch"
)

// Memory that stays short is told once, restarts the terminal once, and is in the
// file meanwhile.
func TestWatch(t *testing.T) {
	now := time.Date(2026, 6, 3, 8, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	restarts := 0
	available := int64(500 << 20)
	w := watcher{
		out: &out, file: filepath.Join(t.TempDir(), "machine.json"),
		take: func() watch.Reading {
			return watch.Reading{Memory: 1000 << 20, Available: available, Celsius: 50, Heard: now}
		},
		restart: func(context.Context) error { restarts++; return errors.New("systemd is away") },
	}
	look := func(n int) (m machine) {
		t.Helper()
		for range n {
			w.look(t.Context(), now)
			now = now.Add(watchEvery)
		}
		b, err := os.ReadFile(w.file)
		if err == nil {
			err = json.Unmarshal(b, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := look(10); len(m.Troubles) > 0 || m.Available != available || m.Celsius != 50 {
		t.Errorf("a machine that is well: %+v", m)
	}
	if out.Len() > 0 {
		t.Errorf("it said %s", out.String())
	}
	available = 20 << 20
	if m := look(20); !slices.Equal(m.Troubles, []watch.Trouble{watch.MemoryShort}) {
		t.Errorf("a machine without memory: %+v", m)
	}
	available = 600 << 20
	if m := look(10); len(m.Troubles) > 0 {
		t.Errorf("a machine that is well again: %+v", m)
	}
	var said []string
	for line := range strings.Lines(out.String()) {
		said = append(said, strings.Join(strings.Fields(line)[:3], " "))
	}
	want := []string{"<4>memory-short: 20 of", "<4>the terminal is", "<3>the terminal was", "<5>memory-short has ended:"}
	for i := range want {
		want[i] = strings.Join(strings.Fields(want[i])[:3], " ")
	}
	if !slices.Equal(said, want) || restarts != 1 {
		t.Errorf("%d restarts; it said\n%q, not\n%q", restarts, said, want)
	}
}

// A file that cannot be written is said once, and ends nothing.
func TestWatchWithoutItsDirectory(t *testing.T) {
	var out bytes.Buffer
	w := watcher{out: &out, file: filepath.Join(t.TempDir(), "none", "machine.json"), take: func() watch.Reading { return watch.Reading{} }}
	for range 3 {
		w.look(t.Context(), time.Now())
	}
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("it said %d lines: %s", n, out.String())
	}
}
