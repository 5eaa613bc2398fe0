package session

import (
	"strings"
	"testing"
	"time"
)

// walk is a way to a page on a terminal that works.
func walk(page Page) string {
	switch page {
	case Printing:
		return walk(Confirm) + `
		touch confirm -> printing: Issue p1
		written C1    -> printing: Print C1`
	case Take:
		return walk(Printing) + `
		ended C1 printed ready -> take`
	case Trouble:
		return walk(Printing) + `
		ended C1 failed paper-out -> trouble`
	case Help:
		return walk(Posting) + `
		touch help -> help`
	}
	return map[Page]string{
		Attract: ``,
		Home:    `touch start -> home`,
		Consent: `
		touch start -> home
		touch card  -> consent`,
		TapCard: `
		touch start   -> home
		touch card    -> consent
		touch consent -> tap-card: ArmReader`,
		Greeting: `
		touch start          -> home
		touch card           -> consent
		touch consent        -> tap-card: ArmReader
		card found           -> tap-card
		card read 1980-05-01 -> greeting`,
		Trades: `
		touch start       -> home
		touch tile trades -> trades`,
		Keys: `
		touch start       -> home
		touch tile search -> search: Suggest
		suggested 100     -> search`,
		Ask: `
		touch start      -> home
		touch tile match -> ask`,
		List: `
		touch start       -> home
		touch tile nearby -> list: Search
		found 9           -> list`,
		Filter: `
		touch start       -> home
		touch tile nearby -> list: Search
		found 9           -> list
		touch filters     -> filter`,
		Posting: `
		touch start       -> home
		touch tile nearby -> list: Search
		found 9           -> list
		touch posting p1  -> posting: Open p1
		opened ok p1      -> posting`,
		Confirm: `
		touch start       -> home
		touch tile nearby -> list: Search
		found 9           -> list
		touch posting p1  -> posting: Open p1
		opened ok p1      -> posting
		touch print       -> confirm: Draft
		drafted           -> confirm`,
	}[page]
}

// withCard is the same ways for a person whose card lies on the reader.
func withCard(page Page, born string) string {
	card := `
		touch start   -> home
		touch card    -> consent
		touch consent -> tap-card: ArmReader
		card found    -> tap-card
		card read ` + born + ` -> greeting
		touch no-card -> home
		is resident`
	way := strings.Replace(walk(page), "touch start", "touch stay", 1) // home already
	return card + "\n" + strings.ReplaceAll(way, "Print C1", "Print C1张**")
}

func TestEveryPageIsReached(t *testing.T) {
	for _, page := range Pages() {
		w := open(t).play(walk(page))
		if w.s.Page != page {
			t.Errorf("the walk to %s ends at %s", page, w.s.Page)
		}
	}
}

func TestBackHomeEnd(t *testing.T) {
	back := map[Page]string{
		Attract: "attract", Home: "home", Consent: "home", TapCard: "home: DisarmReader", Greeting: "home",
		Trades: "home", Keys: "home", Ask: "home", List: "home", Filter: "list", Posting: "list",
		Confirm: "posting: Open p1", Printing: "printing", Take: "home", Trouble: "posting: Open p1", Help: "posting: Open p1",
	}
	for _, page := range Pages() {
		t.Run(string(page), func(t *testing.T) {
			home, end := "home", "attract: DisarmReader, Forget"
			switch page {
			case Printing: // a slip on its way is waited for
				home, end = "printing", "printing"
			case Attract:
				end = "attract"
			case TapCard:
				home = "home: DisarmReader"
			}
			open(t).play(walk(page) + "\n touch back -> " + back[page])
			open(t).play(walk(page) + "\n touch home -> " + home)
			w := open(t).play(walk(page) + "\n touch end -> " + end)
			if page != Printing {
				w.play("is nobody")
			}
		})
	}
}

// Silence on every page, with card and without, in any look, ends at the
// attract page with nobody in memory.
func TestSilenceEndsEveryPage(t *testing.T) {
	for _, page := range Pages() {
		for _, card := range []bool{false, true} {
			if card && (page == Attract || page == Consent || page == TapCard || page == Greeting) {
				continue
			}
			t.Run(string(page), func(t *testing.T) {
				w := open(t)
				if card {
					w.play(withCard(page, "1980-05-01"))
				} else {
					w.play(walk(page))
				}
				var seen []string
				bound := idle + warn
				if page == Printing {
					bound += slow
				}
				for waited := time.Duration(0); waited <= bound; waited += time.Second {
					w.now = w.now.Add(time.Second)
					w.last = nil
					w.send(Tick{w.at()})
					seen = append(seen, effectNames(w.last)...)
				}
				w.play("is nobody")
				if w.s.Page != Attract {
					t.Fatalf("after %v of silence it shows %s", bound, w.s.Page)
				}
				if !strings.HasSuffix(strings.Join(seen, " "), "Forget") && page != Attract {
					t.Errorf("the app was told %v, not to forget", seen)
				}
			})
		}
	}
}

func TestTouchDuringTheWarningOnlyStays(t *testing.T) {
	for _, page := range Pages() {
		if page == Attract || page == Printing {
			continue
		}
		for _, do := range []string{"stay", "home", "back", "help", "done", "more", "print", "confirm", "tile nearby", "posting p2"} {
			w := open(t).play(walk(page))
			silent := idle
			if page == Take {
				silent = linger
			}
			w.event([]string{"wait", silent.String()})
			w.play("is warning left=20")
			before := w.s
			w.play("touch " + do + " -> " + string(page) + "\n is !warning")
			before.Now, before.Touched, before.Warning = w.s.Now, w.s.Touched, false
			if !same(before, w.s) {
				t.Errorf("%s: the touch %q did more than stay", page, do)
			}
		}
		w := open(t).play(walk(page))
		w.event([]string{"wait", "65s"})
		if w.s.Page != Attract { // "take" has ended by now
			w.play("touch end -> attract: DisarmReader, Forget")
		}
	}
}

func TestClocks(t *testing.T) {
	for name, script := range map[string]string{
		"set back in a session": `
			touch start -> home
			clock -8760h -> home
			wait 59s    -> home
			is !warning
			wait 2s     -> home
			is warning
			wait 20s    -> attract: DisarmReader, Forget`,
		"set back while it warns": `
			touch start -> home
			wait 70s    -> home
			is warning left=10
			clock -1h   -> home
			is !warning left=80`,
		"set back at the farewell": `
			touch start -> home
			touch end   -> attract: DisarmReader, Forget
			is notice=ended.done
			clock -1h   -> attract
			wait 9s     -> attract
			is notice=`,
		"the attract page turns": `
			clock 0s -> attract
			is turn=1
			wait 10s -> attract
			is turn=2
			wait 30s -> attract
			is turn=5
			clock -1h -> attract
			wait 10s -> attract
			is turn=7`,
		"set back while printing": walk(Printing) + `
			clock -1h  -> printing
			wait 24s   -> printing
			wait 1s    -> trouble
			is why=unconfirmed`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

func TestLooksAreResetAtTheEnd(t *testing.T) {
	w := open(t).play(`
		touch lang     -> home
		is lang=en
		touch large    -> home
		is large
		touch contrast -> home
		is contrast
		touch end      -> attract: DisarmReader, Forget
		is nobody lang=zh !large !contrast
		touch large    -> home
		touch lang     -> home
		touch lang     -> home
		is lang=zh large`)
	w.event([]string{"wait", "80s"})
	w.play(`is nobody !large`)

	o := options()
	o.Large, o.Lang = true, "en"
	s := New(o, nine)
	s, _ = Step(s, Touch{At{nine}, DoLarge, ""})
	s, _ = Step(s, Touch{At{nine}, DoEnd, ""})
	if !s.Large || s.Lang != "en" {
		t.Error("the terminal's own first look is not what a session goes back to")
	}
}

func TestLargeTypeAsksForWhatFits(t *testing.T) {
	for name, script := range map[string]string{
		"on the list": walk(List) + `
			touch page next -> list: Search
			is offset=6 limit=6
			found 9         -> list
			touch large     -> list: Search
			is offset=4 limit=4`,
		"beside the list": walk(Posting) + `
			touch large -> posting
			touch back  -> list: Search
			is limit=4`,
		"on the filters": walk(Filter) + `
			touch large -> filter: Search
			is limit=4`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

func TestHelpComesBack(t *testing.T) {
	for name, script := range map[string]string{
		"from attract":    `touch help -> help` + "\n" + `touch back -> home`,
		"from home":       walk(Home) + "\n touch help -> help \n touch help -> help \n touch back -> home",
		"from the reader": walk(TapCard) + "\n touch help -> help: DisarmReader \n touch back -> home",
		"from the slip":   walk(Take) + "\n touch help -> help \n touch back -> take",
		"from trouble":    walk(Trouble) + "\n touch help -> help \n touch back -> trouble \n is why=paper-out retry",
		"from confirm":    walk(Confirm) + "\n touch help -> help \n touch back -> confirm \n is draft",
		"the slip comes meanwhile": walk(Printing) + `
			wait 25s               -> trouble
			touch help             -> help
			ended C1 printed ready -> take
			touch back             -> home`,
		"the slip fails meanwhile": walk(Printing) + `
			wait 25s                  -> trouble
			touch help                -> help
			ended C1 failed paper-out -> trouble
			touch back                -> posting: Open p1`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}
