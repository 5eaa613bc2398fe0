// Package spell finds the words of a board for what somebody types without the
// characters themselves: pinyin, initials, a wrong or a missing character, or a
// lay word for an occupation. The dictionary is made of the postings that are
// there, so it offers nothing that the board does not have.
package spell

import (
	"strings"
	"sync/atomic"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
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
	all := make([]lexicon.Term, 0, len(counts))
	for k, n := range counts {
		all = append(all, lexicon.Term{Text: k.text, Kind: k.kind, Count: n, Code: codes[k]})
	}
	return all
}

// Word is a word that the board has for a text.
type Word struct {
	Text  string // what to search for
	Guess bool   // it may be meant: the text is not in it, nor its sound
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
	for _, h := range dict.Lookup(text, 4*n) {
		word := h.Means // a lay word leads to what it means
		if word == "" {
			word = h.Text
		}
		if seen[word] || h.Hidden && h.Means == "" {
			continue
		}
		seen[word] = true
		if out = append(out, Word{word, h.How.Guess()}); len(out) == n {
			break
		}
	}
	return out
}
