// Package swapfile replaces an SQLite database that several processes have
// open. DESIGN.md says how and why. The name of the database is a file at
// first and, after the first replacement, a symbolic link to the file of the
// present generation, which lies beside it (rename(2), symlink(7), flock(2),
// https://www.sqlite.org/howtocorrupt.html).
package swapfile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"jobhome/kiosk/internal/sqlite"
)

// ErrReplaced tells that the database was replaced after it was opened, so that
// no more connections to it can be made. Who gets it opens it again.
var ErrReplaced = errors.New("the database was replaced by another file")

// File is one generation of a database, opened. Connections that are open when
// it is replaced go on reading it as it was.
type File struct {
	DB   *sql.DB
	path string // the name of the database
	name string // the file of this generation
	info fs.FileInfo
}

// Open opens the present generation of the database at path, or makes an empty
// one, as [sqlite.Open] does. What crashes have left beside it is removed.
// o.Around must be nil. To write, also to migrate, see [Lock].
func Open(path string, o sqlite.Opts) (*File, error) {
	path = filepath.Clean(path)
	if !o.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("swapfile: %w", err)
		}
		tidyIfIdle(path)
	}
	// Replacing takes much longer than opening, so that a second try is rare.
	for range 20 {
		f, err := open(path, o)
		if err == nil || !errors.Is(err, ErrReplaced) {
			return f, err
		}
	}
	return nil, fmt.Errorf("swapfile: open %s: %w", path, ErrReplaced)
}

func open(path string, o sqlite.Opts) (*File, error) {
	f := &File{path: path}
	var err error
	if f.name, err = Name(path); err != nil {
		return nil, err
	}
	o.Around = f.guard
	if f.DB, err = sqlite.Open(f.name, o); err != nil {
		return nil, err
	}
	return f, nil
}

// guard lets a connection be opened while no replacement can take the files
// away, and only to the generation that the first connection was opened to.
func (f *File) guard(ctx context.Context, open func() error) error {
	l, err := lock(ctx, swapLock(f.path), shared)
	if err != nil {
		return err
	}
	defer l.unlock()
	if f.info != nil {
		if gone, err := f.Replaced(); err != nil || gone {
			return errors.Join(err, ErrReplaced)
		}
		return open()
	}
	if name, err := Name(f.path); err != nil || name != f.name {
		return errors.Join(err, ErrReplaced)
	}
	if err := open(); err != nil {
		return err
	}
	f.info, err = os.Stat(f.name)
	return err
}

// Replaced reports whether another file has taken this one's place. It costs
// two looks at the directory.
func (f *File) Replaced() (bool, error) {
	name, err := Name(f.path)
	if err != nil {
		return false, err
	}
	if name != f.name {
		return true, nil
	}
	// Never opened, only looked at: closing any descriptor of the file would
	// drop the locks that SQLite holds on it in this process.
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return !os.SameFile(info, f.info), nil
}

// Close closes the connections. Those that are in use are closed when they are
// given back.
func (f *File) Close() error { return f.DB.Close() }

// Name is the file that the database at path is in now. SQLite's -wal and -shm
// files are named after it.
func Name(path string) (string, error) {
	path = filepath.Clean(path)
	to, err := os.Readlink(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.EINVAL): // no file yet, or no link
		return path, nil
	case err != nil:
		return "", fmt.Errorf("swapfile: %w", err)
	}
	name := filepath.Join(filepath.Dir(path), to)
	if _, ok := generation(path, name); !ok {
		return "", fmt.Errorf("swapfile: %s is a link to %s, which is no generation of it", path, to)
	}
	return name, nil
}

// Crashed reports whether the last process that had the database open did not
// close it, or still has it open: a clean close leaves no -wal file.
func Crashed(path string) bool {
	name, err := Name(path)
	if err != nil {
		return false
	}
	info, err := os.Stat(name + "-wal")
	return err == nil && info.Size() > 0
}

// generation is the number in the name of a generation's file.
func generation(path, name string) (n uint64, ok bool) {
	digits, ok := strings.CutPrefix(name, path+".g")
	if !ok || strings.HasPrefix(digits, "0") {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	return n, err == nil
}

func generationName(path string, n uint64) string { return path + ".g" + strconv.FormatUint(n, 10) }
func writeLock(path string) string                { return path + ".lock" }
func swapLock(path string) string                 { return path + ".swap" }
