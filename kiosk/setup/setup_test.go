package setup

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// box is a first boot that plays scripts.
type box struct {
	testing.TB
	s    State
	now  time.Time
	last []Effect
}

func open(t testing.TB) *box {
	return &box{TB: t, s: New(Options{Lang: words.Zh, CanType: true}, nine), now: nine}
}

func (b *box) at() At { return At{b.now} }

func (b *box) send(e Event) *box { b.s, b.last = Step(b.s, e); return b }

func (b *box) touch(do session.Action, args ...string) *box {
	return b.send(Touch{At: b.at(), Do: do, Arg: strings.Join(args, "")})
}

func (b *box) keys(s string) *box {
	for _, r := range s {
		b.touch(session.DoKey, string(r))
	}
	return b
}

func (b *box) is(page Page, effects ...Effect) *box {
	b.Helper()
	if b.s.Page != page || len(effects)+len(b.last) > 0 && !reflect.DeepEqual(b.last, effects) {
		b.Fatalf("shows %s and does %#v, not %s and %#v", b.s.Page, b.last, page, effects)
	}
	return b
}

var chashan = Offer{Site: kiosk.Site{ID: "chashan", Name: "茶山街道就业之家"}, Hub: "hub.example.cn:8443"}

func (b *box) offer(from Source) *box {
	return b.send(Offered{At: b.at(), From: from, Offer: chashan})
}

func (b *box) bad(from Source, key string) *box {
	return b.send(Offered{At: b.at(), From: from, Problem: Problem{Key: key, Detail: "site.txt:3"}})
}

func TestScanned(t *testing.T) {
	b := open(t).is(Ways)
	b.bad(FromScanner, "half").is(Ways)
	if b.s.Problem.Key != "half" {
		t.Error("nobody is told")
	}
	b.offer(FromScanner).is(Ask)
	if b.s.Problem.Key != "" || b.s.Offer != chashan {
		t.Errorf("%+v", b.s)
	}
	b.touch(DoDrop).is(Ways, Drop{})
	b.offer(FromScanner).is(Ask)
	b.touch(DoTake).is(Work, Adopt{})
	b.touch(DoTake).is(Work)
	b.offer(FromScanner).is(Work)
	b.touch(session.DoBack).is(Work)
	b.send(Adopted{At: b.at(), Problem: Problem{Key: "write"}}).is(Ask)
	b.touch(DoTake).is(Work, Adopt{})
}

// What was shown and is no longer what would be taken is not asked about.
func TestBadFileAfterAGoodCode(t *testing.T) {
	b := open(t).offer(FromScanner).bad(FromScanner, "half").is(Ask)
	b.bad(FromFile, "value").is(Ways)
	b.touch(DoTake).is(Ways)
}

func (b *box) unlock() *box {
	b.touch(DoType).is(PIN)
	b.keys("24680").touch(session.DoUnlock).is(PIN)
	b.keys("2").touch(session.DoUnlock).is(PIN, Unlock{PIN: "246802"})
	return b.send(Unlocked{At: b.at(), OK: true}).is(Typing)
}

func TestTyped(t *testing.T) {
	b := open(t).unlock()
	b.keys("home 2.4G").touch(session.DoNext)
	b.keys("short").touch(session.DoNext).is(Typing)
	if b.s.Line() != Pass {
		t.Fatalf("a passphrase of five characters was taken")
	}
	b.keys("-but-long").touch(session.DoNext)
	b.keys("hub.example.cn:8443").touch(session.DoNext)
	b.keys("7K3M-9WXH-4FAB").touch(session.DoNext)
	b.keys("ABCDEFGHJKMNPQRS").touch(session.DoNext)
	typed := map[Line]string{SSID: "home 2.4G", Pass: "short-but-long", Host: "hub.example.cn:8443", Code: "7K3M-9WXH-4FAB", Seal: "ABCDEFGHJKMNPQRS"}
	b.is(Work, Compose{Typed: typed})
	b.bad(FromKeys, "hub").is(Typing)
	if b.s.Text() != "ABCDEFGHJKMNPQRS" {
		t.Error("what was typed is gone though it has to be mended")
	}
	b.touch(session.DoNext).is(Work, Compose{Typed: typed})
	b.offer(FromKeys).is(Ask)
	if b.s.typed != [5]string{} {
		t.Error("the passphrase is still in memory")
	}
}

// A site by wire has no passphrase to be asked for.
func TestTypedByWire(t *testing.T) {
	b := open(t).unlock().touch(session.DoNext)
	if b.s.Line() != Host {
		t.Errorf("asks for %s", b.s.Line())
	}
}

func TestWrongPIN(t *testing.T) {
	b := open(t).touch(DoType)
	b.keys("111111").touch(session.DoUnlock)
	b.send(Unlocked{At: b.at(), Wait: time.Minute}).is(PIN)
	b.keys("222222").touch(session.DoUnlock).is(PIN)
	if !b.s.Wrong || b.s.Digits() != 0 || b.s.Locked() != time.Minute {
		t.Errorf("%+v", b.s)
	}
	b.touch(session.DoBack).is(Ways)
	b.send(Unlocked{At: b.at(), OK: true}).is(Ways) // too late
	no := open(t)
	no.s.CanType = false
	no.touch(DoType).is(Ways)
}

func TestSilenceForgetsWhatWasTyped(t *testing.T) {
	b := open(t).unlock().keys("secret")
	b.now = b.now.Add(forgotten)
	b.send(Tick{b.at()}).is(Ways)
	if b.s.typed != [5]string{} {
		t.Error("it is still there")
	}
	ask := open(t).offer(FromFile)
	ask.now = ask.now.Add(99 * time.Hour)
	ask.send(Tick{ask.at()}).is(Ask) // whoever is away comes back to it
}

func TestLooks(t *testing.T) {
	b := open(t).touch(session.DoLarge).touch(session.DoContrast).touch(session.DoLang)
	if !b.s.Large || !b.s.Contrast || b.s.Lang != words.En {
		t.Errorf("%+v", b.s)
	}
}

// FuzzStep plays any events and holds what doc.go promises.
func FuzzStep(f *testing.F) {
	f.Add([]byte{20, 0, 7, 0})
	f.Add([]byte{6, 0, 0, 49, 0, 49, 0, 49, 0, 49, 0, 49, 0, 49, 5, 0, 23, 0, 0, 50, 4, 0, 4, 0})
	touches := []session.Action{
		session.DoKey, session.DoDelete, session.DoClear, session.DoKeys, session.DoNext, session.DoUnlock,
		DoType, DoTake, DoDrop, session.DoBack, session.DoLarge, session.DoLang, session.DoHome, session.DoStart,
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := open(t)
		unlocked, shown := false, false
		for ; len(data) >= 2; data = data[2:] {
			old := b.s
			b.now = b.now.Add(time.Duration(data[1]) * time.Second)
			switch n := int(data[0]) % 28; {
			case n < len(touches):
				b.touch(touches[n], string(rune(data[1])))
			case n == 20:
				b.offer([]Source{FromScanner, FromFile, FromKeys}[data[1]%3])
			case n == 21:
				b.bad([]Source{FromScanner, FromFile, FromKeys}[data[1]%3], "half")
			case n == 22:
				b.send(Adopted{At: b.at(), Problem: Problem{Key: "write"}})
			case n == 23:
				b.send(Unlocked{At: b.at(), OK: data[1]%2 == 0})
				unlocked = unlocked || old.asked
			default:
				b.send(Tick{b.at()})
			}
			shown = b.s.Page == Ask
			for _, e := range b.last {
				if _, ok := e.(Adopt); ok && old.Page != Ask {
					t.Fatalf("%s takes what was not shown", old.Page)
				}
			}
			switch {
			case shown && b.s.Offer == Offer{}:
				t.Fatal("asks about nothing")
			case b.s.Page == Typing && !unlocked:
				t.Fatal("the keyboard is there without the PIN")
			case !slices.Contains(Pages(), b.s.Page):
				t.Fatalf("there is no page %q", b.s.Page)
			}
		}
		switch b.s.Page { // a way out
		case Work:
			if b.s.Saving {
				b.send(Adopted{At: b.at()}).is(Ask)
			} else {
				b.bad(FromKeys, "hub").is(Typing)
			}
		}
		for range 9 {
			if b.s.Page != Ways {
				b.touch(session.DoBack)
			}
		}
		if b.s.Page != Ways {
			t.Fatalf("there is no way out of %s", b.s.Page)
		}
	})
}
