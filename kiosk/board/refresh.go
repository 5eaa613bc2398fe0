package board

import (
	"context"
	"fmt"
)

// Refresh takes over what another process has imported since the board was
// read, and costs one small query when there was nothing. Readers go on with
// the old postings until the new ones are complete.
func (b *Board) Refresh(ctx context.Context) error {
	st, err := b.fileState(ctx)
	if err != nil {
		return fmt.Errorf("board: look for news: %w", err)
	}
	if st == b.snap.Load().state {
		return nil
	}
	b.write.Lock()
	defer b.write.Unlock()
	if err := b.load(ctx, false); err != nil {
		return fmt.Errorf("board: load: %w", err)
	}
	b.keepSaved(b.snap.Load(), 2)
	return nil
}

// fileState is the state of the file that has the board's name now.
func (b *Board) fileState(ctx context.Context) (state, error) {
	if err := b.renew(ctx, false); err != nil {
		return state{}, err
	}
	conn, err := b.conn(ctx, false)
	if err != nil {
		return state{}, err
	}
	defer func() { _ = conn.Close() }()
	return stateOf(ctx, conn)
}

// load makes the next snapshot out of the last one and the file, which is read
// as of one moment.
func (b *Board) load(ctx context.Context, held bool) error {
	return b.atOneMoment(ctx, held, func(q querier) error {
		s, err := b.snap.Load().catchUp(ctx, q, b.site)
		if err == nil {
			b.snap.Store(s)
		}
		return err
	})
}

// atOneMoment gives f the file as it is now, whatever is committed meanwhile.
func (b *Board) atOneMoment(ctx context.Context, held bool, f func(querier) error) error {
	conn, err := b.conn(ctx, held)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	// Not BeginTx, which would queue with the writers.
	if _, err := conn.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(context.Background(), "ROLLBACK") }()
	return f(conn)
}
