package window

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

// made is how many widgets the window has made so far.
func (s *show) made() (n int) {
	on(s.t, func() { n = s.paint.made })
	return n
}

// find is the item shown whose node has this accessible name, text or words.
func (s *show) find(name string) (found *item) {
	s.t.Helper()
	on(s.t, func() {
		f := &s.frame
		for _, it := range []*item{f.over, f.top, f.bar, f.pages[f.page]} {
			if found == nil && it != nil && it.widget.GetMapped() {
				found = it.find(name)
			}
		}
	})
	if found == nil {
		s.t.Fatalf("%q is not shown", name)
	}
	return found
}

func (it *item) find(name string) *item {
	if it.shown && (it.said == name || it.node.Text == name) && name != "" {
		return it
	}
	for _, kid := range it.kids {
		if !kid.shown {
			continue
		}
		if found := kid.find(name); found != nil {
			return found
		}
	}
	return nil
}

func TestWalkingMakesNoWidgets(t *testing.T) {
	for _, tt := range []struct {
		name  string
		pages func(i int) screen.Screen
		cycle int
	}{
		{"bound anew", listPage, 420},
		{"other kinds", mixedPage, 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newShow(t, Options{Metrics: small})
			n := 2 * tt.cycle
			if tt.cycle > 100 {
				n = 24
			}
			for i := range n {
				s.see(tt.pages(i))
			}
			before := s.made()
			for i := range n {
				s.see(tt.pages(i))
			}
			if after := s.made(); after != before {
				t.Errorf("%d widgets after the second walk, %d after the first", after, before)
			}
		})
	}
}

// The pattern that crashed and leaked in a program that built each page anew:
// many pages, with the garbage collector running between them. Any CRITICAL of
// GTK ends the test.
func TestThousandPages(t *testing.T) {
	s := newShow(t, Options{Metrics: small})
	page := func(i int) screen.Screen {
		if i%2 == 0 {
			return listPage(i % 24)
		}
		return mixedPage(i % 24)
	}
	for i := range 48 {
		s.see(page(i))
	}
	before := s.made()
	for i := range 1000 {
		s.see(page(i))
		if i%4 == 0 {
			runtime.GC()
		}
		if i%100 == 0 {
			on(t, s.Rest)
		}
	}
	if after := s.made(); after != before {
		t.Errorf("%d widgets after 1,000 pages, %d before", after, before)
	}
	s.find(fmt.Sprint("字", 999%24)) // it shows the last
}

func TestShowKeepsTheNewest(t *testing.T) {
	s := newShow(t, Options{Metrics: small})
	bound := 0
	on(t, func() {
		// GTK's thread is held here, so everything below is one frame.
		var wg sync.WaitGroup
		for g := range 8 {
			wg.Go(func() {
				for i := range 100 {
					s.Show(listPage(g + i))
				}
			})
		}
		wg.Wait()
		s.Show(screen.Screen{Page: session.Home, Body: text(screen.Title, "最后")})
	})
	wait(t, s.painted, "the painter")
	s.find("最后")
	on(t, func() { bound = len(s.frame.pages) })
	if bound != 1 {
		t.Errorf("%d pages were bound, want the newest only", bound)
	}
}

func TestBindChangesOnlyWhatDiffers(t *testing.T) {
	s := newShow(t, Options{Metrics: small})
	changes := func() (n int) {
		on(t, func() { n = s.paint.changes })
		return n
	}
	s.see(listPage(0))
	before := changes()
	s.see(listPage(0))
	if n := changes() - before; n != 0 {
		t.Errorf("the same screen again: %d changes", n)
	}
	sc := listPage(0)
	sc.Body.Kids[0].Kids[0].Text = "别的"
	s.see(sc)
	if n := changes() - before; n != 1 {
		t.Errorf("one text changed: %d changes", n)
	}
}

func TestFirstPaint(t *testing.T) {
	s := newShow(t, Options{Metrics: small})
	first := make(chan struct{}, 2)
	on(t, func() { s.OnFirstPaint(func() { first <- struct{}{} }) })
	s.see(listPage(0))
	wait(t, first, "the first frame")
	s.see(listPage(1))
	s.see(listPage(2))
	if len(first) != 0 {
		t.Error("a second first frame")
	}
}

func TestOverflow(t *testing.T) {
	for _, m := range []screen.Metrics{small, tall} {
		for _, large := range []bool{false, true} {
			t.Run(fmt.Sprintf("%dx%d large %v", m.Width, m.Height, large), func(t *testing.T) {
				s := newShow(t, Options{Metrics: m, Width: m.Width, Height: m.Height})
				var w, h int
				s.see(longPage(large))
				on(t, func() { w, h = s.Overflow() })
				if w != 0 || h != 0 {
					t.Errorf("long words: %d × %d pixels too large", w, h)
				}
				tooMuch := column()
				for i := range 60 {
					tooMuch.Kids = append(tooMuch.Kids, card(i))
				}
				s.see(screen.Screen{Page: session.Trades, Body: tooMuch, Large: large})
				on(t, func() { w, h = s.Overflow() })
				if w != 0 || h <= 0 {
					t.Errorf("60 cards: %d × %d pixels too large, want 0 × something", w, h)
				}
				// The window keeps its size, whatever it holds.
				on(t, func() { w, h = s.top.GetSize() })
				if w != m.Width || h != m.Height {
					t.Errorf("the window is %d × %d", w, h)
				}
			})
		}
	}
}

func TestTargets(t *testing.T) {
	for _, m := range []screen.Metrics{small, tall} {
		for _, contrast := range []bool{false, true} {
			s := newShow(t, Options{Metrics: m})
			body := screen.Node{Kind: screen.Column, Kids: []screen.Node{}}
			for _, style := range []screen.Style{screen.Main, screen.Second, screen.Tile, screen.Card, screen.Chip, screen.Key} {
				body.Kids = append(body.Kids, button(style, "", "好", session.DoDone, string(style)))
			}
			s.see(screen.Screen{Page: session.Home, Bar: bar(), Body: body, Contrast: contrast})
			least := m.Px(15)
			on(t, func() {
				for _, it := range s.frame.pages[session.Home].kids[0].kids {
					if h := it.widget.GetAllocatedHeight(); h < least {
						t.Errorf("%s: %d pixels high, want %d", it.node.Style, h, least)
					}
				}
				if h := s.frame.bar.kids[0].kids[0].widget.GetAllocatedHeight(); h < least {
					t.Errorf("bar: %d pixels high, want %d", h, least)
				}
			})
		}
	}
}

func TestTwoWindows(t *testing.T) {
	a := newShow(t, Options{Metrics: small})
	b := newShow(t, Options{Metrics: tall})
	a.see(listPage(0))
	b.see(listPage(0))
	a.Close()
	b.see(listPage(1))
	a.Show(listPage(1)) // says nothing, does nothing
	a.Close()
	b.find("缝纫工 10")
}

func TestBadTheme(t *testing.T) {
	on(t, func() {
		if w, err := New(Options{Metrics: small, Theme: Theme{Action: "teal"}}); err == nil {
			w.Close()
			t.Error("a colour that is none was taken")
		}
	})
}

func TestRestForgets(t *testing.T) {
	s := newShow(t, Options{Metrics: small})
	s.see(screen.Screen{Page: session.Greeting, Body: column(
		text(screen.Title, "张**，您好"),
		screen.Node{Kind: screen.Button, Style: screen.Card, Name: "张** 的推荐单", Kids: []screen.Node{text(screen.Body, "张**")}},
		screen.Node{Kind: screen.QR, Text: "https://job.example.cn/r/7K3M9QXD", SizeMM: 30},
	)})
	s.see(screen.Screen{Page: session.Attract, Body: text(screen.Hero, "找工作")})
	on(t, func() {
		s.Rest()
		kids := s.frame.pages[session.Greeting].kids[0].kids
		if got, _ := kids[0].label.GetText(); got != "" {
			t.Errorf("a label still says %q", got)
		}
		if got := accessibleName(kids[1].widget); got != "" {
			t.Errorf("a button's name still says %q", got)
		}
		if kids[2].image.GetPixbuf() != nil {
			t.Error("the code is still there")
		}
		if got, _ := s.frame.pages[session.Attract].kids[0].label.GetText(); got != "找工作" {
			t.Errorf("the page shown says %q", got)
		}
	})
}
