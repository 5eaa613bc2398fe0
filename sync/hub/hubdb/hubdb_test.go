package hubdb_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
)

// things is a schema that uses every word of the dialects.
var things = []string{`
CREATE TABLE t_thing (
	id   {{serial}},
	name {{text}} NOT NULL UNIQUE, -- is this kept? it's a comment
	body {{blob}} NOT NULL,
	good {{bool}} NOT NULL,
	at   {{int}} NOT NULL
);
CREATE TABLE t_part (
	thing {{int}} NOT NULL REFERENCES t_thing (id),
	name  {{text}} NOT NULL,
	PRIMARY KEY (thing, name)
) {{without_rowid}};
`, `
ALTER TABLE t_thing ADD COLUMN note {{text}} NOT NULL DEFAULT 'why?';
CREATE INDEX t_thing_at ON t_thing (at);
`}

func each(t *testing.T, f func(t *testing.T, db *hubdb.DB)) {
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) {
		if err := db.Migrate(t.Context(), "t", things); err != nil {
			t.Fatal(err)
		}
		f(t, db)
	})
}

func add(ctx context.Context, tx *hubdb.Tx, name string) error {
	_, err := tx.Exec(ctx, `INSERT INTO t_thing (name, body, good, at) VALUES (?, ?, ?, ?)`,
		name, []byte{0, 0xff}, true, int64(1)<<41)
	return err
}

// count is the number of things, or -1.
func count(t *testing.T, db *hubdb.DB) (n int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *hubdb.Tx) error {
		return tx.QueryRow(t.Context(), `SELECT count(*) FROM t_thing`).Scan(&n)
	})
	if err != nil {
		t.Error(err)
		return -1
	}
	return n
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		var id int64
		err := db.Update(ctx, func(tx *hubdb.Tx) error {
			if err := add(ctx, tx, "a?'b"); err != nil {
				return err
			}
			return tx.QueryRow(ctx, `INSERT INTO t_thing (name, body, good, at) VALUES ('?', ?, ?, ?) RETURNING id`,
				[]byte("body"), false, 7).Scan(&id)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, func(tx *hubdb.Tx) error {
			var name, note string
			var body []byte
			var good bool
			var at int64
			q := tx.QueryRow(ctx, `SELECT name, body, good, at, note /* ? */ FROM t_thing WHERE name = ? -- ?`, "a?'b")
			if err := q.Scan(&name, &body, &good, &at, &note); err != nil {
				return err
			}
			if name != "a?'b" || string(body) != "\x00\xff" || !good || at != 1<<41 || note != "why?" {
				t.Errorf("%q %q %v %d %q", name, body, good, at, note)
			}
			if err := tx.QueryRow(ctx, `SELECT name FROM t_thing WHERE id = ? AND NOT good`, id).Scan(&name); err != nil {
				return err
			}
			return tx.QueryRow(ctx, `SELECT name FROM t_thing WHERE id = ?`, -1).Scan(&name)
		})
		if !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("a row that is not there: %v", err)
		}
	})
}

// Ids are ordered by their bytes and searched without case on both.
func TestOrderAndPattern(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		var order, found []string
		collect := func(to *[]string) func(scan func(dest ...any) error) error {
			return func(scan func(dest ...any) error) error {
				var s string
				err := scan(&s)
				*to = append(*to, s)
				return err
			}
		}
		err := db.Update(ctx, func(tx *hubdb.Tx) error {
			for _, name := range []string{"b", "a_1", "B", "A%1", "_", "缝纫", "保安", "a!"} {
				if err := add(ctx, tx, name); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, func(tx *hubdb.Tx) error {
			err := tx.Each(ctx, collect(&order), `SELECT name FROM t_thing ORDER BY name`)
			for _, s := range []string{"_", "%", "a", "!", "缝"} {
				found = append(found, "|")
				err = errors.Join(err, tx.Each(ctx, collect(&found),
					`SELECT name FROM t_thing WHERE name {{like}} ? ESCAPE '!' ORDER BY name`, hubdb.Contains(s)))
			}
			return err
		})
		if got := strings.Join(order, " "); err != nil || got != "A%1 B _ a! a_1 b 保安 缝纫" {
			t.Errorf("order %s, %v", got, err)
		}
		if got := strings.Join(found, " "); got != "| _ a_1 | A%1 | A%1 a! a_1 | a! | 缝纫" {
			t.Errorf("found %s", got)
		}
	})
}

func TestADuplicateUndoesTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		err := db.Update(ctx, func(tx *hubdb.Tx) error { return add(ctx, tx, "one") })
		if err != nil {
			t.Fatal(err)
		}
		for what, f := range map[string]func(tx *hubdb.Tx) error{
			"returned": func(tx *hubdb.Tx) error { return add(ctx, tx, "one") },
			"passed over": func(tx *hubdb.Tx) error {
				_ = add(ctx, tx, "one")
				return nil
			},
			"gone on after": func(tx *hubdb.Tx) error {
				first := add(ctx, tx, "one")
				if err := add(ctx, tx, "three"); !errors.Is(err, hubdb.ErrFailed) {
					t.Errorf("the call after it: %v", err)
				}
				return first
			},
			"returned by a query": func(tx *hubdb.Tx) error {
				var id int64
				return tx.QueryRow(ctx, `INSERT INTO t_thing (name, body, good, at) VALUES ('one', ?, ?, 0) RETURNING id`,
					[]byte{}, true).Scan(&id)
			},
		} {
			err := db.Update(ctx, func(tx *hubdb.Tx) error {
				if err := add(ctx, tx, "two"); err != nil {
					return err
				}
				return f(tx)
			})
			if !errors.Is(err, hubdb.ErrDuplicate) {
				t.Errorf("%s: %v", what, err)
			}
			if n := count(t, db); n != 1 {
				t.Errorf("%s: %d things are there", what, n)
			}
		}
		err = db.Update(ctx, func(tx *hubdb.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO t_part (thing, name) VALUES (-5, 'x')`)
			return err
		})
		if err == nil || errors.Is(err, hubdb.ErrDuplicate) {
			t.Errorf("a part of nothing: %v", err)
		}
	})
}

func TestViewCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		if err := db.View(ctx, func(tx *hubdb.Tx) error { return add(ctx, tx, "one") }); err == nil {
			t.Error("a view wrote")
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d things", n)
		}
	})
}

// A view sees one state, whatever is committed meanwhile.
func TestViewSeesOneState(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		err := db.View(ctx, func(tx *hubdb.Tx) error {
			var before, after int
			if err := tx.QueryRow(ctx, `SELECT count(*) FROM t_thing`).Scan(&before); err != nil {
				return err
			}
			if err := db.Update(ctx, func(tx *hubdb.Tx) error { return add(ctx, tx, "one") }); err != nil {
				return err
			}
			if err := tx.QueryRow(ctx, `SELECT count(*) FROM t_thing`).Scan(&after); err != nil {
				return err
			}
			if before != after {
				t.Errorf("%d things, then %d", before, after)
			}
			return nil
		})
		if err != nil || count(t, db) != 1 {
			t.Errorf("%v, %d things", err, count(t, db))
		}
	})
}

// Two who read the same and write by it must not both succeed: the doctors who
// both go home because the other is on call. Each transaction adds one more
// than it sees, so any number of them leave a sequence without a gap.
func TestUpdatesAreAsIfAlone(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		var wg sync.WaitGroup
		const writers, rounds = 4, 8
		for range writers {
			wg.Go(func() {
				for range rounds {
					err := db.Update(ctx, func(tx *hubdb.Tx) error {
						var n int
						if err := tx.QueryRow(ctx, `SELECT count(*) FROM t_thing`).Scan(&n); err != nil {
							return err
						}
						time.Sleep(5 * time.Millisecond) // so that the others are here as well
						_, err := tx.Exec(ctx, `INSERT INTO t_thing (name, body, good, at) VALUES (?, ?, ?, ?)`,
							rand.Text(), []byte{}, true, n)
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		var n, distinct int
		err := db.View(ctx, func(tx *hubdb.Tx) error {
			return tx.QueryRow(ctx, `SELECT count(*), count(DISTINCT at) FROM t_thing`).Scan(&n, &distinct)
		})
		if err != nil || n != writers*rounds || distinct != n {
			t.Errorf("%d things with %d numbers, %v", n, distinct, err)
		}
	})
}

func TestMigrations(t *testing.T) {
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) {
		ctx := t.Context()
		if err := db.Migrate(ctx, "t", things[:1]); err != nil {
			t.Fatal(err)
		}
		if err := db.Update(ctx, func(tx *hubdb.Tx) error { return add(ctx, tx, "old") }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup // hubs that start together
		for range 4 {
			wg.Go(func() {
				if err := db.Migrate(ctx, "t", things); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if err := db.Migrate(ctx, "t", things[:1]); !errors.Is(err, hubdb.ErrNewer) {
			t.Errorf("tables of a newer program: %v", err)
		}
		if err := db.Migrate(ctx, "other", []string{`CREATE TABLE o (a {{int}})`}); err != nil {
			t.Errorf("another part: %v", err)
		}
		// A step that fails halfway leaves nothing, and is done again.
		bad := append(things[:2:2], `CREATE TABLE t_half (a {{int}}); CREATE TABLE t_thing (a {{int}});`)
		if err := db.Migrate(ctx, "t", bad); err == nil {
			t.Error("a step that cannot be done was done")
		}
		good := append(things[:2:2], `CREATE TABLE t_half (a {{int}});`)
		if err := db.Migrate(ctx, "t", good); err != nil {
			t.Error(err)
		}
		if err := db.Migrate(ctx, "x", []string{`CREATE TABLE x (a {{jsonb}})`}); err == nil || !strings.Contains(err.Error(), "jsonb") {
			t.Errorf("an unknown word: %v", err)
		}
	})
}

func TestReopen(t *testing.T) {
	for _, address := range []func(testing.TB) string{hubdbtest.SQLite, hubdbtest.Postgres} {
		t.Run("", func(t *testing.T) {
			at := address(t)
			for want := range 2 {
				db, err := hubdb.Open(t.Context(), at)
				if err != nil {
					t.Fatal(err)
				}
				if err := errors.Join(db.Migrate(t.Context(), "t", things), db.Check(t.Context())); err != nil {
					t.Fatal(err)
				}
				if n := count(t, db); n != want {
					t.Errorf("%d things, want %d", n, want)
				}
				err = db.Update(t.Context(), func(tx *hubdb.Tx) error { return add(t.Context(), tx, fmt.Sprint(want)) })
				if err = errors.Join(err, db.Close()); err != nil {
					t.Fatal(err)
				}
				if db.Check(t.Context()) == nil {
					t.Error("a closed database answers")
				}
			}
		})
	}
}

// Every connection to SQLite keeps what it reported, and the file is private.
func TestSQLiteSettings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "a?b#c%41 岗.db")
	db, err := hubdb.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	check := func(tx *hubdb.Tx) error {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		} {
			var got string
			if err := tx.QueryRow(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s = %q, %v; want %q", pragma, got, err, want)
			}
		}
		return nil
	}
	if err := errors.Join(db.Update(t.Context(), check), db.View(t.Context(), check)); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, bad := range []string{"", "hub.db", "mysql://x", "sqlite:", "sqlite::memory:", "postgres://u:secret@/%zz"} {
		db, err := hubdb.Open(t.Context(), bad)
		if err == nil {
			_ = db.Close()
			t.Errorf("%q was opened", bad)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is told: %v", err)
		}
	}
}

func TestUpdateEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Update(ctx, func(tx *hubdb.Tx) error {
			cancel()
			return add(ctx, tx, "one")
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		if n := count(t, db); n != 0 {
			t.Errorf("%d things", n)
		}
	})
}
