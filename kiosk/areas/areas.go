// Package areas names administrative divisions by their code: provinces,
// cities and counties of China by GB/T 2260, and the towns and streets of
// Jiangxi by GB/T 10114.
//
// The table is taken from github.com/modood/Administrative-divisions-of-China
// (statistics of 2023), which is under the WTFPL; see LICENSE beside it.
package areas

import (
	_ "embed"
	"iter"
	"sort"
	"strings"

	"jobhome/kiosk"
)

// table holds "code TAB name" lines in the order of their codes as strings.
//
//go:embed areas.tsv
var table string

// Name returns the area's own name, e.g. "茶山街道" for 360482001. A village
// gets the name of its town. Empty when the code is not in the table.
func Name(a kiosk.Area) string {
	if len(a) > 9 {
		a = a[:9]
	}
	if a == "" {
		return ""
	}
	// Binary search over bytes: the table is never turned into a map, which
	// would cost more memory than the whole table.
	key := string(a) + "\t"
	n := sort.Search(len(table), func(i int) bool { return table[lineStart(i):] >= key })
	if n == len(table) {
		return ""
	}
	line := table[lineStart(n):]
	if !strings.HasPrefix(line, key) {
		return ""
	}
	name, _, _ := strings.Cut(line[len(key):], "\n")
	return name
}

// All gives every area of the table with its own name, in the order of the
// codes as strings.
func All() iter.Seq2[kiosk.Area, string] {
	return func(yield func(kiosk.Area, string) bool) {
		for line := range strings.Lines(table) {
			code, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			if !yield(kiosk.Area(code), name) {
				return
			}
		}
	}
}

// lineStart returns where the line that holds byte i begins.
func lineStart(i int) int { return strings.LastIndexByte(table[:i], '\n') + 1 }

// Full returns the names from the province down, e.g. "江西省九江市共青城市茶山街道".
// Levels without a name of their own are left out.
func Full(a kiosk.Area) string {
	var b strings.Builder
	for _, n := range []int{2, 4, 6, 9} {
		if len(a) < n {
			break
		}
		switch name := Name(a[:n]); name {
		case "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划":
			// names of mere rows in the statistics, not of places
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}
