package delta

import (
	"cmp"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"jobhome/sync/wire"
)

// resemblance is which rows of the board make the dictionary, and in which order
// the changed rows are packed: each when its like is read.
type resemblance struct {
	rows  []uint32 // ordinals, ascending
	order []int    // places in the upserts
}

const (
	shingle = 16 // bytes that are compared at once: five Chinese characters
	sample  = 8  // one shingle in so many is looked at, the same ones everywhere
	common  = 8  // a shingle in more new rows than that tells nothing: they have it from each other
	rounds  = 3  // rows of the board at most that are taken for one new row
	worth   = 5  // shingles that a row must add to be taken
)

// resembling chooses rows of the board for the dictionary: the old version of
// each edited row, and for each row those that have the most text in common with
// what the ones chosen before do not have. Most are of the same employer.
func resembling(upsert []wire.Row, ids []string, known Known) (resemblance, error) {
	s := newSearch(upsert)
	room := maxDictionary
	var likes [][2]int // ordinal, place in upsert
	chosen := map[uint32]bool{}
	take := func(ordinal, up int, row wire.Row) {
		if !chosen[uint32(ordinal)] {
			if len(row.Body)+1 > room {
				return
			}
			room -= len(row.Body) + 1
			chosen[uint32(ordinal)] = true
		}
		s.cover(row.Body)
		likes = append(likes, [2]int{ordinal, up})
	}
	if err := edited(upsert, ids, known, take); err != nil {
		return resemblance{}, err
	}
	for round := 0; round < rounds && len(s.where) > 0; round++ {
		best, err := s.best(ids, known)
		if err != nil {
			return resemblance{}, err
		}
		for up, b := range best {
			// What another took since may have what this one was chosen for.
			if b.score >= worth && s.gain(up, b.row.Body) >= worth {
				take(b.ordinal, up, b.row)
			}
		}
	}
	out := resemblance{rows: slices.Sorted(maps.Keys(chosen))}
	return out.inOrder(likes, len(upsert)), nil
}

// inOrder puts the changed rows into the order of the first rows chosen for them.
func (r resemblance) inOrder(likes [][2]int, n int) resemblance {
	first := make([]int, n)
	for i := range first {
		first[i] = -1
	}
	for _, l := range likes {
		if first[l[1]] < 0 {
			first[l[1]] = l[0]
		}
	}
	for i := range n {
		r.order = append(r.order, i)
	}
	slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(first[a], first[b]) })
	return r
}

func edited(upsert []wire.Row, ids []string, known Known, take func(ordinal, up int, row wire.Row)) error {
	for i := range upsert {
		ordinal, ok := slices.BinarySearch(ids, upsert[i].ID)
		if !ok {
			continue
		}
		rows, err := known.Rows(ids[ordinal : ordinal+1])
		if err != nil || len(rows) != 1 {
			return fmt.Errorf("delta: read row %s: %w", upsert[i].ID, cmp.Or(err, ErrOtherRows))
		}
		take(ordinal, i, rows[0])
	}
	return nil
}

// search finds rows that have text in common with new rows.
type search struct {
	where  map[uint64][]int32 // shingle: the new rows that have it; nil once it is covered
	filter []uint64           // a bit for each shingle, to pass most of the board by quickly
	shift  int                // of a hash to its bit
	rows   int
}

func newSearch(upsert []wire.Row) *search {
	s := &search{where: map[uint64][]int32{}, rows: len(upsert)}
	for i := range upsert {
		shingles(upsert[i].Body, func(h uint64) {
			list := s.where[h]
			if n := len(list); n <= common && (n == 0 || list[n-1] != int32(i)) {
				s.where[h] = append(list, int32(i))
			}
		})
	}
	maps.DeleteFunc(s.where, func(_ uint64, list []int32) bool { return len(list) > common })
	const sparse = 64 // bits for each shingle
	n := bits.Len(uint(len(s.where) * sparse))
	s.filter, s.shift = make([]uint64, 1<<n/64+1), 64-n
	for h := range s.where {
		s.filter[h>>s.shift/64] |= 1 << (h >> s.shift & 63)
	}
	return s
}

// shingles gives the hash of each run of shingle bytes.
func shingles(text []byte, take func(uint64)) {
	const base = 0x9e3779b97f4a7c15
	out := uint64(1)
	for range shingle {
		out *= base
	}
	h := uint64(0)
	for i, b := range text {
		h = h*base + uint64(b) + 1
		if i >= shingle {
			h -= out * (uint64(text[i-shingle]) + 1)
		}
		if mixed := h ^ h>>29*0xbf58476d1ce4e5b9; i >= shingle-1 && mixed%sample == 0 {
			take(mixed)
		}
	}
}

func (s *search) has(h uint64) bool {
	return s.filter[h>>s.shift/64]>>(h>>s.shift&63)&1 != 0
}

// cover takes what a chosen row has out of the search.
func (s *search) cover(body []byte) {
	shingles(body, func(h uint64) {
		if s.has(h) {
			delete(s.where, h)
		}
	})
}

// gain is how many uncovered shingles of a new row a body has.
func (s *search) gain(up int, body []byte) (n int) {
	shingles(body, func(h uint64) {
		if s.has(h) && slices.Contains(s.where[h], int32(up)) {
			n++
		}
	})
	return n
}

type candidate struct {
	ordinal, score int
	row            wire.Row
}

// best is for each new row the row of the board with the most in common.
func (s *search) best(ids []string, known Known) ([]candidate, error) {
	best := make([]candidate, s.rows)
	counts := make([]int, s.rows)
	var touched []int32
	for at := 0; at < len(ids); at += atOnce {
		some := ids[at:min(at+atOnce, len(ids))]
		rows, err := known.Rows(some)
		if err != nil || len(rows) != len(some) {
			return nil, fmt.Errorf("delta: read rows: %w", cmp.Or(err, ErrOtherRows))
		}
		for i := range rows {
			shingles(rows[i].Body, func(h uint64) {
				if !s.has(h) {
					return
				}
				for _, up := range s.where[h] {
					if counts[up]++; counts[up] == 1 {
						touched = append(touched, up)
					}
				}
			})
			for _, up := range touched {
				if counts[up] > best[up].score {
					best[up] = candidate{at + i, counts[up], rows[i]}
				}
				counts[up] = 0
			}
			touched = touched[:0]
		}
	}
	return best, nil
}
