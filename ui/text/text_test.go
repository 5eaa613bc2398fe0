package text_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk/session"
	"jobhome/kiosk/setup"
	"jobhome/kiosk/words"
	"jobhome/ui/screen"
	"jobhome/ui/text"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGoldenScreens compares every page, in both languages, with what a person
// has read and found good.
func TestGoldenScreens(t *testing.T) {
	expected := map[string]bool{}
	for _, lang := range words.Langs() {
		g := newGuide(t)
		g.walk(lang)
		for _, e := range setup.Examples(lang, g.now) {
			g.names = append(g.names, "90-"+e.Name)
			g.kept["90-"+e.Name] = text.Write(screen.OfSetup(e.State, g.m))
		}
		for _, name := range g.names {
			file := filepath.Join("testdata", name+"-"+string(lang)+".txt")
			expected[file] = true
			got := g.kept[name]
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
			} else if got != string(want) {
				t.Errorf("%s differs at\n%s", file, difference(string(want), got))
			}
		}
		everyPage(t, g)
	}
	old, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range old {
		switch {
		case expected[file]:
		case *update:
			if err := os.Remove(file); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("%s is no screen any more", file)
		}
	}
}

// everyPage finds pages that nobody looks at.
func everyPage(t *testing.T, g *guide) {
	t.Helper()
	for _, page := range session.Pages() {
		if !slices.ContainsFunc(g.names, func(n string) bool { return strings.HasPrefix(g.kept[n], "== "+string(page)+" ") }) {
			t.Errorf("no golden screen has the page %s", page)
		}
	}
}

// difference is the first line that is not the same.
func difference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		line := func(s []string) string {
			if i < len(s) {
				return s[i]
			}
			return "(the end)"
		}
		if line(a) != line(b) {
			return "- " + line(a) + "\n+ " + line(b)
		}
	}
	return "nothing"
}

func TestWrite(t *testing.T) {
	button := func(text string) screen.Node {
		return screen.Node{Kind: screen.Button, Text: text, Do: "go", Arg: "there"}
	}
	on, off := button("Chosen"), button("Off")
	on.On, off.Off, off.Sub, off.Arg = true, true, "why", ""
	over := screen.Node{Kind: screen.Text, Text: "Still there?"}
	s := screen.Screen{
		Page: "test", Lang: "en", Large: true, Contrast: true, Over: &over,
		Top: screen.Node{Kind: screen.Row, Kids: []screen.Node{{Kind: screen.Mark}, {Kind: screen.Text, Text: "Site"}, {Kind: screen.Space}}},
		Body: screen.Node{Kind: screen.Column, Kids: []screen.Node{
			{Kind: screen.Text, Style: screen.Title, Text: "Title"},
			{Kind: screen.Text, Style: screen.Bad, Text: "Wrong"},
			{Kind: screen.QR, Text: "https://a.example"},
			{Kind: screen.Column, Style: screen.Panel, Kids: []screen.Node{{Kind: screen.Picture, Name: "slip"}, {Kind: screen.Icon, Icon: "print"}}},
			{Kind: screen.Button, Name: "A whole card", Do: "open", Arg: "p1", Kids: []screen.Node{{Kind: screen.Text, Text: "inside"}}},
		}},
		Bar: screen.Node{Kind: screen.Grid, Kids: []screen.Node{on, off}},
	}
	const want = `== test (en, large, contrast)
<mark>  Site
--------
# Title
! Wrong
<QR https://a.example>
(panel)
  <picture slip>
  <print>
[A whole card → open p1]
  inside
--------
Still there?
--------
[*Chosen → go there]  [~Off · why → go]
`
	if got := text.Write(s); got != want {
		t.Errorf("differs at\n%s\nin\n%s", difference(want, got), got)
	}
}

// No words of a screen are left out.
func TestEverythingIsWritten(t *testing.T) {
	g := newGuide(t)
	g.begin(words.Zh)
	g.do("start\n tile nearby\n posting gq-20261122-0187")
	sc := screen.Of(g.s, g.m)
	got := text.Write(sc)
	var all func(n screen.Node)
	all = func(n screen.Node) {
		if !strings.Contains(got, n.Text) {
			t.Errorf("%q is not written", n.Text)
		}
		for _, kid := range n.Kids {
			all(kid)
		}
	}
	all(sc.Top)
	all(sc.Body)
	all(sc.Bar)
}
