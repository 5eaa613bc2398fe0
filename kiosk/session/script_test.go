package session

import (
	"errors"
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

var (
	nine    = time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC)
	failure = errors.New("it failed")
)

const (
	idle   = 60 * time.Second
	warn   = 20 * time.Second
	linger = 15 * time.Second
	slow   = 25 * time.Second
)

func options() Options {
	return Options{
		Lang: words.Zh, Idle: idle, Warn: warn, Linger: linger, Slow: slow,
		CanReset: true, KeyFitted: true,
		Fits: func(large bool) Capacity {
			if large {
				return Capacity{Cards: 4, Trades: 4, Keys: 5, Top: 2}
			}
			return Capacity{Cards: 6, Trades: 8, Keys: 10, Top: 4}
		},
	}
}

func posting(n int) kiosk.Posting {
	return kiosk.Posting{ID: "p" + strconv.Itoa(n), Title: "缝纫工", ValidThrough: nine.Add(24 * time.Hour)}
}

func items(n int) []kiosk.Item {
	var all []kiosk.Item
	for i := range n {
		all = append(all, kiosk.Item{Posting: posting(i), Metres: 800})
	}
	return all
}

// teller plays a script.
type teller struct {
	t    testing.TB
	s    State
	last []Effect
	now  time.Time

	signal Signal // the last one
}

// open is a terminal that works: a board, a printer, a reader.
func open(t testing.TB) *teller {
	w := &teller{t: t, s: New(options(), nine), now: nine}
	w.play(`
		board           -> attract
		printer ready   -> attract
		hub sealed      -> attract
		card ready      -> attract`)
	return w
}

func (w *teller) play(script string) *teller {
	w.t.Helper()
	for line := range strings.Lines(expand(script)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if facts, ok := strings.CutPrefix(line, "is "); ok {
			w.check(line, strings.Fields(facts))
			continue
		}
		event, want, _ := strings.Cut(line, "->")
		w.last = nil
		w.event(strings.Fields(event))
		got := string(w.s.Page)
		if names := effectNames(w.last); len(names) > 0 {
			got += ": " + strings.Join(names, ", ")
		}
		if got != strings.TrimSpace(want) {
			w.t.Fatalf("%s\n got -> %s", line, got)
		}
	}
	return w
}

func (w *teller) check(line string, facts []string) {
	w.t.Helper()
	have := append(factsOf(w.s), w.deviceFacts()...)
	for _, f := range facts {
		f, not := strings.CutPrefix(f, "!")
		if slices.Contains(have, f) == not {
			w.t.Fatalf("%s: not so: have %v", line, have)
		}
	}
}

func (w *teller) send(e Event) {
	w.t.Helper()
	old := w.s
	kept := old
	_, tick := e.(Tick) // of which there are too many
	if !tick {
		kept = deepCopy(old)
	}
	var effects []Effect
	w.s, effects = Step(old, e)
	w.last = append(w.last, effects...)
	w.signals(effects)
	if tick {
		return
	}
	// Another step from the same state must not reach into this one's result.
	now := deepCopy(w.s)
	Step(old, Touch{w.at(), DoHelp, ""})
	if !same(old, kept) || !same(w.s, now) {
		w.t.Fatalf("%T changed a state that was given away", e)
	}
}

func (w *teller) at() At { return At{w.now} }

func (w *teller) event(f []string) {
	w.t.Helper()
	arg := func(i int) string {
		if i < len(f) {
			return f[i]
		}
		return ""
	}
	switch f[0] {
	case "touch":
		w.send(Touch{w.at(), Action(arg(1)), arg(2)})
	case "wait":
		for left := w.duration(arg(1)); left > 0; left -= time.Second {
			w.now = w.now.Add(time.Second)
			w.send(Tick{w.at()})
		}
	case "clock":
		w.now = w.now.Add(w.duration(arg(1)))
		w.send(Tick{w.at()})
	case "card":
		w.send(w.card(arg(1), arg(2)))
	case "printer":
		w.send(PrinterNews{w.at(), PrinterState(arg(1))})
	case "board":
		w.send(w.board())
	case "device", "door", "presence", "key", "badge", "unlocked", "scan", "looked", "left", "reset-failed":
		w.send(w.device(f))
	case "hub":
		w.send(HubNews{At: w.at(), Sealed: arg(1) == "sealed", Behind: arg(2) == "behind"})
	case "stick":
		w.send(Stick{w.at(), StickState(arg(1))})
	default:
		w.send(w.answer(f[0], arg(1), arg(2), f))
	}
}

func (w *teller) board() BoardNews {
	trades := map[kiosk.Trade]int{}
	for i := range 20 {
		trades[kiosk.Trade(fmt.Sprint("t", i))] = i + 1
	}
	return BoardNews{At: w.at(), Updated: nine, Total: 100, Top: items(4), Trades: trades}
}

func (w *teller) card(state, born string) Card {
	c := Card{At: w.at(), State: CardState(state)}
	if born != "" {
		day, err := time.Parse(time.DateOnly, born)
		if err != nil {
			w.t.Fatal(err)
		}
		c.Resident = kiosk.Resident{MaskedName: "张**", BirthYear: day.Year(), BirthMonth: int(day.Month()), BirthDay: day.Day()}
	}
	return c
}

// answer is an answer of the app to the last question of its kind.
func (w *teller) answer(kind, what, id string, f []string) Event {
	w.t.Helper()
	n, _ := strconv.Atoi(what)
	switch kind {
	case "found":
		e := Found{At: w.at(), Seq: w.s.List.seq, Results: kiosk.Results{Total: n, Items: items(min(n, w.s.Fits().Cards))}}
		switch {
		case what == "error":
			e.Err, e.Results = failure, kiosk.Results{}
		case id == "stale":
			e.Seq--
		}
		return e
	case "suggested":
		e := Suggested{At: w.at(), Seq: w.s.Typed.seq, Total: n, Next: strings.Split("缝纫保安司机厨师仓库搬运", "")}
		if id == "stale" {
			e.Seq--
		}
		return e
	case "opened":
		e := Opened{At: w.at(), ID: id, OK: what == "ok"}
		if what == "error" {
			e.Err = failure
		}
		if e.OK {
			e.Posting = posting(0)
			e.Posting.ID, e.Posting.Description = id, "whole"
		}
		return e
	case "drafted":
		e := Drafted{At: w.at(), Seq: w.s.draftSeq, Image: image.NewGray(image.Rect(0, 0, 1, 1))}
		if what == "stale" {
			e.Seq--
		}
		return e
	case "noted":
		e := Noted{At: w.at(), Posting: what}
		if id == "error" {
			e.Err = failure
		}
		return e
	case "written":
		if what == "error" {
			return Written{At: w.at(), Err: failure}
		}
		return Written{At: w.at(), Referral: kiosk.Referral{Code: kiosk.Code(what), Posting: w.s.Chosen.Posting.ID}}
	case "ended": // ended CODE STATE CAUSE [maybe] [unwritten]
		return PrintEnded{
			At: w.at(), Code: kiosk.Code(what), State: kiosk.ReferralState(id), Cause: PrinterState(f[3]), Maybe: slices.Contains(f, "maybe"), Unwritten: slices.Contains(f, "unwritten"),
		}
	}
	w.t.Fatalf("no event %q", kind)
	return nil
}

func (w *teller) duration(s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func effectNames(effects []Effect) []string {
	var names []string
	for _, e := range effects {
		name := strings.TrimPrefix(fmt.Sprintf("%T", e), "session.")
		switch e := e.(type) {
		case Signal:
			continue // see the facts lamp and buzz
		case Test:
			name += " " + string(e.Part)
		case Lookup:
			name = strings.TrimSpace(name + " " + e.Posting + " " + string(e.Code))
		case Open:
			name += " " + e.ID
		case Issue:
			name += " " + e.Posting
		case Print:
			name += " " + string(e.Code) + e.MaskedName
		case Rate:
			name += " " + string(e.Rating)
		case RequestCall:
			name += " " + e.Posting + " " + e.Phone
		case Complain:
			name += " " + e.Posting + " " + string(e.Why)
		case Suggest:
			name = strings.TrimSpace(name + " " + e.Text)
		}
		names = append(names, name)
	}
	return names
}

func factsOf(s State) []string {
	v := s.Visit
	facts := []string{
		"lang=" + string(v.Lang), "why=" + v.Why.Key, "notice=" + s.Notice, "card=" + string(v.CardNow),
		"rated=" + string(v.Rated), "code=" + string(v.Referral.Code), "text=" + v.Typed.Text,
		"within=" + fmt.Sprint(v.List.Query.Within), "sort=" + string(v.List.Query.Sort),
		"phone=" + v.Request.Phone, "from=" + v.List.From, "when=" + v.Asked.When, "reader=" + string(s.Reader), "printer=" + string(s.Printer),
	}
	for _, n := range []struct {
		name string
		n    int
	}{
		{"items", len(v.List.Results.Items)},
		{"offset", v.List.Query.Offset},
		{"limit", v.List.Query.Limit},
		{"sheet", v.Offset},
		{"step", v.Asked.Step},
		{"trades", len(v.Asked.Profile.Trades)},
		{"shifts", int(v.List.Query.Shifts)},
		{"lawful", int(v.List.Query.Lawful)},
		{"filters", Filters(v.List.Query)},
		{"keys-from", v.Typed.Offset},
		{"turn", s.Turn},
		{"left", int(s.Left() / time.Second)},
	} {
		facts = append(facts, fmt.Sprint(n.name, "=", n.n))
	}
	for _, b := range []struct {
		name string
		is   bool
	}{
		{"warning", v.Warning},
		{"large", v.Large},
		{"contrast", v.Contrast},
		{"resident", v.Resident.Known()},
		{"barred", s.Barred()},
		{"minor", s.Minor()},
		{"card-out", v.CardOut},
		{"waiting", v.List.Waiting},
		{"matched", v.List.Matched},
		{"retry", v.Why.Retry},
		{"maybe", v.Printing.Maybe},
		{"sending", v.Printing.Sending},
		{"large-slip", v.LargeSlip},
		{"draft", v.Draft != nil},
		{"whole", v.Chosen.Posting.Description != ""},
		{"letters", v.Typed.Letters},
		{"called", v.Request.Called != ""},
		{"reported", v.Request.Reported != ""},
		{"noting", v.Request.Waiting},
		{"nobody", nobodyLeft(s) == ""},
	} {
		if b.is {
			facts = append(facts, b.name)
		}
	}
	return facts
}

// nobodyLeft names what is left of a person in the state, or is "".
func nobodyLeft(s State) string {
	v := s.Visit
	switch {
	case v.Resident != kiosk.Resident{}:
		return "the resident"
	case v.List.Query.Text != "" || len(v.List.Results.Items) > 0 || v.List.seq != 0 || v.List.Waiting || v.List.Matched:
		return "the list"
	case v.Typed.Text != "" || v.Typed.seq != 0 || len(v.Typed.Words) > 0 || len(v.Typed.Next) > 0:
		return "the search"
	case v.Asked.Step != 0 || v.Asked.When != "" || len(v.Asked.Profile.Trades) > 0 || v.Asked.Profile.PayAtLeast != 0 ||
		v.Asked.Profile.Within != 0 || v.Asked.Profile.Shifts != 0 || v.Asked.Profile.Education != 0 || v.Asked.Profile.Term != "":
		return "the answers"
	case v.Chosen.Posting.ID != "" || len(v.Chosen.Reasons) > 0:
		return "the posting"
	case v.Referral != kiosk.Referral{}:
		return "the referral"
	case v.Scan.Waiting || v.Scan.Open || v.Scan.seq != 0 || v.Scan.Referral != kiosk.Referral{} || v.Scan.Item.Posting.ID != "":
		return "what was scanned"
	case v.Request != RequestState{}:
		return "what was asked for"
	case v.Staff != StaffState{}:
		return "what staff typed"
	case v.Draft != nil || v.draftSeq != 0:
		return "the picture of the slip"
	case v.Printing != PrintState{} || v.Why != TroubleState{} || v.Rated != "" || v.CardNow != "" || v.CardOut:
		return "the print"
	case v.Lang != s.Options.Lang || v.Large != s.Options.Large || v.Contrast || v.Warning || len(v.Before) > 0:
		return "how the screen looked"
	}
	return ""
}
