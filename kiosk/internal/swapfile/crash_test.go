package swapfile

import (
	"bufio"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// TestKilledWhileReplacing kills a process that writes and replaces, while this
// one has the database open and writes too.
func TestKilledWhileReplacing(t *testing.T) {
	path := newCounter(t)
	dice := rand.New(rand.NewPCG(5, 7))
	own := client{path: path}
	defer own.close()
	least := 0
	for range kills(t) {
		cmd := child(t, "swap and write", path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		n, err := own.add(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		least = max(least, n)
		lines, until := 0, 1+dice.IntN(4)
		reportedSums(bufio.NewScanner(out), func(n int) {
			least = max(least, n)
			if lines++; lines == until { // then at any moment of what follows
				time.AfterFunc(time.Duration(dice.IntN(20_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
			}
		})
		_ = cmd.Wait()
		// The terminal that lives goes on where the other one was killed.
		if n, err = own.add(t.Context()); err != nil || n <= least {
			t.Fatalf("the sum is %d after %d was reported, %v", n, least, err)
		}
		least = n
		wantSum(t, path, func(n int) bool { return n == least })
	}
	if least < 3*kills(t) {
		t.Errorf("only %d commits in %d rounds", least, kills(t))
	}
	own.close()
	wantSum(t, path, func(n int) bool { return n == least })
	if got := beside(t, path); len(got) > 4 {
		t.Errorf("left after crashes: %q", got)
	}
}

// TestCrashBetweenTheNameAndTheRemoval stops where the new file has the name and
// the old one, with commits in its -wal file and open here, is there still.
func TestCrashBetweenTheNameAndTheRemoval(t *testing.T) {
	path := newCounter(t)
	for round := range 3 {
		own := client{path: path}
		if n, err := own.add(t.Context()); err != nil || n != round*2+1 {
			t.Fatal(n, err)
		}
		if !Crashed(path) {
			t.Fatal("no commit is in the -wal file")
		}
		name := path + ".g" + strconv.Itoa(round+1)
		if err := errors.Join(copyOf(path)(t.Context(), name), finish(t.Context(), name),
			os.Symlink(filepath.Base(name), path+".new"), os.Rename(path+".new", path)); err != nil {
			t.Fatal(err)
		}
		if n, err := look(t.Context(), own.f.DB); err != nil || n != round*2+1 {
			t.Errorf("the open connection reads %d, %v", n, err)
		}
		if n, err := own.add(t.Context()); err != nil || n != round*2+2 {
			t.Errorf("the next sum is %d, %v", n, err)
		}
		own.close()
		wantSum(t, path, func(n int) bool { return n == round*2+2 })
		if got := beside(t, path); len(got) != 4 {
			t.Errorf("left: %q", got)
		}
	}
}

// A crash may have left a link or a file that is not finished, and a person
// may have deleted the link.
func TestOpenRemovesWhatCrashesLeft(t *testing.T) {
	path := newCounter(t)
	if err := Replace(t.Context(), path, copyOf(path)); err != nil {
		t.Fatal(err)
	}
	want := beside(t, path)
	for _, end := range []string{".new", ".g2", ".g2-journal", ".g9-wal", "-wal", "-shm"} {
		if err := os.WriteFile(path+end, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, end := range []string{".index", ".g07", ".g2x", ".bad-20260101T000000"} { // of others
		if err := os.WriteFile(path+end, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		want = append(want, filepath.Base(path)+end)
	}
	slices.Sort(want)
	wantSum(t, path, func(n int) bool { return n == 0 })
	if got := beside(t, path); !slices.Equal(got, want) {
		t.Errorf("the directory holds %q, want %q", got, want)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	f := openCounter(t, path)
	var tables int
	if err := f.DB.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("a deleted database has %d tables, %v", tables, err)
	}
}
