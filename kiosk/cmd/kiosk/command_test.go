package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/kiosk/config"
	"jobhome/kiosk/jsonl"
)

func TestCommandImportReportsBadLines(t *testing.T) {
	dir := t.TempDir()
	lines := strings.SplitAfter(must(t, "demo-board", "-n", "5"), "\n")
	lines[1] = "{\"id\": 7}\n"
	lines[3] = strings.Replace(lines[3], `"title"`, `"titel"`, 1)
	file := filepath.Join(dir, "in.jsonl")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := writeSettings(t, dir, settingsFor(t, dir, "none", "none"))
	o := kioskRun(t, "-settings", settings, "import", file)
	if o.status != 1 {
		t.Errorf("exit status %d, want 1", o.status)
	}
	for _, want := range []string{"line 2: ", "line 4: ", "titel"} {
		if !strings.Contains(o.err, want) {
			t.Errorf("the report does not have %q:\n%s", want, o.err)
		}
	}
	if strings.Contains(o.err, "line 1:") || strings.Contains(o.err, "line 3:") || strings.Contains(o.err, "line 5:") {
		t.Errorf("good lines are reported:\n%s", o.err)
	}
	if !strings.Contains(o.out, "5 lines: 3 taken") {
		t.Errorf("good lines were not kept: %s", o.out)
	}
	again := kioskRun(t, "-settings", settings, "import", filepath.Join(dir, "nothing.jsonl"))
	if again.status != 1 || !strings.Contains(again.err, "nothing.jsonl") {
		t.Errorf("a file that is not there: exit status %d, %s", again.status, again.err)
	}
}

func TestCommandSearch(t *testing.T) {
	dir := t.TempDir()
	s := settingsFor(t, dir, "none", "none")
	seedBoard(t, s.DataDir)
	settings := writeSettings(t, dir, s)
	var found searchJSON
	text := must(t, "-settings", settings, "search", "-json", "-n", "3", "缝纫")
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if found.Total < 3 || len(found.Items) != 3 {
		t.Fatalf("%d items of %d, want 3 of at least as many", len(found.Items), found.Total)
	}
	for _, it := range found.Items {
		post, problems := jsonl.Parse(it.Posting)
		if len(problems) > 0 || !strings.Contains(post.Title+post.Description+post.Occupation.Name+post.Employer.Name, "缝纫") {
			t.Errorf("found %q: %v", post.Title, problems)
		}
	}
	if plain := must(t, "-settings", settings, "search", "缝纫"); !strings.Contains(plain, "缝纫") {
		t.Errorf("search without -json: %s", plain)
	}
	if none := must(t, "-settings", settings, "search", "-json", "龘"); !strings.Contains(none, `"items": []`) {
		t.Errorf("nothing found: %s", none)
	}
}

func TestCommandSettingsLoadBack(t *testing.T) {
	for _, args := range [][]string{
		{"settings"},
		{"-settings", writeSettings(t, t.TempDir(), settingsFor(t, "/tmp/x", "uart:/dev/ttyUSB0?baud=115200", "none")), "settings"},
	} {
		text := must(t, args...)
		s, err := config.Parse("kiosk.toml", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", args, err)
			continue
		}
		var again strings.Builder
		if err := s.Write(&again); err != nil || again.String() != text {
			t.Errorf("%q: settings change when they are loaded and written again (%v)", args, err)
		}
	}
}

func TestCommandLine(t *testing.T) {
	dir := t.TempDir()
	settings := writeSettings(t, dir, settingsFor(t, dir, "none", "none"))
	broken := filepath.Join(dir, "broken.toml")
	if err := os.WriteFile(broken, []byte("[site]\ntier = \"shop\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"dance"}, 2, `there is no command "dance"`},
		{[]string{"-nonsense"}, 2, "usage: kiosk"},
		{[]string{"-h"}, 0, "usage: kiosk"},
		{[]string{"import"}, 2, "usage: kiosk import"},
		{[]string{"search"}, 2, "usage: kiosk search"},
		{[]string{"referrals", "x"}, 2, "usage: kiosk referrals"},
		{[]string{"reprint"}, 2, "usage: kiosk reprint"},
		{[]string{"reprint", "7K3-M9G-XXXX"}, 1, "code"},
		{[]string{"-settings", settings, "reprint", "7K3-M9G-XW4F"}, 1, "reprint"},
		{[]string{"-settings", broken, "settings"}, 1, "broken.toml:2: site.tier"},
		{[]string{"-settings", filepath.Join(dir, "none.toml"), "search", "x"}, 1, "none.toml"},
	} {
		o := kioskRun(t, c.args...)
		if o.status != c.status || !strings.Contains(o.err, c.says) {
			t.Errorf("kiosk %q: exit status %d, want %d and %q:\n%s", c.args, o.status, c.status, c.says, o.err)
		}
	}
}

// Two programs on one printer would mix what they print, and settle each
// other's slips.
func TestDevicesHaveOneMaster(t *testing.T) {
	dir := t.TempDir()
	first := &place{settings: config.Settings{DataDir: dir}}
	if err := first.lock(); err != nil {
		t.Fatal(err)
	}
	if err := first.lock(); err != nil {
		t.Errorf("a second time by the same: %v", err)
	}
	second := &place{settings: config.Settings{DataDir: dir}}
	if err := second.lock(); err == nil || !strings.Contains(err.Error(), "the terminal is running") {
		t.Errorf("while another has them: %v", err)
	}
	first.close()
	if err := second.lock(); err != nil {
		t.Errorf("after the other has ended: %v", err)
	}
	second.close()
}
