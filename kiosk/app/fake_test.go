package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"slices"
	"sync"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/match"
	"jobhome/kiosk/session"
)

// calls are what the loop asked of the world, in their order.
type calls struct {
	mu  sync.Mutex
	all []string
}

func (c *calls) add(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, fmt.Sprintf(format, args...))
}

// take returns what was asked since the last take.
func (c *calls) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.all
	c.all = nil
	return all
}

// fakeBoard is a board of a few postings.
type fakeBoard struct {
	mu     sync.Mutex
	all    []kiosk.Posting
	broken error // what Search and Get return
	stale  bool  // News has not been told yet
	asked  int   // how often News was asked for
}

func (b *fakeBoard) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

func (b *fakeBoard) withdraw(id string) {
	b.set(func() { b.all = slices.DeleteFunc(b.all, func(p kiosk.Posting) bool { return p.ID == id }) })
}

func (b *fakeBoard) Search(_ context.Context, q kiosk.Query) (kiosk.Results, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken != nil {
		return kiosk.Results{}, b.broken
	}
	all := b.all
	if q.Like != "" {
		all = b.like(q.Like)
	}
	r := kiosk.Results{Total: len(all)}
	for _, p := range all[min(q.Offset, len(all)):min(q.Offset+q.Limit, len(all))] {
		r.Items = append(r.Items, kiosk.Item{Posting: p, Metres: 800})
	}
	return r, nil
}

// like is the postings with the same title and employer as one.
func (b *fakeBoard) like(id string) (like []kiosk.Posting) {
	at := slices.IndexFunc(b.all, func(p kiosk.Posting) bool { return p.ID == id })
	for _, p := range b.all {
		if at >= 0 && p.Title == b.all[at].Title && p.Employer.Name == b.all[at].Employer.Name {
			like = append(like, p)
		}
	}
	return like
}

func (b *fakeBoard) Get(_ context.Context, id string) (kiosk.Posting, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.all, func(p kiosk.Posting) bool { return p.ID == id })
	if b.broken != nil || i < 0 {
		return kiosk.Posting{}, false, b.broken
	}
	p := b.all[i]
	p.Description = "整件缝制"
	return p, true, nil
}

func (b *fakeBoard) Rank(ask match.Ask) []kiosk.Match {
	b.mu.Lock()
	defer b.mu.Unlock()
	return match.Rank(slices.Clone(b.all), ask)
}

func (b *fakeBoard) Spell(_ context.Context, q kiosk.Query) Spelling {
	return Spelling{Words: []kiosk.Suggestion{{Text: q.Text + "缝纫", Count: 3}}, Next: []string{"缝"}, Total: 3}
}

func (b *fakeBoard) News(_ context.Context, now time.Time) (session.BoardNews, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	changed := b.stale
	b.stale = false
	if b.broken != nil {
		return session.BoardNews{Broken: true}, changed
	}
	return session.BoardNews{
		Updated: now, Total: len(b.all), Trades: map[kiosk.Trade]int{"garment": len(b.all)},
		Top: []kiosk.Item{{Posting: b.all[0], Metres: 800}},
	}, changed
}

// fakeLedger holds referrals in memory and writes every call down.
type fakeLedger struct {
	*calls
	mu      sync.Mutex
	state   map[kiosk.Code]kiosk.ReferralState
	posting map[kiosk.Code]string
	inked   map[kiosk.Code]bool
	refuses map[string]bool // the calls that fail
}

var errDisk = errors.New("disk full")

// done writes a call down, unless it is to be refused.
func (l *fakeLedger) done(ctx context.Context, name string, code kiosk.Code, state kiosk.ReferralState) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		l.add("%s too late: %v", name, err)
		return err
	}
	if l.refuses[name] {
		l.add("%s refused", name)
		return errDisk
	}
	l.add("%s", name)
	l.state[code] = state
	if state == kiosk.Printed || state == kiosk.Unconfirmed {
		l.inked[code] = true
	}
	return nil
}

func (l *fakeLedger) is(code kiosk.Code) kiosk.ReferralState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state[code]
}

func (l *fakeLedger) Issue(ctx context.Context, draft kiosk.Referral, random io.Reader) (kiosk.Referral, error) {
	code, err := kiosk.NewCode(random)
	if err != nil {
		return kiosk.Referral{}, err
	}
	draft.Code, draft.State = code, kiosk.Issued
	l.mu.Lock()
	l.posting[code] = draft.Posting
	l.mu.Unlock()
	if err := l.done(ctx, "issue "+draft.Posting, code, kiosk.Issued); err != nil {
		return kiosk.Referral{}, err
	}
	return draft, nil
}

func (l *fakeLedger) Rate(ctx context.Context, code kiosk.Code, rating kiosk.Rating, _ time.Time) error {
	return l.done(ctx, "rate "+string(rating), code, l.is(code))
}

func (l *fakeLedger) MarkPrinting(ctx context.Context, code kiosk.Code, _ time.Time) (bool, error) {
	l.mu.Lock()
	marked := l.inked[code]
	l.mu.Unlock()
	return marked, l.done(ctx, "mark printing", code, kiosk.Printing)
}

func (l *fakeLedger) MarkPrinted(ctx context.Context, code kiosk.Code, _ time.Time) error {
	return l.done(ctx, "mark printed", code, kiosk.Printed)
}

func (l *fakeLedger) MarkFenced(ctx context.Context, code kiosk.Code) error {
	return l.done(ctx, "mark fenced", code, kiosk.Printing)
}

func (l *fakeLedger) MarkInterrupted(ctx context.Context, code kiosk.Code, _ time.Time) error {
	return l.done(ctx, "mark interrupted", code, kiosk.Unconfirmed)
}

func (l *fakeLedger) Get(_ context.Context, code kiosk.Code) (kiosk.Referral, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuses["get"] {
		return kiosk.Referral{}, errDisk
	}
	if _, ok := l.state[code]; !ok {
		return kiosk.Referral{}, fmt.Errorf("get: %w", kiosk.ErrNoReferral)
	}
	return kiosk.Referral{Code: code, Posting: l.posting[code], State: l.state[code]}, nil
}

func (l *fakeLedger) MarkUnconfirmed(ctx context.Context, code kiosk.Code, _ time.Time) error {
	return l.done(ctx, "mark unconfirmed", code, kiosk.Unconfirmed)
}

func (l *fakeLedger) MarkFailed(ctx context.Context, code kiosk.Code, _ time.Time) error {
	return l.done(ctx, "mark failed", code, kiosk.Failed)
}

// fakePrinter answers as it was told to, and holds a slip where hold is set
// until hold or the program ends.
type fakePrinter struct {
	*calls
	ledger *fakeLedger
	mu     sync.Mutex
	next   []Outcome // the last one stays
	hold   chan struct{}
	slips  []kiosk.Slip
}

func (p *fakePrinter) Print(ctx context.Context, s kiosk.Slip, fenced func()) Outcome {
	p.add("print %s", p.ledger.is(s.Code))
	p.mu.Lock()
	p.slips = append(p.slips, s)
	out := p.next[0]
	if len(p.next) > 1 {
		p.next = p.next[1:]
	}
	hold := p.hold
	p.mu.Unlock()
	if out.State == kiosk.Printed {
		fenced()
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return Outcome{State: kiosk.Unconfirmed, Cause: session.PrinterOffline}
		}
	}
	return out
}

func (p *fakePrinter) printed() []kiosk.Slip {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.slips)
}

// Draft draws a picture that has the masked name in it.
func (p *fakePrinter) Draft(s kiosk.Slip) Picture {
	img := image.NewGray(image.Rect(0, 0, 64, 1))
	copy(img.Pix, s.MaskedName)
	return img
}

type fakeReader struct{ *calls }

func (r fakeReader) Arm()    { r.add("arm") }
func (r fakeReader) Disarm() { r.add("disarm") }
