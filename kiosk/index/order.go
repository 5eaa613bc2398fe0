package index

import (
	"cmp"
	"slices"
)

// Order is the rows in one order.
type Order struct {
	Rows []int32 // the first row, the second, ...
	rank []int32 // the place of each row
}

// OrderBy sorts rows by a key each, the smallest first. Those with the same key
// are in the order of ties, or without one in that of their numbers.
func OrderBy[K cmp.Ordered](keys []K, ties *Order) Order {
	type pair struct {
		key  K
		tie  int32
		rows int32
	}
	sorted := make([]pair, len(keys))
	for i, k := range keys {
		sorted[i] = pair{k, int32(i), int32(i)}
		if ties != nil {
			sorted[i].tie = ties.rank[i]
		}
	}
	slices.SortFunc(sorted, func(a, b pair) int {
		if a.key != b.key {
			if a.key < b.key {
				return -1
			}
			return 1
		}
		return int(a.tie) - int(b.tie)
	})
	rows := make([]int32, len(keys))
	for i := range sorted {
		rows[i] = sorted[i].rows
	}
	return ranked(rows)
}

func ranked(rows []int32) Order {
	o := Order{rows, make([]int32, len(rows))}
	for i, r := range rows {
		o.rank[r] = int32(i)
	}
	return o
}

// ranks is the places of the rows of a set, ascending.
func (o *Order) ranks(set Bits, count int) []int32 {
	ranks := set.Rows(make([]int32, 0, count))
	for i, r := range ranks {
		ranks[i] = o.rank[r]
	}
	slices.Sort(ranks)
	return ranks
}

// Page appends to dst the rows of a set in this order, without the first skip,
// until dst has want of them. It returns how many of skip are left over.
func (o *Order) Page(dst []int32, set Bits, skip, want int) (page []int32, left int) {
	count := set.Count()
	if count <= skip {
		return dst, skip - count
	}
	end := min(count, skip+want-len(dst))
	if end <= skip {
		return dst, 0
	}
	// Walking meets one of the set every len/count rows; sorting looks at
	// those of the set only. Both are right, so the cheaper one is taken.
	if end*len(o.Rows)/count < 16*count {
		for at, seen := 0, 0; seen < end; at++ {
			if r := o.Rows[at]; set.Has(int(r)) {
				if seen++; seen > skip {
					dst = append(dst, r)
				}
			}
		}
		return dst, 0
	}
	ranks := o.ranks(set, count)
	for _, at := range ranks[skip:end] {
		dst = append(dst, o.Rows[at])
	}
	return dst, 0
}

// Each calls f with the rows of a set in this order until it returns false.
func (o *Order) Each(set Bits, f func(row int32) bool) {
	count := set.Count()
	// As in Page, but how far f goes is not known: to walk to the end takes as
	// long as to sort one row in 32.
	if len(o.Rows) < 32*count {
		for _, r := range o.Rows {
			if !set.Has(int(r)) {
				continue
			}
			if count--; !f(r) || count == 0 {
				return
			}
		}
		return
	}
	for _, at := range o.ranks(set, count) {
		if !f(o.Rows[at]) {
			return
		}
	}
}
