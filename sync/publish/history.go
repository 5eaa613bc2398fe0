package publish

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// history is what the publisher remembers of a board beside the tree, at
// p/<board>/history: the versions that deltas may lead on from, each with the
// change that leads back to the one before. Terminals never read it. Without it
// deltas lead on from the last version only, and routes get longer.
type history struct {
	// Since is when it was begun: deltas from versions before that, which it does
	// not know, are kept until they are too old for certain.
	Since    time.Time `json:"since"`
	Versions []past    `json:"versions"` // ascending; the last one is the newest
}

type past struct {
	Count   uint64       `json:"count"` // of versions before it, over epochs
	Version wire.Version `json:"version"`
	Time    time.Time    `json:"time"` // when it was published
	Rows    int          `json:"rows"`
	Sum     wire.Sum     `json:"sum"`
	// Back leads to the version before, in the plain form; nil for the first.
	Back *wire.Object `json:"back,omitempty"`
}

// maxVersions bounds the head of a board that is published very often: about 90 kB.
const maxVersions = 200

func memory(board, name string) string { return "p/" + board + "/" + name }

// remembered reads the history up to a version. What was written for a later one,
// whose head was never put, is dropped.
func (p *Publisher) remembered(ctx context.Context, h *wire.Head) history {
	fresh := history{h.Issued, []past{{Version: h.Version, Time: h.Issued, Rows: h.Rows, Sum: h.Sum}}}
	var out history
	text, err := p.store.Get(ctx, memory(h.Board, "history"))
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			p.Log.Warn("publish: the history is begun anew", "board", h.Board, "err", err)
		}
		return fresh
	}
	i := slices.IndexFunc(out.Versions, func(v past) bool { return v.Version == h.Version && v.Sum == h.Sum })
	if i < 0 {
		p.Log.Warn("publish: the history does not know the head and is begun anew", "board", h.Board, "version", h.Version)
		return fresh
	}
	out.Versions = out.Versions[:i+1]
	return out
}

// grow adds a version and forgets what is too old.
func (n *next) grow(ctx context.Context, h *history, self past, back delta.Change) error {
	packed, err := delta.EncodePlain(back)
	if err != nil {
		return err
	}
	o := objectOf(packed)
	self.Back = &o
	self.Count = h.Versions[len(h.Versions)-1].Count + 1
	if err := n.store.Put(ctx, memory(n.board, o.Hash.String()), packed.Bytes); err != nil {
		return err
	}
	h.Versions = append(h.Versions, self)
	for len(h.Versions) > maxVersions || len(h.Versions) > 1 && self.Time.Sub(h.Versions[0].Time) > n.Keep {
		h.Versions = h.Versions[1:]
	}
	return nil
}

func (p *Publisher) remember(ctx context.Context, board string, h history) error {
	text, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return p.store.Put(ctx, memory(board, "history"), text)
}

// knows reports whether deltas from a version are still to be kept.
func (h *history) knows(v wire.Version, now time.Time, keep time.Duration) bool {
	return slices.ContainsFunc(h.Versions, func(p past) bool { return p.Version == v }) ||
		v.Compare(h.Versions[0].Version) < 0 && now.Sub(h.Since) <= keep
}

// forget deletes the ways back that the history no longer names.
func (p *Publisher) forget(ctx context.Context, board string, h history) error {
	named := map[string]bool{memory(board, "history"): true}
	for _, v := range h.Versions {
		if v.Back != nil {
			named[memory(board, v.Back.Hash.String())] = true
		}
	}
	paths, err := p.store.List(ctx, memory(board, ""))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if !named[path] {
			if err := p.store.Delete(ctx, path); err != nil {
				return err
			}
		}
	}
	return nil
}

// walk goes back over the versions before the newest one, newest first, and gives
// the rows of those that are wanted, verified.
func (n *next) walk(ctx context.Context, h history, wanted func(past) bool, visit func(past, delta.Rows) error) error {
	rows := n.rows
	first := slices.IndexFunc(h.Versions, wanted)
	for i := len(h.Versions) - 1; i > first && first >= 0; i-- {
		back, at := h.Versions[i].Back, h.Versions[i-1]
		if back == nil {
			return nil
		}
		b, err := n.store.Get(ctx, memory(n.board, back.Hash.String()))
		if err != nil {
			return err
		}
		c, err := delta.DecodePlain(b, back.Raw)
		if err != nil {
			return err
		}
		if rows, err = rows.Apply(c); err != nil {
			return err
		}
		if !wanted(at) {
			continue
		}
		if len(rows) != at.Rows || rows.Sum() != at.Sum {
			return fmt.Errorf("publish: the way back to %s of board %s leads elsewhere", at.Version, n.board)
		}
		if err := visit(at, rows); err != nil {
			return err
		}
	}
	return nil
}

// packBase packs a whole board.
func packBase(rows delta.Rows) (delta.Packed, error) {
	var buf bytes.Buffer
	raw, err := delta.EncodeBase(&buf, func(yield func(wire.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	})
	return delta.Packed{Bytes: buf.Bytes(), Raw: raw}, err
}
