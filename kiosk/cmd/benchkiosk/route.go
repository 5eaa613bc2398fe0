package main

import (
	"context"
	"fmt"
	"image"
	"time"

	"jobhome/kiosk/words"
	"jobhome/ui/uitest"
)

// leg is one touch of a way through the pages: what is touched, by the
// beginning or a part of the words on it, and what the next page says.
type leg struct {
	name   string
	whole  string // all the words on it, where their beginning is not enough
	prefix string
	has    string
	then   string
	at     image.Point // found out once; pages keep their places
}

// between is the pause between two touches. The terminal takes a second touch of
// the same thing within 0.4 s for a shaking hand's.
const between = 500 * time.Millisecond

func say(key string, args ...any) string { return words.T(words.Zh, key, args...) }

// pay is on the card of every posting with a wage by the month.
func pay() string { return say("unit.month") }

// round is a way from the home page to the home page, by every kind of page
// that a resident without a card meets before printing.
func round() []leg {
	back, home := say("bar.back"), say("bar.home")
	atHome := say("tile.match")
	return []leg{
		{name: "home → list", prefix: say("tile.nearby"), then: say("list.filter")},
		{name: "list → next page", prefix: say("page.next"), then: say("list.filter")},
		{name: "list → filters", prefix: say("list.filter"), then: say("filter.clear")},
		{name: "filters → list", prefix: back, then: say("page.next")},
		{name: "list → posting", has: pay(), then: say("posting.print")},
		{name: "posting → slip to confirm", prefix: say("posting.print"), then: say("confirm.print")},
		{name: "slip to confirm → posting", prefix: back, then: say("posting.print")},
		{name: "posting → list", prefix: back, then: say("list.filter")},
		{name: "list → home", prefix: home, then: atHome},
		{name: "home → kinds of work", prefix: say("tile.trades"), then: say("trades.title")},
		{name: "kinds of work → list", prefix: say("trade.garment"), then: say("list.filter")},
		{name: "list → home", prefix: home, then: atHome},
		{name: "home → keyboard", prefix: say("tile.search"), then: say("bar.back")},
		{name: "keyboard → home", prefix: home, then: atHome},
		{name: "home → question", prefix: atHome, then: say("ask.trades.title")},
		{name: "question → home", prefix: home, then: atHome},
	}
}

// toConfirm is the way from the attract page to the slip to confirm.
func toConfirm() []leg {
	return []leg{
		{name: "attract → home", prefix: say("attract.title"), then: say("tile.match")},
		{name: "home → list", prefix: say("tile.nearby"), then: say("list.filter")},
		{name: "list → posting", has: pay(), then: say("posting.print")},
		{name: "posting → slip to confirm", prefix: say("posting.print"), then: say("confirm.print")},
	}
}

// toKeyboard is the way to the search's letters, and words typed on them: by
// first letters, by pinyin, and letters that are in Latin words.
func toKeyboard() (in, keys []leg) {
	clear := say("search.clear")
	in = []leg{
		{name: "attract → home", prefix: say("attract.title"), then: say("tile.match")},
		{name: "home → keyboard", prefix: say("tile.search"), then: say("search.letters")},
		{name: "keyboard → letters", prefix: say("search.letters"), then: say("search.hanzi")},
	}
	for _, word := range []string{"FRG", "BAOA", "SMT"} {
		for _, key := range word {
			keys = append(keys, leg{name: "key", whole: string(key), then: clear})
		}
		keys = append(keys, leg{name: "clear", prefix: clear, then: say("search.hanzi")})
	}
	return in, keys
}

// guide asks a terminal with its accessibility bridge on where things are.
type guide struct {
	desk *uitest.Desk
	app  *uitest.App
	prog *program
}

func (b *bench) guide(ctx context.Context) (*guide, error) {
	p, err := b.startKiosk(ctx, true)
	if err != nil {
		return nil, err
	}
	g := &guide{desk: b.desk, prog: p}
	if g.app, err = b.desk.App(ctx, "jobhome"); err == nil {
		_, err = g.app.Wait(ctx, uitest.Query{NamePrefix: say("attract.title")})
	}
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("ask the terminal what it shows: %w", err)
	}
	return g, nil
}

// walk goes a way and fills in where its touches are.
func (g *guide) walk(ctx context.Context, legs []leg) error {
	for i := range legs {
		if err := g.step(ctx, &legs[i]); err != nil {
			return fmt.Errorf("%s: %w", legs[i].name, err)
		}
	}
	return nil
}

func (g *guide) step(ctx context.Context, l *leg) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	n, err := g.app.Wait(ctx, uitest.Query{Role: "button", Name: l.whole, NamePrefix: l.prefix, NameContains: l.has})
	if err != nil {
		return err
	}
	l.at = n.Bounds.Min.Add(n.Bounds.Size().Div(2))
	if err := g.desk.Touch(n); err != nil {
		return err
	}
	_, err = g.app.Wait(ctx, uitest.Query{NamePrefix: l.then, Greyed: true})
	if err != nil {
		return err
	}
	return rest(ctx, between)
}
