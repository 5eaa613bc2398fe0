package text_test

import (
	"encoding/json"
	"errors"
	"image"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
	"jobhome/ui/screen"
	"jobhome/ui/text"
)

// guide walks through a terminal whose board answers from memory, and keeps
// its screens.
type guide struct {
	t     *testing.T
	m     screen.Metrics
	s     session.State
	now   time.Time
	all   []kiosk.Posting
	names []string
	kept  map[string]string
}

func newGuide(t *testing.T) *guide {
	file, err := os.ReadFile("../screen/testdata/postings.json")
	if err != nil {
		t.Fatal(err)
	}
	g := &guide{t: t, m: screen.NewMetrics(1280, 800, 217), kept: map[string]string{}}
	if err := json.Unmarshal(file, &g.all); err != nil {
		t.Fatal(err)
	}
	return g
}

// begin starts a terminal on which everything works.
func (g *guide) begin(lang words.Lang) {
	g.now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.FixedZone("CST", 8*3600))
	g.s = session.New(session.Options{
		Site: kiosk.Site{ID: "s1", Name: "茶山街道就业之家", StaffPhone: "0795-0000000", BaseURL: "https://jy.example.cn"},
		Lang: lang, Idle: time.Minute, Warn: 20 * time.Second, Linger: 15 * time.Second, Slow: 90 * time.Second,
		CanReset: true, KeyFitted: true,
		Fits: func(large bool) session.Capacity { return screen.Fits(g.m, large) },
	}, g.now)
	g.send(session.PrinterNews{At: g.at(), State: session.PrinterReady})
	g.send(session.Card{At: g.at(), State: session.CardReady})
	news := session.BoardNews{
		At: g.at(), Updated: g.now.Add(-20 * time.Minute), Total: 9862, Near: 417,
		Trades: map[kiosk.Trade]int{
			"garment": 1240, "electronics": 982, "warehouse": 630, "shop": 541, "care": 388, "driver": 301, "cook": 299,
			"cleaning": 250, "security": 212, "construction": 190, "welding": 77, "office": 60, "teacher": 12, "other": 3,
		},
		Kinds: map[kiosk.Channel]int{kiosk.Gig: 186, kiosk.Policy: 21, kiosk.Welfare: 64},
	}
	for i := range g.all {
		news.Top = append(news.Top, g.item(i))
	}
	g.send(news)
}

func (g *guide) at() session.At { return session.At{Time: g.now} }

func (g *guide) item(i int) kiosk.Item {
	it := kiosk.Item{Posting: g.all[i], Metres: float64(i) * 1130}
	it.Posting.Description = ""
	if !it.Posting.Location.Known() && it.Posting.Address == "" {
		it.Metres = -1
	}
	return it
}

func (g *guide) keep(name string) {
	g.names = append(g.names, name)
	g.kept[name] = text.Write(screen.Of(g.s, g.m))
}

func (g *guide) send(e session.Event) {
	queue := []session.Event{e}
	for len(queue) > 0 {
		var effects []session.Effect
		g.s, effects = session.Step(g.s, queue[0])
		queue = queue[1:]
		for _, effect := range effects {
			if answer := g.answer(effect); answer != nil {
				queue = append(queue, answer)
			}
		}
	}
}

func (g *guide) answer(effect session.Effect) session.Event {
	switch e := effect.(type) {
	case session.Search:
		if e.Query.Within == 1000 {
			return session.Found{At: g.at(), Seq: e.Seq}
		}
		return session.Found{At: g.at(), Seq: e.Seq, Results: g.results(e.Query.Offset, e.Query.Limit)}
	case session.Rank:
		r := g.results(e.Offset, e.Limit)
		for i := range r.Items {
			r.Items[i].Reasons = g.reasons(&r.Items[i], e.Profile)
		}
		return session.Found{At: g.at(), Seq: e.Seq, Results: r}
	case session.Suggest:
		return session.Suggested{
			At: g.at(), Seq: e.Seq, Total: 417, Next: strings.Split("缝服纺普保仓搬厨司家文销", ""),
			Words: []kiosk.Suggestion{{Text: "缝纫工", Count: 388}, {Text: "服装厂", Count: 120}, {Text: "普工", Count: 99}},
		}
	case session.Open:
		i := slices.IndexFunc(g.all, func(p kiosk.Posting) bool { return p.ID == e.ID })
		return session.Opened{At: g.at(), ID: e.ID, Posting: g.all[i], OK: true}
	case session.Draft:
		return session.Drafted{At: g.at(), Seq: e.Seq, Image: image.NewGray(image.Rect(0, 0, 576, 900))}
	case session.Issue:
		return session.Written{At: g.at(), Referral: kiosk.Referral{Code: "7K3M9WXH4F", Posting: e.Posting}}
	}
	return nil
}

func (g *guide) results(offset, limit int) kiosk.Results {
	r := kiosk.Results{Total: len(g.all), Facets: kiosk.Facets{
		Distances: map[int]int{3000: 2, 5000: 4, 10000: 6, 20000: 7},
		Pay:       map[kiosk.Fen]int{kiosk.Yuan(3000): 6, kiosk.Yuan(4000): 5, kiosk.Yuan(5000): 5},
		Shifts:    map[kiosk.Shifts]int{kiosk.DayShift: 5, kiosk.PartTime: 2},
		Benefits:  map[kiosk.Benefits]int{kiosk.Dorm: 2, kiosk.Meals: 3},
		Channels:  map[kiosk.Channel]int{kiosk.Market: 4, kiosk.Gig: 1},
	}}
	for i := min(offset, len(g.all)); i < min(offset+limit, len(g.all)); i++ {
		r.Items = append(r.Items, g.item(i))
	}
	return r
}

// reasons has one of every kind that a match gives.
func (g *guide) reasons(it *kiosk.Item, p kiosk.Profile) []kiosk.Reason {
	lo, hi, _ := it.Posting.Pay.Monthly()
	pay := kiosk.Reason{Factor: kiosk.FactorPay, Fit: kiosk.Met, Points: 10, Low: lo, High: hi}
	switch {
	case hi == 0:
		pay.Fit = kiosk.Unknown
	case lo < p.PayAtLeast:
		pay.Fit = kiosk.Partly
	}
	return []kiosk.Reason{
		{Factor: kiosk.FactorTrade, Fit: kiosk.Met, Points: 20, Trade: "garment"},
		pay,
		{Factor: kiosk.FactorDistance, Fit: kiosk.Met, Metres: max(it.Metres, 800)},
		{Factor: kiosk.FactorHours, Fit: kiosk.Met, Points: 5, Shifts: kiosk.DayShift},
		{Factor: kiosk.FactorBenefits, Fit: kiosk.Partly, Points: 2, Benefits: kiosk.Dorm},
		{Factor: kiosk.FactorEducation, Fit: kiosk.NotMet, Asked: kiosk.HighSchool},
		{Factor: kiosk.FactorTerm, Fit: kiosk.Unknown},
	}
}

// do touches what the lines of a script say: "action argument"; what stands
// after > is a name to keep the screen under.
func (g *guide) do(script string) {
	for line := range strings.Lines(script) {
		line, name, _ := strings.Cut(" "+strings.TrimSpace(line), " > ")
		if do, arg, _ := strings.Cut(strings.TrimSpace(line), " "); do != "" {
			g.send(session.Touch{At: g.at(), Do: session.Action(do), Arg: arg})
		}
		if name != "" {
			g.keep(name)
		}
	}
}

// walk keeps a screen of every page and trouble.
func (g *guide) walk(lang words.Lang) {
	g.begin(lang)
	g.keep("01-attract")
	g.do("start > 02-home\n card > 03-consent\n consent > 04-tap-card")
	g.send(session.Card{At: g.at(), State: session.CardUnreadable})
	g.keep("05-tap-card-again")
	g.send(session.Card{At: g.at(), State: session.CardRead, Resident: kiosk.Resident{MaskedName: "陈**", BirthYear: 1961, BirthMonth: 3, BirthDay: 12}})
	g.do(` > 06-greeting
		no-card
		tile trades > 08-trades
		tile search > 09-search
		key 缝 > 10-search-typed
		home
		tile match > 11-ask-trades
		answer garment
		answer cook
		answer care > 12-ask-trades-chosen
		next > 13-ask-when
		answer day > 14-ask-pay
		answer 400000 > 15-ask-distance
		answer 5000 > 16-ask-school
		answer 70 > 17-ask-certificates
		answer health
		answer forklift > 17-ask-certificates-chosen
		next > 17-list-matched
		posting gq-20261122-0187 > 18-posting-matched
		home
		tile nearby > 19-list
		filters > 20-filter
		page next > 21-filter-next
		filter distance=1000
		show > 22-list-empty
		unfilter
		posting A2345678901234567890 > 23-posting-long
		page next > 24-posting-long-2
		help > 25-help`)
	g.minors(lang)
	g.requests(lang)
	g.printing(lang)
	g.staff(lang)
	g.scans(lang)
	g.faults(lang)
}

func (g *guide) minors(lang words.Lang) {
	for year, name := range map[int]string{2009: "07-greeting-minor", 2014: "07-greeting-barred"} {
		g.begin(lang)
		g.do("start\n card\n consent")
		g.send(session.Card{At: g.at(), State: session.CardRead, Resident: kiosk.Resident{MaskedName: "陈**", BirthYear: year, BirthMonth: 3, BirthDay: 12}})
		g.keep(name)
		if year == 2014 {
			g.do("no-card\n tile nearby\n posting gq-20261122-0187 > 07-posting-barred")
		}
	}
}

func (g *guide) printing(lang words.Lang) {
	slip := func() {
		g.begin(lang)
		g.do("start\n tile nearby\n posting gq-20261122-0187\n print > 30-confirm\n confirm > 31-printing")
	}
	end := func(state kiosk.ReferralState, cause session.PrinterState) {
		slip()
		g.send(session.PrinterNews{At: g.at(), State: cause})
		g.send(session.PrintEnded{At: g.at(), Code: "7K3M9WXH4F", State: state, Cause: cause, Maybe: state != kiosk.Failed})
	}
	end(kiosk.Printed, session.PrinterReady)
	g.do(" > 32-take\n rate good > 33-take-rated")
	g.now = g.now.Add(18 * time.Second)
	g.send(session.Tick{At: g.at()})
	g.keep("34-still-there")
	g.do("end > 35-attract-farewell")
	for _, cause := range []session.PrinterState{
		session.PrinterPaperOut, session.PrinterCoverOpen, session.PrinterCutter, session.PrinterOverheated, session.PrinterSlipNotTaken, session.PrinterOffline,
	} {
		end(kiosk.Unconfirmed, cause)
		g.keep("40-trouble-" + string(cause))
	}
	g.send(session.PrinterNews{At: g.at(), State: session.PrinterReady})
	g.keep("41-trouble-ready-again")
	end(kiosk.Unconfirmed, session.PrinterReady)
	g.keep("42-trouble-unconfirmed")
	slip()
	g.send(session.PrintEnded{At: g.at(), Code: "7K3M9WXH4F", State: kiosk.Failed, Unwritten: true})
	g.keep("43-trouble-ledger")
	g.begin(lang)
	g.do("start\n tile nearby\n posting gq-20261122-0187")
	g.send(session.PrinterNews{At: g.at(), State: session.PrinterPaperOut})
	g.keep("44-posting-no-paper")
	g.send(session.Opened{At: g.at(), ID: "gq-20261122-0187"})
	g.keep("45-trouble-expired")
	g.begin(lang)
	g.do("start\n tile nearby\n posting gq-20261122-0187")
	g.send(session.Opened{At: g.at(), Err: errors.New("broken")})
	g.send(session.BoardNews{At: g.at(), Broken: true})
	g.keep("46-trouble-board")
}
