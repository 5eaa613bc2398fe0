// Package sqlite opens the terminal's SQLite databases, so that board and
// ledger do it in one way: WAL, foreign keys, a busy timeout, a synchronous
// level that is always said aloud, private file modes, and a schema counted in
// PRAGMA user_version. It follows https://www.sqlite.org/pragma.html and
// https://www.sqlite.org/wal.html.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Synchronous says when SQLite waits for the disk.
type Synchronous string

// The levels. In WAL mode Normal keeps a database sound but may lose the last
// commits at a power cut; Full keeps every commit that was reported.
const (
	Normal Synchronous = "NORMAL"
	Full   Synchronous = "FULL"
)

// Opts says how a database is opened. The zero value is refused: the driver is
// compiled with SQLITE_DEFAULT_WAL_SYNCHRONOUS=1, so a level that nobody chose
// would silently be Normal.
type Opts struct {
	Synchronous Synchronous
	ReadOnly    bool          // the file must exist
	Wipe        bool          // secure_delete: deleted content is overwritten with zeros
	Conns       int           // greatest number of connections; 0 means 1
	Busy        time.Duration // how long to wait for another writer; 0 means 5 s
	// Around, when not nil, is called whenever a connection is opened, now and
	// later: it runs open, or returns an error instead. When open returns, the
	// connection has all its files open, the -wal and -shm files too.
	Around func(ctx context.Context, open func() error) error
}

// Open opens the database at path and makes it, and its directory, when they
// are not there: mode 0600 in 0700, the directory entry forced to the disk.
// Write transactions begin IMMEDIATE, so two writers queue instead of failing.
func Open(path string, o Opts) (*sql.DB, error) {
	if o.Synchronous != Normal && o.Synchronous != Full {
		return nil, fmt.Errorf("sqlite: open %s: no synchronous level was chosen", path)
	}
	if !o.ReadOnly {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("sqlite: create %s: %w", path, err)
		}
	}
	db := sql.OpenDB(&connector{dsn(path, o), o.Around})
	conns := max(o.Conns, 1)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.Ping(); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	return db, nil
}

func dsn(path string, o Opts) string {
	busy := o.Busy
	if busy == 0 {
		busy = 5 * time.Second
	}
	q := url.Values{
		"_busy_timeout": {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_foreign_keys": {"1"},
		"_synchronous":  {string(o.Synchronous)},
	}
	if o.ReadOnly {
		q.Set("mode", "ro")
		q.Set("_query_only", "1")
	} else {
		q.Set("_journal_mode", "WAL")
		q.Set("_txlock", "immediate")
	}
	if o.Wipe {
		q.Set("_secure_delete", "1")
	}
	// A path may hold ?, # or %; in a file: URI they are escaped.
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// create makes an empty private file. SQLite gives the -wal and -shm files the
// mode of the database file.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return SyncDir(dir)
}

// SyncDir forces the names in a directory to the disk, so that a file that was
// made or renamed is still there after a power cut.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return d.Sync()
}

// Damaged reports whether err says that a file is no sound SQLite database.
func Damaged(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return errors.Is(err, ErrDamaged)
	}
	return e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB
}

// Misfits reports whether err says that a statement does not fit the tables.
func Misfits(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrError
}

// IsFull reports whether err says that there is no room left.
func IsFull(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrFull
}

// Duplicate reports whether err says that a unique key is taken.
func Duplicate(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique ||
		e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}
