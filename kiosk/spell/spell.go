// Package spell finds the words of a board for what somebody types without the
// characters themselves: pinyin, initials, a wrong or a missing character, or a
// lay word for an occupation. The dictionary is made of the postings that are
// there, so it offers nothing that the board does not have.
package spell

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/asking"
	"jobhome/kiosk/lexicon"
)

// Speller holds the dictionary of one board. Its methods may be called from any
// goroutine; without a board it finds nothing.
type Speller struct {
	dict   atomic.Pointer[words]
	making atomic.Bool
	again  atomic.Bool
}

// Make makes the dictionary anew from postings, which takes some tenths of a
// second for a large board, so it is done beside. A second call meanwhile is
// remembered; postings is called again then.
func (s *Speller) Make(postings func() []kiosk.Posting) {
	s.again.Store(true)
	if !s.making.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer s.making.Store(false)
		for s.again.Swap(false) {
			s.dict.Store(newWords(postings()))
		}
	}()
}

// Ready reports whether there is a dictionary.
func (s *Speller) Ready() bool { return s.dict.Load() != nil }

// New returns a speller for some postings.
func New(postings []kiosk.Posting) *Speller {
	var s Speller
	s.dict.Store(newWords(postings))
	return &s
}

// terms are the words of some postings.
func terms(postings []kiosk.Posting) []lexicon.Term {
	type key struct {
		kind lexicon.Kind
		text string
	}
	counts := map[key]int{}
	codes := map[key]string{}
	add := func(kind lexicon.Kind, text, code string) {
		if text = strings.TrimSpace(text); text != "" {
			counts[key{kind, text}]++
			codes[key{kind, text}] = code
		}
	}
	for i := range postings {
		p := &postings[i]
		add(lexicon.Occupation, p.Occupation.Name, p.Occupation.Code)
		if head := kiosk.HeadWords(p.Title); head != p.Occupation.Name {
			add(lexicon.Occupation, head, "")
		}
		add(lexicon.Town, areas.Name(p.Area.Town()), "")
		add(lexicon.Employer, p.Employer.Name, "")
	}
	for _, w := range asking.Words() {
		// After the kinds of work that sound alike, unless it is one.
		if n := asked(postings, w); n > 0 && len([]rune(w.Text)) > 1 {
			k, exact := key{lexicon.Benefit, w.Text}, 1
			if len(w.Meaning.Occupations) > 0 || w.Meaning.None() {
				k.kind, exact = lexicon.Trade, n
			}
			counts[k] = exact
		}
	}
	all := make([]lexicon.Term, 0, len(counts))
	for k, n := range counts {
		all = append(all, lexicon.Term{Text: k.text, Kind: k.kind, Count: n, Code: codes[k]})
	}
	return all
}

// asked counts the postings that have what a word means, or one of its other
// forms in the title.
func asked(postings []kiosk.Posting, w asking.Word) (n int) {
	for i := range postings {
		p := &postings[i]
		inTitle := func(form string) bool { return strings.Contains(p.Title, form) }
		if !w.Meaning.None() && w.Meaning.Fits(p) || slices.ContainsFunc(w.Forms, inTitle) {
			n++
		}
	}
	return n
}

// Word is a word that the board has for a text.
type Word struct {
	Text  string // what to search for
	Guess bool   // it may be meant: the text is not in it, nor its sound
	Typo  bool   // it is a guess of another sound: a character is wrong or missing
	Whole bool   // the text is all of it or of its pinyin, or a beginning that leaves little open
}

// fewLetters is how many letters leave open which word is meant, even when they
// are the beginning of its pinyin.
const fewLetters = 3

func whole(h lexicon.Hit, text string) bool {
	return h.How == lexicon.Exact || h.How == lexicon.Prefix && len(text) > fewLetters
}

// likeliest puts hits that were found in one way by letters in the order in which
// they are likely to be meant: terms of as many characters as there are letters,
// then titles, trades and towns, then lay words, then those that are not shown.
func likeliest(hits []lexicon.Hit, text string) []lexicon.Hit {
	class := func(h lexicon.Hit) int {
		n := 0
		switch {
		case h.Hidden:
			n = 3
		case h.Kind == lexicon.Employer:
			n = 2
		case h.Kind == lexicon.Lay, h.Kind == lexicon.Benefit:
			n = 1
		}
		if utf8.RuneCountInString(h.Text) != len(text) {
			n += 4
		}
		return n
	}
	slices.SortStableFunc(hits, func(a, b lexicon.Hit) int {
		if a.How != b.How || a.How == lexicon.Exact || a.How >= lexicon.Sounds {
			return cmp.Compare(a.How, b.How)
		}
		return cmp.Compare(class(a), class(b))
	})
	return hits
}

// Words are the likeliest words for a text, at most n, each once.
func (s *Speller) Words(text string, n int) []Word {
	known := s.dict.Load()
	if known == nil || n <= 0 {
		return nil
	}
	dict := known.dict
	var out []Word
	seen := map[string]bool{}
	for _, h := range likeliest(dict.Lookup(text, 4*n), text) {
		// A lay word stands for itself, since titles may hold it; what it means is
		// found with it, see Forms. The word that was typed leads to what it means.
		word := h.Text
		if h.Means != "" && (h.Hidden || key(word) == key(text)) {
			word = h.Means
		}
		if seen[word] || h.Hidden && h.Means == "" {
			continue
		}
		seen[word] = true
		if out = append(out, Word{word, h.How.Guess(), h.How == lexicon.Typo, whole(h, text)}); len(out) == n {
			break
		}
	}
	return out
}
