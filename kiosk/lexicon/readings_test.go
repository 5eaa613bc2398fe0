package lexicon

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadings(t *testing.T) {
	for text, want := range map[string]string{
		"会计":    "kuai ji",
		"银行柜员":  "yin hang gui yuan",
		"厦门":    "xia men",
		"重庆":    "chong qing",
		"校对":    "jiao dui",
		"模具工":   "mu ju gong",
		"长沙":    "chang sha",
		"音乐":    "yin yue",
		"调度":    "diao du",
		"空调安装工": "kong tiao an zhuang gong",
		"绿化工":   "lv hua gong",
		"CNC":   "c n c",
		"店长":    "dian zhang",
	} {
		if got := Readings(text); got[0] != want {
			t.Errorf("%s is read %q, want %q", text, got[0], want)
		}
	}
	for _, list := range [][]string{Readings("会计"), Readings("行长行长行长行长")} {
		if len(list) > mostReadings || len(slices.Compact(slices.Sorted(slices.Values(list)))) != len(list) {
			t.Errorf("too many readings or one twice: %q", list)
		}
	}
	if !slices.Contains(Readings("会计"), "hui ji") || !slices.Contains(Readings("模具"), "mo ju") {
		t.Error("the other readings of a known word's characters are not tried")
	}
}

// TestReadingsTable: every line reads a word in another way than its characters
// are commonly read, and none stands twice.
func TestReadingsTable(t *testing.T) {
	r := newReader()
	bare := &reader{lists: r.lists, han: r.han, lone: r.lone}
	seen := map[string]bool{}
	for line := range strings.Lines(readingsTable) {
		if line[0] == '#' {
			continue
		}
		word, syllables, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || seen[word] || utf8.RuneCountInString(word) < 2 {
			t.Errorf("%q is no line, stands twice or has one character", line)
		}
		seen[word] = true
		var common []string
		for _, s := range bare.readings(word, 1)[0] {
			common = append(common, s.plain)
		}
		if strings.Join(common, " ") == syllables {
			t.Errorf("%s is read so without a line", word)
		}
		for i, s := range strings.Fields(syllables) {
			if !isLetters(s) || len(s) > longestSyllable {
				t.Errorf("%s: syllable %d is %q", word, i+1, s)
			}
		}
	}
}

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"zhuang": "zuan", "chang": "can", "shi": "si", "nan": "lan", "lan": "lan", "ling": "lin", "zh": "z", "ng": "l",
		"lv": "lu", "hong": "hon", "gong": "gon", "": "", "h": "h",
	} {
		if got := fold(s); got != want {
			t.Errorf("%s folds to %s, want %s", s, got, want)
		}
		if fold(fold(s)) != fold(s) {
			t.Errorf("%s folds further", s)
		}
	}
}

func TestOneOff(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"缝纫工", "缝工", true},
		{"缝工", "缝纫工", true},
		{"缝纫工", "缝大工", true},
		{"缝纫工", "纫缝工", true},
		{"缝纫工", "缝纫", true},
		{"缝纫工", "缝纫工", false},
		{"缝纫工", "工纫缝", false},
		{"缝纫工", "工", false},
		{"", "工", true},
		{"ab", "cd", false},
	} {
		if oneOff(tt.a, tt.b) != tt.want {
			t.Errorf("%s and %s: %v", tt.a, tt.b, !tt.want)
		}
	}
}
