package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/sim"
	"jobhome/kiosk"
	"jobhome/kiosk/words"
	"jobhome/ui/uitest"
)

// patience is how long a person waits for the screen to answer. It is only
// ever used up by a failure.
const patience = 45 * time.Second

// person stands before the terminal: sees what is on its screen and touches
// it.
type person struct {
	t    *testing.T
	desk *uitest.Desk
	app  *uitest.App
}

func meet(t *testing.T, desk *uitest.Desk, name string) person {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	app, err := desk.App(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	return person{t, desk, app}
}

// say is a sentence of the catalogue in the residents' language.
func say(key string, args ...any) string { return words.T(words.Zh, key, args...) }

// see waits for words on the screen, and then checks that everything shown
// lies within it.
func (p person) see(text string) uitest.Node {
	p.t.Helper()
	n := p.find(uitest.Query{NamePrefix: text, Greyed: true})
	p.fits()
	return n
}

func (p person) find(q uitest.Query) uitest.Node {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	n, err := p.app.Wait(ctx, q)
	if err != nil {
		p.shot("failed")
		p.t.Fatal(err)
	}
	return n
}

// gone waits until the words are no longer on the screen.
func (p person) gone(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	if err := p.app.WaitGone(ctx, uitest.Query{NamePrefix: text, Greyed: true}); err != nil {
		p.t.Fatal(err)
	}
}

// shows reports whether the words are on the screen now.
func (p person) shows(text string) bool {
	p.t.Helper()
	_, ok, err := p.app.Find(p.t.Context(), uitest.Query{NameContains: text, Greyed: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return ok
}

// hides fails when the words are anywhere on the screen.
func (p person) hides(text string) {
	p.t.Helper()
	if p.shows(text) {
		p.shot("failed")
		p.t.Errorf("%q is on the screen", text)
	}
}

// touch presses what has exactly this name.
func (p person) touch(name string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	if err := p.app.TouchNamed(ctx, name); err != nil {
		p.shot("failed")
		p.t.Fatal(err)
	}
}

// touchFirst presses the first thing that matches.
func (p person) touchFirst(q uitest.Query) uitest.Node {
	p.t.Helper()
	n := p.find(q)
	if !n.Bounds.In(p.desk.Bounds()) {
		p.fits() // says what is wrong, or that it was not laid out yet
		n = p.find(q)
	}
	if err := p.desk.Touch(n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// choose touches the first posting of the list, and returns the words on its
// card.
func (p person) choose() string {
	p.t.Helper()
	return p.touchFirst(uitest.Query{Role: "button", NameContains: ", "}).Name
}

// fits checks that nothing that can be read or touched is cut off by the
// screen's edge. A page that has just come is laid out within a moment.
func (p person) fits() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 5*time.Second)
	defer cancel()
	for {
		out := p.outside(ctx)
		if out == "" {
			return
		}
		select {
		case <-ctx.Done():
			p.shot("failed")
			p.t.Errorf("not wholly on the screen %v:%s", p.desk.Bounds(), out)
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// outside lists what does not lie within the screen.
func (p person) outside(ctx context.Context) string {
	p.t.Helper()
	nodes, err := p.app.FindAll(ctx, uitest.Query{Greyed: true})
	if err != nil {
		return " " + err.Error()
	}
	out := ""
	for _, n := range nodes {
		if n.Name != "" && (n.Role == "button" || n.Role == "label") && !n.Bounds.In(p.desk.Bounds()) {
			out += "\n  " + n.String()
		}
	}
	return out
}

var codeForm = regexp.MustCompile(`^[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4}$`)

// code is the referral code on the screen.
func (p person) code() kiosk.Code {
	p.t.Helper()
	texts, err := p.app.Texts(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, s := range texts {
		if codeForm.MatchString(s) {
			code, err := kiosk.ParseCode(s)
			if err != nil {
				p.t.Fatal(err)
			}
			return code
		}
	}
	p.t.Fatalf("no referral code on the screen: %q", texts)
	return ""
}

// qr is what a phone reads off the screen; the picture is kept under name.
func (p person) qr(name string) string {
	p.t.Helper()
	return oneCode(p.t, p.shot(name))
}

// shot takes a picture of the screen. JOBHOME_SHOTS names a directory to keep
// them in.
func (p person) shot(name string) string {
	p.t.Helper()
	dir := os.Getenv("JOBHOME_SHOTS")
	if dir == "" {
		dir = p.t.TempDir()
	}
	test := strings.ReplaceAll(p.t.Name(), "/", "-")
	path := filepath.Join(dir, strings.TrimPrefix(test, "Test")+"-"+name+".png")
	if err := p.desk.Park(); err != nil {
		p.t.Fatal(err)
	}
	if err := p.desk.SavePNG(path); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// somebody is a fictional person with a card.
func somebody(t *testing.T, id string) sim.Person {
	t.Helper()
	for _, p := range sim.People() {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("there is no %s", id)
	return sim.Person{}
}

// queryIn looks for something of a role that has the words.
func queryIn(role, text string) uitest.Query {
	return uitest.Query{Role: role, NameContains: text, Greyed: true}
}
