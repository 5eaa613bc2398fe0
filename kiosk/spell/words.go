package spell

import (
	"slices"
	"strings"

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
	list, table := terms(postings), lexicon.Synonyms()
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
	for _, kind := range []string{"街道", "镇", "乡", "区", "县", "市"} {
		if short, ok := strings.CutSuffix(name, kind); ok && len([]rune(short)) > 1 {
			w.places[short] = true
			break
		}
	}
}

// key is the form in which words are compared.
func key(word string) string { return strings.ToLower(strings.TrimSpace(word)) }

// kind notes a kind of work, and what is left of it without who does it.
func (w *words) kind(name string) {
	w.kinds[name] = true
	for _, who := range []string{"师傅", "操作工", "工", "员", "师"} {
		if stem, ok := strings.CutSuffix(name, who); ok && len([]rune(stem)) > 1 {
			w.kinds[stem] = true
			break
		}
	}
}

// Forms returns the other names under which the board has what a lay word or an
// old name means, the official one first, or the other words that kiosk/asking
// has for it; nil for any other word.
func (s *Speller) Forms(word string) []string {
	asked, _ := asking.Of(word)
	if w := s.dict.Load(); w != nil && asked.Forms == nil {
		return w.forms[key(word)]
	}
	return asked.Forms
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
