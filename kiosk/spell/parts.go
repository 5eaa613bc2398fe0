package spell

import (
	"unicode/utf8"

	"jobhome/kiosk/asking"
)

// The bounds of what is parted, in characters.
const (
	longestText = 24
	longestPart = 12
)

// part is a way to part the beginning of a text: the fewest words of those with
// the fewest characters left over.
type part struct {
	from  int  // where the last word begins
	words int  // how many, empty ones too
	asks  bool // the last word is asked for
	ok    bool
}

// Parts parts a text without spaces into places, kinds of work and words that
// mean something (想找个包住的厂 into 包住 and 厂), without the words that say
// nothing: none when all of them do (找工作). It reports false when anything is left
// over, or when nothing is gained.
func (s *Speller) Parts(text string) ([]string, bool) {
	w := s.dict.Load()
	letters := []rune(text)
	if w == nil || len(letters) < 2 || len(letters) > longestText || !utf8.ValidString(text) {
		return nil, false
	}
	best := make([]part, len(letters)+1)
	best[0].ok = true
	for to := 1; to <= len(letters); to++ {
		for from := max(0, to-longestPart); from < to; from++ {
			if !best[from].ok || best[to].ok && best[to].words <= best[from].words+1 {
				continue
			}
			word := string(letters[from:to])
			if asks := w.asks(word); asks || asking.Empty(word) {
				best[to] = part{from, best[from].words + 1, asks, true}
			}
		}
	}
	if !best[len(letters)].ok {
		return nil, false
	}
	var parts []string
	for to := len(letters); to > 0; to = best[to].from {
		if best[to].asks {
			parts = append([]string{string(letters[best[to].from:to])}, parts...)
		}
	}
	return parts, len(parts) != 1 || parts[0] != text
}

// asks reports whether a word is one that people ask for.
func (w *words) asks(word string) bool {
	k := key(word)
	if w.places[k] || w.kinds[k] && utf8.RuneCountInString(k) > 1 {
		return true
	}
	_, ok := asking.Of(word)
	return ok
}
