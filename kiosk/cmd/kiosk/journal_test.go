package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestLogForTheJournal(t *testing.T) {
	for _, stream := range []string{"", "8:12345"} {
		t.Setenv("JOURNAL_STREAM", stream)
		var out bytes.Buffer
		log := newLog(&out)
		log.Info("a")
		log.With("part", "printer").Warn("b", "reason", "two\nlines")
		log.WithGroup("g").Error("c", "time", 1)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 3 {
			t.Fatalf("%q", lines)
		}
		want := []string{"<6>level=INFO msg=a", `<4>level=WARN msg=b part=printer reason="two\nlines"`, "<3>level=ERROR msg=c g.time=1"}
		for i, line := range lines {
			if stream == "" {
				if !strings.HasPrefix(line, "time=") || !strings.HasSuffix(line, strings.TrimLeft(want[i], "<>0123456789")) {
					t.Errorf("not for the journal: %q", line)
				}
			} else if line != want[i] {
				t.Errorf("%q, want %q", line, want[i])
			}
		}
	}
}
