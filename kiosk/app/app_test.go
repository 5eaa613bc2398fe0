package app

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// A whole visit, with everything that the loop asks of the world in its order.
func TestWalkIn(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.page(session.Attract)
		if r.shown.Board.Total != 9 || r.shown.Printer != session.PrinterReady {
			t.Errorf("before anybody came it knows %d postings and a printer that is %s", r.shown.Board.Total, r.shown.Printer)
		}
		r.touch("start", "", "card", "", "consent", "")
		r.asked("arm")
		r.send(session.Card{At: r.app.at(), State: session.CardFound})
		r.send(session.Card{At: r.app.at(), State: session.CardRead, Resident: kiosk.Resident{MaskedName: "张**", BirthYear: 1960, BirthMonth: 1, BirthDay: 1}})
		r.page(session.Greeting)
		r.asked("disarm")
		r.touch("tile", "match", "answer", "garment", "next", "", "answer", "day", "answer", "400000", "answer", "10000", "answer", "70", "skip", "")
		r.page(session.List)
		if l := r.shown.List; l.Waiting || len(l.Results.Items) != 4 || l.Results.Total != 9 || len(l.Results.Items[0].Reasons) == 0 {
			t.Errorf("the match gave %d of %d postings, waiting %v", len(l.Results.Items), l.Results.Total, l.Waiting)
		}
		if m := r.shown.List.Results.Items[0].Metres; m < 1000 || m > 1200 {
			t.Errorf("a posting 1.1 km from here is said to be %v m away", m)
		}
		r.touch("page", "next", "page", "next")
		if n := len(r.shown.List.Results.Items); n != 1 {
			t.Errorf("the third page has %d postings", n)
		}
		r.touch("posting", r.shown.List.Results.Items[0].Posting.ID)
		r.page(session.Posting)
		if r.shown.Chosen.Posting.Description == "" {
			t.Error("the posting was not opened whole")
		}
		r.asked()
		r.touch("print", "")
		if r.shown.Draft == nil {
			t.Error("the slip was not drawn")
		}
		id := r.shown.Chosen.Posting.ID
		r.touch("confirm", "")
		r.page(session.Take)
		r.asked("issue "+id, "mark printing", "print printing", "mark fenced", "mark printed")
		code := r.shown.Referral.Code
		if _, err := kiosk.ParseCode(string(code)); err != nil || r.ledger.is(code) != kiosk.Printed {
			t.Errorf("the code %q (%v) is %s in the ledger", code, err, r.ledger.is(code))
		}
		s := r.printer.printed()[0]
		if s.Code != code || s.MaskedName != "张**" || s.Reprint || s.Posting.ID != id || s.Issued.IsZero() || s.Site.ID != "s1" {
			t.Errorf("the slip is %+v", s)
		}
		r.touch("rate", "good", "done", "")
		r.page(session.Attract)
		r.asked("rate good", "disarm", "rest")
	})
}

func TestSearchByKeys(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.touch("start", "", "tile", "search", "key", "缝")
		if d := r.shown.Typed; d.Total != 3 || len(d.Next) != 1 || len(d.Words) != 1 || d.Words[0].Text != "缝缝纫" {
			t.Errorf("the keys show %+v", d)
		}
		r.touch("find", "")
		r.page(session.List)
		if got := r.shown.List.Query; got.Text != "缝" || len(r.shown.List.Results.Items) != 4 {
			t.Errorf("the search for %q shows %d postings", got.Text, len(r.shown.List.Results.Items))
		}
	})
}

func TestSilenceForgets(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.tapCard("张**")
		r.take()
		r.wait(idle + 2*time.Second)
		if !r.shown.Warning {
			t.Error("nobody was asked whether they are still there")
		}
		r.wait(warn)
		r.page(session.Attract)
		r.asked("disarm", "rest")
	})
}

func TestBoardThatCannotBeRead(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.board.set(func() { r.board.broken = errors.New("database disk image is malformed") })
		r.touch("start", "", "tile", "nearby")
		r.trouble("board")
		r.touch("back", "") // tries again, as the page says
		r.trouble("board")
		r.touch("home", "")
		r.page(session.Home)
		r.touch("tile", "nearby")
		r.trouble("board")
		r.board.set(func() { r.board.broken = nil })
		r.touch("back", "")
		r.page(session.List)
		r.board.set(func() { r.board.broken = errors.New("disk I/O error") })
		r.touch("posting", "p2")
		r.trouble("board")
		r.touch("home", "")
		r.page(session.Home)
		if n := strings.Count(r.log.String(), "level=ERROR"); n != 4 {
			t.Errorf("%d lines of the log tell of four errors:\n%s", n, r.log.String())
		}
	})
}

func TestBoardNews(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.board.withdraw("p8")
		r.board.set(func() { r.board.stale, r.board.asked = true, 0 })
		r.wait(6 * time.Second)
		if r.shown.Board.Total != 8 {
			t.Errorf("seconds after a change it still tells of %d postings", r.shown.Board.Total)
		}
		r.board.set(func() { r.board.stale, r.board.broken = true, errors.New("no such table") })
		r.wait(6 * time.Second)
		if !r.shown.Board.Broken {
			t.Error("a board that cannot be read is not told of")
		}
		r.wait(48 * time.Second)
		r.board.set(func() {
			if r.board.asked < 10 || r.board.asked > 14 {
				t.Errorf("in a minute the board was looked at %d times", r.board.asked)
			}
		})
	})
}

// A clock that is set back by hours must not keep the board from being looked at.
func TestBoardNewsAfterTheClockWasSetBack(t *testing.T) {
	var mu sync.Mutex
	var off time.Duration
	at(t, func(o *Options) {
		o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return time.Now().Add(off) }
	}, func(r *rig) {
		r.wait(6 * time.Second)
		mu.Lock()
		off = -5 * time.Hour
		mu.Unlock()
		r.board.set(func() { r.board.stale = true })
		r.board.withdraw("p8")
		r.wait(2 * time.Second)
		if r.shown.Board.Total != 8 {
			t.Error("the board's change was not seen after the clock was set back")
		}
	})
}

func TestPostingWithdrawn(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.touch("start", "", "tile", "nearby")
		r.board.withdraw("p1")
		r.touch("posting", "p1")
		r.trouble("expired")
		r.touch("more", "")
		r.page(session.List)
		if slices.ContainsFunc(r.shown.List.Results.Items, func(it kiosk.Item) bool { return it.Posting.ID == "p1" }) {
			t.Error("the list still has the posting that has gone")
		}
		r.touch("posting", "p2", "print", "")
		r.page(session.Confirm)
		r.take()
		r.board.withdraw("p2")
		r.touch("confirm", "")
		r.page(session.Trouble)
		r.asked()
		if len(r.printer.printed()) != 0 || r.shown.Referral.Code != "" {
			t.Error("a referral was made to a posting that has gone")
		}
		r.touch("more", "")
		r.page(session.List)
	})
}

func TestPostingExpiresWhileItIsLookedAt(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.board.set(func() { r.board.all[1].ValidThrough = time.Now().Add(30 * time.Second) })
		r.touch("start", "", "tile", "nearby", "posting", "p1", "print", "")
		r.page(session.Confirm)
		r.take()
		r.wait(31 * time.Second)
		r.touch("confirm", "")
		r.trouble("expired")
		r.asked()
	})
}

// A terminal on which nothing is fitted still serves.
func TestNoDevices(t *testing.T) {
	at(t, func(o *Options) { o.Printer, o.Reader, o.Rest, o.Log = nil, nil, nil, nil }, func(r *rig) {
		r.touch("start", "", "card", "", "consent", "")
		r.page(session.TapCard)
		r.touch("home", "", "tile", "nearby", "posting", "p1", "print", "")
		r.page(session.Confirm) // the test said that there is a printer
		if r.shown.Draft != nil {
			t.Error("a slip was drawn without a printer")
		}
		r.touch("end", "")
		r.page(session.Attract)
		r.asked()
	})
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(o *Options) { o.Printer, o.Reader = nil, nil })
		if s := r.app.Take(r.ctx, r.app.begin()); s.Printer != session.PrinterNone || s.Reader != session.CardNone {
			t.Errorf("with nothing fitted the printer is %s and the reader %s", s.Printer, s.Reader)
		}
		r = newRig(t, nil)
		if s := r.app.Take(r.ctx, r.app.begin()); s.Printer != session.PrinterUnknown || s.Board.Total != 9 {
			t.Errorf("a printer that has not answered is %s; %d postings", s.Printer, s.Board.Total)
		}
	})
}

// Windows, readers and printers send from goroutines of their own.
func TestEventsFromManyGoroutines(t *testing.T) {
	at(t, nil, func(r *rig) {
		acts := []string{
			"start", "tile nearby", "posting p1", "print", "confirm", "page next", "large", "lang", "home", "tile match", "answer garment", "next", "tile search", "key 缝", "back", "done", "retry", "card", "consent", "help",
		}
		var all sync.WaitGroup
		for g := range 8 {
			all.Go(func() {
				for i := range 60 {
					do, arg, _ := strings.Cut(acts[(i*7+g*3+i*g)%len(acts)], " ")
					r.app.Touch(r.ctx, session.Action(do), arg)
					switch i % 9 {
					case g:
						r.app.Send(r.ctx, session.PrinterNews{At: r.app.at(), State: session.PrinterReady})
					case 8:
						r.app.Send(r.ctx, session.Card{At: r.app.at(), State: session.CardRemoved})
					}
				}
			})
		}
		all.Wait()
		r.settle()
		r.wait(idle + warn + slow + 5*time.Second)
		r.page(session.Attract)
		if r.shown.Chosen.Posting.ID != "" || r.shown.Referral.Code != "" {
			t.Error("something of the last visit is left")
		}
	})
}

// Who sends after the loop has ended is not held up for ever.
func TestSendAfterTheEnd(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.stop()
		for range 200 {
			r.app.Touch(r.ctx, session.DoStart, "")
		}
		r.page(session.Attract)
	})
}
