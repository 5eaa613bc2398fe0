package session

import (
	_ "embed"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A script tells a walk-in line by line: an event, and after "->" the page
// that has to follow with the effects. A line that begins with "is" names
// facts of the state that must be so, and with ! before them, must not. A line
// "walk" stands for the way to a page as in testdata/pages.txt; "card" and a
// date of birth after it give the walk to somebody whose card is on the reader.
//
//	walk home
//	touch tile nearby   -> list: Search
//	found 9             -> list
//	is items=6 !waiting
//
// A file has several, each under a line "== name".

//go:embed testdata/pages.txt
var pageScripts string

// TestWalks plays testdata/walks.
func TestWalks(t *testing.T) {
	for _, s := range walks(t) {
		t.Run(s.name, func(t *testing.T) { open(t).play(s.script) })
	}
}

// walks are all scripts of testdata/walks.
func walks(t testing.TB) []section {
	t.Helper()
	files, err := filepath.Glob("testdata/walks/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of scripts, %v", len(files), err)
	}
	var all []section
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scripts := sections(string(text))
		if len(scripts) == 0 {
			t.Errorf("%s has no script", file)
		}
		for _, s := range scripts {
			all = append(all, section{strings.TrimSuffix(filepath.Base(file), ".txt") + "/" + s.name, s.script})
		}
	}
	return all
}

type section struct{ name, script string }

func sections(text string) []section {
	var all []section
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			all = append(all, section{name: strings.TrimSpace(name)})
		} else if len(all) > 0 {
			all[len(all)-1].script += line
		}
	}
	return all
}

// walk is the way to a page, without a card on the reader.
func walk(page Page) string {
	for _, s := range sections(pageScripts) {
		if s.name == string(page) {
			return expand(s.script)
		}
	}
	return "no walk leads to " + string(page)
}

// withCard is the same way for a person whose card lies on the reader.
func withCard(page Page, born string) string {
	card := `
		touch start   -> home
		touch card    -> consent
		touch consent -> tap-card: ArmReader
		card found    -> tap-card
		card read ` + born + ` -> greeting: DisarmReader
		touch no-card -> home
		is resident`
	way := strings.Replace(walk(page), "touch start", "touch stay", 1) // home already
	return card + "\n" + strings.ReplaceAll(way, "Print C1", "Print C1张**")
}

// expand replaces the lines "walk" of a script by what they stand for.
func expand(script string) string {
	var out strings.Builder
	for line := range strings.Lines(script) {
		f := strings.Fields(line)
		switch {
		case len(f) == 2 && f[0] == "walk":
			out.WriteString(walk(Page(f[1])) + "\n")
		case len(f) == 4 && f[0] == "walk" && f[2] == "card":
			out.WriteString(withCard(Page(f[1]), f[3]) + "\n")
		default:
			out.WriteString(line)
		}
	}
	return out.String()
}
