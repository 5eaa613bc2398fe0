package main

import (
	"context"
	"runtime"
	"slices"

	"jobhome/kiosk"
)

// nextBoard is the board of n and the one that a delta makes of it: of every
// ten postings one is in the delta, 60 % of them changed, 20 % new, 20 % gone.
func nextBoard(n int) (base, next []kiosk.Posting) {
	fresh := n / 50
	all := postings(n + fresh)
	base, next = all[:n], slices.Clone(all[:n-fresh])
	other := all[n/2:]
	for i := 0; i < n*6/10; i += 10 {
		p := other[i/2]
		p.ID, p.Title = next[i].ID, p.Title+"新"
		next[i] = p
	}
	return base, append(next, all[n:]...)
}

// delta applies one and counts what it writes, compares answers afterwards,
// and for our own board measures searches while further ones are applied.
func (c *actor) delta(ctx context.Context) (o outcome, err error) {
	base, next := nextBoard(c.n)
	before, err := written()
	if err != nil {
		return o, err
	}
	at := cpu()
	if err := c.engine.apply(ctx, next); err != nil {
		return o, err
	}
	o.Seconds = (cpu() - at).Seconds()
	after, err := written()
	if err != nil {
		return o, err
	}
	o.Bytes.Rows = int64(after - before)
	first := c.work
	if c.work, err = newWorkload(ctx, next, 24); err != nil {
		return o, err
	}
	checked, err := c.check(ctx)
	if c.work, o.Differ = first, checked.Differ; err != nil || c.name != ours {
		return o, err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, board := range [][]kiosk.Posting{base, next, base} {
		if err := c.idle(ctx, &o); err != nil {
			return o, err
		}
		if err := c.during(ctx, board, &o); err != nil {
			return o, err
		}
	}
	return o, c.idle(ctx, &o)
}

// idle asks every query three times.
func (c *actor) idle(ctx context.Context, o *outcome) error {
	for range 3 {
		took, err := c.pass(ctx, thread)
		if err != nil {
			return err
		}
		o.Idle = append(o.Idle, took.at(0.99))
	}
	return nil
}

// during asks every query as often as there is time while a delta is applied.
func (c *actor) during(ctx context.Context, board []kiosk.Posting, o *outcome) error {
	done := make(chan error, 1)
	go func() { done <- c.engine.apply(ctx, board) }()
	for {
		took, err := c.pass(ctx, thread)
		if err != nil {
			return err
		}
		select {
		case err := <-done:
			return err // the last pass was partly idle
		default:
			o.During = append(o.During, took.at(0.99))
		}
	}
}
