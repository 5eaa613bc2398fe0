package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/session"
	"jobhome/kiosk/setup"
	"jobhome/kiosk/station"
	"jobhome/kiosk/words"
	"jobhome/ui/screen"
	"jobhome/ui/uitest"
	"jobhome/ui/window"
)

// panel is a screen that terminals really have.
type panel struct {
	name          string
	width, height int
	widthMM       float64
}

// panels are the two sizes that every page is looked at in.
func panels() []panel {
	return []panel{
		{"1280x800", 1280, 800, 217},   // 10.1 inches, landscape
		{"1080x1920", 1080, 1920, 268}, // 21.5 inches, upright
	}
}

// runScreens draws every page on every panel, in both languages, in normal and
// large type and in high contrast, as pictures and as text, and says which
// pages do not fit.
func runScreens(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("screens", flag.ContinueOnError)
	only := flags.String("only", "", "draw only pages whose name begins with this `word`")
	args, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(args) != 1 {
		return errUsage
	}
	dir := args[0]
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	desk, err := uitest.StartDesk(ctx, uitest.DeskOpts{Width: 1280, Height: 1920})
	if err != nil {
		return err
	}
	defer func() { _ = desk.Close() }()
	_ = os.Setenv("DISPLAY", desk.Display())
	_ = os.Setenv("NO_AT_BRIDGE", "1")
	if err := window.Init("jobhome"); err != nil {
		return err
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	var failed error
	go func() {
		failed = p.drawAll(ctx, &painter{desk: desk, dir: dir, only: *only})
		window.Quit()
	}()
	window.Main()
	return failed
}

func (p *place) drawAll(ctx context.Context, to *painter) error {
	var misfits []string
	for _, pan := range panels() {
		m := screen.NewMetrics(pan.width, pan.height, pan.widthMM)
		views, err := p.gallery(ctx, m)
		if err != nil {
			return err
		}
		g := &painter{desk: to.desk, dir: to.dir, panel: pan, metrics: m}
		if err := g.open(p); err != nil {
			return err
		}
		for _, v := range views {
			if !strings.HasPrefix(v.name, to.only) {
				continue
			}
			over, err := g.draw(v)
			if err != nil {
				return err
			}
			misfits = append(misfits, over...)
		}
		g.window.Close()
	}
	if len(misfits) > 0 {
		return fmt.Errorf("pages that do not fit:\n%s", strings.Join(misfits, "\n"))
	}
	return nil
}

// gallery walks through the terminal and keeps a state of every page, with the
// postings of this place's board.
func (p *place) gallery(ctx context.Context, m screen.Metrics) ([]view, error) {
	pr, err := station.DrawingPrinter(p.settings)
	if err != nil {
		return nil, err
	}
	t := &terminal{place: p, metrics: m, printer: pr}
	o := t.appOptions()
	o.Rest, o.Show = nil, func(session.State) {}
	g := &guide{ctx: ctx, app: app.New(o), now: time.Now(), ready: o.Board.(*counted).spell.Ready}
	g.walk()
	for _, lang := range words.Langs() {
		for _, e := range setup.Examples(lang, g.now) {
			g.views = append(g.views, view{name: "90-" + e.Name, boot: &e.State})
		}
	}
	return g.views, nil
}

// guide leads through all pages.
type guide struct {
	ctx   context.Context
	app   *app.App
	now   time.Time
	views []view
	state session.State
	ready func() bool // everything that is made beside
}

func (g *guide) at() session.At { return session.At{Time: g.now} }

func (g *guide) take(e session.Event) { g.state = g.app.Take(g.ctx, e) }

func (g *guide) touch(do session.Action, arg string) {
	g.take(session.Touch{At: g.at(), Do: do, Arg: arg})
}

func (g *guide) keep(name string) { g.views = append(g.views, view{name: name, state: g.state}) }

// walk is a walk-in through every page, and the troubles at its end.
func (g *guide) walk() {
	g.take(session.PrinterNews{At: g.at(), State: session.PrinterReady})
	g.take(session.Card{At: g.at(), State: session.CardReady})
	for !g.ready() && g.ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	g.keep("01-attract")
	first := g.state
	g.touch(session.DoStart, "")
	g.keep("02-home")
	g.touch(session.DoCard, "")
	g.keep("03-consent")
	g.touch(session.DoConsent, "")
	g.keep("04-card")
	g.take(session.Card{At: g.at(), State: session.CardUnreadable})
	g.keep("05-card-again")
	g.take(session.Card{At: g.at(), State: session.CardRead, Resident: kiosk.Resident{MaskedName: "陈**", BirthYear: 1996, BirthMonth: 3, BirthDay: 12}})
	g.keep("06-greeting")
	g.touch(session.DoTile, "trades")
	g.keep("07-trades")
	g.touch(session.DoTile, "search")
	g.keep("08-search")
	g.touch(session.DoKey, "缝")
	g.keep("09-search-typed")
	g.touch(session.DoKeys, "")
	g.keep("10-search-letters")
	g.touch(session.DoHome, "")
	g.match()
	g.posting("18-posting-matched")
	g.touch(session.DoOther, "")
	g.requests()
	g.touch(session.DoSimilar, "")
	g.keep("18-similar")
	g.found()
	g.touch(session.DoHome, "")
	g.touch(session.DoTile, "nearby")
	g.keep("19-list")
	g.touch(session.DoFilters, "")
	g.keep("20-filter")
	g.touch(session.DoPage, "next")
	g.keep("21-filter-next")
	g.touch(session.DoFilter, "distance=1000")
	g.touch(session.DoFilter, "pay=800000")
	g.touch(session.DoFilter, "benefit=1040")
	g.touch(session.DoShow, "")
	g.keep("22-list-few")
	g.touch(session.DoHome, "")
	g.touch(session.DoTile, "today")
	g.posting("23-posting-gig")
	g.touch(session.DoHelp, "")
	g.keep("24-help")
	g.touch(session.DoBack, "")
	g.printing()
	g.staff()
	g.scanned(first)
	g.attracts(first)
}

func (g *guide) posting(name string) {
	if items := g.state.Visit.List.Results.Items; len(items) > 0 {
		g.touch(session.DoPosting, items[0].Posting.ID)
	}
	g.keep(name)
}

// printing shows what printing can come to. The referral is a made-up one, so
// that drawing pictures writes nothing down.
func (g *guide) printing() {
	ref := kiosk.Referral{Code: "7K3M9WXH4F"}
	g.touch(session.DoPrint, "")
	g.keep("30-confirm")
	s := g.state
	step := func(e session.Event) { s, _ = session.Step(s, e) }
	step(session.Touch{At: g.at(), Do: session.DoConfirm})
	step(session.Written{At: g.at(), Referral: ref})
	g.views = append(g.views, view{name: "31-printing", state: s})
	printing := s
	step(session.PrintEnded{At: g.at(), Code: ref.Code, State: kiosk.Printed, Cause: session.PrinterReady})
	g.views = append(g.views, view{name: "32-take", state: s})
	quiet := s
	quiet.Now = quiet.Touched.Add(s.Options.Linger + time.Second)
	quiet, _ = session.Step(quiet, session.Tick{At: session.At{Time: quiet.Now}})
	g.views = append(g.views, view{name: "33-still-there", state: quiet})
	for i, cause := range []session.PrinterState{
		session.PrinterPaperOut, session.PrinterCoverOpen, session.PrinterCutter, session.PrinterOverheated,
		session.PrinterSlipNotTaken, session.PrinterOffline, session.PrinterReady,
	} {
		s = printing
		step(session.PrinterNews{At: g.at(), State: cause})
		step(session.PrintEnded{At: g.at(), Code: ref.Code, State: kiosk.Unconfirmed, Cause: cause, Maybe: true})
		g.views = append(g.views, view{name: fmt.Sprintf("%d-trouble-%s", 40+i, cause), state: s})
	}
	s = g.state
	step(session.Touch{At: g.at(), Do: session.DoScan})
	step(session.PrinterNews{At: g.at(), State: session.PrinterPaperOut})
	g.views = append(g.views, view{name: "50-posting-no-paper", state: s})
	s = printing
	step(session.PrintEnded{At: g.at(), Code: ref.Code, State: kiosk.Failed, Unwritten: true})
	g.views = append(g.views, view{name: "51-trouble-ledger", state: s})
}

// found searches for a word that is misspelt, for one that other words mean, and
// for what is far.
func (g *guide) found() {
	for _, v := range []struct{ name, text string }{{"19-rescued", "缝韧工"}, {"19-lay", "普工"}, {"19-hits", "熟手"}} {
		g.touch(session.DoHome, "")
		g.touch(session.DoTile, "search")
		g.touch(session.DoSuggest, v.text)
		g.keep(v.name)
	}
}

// match answers all questions of the guided match.
func (g *guide) match() {
	g.touch(session.DoTile, "match")
	g.keep("11-ask-trades")
	for i, answer := range []string{"garment", "day", "400000", "10000"} {
		g.touch(session.DoAnswer, answer)
		if i == 0 {
			g.keep("12-ask-trades-chosen")
			g.touch(session.DoNext, "")
		}
		g.keep(fmt.Sprintf("%d-ask", 13+i))
	}
	g.touch(session.DoAnswer, "70")
	g.touch(session.DoAnswer, "health")
	g.keep("17-ask")
	g.touch(session.DoNext, "")
	g.keep("17-list-matched")
}
