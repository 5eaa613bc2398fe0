package index

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSmallChangesLieAboveTheBase goes through small changes, some of which
// have every row of a word of the base gone, and compares each state, and what
// it becomes when it is saved, with a search through every row.
func TestSmallChangesLieAboveTheBase(t *testing.T) {
	for i, alphabet := range alphabets {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(i), 2))
			x, texts := NewText(), []string(nil)
			above, bases := 0, 0
			for round := range 14 {
				gone := NewBits(x.Len())
				var left []string
				for row, text := range texts {
					if r.IntN(40) == 0 || round == 5 && row > 64 && row < 200 {
						gone.Set(row)
					} else {
						left = append(left, text)
					}
				}
				m := x.Next(gone)
				for range []int{1500, 40, 0, 60}[min(round, 1+round%3)] {
					left = append(left, invent(r, alphabet))
					m.Add(left[len(left)-1])
				}
				var err error
				if x, err = m.Done(); err != nil {
					t.Fatal(err)
				}
				check(t, x, left, r)
				if h := x.held.Load(); h.from != nil && len(h.over.ends) > 0 {
					above++
				} else if h.kept == x.Len() {
					bases++
				}
				var file bytes.Buffer
				w := NewWriter(&file)
				x.Save(w)
				_ = w.Close()
				again := ReadText(NewReader(file.Bytes()))
				check(t, again, left, r)
				texts = left
			}
			if above < 6 || bases < 2 {
				t.Errorf("%d states lay above a base, %d were one", above, bases)
			}
		})
	}
}

func TestPush(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	masks := []uint64{0, 1, ^uint64(0), 1 << 63, ^uint64(0) >> 1, ^uint64(1), 0xAAAAAAAAAAAAAAAA, 0xFFFF0000FFFF0000}
	for range 1000 {
		masks = append(masks, r.Uint64(), r.Uint64()|r.Uint64()|r.Uint64())
	}
	for _, mask := range masks {
		word := r.Uint64() & mask
		want, n := uint64(0), 0
		for i := range 64 {
			if mask>>i&1 != 0 {
				want |= word >> i & 1 << n
				n++
			}
		}
		p := push{mask: mask}
		p.prepare()
		if got := p.together(word | r.Uint64()&^mask); got != want {
			t.Fatalf("%064b of %064b is %064b, want %064b", word, mask, got, want)
		}
	}
}

// TestMovedSets adds moved sets of many lengths to sets that hold just the rows
// that are left.
func TestMovedSets(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for n := 1; n < 300; n++ {
		to, kept := make([]int32, n), int32(0)
		for i := range to {
			if to[i] = -1; r.IntN(10) > 0 {
				to[i] = kept
				kept++
			}
		}
		set, want := NewBits(n), NewBits(int(kept))
		for i := range to {
			if r.IntN(2) == 0 {
				set.Set(i)
				if to[i] >= 0 {
					want.Set(int(to[i]))
				}
			}
		}
		m, got := newMoved(to), NewBits(int(kept))
		for i, word := range set {
			m.add(got, i, word)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("of %d rows %d stay: %x, want %x", n, kept, got, want)
		}
	}
}

// BenchmarkMovedSet adds a set of 100,000 rows of which every tenth is gone.
func BenchmarkMovedSet(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 1))
	to, kept := make([]int32, 100000), int32(0)
	for i := range to {
		if to[i] = -1; r.IntN(10) > 0 {
			to[i] = kept
			kept++
		}
	}
	m, set, got := newMoved(to), NewBits(len(to)), NewBits(int(kept))
	set.Fill(len(to))
	for b.Loop() {
		for i, word := range set {
			m.add(got, i, word)
		}
	}
}
