package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// turn lets one at a time write the feed's tree: of this program, and of all
// that have the same data directory, such as `hub run` and `hub revoke`.
type turn struct {
	mu   sync.Mutex
	path string        // of the file that is locked
	wait time.Duration // for another program, before giving up
}

// turnWait is longer than it takes to publish a large board.
const turnWait = 2 * time.Minute

// turnLook is how often it is asked whether the other program is done.
const turnLook = 50 * time.Millisecond

// errTurn tells that another program has the tree.
var errTurn = errors.New("another hub program is publishing from this data directory and does not end")

func newTurn(data string) *turn {
	return &turn{path: filepath.Join(data, "publish.lock"), wait: turnWait}
}

// do calls f when nobody else is in the tree. The lock ends with the program, so
// that one which was killed is in nobody's way.
func (t *turn) do(ctx context.Context, f func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	lock, err := os.OpenFile(t.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock the feed: %w", err)
	}
	defer func() { _ = lock.Close() }()
	ctx, stop := context.WithTimeoutCause(ctx, t.wait, fmt.Errorf("%w (%s)", errTurn, t.path))
	defer stop()
	for {
		err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return f()
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("lock the feed: %w", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(turnLook):
		}
	}
}
