package board

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// db is the file that the board has open now.
func (b *Board) db() *sql.DB { return b.file.Load().DB }

func openAt(t *testing.T, path string) *Board {
	t.Helper()
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if b.Aside() != (Aside{}) {
		t.Fatalf("a sound board was put aside: %+v", b.Aside())
	}
	return b
}

func apply(t *testing.T, b *Board, ps []kiosk.Posting, replace bool) {
	t.Helper()
	if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: now, Replace: replace}); err != nil {
		t.Fatal(err)
	}
}

// wantPostings compares a board with postings: all of them, their descriptions
// and searches.
func wantPostings(t *testing.T, b *Board, ps []kiosk.Posting) {
	t.Helper()
	if have := stored(b); key(have) != key(sortedByID(ps)) {
		t.Fatalf("the board has %d postings, not the %d wanted", len(have), len(ps))
	}
	for i := range ps {
		p, ok, err := b.Get(t.Context(), ps[i].ID)
		if err != nil || !ok || p.Description != ps[i].Description {
			t.Fatalf("%s: %v, %v, %q", ps[i].ID, ok, err, p.Description)
		}
	}
	o := newOracle(ps)
	for _, text := range []string{"操作", "工", "cnc", ""} {
		q := kiosk.Query{Text: text, Now: now}
		if got, want := collectIDs(t, b, q), o.ids(q); !slices.Equal(got, want) {
			t.Fatalf("%q finds %d, want %d", text, len(got), len(want))
		}
	}
}

// rowsOf is the number of rows in the file, and of those that are gone.
func rowsOf(t *testing.T, b *Board) (n, gone int) {
	t.Helper()
	st, err := b.Storage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.db().QueryRow("SELECT coalesce(sum(count), 0) FROM segment").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n, int(st.Tombstones)
}

func sortedByID(ps []kiosk.Posting) []kiosk.Posting {
	ps = slices.Clone(ps)
	slices.SortFunc(ps, func(a, b kiosk.Posting) int { return cmp.Compare(a.ID, b.ID) })
	return ps
}

// TestCompact compacts one of two boards that are open on a file.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, other, late := openAt(t, path), openAt(t, path), openAt(t, path)
	ps := demo.Postings(now, 300, 2)
	apply(t, b, ps, true)
	if err := errors.Join(other.Refresh(t.Context()), late.Refresh(t.Context())); err != nil {
		t.Fatal(err)
	}
	ps = ps[:225]
	for i := range ps[:40] {
		ps[i].Title += "（新）"
	}
	apply(t, b, ps, true)
	apply(t, other, ps[:1], false) // nothing new; it has read the removals now
	before, at := b.Stats(now), other.snap.Load()
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := b.Stats(now); after.Bytes > before.Bytes*9/10 {
		t.Errorf("%d bytes after compacting, %d before", after.Bytes, before.Bytes)
	}
	if n, gone := rowsOf(t, b); n != len(ps) || gone != 0 {
		t.Errorf("%d rows, %d gone", n, gone)
	}
	if moved, err := at.basis(t.Context(), b.db()); err != nil || moved.state != b.snap.Load().state || !slices.Equal(moved.rowids, b.snap.Load().rowids) {
		t.Error("what was in memory elsewhere is not gone on from", err)
	}
	wantPostings(t, b, ps)
	wantPostings(t, other, ps)                        // it has not been told
	if err := late.Refresh(t.Context()); err != nil { // what it does not know to be gone is written nowhere now
		t.Fatal(err)
	}
	wantPostings(t, late, ps)
	for _, board := range []*Board{other, b} {
		ps[7].Title += "x"
		apply(t, board, ps, true)
		if err := errors.Join(b.Refresh(t.Context()), other.Refresh(t.Context()), board.Compact(t.Context())); err != nil {
			t.Fatal(err)
		}
		wantPostings(t, b, ps)
		wantPostings(t, other, ps)
		wantPostings(t, openAt(t, path), ps)
	}
	if err := errors.Join(b.Check(t.Context()), other.Check(t.Context())); err != nil {
		t.Error(err)
	}
}

// TestRefreshFindsAnotherFile takes over what was imported after compacting.
func TestRefreshFindsAnotherFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, other := openAt(t, path), openAt(t, path)
	ps := demo.Postings(now, 60, 2)
	for range 3 {
		if err := b.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
		ps[3].Title += "x"
		apply(t, b, ps, true)
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantPostings(t, other, ps)
	}
}

// TestReadingNeedsAConnection reads when no connection to the old file is left,
// and when the old file is closed at the worst moment.
func TestReadingNeedsAConnection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, other := openAt(t, path), openAt(t, path)
	ps := demo.Postings(now, 60, 2)
	apply(t, b, ps, true)
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	other.db().SetMaxIdleConns(0)
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantPostings(t, other, ps)
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := 0
	if err := other.onFile(t.Context(), false, func(db *sql.DB) error {
		if calls++; calls == 1 {
			if err := other.renew(t.Context(), false); err != nil {
				return err
			}
		}
		return db.PingContext(t.Context())
	}); err != nil || calls != 2 {
		t.Errorf("after %d calls: %v", calls, err)
	}
	if err := errors.Join(b.Compact(t.Context()), other.Close()); err != nil {
		t.Fatal(err)
	}
	if err := other.Refresh(t.Context()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a closed board was opened again: %v", err)
	}
}

// TestSavedIndexOutlivesCompacting opens a board that was compacted with the
// index that was saved before.
func TestSavedIndexOutlivesCompacting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b := openAt(t, path)
	ps := demo.Postings(now, 300, 2)
	apply(t, b, ps, true)
	saved, err := os.ReadFile(indexPath(path))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	_ = b.Close()
	if err := os.WriteFile(indexPath(path)+".old", saved, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(indexPath(path)+".old", indexPath(path)); err != nil {
		t.Fatal(err)
	}
	b = openAt(t, path)
	if s := startFrom(t.Context(), b.db(), indexPath(path)); len(s.rowids) != len(ps) || s.state != b.snap.Load().state {
		t.Errorf("the saved index gives %d postings", len(s.rowids))
	}
	wantPostings(t, b, ps)
}

// A board that was deleted and filled again by another process has the same
// rowids for other postings.
func TestAnotherBoardOfTheSameName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b := openAt(t, path)
	apply(t, b, demo.Postings(now, 80, 1), true)
	for i := range 2 { // the second time it was compacted, and its name is a link
		for _, end := range []string{"", "-wal", "-shm", ".index"} {
			if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
		}
		ps := demo.Postings(now, 80, uint64(2+i))
		other := openAt(t, path)
		apply(t, other, ps, true)
		if err := b.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantPostings(t, b, ps)
		if err := other.Compact(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUnusableBoardThatWasCompactedIsPutAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b := openAt(t, path)
	apply(t, b, demo.Postings(now, 30, 1), true)
	if err := errors.Join(b.Compact(t.Context()), b.Close()); err != nil {
		t.Fatal(err)
	}
	junk := bytes.Repeat([]byte("junk"), 4096)
	if err := os.WriteFile(path, junk, 0o600); err != nil { // through the link
		t.Fatal(err)
	}
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(b.Aside().Path); err != nil || !bytes.Equal(raw, junk) {
		t.Errorf("%+v: %d bytes, %v", b.Aside(), len(raw), err)
	}
	_ = b.Close()
	wantPostings(t, openAt(t, path), nil)
}

func boardKills(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv("JOBHOME_KILLS"), "3"))
	if err != nil || n < 1 {
		t.Fatal("JOBHOME_KILLS is no number")
	}
	return n
}

// TestKilledWhileCompacting kills a process that imports and compacts, while
// this one reads all the time, and imports and compacts in between.
func TestKilledWhileCompacting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b := openAt(t, path)
	whole := [][]kiosk.Posting{demo.Postings(now, killSize, 0), demo.Postings(now, killSize, 1)}
	apply(t, b, whole[0], true)
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() { readWhile(t, b, whole, &done) })
	}
	dice := rand.New(rand.NewPCG(3, 1))
	for round := range boardKills(t) {
		killWhileCompacting(t, path, time.Duration(dice.IntN(90_000))*time.Microsecond)
		if err := b.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		have := demoSame(stored(b))
		if have == nil {
			t.Fatalf("round %d: %d postings, neither the one board nor the other", round, len(stored(b)))
		}
		wantPostings(t, openAt(t, path), have)
		if err := b.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		apply(t, b, whole[round%2], true)
		if round%3 == 0 {
			if err := b.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		wantPostings(t, openAt(t, path), whole[round%2])
	}
	done.Store(true)
	readers.Wait()
}

// readWhile gets and searches as a terminal does. Nothing may fail, and no
// posting may have the words of one board and the description of the other.
func readWhile(t *testing.T, b *Board, whole [][]kiosk.Posting, done *atomic.Bool) {
	described := map[string]string{}
	for _, ps := range whole {
		for i := range ps {
			described[key(ps[i:i+1])+ps[i].Description] = ps[i].ID
		}
	}
	for i := 0; !done.Load(); i++ {
		of := whole[i%2][i%killSize]
		p, ok, err := b.Get(t.Context(), of.ID)
		if err != nil || ok && described[key([]kiosk.Posting{p})+p.Description] != of.ID {
			t.Errorf("%s: %v, %v, %q with %q", of.ID, ok, err, p.Title, p.Description)
			return
		}
		if _, err := b.Search(t.Context(), kiosk.Query{Text: "工", Now: now, Limit: 5}); err != nil {
			t.Error(err)
			return
		}
		if i%10 == 0 {
			if err := b.Refresh(t.Context()); err != nil {
				t.Error(err)
				return
			}
		}
	}
}

func killWhileCompacting(t *testing.T, path string, after time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "BOARD_KILL_TEST="+path, "BOARD_KILL_COMPACT=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if n, _ := out.Read(make([]byte, 1)); n == 0 {
		t.Error("the other process never applied a board")
	}
	<-time.After(after) // any moment of the next will do
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// A file of which too much is gone is written anew by itself.
func TestCompactsByItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, other := openAt(t, path), openAt(t, path)
	ps := demo.Postings(now, 900, 2)
	apply(t, b, ps, true)
	for _, left := range []int{700, 560, 500, 300, 120} {
		ps = ps[:left]
		apply(t, b, ps, true)
		n, gone := rowsOf(t, b)
		if n-gone != left || 5*gone > 2*n && gone > 100 {
			t.Errorf("%d postings: %d rows, %d gone", left, n, gone)
		}
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantPostings(t, b, ps)
		wantPostings(t, other, ps)
	}
	if n, _ := rowsOf(t, b); n > 320 {
		t.Errorf("%d rows are left of 900, though 120 postings are", n)
	}
}
