package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

func TestCommandMatch(t *testing.T) {
	dir := t.TempDir()
	s := settingsFor(t, dir, "none", "none")
	seedBoard(t, s.DataDir)
	settings := writeSettings(t, dir, s)
	ask := []string{
		"-settings", settings, "match", "-n", "400", "-trade", "warehouse", "-trade", "machinery", "-occupation", "6-30-05-01", "-pay", "4000",
		"-within", "8000", "-shift", "day", "-benefit", "dorm", "-education", "70", "-experience", "12", "-certificate", "none", "-term", "long-term",
	}
	var found []matchJSON
	text := must(t, append(slices.Clone(ask), "-json")...)
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(found) != 400 {
		t.Fatalf("%d matches, want 400", len(found))
	}
	lacks, explained := 0, must(t, append(slices.Clone(ask), "-explain")...)
	for _, m := range found {
		p, problems := jsonl.Parse(m.Posting)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		sum := 0
		for _, r := range m.Reasons {
			sum += r.Points
			if r.Factor == kiosk.FactorCertificates && r.Hard && slices.Contains(r.Lacking, "forklift") {
				lacks++
			}
		}
		if sum != m.Score || len(m.Reasons) != 10 || !strings.Contains(explained, fmt.Sprintf("%4d  %-20s %s  ", m.Score, p.ID, p.Title)) {
			t.Errorf("%s has %d points, its %d reasons %d", p.ID, m.Score, len(m.Reasons), sum)
		}
	}
	if lacks == 0 || !strings.Contains(explained, "还差：叉车证") || strings.Count(explained, "  sum\n") != len(found) {
		t.Errorf("%d postings ask for a forklift licence\n%.2000s", lacks, explained)
	}
	if plain := must(t, "-settings", settings, "match", "-n", "3", "-trade", "garment"); !strings.Contains(plain, "是您想干的：服装缝纫 +60；") {
		t.Errorf("match without -json: %s", plain)
	}
	for _, bad := range [][]string{
		{"-trade", "dance"},
		{"-occupation", "sewing"},
		{"-pay", "-1"},
		{"-within", "5km"},
		{"-term", "ever"},
		{"-experience", "some"},
		{"-n", "0"},
		{"x"},
	} {
		if o := kioskRun(t, append([]string{"-settings", settings, "match"}, bad...)...); o.status != 2 {
			t.Errorf("match %q: exit status %d", bad, o.status)
		}
	}
	for _, bad := range [][]string{{"-shift", "noon"}, {"-benefit", "gold"}, {"-certificate", "pilot"}, {"-education", "55"}} {
		if o := kioskRun(t, append([]string{"-settings", settings, "match"}, bad...)...); o.status != 1 || !strings.Contains(o.err, bad[1]) {
			t.Errorf("match %q: exit status %d, %s", bad, o.status, o.err)
		}
	}
}
