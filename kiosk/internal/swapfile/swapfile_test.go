package swapfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jobhome/kiosk/internal/sqlite"
)

// kills is how often the swapping process is killed: JOBHOME_KILLS, or few.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("JOBHOME_KILLS")
	if text == "" {
		return 8
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("JOBHOME_KILLS=%q is no number", text)
	}
	return n
}

func openCounter(t *testing.T, path string) *File {
	t.Helper()
	f, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// wantSum opens the database anew and takes a full look at it.
func wantSum(t *testing.T, path string, want func(n int) bool) int {
	t.Helper()
	f, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := sqlite.Check(t.Context(), f.DB); err != nil {
		t.Fatal(err)
	}
	n, err := look(t.Context(), f.DB)
	if err != nil || !want(n) {
		t.Fatalf("the sum is %d, %v", n, err)
	}
	return n
}

func beside(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestReplaceLeavesOneFile(t *testing.T) {
	path := newCounter(t)
	for i := range 3 {
		c := client{path: path}
		if _, err := c.add(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := Replace(t.Context(), path, copyOf(path)); err != nil {
			t.Fatal(err)
		}
		if gone, err := c.f.Replaced(); err != nil || !gone {
			t.Errorf("Replaced() = %v, %v after a replacement", gone, err)
		}
		// The connection was open and goes on; a new one is refused.
		if n, err := look(t.Context(), c.f.DB); err != nil || n != i+1 {
			t.Errorf("the old file reads %d, %v", n, err)
		}
		hold, err := c.f.DB.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.f.DB.Conn(t.Context()); !errors.Is(err, ErrReplaced) {
			t.Errorf("a new connection to a replaced file gave %v", err)
		}
		_ = hold.Close()
		c.close()
		wantSum(t, path, func(n int) bool { return n == i+1 })
		base := filepath.Base(path)
		want := []string{base, base + ".g" + strconv.Itoa(i+1), base + ".lock", base + ".swap"}
		if got := beside(t, path); !slices.Equal(got, want) {
			t.Errorf("the directory holds %q, want %q", got, want)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if Crashed(path) {
			t.Error("a clean close looks like a crash")
		}
	}
}

func TestAFailedBuildLeavesTheOldFile(t *testing.T) {
	path := newCounter(t)
	c := client{path: path}
	defer c.close()
	if _, err := c.add(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, fault := beside(t, path), errors.New("no")
	for name, build := range map[string]func(context.Context, string) error{
		"failed":    func(ctx context.Context, name string) error { return errors.Join(copyOf(path)(ctx, name), fault) },
		"nothing":   func(_ context.Context, name string) error { return os.Mkdir(name, 0o700) },
		"junk":      func(_ context.Context, name string) error { return os.WriteFile(name, make([]byte, 9000), 0o600) },
		"damaged":   damagedCopy(path),
		"left open": leftOpen(t, path),
		"cancelled": func(_ context.Context, name string) error { return copyOf(path)(context.Background(), name) },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if err := Replace(ctx, path, func(ctx context.Context, to string) error {
			if name == "cancelled" {
				cancel()
			}
			return build(ctx, to)
		}); err == nil {
			t.Errorf("%s: the database was replaced", name)
		}
		cancel()
		if gone, err := c.f.Replaced(); err != nil || gone {
			t.Fatalf("%s: %v, %v", name, gone, err)
		}
		if got := beside(t, path); !slices.Equal(got, before) {
			t.Errorf("%s: the directory holds %q, want %q", name, got, before)
		}
	}
	if n, err := c.add(t.Context()); err != nil || n != 2 {
		t.Errorf("then the sum is %d, %v", n, err)
	}
}

func damagedCopy(path string) func(context.Context, string) error {
	return func(ctx context.Context, name string) error {
		if err := copyOf(path)(ctx, name); err != nil {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for i := 2 * 4096; i < 4*4096; i++ {
			raw[i] ^= 0x5a
		}
		return os.WriteFile(name, raw, 0o600)
	}
}

func leftOpen(t *testing.T, path string) func(context.Context, string) error {
	return func(ctx context.Context, name string) error {
		if err := copyOf(path)(ctx, name); err != nil {
			return err
		}
		db, err := sqlite.Open(name, opts)
		if err != nil {
			return err
		}
		t.Cleanup(func() { _ = db.Close() })
		_, err = db.Exec("CREATE TABLE more (a)")
		return err
	}
}

func TestNoRoomLeavesTheOldFile(t *testing.T) {
	path := newCounter(t)
	if info, err := os.Stat(path); err != nil || info.Size() < 100<<10 {
		t.Fatalf("%d bytes are too few for this test, %v", info.Size(), err)
	}
	c := client{path: path}
	defer c.close()
	if _, err := c.add(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := beside(t, path)
	if err := child(t, "no room", path).Run(); err != nil {
		t.Fatal(err)
	}
	if got := beside(t, path); !slices.Equal(got, before) {
		t.Errorf("the directory holds %q, want %q", got, before)
	}
	if n, err := c.add(t.Context()); err != nil || n != 2 {
		t.Errorf("then the sum is %d, %v", n, err)
	}
}

// TestWritersAndReadersWhileItIsReplaced counts in this process and in another
// one, reads all the time, and replaces the file all the time.
func TestWritersAndReadersWhileItIsReplaced(t *testing.T) {
	each, swaps := 10*kills(t), kills(t)
	path := newCounter(t)
	swapper := child(t, "swap", path)
	other := child(t, "write", path, fmt.Sprintf("SWAPFILE_TEST_COUNT=%d", each))
	if err := errors.Join(swapper.Start(), other.Start()); err != nil {
		t.Fatal(err)
	}
	var writing, reading sync.WaitGroup
	var done atomic.Bool
	var added atomic.Int64
	for range 2 {
		writing.Go(func() {
			c := client{path: path}
			defer c.close()
			for n := 0; n < each || swapped(t, path) < swaps; n++ {
				if _, err := c.add(t.Context()); err != nil {
					t.Error(err)
					return
				}
				added.Add(1)
			}
		})
		reading.Go(func() { readUntil(t, path, &done) })
	}
	writing.Wait()
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
	done.Store(true)
	reading.Wait()
	_ = swapper.Process.Kill()
	_ = swapper.Wait()
	wantSum(t, path, func(n int) bool { return n == each+int(added.Load()) })
}

// swapped is how often the database was replaced.
func swapped(t *testing.T, path string) int {
	name, err := Name(path)
	if err != nil {
		t.Error(err)
	}
	n, _ := generation(path, name)
	return int(n)
}

// readUntil reads as a terminal does, and never sees the sum fall.
func readUntil(t *testing.T, path string, done *atomic.Bool) {
	c := client{path: path}
	defer c.close()
	last := 0
	for !done.Load() {
		if err := c.fresh(); err != nil {
			t.Error(err)
			return
		}
		for range 5 {
			n, err := look(t.Context(), c.f.DB)
			if err != nil && !errors.Is(err, ErrReplaced) || err == nil && n < last {
				t.Errorf("%d was read after %d, %v", n, last, err)
				return
			}
			last = max(last, n)
		}
	}
}

// What the locks and looks are for: without each of them something is lost.
func TestWithoutTheRules(t *testing.T) {
	t.Run("writing to a replaced file", func(t *testing.T) {
		path := newCounter(t)
		f := openCounter(t, path)
		if err := Replace(t.Context(), path, copyOf(path)); err != nil {
			t.Fatal(err)
		}
		if n, err := addOne(t.Context(), f.DB); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		wantSum(t, path, func(n int) bool { return n == 0 })
	})
	t.Run("writing while a file is built", func(t *testing.T) {
		path := newCounter(t)
		f := openCounter(t, path)
		if err := Replace(t.Context(), path, func(ctx context.Context, name string) error {
			if err := copyOf(path)(ctx, name); err != nil {
				return err
			}
			_, err := addOne(ctx, f.DB) // without Lock
			return err
		}); err != nil {
			t.Fatal(err)
		}
		wantSum(t, path, func(n int) bool { return n == 0 })
	})
	t.Run("connecting without a look", func(t *testing.T) {
		path := newCounter(t)
		name, err := Name(path)
		if err != nil {
			t.Fatal(err)
		}
		db, err := sqlite.Open(name, opts)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		old, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = old.Close() }()
		if err := Replace(t.Context(), path, copyOf(path)); err != nil {
			t.Fatal(err)
		}
		if _, err := (&client{path: path}).add(t.Context()); err != nil {
			t.Fatal(err)
		}
		// One pool, two connections, two databases.
		var a, b int
		if err := errors.Join(old.QueryRowContext(t.Context(), "SELECT max(n) FROM counter").Scan(&a),
			db.QueryRowContext(t.Context(), "SELECT max(n) FROM counter").Scan(&b)); err != nil || a == b {
			t.Fatalf("%d and %d, %v", a, b, err)
		}
	})
}

func TestLockWaitsAndGivesUp(t *testing.T) {
	path := newCounter(t)
	h, err := Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := Lock(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a held lock gave %v", err)
	}
	got := make(chan error)
	go func() {
		h, err := Lock(t.Context(), path)
		if err == nil {
			h.Unlock()
		}
		got <- err
	}()
	h.Unlock()
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestAForeignLinkIsRefused(t *testing.T) {
	path := newCounter(t)
	link := filepath.Join(filepath.Dir(path), "link.db")
	if err := os.Symlink(filepath.Base(path), link); err != nil {
		t.Fatal(err)
	}
	if f, err := Open(link, opts); err == nil {
		_ = f.Close()
		t.Error("a link that this package did not make was opened")
	}
}
