package window

import (
	"io"
	"log"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

func TestBounce(t *testing.T) {
	choice := button(screen.Main, "", "打印", session.DoPrint, "")
	other := button(screen.Main, "", "返回", session.DoBack, "")
	key := button(screen.Key, "", "a", session.DoKey, "a")
	type strike struct {
		ms   int
		n    screen.Node
		want bool
	}
	for name, strikes := range map[string][]strike{
		"a shaking hand":        {{0, choice, true}, {150, choice, false}, {399, choice, false}, {400, choice, true}},
		"another choice":        {{0, choice, true}, {100, other, true}, {200, choice, true}},
		"a letter twice":        {{0, key, true}, {30, key, false}, {60, key, true}, {120, key, true}},
		"the same with another": {{0, choice, true}, {100, button(screen.Main, "", "", session.DoPrint, "x"), true}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bounce
			start := time.Unix(1e9, 0)
			for _, s := range strikes {
				if got := b.pass(s.n, start.Add(time.Duration(s.ms)*time.Millisecond)); got != s.want {
					t.Errorf("at %d ms: %v", s.ms, got)
				}
			}
		})
	}
}

// finger presses and lifts with real pointer events.
type finger struct {
	t *testing.T
	x *xgb.Conn
}

func newFinger(t *testing.T) *finger {
	t.Helper()
	xgb.Logger = log.New(io.Discard, "", 0)
	x, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	if err := xtest.Init(x); err != nil {
		t.Fatal(err)
	}
	return &finger{t, x}
}

func (f *finger) event(kind, detail byte, x, y int) {
	f.t.Helper()
	root := xproto.Setup(f.x).DefaultScreen(f.x).Root
	if err := xtest.FakeInputChecked(f.x, kind, detail, 0, root, int16(x), int16(y), 0).Check(); err != nil {
		f.t.Fatal(err)
	}
}

func (f *finger) down(s *show, it *item) {
	f.t.Helper()
	x, y := s.middle(it)
	f.event(xproto.MotionNotify, 0, x, y)
	f.event(xproto.ButtonPress, 1, 0, 0)
}

func (f *finger) up() { f.event(xproto.ButtonRelease, 1, 0, 0) }

// middle is the middle of an item on the screen.
func (s *show) middle(it *item) (x, y int) {
	s.t.Helper()
	on(s.t, func() {
		wx, wy := s.top.GetPosition()
		tx, ty, err := it.widget.TranslateCoordinates(s.top, it.widget.GetAllocatedWidth()/2, it.widget.GetAllocatedHeight()/2)
		if err != nil {
			s.t.Error(err)
		}
		x, y = wx+tx, wy+ty
	})
	return x, y
}

func touchable(t *testing.T) (*show, chan touch) {
	t.Helper()
	touches := make(chan touch, 16)
	s := newShow(t, Options{Metrics: small, Touch: func(do session.Action, arg string) {
		touches <- touch{string(do), arg}
	}})
	return s, touches
}

func TestTouch(t *testing.T) {
	s, touches := touchable(t)
	f := newFinger(t)
	off := button(screen.Second, "prev", "上一页", session.DoPage, "prev")
	off.Off = true
	s.see(screen.Screen{Page: session.List, Bar: bar(), Body: column(card(7), off, button(screen.Main, "", "下一页", session.DoPage, "next"))})
	for _, name := range []string{"缝纫工 7", "上一页", "下一页"} {
		f.down(s, s.find(name))
		f.up()
	}
	for _, want := range []touch{{"posting", "7"}, {"page", "next"}} {
		if got := wait(t, touches, "the window"); got != want {
			t.Errorf("touched %v, want %v", got, want)
		}
	}
}

// What lies under the finger may change before it is lifted. A touch that was
// meant for the old is not one of the new.
func TestTouchOfWhatIsGone(t *testing.T) {
	s, touches := touchable(t)
	f := newFinger(t)
	page := func(arg, words string) screen.Screen {
		return screen.Screen{Page: session.List, Body: column(button(screen.Main, "", words, session.DoPosting, arg))}
	}
	pressed := make(chan struct{}, 8)
	s.see(page("1", "一"))
	it := s.find("一")
	on(t, func() { it.button.Connect("pressed", func() { pressed <- struct{}{} }) })
	f.down(s, it)
	wait(t, pressed, "the button")
	s.see(page("2", "二"))
	f.up()
	f.down(s, it)
	f.up()
	if got, want := wait(t, touches, "the window"), (touch{"posting", "2"}); got != want {
		t.Errorf("touched %v, want %v", got, want)
	}
	select {
	case got := <-touches:
		t.Errorf("touched %v as well", got)
	default:
	}
}

// A question over the page takes all touches.
func TestTouchUnderAQuestion(t *testing.T) {
	s, touches := touchable(t)
	f := newFinger(t)
	sc := screen.Screen{Page: session.List, Body: column(button(screen.Main, "", "下一页", session.DoPage, "next"))}
	s.see(sc)
	under := s.find("下一页")
	over := column(button(screen.Main, "", "我还在", session.DoStay, ""))
	sc.Over = &over
	s.see(sc)
	f.down(s, under)
	f.up()
	f.down(s, s.find("我还在"))
	f.up()
	if got, want := wait(t, touches, "the window"), (touch{"stay", ""}); got != want {
		t.Errorf("touched %v, want %v", got, want)
	}
}

func TestAccessibleNames(t *testing.T) {
	s, _ := touchable(t)
	named := text(screen.Code, "7K3M-9QXD")
	named.Name = "推荐码 7 K 3 M 9 Q X D"
	words := card(1)
	words.Name = ""
	body := []screen.Node{card(0), words, button(screen.Key, "delete", "", session.DoDelete, ""), button(screen.Main, "print", "打印", session.DoPrint, ""), named}
	want := []string{"缝纫工 0", "缝纫工（熟手）1，月 5000–8000 元，3.2 公里", "delete", "打印", named.Name}
	check := func() {
		t.Helper()
		on(t, func() {
			for i, kid := range s.frame.pages[session.List].kids[0].kids {
				if got := accessibleName(kid.widget); got != want[i] {
					t.Errorf("kid %d says %q, want %q", i, got, want[i])
				}
			}
		})
	}
	s.see(screen.Screen{Page: session.List, Body: column(body...)})
	check()
	body[0], want[0] = card(5), "缝纫工 5"
	body[4].Name, want[4] = "", body[4].Text
	s.see(screen.Screen{Page: session.List, Body: column(body...)})
	check()
}

// The code on the screen is read as a phone reads it: from a picture.
func TestQROnTheScreen(t *testing.T) {
	for _, tool := range []string{"import", "zbarimg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (Debian packages imagemagick and zbar-tools)", tool)
		}
	}
	const payload = "https://job.example.cn/r/7K3M9QXD?s=360404"
	for _, contrast := range []bool{false, true} {
		s := newShow(t, Options{Metrics: small})
		s.see(screen.Screen{Page: session.Take, Contrast: contrast, Body: column(
			text(screen.Title, "请取走推荐单"), screen.Node{Kind: screen.QR, Text: payload, SizeMM: 38})})
		out, err := exec.Command("sh", "-c", "import -window root png:- | zbarimg --quiet --raw png:-").Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != payload {
			t.Errorf("contrast %v: read %q, %v", contrast, got, err)
		}
		s.Close()
	}
}
