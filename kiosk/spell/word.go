package spell

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk/lexicon"
)

// Word is a word that the board has for a text.
type Word struct {
	Text     string // what to search for
	Guess    bool   // it may be meant: the text is not in it, nor its sound
	Far      bool   // a guess that does not even sound the same
	Whole    bool   // the text is all of it or of its pinyin, or a beginning that leaves little open
	Employer bool   // a name of an employer
	Work     bool   // a kind of work or a place of which the text has a letter for each character
}

// fewLetters is how many letters leave open which word is meant, even when they
// are the beginning of its pinyin.
const fewLetters = 3

// mostLooked is how many terms are looked at for few letters, which many terms
// begin with and others have as initials.
const mostLooked = 100

// Words are the likeliest words for a text, at most n, each once.
func (s *Speller) Words(text string, n int) []Word {
	known := s.dict.Load()
	if known == nil || n <= 0 {
		return nil
	}
	look := 4 * n
	few, single := fewOf(text), utf8.RuneCountInString(text) == 1
	if few {
		look = mostLooked
	}
	var out []Word
	seen := map[string]bool{}
	for _, h := range likeliest(known.dict.Lookup(text, look), text) {
		wish := h.Kind == lexicon.Benefit || h.Kind == lexicon.Trade
		if few && h.How.Guess() || (wish || h.Hidden && single) && h.How >= lexicon.Inside {
			// So few letters sound like too much, so do so many wishes, and one
			// character stands in too many phrases.
			continue
		}
		// A lay word stands for itself, since titles may hold it; what it means is
		// found with it, see Forms. The word that was typed leads to what it means.
		word, whole := h.Text, h.How == lexicon.Exact || h.How == lexicon.Prefix && !few
		if h.Means != "" && (h.Hidden && !known.titled[key(word)] || key(word) == key(text)) {
			word = h.Means
		}
		if seen[word] || h.Hidden && h.Means == "" {
			continue
		}
		seen[word] = true
		work := class(h, text) <= classLay
		if out = append(out, Word{
			Text: word, Guess: h.How.Guess(), Far: far(h, text), Whole: whole, Work: work, Employer: h.Kind == lexicon.Employer,
		}); len(out) == n {
			break
		}
	}
	return out
}

// fewOf reports whether a text is few letters.
func fewOf(text string) bool {
	return len(text) <= fewLetters && utf8.RuneCountInString(text) == len(text)
}

// far reports whether a guess does not sound the same. Near sounds do when they
// have a character of the text.
func far(h lexicon.Hit, text string) bool {
	return h.How == lexicon.Typo || h.How == lexicon.Fuzzy && !strings.ContainsAny(h.Text, text)
}

// The classes of hits by letters, the likeliest first. A term of more characters
// than there are initials is a class of its own below all of these.
const (
	classWork = iota
	classLay
	classOther
	classHidden
	classLonger
)

func class(h lexicon.Hit, text string) int {
	n := classWork
	switch {
	case h.Hidden:
		n = classHidden
	case h.Kind == lexicon.Employer, h.Kind == lexicon.Benefit:
		n = classOther
	case h.Kind == lexicon.Lay:
		n = classLay
	}
	if (h.How == lexicon.Initials || fewOf(text)) && len(text) != utf8.RuneCountInString(h.Text) && len(text) != utf8.RuneCountInString(stem(h.Text)) {
		n += classLonger
	}
	return n
}

// likeliest puts hits that were found in one way by letters in the order in which
// they are likely to be meant. Of few letters initials come before the beginning
// of a syllable.
func likeliest(hits []lexicon.Hit, text string) []lexicon.Hit {
	way := func(h lexicon.Hit) int {
		switch {
		case !fewOf(text) || h.How != lexicon.Initials && h.How != lexicon.Prefix:
			return 2 * int(h.How)
		case h.How == lexicon.Initials && class(h, text) < classHidden:
			return 2*int(lexicon.Prefix) - 1
		}
		return 2 * int(lexicon.Prefix)
	}
	slices.SortStableFunc(hits, func(a, b lexicon.Hit) int {
		if a.How == lexicon.Exact || a.How.Guess() {
			return cmp.Compare(way(a), way(b))
		}
		return cmp.Or(cmp.Compare(way(a), way(b)), cmp.Compare(class(a, text), class(b, text)))
	})
	return hits
}
