package index

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
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

func read(file []byte) (*Text, *Strings, error) {
	r := NewReader(bytes.NewReader(file), int64(len(file)))
	r.Uint64()
	x, s := ReadText(r), ReadStrings(r)
	return x, s, r.Close()
}

func TestWhatIsReadIsWhatWasSaved(t *testing.T) {
	file, texts := saved(t)
	x, s, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	check(t, x, texts, rand.New(rand.NewPCG(1, 1)))
	if !slices.ContainsFunc(texts, func(text string) bool { return text == s.At(uint32(s.Len()-1)) }) {
		t.Error("the strings are others")
	}
	// It can be gone on with.
	m := x.Next(NewBits(x.Len()))
	m.Add("新的工")
	if x, err = m.Done(); err != nil {
		t.Fatal(err)
	}
	check(t, x, append(texts, "新的工"), rand.New(rand.NewPCG(1, 1)))
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
	if _, _, err := read(append(file, 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte more: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	file, _ := saved(f)
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		x, _, err := read(data)
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
		if err == nil { // only what a Writer wrote
			set := NewBits(x.Len())
			set.Fill(x.Len())
			x.Narrow(set, "工作")
		}
	})
}
