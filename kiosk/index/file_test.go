package index

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// saved is a small index as a file, and the texts that are in it.
func saved(t testing.TB) ([]byte, []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(8, 8))
	m := NewText().Next(nil)
	words := (&Strings{}).Next()
	var texts []string
	for range 40 {
		texts = append(texts, invent(r, alphabets[0]))
		m.Add(texts[len(texts)-1])
		words.Add(texts[len(texts)-1])
	}
	x, err := m.Done()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	w := NewWriter(&file)
	w.Uint64(7)
	x.Save(w)
	all := words.Done()
	all.Save(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), texts
}

func read(file []byte) (*Text, *Strings, error) { return readAll(NewReader(file)) }

func readAll(r *Reader) (*Text, *Strings, error) {
	r.Uint64()
	x, s := ReadText(r), ReadStrings(r)
	return x, s, r.Close()
}

// sealed puts the right checksum under bytes, as one does who means harm, or a
// Writer with a fault.
func sealed(data []byte) []byte {
	data = append(slices.Clone(data), make([]byte, padding(len(data)))...)
	sum, _ := checksum(data)
	return binary.LittleEndian.AppendUint64(data, uint64(sum))
}

// asFile writes bytes to a file.
func asFile(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "index")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWhatIsReadIsWhatWasSaved reads a file that is in the heap, begins at an
// odd place there, and is mapped.
func TestWhatIsReadIsWhatWasSaved(t *testing.T) {
	file, texts := saved(t)
	odd := append([]byte{0}, file...)[1:]
	mapped, err := Open(asFile(t, file))
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*Reader{"heap": NewReader(file), "odd": NewReader(odd), "mapped": mapped} {
		x, s, err := readAll(r)
		if err != nil {
			t.Fatal(name, err)
		}
		check(t, x, texts, rand.New(rand.NewPCG(1, 1)))
		if !slices.ContainsFunc(texts, func(text string) bool { return text == s.At(uint32(s.Len()-1)) }) {
			t.Errorf("%s: the strings are others", name)
		}
		// It can be gone on with.
		m := x.Next(NewBits(x.Len()))
		m.Add("新的工")
		if x, err = m.Done(); err != nil {
			t.Fatal(err)
		}
		check(t, x, append(texts, "新的工"), rand.New(rand.NewPCG(1, 1)))
	}
}

// TestMappedTextOutlivesWhatItCameFrom takes the file's name away, and has the
// collector look for mappings that nothing holds.
func TestMappedTextOutlivesWhatItCameFrom(t *testing.T) {
	file, texts := saved(t)
	path := asFile(t, file)
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	x, _, err := readAll(r)
	if err != nil || x.held.Load().file == nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	runtime.AddCleanup(r.file, func(gone chan struct{}) { close(gone) }, gone)
	r = nil
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	m := x.Next(NewBits(x.Len()))
	m.Add("新的工")
	y, err := m.Done()
	if err != nil {
		t.Fatal(err)
	}
	x = nil
	for range 5 {
		runtime.GC()
	}
	select {
	case <-gone:
		t.Fatal("the file was given back while a text lies in it")
	default:
	}
	check(t, y, append(texts, "新的工"), rand.New(rand.NewPCG(1, 1)))
	y, m = nil, nil
	for done := false; !done; {
		runtime.GC()
		select {
		case <-gone:
			done = true
		case <-time.After(time.Millisecond):
		}
	}
}

// TestAFileCutWhileItIsMappedIsDamaged cuts it between its mapping and the
// first look, which is a bus error.
func TestAFileCutWhileItIsMappedIsDamaged(t *testing.T) {
	path := asFile(t, make([]byte, 1<<16))
	m, err := mapFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	if _, ok := checksum(m.data); ok {
		t.Error("it has a checksum")
	}
}

// TestMoveTo moves a text to the file that it was saved to while it is read.
func TestMoveTo(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	m := NewText().Next(nil)
	var texts []string
	for range 300 {
		texts = append(texts, invent(r, alphabets[0]))
		m.Add(texts[len(texts)-1])
	}
	x, err := m.Done()
	if err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	for i := range uint64(2) {
		readers.Go(func() {
			for range 20 {
				check(t, x, texts, rand.New(rand.NewPCG(i, 1)))
			}
		})
	}
	for range 10 {
		var file bytes.Buffer
		w := NewWriter(&file)
		x.Save(w)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := Open(asFile(t, file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		x.MoveTo(ReadText(r))
		runtime.GC()
	}
	readers.Wait()
	if x.held.Load().file == nil {
		t.Error("it did not move")
	}
}

func TestEveryCutAndEveryOtherByteIsSeen(t *testing.T) {
	file, _ := saved(t)
	for i := range file {
		if _, _, err := read(file[:i]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut at %d of %d: %v", i, len(file), err)
		}
		other := slices.Clone(file)
		other[i] ^= 1 << (i % 8)
		if _, _, err := read(other); !errors.Is(err, ErrDamaged) {
			t.Fatalf("byte %d of %d changed: %v", i, len(file), err)
		}
	}
	for _, n := range []int{1, 7, 8, 9} {
		if _, _, err := read(append(file, make([]byte, n)...)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes more: %v", n, err)
		}
		if _, _, err := read(sealed(append(file[:len(file)-sumSize], make([]byte, n)...))); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes more with their checksum: %v", n, err)
		}
	}
	for _, data := range [][]byte{nil, file[:7], file[:len(file)-8]} {
		if _, err := Open(asFile(t, data)); !errors.Is(err, ErrDamaged) {
			t.Errorf("a file of %d bytes: %v", len(data), err)
		}
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a directory was opened")
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// FuzzIndexFile reads bytes as they are, and again with the right checksum
// under them, so that what comes behind the checksum is tried too: whatever a
// length, a place or a list says, nothing panics, and no more memory is asked
// for than the file is long by a small factor.
func FuzzIndexFile(f *testing.F) {
	file, _ := saved(f)
	f.Add(file)
	f.Add(file[:len(file)-sumSize])
	f.Add(file[:len(file)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		for i, bytes := range [][]byte{data, sealed(data)} {
			x, s, err := read(bytes)
			if err != nil {
				if !errors.Is(err, ErrDamaged) {
					t.Fatal(err)
				}
				continue
			}
			if texts, index := x.Size(); texts+index+s.Size() > len(bytes) {
				t.Fatalf("%d bytes hold %d", len(bytes), texts+index+s.Size())
			}
			for n := range s.Len() {
				_ = s.At(uint32(n))
			}
			full := NewBits(x.Len())
			full.Fill(x.Len())
			for _, word := range []string{"工", "工作", "缝纫工", "", "5c", "n1，"} {
				for _, narrow := range []func(Bits, ...string){x.Narrow, x.NarrowFirst} {
					set := slices.Clone(full)
					if narrow(set, word); set.CountAnd(full) != set.Count() {
						t.Fatal("a row that there is not")
					}
				}
			}
			if i == 0 || x.Len() > 1000 {
				continue
			}
			gone := NewBits(x.Len())
			for row := 0; row < x.Len(); row += 8 {
				gone.Set(row)
			}
			m := x.Next(gone)
			m.Add("工作")
			if _, err := m.Done(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
