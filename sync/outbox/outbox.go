// Package outbox brings a terminal's records to its hub, by network or by stick,
// and takes the hub's signed word for what may be deleted. A record is sent until
// that word has come, and so may arrive twice; the hub tells by its number. It
// knows no database: ledger, trust and its own few bytes of state are behind
// interfaces declared here. ../DESIGN.md describes the whole.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/record"
	"jobhome/sync/trust"
)

// Ledger is where the records wait.
type Ledger interface {
	// Pending returns the oldest ones, at most limit, in the order of their numbers.
	Pending(ctx context.Context, limit int) ([]record.Record, error)
	// Delivered deletes those up to a number.
	Delivered(ctx context.Context, upTo uint64) error
	// Quarantine puts one aside. A record of the kind record.Void takes its number.
	Quarantine(ctx context.Context, seq uint64, why string) error
}

// Outcomes is where the office's word about referrals goes.
type Outcomes interface {
	// Awaited returns referrals that the office has not said its last word about, in
	// the order of their codes, behind after, at most limit.
	Awaited(ctx context.Context, after kiosk.Code, limit int) ([]kiosk.Code, error)
	SetOutcomes(ctx context.Context, notes []record.OutcomeNote) error
}

// Trust is who knows the hub's keys and the time below which it cannot be.
type Trust interface {
	Root() trust.Root
	Floor() time.Time
	// Heard is told every ack that was proven: its time, the newest heads, and what
	// was taken down.
	Heard(ctx context.Context, ack record.Ack) error
}

// State keeps a few hundred bytes over a restart, as File does. Load returns nil
// when there is nothing yet. A state that is lost costs a needless attempt, and no record.
type State interface {
	Load() ([]byte, error)
	Save(b []byte) error
}

// Options says what an Outbox works with. Only Status, Outcomes and Log may be
// left out, and the numbers.
type Options struct {
	Hub         string // the hub's address, https://…, without /v1
	Kiosk       string // the terminal's name, as in its certificate
	Incarnation string // of the ledger
	Client      *http.Client
	Signer      trust.Signer // with the key of the certificate
	Ledger      Ledger
	Outcomes    Outcomes
	Trust       Trust
	State       State
	Status      func(ctx context.Context) record.Status
	Log         *slog.Logger
	Batch       int           // most records of one batch; 0: 50
	Interval    time.Duration // between two rounds when all is well; 0: 15 minutes
}

// Outbox sends what waits. Its methods may be called from any goroutine; network
// and stick take turns.
type Outbox struct {
	o      Options
	url    string
	client http.Client
	poke   chan struct{}

	mu     sync.Mutex // held for a whole round
	state  state
	most   int // records that the hub takes at once; falls when it answers 413
	report struct {
		sync.Mutex
		Report
	}
}

// Report says how the way to the hub is, for a staff page.
type Report struct {
	Heard time.Time // when the hub's last ack came, by this machine's clock
	Next  time.Time // when the next attempt is due
	Err   error     // of the last attempt; nil: it went through
}

// New makes an Outbox. Nothing is sent before Run or Round.
func New(o Options) (*Outbox, error) {
	u, err := url.Parse(o.Hub)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("outbox: %q is no address of a hub", o.Hub)
	case o.Kiosk == "" || o.Incarnation == "" || strings.ContainsAny(o.Kiosk+o.Incarnation, `/\`):
		return nil, fmt.Errorf("outbox: %q, %q are no names of a terminal and its ledger", o.Kiosk, o.Incarnation)
	case o.Client == nil || o.Signer == nil || o.Ledger == nil || o.Trust == nil || o.State == nil:
		return nil, errors.New("outbox: client, signer, ledger, trust and state are needed")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Batch == 0 {
		o.Batch = 50
	}
	if o.Interval == 0 {
		o.Interval = 15 * time.Minute
	}
	b := &Outbox{o: o, url: u.JoinPath("v1", "records").String(), client: *o.Client, poke: make(chan struct{}, 1), most: o.Batch}
	// A hub never sends a terminal elsewhere; a hotel's log-in page does.
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	text, err := o.State.Load()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &b.state)
	}
	if err != nil {
		o.Log.Warn("outbox: its state is lost and begun anew", "err", err)
		b.state = state{}
	}
	return b, nil
}

// Poke says that a record was written. It never blocks, and does not shorten the
// time that a hub asked for.
func (b *Outbox) Poke() {
	select {
	case b.poke <- struct{}{}:
	default:
	}
}

// Report returns how the way to the hub is.
func (b *Outbox) Report() Report {
	b.report.Lock()
	defer b.report.Unlock()
	return b.report.Report
}

const (
	gather  = 3 * time.Second  // from a Poke on, for other records of the same walk-in
	scatter = 10 * time.Second // the most from a start on
)

// Run sends what waits until ctx ends: at once, then whenever it is poked, and at
// every interval. After a failure it waits as the hub asked, or longer each time.
func (b *Outbox) Run(ctx context.Context) error {
	// All terminals of a county get their power back in the same second.
	wait := max(b.remaining(), rand.N(scatter))
	for {
		b.due(time.Now().Add(wait))
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		select {
		case <-b.poke: // the round is what it asks for
		default:
		}
		err := b.Round(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			wait = b.remaining()
			b.o.Log.Info("outbox: the hub was not reached", "err", err, "again_in", wait)
			continue
		}
		b.due(time.Now().Add(b.o.Interval))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(around(b.o.Interval)):
			wait = 0
		case <-b.poke:
			wait = gather
		}
	}
}

func (b *Outbox) remaining() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state.remaining(time.Now())
}

func (b *Outbox) due(at time.Time) {
	b.report.Lock()
	defer b.report.Unlock()
	b.report.Next = at
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Round sends everything that waits, and a heartbeat when nothing does. It returns
// nil when the hub has confirmed all. The time of the next attempt after a failure
// is remembered over a restart.
func (b *Outbox) Round(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := b.sendAll(ctx)
	if ctx.Err() != nil {
		return err // this end gave up, not the other
	}
	b.report.Lock()
	b.report.Err = err
	if err == nil {
		b.report.Heard = time.Now()
	}
	b.report.Unlock()
	if b.state.note(err, time.Now()) {
		if saveErr := b.save(); saveErr != nil {
			b.o.Log.Warn("outbox: its state was not written", "err", saveErr)
		}
	}
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

func (b *Outbox) save() error {
	text, err := json.Marshal(b.state)
	if err != nil {
		return err
	}
	return b.o.State.Save(text)
}
