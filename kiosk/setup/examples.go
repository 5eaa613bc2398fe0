package setup

import (
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// Example is a state worth a picture.
type Example struct {
	Name  string
	State State
}

// Examples is a first boot of a made-up site from page to page, with what can go
// wrong on the way: for whoever looks at screens, or tests them.
func Examples(lang words.Lang, now time.Time) []Example {
	g := &gallery{now: now, lang: lang}
	g.begin(true)
	g.keep("setup")
	g.send(Scanners{g.at(), 1})
	g.keep("setup-scanner")
	for _, p := range []Problem{
		{"half", ""},
		{"value", `site.txt:12: site.tier = "shop": is no tier; allowed: province, city, county, town, village, zone, college`},
		{"utf", "site.txt:3"},
		{"foreign", ""},
		{"newer", ""},
	} {
		g.send(Offered{At: g.at(), From: FromFile, Problem: p})
		g.keep("setup-wrong-" + p.Key)
	}
	offer := Offer{
		Site: kiosk.Site{ID: "chashan", Name: "共青城市茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001"},
		Area: "江西省九江市共青城市茶山街道", Terminal: "chashan-1", Hub: "hub.gongqing.example.cn:8443",
		WiFi: "茶山街道便民服务中心", Rotation: 90, Printer: true, Reader: true, Scanner: true,
	}
	g.send(Offered{At: g.at(), From: FromScanner, Offer: offer})
	g.keep("setup-ask")
	g.send(Offered{At: g.at(), From: FromScanner, Problem: Problem{Key: "half"}})
	g.keep("setup-ask-half")
	g.touch(DoTake, "")
	g.keep("setup-saving")
	g.send(Adopted{g.at(), Problem{Key: "write"}})
	g.keep("setup-write")
	offer = Offer{Site: offer.Site, Area: offer.Area, Address: "192.168.1.20/24"}
	g.send(Offered{At: g.at(), From: FromFile, Offer: offer})
	g.keep("setup-ask-alone")
	g.typing()
	return g.all
}

type gallery struct {
	now  time.Time
	lang words.Lang
	s    State
	all  []Example
}

func (g *gallery) at() At { return At{g.now} }

func (g *gallery) begin(canType bool) { g.s = New(Options{Lang: g.lang, CanType: canType}, g.now) }

func (g *gallery) keep(name string) { g.all = append(g.all, Example{name, g.s}) }

func (g *gallery) send(e Event) { g.s, _ = Step(g.s, e) }

func (g *gallery) touch(do session.Action, arg string) { g.send(Touch{At: g.at(), Do: do, Arg: arg}) }

func (g *gallery) keys(text string) {
	for _, r := range text {
		g.touch(session.DoKey, string(r))
	}
}

// typing goes through the lines, with the longest that they may hold.
func (g *gallery) typing() {
	g.begin(false)
	g.keep("setup-no-typing")
	g.begin(true)
	g.touch(DoType, "")
	g.keep("setup-pin")
	g.keys("123456")
	g.touch(session.DoUnlock, "")
	g.keep("setup-pin-asked")
	g.send(Unlocked{At: g.at(), Wait: 5 * time.Minute})
	g.keep("setup-pin-locked")
	g.begin(true)
	g.touch(DoType, "")
	g.keys("123456")
	g.touch(session.DoUnlock, "")
	g.send(Unlocked{At: g.at()})
	g.keep("setup-pin-wrong")
	g.keys("123456")
	g.touch(session.DoUnlock, "")
	g.send(Unlocked{At: g.at(), OK: true})
	for i, text := range []string{"ChaShan-5G", strings.Repeat("Wm#4", 15), "hub.gongqing.example.cn:8443", "7K3M-9WXH-4FAB", "ABCDEFGHJKMNPQRS"} {
		g.keep("setup-type-" + string(Lines()[i]))
		g.touch(session.DoKeys, "")
		g.keys(text)
		g.keep("setup-typed-" + string(Lines()[i]))
		g.touch(session.DoKeys, "")
		if i == 1 {
			g.keep("setup-type-signs")
		}
		g.touch(session.DoNext, "")
	}
	g.keep("setup-asking")
	for _, key := range []string{"hub", "code", "seal"} {
		g.s.Page = Work
		g.send(Offered{At: g.at(), From: FromKeys, Problem: Problem{Key: key}})
		g.keep("setup-type-" + key + "-wrong")
	}
}
