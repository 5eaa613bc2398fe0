package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// unused is when files were first seen that no head refers to, by their paths.
const unused = "p/unused"

// Prune deletes the objects that no head of the tree has referred to for Grace, and
// tells how many. It is to be called again and again: it finds out by itself since
// when an object is not needed. When a head cannot be read it deletes nothing.
func (p *Publisher) Prune(ctx context.Context, now time.Time) (deleted int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	used, err := p.used(ctx)
	if err != nil {
		return 0, err
	}
	objects, err := p.store.List(ctx, "o/")
	if err != nil {
		return 0, err
	}
	since, err := p.since(ctx)
	if err != nil {
		return 0, err
	}
	still := map[string]time.Time{}
	for _, path := range objects {
		if used[path] {
			continue
		}
		first, ok := since[path]
		if !ok || first.After(now) { // or the clock was put back
			first = now
		}
		if now.Sub(first) < p.Grace {
			still[path] = first
			continue
		}
		if err := p.store.Delete(ctx, path); err != nil {
			return deleted, err
		}
		deleted++
	}
	text, err := json.Marshal(still)
	if err != nil {
		return deleted, fmt.Errorf("publish: %w", err)
	}
	return deleted, p.store.Put(ctx, unused, text)
}

// used are the objects that heads refer to.
func (p *Publisher) used(ctx context.Context) (map[string]bool, error) {
	boards, err := p.boards(ctx)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, board := range boards {
		h, err := p.last(ctx, board)
		if err != nil {
			return nil, err
		}
		if h == nil {
			continue
		}
		used[h.Base.Path()], used[h.Revoked.Path()] = true, true
		for _, d := range h.Deltas {
			if used[d.Plain.Path()] = true; d.Dict != nil {
				used[d.Dict.Path()] = true
			}
		}
	}
	return used, nil
}

// since is when objects were first seen unused. What cannot be read is found out
// anew.
func (p *Publisher) since(ctx context.Context) (map[string]time.Time, error) {
	since := map[string]time.Time{}
	text, err := p.store.Get(ctx, unused)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return since, nil
	case err != nil:
		return nil, err
	}
	if err := json.Unmarshal(text, &since); err != nil {
		p.Log.Warn("publish: since when objects are unused is found out anew", "err", err)
		return map[string]time.Time{}, nil
	}
	return since, nil
}
