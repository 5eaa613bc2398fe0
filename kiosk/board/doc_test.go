package board

import (
	"os"
	"strings"
	"testing"

	"jobhome/kiosk/jsonl"
)

// TestExampleInReadme keeps the example line of README.md right.
func TestExampleInReadme(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(raw), "```json\n")
	example, _, ok2 := strings.Cut(rest, "```")
	if !ok || !ok2 {
		t.Fatal("README.md has no example")
	}
	if _, problems := jsonl.Parse([]byte(strings.ReplaceAll(example, "\n", ""))); problems != nil {
		t.Error(problems)
	}
}
