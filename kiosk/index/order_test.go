package index

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPagesAreCutFromTheSortedRows asks for pages of sets from sparse to full,
// so that both ways of making one are gone.
func TestPagesAreCutFromTheSortedRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 3000
	keys := make([]float64, n)
	for i := range keys {
		keys[i] = float64(r.IntN(50))
	}
	backwards := make([]int, n)
	for i := range backwards {
		backwards[i] = -i
	}
	ties := OrderBy(backwards, nil)
	o := OrderBy(keys, &ties)
	for range 400 {
		set, part := NewBits(n), r.IntN(n)*r.IntN(2)+r.IntN(30)
		for range part {
			set.Set(r.IntN(n))
		}
		if part == 29 {
			set.Fill(n)
		}
		var want []int32
		set.Each(func(i int) { want = append(want, int32(i)) })
		slices.SortFunc(want, func(a, b int32) int {
			return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(b, a))
		})
		skip, limit := r.IntN(100)*r.IntN(2), r.IntN(40)
		got, left := o.Page([]int32{-1}, set, skip, limit+1)
		if wantLeft := max(0, skip-len(want)); left != wantLeft && limit > 0 {
			t.Fatalf("%d of skip are left, want %d", left, wantLeft)
		}
		want = want[min(skip, len(want)):]
		want = append([]int32{-1}, want[:min(limit, len(want))]...)
		if !slices.Equal(got, want) {
			t.Fatalf("page of %d from %d: %v, want %v", limit, skip, got, want)
		}
	}
}

func TestBits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 2))
	for _, n := range []int{0, 1, 63, 64, 65, 1000} {
		a, b := NewBits(n), NewBits(n)
		inA, inB := make([]bool, n), make([]bool, n)
		for i := range n {
			if inA[i] = r.IntN(2) == 0; inA[i] {
				a.Set(i)
			}
			if inB[i] = r.IntN(3) == 0; inB[i] {
				b.Set(i)
			}
		}
		check := func(name string, got Bits, want func(i int) bool) {
			t.Helper()
			count := 0
			for i := range n {
				if got.Has(i) != want(i) {
					t.Fatalf("%s of %d: row %d is %v", name, n, i, got.Has(i))
				}
				if want(i) {
					count++
				}
			}
			if got.Count() != count || len(got.Rows(nil)) != count {
				t.Fatalf("%s of %d: %d rows, want %d", name, n, got.Count(), count)
			}
		}
		and, not, or, all := slices.Clone(a), slices.Clone(a), slices.Clone(a), slices.Clone(a)
		and.And(b)
		not.AndNot(b)
		or.Or(b)
		all.Fill(n)
		check("And", and, func(i int) bool { return inA[i] && inB[i] })
		check("AndNot", not, func(i int) bool { return inA[i] && !inB[i] })
		check("Or", or, func(i int) bool { return inA[i] || inB[i] })
		check("Fill", all, func(int) bool { return true })
		if a.CountAnd(b) != and.Count() {
			t.Fatalf("CountAnd of %d is %d, want %d", n, a.CountAnd(b), and.Count())
		}
		if n > 0 {
			all.Clear(n - 1)
			check("Clear", all, func(i int) bool { return i < n-1 })
		}
	}
}

// Each gives the rows that Page gives, and stops when it is told to.
func TestEach(t *testing.T) {
	const n = 1000
	r := rand.New(rand.NewPCG(5, 6))
	keys := make([]int, n)
	for i := range keys {
		keys[i] = r.IntN(50)
	}
	o := OrderBy(keys, nil)
	for _, share := range []int{0, 1, 10, 100, 500, n} {
		set := NewBits(n)
		for range share {
			set.Set(r.IntN(n))
		}
		want, _ := o.Page(nil, set, 0, n)
		for _, most := range []int{1, 7, n} {
			var got []int32
			o.Each(set, func(row int32) bool {
				got = append(got, row)
				return len(got) < most
			})
			if !slices.Equal(got, want[:min(most, len(want))]) {
				t.Fatalf("%d of %d rows, at most %d: %v, want %v", set.Count(), n, most, got, want)
			}
		}
	}
}
