package board

import (
	"context"
	"fmt"
)

// Refresh takes over what another process has imported since the board was
// read, and costs one small query when there was nothing. Readers go on with
// the old postings until the new ones are complete.
func (b *Board) Refresh(ctx context.Context) error {
	var updated int64
	err := b.db.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'updated'`).Scan(&updated)
	if err != nil {
		return fmt.Errorf("board: look for news: %w", err)
	}
	if moment(updated).Equal(b.snap.Load().updated) {
		return nil
	}
	b.write.Lock()
	defer b.write.Unlock()
	s, err := load(ctx, b.db, b.site)
	if err != nil {
		return fmt.Errorf("board: load: %w", err)
	}
	b.snap.Store(s)
	return nil
}
