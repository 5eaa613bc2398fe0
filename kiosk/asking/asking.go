// Package asking knows the words in which people ask for work: those that mean
// something of a posting's fields (包住, 长白班, 工资六千以上) and those that mean
// nothing of the work (想找, 有没有, 的工作). Both are tables, see their headers.
package asking

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"jobhome/kiosk"
)

//go:embed means.tsv
var meansTable string

//go:embed empty.tsv
var emptyTable string

// Word is a word with a meaning.
type Word struct {
	Text    string
	Meaning kiosk.Meaning // none for a word that is looked for in words only
	Forms   []string      // other words that will do as well
}

// ErrTable is wrapped by every error about a line of a table.
var ErrTable = errors.New("bad line in the table of asking")

type tables struct {
	means map[string]Word
	words []Word // in the order of the table
	empty map[string]bool
}

var built = sync.OnceValue(func() tables {
	t, err := read(meansTable, emptyTable)
	if err != nil {
		panic("asking: " + err.Error()) // ours; the tests read every line
	}
	return t
})

// Words returns the words that have a meaning, as the table has them.
func Words() []Word { return slices.Clone(built().words) }

// Of returns what a word means. A sum of money that is said to be pay means that
// much at least.
func Of(word string) (Word, bool) {
	if w, ok := built().means[strings.ToLower(word)]; ok {
		return w, true
	}
	if pay, ok := payOf(word); ok {
		return Word{Text: word, Meaning: kiosk.Meaning{PayAtLeast: pay}}, true
	}
	return Word{}, false
}

// Empty reports whether a word says nothing about the work.
func Empty(word string) bool { return built().empty[word] }

// read reads the tables, and returns every error of theirs.
func read(means, empty string) (tables, error) {
	t := tables{means: map[string]Word{}, empty: map[string]bool{}}
	var errs []error
	for n, line := range lines(means) {
		w, err := parse(line)
		key := strings.ToLower(w.Text)
		if _, twice := t.means[key]; err == nil && twice {
			err = fmt.Errorf("%s stands there twice", w.Text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%w, means.tsv, line %d: %w", ErrTable, n, err))
			continue
		}
		t.means[key], t.words = w, append(t.words, w)
	}
	for n, line := range lines(empty) {
		_, means := t.means[line]
		if line == "" || strings.ContainsAny(line, " \t") || t.empty[line] || means {
			errs = append(errs, fmt.Errorf("%w, empty.tsv, line %d: %q is no word, or stands there already", ErrTable, n, line))
		}
		t.empty[line] = true
	}
	return t, errors.Join(errs...)
}

// lines gives the lines that are no comments, each with its number.
func lines(table string) func(yield func(n int, line string) bool) {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(table) {
			n++
			if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") && !yield(n, line) {
				return
			}
		}
	}
}

func parse(line string) (Word, error) {
	f := strings.Split(line, "\t")
	if len(f) != 3 || f[0] == "" || f[1] == "" || f[2] == "" || strings.Contains(f[0], " ") {
		return Word{}, fmt.Errorf("%q is not a word, what it means and a reviewer", line)
	}
	w := Word{Text: f[0]}
	if f[1] == "-" {
		return w, nil
	}
	for condition := range strings.FieldsSeq(f[1]) {
		if err := w.add(condition); err != nil {
			return w, fmt.Errorf("%s: %w", w.Text, err)
		}
	}
	return w, nil
}

func (w *Word) add(condition string) (err error) {
	m := &w.Meaning
	name, value, _ := strings.Cut(condition, "=")
	values := strings.Split(value, "|")
	switch name {
	case "benefit":
		m.Benefits, err = kiosk.ParseBenefits(values)
	case "shift":
		m.Shifts, err = kiosk.ParseShifts(values)
	case "channel":
		for _, v := range values {
			if m.Channels = append(m.Channels, kiosk.Channel(v)); !kiosk.Channel(v).Valid() {
				err = fmt.Errorf("there is no channel %q", v)
			}
		}
	case "occ":
		for _, v := range values {
			if m.Occupations = append(m.Occupations, v); err == nil {
				err = kiosk.Occupation{Code: v}.Check()
			}
		}
	case "pay":
		var yuan int64
		yuan, err = strconv.ParseInt(value, 10, 32)
		m.PayAtLeast = kiosk.Yuan(yuan)
	case "school":
		var level int
		level, err = strconv.Atoi(value)
		if m.Education = kiosk.Education(level); err == nil && (level == 0 || !m.Education.Valid()) {
			err = fmt.Errorf("there is no schooling %d", level)
		}
	case "untrained":
		m.Untrained = true
	case "text":
		w.Forms = values
	default:
		err = fmt.Errorf("%q is no condition", condition)
	}
	return err
}
