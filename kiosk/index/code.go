package index

import (
	"cmp"
	"maps"
	"slices"
)

// code writes characters as one to four bytes, the more frequent the shorter.
// The first byte of each is below 0x80 and tells how many follow, those are
// 0x80 and above: so wherever the bytes of a text are found in those of
// another, its characters are. A code is never changed; with more characters
// it becomes another one in which the old ones are written as before.
type code struct {
	runes  []rune // by number; 0 is the end of a line
	number map[rune]uint32
}

// How many numbers have one, two and three bytes; the rest of Unicode has four.
const (
	ones    = 87
	twos    = 32 << 7
	threes  = 8 << 14
	lead2   = ones
	lead3   = lead2 + 32
	lead4   = lead3 + 8
	trail   = 0x80
	invalid = ^uint32(0)
)

// newCode gives the shortest forms to the characters that stand most often in
// the sample.
func newCode(sample []string) *code {
	seen := map[rune]int{}
	for _, s := range sample {
		for _, r := range s {
			seen[r]++
		}
	}
	delete(seen, '\n')
	order := slices.SortedFunc(maps.Keys(seen), func(a, b rune) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), cmp.Compare(a, b))
	})
	c := &code{number: map[rune]uint32{}}
	c.add('\n')
	for _, r := range order {
		c.add(r)
	}
	return c
}

func (c *code) clone() *code {
	return &code{runes: slices.Clone(c.runes), number: maps.Clone(c.number)}
}

func (c *code) add(r rune) uint32 {
	n := uint32(len(c.runes))
	c.runes = append(c.runes, r)
	c.number[r] = n
	return n
}

// knows reports whether every character of s has a number.
func (c *code) knows(s string) bool {
	for _, r := range s {
		if _, ok := c.number[r]; !ok {
			return false
		}
	}
	return true
}

// learn gives a number to every character of s. Only for a code that nobody
// else reads yet.
func (c *code) learn(s string) {
	for _, r := range s {
		if _, ok := c.number[r]; !ok {
			c.add(r)
		}
	}
}

// encode appends s, all of whose characters the code knows.
func (c *code) encode(dst []byte, s string) []byte {
	for _, r := range s {
		dst = appendNumber(dst, c.number[r])
	}
	return dst
}

func appendNumber(dst []byte, n uint32) []byte {
	switch {
	case n < ones:
		return append(dst, byte(n))
	case n < ones+twos:
		n -= ones
		return append(dst, lead2+byte(n>>7), trail|byte(n))
	case n < ones+twos+threes:
		n -= ones + twos
		return append(dst, lead3+byte(n>>14), trail|byte(n>>7), trail|byte(n))
	}
	n -= ones + twos + threes
	return append(dst, lead4, trail|byte(n>>14), trail|byte(n>>7), trail|byte(n))
}

// next reads the character that b begins with. Of bytes that no code wrote it
// returns invalid.
func next(b []byte) (n uint32, size int) {
	switch lead := b[0]; {
	case lead < lead2:
		return uint32(lead), 1
	case lead < lead3 && len(b) > 1:
		return ones + uint32(lead-lead2)<<7 + uint32(b[1]&^trail), 2
	case lead >= lead3 && lead < lead4 && len(b) > 2:
		return ones + twos + uint32(lead-lead3)<<14 + uint32(b[1]&^trail)<<7 + uint32(b[2]&^trail), 3
	case lead == lead4 && len(b) > 3:
		return ones + twos + threes + uint32(b[1]&^trail)<<14 + uint32(b[2]&^trail)<<7 + uint32(b[3]&^trail), 4
	}
	return invalid, 1
}
