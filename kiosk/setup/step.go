package setup

import (
	"strings"
	"time"

	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// Event is something that happened.
type Event interface{ when() time.Time }

// At is the time of an event.
type At struct{ Time time.Time }

func (a At) when() time.Time { return a.Time }

type (
	// Tick tells that a second went by.
	Tick struct{ At }
	// Touch is a finger on something that the screen offered.
	Touch struct {
		At
		Do  session.Action
		Arg string
	}
	// Scanners tells how many scanners are listened to.
	Scanners struct {
		At
		N int
	}
	// Offered tells that a profile was brought, or what is wrong with it.
	Offered struct {
		At
		From    Source
		Offer   Offer
		Problem Problem
	}
	// Unlocked answers Unlock.
	Unlocked struct {
		At
		OK   bool
		Wait time.Duration
	}
	// Adopted answers Adopt when it could not be done; else the terminal starts anew.
	Adopted struct {
		At
		Problem Problem
	}
)

// Effect is something that has to be done.
type Effect interface{ effect() }

type (
	// Adopt writes down the profile of the offer that was shown, and starts the terminal.
	Adopt struct{ ID int }
	// Drop forgets it.
	Drop struct{}
	// Unlock asks whether the PIN opens the keyboard.
	Unlock struct{ PIN string }
	// Compose makes a profile of what was typed. The answer is Offered.
	Compose struct{ Typed map[Line]string }
)

func (Adopt) effect()   {}
func (Drop) effect()    {}
func (Unlock) effect()  {}
func (Compose) effect() {}

// turn is one Step in the making.
type turn struct {
	State
	effects []Effect
}

// Step returns what follows on e in state s, and what has to be done.
func Step(s State, e Event) (State, []Effect) {
	t := &turn{State: s}
	t.Now = e.when()
	switch e := e.(type) {
	case Tick:
		t.tick()
	case Touch:
		t.Touched = t.Now
		t.touch(e)
	case Scanners:
		t.Scanners = e.N
	case Offered:
		t.offered(e)
	case Unlocked:
		t.unlocked(e)
	case Adopted:
		if t.Page == Work && t.Saving {
			t.Page, t.Saving, t.Problem = Ask, false, e.Problem
		}
	}
	return t.State, t.effects
}

func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

// offered shows what was brought. While one is being written no other is taken,
// and a bad one takes nothing away that was good.
func (t *turn) offered(e Offered) {
	switch {
	case t.Page == Work && (t.Saving || e.From != FromKeys):
	case e.Problem.Key == "":
		t.Offer, t.Problem, t.Page, t.Source = e.Offer, Problem{}, Ask, e.From
		t.wipe()
	case t.Page == Work:
		t.Page, t.Problem = Typing, e.Problem
	case t.Page == Ways || t.Page == Ask:
		t.Problem = e.Problem
		if t.Page == Ask && e.From != FromScanner { // what was shown is no longer there
			t.Page = Ways
		}
	}
}

func (t *turn) touch(e Touch) {
	switch e.Do {
	case session.DoLarge:
		t.Large = !t.Large
	case session.DoContrast:
		t.Contrast = !t.Contrast
	case session.DoLang:
		if t.Lang == words.En {
			t.Lang = words.Zh
		} else {
			t.Lang = words.En
		}
	default:
		switch t.Page {
		case Ways:
			if e.Do == DoType && t.CanType {
				t.Page, t.Problem, t.pin, t.Wrong = PIN, Problem{}, "", false
			}
		case PIN:
			t.touchPIN(e)
		case Typing:
			t.touchTyping(e)
		case Ask:
			t.touchAsk(e)
		}
	}
}

func (t *turn) touchAsk(e Touch) {
	switch e.Do {
	case DoTake:
		t.Page, t.Saving, t.Problem = Work, true, Problem{}
		t.do(Adopt{ID: t.Offer.ID})
	case DoDrop, session.DoBack:
		t.Page, t.Offer, t.Problem = Ways, Offer{}, Problem{}
		t.do(Drop{})
	}
}

func (t *turn) touchPIN(e Touch) {
	if e.Do == session.DoBack {
		t.Page, t.pin, t.asked = Ways, "", false
		return
	}
	if t.asked || t.Locked() > 0 {
		return
	}
	switch e.Do {
	case session.DoKey:
		if len(t.pin) < session.MaxPIN && len(e.Arg) == 1 && e.Arg >= "0" && e.Arg <= "9" {
			t.pin += e.Arg
		}
	case session.DoDelete:
		t.pin = t.pin[:max(0, len(t.pin)-1)]
	case session.DoUnlock:
		if len(t.pin) >= session.MinPIN {
			t.do(Unlock{PIN: t.pin})
			t.pin, t.asked, t.Wrong = "", true, false
		}
	}
}

func (t *turn) unlocked(e Unlocked) {
	if !t.asked || t.Page != PIN {
		return
	}
	t.asked = false
	if !e.OK {
		t.Wrong, t.Wait = true, t.Now.Add(max(0, e.Wait))
		return
	}
	t.Page, t.At, t.Layer = Typing, 0, Small
}

// longest is how long a line may be.
var longest = map[Line]int{SSID: 32, Pass: 64, Host: 100, Code: 14, Seal: 20}

func (t *turn) touchTyping(e Touch) {
	text := &t.typed[min(max(t.At, 0), len(t.typed)-1)]
	switch e.Do {
	case session.DoKey:
		if len(e.Arg) == 1 && e.Arg >= " " && e.Arg <= "~" && len(*text) < longest[t.Line()] {
			*text += e.Arg
		}
	case session.DoDelete:
		*text = (*text)[:max(0, len(*text)-1)]
	case session.DoClear:
		*text = ""
	case session.DoKeys:
		t.Layer = map[Layer]Layer{Small: Large, Large: Digits, Digits: Small}[t.Layer]
	case session.DoBack:
		if t.At--; t.At < 0 {
			t.Page, t.Problem = Ways, Problem{}
			t.wipe()
		}
	case session.DoNext:
		t.next()
	}
}

// Filled reports whether the line that is typed may be left forwards. A site by
// wire has no Wi-Fi, and an open Wi-Fi no passphrase.
func (s State) Filled() bool {
	switch n := len(strings.TrimSpace(s.Text())); s.Line() {
	case SSID:
		return true
	case Pass:
		return len(s.Text()) == 0 || len(s.Text()) >= 8
	case Host:
		return n >= 3
	case Code:
		return n >= 12
	default:
		return n >= 16
	}
}

func (t *turn) next() {
	if !t.Filled() {
		return
	}
	t.Problem, t.Layer = Problem{}, Small
	if t.At++; t.Line() == Pass && t.typed[0] == "" {
		t.typed[1] = ""
		t.At++
	}
	if t.At < len(Lines()) {
		return
	}
	typed := map[Line]string{}
	for i, l := range Lines() {
		typed[l] = strings.TrimSpace(t.typed[i])
	}
	typed[Pass] = t.typed[1]
	t.At = len(Lines()) - 1
	t.Page, t.Saving = Work, false
	t.do(Compose{Typed: typed})
}

// forgotten is the silence after which what was typed is forgotten.
const forgotten = 5 * time.Minute

// tick lets nobody find what somebody else has begun to type. A clock that was set
// back or on by the network begins the silence anew, or ends it early.
func (t *turn) tick() {
	if t.Now.Before(t.Touched) {
		t.Touched = t.Now
	}
	if (t.Page == PIN || t.Page == Typing) && t.Now.Sub(t.Touched) >= forgotten {
		t.Page, t.Problem = Ways, Problem{}
		t.wipe()
	}
}

// wipe forgets what was typed.
func (t *turn) wipe() { t.typed, t.At, t.pin, t.asked = [5]string{}, 0, "", false }
