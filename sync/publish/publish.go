// Package publish writes the tree of files that terminals take a board from: base,
// deltas, revocations and, last, the signed head. It reads what was published
// before back from the tree and verifies it. ../DESIGN.md describes the tree,
// README.md which deltas are in it.
package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// Options say how a publisher publishes.
type Options struct {
	Epoch   uint32 // of the root that names the signers
	Signers []trust.Signer
	// Was are keys that signed heads before; what they signed is read as well.
	Was []trust.Key
	// Good is how long a head is good for; 0: 72 hours.
	Good time.Duration
	// Again is how old a head gets before the same rows are signed again; 0: a
	// quarter of Good.
	Again time.Duration
	// Keep is for how long after a version was published deltas lead on from it; 0: 64
	// days. Each version in that time takes about 430 bytes of the head.
	Keep time.Duration
	// Grace is how long a file that no head refers to any more stays, so that a
	// terminal in the middle of it is not cut off; 0: 48 hours.
	Grace time.Duration
	Log   *slog.Logger // nil: nobody is told
}

// Publisher publishes boards into one tree. There must be only one to a tree.
type Publisher struct {
	store Store
	Options
	mu sync.Mutex
}

// New returns a publisher.
func New(store Store, o Options) (*Publisher, error) {
	if len(o.Signers) == 0 || o.Epoch == 0 || o.Epoch >= 1<<31 {
		return nil, errors.New("publish: a publisher needs a signer and an epoch from 1 to 2^31-1")
	}
	o.Good = or(o.Good, 72*time.Hour)
	o.Again = or(o.Again, o.Good/4)
	o.Keep = or(o.Keep, 64*24*time.Hour)
	o.Grace = or(o.Grace, 48*time.Hour)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Publisher{store: store, Options: o}, nil
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// Content is what a board shall be.
type Content struct {
	Rows delta.Rows // ascending by id; those that are revoked are left out
	// Revoked are the ids that were taken down, newest first.
	Revoked []string
	// Above is the last version that is known to have been published, so that a
	// tree which was lost or restored from an old copy goes on above it.
	Above wire.Version
}

// Publish makes the content the newest version of the board, and returns its head.
// The same rows as before get no new version: their head is signed again, with a
// later time, when the revocations differ or it has become old, or else left as it
// is. After an error the tree still has its last head with all that it refers to.
func (p *Publisher) Publish(ctx context.Context, board string, c Content, now time.Time) (wire.Head, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := wire.CheckBoard(board); err != nil {
		return wire.Head{}, fmt.Errorf("publish: %w", err)
	}
	rows, err := live(c)
	if err != nil {
		return wire.Head{}, err
	}
	last, err := p.last(ctx, board)
	if err != nil {
		return wire.Head{}, err
	}
	revoked, err := delta.EncodeRevoked(c.Revoked)
	if err != nil {
		return wire.Head{}, err
	}
	n := next{Publisher: p, board: board, rows: rows, sum: rows.Sum(), now: now.UTC().Truncate(time.Second)}
	if last != nil && !n.isNew(last, c.Above) {
		if last.Revoked.Object == objectOf(revoked) && n.now.Sub(last.Issued) < p.Again {
			return *last, nil
		}
		return p.again(ctx, *last, c.Revoked, n.now)
	}
	if n.version, err = n.above(last, c.Above); err != nil {
		return wire.Head{}, err
	}
	head, past, err := n.head(ctx, last)
	if err != nil {
		return wire.Head{}, err
	}
	if err := n.remember(ctx, board, past); err != nil {
		return wire.Head{}, err
	}
	if head, err = p.again(ctx, head, c.Revoked, n.now); err != nil {
		return wire.Head{}, err
	}
	if err := n.forget(ctx, board, past); err != nil {
		n.Log.Warn("publish: old ways back are still there", "board", board, "err", err)
	}
	return head, nil
}

// Revoke takes postings down at once: it adds ids to the list of the revoked, and
// signs the head of the board's version again with it.
func (p *Publisher) Revoke(ctx context.Context, board string, ids []string, now time.Time) (wire.Head, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, err := p.last(ctx, board)
	if err == nil && last == nil {
		err = fmt.Errorf("publish: board %s: %w", board, fs.ErrNotExist)
	}
	if err != nil {
		return wire.Head{}, err
	}
	all, err := p.alsoRevoked(ctx, last, ids)
	if err != nil {
		return wire.Head{}, err
	}
	return p.again(ctx, *last, all, now.UTC().Truncate(time.Second))
}

// alsoRevoked is a head's list of the revoked with ids put before it.
func (p *Publisher) alsoRevoked(ctx context.Context, h *wire.Head, ids []string) ([]string, error) {
	b, err := p.object(ctx, h.Revoked.Object)
	if err != nil {
		return nil, err
	}
	before, err := delta.DecodeRevoked(b, h.Revoked.Raw)
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(ids), slices.DeleteFunc(before, func(id string) bool {
		return slices.Contains(ids, id)
	})...), nil
}

// live are the rows that are not revoked.
func live(c Content) (delta.Rows, error) {
	gone := map[string]bool{}
	for _, id := range c.Revoked {
		gone[id] = true
	}
	out := make(delta.Rows, 0, len(c.Rows))
	for i, r := range c.Rows {
		if i > 0 && r.ID <= c.Rows[i-1].ID {
			return nil, fmt.Errorf("publish: row %s stands twice or out of order", r.ID)
		}
		if !gone[r.ID] {
			out = append(out, r)
		}
	}
	return out, nil
}

func headPath(board string) string { return "b/" + board + "/head" }

// last reads the head of a board; nil: there is none.
func (p *Publisher) last(ctx context.Context, board string) (*wire.Head, error) {
	text, err := p.store.Get(ctx, headPath(board))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	keys, role := map[string]trust.Key{}, trust.Role{Threshold: 1}
	for _, s := range p.Signers {
		keys[s.Key().ID()] = s.Key()
	}
	for _, k := range p.Was {
		keys[k.ID()] = k
	}
	for id := range keys {
		role.Keys = append(role.Keys, id)
	}
	var head wire.Head
	e, err := trust.ReadEnvelope(text)
	if err == nil {
		var payload []byte
		if payload, err = e.Open(trust.TypeHead, role, keys); err == nil {
			err = json.Unmarshal(payload, &head)
		}
	}
	if err == nil {
		err = head.Check()
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("publish: the head of board %s: %w", board, err)
	case head.Board != board:
		return nil, fmt.Errorf("publish: the head of board %s is that of %s", board, head.Board)
	case head.Version.Epoch > p.Epoch:
		return nil, fmt.Errorf("publish: the head of board %s has epoch %d, above that of the root, %d", board, head.Version.Epoch, p.Epoch)
	}
	return &head, nil
}

// again writes the list of the revoked, signs a head, with a later time than it
// has, and writes it. It is the last thing that is written.
func (p *Publisher) again(ctx context.Context, h wire.Head, revoked []string, now time.Time) (wire.Head, error) {
	packed, err := delta.EncodeRevoked(revoked)
	if err != nil {
		return wire.Head{}, err
	}
	h.Revoked.Count = len(revoked)
	if h.Revoked.Object, err = p.save(ctx, packed); err != nil {
		return wire.Head{}, err
	}
	// Terminals refuse two heads of one version and one time, and older ones.
	if !now.After(h.Issued) {
		now = h.Issued.Add(time.Second)
	}
	h.Issued, h.Expires = now, now.Add(p.Good)
	if err := h.Check(); err != nil {
		return wire.Head{}, fmt.Errorf("publish: %w", err)
	}
	payload, err := json.Marshal(h)
	if err != nil {
		return wire.Head{}, fmt.Errorf("publish: %w", err)
	}
	e, err := trust.Seal(trust.TypeHead, payload, p.Signers...)
	if err != nil {
		return wire.Head{}, fmt.Errorf("publish: %w", err)
	}
	text, err := e.Write()
	if err != nil {
		return wire.Head{}, fmt.Errorf("publish: %w", err)
	}
	return h, p.store.Put(ctx, headPath(h.Board), text)
}

// boards are the names of all boards of the tree.
func (p *Publisher) boards(ctx context.Context) ([]string, error) {
	paths, err := p.store.List(ctx, "b/")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, path := range paths {
		if name, ok := strings.CutSuffix(strings.TrimPrefix(path, "b/"), "/head"); ok && wire.CheckBoard(name) == nil {
			out = append(out, name)
		}
	}
	return out, nil
}
