package screen

import (
	"cmp"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"jobhome/kiosk/session"
	"jobhome/ui/icons"
)

// nodes are n and everything in it.
func nodes(n Node) []Node {
	all := []Node{n}
	for _, kid := range n.Kids {
		all = append(all, nodes(kid)...)
	}
	return all
}

func everything(s Screen) []Node {
	all := append(append(nodes(s.Top), nodes(s.Body)...), nodes(s.Bar)...)
	if s.Over != nil {
		all = append(all, nodes(*s.Over)...)
	}
	return all
}

// buttons are what can be touched: over the page only, where something is.
func buttons(s Screen) []Node {
	from := append(nodes(s.Body), nodes(s.Bar)...)
	if s.Over != nil {
		from = nodes(*s.Over)
	}
	var all []Node
	for _, n := range from {
		if n.Kind == Button && !n.Off {
			all = append(all, n)
		}
	}
	return all
}

// wrong is everything that is wrong with the screen of s.
func wrong(s session.State, m Metrics) []string {
	sc := Of(s, m)
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, n := range everything(sc) {
		if strings.Contains(n.Text+n.Sub+n.Name, "⟦") {
			say("a sentence is missing: %s%s%s", n.Text, n.Sub, n.Name)
		}
		if strings.Contains(n.Text+n.Sub+n.Name, "%!") {
			say("a sentence has wrong arguments: %s%s%s", n.Text, n.Sub, n.Name)
		}
		switch n.Kind {
		case Button:
			wrongButton(n, say)
		case QR:
			if want := payload(s, sc.Page); n.Text != want {
				say("the code has %q, not %q", n.Text, want)
			}
			if len(n.Text) > 62 || n.SizeMM < 35 {
				say("a code of %d bytes, %v mm", len(n.Text), n.SizeMM)
			}
		case Text:
			if mm := LetterMM(n.Style, s.Visit.Large, s.Visit.Lang == "en"); mm < 4.8 {
				say("%q has letters of %v mm", n.Text, mm)
			}
		}
		if _, ok := icons.SVG(n.Icon); n.Icon != "" && !ok {
			say("there is no picture %q", n.Icon)
		}
	}
	wrongWays(s, sc, say)
	return all
}

func wrongButton(n Node, say func(string, ...any)) {
	name := cmp.Or(n.Name, n.Text, n.Sub)
	if strings.TrimSpace(name) == "" || len(n.Kids) > 0 && n.Name == "" {
		say("the button %s %s has no name", n.Do, n.Arg)
	}
	if n.Do == "" {
		say("the button %q does nothing", name)
	}
	if n.SizeMM != 0 && n.SizeMM < 15 {
		say("the button %q is %v mm high", name, n.SizeMM)
	}
	for _, kid := range n.Kids {
		for _, in := range nodes(kid) {
			if in.Kind == Button {
				say("the button %q has a button in it", name)
			}
		}
	}
}

// payload is what a code on the page has to say.
func payload(s session.State, page session.Page) string {
	text := base + "/p/" + s.Chosen.Posting.ID
	if page == session.Trouble && s.Referral.Code != "" {
		text += "?r=" + string(s.Referral.Code)
	}
	return text
}

// wrongWays says which of the ways out of a page are missing, and which of its
// buttons nobody answers.
func wrongWays(s session.State, sc Screen, say func(string, ...any)) {
	left, ended := false, s.Page == session.Attract || s.Warning
	for _, b := range buttons(sc) {
		at := session.At{Time: s.Now}
		next, effects := session.Step(s, session.Touch{At: at, Do: b.Do, Arg: b.Arg})
		if next.Page != s.Page {
			left = true
		}
		ended = ended || b.Do == session.DoEnd && next.Page == session.Attract
		given := b.Do == session.DoRate && b.On // the one that was given stays lit
		if len(effects) == 0 && same(s, next) && !given {
			say("the button %q (%s %s) is not answered", b.Text+b.Name, b.Do, b.Arg)
		}
		if b.Do == session.DoPrint && (s.Barred() || !s.Printer.CanPrint()) {
			say("a slip is offered that cannot be printed")
		}
		if b.Do == session.DoRetry && !s.Printer.CanPrint() {
			say("a retry is offered that cannot be printed")
		}
	}
	switch {
	case s.Page == session.Printing:
		if len(buttons(sc)) > 0 {
			say("while a slip prints, there is something to touch")
		}
	case !left && !s.Warning:
		say("nothing leads away from the page")
	case !ended:
		say("nothing ends the session")
	}
}

// same compares what a touch changed, but for its time.
func same(a, b session.State) bool {
	a.Options.Fits, b.Options.Fits = nil, nil
	a.Touched, b.Touched = now, now
	return reflect.DeepEqual(a, b)
}

// Every page on every panel, in every language and look.
func TestEveryScreen(t *testing.T) {
	n := 0
	for _, l := range looks() {
		for _, shot := range gallery(t, l) {
			n++
			for _, what := range wrong(shot.s, l.m) {
				t.Errorf("%s, %s: %s", l, shot.name, what)
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d screens were looked at", n)
	}
}

// The test finds what it looks for.
func TestWrongIsFound(t *testing.T) {
	d := open(t, looks()[0])
	d.s.Options.Tiles = []string{"no-such-tile"}
	d.send(session.Touch{At: d.at(), Do: session.DoStart})
	got := strings.Join(wrong(d.s, d.m), "\n")
	for _, want := range []string{"a sentence is missing: ⟦tile.no-such-tile⟧", "(tile no-such-tile) is not answered"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not among\n%s", want, got)
		}
	}
}
