package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	_ "github.com/mattn/go-sqlite3"
	"github.com/superfly/ltx"

	"jobhome/sync/delta"
)

const pageSize = 4096

// schema is a plain board of SQLite: a body, and what it is searched by.
const schema = `
PRAGMA page_size=4096; PRAGMA journal_mode=WAL;
CREATE TABLE posting (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, refreshed INTEGER NOT NULL,
	area TEXT NOT NULL, occupation TEXT NOT NULL, published TEXT NOT NULL, valid TEXT NOT NULL);
CREATE INDEX posting_area ON posting (area);
CREATE INDEX posting_occupation ON posting (occupation);
CREATE INDEX posting_published ON posting (published);
CREATE INDEX posting_valid ON posting (valid);`

const upsert = `INSERT INTO posting (id, body, refreshed, area, occupation, published, valid)
	VALUES (?1, ?2, ?3, ?2->>'$.area', ?2->>'$.occupation.code', ?2->>'$.published', ?2->>'$.valid_through')
	ON CONFLICT (id) DO UPDATE SET body = excluded.body, refreshed = excluded.refreshed, area = excluded.area,
	occupation = excluded.occupation, published = excluded.published, valid = excluded.valid`

// pages measures what replicating the same board as a SQLite file costs, changed
// in place by the same day.
func pages(dir string, from, to delta.Rows, rsync string) ([]row, error) {
	old, next := filepath.Join(dir, "old.db"), filepath.Join(dir, "new.db")
	for _, path := range []string{old, next} {
		for _, end := range []string{"", "-wal", "-shm"} {
			os.Remove(path + end)
		}
	}
	if err := change(old, delta.Change{Upsert: from}, schema); err != nil {
		return nil, err
	}
	b, err := os.ReadFile(old)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(next, b, 0o644); err != nil {
		return nil, err
	}
	if err := change(next, delta.Between(from, to), ""); err != nil {
		return nil, err
	}
	file, count, err := shipped(old, next)
	if err != nil {
		return nil, err
	}
	out := []row{{"LTX 0.5.3", file, 0, fmt.Sprintf("%d pages of a SQLite board changed in place; static files", count)}}
	r, err := rsynced(rsync, next, old)
	return append(out, r), err
}

// change applies a change in one transaction.
func change(path string, c delta.Change, first string) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&_synchronous=OFF")
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(first); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, id := range c.Remove {
		if _, err := tx.Exec("DELETE FROM posting WHERE id = ?", id); err != nil {
			return err
		}
	}
	insert, err := tx.Prepare(upsert)
	if err != nil {
		return err
	}
	for _, r := range c.Upsert {
		if _, err := insert.Exec(r.ID, string(r.Body), r.Refreshed); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// shipped is the size of the LTX file with the pages in which two databases differ.
func shipped(old, next string) (size int64, count int, err error) {
	was, err := os.ReadFile(old)
	if err != nil {
		return 0, 0, err
	}
	is, err := os.ReadFile(next)
	if err != nil {
		return 0, 0, err
	}
	enc, err := ltx.NewEncoder(io.Discard)
	if err != nil {
		return 0, 0, err
	}
	head := ltx.Header{
		Version: ltx.Version, Flags: ltx.HeaderFlagNoChecksum, PageSize: pageSize,
		Commit: uint32(len(is) / pageSize), MinTXID: 2, MaxTXID: 2,
	}
	if err := enc.EncodeHeader(head); err != nil {
		return 0, 0, err
	}
	for at := 0; at < len(is); at += pageSize {
		page := is[at:][:pageSize]
		if at < len(was) && bytes.Equal(page, was[at:][:pageSize]) {
			continue
		}
		count++
		if err := enc.EncodePage(ltx.PageHeader{Pgno: uint32(at/pageSize) + 1}, page); err != nil {
			return 0, 0, err
		}
	}
	if err := enc.Close(); err != nil {
		return 0, 0, err
	}
	return enc.N(), count, nil
}

var traffic = regexp.MustCompile(`sent ([0-9,]+) bytes, received ([0-9,]+) bytes`)

// rsynced is what sqlite3_rsync sends both ways to bring a replica to a database.
func rsynced(program, origin, replica string) (row, error) {
	r := row{name: "sqlite3_rsync"}
	path, err := exec.LookPath(program)
	if err != nil {
		r.note = "not on this machine: it comes with SQLite 3.47 and newer"
		return r, nil
	}
	out, err := exec.Command(path, "-v", "--exe", path, origin, replica).CombinedOutput()
	m := traffic.FindSubmatch(out)
	if err != nil || m == nil {
		return r, fmt.Errorf("sqlite3_rsync: %v\n%s", err, out)
	}
	for _, n := range m[1:] {
		v, err := strconv.ParseInt(string(bytes.ReplaceAll(n, []byte(","), nil)), 10, 64)
		if err != nil {
			return r, err
		}
		r.bytes += v
	}
	r.note = "both ways; needs a process per terminal at the hub"
	return r, nil
}
