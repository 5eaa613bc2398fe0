package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fakeJournal is a journal that answers as journalctl does; a place in it is a
// number of lines.
type fakeJournal struct {
	lines []string
	err   error
	args  []string
}

func (j *fakeJournal) read(_ context.Context, args ...string) ([]byte, error) {
	j.args = args
	from := 0
	for _, a := range args {
		if c, ok := strings.CutPrefix(a, "--after-cursor=s="); ok {
			if _, err := fmt.Sscan(c, &from); err != nil {
				return nil, err
			}
		}
	}
	text := strings.Join(j.lines[from:], "\n")
	if text != "" {
		text += "\n"
	}
	return fmt.Appendf(nil, "%s-- cursor: s=%d\n", text, len(j.lines)), j.err
}

func logRig(t *testing.T) (*keptLog, *fakeJournal) {
	t.Helper()
	dir := t.TempDir()
	j := new(fakeJournal)
	return &keptLog{dir: dir, cursor: filepath.Join(dir, "cursor"), journal: j.read, now: func() time.Time { return noon }}, j
}

func (l *keptLog) text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(l.dir, name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(b)
}

func (l *keptLog) mustAppend(t *testing.T) {
	t.Helper()
	if err := l.append(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestLogKeepsEveryLineOnce(t *testing.T) {
	l, j := logRig(t)
	l.mustAppend(t)
	if _, err := os.Stat(filepath.Join(l.dir, "log")); err == nil {
		t.Error("written to although nothing came")
	}
	j.lines = []string{"2026-06-03T11:59:00+0800 kiosk[1]: one"}
	l.mustAppend(t)
	l.mustAppend(t)
	j.lines = append(j.lines, "2026-06-03T12:10:00+0800 kiosk[1]: two")
	l.mustAppend(t)
	want := "== 2026-06-03 12:00:00 39 bytes\n" + j.lines[0] + "\n== 2026-06-03 12:00:00 39 bytes\n" + j.lines[1] + "\n"
	if got := l.text(t, "log"); got != want {
		t.Errorf("kept\n%s\nwant\n%s", got, want)
	}
	if args := strings.Join(j.args, " "); !strings.Contains(args, "--priority=warning") || !strings.Contains(args, "--unit=kiosk.service") {
		t.Errorf("asked for %s", args)
	}
}

// A journal that cannot be read leaves the place in it where it was.
func TestLogOfABrokenJournal(t *testing.T) {
	l, j := logRig(t)
	j.lines, j.err = []string{"one"}, errors.New("broken")
	if err := l.append(t.Context()); err == nil || l.text(t, "log") != "" || l.text(t, "cursor") != "" {
		t.Errorf("%v; kept %q", err, l.text(t, "log"))
	}
	j.err = nil
	l.mustAppend(t)
	if !strings.Contains(l.text(t, "log"), "one") {
		t.Error("lost a line")
	}
}

// However much is said, the files and the day have an end, also for a keeper
// that is started again every time.
func TestLogIsBounded(t *testing.T) {
	l, j := logRig(t)
	now := noon
	for day := range 20 {
		before := l.size(t)
		for range 4 {
			for n := range 300 {
				j.lines = append(j.lines, fmt.Sprintf("day %d line %d %s", day, n, strings.Repeat("x", 60)))
			}
			l = &keptLog{dir: l.dir, cursor: l.cursor, journal: j.read, now: func() time.Time { return now }}
			l.mustAppend(t)
			now = now.Add(time.Minute)
		}
		if grown := l.size(t) - before; grown > logDaily {
			t.Fatalf("day %d: %d bytes", day, grown)
		}
		now = now.Add(24*time.Hour - 4*time.Minute)
	}
	files, err := filepath.Glob(filepath.Join(l.dir, "log*"))
	if err != nil || len(files) != logFiles {
		t.Errorf("%q, %v", files, err)
	}
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Size() > logFile {
			t.Errorf("%s: %v, %v", f, info.Size(), err)
		}
	}
	if !strings.Contains(l.text(t, "log"), "day 19 line 0 ") || !strings.Contains(l.text(t, "log"), "lines left out") {
		t.Error("the newest day is not there, or does not say what is missing")
	}
}

func (l *keptLog) size(t *testing.T) (n int) {
	t.Helper()
	for _, name := range []string{"log", "log.1", "log.2", "log.3"} {
		n += len(l.text(t, name))
	}
	return n
}

// The power goes at every byte of what is written, and at every step of moving
// the files on: the next lines are kept, and begin on a line of their own.
func TestLogAfterACut(t *testing.T) {
	whole, j := logRig(t)
	j.lines = []string{"an old line"}
	whole.mustAppend(t)
	text := whole.text(t, "log")
	for cut := range len(text) {
		l, j := logRig(t)
		if err := os.WriteFile(filepath.Join(l.dir, "log"), []byte(text[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		j.lines = []string{"a new line"}
		l.mustAppend(t)
		if got := l.text(t, "log"); !strings.HasPrefix(got, text[:cut]) || !strings.HasSuffix(got, " bytes\na new line\n") || strings.Contains(got, "\n\n") {
			t.Fatalf("cut at %d: %q", cut, got)
		}
	}
	for gap := range logFiles {
		l, _ := logRig(t)
		for n, name := range []string{"log", "log.1", "log.2", "log.3"} {
			if n != gap {
				if err := os.WriteFile(filepath.Join(l.dir, name), []byte(name), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := l.rotate(); err != nil {
			t.Errorf("without file %d: %v", gap, err)
		}
		if l.text(t, "log") != "" || gap != 0 && l.text(t, "log.1") != "log" {
			t.Errorf("without file %d: log.1 is %q", gap, l.text(t, "log.1"))
		}
	}
}

func TestNothingPersonalIsKept(t *testing.T) {
	for _, secret := range []string{
		"110101199003070070", "11010119900307007X", "11010119900307007x", "110101900307007", "13800138000", "138 0013 8000",
		"138-0013-8000", "0792-8881234", "010 12345678", "１１０１０１１９９００３０７００７０", "+8613800138000", "id=110101199003070070,",
	} {
		for _, frame := range []string{"card %s read", "%s", "电话%s。", "x=%s"} {
			got := nameless(fmt.Sprintf(frame, secret))
			for _, part := range []string{"8881234", "12345678", "0138000", "8000", "0307007", "０３０７"} {
				if strings.Contains(got, part) {
					t.Errorf("%q became %q", fmt.Sprintf(frame, secret), got)
				}
			}
		}
	}
	for _, line := range []string{
		"2026-06-03T11:59:00+0800 kiosk[12345]: printer state=paper-out", "memory: 800 of 1013 MiB available", "read 123456789 bytes", "10.0.0.12:8443",
	} {
		if got := nameless(line); got != line {
			t.Errorf("%q became %q", line, got)
		}
	}
}

// noon is the time of the tests.
var noon = time.Date(2026, 6, 3, 12, 0, 0, 0, time.UTC)
