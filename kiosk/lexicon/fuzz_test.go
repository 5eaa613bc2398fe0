package lexicon

import (
	"strings"
	"testing"
)

func FuzzLookup(f *testing.F) {
	for _, q := range []string{
		"frg", "缝rg", "f人g", "逢任工", "fengremgong", "ＣＮＣ", "xi'an", "lüse", "\xff", "？", "𣲗𣲗", strings.Repeat("n", 99), "zhengzhengzhengzhengzhengzheng", "5S", "ß", "İ",
	} {
		f.Add(q, 10)
	}
	_, d := boardDict(f)
	f.Fuzz(func(t *testing.T, q string, limit int) {
		hits := d.Lookup(q, limit)
		if len(hits) > max(limit, 0) {
			t.Fatalf("%d hits of %d", len(hits), limit)
		}
		checkHits(t, q, hits, limit)
		for _, h := range hits {
			if again := d.Lookup(h.Text, 1); len(again) != 1 || again[0].How != Exact {
				t.Fatalf("%q finds %s, which does not find itself: %v", q, h.Text, again)
			}
		}
	})
}

func FuzzParseSynonyms(f *testing.F) {
	f.Add("普工\t操作工\t-\t-\t-\n")
	f.Add("# \nQC\t质检员\t6-31-03-05\thidden\tab\n\n")
	f.Add("a\tb\tc\td\te\n\xff\t\t\t\t\n")
	f.Fuzz(func(t *testing.T, table string) {
		list, err := ParseSynonyms(strings.NewReader(table))
		seen := map[string]bool{}
		for _, s := range list {
			if w := normalise(s.Word); w == "" || seen[w] || w == normalise(s.Occupation.Name) {
				t.Fatalf("%+v is taken", s)
			}
			seen[normalise(s.Word)] = true
		}
		if err == nil && len(list) == 0 && strings.Trim(table, "\n") != "" && !strings.Contains(table, "#") {
			t.Fatalf("%q gives nothing and no error", table)
		}
	})
}

func FuzzReadings(f *testing.F) {
	f.Add("会计行长")
	f.Add("\x00a中")
	r := newReader()
	f.Fuzz(func(t *testing.T, s string) {
		n := normalise(s)
		for _, list := range r.readings(cut(n, mostRunes), mostReadings) {
			if len(list) != runeCount(cut(n, mostRunes)) {
				t.Fatalf("%q: %d syllables", s, len(list))
			}
			for _, v := range list {
				if v.plain == "" || v.folded == "" {
					t.Fatalf("%q: an empty syllable", s)
				}
			}
		}
	})
}
