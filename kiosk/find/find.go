package find

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/spell"
)

// Board is what is searched.
type Board interface {
	Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error)
	Suggest(ctx context.Context, text string, n int, now time.Time) ([]kiosk.Suggestion, error)
}

// Speller knows the words of the board, see [spell.Speller].
type Speller interface {
	Words(text string, n int) []spell.Word // the likeliest words for what was typed
	Forms(word string) []string            // what a lay word is called officially
	Meaning(word string) kiosk.Meaning     // what a word means of a posting's fields
	Parts(text string) ([]string, bool)    // the words that a text without spaces asks for; false: not known
	Code(word string) string               // the classification code of an occupation's name
	Place(word string) bool                // whether it is a county, town or street
}

// Finder searches a board. Its methods may be called from any goroutine.
type Finder struct {
	Board Board
	Spell Speller
}

// Try is a query that was tried, and how many rows it has.
type Try struct {
	Step  kiosk.RescueStep // "" for the query itself
	Query kiosk.Query
	Total int
}

// Explanation tells how results came to be.
type Explanation struct {
	Results kiosk.Results
	Query   kiosk.Query // that the rows are of, with all forms of its words
	Tries   []Try       // in their order, the query itself first
}

// Search returns what the board has for the query, and when that is nothing,
// what it has for the nearest query that finds something; see the package. A
// query for what is like a posting is never changed.
func (f *Finder) Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error) {
	e, err := f.Explain(ctx, q)
	return e.Results, err
}

// Explain is Search, and tells what was tried.
func (f *Finder) Explain(ctx context.Context, q kiosk.Query) (Explanation, error) {
	if q.Now.IsZero() {
		q.Now = time.Now()
	}
	if q.Also == nil && q.Means == nil {
		q.Text = strings.Join(typedWords(q.Text), " ")
	}
	q = f.withForms(q)
	res, err := f.Board.Search(ctx, q)
	if err != nil {
		return Explanation{}, fmt.Errorf("find: %w", err)
	}
	e := Explanation{Results: res, Query: q, Tries: []Try{{Query: q, Total: res.Total}}}
	if q.Like != "" {
		return e, nil
	}
	r := rescuer{ctx: ctx, f: f, asked: q, q: q}
	var done *kiosk.Rescue
	if res.Total == 0 {
		done = r.rescue()
	} else if done, err = r.unbury(); done == nil {
		return e, err
	}
	e.Tries = append(e.Tries, r.tries...)
	if r.err != nil {
		return Explanation{}, fmt.Errorf("find: %w", r.err)
	}
	if done == nil {
		return e, nil
	}
	e.Query = done.Query
	if e.Results, err = f.Board.Search(ctx, done.Query); err != nil {
		return Explanation{}, fmt.Errorf("find: %w", err)
	}
	f.sayAs(e.Results.Items, done)
	e.Results.Rescue = done
	return e, nil
}

// withForms returns the query with the official names of its lay words and with
// what its words mean, unless it has forms or meanings of its own.
func (f *Finder) withForms(q kiosk.Query) kiosk.Query {
	if q.Also != nil || q.Means != nil {
		return q
	}
	words := strings.Fields(q.Text)
	also, means := make([][]string, len(words)), make([]kiosk.Meaning, len(words))
	for i, w := range words {
		also[i], means[i] = f.Spell.Forms(w), f.Spell.Meaning(w)
	}
	if slices.ContainsFunc(also, func(forms []string) bool { return len(forms) > 0 }) {
		q.Also = also
	}
	if slices.ContainsFunc(means, func(m kiosk.Meaning) bool { return !m.None() }) {
		q.Means = means
	}
	return q
}

// with returns the query for other words.
func (f *Finder) with(q kiosk.Query, words ...string) kiosk.Query {
	q.Text, q.Also, q.Means = strings.Join(words, " "), nil, nil
	return f.withForms(q)
}

// Suggest returns at most n words that the board has for a text that is being
// typed: those that go on with its last word, and those that it is the pinyin,
// the initials or a lay word of. Likely ones come last, and only when the text
// itself finds nothing. Each has the number of rows of a folded list that a
// search for it shows, none of them by a rescue.
func (f *Finder) Suggest(ctx context.Context, q kiosk.Query, n int) []kiosk.Suggestion {
	words := typedWords(q.Text)
	if len(words) == 0 || n <= 0 {
		return nil
	}
	var out []kiosk.Suggestion
	add := func(text string) {
		if len(out) == n || slices.ContainsFunc(out, func(s kiosk.Suggestion) bool { return s.Text == text }) {
			return
		}
		if count := f.count(ctx, q, text); count > 0 {
			out = append(out, kiosk.Suggestion{Text: text, Count: count})
		}
	}
	known, err := f.Board.Suggest(ctx, q.Text, n, q.Now)
	if err != nil {
		return nil
	}
	for _, s := range known {
		add(s.Text)
	}
	last := len(words) - 1
	before := words[:last:last]
	found := f.count(ctx, q, q.Text) > 0
	for _, w := range f.Spell.Words(words[last], n) {
		if !w.Guess || !found {
			add(strings.Join(append(before, w.Text), " "))
		}
	}
	return out
}

// count is how many rows of a folded list a text has for who asks q; 0 when the
// board fails.
func (f *Finder) count(ctx context.Context, q kiosk.Query, text string) int {
	res, err := f.Board.Search(ctx, f.with(kiosk.Query{Fold: true, Lawful: q.Lawful, Now: q.Now}, typedWords(text)...))
	if err != nil {
		return 0
	}
	return res.Total
}
