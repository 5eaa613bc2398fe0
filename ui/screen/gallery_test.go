package screen

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// shot is a state that a terminal can be in.
type shot struct {
	name string
	s    session.State
}

// guide leads through all pages and keeps a state of each.
type guide struct {
	t     testing.TB
	l     look
	shots []shot
	*desk
}

func gallery(t testing.TB, l look) []shot {
	g := &guide{t: t, l: l}
	g.start()
	g.looking()
	g.cards()
	g.search()
	g.asking()
	g.lists()
	g.found()
	g.postings()
	g.slips()
	g.troubles()
	g.devices()
	g.scans()
	g.requests()
	g.faults()
	seen := map[session.Page]bool{}
	for _, s := range g.shots {
		seen[s.s.Page] = true
	}
	for _, page := range session.Pages() {
		if !seen[page] {
			t.Fatalf("the gallery does not have the page %s", page)
		}
	}
	return g.shots
}

func (g *guide) keep(name string) { g.shots = append(g.shots, shot{name, g.s}) }

// do touches what lines of "action argument" say; the last word may be a name
// to keep the state under, after a >.
func (g *guide) do(script string) {
	g.t.Helper()
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

func (g *guide) start() {
	g.desk = open(g.t, g.l)
}

func (g *guide) looking() {
	g.keep("attract")
	g.s.Turn = 1
	g.keep("attract turned")
	g.do(`start > home
		tile trades > trades
		page next > trades 2
		help > help`)
	g.now = g.now.Add(65 * time.Second)
	g.send(session.Tick{At: g.at()})
	g.keep("still there?")
	g.now = g.now.Add(30 * time.Second)
	g.send(session.Tick{At: g.at()})
	g.keep("attract with a farewell")
	g.start()
	g.send(session.BoardNews{At: g.at(), Broken: true})
	g.keep("attract without a board")
	g.do(`start > home without a board
		tile trades > trades without a board
		tile search > search without a board`)
	g.start()
	g.send(session.Card{At: g.at(), State: session.CardDown})
	g.do("start > home without a reader")
	g.s.Options.Site.StaffPhone = ""
	g.do("help > help without a phone")
}

func (g *guide) cards() {
	for _, c := range []struct {
		name  string
		state session.CardState
		year  int
	}{
		{"adult", session.CardRead, 1961},
		{"minor", session.CardRead, 2009},
		{"barred", session.CardRead, 2014},
		{"expired", session.CardExpired, 1961},
	} {
		g.start()
		g.do("start\n card > consent\n consent > card")
		for _, st := range []session.CardState{session.CardFound, session.CardUnreadable, session.CardOther} {
			g.send(session.Card{At: g.at(), State: st})
			g.keep("card " + string(st))
		}
		g.send(session.Card{At: g.at(), State: c.state, Resident: kiosk.Resident{MaskedName: "欧**", BirthYear: c.year, BirthMonth: 5, BirthDay: 6}})
		g.keep("greeting " + c.name)
		g.do("no-card > home " + c.name + "\n tile nearby > list " + c.name + "\n posting gq-20261122-0187 > posting " + c.name)
	}
	g.start()
	g.do("start\n card")
	g.send(session.Card{At: g.at(), State: session.CardDown})
	g.keep("consent without a reader")
	g.start()
	g.do("start\n card\n consent")
	g.send(session.Card{At: g.at(), State: session.CardDown})
	g.keep("card without a reader")
}

func (g *guide) search() {
	g.start()
	g.do(`start
		tile search > search
		more-keys > search, more keys
		key 缝 > search typed
		keys > search letters
		clear
		key Q
		key Q > search nothing
		delete
		find > list searched
		posting x > posting searched`)
}

func (g *guide) asking() {
	g.start()
	g.do(`start
		tile match > ask trades
		page next > ask trades 2
		page prev
		answer garment
		answer cook > ask two trades
		answer driver > ask three trades
		next > ask when
		answer day > ask pay
		answer 400000 > ask distance
		answer 5000 > ask school
		back > ask distance again
		next
		skip > ask certificates
		answer none > ask certificates none
		answer forklift
		answer bus-licence > ask certificates chosen
		next > list matched
		posting A2345678901234567890 > posting matched`)
}

func (g *guide) lists() {
	g.start()
	g.do("start\n tile today > list\n page next > list 2\n page next > list 3\n page next > list 4\n filters > filter")
	for i := range 8 {
		g.do("page next > filter " + fmt.Sprint(i+2))
	}
	g.do(`filter benefit=3
		filter shift=1
		filter pay=300000
		filter school=70 > filter on
		show > list filtered
		filters
		filter distance=1000 > filter nothing
		show > list empty
		unfilter > list unfiltered`)
	g.do("sort pay")
	s := g.s
	s, _ = session.Step(s, session.Touch{At: g.at(), Do: session.DoSort, Arg: "newest"})
	g.shots = append(g.shots, shot{"list waiting", s})
}

func (g *guide) postings() {
	for i := range g.all {
		g.start()
		g.do("start\n tile nearby")
		for !strings.Contains(fmt.Sprint(ids(g.s)), g.all[i].ID) {
			g.do("page next")
		}
		g.do("posting " + g.all[i].ID + " > posting " + g.all[i].ID)
		for sheet := range 6 {
			g.do("page next > posting " + g.all[i].ID + fmt.Sprint(" ", sheet+2))
		}
	}
	for _, st := range printerFaults() {
		g.send(session.PrinterNews{At: g.at(), State: st})
		g.keep("posting, printer " + string(st))
	}
}

func ids(s session.State) []string {
	var all []string
	for _, it := range s.Visit.List.Results.Items {
		all = append(all, it.Posting.ID)
	}
	return all
}

func printerFaults() []session.PrinterState {
	return []session.PrinterState{
		session.PrinterNone, session.PrinterUnknown, session.PrinterPaperLow, session.PrinterPaperOut, session.PrinterCoverOpen,
		session.PrinterCutter, session.PrinterOverheated, session.PrinterSlipNotTaken, session.PrinterOffline,
	}
}

func (g *guide) printing() {
	g.start()
	g.do("start\n tile nearby\n posting gq-20261122-0187\n print > confirm\n large-slip > confirm large\n confirm > printing")
}

func (g *guide) slips() {
	g.printing()
	g.send(session.PrintEnded{At: g.at(), Code: code, State: kiosk.Printed, Cause: session.PrinterReady, Maybe: true})
	g.do(" > take\n rate fair > take rated")
	g.now = g.now.Add(20 * time.Second)
	g.send(session.Tick{At: g.at()})
	g.keep("take, still there?")
	g.printing()
	s := g.s
	g.send(session.PrinterNews{At: g.at(), State: session.PrinterOffline})
	g.shots = append(g.shots, shot{"printing", s})
}

func (g *guide) troubles() {
	for _, cause := range append(printerFaults(), session.PrinterReady) {
		for _, state := range []kiosk.ReferralState{kiosk.Failed, kiosk.Unconfirmed} {
			g.printing()
			g.send(session.PrinterNews{At: g.at(), State: cause})
			g.send(session.PrintEnded{At: g.at(), Code: code, State: state, Cause: cause, Maybe: state != kiosk.Failed})
			g.keep(fmt.Sprintf("trouble %s %s", cause, state))
			g.send(session.PrinterNews{At: g.at(), State: session.PrinterReady})
			g.keep(fmt.Sprintf("trouble %s %s, ready again", cause, state))
		}
		g.printing()
		g.do("back")
	}
	g.printing()
	g.send(session.PrintEnded{At: g.at(), Code: code, State: kiosk.Failed, Unwritten: true})
	g.keep("trouble unwritten")
	g.printing()
	g.now = g.now.Add(91 * time.Second)
	g.send(session.Tick{At: g.at()})
	g.keep("trouble slow")
	g.start()
	g.do("start\n tile nearby")
	s, _ := session.Step(g.s, session.Touch{At: g.at(), Do: session.DoSort, Arg: "pay"})
	for seq := range 20 {
		s, _ = session.Step(s, session.Found{At: g.at(), Seq: seq, Err: fmt.Errorf("broken")})
	}
	g.shots = append(g.shots, shot{"trouble board", s})
	g.do("posting x")
	s, _ = session.Step(g.s, session.Opened{At: g.at(), ID: "x"})
	g.shots = append(g.shots, shot{"trouble expired", s})
	g.do("print")
	s, _ = session.Step(g.s, session.Touch{At: g.at(), Do: session.DoConfirm})
	s, _ = session.Step(s, session.Written{At: g.at(), Err: fmt.Errorf("full")})
	g.shots = append(g.shots, shot{"trouble ledger", s})
}
