package hubdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"github.com/mattn/go-sqlite3"
)

// sqliteReaders is how many connections read at the same time; writers take
// turns on one, because SQLite has one at a time anyway.
func sqliteReaders() int { return max(4, runtime.NumCPU()) }

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New("hubdb: open: sqlite: needs the path of a file")
	}
	if err := createFile(path); err != nil {
		return nil, fmt.Errorf("hubdb: create %s: %w", path, err)
	}
	db := &DB{dialect: &dialect{name: "sqlite", words: sqliteWords, duplicate: sqliteDuplicate, again: sqliteBusy}}
	var err error
	if db.write, err = sql.Open("sqlite3", sqliteName(path, url.Values{"_txlock": {"immediate"}})); err != nil {
		return nil, fmt.Errorf("hubdb: open %s: %w", path, err)
	}
	db.write.SetMaxOpenConns(1)
	// The first writer turns WAL on, before anybody reads.
	if err := db.write.PingContext(ctx); err != nil {
		_ = db.write.Close()
		return nil, fmt.Errorf("hubdb: open %s: %w", path, err)
	}
	if db.read, err = sql.Open("sqlite3", sqliteName(path, url.Values{"_query_only": {"1"}})); err != nil {
		_ = db.write.Close()
		return nil, fmt.Errorf("hubdb: open %s: %w", path, err)
	}
	db.read.SetMaxOpenConns(sqliteReaders())
	db.read.SetMaxIdleConns(sqliteReaders())
	return db, nil
}

// sqliteName is the data source name. The level of synchronous is always said:
// the driver is compiled with NORMAL for WAL, which loses commits at a power cut
// (https://www.sqlite.org/pragma.html#pragma_synchronous).
func sqliteName(path string, more url.Values) string {
	more.Set("_journal_mode", "WAL")
	more.Set("_synchronous", "FULL")
	more.Set("_foreign_keys", "1")
	more.Set("_busy_timeout", "5000")
	// A path may hold ?, # or %; in a file: URI they are escaped.
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + more.Encode()
}

// createFile makes an empty private file, in a directory that is made if need
// be. SQLite gives the -wal and -shm files the same mode.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return errors.Join(err, f.Close())
	}
	// The name must be there after a power cut as well.
	return errors.Join(f.Close(), dir.Sync(), dir.Close())
}

func sqliteDuplicate(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) &&
		(e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

func sqliteBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}
