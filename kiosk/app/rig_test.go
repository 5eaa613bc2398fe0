package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

const (
	idle = 60 * time.Second
	warn = 20 * time.Second
	slow = 90 * time.Second
)

// rig is a terminal without devices, whose clock is that of the test's bubble.
type rig struct {
	*calls
	t       *testing.T
	app     *App
	board   *fakeBoard
	ledger  *fakeLedger
	printer *fakePrinter
	log     *logged
	shown   session.State // when the loop was last still
	latest  *view
	ctx     context.Context
	cancel  context.CancelFunc
	ended   chan error
}

// view is the state that was shown last, and how often one was.
type view struct {
	mu    sync.Mutex
	state session.State
	times int
}

func (v *view) show(s session.State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state = s
	v.times++
}

func (v *view) get() (session.State, int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state, v.times
}

// logged is a log in memory.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// at runs a test in a bubble, on a terminal at its attract page. change may
// take something away before the loop begins; it may be nil.
func at(t *testing.T, change func(*Options), play func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, change)
		go func() { r.ended <- r.app.Run(r.ctx) }()
		r.send(session.PrinterNews{At: r.app.at(), State: session.PrinterReady})
		r.send(session.Card{At: r.app.at(), State: session.CardReady})
		play(r)
		r.stop()
	})
}

func newRig(t *testing.T, change func(*Options)) *rig {
	c := &calls{}
	r := &rig{t: t, calls: c, ended: make(chan error, 1), log: &logged{}, latest: &view{}}
	r.board = &fakeBoard{stale: true}
	for i := range 9 {
		r.board.all = append(r.board.all, posting(i))
	}
	r.ledger = &fakeLedger{
		calls: c, state: map[kiosk.Code]kiosk.ReferralState{}, posting: map[kiosk.Code]string{}, inked: map[kiosk.Code]bool{}, refuses: map[string]bool{},
	}
	r.printer = &fakePrinter{calls: c, ledger: r.ledger, next: []Outcome{{State: kiosk.Printed, Cause: session.PrinterReady}}}
	r.ctx, r.cancel = context.WithCancel(t.Context())
	o := Options{
		Session: session.Options{
			Site: kiosk.Site{ID: "s1", Name: "茶山街道就业之家", Location: kiosk.Point{Lat: 27.8, Lon: 114.9}},
			Lang: "zh", Idle: idle, Warn: warn, Linger: 15 * time.Second, Slow: slow,
			Fits: func(bool) session.Capacity { return session.Capacity{Cards: 4, Trades: 12, Keys: 20, Top: 2} },
		},
		Board: r.board, Ledger: r.ledger, Printer: r.printer, Reader: fakeReader{c},
		Show: r.latest.show,
		Rest: func() { c.add("rest") },
		Log:  slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	r.app = New(o)
	return r
}

func posting(i int) kiosk.Posting {
	return kiosk.Posting{
		ID: fmt.Sprint("p", i), Title: "缝纫工", Employer: kiosk.Employer{Name: "某某服饰有限公司"},
		Occupation: kiosk.Occupation{Code: "6-05-01-01"}, Channel: kiosk.Market,
		Pay:      kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(7000), Unit: kiosk.PerMonth},
		Location: kiosk.Point{Lat: 27.81, Lon: 114.9}, Shifts: kiosk.DayShift,
		Published: time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC), ValidThrough: time.Date(2000, 2, 1, 0, 0, 0, 0, time.UTC),
	}
}

// settle waits until the loop has nothing more to do.
func (r *rig) settle() {
	synctest.Wait()
	r.shown, _ = r.latest.get()
}

func (r *rig) send(e session.Event) {
	r.app.Send(r.ctx, e)
	r.settle()
}

// touch touches something, and then something more.
func (r *rig) touch(pairs ...string) {
	r.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		r.app.Touch(r.ctx, session.Action(pairs[i]), pairs[i+1])
		r.settle()
	}
}

func (r *rig) wait(d time.Duration) {
	time.Sleep(d)
	r.settle()
}

func (r *rig) page(want session.Page) {
	r.t.Helper()
	if r.shown.Page != want {
		r.t.Fatalf("it shows %s (%s), not %s", r.shown.Page, r.shown.Why.Key, want)
	}
}

func (r *rig) trouble(want string) {
	r.t.Helper()
	r.page(session.Trouble)
	if r.shown.Why.Key != want {
		r.t.Fatalf("the trouble is %q, not %q", r.shown.Why.Key, want)
	}
}

func (r *rig) asked(want ...string) {
	r.t.Helper()
	if got := r.take(); !slices.Equal(got, want) {
		r.t.Fatalf("the loop asked\n %q, not\n %q", got, want)
	}
}

// tapCard puts a card on the reader.
func (r *rig) tapCard(name string) {
	r.t.Helper()
	r.touch("start", "", "card", "", "consent", "")
	r.page(session.TapCard)
	r.send(session.Card{At: r.app.at(), State: session.CardRead, Resident: kiosk.Resident{MaskedName: name, BirthYear: 1960, BirthMonth: 2, BirthDay: 3}})
	r.page(session.Greeting)
	r.touch("no-card", "")
}

// confirm goes to a posting and confirms its slip.
func (r *rig) confirm() {
	r.t.Helper()
	if r.shown.Page == session.Attract {
		r.touch("start", "")
	}
	r.touch("tile", "nearby", "posting", "p1", "print", "")
	r.page(session.Confirm)
	r.take()
	r.touch("confirm", "")
}

// stop ends the program, if the test has not.
func (r *rig) stop() {
	r.t.Helper()
	r.cancel()
	if err := <-r.ended; !errors.Is(err, context.Canceled) {
		r.t.Errorf("the loop ended with %v", err)
	}
	r.ended <- context.Canceled
	r.settle()
}
