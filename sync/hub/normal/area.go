package normal

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
)

//go:embed aliases.tsv
var aliasTable string

// placeName is what one name may stand for.
type placeName struct {
	codes []kiosk.Area
	note  Reason // of an alias
	short bool   // without 省, 市, 县: too common a word for an address
}

type gazetteer struct {
	names   map[string]placeName
	longest int // characters of the longest name
}

var places = sync.OnceValue(func() gazetteer {
	g := gazetteer{names: map[string]placeName{}}
	for code, name := range areas.All() {
		if slices.Contains([]string{"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}, name) {
			continue // rows of the statistics, no places
		}
		g.add(name, code, placeName{})
		g.add(shortName(name), code, placeName{short: true})
	}
	for line := range strings.Lines(aliasTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 || strings.HasPrefix(line, "#") {
			continue // the tests read every line
		}
		note := AreaZone
		if f[2] == "old" {
			note = AreaOldName
		}
		g.names[fold(f[0])] = placeName{codes: []kiosk.Area{kiosk.Area(f[1])}, note: note}
		g.longest = max(g.longest, utf8.RuneCountInString(f[0]))
	}
	return g
})

func (g *gazetteer) add(name string, code kiosk.Area, p placeName) {
	n := utf8.RuneCountInString(name)
	if n < 2 {
		return
	}
	old, there := g.names[name]
	if there && !old.short && p.short {
		return // a full name of one place is not the short one of another
	}
	if there && old.short && !p.short {
		old = placeName{}
	}
	old.short, old.codes = p.short, append(old.codes, code)
	g.names[name] = old
	g.longest = max(g.longest, n)
}

var placeEnds = []string{
	"壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "自治州", "自治县", "街道办事处", "街道", "地区", "省", "市", "区", "县", "镇", "乡",
}

func shortName(name string) string {
	for _, end := range placeEnds {
		if s, ok := strings.CutSuffix(name, end); ok {
			return s
		}
	}
	return ""
}

// Area reads the cell of a place: a code by GB/T 2260, or names from the
// province down, as many as are given, with or without 省, 市 and 县. Of several
// places with one name, the one in the city of near is taken. The error is
// AreaUnread or AreaAmbiguous.
func Area(text string, near kiosk.Area) (kiosk.Area, []Reason, error) {
	s := strings.TrimSuffix(tight(text), ".0")
	if s != "" && strings.Trim(s, "0123456789") == "" {
		a, ok := areaCode(s)
		if !ok {
			return "", nil, AreaUnread
		}
		return a, nil, nil
	}
	return findArea(s, near, true)
}

// Place finds the area that an address names. It takes only full names, since
// 和平 and 朝阳 are streets too. The errors are those of [Area].
func Place(address string, near kiosk.Area) (kiosk.Area, []Reason, error) {
	return findArea(tight(address), near, false)
}

// areaCode reads a code that may have noughts where nothing finer is meant.
func areaCode(s string) (kiosk.Area, bool) {
	for len(s) == 12 && strings.HasSuffix(s, "000") || len(s) == 9 && strings.HasSuffix(s, "000") {
		s = s[:len(s)-3]
	}
	for len(s) == 6 && strings.HasSuffix(s, "00") || len(s) == 4 && strings.HasSuffix(s, "00") {
		s = s[:len(s)-2]
	}
	a := kiosk.Area(s)
	return a, a.Check() == nil && areas.Name(a[:min(6, len(a))]) != ""
}

// findArea looks for the area that most of the names in a text agree on.
func findArea(s string, near kiosk.Area, short bool) (kiosk.Area, []Reason, error) {
	found := namesIn(s, short)
	if len(found) == 0 {
		return "", nil, AreaUnread
	}
	best, score, twice := kiosk.Area(""), -1, false
	var note Reason
	for _, f := range found {
		for _, code := range f.codes {
			n := 100*agreeing(found, code) + 10*len(code)
			if near != "" && (code.Within(cityOf(near)) || near.Within(code)) {
				n += 50
			}
			switch {
			case n > score:
				best, score, twice, note = code, n, false, f.note
			case n == score && code != best:
				twice = true
			}
		}
	}
	if twice {
		return "", nil, AreaAmbiguous
	}
	if note == "" {
		if note = zoneIn(s); note == "" || len(best) > 6 {
			return best, nil, nil
		}
	}
	return best, []Reason{note}, nil
}

// cityOf is the city of an area, or the area where it is coarser.
func cityOf(a kiosk.Area) kiosk.Area { return a[:min(4, len(a))] }

// agreeing counts the names that may be the area or one around it.
func agreeing(found []placeName, code kiosk.Area) int {
	n := 0
	for _, f := range found {
		if slices.ContainsFunc(f.codes, code.Within) {
			n++
		}
	}
	return n
}

// namesIn cuts a text into the names that the gazetteer has, longest first.
func namesIn(s string, short bool) []placeName {
	g := places()
	var found []placeName
	rs := []rune(s)
	for i := 0; i < len(rs); {
		n := min(g.longest, len(rs)-i)
		for ; n > 1; n-- {
			if p, ok := g.names[string(rs[i:i+n])]; ok && (short || !p.short) {
				found = append(found, p)
				break
			}
		}
		i += max(n, 1)
	}
	return found
}

// zoneIn tells whether a text names a zone that has no code.
func zoneIn(s string) Reason {
	for _, w := range []string{"开发区", "高新区", "经开区", "工业园", "产业园", "科技园", "保税区", "新区"} {
		if strings.Contains(s, w) {
			return AreaZone
		}
	}
	return ""
}
