package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCommandBoardStats(t *testing.T) {
	dir := t.TempDir()
	s := settingsFor(t, dir, "none", "none")
	settings := writeSettings(t, dir, s)
	if got := must(t, "-settings", settings, "board", "stats"); !strings.Contains(got, "Postings: 0, of them open 0") || !strings.Contains(got, "Updated: never") || !strings.Contains(got, "还没有导入过") {
		t.Errorf("an empty board: %s", got)
	}
	if got := must(t, "-settings", settings, "board", "stats", "-json"); strings.Contains(got, "updated") {
		t.Errorf("an empty board: %s", got)
	}
	dir = t.TempDir()
	s = settingsFor(t, dir, "none", "none")
	settings = writeSettings(t, dir, s)
	seedBoard(t, s.DataDir)
	var st boardStats
	text := must(t, "-settings", settings, "board", "stats", "-json")
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	file, err := os.Stat(filepath.Join(s.DataDir, "board.db"))
	if err != nil {
		t.Fatal(err)
	}
	if st.Postings != boardSize || st.Open >= st.Postings || st.Open < boardSize*9/10 || st.Employers < 20 ||
		st.Employers > st.Open || st.Bytes != file.Size() || st.Index == 0 || st.Segments == 0 || st.Stored == 0 || st.Raw < 2*st.Stored || st.Gone != 0 || st.Updated == nil || time.Since(*st.Updated) > 24*time.Hour {
		t.Errorf("%+v; the file has %d bytes", st, file.Size())
	}
	if got := must(t, "-settings", settings, "board", "stats"); !strings.Contains(got, "岗位：500 个") || !strings.Contains(got, "Postings: 500, of them ") || strings.Contains(got, "Updated: never") {
		t.Error(got)
	}
	if _, err := os.Stat(filepath.Join(s.DataDir, "ledger.db")); err == nil {
		t.Error("looking at the board makes a ledger")
	}
}

func TestCommandBoardVerify(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(raw []byte)
		says  []string // nil: the board is whole
	}{
		"whole":     {func([]byte) {}, nil},
		"no board":  {func(raw []byte) { copy(raw, strings.Repeat("x", 100)) }, []string{"岗位板打不开", "put aside", ".bad-", "import the postings again"}},
		"damaged":   {func(raw []byte) { spoilFreeSpace(t, raw) }, []string{"岗位板损坏", "is damaged", "integrity", "board.db*", "import the postings again"}},
		"a segment": {func(raw []byte) { spoilLastPage(raw) }, []string{"岗位板损坏：", "Found: segment ", "Cannot be read: "}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := settingsFor(t, dir, "none", "none")
			settings := writeSettings(t, dir, s)
			seedBoard(t, s.DataDir)
			must(t, "-settings", settings, "board", "stats") // saves the index, from which a damaged board opens too
			path := filepath.Join(s.DataDir, "board.db")
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tt.spoil(raw)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			o := kioskRun(t, "-settings", settings, "board", "verify")
			if tt.says == nil {
				if o.status != 0 || !strings.Contains(o.out, "board.db, 500 postings") {
					t.Errorf("exit status %d: %s%s", o.status, o.out, o.err)
				}
				return
			}
			if o.status != 1 || strings.Contains(o.out, "whole") {
				t.Errorf("exit status %d: %s%s", o.status, o.out, o.err)
			}
			for _, want := range tt.says {
				if !strings.Contains(o.err, want) {
					t.Errorf("%q is not said: %s", want, o.err)
				}
			}
		})
	}
}

// spoilLastPage changes a byte of postings, near the end of the file, where the
// segments that were written last lie.
func spoilLastPage(raw []byte) { raw[len(raw)-2000] ^= 0x10 }

// spoilFreeSpace claims a page more on the list of free ones than the file
// has, which nobody notices who only reads postings
// (https://www.sqlite.org/fileformat2.html, bytes 36 to 39 of the header).
func spoilFreeSpace(t *testing.T, raw []byte) {
	t.Helper()
	if len(raw) < 100 || !strings.HasPrefix(string(raw), "SQLite format 3\x00") {
		t.Fatal("the board is no SQLite file")
	}
	raw[39]++
}

func TestCommandBoardUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"dance"}, {"stats", "x"}, {"verify", "x"}, {"stats", "-x"}} {
		o := kioskRun(t, append([]string{"board"}, args...)...)
		if o.status != 2 || !strings.Contains(o.err, "usage: kiosk board stats [-json] | verify") {
			t.Errorf("board %q: exit status %d, %s", args, o.status, o.err)
		}
	}
}
