package lexicon

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// boardCodes are the codes and names that the demonstration board's postings
// have.
func boardCodes(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("../demo/jobs.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Split(line, " | "); line[0] != '#' && len(f) > 2 {
			names[f[1]] = f[0]
		}
	}
	return names
}

func TestSynonyms(t *testing.T) {
	list, err := ParseSynonyms(strings.NewReader(synonymsTable))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 250 {
		t.Errorf("only %d lines", len(list))
	}
	codes := boardCodes(t)
	for _, s := range list {
		if s.Occupation.Code != codes[s.Occupation.Name] {
			t.Errorf("%s: %s has the code %q on the board, not %q", s.Word, s.Occupation.Name, codes[s.Occupation.Name], s.Occupation.Code)
		}
		for _, w := range []string{"阿姨", "小哥", "大爷", "小姐", "女工", "妹", "嫂子"} {
			if strings.Contains(s.Word, w) && !s.Hidden {
				t.Errorf("%s names sex or age and would be suggested", s.Word)
			}
		}
	}
	// Outdated and impolite names are found, and never said.
	for _, w := range []string{"保姆", "小工", "打杂", "跑堂", "厨子", "看门"} {
		i := slices.IndexFunc(list, func(s Synonym) bool { return s.Word == w })
		if i < 0 || !list[i].Hidden {
			t.Errorf("%s is not found, or would be suggested", w)
		}
	}
	if len(Synonyms()) != len(list) {
		t.Error("Synonyms is not the table")
	}
}

func TestParseSynonymsRefuses(t *testing.T) {
	good := "普工\t操作工\t-\t-\t-\n"
	for _, tt := range []struct{ table, want string }{
		{"普工 操作工\n", "line 1: 1 columns"},
		{good + "普工\t缝纫工\t-\t-\t-\n", "line 2: 普工 already stands in line 1"},
		{good + "厂工\t普工\t-\t-\t-\n", "line 2: 普工 is a lay word in line 1"},
		{good + "操作工\t缝纫工\t-\t-\t-\n", "line 2: 操作工 is an occupation in line 1"},
		{good + "厂工\t操作工\t6-05\t-\t-\n", `line 2: 操作工 had the code "" before`},
		{"操作工\t操作工\t-\t-\t-\n", "line 1: 操作工 is said to mean itself"},
		{"#\nQC\t质检员\t6-5\t-\t-\n", "line 2: occupation code"},
		{"QC\t质检员\t-\tyes\t-\n", `column 4 is "yes"`},
		{" QC\t质检员\t-\t-\t-\n", "column 1 is empty or has spaces"},
		{"QC\t质检员\t-\t-\t\n", "column 5 is empty"},
		{"QC\t质检员\t-\t-\t-\r\nqc\t质检员\t-\t-\t-\n", "line 2: qc already stands in line 1"},
		{"Q C\t质检员\t-\t-\t-\n", `"Q C" is not 1 to 16`},
		{"-\t质检员\t-\t-\t-\n", `"" is not 1 to 16`},
		{"\n", "line 1: 1 columns"},
		{"\xff\t质检员\t-\t-\t-\n", "not UTF-8"},
	} {
		_, err := ParseSynonyms(strings.NewReader(tt.table))
		if !errors.Is(err, ErrSynonym) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.table, err, tt.want)
		}
	}
	list, err := ParseSynonyms(strings.NewReader("x\n" + good + "y\n"))
	if len(list) != 1 || err == nil || strings.Count(err.Error(), ", line ") != 2 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestAddLay(t *testing.T) {
	terms := []Term{
		{Text: "网约配送员", Kind: Occupation, Count: 30, Code: "4-10-08-01"},
		{Text: "起重机司机", Kind: Occupation, Count: 8, Code: "6-30-05-01"},
		{Text: "骑手", Kind: Occupation, Count: 5},
	}
	d := New(AddLay(terms, Synonyms()))
	hit := func(q string) Hit {
		t.Helper()
		hits := d.Lookup(q, 1)
		if len(hits) == 0 {
			t.Fatalf("%s finds nothing", q)
		}
		return hits[0]
	}
	if h := hit("跑腿"); h.Means != "网约配送员" || h.Kind != Lay || h.Count != 30 || h.Hidden {
		t.Errorf("跑腿: %+v", h)
	}
	if h := hit("songwaimai"); !h.Hidden || h.Means != "网约配送员" || h.Code != "4-10-08-01" {
		t.Errorf("songwaimai: %+v", h)
	}
	if h := hit("chache"); h.Means != "起重装卸机械操作工" || h.Count != 8 { // by its code
		t.Errorf("chache: %+v", h)
	}
	if h := hit("骑手"); h.Kind != Occupation || h.Count != 5 || h.Means != "网约配送员" {
		t.Errorf("a title that is a lay word: %+v", h)
	}
	if hits := d.Lookup("保安", 5); len(hits) > 0 && !hits[0].How.Guess() {
		t.Errorf("a lay word for what the board has not: %v", hits)
	}
	if terms[2].Means != "" {
		t.Error("the given slice was changed")
	}
}
