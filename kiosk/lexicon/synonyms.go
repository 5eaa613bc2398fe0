package lexicon

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
)

//go:embed synonyms.tsv
var synonymsTable string

// Synonym is a line of synonyms.tsv: a lay word and the occupation it means.
type Synonym struct {
	Word       string
	Occupation kiosk.Occupation // without a code when the word is too wide for one
	Hidden     bool             // to be found, not to be suggested
	Reviewer   string           // who has checked the line, or ""
}

// ErrSynonym is wrapped by every error about a line of a synonym table.
var ErrSynonym = errors.New("bad line in the synonym table")

const (
	synonymColumns = 5
	longestWord    = 16 // characters
)

// Synonyms returns the table that the program was built with.
func Synonyms() []Synonym {
	list, err := ParseSynonyms(strings.NewReader(synonymsTable))
	if err != nil {
		panic("lexicon: " + err.Error()) // ours; the tests read every line
	}
	return list
}

// ParseSynonyms reads a table as synonyms.tsv describes it. It returns every
// error, each with its line number; the list has the lines that are right.
func ParseSynonyms(r io.Reader) ([]Synonym, error) {
	t := table{words: map[string]int{}, codes: map[string]string{}, targets: map[string]int{}}
	var errs []error
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		if err := t.add(n, line); err != nil {
			errs = append(errs, fmt.Errorf("%w, line %d: %w", ErrSynonym, n, err))
		}
	}
	if err := lines.Err(); err != nil {
		errs = append(errs, fmt.Errorf("read the synonym table: %w", err))
	}
	return t.list, errors.Join(errs...)
}

// table is what the lines so far say.
type table struct {
	list    []Synonym
	words   map[string]int    // normalised, to the line
	targets map[string]int    // the same for occupations
	codes   map[string]string // occupation to code
}

func (t *table) add(n int, line string) error {
	s, err := parseLine(line)
	if err != nil {
		return err
	}
	word, name := normalise(s.Word), s.Occupation.Name
	code, known := t.codes[name]
	switch {
	case word == normalise(name):
		return fmt.Errorf("%s is said to mean itself", s.Word)
	case t.words[word] != 0:
		return fmt.Errorf("%s already stands in line %d", s.Word, t.words[word])
	case t.targets[word] != 0:
		return fmt.Errorf("%s is an occupation in line %d", s.Word, t.targets[word])
	case t.words[normalise(name)] != 0:
		return fmt.Errorf("%s is a lay word in line %d", name, t.words[normalise(name)])
	case known && code != s.Occupation.Code:
		return fmt.Errorf("%s had the code %q before, not %q", name, code, s.Occupation.Code)
	}
	t.words[word], t.targets[normalise(name)], t.codes[name] = n, n, s.Occupation.Code
	t.list = append(t.list, s)
	return nil
}

func parseLine(line string) (Synonym, error) {
	f := strings.Split(line, "\t")
	if len(f) != synonymColumns {
		return Synonym{}, fmt.Errorf("%d columns, not %d", len(f), synonymColumns)
	}
	for i, v := range f {
		if v == "" || v != strings.TrimSpace(v) || !utf8.ValidString(v) {
			return Synonym{}, fmt.Errorf("column %d is empty or has spaces around it or is not UTF-8", i+1)
		}
		if v == "-" {
			f[i] = ""
		}
	}
	s := Synonym{Word: f[0], Occupation: kiosk.Occupation{Name: f[1], Code: f[2]}, Reviewer: f[4]}
	for _, w := range []string{s.Word, s.Occupation.Name} {
		if n := utf8.RuneCountInString(w); n < 1 || n > longestWord || normalise(w) != strings.ToLower(w) {
			return Synonym{}, fmt.Errorf("%q is not 1 to %d characters, letters or digits", w, longestWord)
		}
	}
	if s.Occupation.Code != "" {
		if err := s.Occupation.Check(); err != nil {
			return Synonym{}, err
		}
	}
	switch f[3] {
	case "":
	case "hidden":
		s.Hidden = true
	default:
		return Synonym{}, fmt.Errorf("column 4 is %q, not hidden or -", f[3])
	}
	return s, nil
}

// AddLay returns the terms and the lay words for those of them that the board
// has: a word whose occupation no term names is left out, so that nothing is
// suggested that is not there. A lay word has the count of its occupation. A
// term that is a lay word itself (a title 保安) is kept, and told what it means.
// The given slice is not changed.
func AddLay(terms []Term, list []Synonym) []Term {
	out := append([]Term(nil), terms...)
	byText, byCode := map[string]int{}, map[string]int{}
	for i, t := range terms {
		if t.Kind != Occupation {
			continue
		}
		byText[normalise(t.Text)] = i
		if j, ok := byCode[t.Code]; t.Code != "" && (!ok || terms[j].Count < t.Count) {
			byCode[t.Code] = i
		}
	}
	for _, s := range list {
		i, ok := byText[normalise(s.Occupation.Name)]
		if !ok {
			if i, ok = byCode[s.Occupation.Code]; !ok {
				continue
			}
		}
		if j, ok := byText[normalise(s.Word)]; ok {
			if out[j].Means == "" {
				out[j].Means = s.Occupation.Name
			}
			if out[j].Code == "" {
				out[j].Code = s.Occupation.Code
			}
			continue
		}
		out = append(out, Term{
			Text: s.Word, Kind: Lay, Count: terms[i].Count, Hidden: s.Hidden,
			Means: s.Occupation.Name, Code: s.Occupation.Code,
		})
	}
	return out
}
