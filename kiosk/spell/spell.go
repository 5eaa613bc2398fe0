// Package spell finds the words of a board for what somebody types without the
// characters themselves: pinyin, initials, a wrong or a missing character, or a
// lay word for an occupation. The dictionary is made of the postings that are
// there, so it offers nothing that the board does not have.
package spell

import (
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

// terms are the words of some postings, and the words of asking that they have an
// answer to, without those that the table of lay words hides.
func terms(postings []kiosk.Posting, table []lexicon.Synonym) []lexicon.Term {
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
		add(lexicon.Employer, withoutPlace(p.Employer.Name, p.Area), "")
	}
	for _, w := range asking.Words() {
		hidden := slices.ContainsFunc(table, func(s lexicon.Synonym) bool { return s.Hidden && s.Word == w.Text })
		if hidden || utf8.RuneCountInString(w.Text) < 2 {
			continue
		}
		// One is enough of a wish: it comes after the kinds of work that sound alike.
		kind, most := lexicon.Benefit, 1
		if len(w.Meaning.Occupations) > 0 || w.Meaning.None() {
			kind, most = lexicon.Trade, len(postings)
		}
		if n := asked(postings, w, most); n > 0 {
			counts[key{kind, w.Text}] = n
		}
	}
	all := make([]lexicon.Term, 0, len(counts))
	for k, n := range counts {
		all = append(all, lexicon.Term{Text: k.text, Kind: k.kind, Count: n, Code: codes[k]})
	}
	return all
}

// withoutPlace is an employer's name without the province, city or county that it
// begins with, as people say it; "" when it begins with none.
func withoutPlace(name string, a kiosk.Area) string {
	for _, n := range []int{2, 4, 6} {
		if len(a) < n {
			break
		}
		place := areas.Name(a[:n])
		for _, begin := range []string{place, strings.TrimRight(place, "省市县区")} {
			rest, ok := strings.CutPrefix(name, begin)
			if ok && begin != "" && utf8.RuneCountInString(rest) > 2 {
				return rest
			}
		}
	}
	return ""
}

// asked counts the postings that have what a word means, or one of its other
// forms in the title, up to most.
func asked(postings []kiosk.Posting, w asking.Word, most int) (n int) {
	if w.Meaning.None() && w.Forms == nil {
		return 0
	}
	for i := 0; i < len(postings) && n < most; i++ {
		p := &postings[i]
		inTitle := func(form string) bool { return strings.Contains(p.Title, form) }
		if !w.Meaning.None() && w.Meaning.Fits(p) || slices.ContainsFunc(w.Forms, inTitle) {
			n++
		}
	}
	return n
}
