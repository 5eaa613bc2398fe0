package swapfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Held is the right to write to a database, of which there is one for all
// processes together. It ends with Unlock, or with the process.
type Held struct {
	path string
	l    *flock
}

// Lock waits for the right to write to the database at path. Who has it must
// still see whether the database was replaced since it was opened, and open it
// again if so, before the first transaction: what is written to a file that was
// replaced is lost. It is not reentrant.
func Lock(ctx context.Context, path string) (*Held, error) {
	path = filepath.Clean(path)
	l, err := lock(ctx, writeLock(path), exclusive)
	if err != nil {
		return nil, err
	}
	return &Held{path, l}, nil
}

// Unlock gives the right back.
func (h *Held) Unlock() { h.l.unlock() }

// The two ways to hold a lock file.
const (
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// flock is a lock file, locked. It belongs to the open file and not to the
// process, so it holds between goroutines too. The file is never removed: two
// could then hold locks of one name.
type flock struct{ f *os.File }

var errHeld = errors.New("another has it")

// lock waits for a lock. It asks again and again, because flock(2) cannot be
// told to give up.
func lock(ctx context.Context, name string, how int) (*flock, error) {
	l, err := openLock(name)
	if err != nil {
		return nil, err
	}
	for pause := time.Millisecond; ; pause = min(pause*2, 10*time.Millisecond) {
		if err = l.try(how); err == nil {
			return l, nil
		}
		if !errors.Is(err, errHeld) {
			break
		}
		select {
		case <-ctx.Done():
			err = fmt.Errorf("swapfile: wait for %s: %w", name, context.Cause(ctx))
		case <-time.After(pause):
			continue
		}
		break
	}
	l.unlock()
	return nil, err
}

func tryLock(name string, how int) (*flock, error) {
	l, err := openLock(name)
	if err != nil {
		return nil, err
	}
	if err := l.try(how); err != nil {
		l.unlock()
		return nil, err
	}
	return l, nil
}

func openLock(name string) (*flock, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("swapfile: %w", err)
	}
	return &flock{f}, nil
}

func (l *flock) try(how int) error {
	for {
		err := syscall.Flock(int(l.f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		case !errors.Is(err, syscall.EINTR):
			return fmt.Errorf("swapfile: lock %s: %w", l.f.Name(), err)
		}
	}
}

func (l *flock) unlock() { _ = l.f.Close() }
