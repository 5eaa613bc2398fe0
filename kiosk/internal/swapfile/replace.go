package swapfile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jobhome/kiosk/internal/sqlite"
)

// Replace puts a new file in the place of the database at path. See
// [Held.Replace]; it has the right to write meanwhile.
func Replace(ctx context.Context, path string, build func(ctx context.Context, name string) error) error {
	h, err := Lock(ctx, path)
	if err != nil {
		return err
	}
	defer h.Unlock()
	return h.Replace(ctx, build)
}

// Replace puts a new file in the place of the database. build makes it under
// the name that it is given, see [Build], and closes it. It is checked, forced
// to the disk and takes the database's name at one moment; on any error before
// that, a full disk too, the old one stays, whole. Then the old one's names are
// removed; its space is free when the last process has closed it. An open
// [File] of the database, also the caller's own, is [File.Replaced] from then on.
func (h *Held) Replace(ctx context.Context, build func(ctx context.Context, name string) error) error {
	tidy, err := h.tidy(ctx)
	if err != nil {
		return err
	}
	name := generationName(h.path, tidy+1)
	err = build(ctx, name)
	if err == nil {
		err = finish(ctx, name)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		remove(name)
		return fmt.Errorf("swapfile: build %s: %w", filepath.Base(name), err)
	}
	return h.swap(ctx, name)
}

// Build opens a new database to be filled by a build function: without a
// journal and without waiting for the disk, so that every page is written once.
// It has one connection and is worth nothing after a crash.
func Build(name string) (*sql.DB, error) {
	db, err := sqlite.Open(name, sqlite.Opts{Synchronous: sqlite.Full})
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("swapfile: build %s: %w", name, err)
	}
	return db, nil
}

// finish checks what was built, and forces it to the disk in one file.
func finish(ctx context.Context, name string) error {
	db, err := sqlite.Open(name, sqlite.Opts{Synchronous: sqlite.Full})
	if err != nil {
		return err
	}
	if err := errors.Join(quickCheck(ctx, db), db.Close()); err != nil {
		return err
	}
	if _, err := os.Lstat(name + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, errors.New("what was built is still open"))
	}
	f, err := os.Open(name) // nobody else has it open
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// quickCheck is the part of SQLite's integrity check that takes no index
// against its table, which on a slow card takes much of the time.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("quick check: %s: %w", found, sqlite.ErrDamaged)
	}
	return nil
}

// swap gives the name of the database to the file of a new generation.
func (h *Held) swap(ctx context.Context, name string) error {
	old, err := Name(h.path)
	if err != nil {
		return err
	}
	dir, link := filepath.Dir(h.path), h.path+".new"
	err = os.Symlink(filepath.Base(name), link)
	if err == nil {
		err = sqlite.SyncDir(dir)
	}
	// From here on nobody opens a connection. Those that are open have all the
	// files that they need and look up no name any more.
	var l *flock
	if err == nil {
		l, err = lock(ctx, swapLock(h.path), exclusive)
	}
	if err == nil {
		defer l.unlock()
		err = os.Rename(link, h.path)
	}
	if err != nil {
		_ = os.Remove(link)
		remove(name)
		return fmt.Errorf("swapfile: swap: %w", err)
	}
	// Until the directory is on the disk a power cut may bring the old one
	// back, so it must be there still.
	if err := sqlite.SyncDir(dir); err != nil {
		return fmt.Errorf("swapfile: %s was replaced, which a power cut may undo: %w", h.path, err)
	}
	forget(h.path, old)
	return nil
}

// forget removes the files of an old generation. If it was the first, its own
// name has become the link.
func forget(path, old string) {
	if old == path {
		_ = os.Remove(old + "-wal")
		_ = os.Remove(old + "-shm")
		return
	}
	remove(old)
}

// remove removes a generation's file before what SQLite keeps beside it: the
// other way round, a crash between would leave a file without its last commits.
func remove(name string) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(name + end)
	}
}

// tidyIfIdle removes what crashes have left, unless somebody writes, who may be
// building a file. That it cannot be removed keeps nobody from opening.
func tidyIfIdle(path string) {
	l, err := tryLock(writeLock(path), exclusive)
	if err != nil {
		return
	}
	defer l.unlock()
	_, _ = (&Held{path, l}).tidy(context.Background())
}

// tidy removes files of generations that are not the present one: old ones, and
// new ones that were not finished. It returns the highest number among all.
func (h *Held) tidy(ctx context.Context) (highest uint64, err error) {
	now, err := Name(h.path)
	if err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(filepath.Dir(h.path))
	if err != nil {
		return 0, fmt.Errorf("swapfile: %w", err)
	}
	var left []string
	for _, e := range entries {
		name := filepath.Join(filepath.Dir(h.path), e.Name())
		n, which := owner(h.path, name)
		highest = max(highest, n)
		if which != "" && which != now {
			left = append(left, name)
		}
	}
	if len(left) == 0 {
		return highest, nil
	}
	l, err := lock(ctx, swapLock(h.path), exclusive)
	if err != nil {
		return 0, err
	}
	defer l.unlock()
	for _, name := range left { // in the order of names a file comes before its -wal
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return 0, fmt.Errorf("swapfile: %w", err)
		}
	}
	return highest, nil
}

// owner tells which database file a file belongs to, and the number of its
// generation: 0 is the first, which has the name of the database itself. It is
// "" for the link, the locks and whatever else lies in the directory.
func owner(path, name string) (n uint64, file string) {
	if name == path+".new" {
		return 0, name
	}
	file = name
	for _, end := range []string{"-wal", "-shm", "-journal"} {
		file = strings.TrimSuffix(file, end)
	}
	if file == path && name != path {
		return 0, path
	}
	if n, ok := generation(path, file); ok {
		return n, file
	}
	return 0, ""
}
