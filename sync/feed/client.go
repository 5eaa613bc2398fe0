package feed

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"jobhome/sync/record"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// Options are what a client is made of.
type Options struct {
	Kiosk string // its id, which gives it its moment in the schedule
	Board string // the name of its board
	Root  []byte // the root that it was commissioned with, as it travels
	Dir   string // where it keeps its state and half-read files; its alone
	From  Source // nil: there is no network, only sticks
	To    Board
	// Budget is how many bytes may be read from From in a day (China's); 0: any
	// number. Roots, the head and revocations are read all the same, and counted.
	Budget int64
	Every  time.Duration // between rounds; 0: 15 minutes
	Build  time.Time     // when the program was built: it is never earlier
	// Now is the clock; nil: the machine's. It may be wrong.
	Now func() time.Time
	// Done is told of every round of Run; it may be nil.
	Done func(Report)
}

// Client keeps one board in step. Its methods may be called at the same time; one
// round runs after the other.
type Client struct {
	opts Options
	busy chan struct{} // holds one token while a round runs
	poke chan struct{}

	mu    sync.Mutex
	st    state
	since time.Time // when the floor was last set, by the clock that only runs on
}

// New makes a client of a state directory, which is made when it is not there.
func New(o Options) (*Client, error) {
	if err := wire.CheckBoard(o.Board); err != nil {
		return nil, fmt.Errorf("feed: %w", err)
	}
	if _, err := trust.ReadRoot(o.Root); err != nil {
		return nil, fmt.Errorf("feed: the first root: %w", err)
	}
	if o.To == nil || o.Dir == "" {
		return nil, errors.New("feed: there is no board or no directory")
	}
	if o.Every <= 0 {
		o.Every = 15 * time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Client{opts: o, busy: make(chan struct{}, 1), poke: make(chan struct{}, 1), since: time.Now()}
	var err error
	c.st, err = loadState(c.statePath(), o.Board)
	c.st.Floor.Build = o.Build
	return c, err
}

func (c *Client) statePath() string { return filepath.Join(c.opts.Dir, "feed.json") }

// Sync makes one round with the network's source. It returns when the board is as
// far as it can come today; residents go on searching all the while.
func (c *Client) Sync(ctx context.Context) Report {
	if c.opts.From == nil {
		return Report{Code: Unreachable, Err: errors.New("feed: this terminal has no source but sticks"), At: c.now()}
	}
	return c.round(ctx, c.opts.From, false)
}

// FromDir makes one round with a directory, such as a stick that was put in. It
// costs nothing of the day's bytes, and does not disturb the schedule.
func (c *Client) FromDir(ctx context.Context, path string) Report {
	d, err := OpenDir(path)
	if err != nil {
		return Report{Code: Unreachable, Err: err, At: c.now()}
	}
	rep := c.round(ctx, d, true)
	if err := d.Close(); err != nil && rep.Err == nil {
		rep.Code, rep.Err = Unreachable, err
	}
	return rep
}

// Heard takes over what the hub said in an ack whose signature, terminal and nonce
// the caller has checked. A newer head than the source has shows that the source
// is frozen; it is looked for at once.
func (c *Client) Heard(heads []record.HeadNote, hub time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	news := false
	for _, h := range heads {
		if h.Board == c.opts.Board && h.Version.Compare(c.st.Newest) > 0 {
			c.st.Newest = h.Version
			news = h.Version.Compare(c.st.Version) > 0
		}
	}
	if !hub.IsZero() {
		c.st.Floor.Hub, c.since = hub, time.Now()
	}
	if news {
		select {
		case c.poke <- struct{}{}:
		default: // it knows already
		}
	}
	return c.st.save(c.statePath())
}

// now is the time as far as it can be known: a clock that stands below the floor is
// not believed, and the floor rises as time goes by.
func (c *Client) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	floor := c.st.Floor
	floor.Build = floor.Time().Add(time.Since(c.since))
	return floor.Now(c.opts.Now())
}

// round is one round: what it works with, and its copy of the state.
type round struct {
	*Client
	from Source
	to   Board
	free bool // a stick
	now  time.Time
	st   state
	rep  *Report

	at   wire.Version // of the board
	root trust.Root
	head *wire.Head
	hash wire.Hash       // of its signed bytes
	tag  string          // its ETag
	lane map[string]bool // what must not be on the board
}

// keep writes the state down. What Heard has changed in the meantime stays.
func (r *round) keep() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.st.Newest, r.st.Floor.Hub = r.Client.st.Newest, r.Client.st.Floor.Hub
	if r.st.Floor != r.Client.st.Floor {
		r.since = time.Now()
	}
	r.Client.st = r.st
	return as(Local, r.st.save(r.statePath()))
}

// round makes a round with a source; free is a stick.
func (c *Client) round(ctx context.Context, from Source, free bool) Report {
	return c.guard(ctx, from, func(r *round) error {
		r.free = free
		if today := day(r.now); r.st.Day != today {
			r.st.Day, r.st.Used = today, 0
		}
		return r.run(ctx)
	})
}

// guard lets one round work at a time, on the board as it is.
func (c *Client) guard(ctx context.Context, from Source, work func(*round) error) Report {
	rep := Report{At: c.now()}
	select {
	case c.busy <- struct{}{}:
		defer func() { <-c.busy }()
	case <-ctx.Done():
		rep.Code, rep.Err = Unreachable, ctx.Err()
		return rep
	}
	c.mu.Lock()
	r := &round{Client: c, from: from, to: c.opts.To, free: from == nil, now: rep.At, st: c.st, rep: &rep}
	c.mu.Unlock()
	sequence, err := r.to.Sequence(ctx)
	if err != nil {
		err = as(Local, fmt.Errorf("feed: %w", err))
	} else {
		r.at = wire.VersionOf(sequence)
		rep.From, rep.To = r.at, r.at
		r.st.settle(r.at)
		err = work(r)
	}
	r.end(err)
	return rep
}

func (r *round) run(ctx context.Context) error {
	if err := r.roots(ctx); err != nil {
		return err
	}
	h, err := r.readHead(ctx)
	if err != nil || h == nil {
		return err
	}
	r.head = h
	if err := r.revoke(ctx, h); err != nil {
		return err
	}
	r.accept(h)
	if err := r.keep(); err != nil {
		return err
	}
	return r.advance(ctx, h)
}

// end says what became of the round and writes the state down, last of all.
func (r *round) end(err error) {
	rep := r.rep
	done := err == nil
	switch {
	case errors.Is(err, errBudget):
		rep.Code, err = Waiting, nil
	case err != nil:
		rep.Code = codeOf(err)
	case rep.Steps > 0 || rep.Revoked > 0:
		rep.Code = Applied
	case r.behind() && !r.free:
		err = refuse(Frozen, "the source has version %s, the hub told of %s", r.st.Version, r.st.Newest)
		rep.Code = Frozen
	default:
		rep.Code = UpToDate
	}
	if done && r.head != nil && !r.free {
		r.st.ETag = r.tag
	}
	if !r.free {
		r.back(err)
	}
	if e := r.keep(); e != nil && err == nil {
		rep.Code, err = Local, e
	}
	if r.head != nil {
		r.tidy(keepers(r.head, done))
	}
	rep.Err = err
	rep.Newest, rep.AsOf = r.st.Version, r.st.Floor.Issued
	if r.behind() {
		rep.Newest = r.st.Newest
	}
	rep.Expired = !r.st.Expires.IsZero() && r.now.After(r.st.Expires)
}

// keepers are the objects that are wanted again: the lane, and what was half read
// when the round is not over.
func keepers(h *wire.Head, done bool) map[wire.Hash]bool {
	keep := map[wire.Hash]bool{h.Revoked.Hash: true}
	if done {
		return keep
	}
	keep[h.Base.Hash] = true
	for _, d := range h.Deltas {
		keep[d.Plain.Hash] = true
		if d.Dict != nil {
			keep[d.Dict.Hash] = true
		}
	}
	return keep
}
