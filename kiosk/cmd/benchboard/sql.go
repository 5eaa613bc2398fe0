package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/internal/sqlite"
)

// wording is how a sqlEngine finds words.
type wording struct {
	table string // made for the texts
	text  func(folded string) string
	where func(words []string) (string, []any)
}

// Phrases need positions in the index and are exact; ands are the smallest
// FTS5 index, of which the words of three characters and more are not sure;
// likes read every text.
var (
	phrases = wording{fts5("full"), pairs, func(words []string) (string, []any) {
		return "words MATCH ?", []any{asked(words, true)}
	}}
	ands = wording{fts5("none"), pairs, func(words []string) (string, []any) {
		return "words MATCH ?", []any{asked(words, false)}
	}}
	likes = wording{"CREATE TABLE words (rowid INTEGER PRIMARY KEY, body TEXT)", strings.Clone, like}
)

// fts5 keeps no text of its own, and a list for every first character, without
// which a query of one character would read the lists of all its pairs.
func fts5(detail string) string {
	return "CREATE VIRTUAL TABLE words USING fts5(body, content='', contentless_delete=1, tokenize='ascii', prefix='1', detail=" + detail + ")"
}

func like(words []string) (string, []any) {
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	var args []any
	for _, w := range words {
		args = append(args, "%"+escape.Replace(w)+"%")
	}
	return strings.Join(slices.Repeat([]string{`body LIKE ? ESCAPE '\'`}, len(words)), " AND "), args
}

// sqlEngine keeps rows in SQLite, the figures that are filtered, counted and
// sorted by in a narrow table of their own, and the texts as its wording says.
type sqlEngine struct {
	dir   string
	words wording
	db    *sql.DB
	ready map[string]*sql.Stmt
}

const rowTables = `
CREATE TABLE posting (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, employer TEXT, credit_code TEXT,
	occupation TEXT, occupation_name TEXT, channel TEXT, headcount INTEGER, area TEXT, address TEXT, lat REAL, lon REAL,
	pay_original TEXT, pay_low INTEGER, pay_high INTEGER, hours TEXT, shifts INTEGER, benefits INTEGER, requirements TEXT,
	contact_person TEXT, contact_phone TEXT, contact_rule TEXT, published INTEGER, valid INTEGER, description TEXT);
CREATE TABLE fact (rowid INTEGER PRIMARY KEY, id TEXT, channel INTEGER, trade TEXT, town INTEGER, education INTEGER,
	low INTEGER, high INTEGER, metres REAL, published INTEGER, valid INTEGER);
`

func (e *sqlEngine) path() string { return filepath.Join(e.dir, "peer.db") }

func (e *sqlEngine) build(ctx context.Context, posts []kiosk.Posting) (b space, err error) {
	if err := e.open(ctx); err != nil {
		return b, err
	}
	defer func() { _ = e.close() }()
	// One connection after the other would not see this setting, and there is one.
	if _, err := e.db.ExecContext(ctx, rowTables+"PRAGMA cache_size = -65536"); err != nil {
		return b, err
	}
	if err := e.fill(ctx, posts, (*sqlEngine).putRow); err != nil {
		return b, err
	}
	if b.Rows, err = fileSize(e.path()); err != nil {
		return b, err
	}
	if _, err := e.db.ExecContext(ctx, e.words.table); err != nil {
		return b, fmt.Errorf("build with -tags sqlite_fts5: %w", err)
	}
	if err := e.fill(ctx, posts, (*sqlEngine).putWords); err != nil {
		return b, err
	}
	if strings.Contains(e.words.table, "fts5") {
		if _, err := e.db.ExecContext(ctx, "INSERT INTO words(words) VALUES ('optimize')"); err != nil {
			return b, err
		}
	}
	if _, err := e.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return b, err
	}
	all, err := fileSize(e.path())
	b.Index = all - b.Rows
	return b, err
}

// fill puts all postings in one transaction and brings them into the file.
func (e *sqlEngine) fill(ctx context.Context, posts []kiosk.Posting, put putter) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	e.ready = map[string]*sql.Stmt{}
	for i := range posts {
		if err := put(e, ctx, tx, numbered{int64(i + 1), &posts[i]}); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	e.ready = map[string]*sql.Stmt{}
	_, err = e.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// numbered is a posting with its rowid.
type numbered struct {
	row  int64
	post *kiosk.Posting
}

type putter func(*sqlEngine, context.Context, *sql.Tx, numbered) error

func (e *sqlEngine) do(ctx context.Context, tx *sql.Tx, text string, args []any) (err error) {
	s := e.ready[text]
	if s == nil {
		if s, err = tx.PrepareContext(ctx, text); err != nil {
			return err
		}
		e.ready[text] = s
	}
	_, err = s.ExecContext(ctx, args...)
	return err
}

func (e *sqlEngine) putRow(ctx context.Context, tx *sql.Tx, n numbered) error {
	p := n.post
	low, high, known := p.Pay.Monthly()
	if !known {
		low, high = -1, -1
	}
	row := []any{
		n.row, p.ID, p.Title, p.Employer.Name, p.Employer.CreditCode, p.Occupation.Code, p.Occupation.Name,
		string(p.Channel), p.Headcount, string(p.Area), p.Address, p.Location.Lat, p.Location.Lon, p.Pay.Original,
		int64(low), int64(high), p.Hours, int(p.Shifts), int(p.Benefits), p.Requirements, p.Contact.Person,
		p.Contact.Phone, p.Contact.Rule, p.Published.Unix(), p.ValidThrough.Unix(), p.Description,
	}
	if err := e.do(ctx, tx, "INSERT OR REPLACE INTO posting VALUES ("+commas("?", len(row))+")", row); err != nil {
		return err
	}
	town, _ := strconv.Atoi(string(p.Area.Town())) // 0: coarser than a town
	fact := []any{
		n.row, p.ID, slices.Index(kiosk.Channels(), p.Channel), string(p.Occupation.Trade()), town, int(p.Education),
		int64(low), int64(high), nearKey(p.Location.Metres(demo.Site().Location)), p.Published.Unix(), p.ValidThrough.Unix(),
	}
	return e.do(ctx, tx, "INSERT OR REPLACE INTO fact VALUES ("+commas("?", len(fact))+")", fact)
}

func (e *sqlEngine) putWords(ctx context.Context, tx *sql.Tx, n numbered) error {
	return e.do(ctx, tx, "INSERT INTO words (rowid, body) VALUES (?, ?)", []any{n.row, e.words.text(words(n.post))})
}

func (e *sqlEngine) open(ctx context.Context) (err error) {
	e.ready = map[string]*sql.Stmt{}
	if e.db, err = sqlite.Open(e.path(), sqlite.Opts{Synchronous: sqlite.Normal}); err != nil {
		return err
	}
	_, err = e.db.ExecContext(ctx, "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -32768")
	return err
}

func (e *sqlEngine) close() error { return e.db.Close() }

// apply changes, adds and removes what is other than what the file has, in one
// transaction, with its words, and copies it into the file.
func (e *sqlEngine) apply(ctx context.Context, next []kiosk.Posting) error {
	have, last, err := e.have(ctx)
	if err != nil {
		return err
	}
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	e.ready = map[string]*sql.Stmt{}
	for i := range next {
		p := &next[i]
		k, had := have[p.ID]
		delete(have, p.ID)
		if had && k.title == p.Title && k.description == p.Description {
			continue
		}
		if had {
			err = e.do(ctx, tx, "DELETE FROM words WHERE rowid = ?", []any{k.row})
		} else {
			last++
			k.row = last
		}
		if err == nil {
			err = e.putRow(ctx, tx, numbered{k.row, p})
		}
		if err == nil {
			err = e.putWords(ctx, tx, numbered{k.row, p})
		}
		if err != nil {
			return err
		}
	}
	for _, k := range have {
		for _, table := range []string{"words", "fact", "posting"} {
			if err := e.do(ctx, tx, "DELETE FROM "+table+" WHERE rowid = ?", []any{k.row}); err != nil {
				return err
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	e.ready = map[string]*sql.Stmt{}
	_, err = e.db.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

type knownRow struct {
	row                int64
	title, description string
}

// have is what the file has by ids, and the last rowid.
func (e *sqlEngine) have(ctx context.Context) (all map[string]knownRow, last int64, err error) {
	rows, err := e.db.QueryContext(ctx, "SELECT rowid, id, title, description FROM posting")
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = rows.Close() }()
	all = map[string]knownRow{}
	for rows.Next() {
		var k knownRow
		var id string
		if err := rows.Scan(&k.row, &id, &k.title, &k.description); err != nil {
			return nil, 0, err
		}
		all[id], last = k, max(last, k.row)
	}
	return all, last, rows.Err()
}
