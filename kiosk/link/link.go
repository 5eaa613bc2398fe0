// Package link is the terminal's link to its hub: it keeps the board in step
// with the feed, brings the ledger's records to the hub, seals what residents ask
// for, and does both with a stick where there is no network. What it knows how to
// do is in sync/feed, sync/outbox and sync/enrol; here they meet the terminal's
// board, ledger and screen. A terminal without a hub has none.
package link

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"jobhome/kiosk/board"
	"jobhome/kiosk/config"
	"jobhome/kiosk/courier"
	"jobhome/kiosk/ledger"
	"jobhome/kiosk/session"
	"jobhome/sync/enrol"
	"jobhome/sync/feed"
	"jobhome/sync/outbox"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
	"jobhome/sync/wire"

	"golang.org/x/sys/unix"
)

// Options are what a link is made of.
type Options struct {
	Hub     config.Hub
	Dir     string // of its keys and state; its alone
	Board   *board.Board
	Ledger  *ledger.Ledger
	Program string    // version of the terminal's program
	Build   time.Time // when it was built
	// Status adds what the rest of the terminal knows: devices and counters. It may
	// be nil.
	Status func(*record.Status)
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now
}

// Link is an open link. Its methods may be called from any goroutine.
type Link struct {
	o       Options
	feed    *feed.Client
	boot    time.Time
	held    *os.File
	mu      sync.Mutex
	id      *enrol.Identity // nil: not enrolled
	outbox  *outbox.Outbox  // nil: not enrolled
	sealing string          // id of the key that the ledger seals to
	inStep  bool            // the hub's feed or stick was last read without trouble
	tell    func(session.Event)
}

// ErrBusy tells that another program has the link: the terminal is running.
var ErrBusy = errors.New("the terminal is running, and keeps in step by itself")

// Open opens the link. A terminal that is not enrolled yet takes its board from
// the feed all the same; its records wait.
func Open(ctx context.Context, o Options) (*Link, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	l := &Link{o: o, boot: o.Now(), tell: func(session.Event) {}}
	if err := l.lock(); err != nil {
		return nil, err
	}
	if err := l.open(ctx); err != nil {
		l.Close()
		return nil, fmt.Errorf("link: %w", err)
	}
	return l, nil
}

func (l *Link) lock() error {
	if err := os.MkdirAll(l.o.Dir, 0o700); err != nil {
		return fmt.Errorf("link: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(l.o.Dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return ErrBusy
		}
		return fmt.Errorf("link: %w", err)
	}
	l.held = f
	return nil
}

func (l *Link) open(ctx context.Context) error {
	root, err := os.ReadFile(l.o.Hub.Root)
	if err != nil {
		return fmt.Errorf("the root of trust: %w", err)
	}
	from, err := source(l.o.Hub.Feed)
	if err != nil {
		return err
	}
	fo := feed.Options{
		Board: l.o.Hub.Board, Root: root, Dir: filepath.Join(l.o.Dir, "feed"), From: from, To: Board{l.o.Board},
		Budget: int64(l.o.Hub.DayMB) << 20, Build: l.o.Build, Now: l.o.Now, Done: l.fed,
	}
	l.id, err = enrol.Open(l.o.Dir, l.o.Now)
	switch {
	case errors.Is(err, enrol.ErrNone):
		fo.Kiosk = l.o.Ledger.Incarnation() // until it has a name, its moment is its own all the same
	case err != nil:
		return err
	default:
		fo.Kiosk = l.id.Kiosk()
	}
	if l.feed, err = feed.New(fo); err != nil {
		return err
	}
	if l.id == nil {
		return nil
	}
	return l.enrolled(ctx)
}

// source is where the feed is read from; nil: from sticks only.
func source(where string) (feed.Source, error) {
	switch {
	case where == "":
		return nil, nil
	case strings.HasPrefix(where, "/"):
		return feed.OpenDir(where)
	}
	return feed.NewHTTP(where, nil)
}

// noHub stands as the address where there is none: sticks need none.
const noHub = "https://none.invalid"

// enrolled opens what a terminal with a certificate has.
func (l *Link) enrolled(ctx context.Context) error {
	var err error
	l.outbox, err = outbox.New(outbox.Options{
		Hub: cmp.Or(l.o.Hub.URL, noHub), Kiosk: l.id.Kiosk(), Incarnation: l.o.Ledger.Incarnation(),
		Client: l.id.Client(), Signer: l.id.Signer(),
		Ledger: courier.Courier{Ledger: l.o.Ledger}, Outcomes: courier.Courier{Ledger: l.o.Ledger},
		Trust: believer{l.feed, l.o.Board}, State: outbox.File(filepath.Join(l.o.Dir, "outbox.json")),
		Status: l.status, Log: l.o.Log,
	})
	if err != nil {
		return err
	}
	return l.seal(ctx)
}

// seal has the ledger seal to the newest root's first key that this program
// knows, whenever that has changed.
func (l *Link) seal(ctx context.Context) error {
	if l.id == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.feed.Root().Seal {
		if k.KEM != seal.KEM {
			continue
		}
		key, err := seal.ParseKey(k.Public)
		if err != nil {
			return err
		}
		if key.ID() == l.sealing {
			return nil
		}
		if err := l.o.Ledger.SealWith(ctx, seal.Terminal{Kiosk: l.id.Kiosk(), Key: key}); err != nil {
			return err
		}
		l.sealing = key.ID()
		return nil
	}
	return nil // the root names none: what residents ask for is not offered
}

// Close lets go of the link.
func (l *Link) Close() {
	if l.held != nil {
		_ = l.held.Close()
	}
}

// Enrol spends a one-time code. The link is then to be opened anew.
func Enrol(ctx context.Context, o Options, code, pin string) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	_, err := enrol.Enrol(ctx, o.Dir, enrol.Invitation{Hub: o.Hub.URL, Code: code, Pin: pin}, o.Now)
	return err
}

// believer is whom the outbox believes: what the feed has proven.
type believer struct {
	feed  *feed.Client
	board *board.Board
}

// heardTime is how long an ack's word waits for a round of the feed that is under
// way. The next ack says the same again, and records are not to wait for a board.
const heardTime = 20 * time.Second

func (b believer) Root() trust.Root { return b.feed.Root() }
func (b believer) Floor() time.Time { return b.feed.Floor() }

// Heard takes over what an ack says of the boards, and takes down what it says was
// taken down, which a mirror may hide.
func (b believer) Heard(ctx context.Context, ack record.Ack) error {
	err := b.feed.Heard(ack.Heads, ack.HubTime)
	for _, id := range ack.Revoked {
		_, there, getErr := b.board.Get(ctx, id)
		if getErr != nil {
			return errors.Join(err, getErr)
		}
		if there {
			return errors.Join(err, b.takeDown(ctx, ack.Revoked))
		}
	}
	return err
}

func (b believer) takeDown(ctx context.Context, ids []string) error {
	some, stop := context.WithTimeout(ctx, heardTime)
	defer stop()
	rep := b.feed.TakeDown(some, ids)
	if errors.Is(rep.Err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return rep.Err
}

// status says how the terminal is.
func (l *Link) status(ctx context.Context) record.Status {
	s := record.Status{At: l.feed.Now().UTC(), Program: l.o.Program, Boot: l.boot.Unix()}
	if n, err := l.o.Board.Sequence(ctx); err == nil {
		s.Board = wire.VersionOf(n)
	}
	if pending, aside, err := l.o.Ledger.Backlog(ctx); err == nil {
		s.Backlog, s.Poison = pending, aside
	}
	if l.o.Status != nil {
		l.o.Status(&s)
	}
	return s
}
