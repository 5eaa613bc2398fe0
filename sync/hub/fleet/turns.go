package fleet

import (
	"context"
	"sync"
)

// turns lets those who come with the same name go one after the other. Batches of
// one terminal would only be in each other's way in the database.
type turns struct {
	mu   sync.Mutex
	busy map[string]*turn
}

type turn struct {
	free    chan struct{} // holds one token
	waiting int           // who goes, and who waits
}

// take waits for the turn, and gives what ends it.
func (t *turns) take(ctx context.Context, name string) (done func(), err error) {
	t.mu.Lock()
	mine := t.busy[name]
	if mine == nil {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		if t.busy == nil {
			t.busy = map[string]*turn{}
		}
		t.busy[name] = mine
	}
	mine.waiting++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if mine.waiting--; mine.waiting == 0 {
			delete(t.busy, name)
		}
	}
	select {
	case <-mine.free:
		return func() { mine.free <- struct{}{}; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
