package swapfile

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"jobhome/kiosk/internal/sqlite"
)

// TestMain lets the test binary play the other processes.
func TestMain(m *testing.M) {
	if role := os.Getenv("SWAPFILE_TEST_ROLE"); role != "" {
		if err := play(role, os.Getenv("SWAPFILE_TEST_PATH")); err != nil {
			fmt.Fprintln(os.Stderr, role, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var opts = sqlite.Opts{Synchronous: sqlite.Normal, Conns: 3}

// ballast is what fills the counted database, so that a file that is copied
// half, or a mix of two, is not one page that happens to be right.
const ballast = 200

func play(role, path string) error {
	ctx := context.Background()
	switch role {
	case "write": // as many as asked
		n, err := strconv.Atoi(os.Getenv("SWAPFILE_TEST_COUNT"))
		if err != nil {
			return err
		}
		c := client{path: path}
		defer c.close()
		for range n {
			if _, err := c.add(ctx); err != nil {
				return err
			}
		}
		return nil
	case "swap": // until it is killed
		for {
			if err := Replace(ctx, path, copyOf(path)); err != nil {
				return err
			}
			time.Sleep(3 * time.Millisecond) // that the others have a turn
		}
	case "swap and write": // until it is killed, saying what is written
		c := client{path: path}
		for {
			n, err := c.add(ctx)
			if err != nil {
				return err
			}
			fmt.Println(n)
			if err := Replace(ctx, path, copyOf(path)); err != nil {
				return err
			}
		}
	case "no room":
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return err
		}
		if err := Replace(ctx, path, copyOf(path)); err == nil {
			return errors.New("a file was replaced by one for which there is no room")
		}
		return nil
	}
	return errors.New("no such role")
}

// child starts the test binary in a role.
func child(t *testing.T, role, path string, more ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(append(os.Environ(), "SWAPFILE_TEST_ROLE="+role, "SWAPFILE_TEST_PATH="+path), more...)
	cmd.Stderr = os.Stderr
	return cmd
}

// client adds to a counter as a process that keeps the database open.
type client struct {
	path string
	f    *File
}

func (c *client) close() {
	if c.f != nil {
		_ = c.f.Close()
	}
}

// fresh opens the database again when it was replaced.
func (c *client) fresh() error {
	if c.f != nil {
		gone, err := c.f.Replaced()
		if err != nil || !gone {
			return err
		}
		_ = c.f.Close()
	}
	var err error
	c.f, err = Open(c.path, opts)
	return err
}

// add adds one and writes it down on every row, and returns the sum.
func (c *client) add(ctx context.Context) (n int, err error) {
	h, err := Lock(ctx, c.path)
	if err != nil {
		return 0, err
	}
	defer h.Unlock()
	if err := c.fresh(); err != nil {
		return 0, err
	}
	return addOne(ctx, c.f.DB)
}

func addOne(ctx context.Context, db *sql.DB) (n int, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "UPDATE counter SET n = n + 1"); err != nil {
		return 0, err
	}
	if err := tx.QueryRowContext(ctx, "SELECT max(n) FROM counter").Scan(&n); err != nil {
		return 0, err
	}
	return n, tx.Commit()
}

// look returns the sum as one read transaction sees it, and fails when it sees
// a mix.
func look(ctx context.Context, db *sql.DB) (int, error) {
	var low, high, rows int
	err := db.QueryRowContext(ctx, "SELECT min(n), max(n), count(*) FROM counter").Scan(&low, &high, &rows)
	if err == nil && (low != high || rows != ballast) {
		err = fmt.Errorf("a mix: %d rows of %d to %d", rows, low, high)
	}
	return low, err
}

const counted = "CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, text TEXT NOT NULL);"

func newCounter(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data", "a b%41.db")
	f, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := sqlite.Migrate(t.Context(), f.DB, []string{counted + `
		WITH RECURSIVE up(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM up WHERE i < ` + strconv.Itoa(ballast) + `)
		INSERT INTO counter SELECT i, 0, hex(randomblob(300)) FROM up`}); err != nil {
		t.Fatal(err)
	}
	return path
}

// copyOf builds what a compaction builds: the same rows in a new file.
func copyOf(path string) func(ctx context.Context, name string) error {
	return func(ctx context.Context, name string) error {
		from, err := Name(path)
		if err != nil {
			return err
		}
		db, err := Build(name)
		if err != nil {
			return err
		}
		if _, err = db.ExecContext(ctx, "ATTACH ? AS old", from); err == nil {
			_, err = db.ExecContext(ctx, counted+"INSERT INTO counter SELECT * FROM old.counter; PRAGMA user_version = 1; DETACH old")
		}
		return errors.Join(err, db.Close())
	}
}

// reportedSums reads what a child says, until it ends.
func reportedSums(lines *bufio.Scanner, said func(n int)) {
	for lines.Scan() {
		if n, err := strconv.Atoi(lines.Text()); err == nil {
			said(n)
		}
	}
}
