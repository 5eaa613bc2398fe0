package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenSetsEveryPragmaOnEveryConnection(t *testing.T) {
	for _, tt := range []struct {
		level Synchronous
		want  int
	}{{Normal, 1}, {Full, 2}} {
		t.Run(string(tt.level), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data", "a?b#c%41 岗.db")
			db, err := Open(path, Opts{Synchronous: tt.level, Conns: 3, Wipe: true})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			for range 3 { // three connections held at once are three different ones
				c, err := db.Conn(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = c.Close() }()
				for pragma, want := range map[string]string{
					"journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1",
				} {
					var got string
					if err := c.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
						t.Errorf("%s = %q, %v; want %q", pragma, got, err, want)
					}
				}
				var level int
				if err := c.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&level); err != nil || level != tt.want {
					t.Errorf("synchronous = %d, %v; want %d", level, err, tt.want)
				}
			}
		})
	}
}

func TestOpenModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	path := filepath.Join(dir, "x.db")
	db, err := Open(path, Opts{Synchronous: Full})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec("CREATE TABLE t(a)"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v; want %v", filepath.Base(name), info.Mode().Perm(), err, want)
		}
	}
}

func TestOpenRefusesNoLevel(t *testing.T) {
	if db, err := Open(filepath.Join(t.TempDir(), "x.db"), Opts{}); err == nil {
		_ = db.Close()
		t.Fatal("opened without a synchronous level")
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if db, err := Open(path, Opts{Synchronous: Full, ReadOnly: true}); err == nil {
		_ = db.Close()
		t.Fatal("opened a file that is not there")
	}
	db, err := Open(path, Opts{Synchronous: Full})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE t(a)"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	ro, err := Open(path, Opts{Synchronous: Full, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ro.Close() }()
	if _, err := ro.Exec("INSERT INTO t VALUES (1)"); err == nil {
		t.Error("wrote to a database opened for reading")
	}
}

// Whoever replaces files must know when SQLite looks up no more names.
func TestAroundIsCalledForEveryConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	w, err := Open(path, Opts{Synchronous: Full})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	if _, err := w.Exec("CREATE TABLE t(a)"); err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{false, true} {
		refuse, calls := errors.New("not now"), 0
		var refused error
		db, err := Open(path, Opts{Synchronous: Full, ReadOnly: readOnly, Conns: 3, Around: func(_ context.Context, open func() error) error {
			if refused != nil {
				return refused
			}
			calls++
			before := opened(t, path+"-wal")
			err := open()
			if n := opened(t, path+"-wal"); n != before+1 {
				t.Errorf("read only %v: %d descriptors of the -wal file, %d before", readOnly, n, before)
			}
			return err
		}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			c, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
		}
		refused = refuse
		if _, err := db.Conn(t.Context()); !errors.Is(err, refuse) || calls != 2 {
			t.Errorf("%d calls, %v", calls, err)
		}
		_ = db.Close()
	}
}

// opened counts this process's descriptors of a file.
func opened(t *testing.T, path string) (n int) {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	for _, fd := range all {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && to == path {
			n++
		}
	}
	return n
}

func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := Open(path, Opts{Synchronous: Full})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	steps := []string{"CREATE TABLE a(x); CREATE TABLE b(x);", "ALTER TABLE a ADD COLUMN y"}
	for _, n := range []int{1, 2, 2} {
		if err := Migrate(ctx, db, steps[:n]); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec("INSERT INTO a(x, y) VALUES (1, 2); INSERT INTO b VALUES (3)"); err != nil {
		t.Error(err)
	}
	if err := Migrate(ctx, db, steps[:1]); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer schema gave %v, want ErrNewer", err)
	}
	bad := append(steps[:2:2], "CREATE TABLE c(x); CREATE TABLE a(x)")
	if err := Migrate(ctx, db, bad); err == nil {
		t.Error("a step that fails was accepted")
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM sqlite_master WHERE name = 'c'").Scan(&n); err != nil || n != 0 {
		t.Errorf("half a step stayed: %d, %v", n, err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := Open(path, Opts{Synchronous: Full})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE t(a TEXT); CREATE INDEX i ON t(a)"); err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if _, err := db.Exec("INSERT INTO t VALUES (hex(randomblob(40)))"); err != nil {
			t.Fatal(err)
		}
	}
	if err := Check(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4 * 4096; i < 5*4096; i++ {
		raw[i] ^= 0x5a
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err = Open(path, Opts{Synchronous: Full})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := Check(t.Context(), db); !Damaged(err) {
		t.Errorf("Check gave %v, want damage", err)
	}
}

func TestNotADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	junk := make([]byte, 8192)
	copy(junk, "this is no database at all")
	if err := os.WriteFile(path, junk, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := Open(path, Opts{Synchronous: Full})
	if err == nil {
		_ = db.Close()
		t.Fatal("opened junk")
	}
	if !Damaged(err) {
		t.Errorf("Damaged(%v) is false", err)
	}
}
