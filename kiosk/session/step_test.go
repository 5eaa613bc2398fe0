package session

import (
	"strings"
	"testing"
	"time"
)

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
		Other: "posting: Open p1", CallBack: "other", Report: "other",
		Result: "home", StaffPIN: "home: DisarmReader, Forget", Staff: "home: DisarmReader, Forget",
		StaffReset: "home: DisarmReader, Forget",
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
			case StaffPIN, Staff, StaffReset:
				home = "home: DisarmReader, Forget"
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
