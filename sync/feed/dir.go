package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Dir is a tree of files in a directory: a stick, or a copy on a disk.
type Dir struct{ root *os.Root }

// OpenDir opens a directory, to be read only. Nothing outside it is ever read,
// whatever links it has, and nothing but plain files in it.
func OpenDir(path string) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("feed: open a directory: %w", err)
	}
	return &Dir{root}, nil
}

// Close closes it, so that the stick can be taken out.
func (d *Dir) Close() error { return d.root.Close() }

// Get implements Source.
func (d *Dir) Get(_ context.Context, path string, want Range) (Reply, error) {
	if !fs.ValidPath(path) {
		return Reply{}, fmt.Errorf("feed: %q is no path of the tree", path)
	}
	// O_NONBLOCK: a pipe that nobody writes to must not hold the terminal up.
	f, err := d.root.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return Reply{}, ErrNone
	}
	if err != nil {
		return Reply{}, fmt.Errorf("feed: read from a directory: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no plain file", path)
	}
	if err == nil {
		_, err = f.Seek(want.From, io.SeekStart)
	}
	if err != nil {
		return Reply{}, errors.Join(fmt.Errorf("feed: read from a directory: %w", err), f.Close())
	}
	return Reply{Body: f, From: want.From}, nil
}
