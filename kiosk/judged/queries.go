package judged

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
)

//go:embed wants.tsv
var wantsTable string

//go:embed judged.tsv
var judgedTable string

// Kind is the way in which a query is put, or what it is about.
type Kind string

// None is the kind of the queries that no board of this sort has an answer for:
// whatever is found for one is found wrongly.
const None Kind = "none"

// kinds are all kinds in the order of the tables.
var kinds = []Kind{
	"typed", "town+occupation", "lay", "colloquial", "old-name", "sentence", "benefit", "certificate",
	"pinyin", "initials", "mixed", "fuzzy-pinyin", "polyphone", "homophone", "missing-character",
	"wrong-character", "single-character", "ascii", "english", "employer", "misspelt-employer", None,
}

// Query is what somebody types, with the judgement of what answers it.
type Query struct {
	Kind  Kind
	Text  string
	grade judge
}

// Grade returns how well the posting answers the query: Right, Acceptable or
// Wrong. It does not look at Description, which the postings of a list lack.
func (q Query) Grade(p *kiosk.Posting) int { return q.grade(p) }

// Queries returns all judged queries in the order of the table.
func Queries() []Query {
	list, err := read(wantsTable, judgedTable)
	if err != nil {
		panic("judged: " + err.Error()) // ours; the tests read every line
	}
	return list
}

// Answerable returns those queries that a right answer is open for among the
// postings at the time now, and those of the kind None. The others cannot tell
// anything about a search of that board.
func Answerable(queries []Query, postings []kiosk.Posting, now time.Time) []Query {
	var out []Query
	for _, q := range queries {
		right := func(p kiosk.Posting) bool { return p.Open(now) && q.grade(&p) == Right }
		if q.Kind == None || slices.ContainsFunc(postings, right) {
			out = append(out, q)
		}
	}
	return out
}

// read reads the two tables and returns every error with its line.
func read(wantsText, judgedText string) ([]Query, error) {
	var errs []error
	named := wants{}
	for n, f := range rows(wantsText) {
		if err := named.add(f); err != nil {
			errs = append(errs, fmt.Errorf("wants.tsv, line %d: %w", n, err))
		}
	}
	var list []Query
	seen := map[string]bool{}
	for n, f := range rows(judgedText) {
		q, err := named.query(f)
		if err == nil && seen[q.Text] {
			err = fmt.Errorf("%s stands there twice", q.Text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("judged.tsv, line %d: %w", n, err))
			continue
		}
		seen[q.Text] = true
		list = append(list, q)
	}
	return list, errors.Join(errs...)
}

// rows gives the lines of a table that are no comments, parted, with their
// numbers.
func rows(table string) func(yield func(int, []string) bool) {
	return func(yield func(int, []string) bool) {
		n := 0
		for line := range strings.Lines(table) {
			n++
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if !yield(n, strings.Split(line, "\t")) {
				return
			}
		}
	}
}

// add adds a line of wants.tsv: name, right, acceptable.
func (w wants) add(f []string) error {
	if len(f) != 3 {
		return fmt.Errorf("%d columns, not 3", len(f))
	}
	if w[f[0]] != nil {
		return fmt.Errorf("%s stands there twice", f[0])
	}
	right, err := w.parse(f[1])
	if err != nil {
		return err
	}
	near, err := w.parse(f[2])
	if err != nil {
		return err
	}
	w[f[0]] = twoLevels(right, near)
	return nil
}

// query makes a query of a line of judged.tsv: kind, text, right.
func (w wants) query(f []string) (Query, error) {
	if len(f) != 3 {
		return Query{}, fmt.Errorf("%d columns, not 3", len(f))
	}
	q := Query{Kind: Kind(f[0]), Text: f[1]}
	var err error
	switch q.grade, err = w.parse(f[2]); {
	case err != nil:
		return Query{}, err
	case !slices.Contains(kinds, q.Kind):
		return Query{}, fmt.Errorf("there is no kind %q", q.Kind)
	case q.Text == "" || strings.TrimSpace(q.Text) != q.Text:
		return Query{}, fmt.Errorf("the text %q is empty or has spaces around it", q.Text)
	case (q.Kind == None) != (f[2] == "-"):
		return Query{}, fmt.Errorf("%s: no answer is right for the kind %s, and for that only", q.Text, None)
	}
	return q, nil
}
