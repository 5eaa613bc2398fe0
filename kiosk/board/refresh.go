package board

import (
	"context"
	"fmt"
)

// Refresh takes over what another process has imported since the board was
// read, and costs one small query when there was nothing. Readers go on with
// the old postings until the new ones are complete.
func (b *Board) Refresh(ctx context.Context) error {
	st, err := stateOf(ctx, b.db)
	if err != nil {
		return fmt.Errorf("board: look for news: %w", err)
	}
	if st == b.snap.Load().state {
		return nil
	}
	b.write.Lock()
	defer b.write.Unlock()
	if err := b.load(ctx, b.snap.Load()); err != nil {
		return fmt.Errorf("board: load: %w", err)
	}
	b.keepSaved(b.snap.Load())
	return nil
}

// load makes the next snapshot out of the last one and the file, which is read
// as of one moment.
func (b *Board) load(ctx context.Context, last *snapshot) error {
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	// Not BeginTx, which would queue with the writers.
	if _, err := conn.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(context.Background(), "ROLLBACK") }()
	s, err := last.catchUp(ctx, conn, b.site)
	if err != nil {
		return err
	}
	b.snap.Store(s)
	return nil
}
