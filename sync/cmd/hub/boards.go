package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/postings"
	"jobhome/sync/publish"
	"jobhome/sync/record"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// boards publishes what terminals take: each board of the settings, from the
// postings that are approved.
type boards struct {
	settings  Settings
	store     publish.Store
	publisher *publish.Publisher
	postings  *postings.Postings
	fleet     *fleet.Fleet
	log       *slog.Logger

	turn     *turn     // one publishes at a time
	versions *versions // that were published

	mu    sync.Mutex
	heads map[string]wire.Head
	taken []string  // down lately, newest first, for terminals whose mirror hides it
	tried time.Time // when all were published, or should have been
	fault error     // of the last time
}

// openFeed is where the tree of files lies.
func openFeed(where string) (publish.Store, error) {
	if !strings.HasPrefix(where, "s3:") {
		return publish.NewDir(where)
	}
	u, err := url.Parse(where)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("feed = %q: is not s3://bucket/prefix?endpoint=…", where)
	}
	prefix := strings.TrimPrefix(u.Path, "/")
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return &publish.S3{
		Endpoint: u.Query().Get("endpoint"), Region: u.Query().Get("region"), Bucket: u.Host, Prefix: prefix,
		Key: os.Getenv("AWS_ACCESS_KEY_ID"), Secret: os.Getenv("AWS_SECRET_ACCESS_KEY"),
	}, nil
}

// newBoards opens the tree, and lays the chain of roots into it.
func newBoards(ctx context.Context, s Settings, k *keys, log *slog.Logger) (*boards, error) {
	turn := newTurn(s.Data)
	store, err := openFeed(s.Feed)
	if err != nil {
		return nil, err
	}
	if err := turn.do(ctx, func() error { return layRoots(ctx, s.Data, k.root.N, store) }); err != nil {
		return nil, fmt.Errorf("lay the roots into the feed: %w", err)
	}
	p, err := publish.New(store, publish.Options{
		Epoch: k.root.Epoch, Signers: []trust.Signer{k.head}, Was: k.was, Good: s.Publish.Expires, Log: log,
	})
	if err != nil {
		return nil, err
	}
	return &boards{settings: s, store: store, publisher: p, log: log, turn: turn, heads: map[string]wire.Head{}}, nil
}

func layRoots(ctx context.Context, data string, n uint32, store publish.Store) error {
	for i := uint32(1); i <= n; i++ {
		text, err := os.ReadFile(rootPath(data, i))
		if err != nil {
			return err
		}
		path := fmt.Sprintf("root/%d.json", i)
		if have, err := store.Get(ctx, path); err == nil && string(have) == string(text) {
			continue
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := store.Put(ctx, path, text); err != nil {
			return err
		}
	}
	return nil
}

// mostTaken is how many postings an ack says were taken down lately.
const mostTaken = 50

// publish brings every board to what is published now.
func (b *boards) publish(ctx context.Context) error {
	err := b.turn.do(ctx, func() error {
		var errs []error
		for i := range b.settings.Boards {
			if err := b.publishOne(ctx, &b.settings.Boards[i]); err != nil {
				errs = append(errs, fmt.Errorf("board %s: %w", b.settings.Boards[i].Name, err))
			}
		}
		_, err := b.publisher.Prune(ctx, time.Now())
		return errors.Join(append(errs, err)...)
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried, b.fault = time.Now(), err
	return err
}

func (b *boards) publishOne(ctx context.Context, board *Board) error {
	scope, err := b.scope(ctx, board)
	if err != nil {
		return err
	}
	now := time.Now()
	rows, revoked, err := b.postings.Rows(ctx, scope, now)
	if err != nil {
		return err
	}
	above, err := b.versions.last(ctx, board.Name)
	if err != nil {
		return err
	}
	head, err := b.publisher.Publish(ctx, board.Name, publish.Content{Rows: rows, Revoked: revoked, Above: above}, now)
	if err != nil {
		return err
	}
	if err := b.versions.keep(ctx, board.Name, head.Version); err != nil {
		return err
	}
	b.mu.Lock()
	b.heads[board.Name] = head
	b.taken = slices.Clone(revoked[:min(mostTaken, len(revoked))])
	b.mu.Unlock()
	b.log.Info("a board was published", "board", board.Name, "version", head.Version, "rows", head.Rows, "revoked", head.Revoked.Count)
	return nil
}

// scope is what belongs to a board: what the settings say, and a ring around each
// site that shows it.
func (b *boards) scope(ctx context.Context, board *Board) (postings.Scope, error) {
	s := postings.Scope{
		Areas: board.Areas, Ring: board.Ring / 1000, Always: board.Channels, Bytes: int64(board.MaxMB) << 20,
	}
	if board.Centre.Known() {
		s.Points = append(s.Points, board.Centre)
	}
	sites, err := b.fleet.Sites(ctx, "")
	if err != nil {
		return s, err
	}
	for _, site := range sites {
		if site.Board == board.Name && site.Location.Known() {
			s.Points = append(s.Points, site.Location)
		}
	}
	return s, nil
}

// revoke takes postings down from every board at once.
func (b *boards) revoke(ctx context.Context, ids ...string) error {
	b.mu.Lock()
	b.taken = append(slices.Clone(ids), b.taken...)
	b.taken = b.taken[:min(mostTaken, len(b.taken))]
	b.mu.Unlock()
	return b.turn.do(ctx, func() error {
		var errs []error
		for i := range b.settings.Boards {
			if err := b.revokeOne(ctx, &b.settings.Boards[i], ids); err != nil {
				errs = append(errs, fmt.Errorf("board %s: %w", b.settings.Boards[i].Name, err))
			}
		}
		return errors.Join(errs...)
	})
}

// revokeOne takes postings down from one board. A board whose tree is not there,
// or is an old copy, is published as a whole instead: terminals would not look at
// a head that is below theirs.
func (b *boards) revokeOne(ctx context.Context, board *Board, ids []string) error {
	above, err := b.versions.last(ctx, board.Name)
	if err != nil {
		return err
	}
	head, err := b.publisher.Revoke(ctx, board.Name, ids, time.Now())
	if errors.Is(err, fs.ErrNotExist) || err == nil && head.Version.Compare(above) < 0 {
		return b.publishOne(ctx, board)
	}
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heads[board.Name] = head
	return nil
}

// news is what terminals of a board are told with an ack.
func (b *boards) news(_ context.Context, board string) (fleet.News, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h, ok := b.heads[board]
	if !ok {
		return fleet.News{}, nil
	}
	return fleet.News{Heads: []record.HeadNote{{Board: board, Version: h.Version}}, Revoked: slices.Clone(b.taken)}, nil
}

// look is how often it is looked whether something is to be published: what was
// approved waits no longer, and what is over is not offered longer.
const look = 2 * time.Minute

// run publishes what changes by decision or by time at the next look, and
// everything on the schedule, until ctx ends. What went wrong is tried again.
func (b *boards) run(ctx context.Context) {
	tick := time.NewTicker(min(look, b.settings.Publish.Every))
	defer tick.Stop()
	for {
		if err := b.round(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("boards could not be published", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round publishes if there is a reason to: something came or went, it is time, or
// it failed the last time.
func (b *boards) round(ctx context.Context) error {
	released, err := b.postings.Release(ctx, releaser)
	over, expireErr := b.postings.Expire(ctx)
	if err = errors.Join(err, expireErr); err != nil {
		return errors.Join(err, b.publish(ctx)) // what is there can be published all the same
	}
	b.mu.Lock()
	due := b.fault != nil || time.Since(b.tried) >= b.settings.Publish.Every
	b.mu.Unlock()
	if len(released) == 0 && over == 0 && !due {
		return nil
	}
	return b.publish(ctx)
}
