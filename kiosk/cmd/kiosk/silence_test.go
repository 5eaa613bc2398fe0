package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"jobhome/kiosk/config"
	"jobhome/ui/uitest"
)

// leaves are the ways to every page on which somebody may walk away. Those
// with a card leave it on the reader, as people do.
func leaves() map[string]func(r *rig) {
	withCard := func(r *rig) {
		r.Helper()
		r.home()
		r.consent()
		r.bySomebody(somebody(r.T, "chen"))
	}
	return map[string]func(r *rig){
		"home":     func(r *rig) { r.home() },
		"consent":  func(r *rig) { r.home(); r.touch(say("home.card")); r.see(say("consent.title")) },
		"tap-card": func(r *rig) { r.home(); r.consent() },
		"greeting": withCard,
		"trades":   func(r *rig) { r.home(); r.touch(say("tile.trades")); r.see(say("trades.title")) },
		"search":   func(r *rig) { r.home(); r.touch(say("tile.search")); r.key() },
		"ask":      func(r *rig) { withCard(r); r.touch(say("card.match")); r.see(say("ask.trades.title")) },
		"list":     func(r *rig) { withCard(r); r.touch(say("card.match")); r.guided() },
		"filter": func(r *rig) {
			r.home()
			r.touch(say("tile.nearby"))
			r.see(say("list.filter.n", 1))
			r.touch(say("list.filter.n", 1))
			r.see(say("filter.clear"))
		},
		"posting": func(r *rig) { r.toPosting(); r.see(say("posting.print")) },
		"confirm": func(r *rig) { r.toPosting(); r.toConfirm() },
		"printing": func(r *rig) {
			r.toPosting()
			r.toConfirm()
			r.printer.Stall()
			r.touch(say("confirm.print"))
			r.see(say("printing.title"))
		},
		"take": func(r *rig) {
			r.toPosting()
			r.toConfirm()
			r.touch(say("confirm.print"))
			r.see(say("take.title"))
		},
		"trouble": func(r *rig) {
			r.toPosting()
			r.toConfirm()
			r.printer.EndPaper(100)
			r.touch(say("confirm.print"))
			r.see(say("trouble.kept"))
		},
		"help": func(r *rig) { withCard(r); r.touch(say("bar.help")); r.see(say("help.title")) },
	}
}

// Whoever walks away is asked "still there?", and then nothing of them is
// left: on every page. The terminals wait side by side, because the shortest
// silence that the settings allow is 20 s, and as long again for the question.
func TestWalkingAwayFromEveryPage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	type end struct {
		page string
		err  error
	}
	ends := make(chan end)
	rigs := map[string]*rig{}
	for page, walk := range leaves() {
		r := newRig(t, rigOpts{idle: config.MinWarn, receipt: 5 * time.Second})
		r.start()
		walk(r)
		rigs[page] = r
		go func() { ends <- end{page, r.leftAlone(ctx)} }()
	}
	for range rigs {
		if e := <-ends; e.err != nil {
			t.Errorf("on the page %s: %v", e.page, e.err)
		}
	}
	if t.Failed() {
		return
	}
	chen := somebody(t, "chen")
	for page, r := range rigs {
		if r.logged("level=ERROR") {
			t.Errorf("on the page %s: the log has an error", page)
		}
		r.home()
		r.hides(masked(chen.Name))
		r.stop()
	}
}

// leftAlone waits for the question and for the first page. It says what is
// wrong by an error, because it runs beside the test.
func (r *rig) leftAlone(ctx context.Context) error {
	if _, err := r.app.Wait(ctx, uitest.Query{Name: say("still.title")}); err != nil {
		return err
	}
	stay, err := r.app.Wait(ctx, uitest.Query{Name: say("still.stay")})
	if err != nil {
		return err
	}
	if !stay.Bounds.In(r.desk.Bounds()) {
		return fmt.Errorf("the button to stay is not on the screen: %v", stay)
	}
	if _, err := r.app.Wait(ctx, uitest.Query{NamePrefix: say("attract.title")}); err != nil {
		return err
	}
	if _, left, err := r.app.Find(ctx, uitest.Query{NameContains: masked("陈嘉禾"), Greyed: true}); left || err != nil {
		return errors.Join(err, errors.New("the first page still has the name"))
	}
	return nil
}

// One touch keeps the session.
func TestStayingWithOneTouch(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{idle: config.MinWarn})
	r.start()
	r.home()
	r.touch(say("tile.trades"))
	r.see(say("trades.title"))
	r.see(say("still.title"))
	r.shot("still-there")
	r.touch(say("still.stay"))
	r.gone(say("still.title"))
	r.see(say("trades.title"))
	r.see(say("still.title"))
	r.touch(say("still.end"))
	r.see(say("attract.title"))
}
