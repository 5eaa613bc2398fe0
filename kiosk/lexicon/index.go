package lexicon

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// index is a sorted array of keys, each with the term that it leads to. Terms
// are numbered by weight, so the least number under a node of the tree is the
// best term there, and the best few of any range are found without reading the
// range.
type index struct {
	keys string   // each key ends with a zero byte
	at   []uint32 // where keys begin, in the order of the keys
	tree []uint32 // tree[i] is the least of tree[2i], tree[2i+1]; leaves are terms
}

// entry is a key that is to go into an index.
type entry struct {
	head   uint64 // the key's first eight bytes
	at, id uint32
}

// newIndex sorts entries. Keys are never empty and have no zero byte inside.
func newIndex(keys string, entries []entry) index {
	for i := range entries {
		var head [8]byte
		k := keys[entries[i].at:]
		if end := strings.IndexByte(k[:min(len(k), len(head))], 0); end >= 0 {
			k = k[:end]
		}
		copy(head[:], k)
		entries[i].head = binary.BigEndian.Uint64(head[:])
	}
	slices.SortFunc(entries, func(a, b entry) int {
		if c := cmp.Compare(a.head, b.head); c != 0 {
			return c
		}
		if a.head&0xFF != 0 { // the keys go on
			// Past its end a key is compared by what follows it, which
			// settles the order of equal keys as well as anything would.
			return strings.Compare(keys[a.at:], keys[b.at:])
		}
		return cmp.Compare(a.id, b.id)
	})
	n := len(entries)
	x := index{keys: keys, at: make([]uint32, n), tree: make([]uint32, 2*n)}
	for i, e := range entries {
		x.at[i], x.tree[n+i] = e.at, e.id
	}
	for i := n - 1; i > 0; i-- {
		x.tree[i] = min(x.tree[2*i], x.tree[2*i+1])
	}
	return x
}

func keyAt(keys string, at uint32) string {
	k := keys[at:]
	return k[:strings.IndexByte(k, 0)]
}

// find returns the keys that begin with q: lo to mid are q itself, mid to hi
// go on.
func (x *index) find(q string) (lo, mid, hi int) {
	lo = sort.Search(len(x.at), func(i int) bool { return x.compare(i, q) >= 0 })
	hi = lo + sort.Search(len(x.at)-lo, func(i int) bool { return x.compare(lo+i, q) > 0 })
	_, mid = x.narrow(lo, hi, len(q), 0)
	return lo, max(lo, mid), hi
}

// compare is zero when key i begins with q.
func (x *index) compare(i int, q string) int {
	k := x.keys[x.at[i]:]
	if len(k) > len(q) {
		k = k[:len(q)]
	}
	return strings.Compare(k, q) // a zero byte ends a shorter key, and sorts first
}

// narrow returns the part of lo to hi, whose keys share their first n bytes,
// that has c next.
func (x *index) narrow(lo, hi, n int, c byte) (from, to int) {
	next := func(i int) byte { return x.keys[int(x.at[i])+n] }
	if lo >= hi || next(lo) > c || next(hi-1) < c {
		return lo, lo
	}
	if next(lo) == c && next(hi-1) == c {
		return lo, hi
	}
	from = lo + sort.Search(hi-lo, func(i int) bool { return next(lo+i) >= c })
	to = from + sort.Search(hi-from, func(i int) bool { return next(from+i) > c })
	return from, to
}

// best calls f with the distinct terms of lo to hi, the best first, until f
// returns false. The heap is scratch that the caller keeps.
func (x *index) best(lo, hi int, heap []uint64, f func(id uint32) bool) []uint64 {
	heap = heap[:0]
	n := len(x.at)
	node := func(i int) uint64 { return uint64(x.tree[i])<<32 | uint64(i) }
	for l, r := lo+n, hi+n; l < r; l, r = l/2, r/2 {
		if l&1 == 1 {
			heap = push(heap, node(l))
			l++
		}
		if r&1 == 1 {
			r--
			heap = push(heap, node(r))
		}
	}
	last, any := uint32(0), false
	for len(heap) > 0 {
		top := heap[0]
		i := int(uint32(top))
		if i < n { // not a leaf: one child is as good as the node
			heap = push(siftDown(heap, node(2*i)), node(2*i+1))
			continue
		}
		heap[0] = heap[len(heap)-1]
		heap = heap[:len(heap)-1]
		if len(heap) > 0 {
			siftDown(heap, heap[0])
		}
		id := uint32(top >> 32)
		if any && id == last {
			continue // another key of the same term
		}
		last, any = id, true
		if !f(id) {
			break
		}
	}
	return heap
}

func push(heap []uint64, v uint64) []uint64 {
	heap = append(heap, v)
	for i := len(heap) - 1; i > 0; {
		up := (i - 1) / 2
		if heap[up] <= heap[i] {
			break
		}
		heap[up], heap[i] = heap[i], heap[up]
		i = up
	}
	return heap
}

// siftDown puts v in place of the least.
func siftDown(heap []uint64, v uint64) []uint64 {
	heap[0] = v
	for i := 0; ; {
		kid := 2*i + 1
		if kid >= len(heap) {
			break
		}
		if kid+1 < len(heap) && heap[kid+1] < heap[kid] {
			kid++
		}
		if heap[i] <= heap[kid] {
			break
		}
		heap[i], heap[kid] = heap[kid], heap[i]
		i = kid
	}
	return heap
}

func (x *index) bytes() int { return 4*cap(x.at) + 4*cap(x.tree) }
