package datafs

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// span is blocks, both ends of it included.
type span struct{ first, last int64 }

// Lines of dumpe2fs, of which each group has some.
var (
	groupLine = regexp.MustCompile(`^Group \d+: \(Blocks (\d+)-(\d+)\)`)
	tables    = regexp.MustCompile(`(?:superblock|descriptors|GDT blocks|bitmap|table) at (\d+)(?:-(\d+))?`)
	freeLine  = "  Free blocks: "
)

// usedSpans reads from what dumpe2fs tells which blocks are in use, without the
// tables of the filesystem itself.
func usedSpans(dump []byte) ([]span, error) {
	if !bytes.Contains(dump, []byte("\nBlock size:               4096\n")) {
		return nil, errors.New("dumpe2fs tells of no filesystem with blocks of 4096")
	}
	var used, kept []span
	for line := range strings.Lines(string(dump)) {
		if m := groupLine.FindStringSubmatch(line); m != nil {
			used = append(used, spanOf(m[1], m[2]))
			continue
		}
		if list, ok := strings.CutPrefix(line, freeLine); ok {
			for _, s := range strings.Split(strings.TrimSpace(list), ", ") {
				if from, to, _ := strings.Cut(s, "-"); from != "" {
					kept = append(kept, spanOf(from, to))
				}
			}
			continue
		}
		for _, m := range tables.FindAllStringSubmatch(line, -1) {
			kept = append(kept, spanOf(m[1], m[2]))
		}
	}
	if len(used) == 0 {
		return nil, errors.New("dumpe2fs tells of no groups")
	}
	for _, k := range kept {
		used = without(used, k)
	}
	return used, nil
}

// spanOf reads two numbers, of which the second may be missing.
func spanOf(from, to string) span {
	if to == "" {
		to = from
	}
	first, _ := strconv.ParseInt(from, 10, 64)
	last, err := strconv.ParseInt(to, 10, 64)
	if err != nil {
		last = first
	}
	return span{first, last}
}

// without takes one span out of others.
func without(all []span, k span) []span {
	var left []span
	for _, s := range all {
		if k.last < s.first || k.first > s.last {
			left = append(left, s)
			continue
		}
		if s.first < k.first {
			left = append(left, span{s.first, k.first - 1})
		}
		if k.last < s.last {
			left = append(left, span{k.last + 1, s.last})
		}
	}
	return left
}
