// Package app is the loop of the terminal: events come in from fingers and
// devices, the state machine of package session says what follows, and the
// effects are carried out here. It knows its devices, board and ledger only by
// the small interfaces below.
//
// One goroutine runs the loop. What the board and the ledger do is done in it,
// so that a touch is answered by one screen and not by two; only printing has
// a goroutine of its own, one slip at a time.
package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/match"
	"jobhome/kiosk/session"
)

// Board is the job board, as far as the loop needs it.
type Board interface {
	Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error)
	Get(ctx context.Context, id string) (kiosk.Posting, bool, error)
	// Rank returns the postings that fit best, the best first, each with its
	// reasons.
	Rank(ask match.Ask) []kiosk.Match
	// Spell tells what the board has for a text that is being typed.
	// Of q its text and the hours that the law allows count.
	Spell(ctx context.Context, q kiosk.Query) Spelling
	// News tells what the board holds; changed is false when nothing did since
	// the last call.
	News(ctx context.Context, now time.Time) (news session.BoardNews, changed bool)
}

// Spelling is what a board has for a text so far.
type Spelling struct {
	Words []kiosk.Suggestion
	Next  []string // characters that can follow, the most frequent first
	Total int
}

// Ledger is where referrals are written down.
type Ledger interface {
	Issue(ctx context.Context, draft kiosk.Referral, random io.Reader) (kiosk.Referral, error)
	Rate(ctx context.Context, code kiosk.Code, rating kiosk.Rating, at time.Time) error
	Get(ctx context.Context, code kiosk.Code) (kiosk.Referral, error)
	Journal
}

// Printer prints slips.
type Printer interface {
	// Print prints one slip and returns when it is known what became of it. It
	// calls fenced when all of the slip has been sent and only the printer's
	// word is missing.
	Print(ctx context.Context, slip kiosk.Slip, fenced func()) Outcome
	// Draft draws a slip as it would be printed; nil where it cannot.
	Draft(slip kiosk.Slip) Picture
}

// Reader is an ID-card reader. It looks for cards only while it is armed.
type Reader interface {
	Arm()
	Disarm()
}

// Service is what staff ask of the devices. Its methods return at once; how the
// devices are then is told by session.DeviceNews.
type Service interface {
	Test(part session.Part)
	TestSlip()
	PaperChanged()
}

// Panel is the lamp over the slot and the buzzer.
type Panel interface {
	Signal(lamp session.Lamp, buzzer session.Buzzer)
}

// Staff decides who may open the staff page. Unlock may take a second.
type Staff interface {
	Unlock(pin string) session.Unlocked
}

// Resetter has everything wiped that the terminal keeps.
type Resetter interface {
	// Left counts the records that the hub does not have.
	Left(ctx context.Context) (int, error)
	// Reset asks for it; the computer then restarts.
	Reset() error
}

// Options are what a terminal consists of.
type Options struct {
	Session  session.Options
	Board    Board
	Ledger   Ledger
	Requests Requests // nil: nothing can be asked for
	Printer  Printer  // nil: none is fitted
	Reader   Reader   // nil: none is fitted
	Service  Service  // nil: nobody looks after the devices
	Panel    Panel    // nil: none is fitted
	Staff    Staff    // nil: nobody may open the staff page
	Resetter Resetter // nil: nothing can be wiped
	Show     func(session.State)
	Rest     func() // called when a session has ended; may be nil
	Log      *slog.Logger
	Now      func() time.Time // nil: time.Now
}

// App is a terminal's loop.
type App struct {
	o      Options
	state  session.State
	events chan session.Event
	beats  chan chan struct{}
	prints chan job
}

// New returns a loop that has not begun.
func New(o Options) *App {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &App{
		o:      o,
		state:  session.New(o.Session, o.Now()),
		events: make(chan session.Event, 64),
		beats:  make(chan chan struct{}),
		prints: make(chan job, 1),
	}
}

// Send hands an event to the loop. It never blocks for long: the loop takes
// events faster than people and devices make them. An event that comes after
// the loop has ended is lost.
func (a *App) Send(ctx context.Context, e session.Event) {
	select {
	case a.events <- e:
	case <-ctx.Done():
	}
}

// Touch hands a touch to the loop. It is what the window calls.
func (a *App) Touch(ctx context.Context, do session.Action, arg string) {
	a.Send(ctx, session.Touch{At: a.at(), Do: do, Arg: arg})
}

func (a *App) at() session.At { return session.At{Time: a.o.Now()} }

// newsEvery is how often the board is looked at for changes and expiries.
const newsEvery = 5 * time.Second

// Run runs the loop until ctx ends. A slip that is printing then is left to its
// own end, at most its printer's deadline.
func (a *App) Run(ctx context.Context) error {
	done := make(chan struct{})
	go a.printer(ctx, done)
	defer func() { <-done }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	a.take(ctx, a.begin())
	a.news(ctx)
	a.o.Show(a.state)
	var looked time.Time
	for {
		var e session.Event
		select {
		case <-ctx.Done():
			return ctx.Err()
		case answer := <-a.beats:
			close(answer)
			continue
		case e = <-a.events:
		case <-tick.C:
			e = session.Tick{At: a.at()}
		}
		a.take(ctx, e)
		if now := a.o.Now(); now.Sub(looked) >= newsEvery || now.Before(looked) {
			looked = now
			a.news(ctx)
		}
		a.o.Show(a.state)
	}
}

// Take steps through e and everything that follows on it at once, and returns
// the state then. It is for pictures and tests, which have no devices and no
// loop; it must not be called while Run runs.
func (a *App) Take(ctx context.Context, e session.Event) session.State {
	a.take(ctx, e)
	a.news(ctx)
	return a.state
}

// begin is the first event: what is fitted.
func (a *App) begin() session.Event {
	if a.o.Printer == nil {
		return session.PrinterNews{At: a.at(), State: session.PrinterNone}
	}
	return session.PrinterNews{At: a.at(), State: session.PrinterUnknown}
}

func (a *App) news(ctx context.Context) {
	news, changed := a.o.Board.News(ctx, a.o.Now())
	if changed {
		news.At = a.at()
		a.take(ctx, news)
	}
}

// take steps through e and everything that follows on it at once.
func (a *App) take(ctx context.Context, e session.Event) {
	queue := []session.Event{e}
	for len(queue) > 0 {
		var effects []session.Effect
		a.state, effects = session.Step(a.state, queue[0])
		queue = queue[1:]
		for _, effect := range effects {
			if answer := a.carryOut(ctx, effect); answer != nil {
				queue = append(queue, answer)
			}
		}
	}
}

// carryOut does what effect says, and returns the answer where there is one at
// once.
func (a *App) carryOut(ctx context.Context, effect session.Effect) session.Event {
	switch e := effect.(type) {
	case session.Search:
		r, err := a.o.Board.Search(ctx, e.Query)
		a.note("search the board", err)
		return session.Found{At: a.at(), Seq: e.Seq, Results: r, Err: err}
	case session.Rank:
		return session.Found{At: a.at(), Seq: e.Seq, Results: a.rank(ctx, e)}
	case session.Suggest:
		s := a.o.Board.Spell(ctx, kiosk.Query{Text: e.Text, Lawful: e.Lawful, Now: a.o.Now()})
		return session.Suggested{At: a.at(), Seq: e.Seq, Words: s.Words, Next: s.Next, Total: s.Total}
	case session.Open:
		p, ok, err := a.o.Board.Get(ctx, e.ID)
		a.note("open a posting", err)
		return session.Opened{At: a.at(), ID: e.ID, Posting: p, OK: ok && p.Open(a.o.Now()), Err: err}
	case session.Draft:
		return session.Drafted{At: a.at(), Seq: e.Seq, Image: a.draft(e)}
	case session.Issue:
		return a.issue(ctx, e)
	case session.Print:
		return a.print(e)
	case session.RequestCall:
		return a.requestCall(ctx, e)
	case session.Complain:
		a.complain(ctx, e)
	case session.Rate:
		a.note("write a rating down", a.o.Ledger.Rate(ctx, e.Code, e.Rating, a.o.Now()))
	case session.ArmReader:
		if a.o.Reader != nil {
			a.o.Reader.Arm()
		}
	case session.DisarmReader:
		if a.o.Reader != nil {
			a.o.Reader.Disarm()
		}
	case session.Forget:
		if a.o.Rest != nil {
			a.o.Rest()
		}
	case session.Lookup:
		return a.lookup(ctx, e)
	default:
		return a.service(ctx, effect)
	}
	return nil
}

// service does what is asked of the devices and by the staff.
func (a *App) service(ctx context.Context, effect session.Effect) session.Event {
	switch e := effect.(type) {
	case session.Unlock:
		return a.unlock(ctx, e.PIN)
	case session.CountLeft:
		return a.countLeft(ctx)
	case session.FactoryReset:
		return a.factoryReset()
	case session.Test:
		if a.o.Service != nil {
			a.o.Service.Test(e.Part)
		}
	case session.TestSlip:
		if a.o.Service != nil {
			a.o.Service.TestSlip()
		}
	case session.PaperChanged:
		if a.o.Service != nil {
			a.o.Service.PaperChanged()
		}
	case session.Signal:
		if a.o.Panel != nil {
			a.o.Panel.Signal(e.Lamp, e.Buzzer)
		}
	default:
		a.o.Log.Error("an effect that nobody carries out", "effect", fmt.Sprintf("%T", e))
	}
	return nil
}

func (a *App) note(doing string, err error) {
	if err != nil {
		a.o.Log.Error("could not "+doing, "error", err)
	}
}

// mostMatched is how many postings a guided match offers: more than anybody
// looks through, fewer than would hide that the rest does not fit.
const mostMatched = 60

func (a *App) rank(ctx context.Context, e session.Rank) kiosk.Results {
	now := a.o.Now()
	found := a.o.Board.Rank(match.Ask{
		Profile: e.Profile, Resident: e.Resident, Site: a.o.Session.Site, Now: now, Limit: mostMatched,
	})
	same := a.same(ctx, e.Except)
	found = slices.DeleteFunc(found, func(m kiosk.Match) bool { return slices.Contains(same, m.Posting.ID) })
	r := kiosk.Results{Total: len(found)}
	for _, m := range found[min(e.Offset, len(found)):min(e.Offset+e.Limit, len(found))] {
		r.Items = append(r.Items, kiosk.Item{
			Posting: m.Posting,
			Metres:  a.o.Session.Site.Location.Metres(m.Posting.Location),
			Reasons: m.Reasons,
			More:    m.More,
		})
	}
	return r
}

// mostSame is how many copies of one job are kept from being listed beside it.
const mostSame = 1000

// same is the ids of the postings of the same job as one, itself too.
func (a *App) same(ctx context.Context, id string) []string {
	if id == "" {
		return nil
	}
	r, err := a.o.Board.Search(ctx, kiosk.Query{Like: id, Limit: mostSame, Now: a.o.Now()})
	a.note("find what is alike", err)
	ids := []string{id}
	for _, it := range r.Items {
		ids = append(ids, it.Posting.ID)
	}
	return ids
}

func (a *App) issue(ctx context.Context, e session.Issue) session.Event {
	now := a.o.Now()
	p, ok, err := a.o.Board.Get(ctx, e.Posting)
	if err == nil && (!ok || !p.Open(now)) {
		err = fmt.Errorf("posting %s is no longer on the board", e.Posting)
	}
	if err != nil {
		a.note("issue a referral", err)
		return session.Written{At: a.at(), Err: err}
	}
	r, err := a.o.Ledger.Issue(ctx, kiosk.Referral{
		Posting: p.ID, Title: p.Title, Employer: p.Employer.Name,
		Site: a.o.Session.Site.ID, Issued: now,
	}, rand.Reader)
	a.note("write a referral down", err)
	return session.Written{At: a.at(), Referral: r, Err: err}
}
