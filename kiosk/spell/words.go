package spell

import (
	"slices"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/asking"
	"jobhome/kiosk/lexicon"
)

// words is the dictionary of some postings and what else is known of its words.
type words struct {
	dict   *lexicon.Dict
	forms  map[string][]string // of lay words: the occupation's names on the board
	codes  map[string]string   // of occupations and lay words
	places map[string]bool     // counties, towns and streets, also without what they are
	kinds  map[string]bool     // kinds of work: occupations, titles, lay words; also without 工, 员 and the like
	titled map[string]bool     // lay words that kinds of work on the board have in their names
}

func newWords(postings []kiosk.Posting) *words {
	table := lexicon.Synonyms()
	list := terms(postings, table)
	w := &words{
		dict:  lexicon.New(lexicon.AddLay(list, table)),
		forms: map[string][]string{}, codes: map[string]string{}, places: map[string]bool{}, kinds: map[string]bool{}, titled: map[string]bool{},
	}
	names := map[string][]string{} // by code
	for _, t := range list {
		if t.Kind == lexicon.Occupation {
			w.kind(key(t.Text))
		}
		if t.Kind == lexicon.Occupation && t.Code != "" {
			w.codes[key(t.Text)] = t.Code
			names[t.Code] = append(names[t.Code], t.Text)
		}
	}
	for _, n := range names {
		slices.Sort(n)
	}
	for _, s := range table {
		code := s.Occupation.Code
		forms := []string{s.Occupation.Name}
		for _, n := range names[code] {
			if n != s.Occupation.Name && n != s.Word {
				forms = append(forms, n)
			}
		}
		w.forms[key(s.Word)] = forms
		if s.Hidden && slices.ContainsFunc(list, func(t lexicon.Term) bool {
			return t.Kind == lexicon.Occupation && strings.Contains(t.Text, s.Word)
		}) {
			w.titled[key(s.Word)] = true
		}
		w.kinds[key(s.Word)], w.kinds[key(s.Occupation.Name)] = true, true
		if code != "" {
			w.codes[key(s.Word)], w.codes[key(s.Occupation.Name)] = code, code
		}
	}
	for i := range postings {
		a := postings[i].Area
		for _, n := range []int{4, 6, 9} {
			if len(a) >= n {
				w.place(areas.Name(a[:n]))
			}
		}
	}
	return w
}

// place notes a place by its name, and by its name without what it is.
func (w *words) place(name string) {
	if name == "" {
		return
	}
	w.places[name] = true
	w.places[cutEnd(name, ofPlaces)] = true
}

// What ends the names of places, and of those who do a kind of work.
var (
	ofPlaces = []string{"街道", "镇", "乡", "区", "县", "市"}
	ofWork   = []string{"师傅", "操作工", "工", "员", "师"}
)

// cutEnd returns a name without the first of the ends that it has, if two
// characters are left.
func cutEnd(name string, ends []string) string {
	for _, end := range ends {
		if short, ok := strings.CutSuffix(name, end); ok && utf8.RuneCountInString(short) > 1 {
			return short
		}
	}
	return name
}

// stem is a kind of work without who does it, or a place without what it is.
func stem(name string) string { return cutEnd(cutEnd(name, ofWork), ofPlaces) }

// key is the form in which words are compared.
func key(word string) string { return strings.ToLower(strings.TrimSpace(word)) }

// kind notes a kind of work, and what is left of it without who does it.
func (w *words) kind(name string) {
	w.kinds[name], w.kinds[cutEnd(name, ofWork)] = true, true
}

// Forms returns the other names under which the board has what a lay word or an
// old name means, the official one first, or the other words that kiosk/asking
// has for it; nil for any other word.
func (s *Speller) Forms(word string) []string {
	w := s.dict.Load()
	if w == nil {
		return nil
	}
	asked, _ := asking.Of(word)
	if asked.Forms == nil {
		return w.forms[key(word)]
	}
	return slices.DeleteFunc(slices.Clone(asked.Forms), func(form string) bool { return form == key(word) })
}

// Meaning returns what a word means of a posting's fields: what kiosk/asking
// says, or the occupation that a lay word has.
func (s *Speller) Meaning(word string) kiosk.Meaning {
	if asked, ok := asking.Of(word); ok {
		return asked.Meaning
	}
	if w := s.dict.Load(); w != nil && w.forms[key(word)] != nil {
		if code := w.codes[key(word)]; code != "" {
			return kiosk.Meaning{Occupations: []string{code}}
		}
	}
	return kiosk.Meaning{}
}

// Code returns the classification code of an occupation or a lay word for it,
// or "". It knows occupations that the board has no posting of.
func (s *Speller) Code(word string) string {
	if w := s.dict.Load(); w != nil {
		return w.codes[key(word)]
	}
	return ""
}

// Place reports whether a word is a county, town or street of the board, also
// without 镇, 街道 and the like.
func (s *Speller) Place(word string) bool {
	w := s.dict.Load()
	return w != nil && w.places[strings.TrimSpace(word)]
}
