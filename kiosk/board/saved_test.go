package board

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/index"
)

// closed makes a board, closes it and returns its path and postings.
func closed(t testing.TB, n int) (string, []kiosk.Posting) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "board.db")
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	ps := demo.Postings(now, n, 2)
	if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return path, ps
}

// replace puts another file in the place of one that may be mapped.
func replace(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path+".test", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".test", path); err != nil {
		t.Fatal(err)
	}
}

// TestSavedIndexIsGoneOnFrom opens a board with the index of its own state, of
// an earlier one, of none, and of another board.
func TestSavedIndexIsGoneOnFrom(t *testing.T) {
	path, ps := closed(t, 300)
	fresh := open1(t)
	if _, err := fresh.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(indexPath(path))
	if err != nil {
		t.Fatal(err)
	}
	open := func(want *Board, rows int) {
		t.Helper()
		b, err := Open(path, demo.Site())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Close() }()
		sameAnswers(t, b, want)
		if s := startFrom(t.Context(), b.db(), indexPath(path)); len(s.rowids) != rows {
			t.Errorf("a start goes on from %d rows, want %d", len(s.rowids), rows)
		}
	}
	open(fresh, 300)
	// A small delta leaves the file as it is, and the next start goes on from it.
	ps[0].Title, ps[299].Title = "新的名称", "另一个"
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	for _, board := range []*Board{b, fresh} {
		if _, err := board.Apply(t.Context(), ps[:295], ImportOpts{Now: now, Replace: true}); err != nil {
			t.Fatal(err)
		}
	}
	_ = b.Close()
	if same, _ := os.ReadFile(indexPath(path)); !slices.Equal(same, saved) {
		t.Error("a small delta wrote the whole index")
	}
	open(fresh, 300)
	// Another board's index: it is made anew and saved.
	other, _ := closed(t, 50)
	foreign, err := os.ReadFile(indexPath(other))
	if err != nil {
		t.Fatal(err)
	}
	replace(t, indexPath(path), foreign)
	open(fresh, 295)
	if err := os.Remove(indexPath(path)); err != nil {
		t.Fatal(err)
	}
	open(fresh, 295)
}

// TestTextsLieInTheSavedFile looks whether the index file is mapped: after an
// import that saved it, and after opening. An older snapshot goes on with its own
// file when another one has taken the name.
func TestTextsLieInTheSavedFile(t *testing.T) {
	path, ps := closed(t, 300)
	mapped := func() bool {
		t.Helper()
		maps, err := os.ReadFile("/proc/self/maps")
		if err != nil {
			t.Skip(err)
		}
		return strings.Contains(string(maps), indexPath(path)+"\n")
	}
	for i := 0; mapped(); i++ { // until the collector has found that nobody holds it
		if i == 1000 {
			t.Fatal("a closed board is still mapped")
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if !mapped() {
		t.Error("the index was read and not mapped")
	}
	old, first := b.snap.Load(), ps[0]
	before, err := os.Stat(indexPath(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Apply(t.Context(), demo.Postings(now, 200, 77), ImportOpts{Now: now, Replace: true}); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(indexPath(path))
	if err != nil || os.SameFile(before, after) {
		t.Fatalf("the mapped file was written to, %v", err)
	}
	runtime.GC()
	if !mapped() {
		t.Error("what was saved is held in memory too")
	}
	set := index.NewBits(len(old.rows))
	set.Fill(len(old.rows))
	if old.text.Narrow(set, fold(first.Employer.Name)); !set.Has(int(old.find(first.ID))) {
		t.Error("an older snapshot has lost its texts")
	}
	runtime.KeepAlive(old)
	if left, _ := filepath.Glob(indexPath(path) + "?*"); len(left) > 0 {
		t.Errorf("%v were left over", left)
	}
}

// TestDamagedIndexIsNeverBelieved cuts the file and changes bytes of it.
func TestDamagedIndexIsNeverBelieved(t *testing.T) {
	path, _ := closed(t, 40)
	sound, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sound.Close() }()
	whole, err := os.ReadFile(indexPath(path))
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(t.TempDir(), "torn.index")
	damaged := func(data []byte) {
		t.Helper()
		if err := os.WriteFile(torn, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readSaved(torn); !errors.Is(err, index.ErrDamaged) {
			t.Fatalf("%d of %d bytes: %v", len(data), len(whole), err)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for cut := 0; cut < len(whole); cut += 1 + cut/100*r.IntN(8) { // all of the beginning, some of the rest
		damaged(whole[:cut])
	}
	for range 200 {
		other := slices.Clone(whole)
		other[r.IntN(len(other))] ^= byte(1 + r.IntN(255))
		damaged(other)
	}
	// Opened with a torn one, the board answers as before.
	replace(t, indexPath(path), whole[:len(whole)/2])
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	sameAnswers(t, b, sound)
	if again, _ := os.ReadFile(indexPath(path)); len(again) != len(whole) {
		t.Errorf("the index was not saved anew: %d bytes", len(again))
	}
}

// FuzzReadSaved reads bytes as they are, and with the right checksum under
// them.
func FuzzReadSaved(f *testing.F) {
	path, _ := closed(f, 5)
	whole, err := os.ReadFile(indexPath(path))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-8])
	f.Add(whole[:48])
	f.Fuzz(func(t *testing.T, data []byte) {
		sum := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
		for _, data := range [][]byte{data, binary.LittleEndian.AppendUint64(slices.Clone(data), uint64(sum))} {
			file := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if s, err := readSaved(file); err == nil {
				s.derive(demo.Site())
			} else if !errors.Is(err, index.ErrDamaged) {
				t.Fatal(err)
			}
		}
	})
}

func removeIndex(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(indexPath(path)); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
}
