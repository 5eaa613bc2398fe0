package board

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
)

// term is a word that the board really has.
type term struct {
	text   string
	folded string
	uses   int  // postings, the expired ones too; only for ranking
	work   bool // a kind of work, not an employer or a town
}

// collectTerms gathers occupations, the head words of titles, employers and
// towns, each once, the most used first.
func collectTerms(s *snapshot) []term {
	at := map[string]int32{}
	var all []term
	number := func(text string) int32 {
		key := fold(text)
		if key == "" {
			return 0
		}
		i, ok := at[key]
		if !ok {
			i = int32(len(all))
			at[key] = i
			all = append(all, term{text: text, folded: key})
		}
		return i + 1
	}
	use := func(i int32, work bool) {
		if i > 0 {
			all[i-1].uses++
			all[i-1].work = all[i-1].work || work
		}
	}
	// Many postings share a word, so each is folded once: by its number, what
	// number returned, and 1.
	n := s.strings.Len()
	heads, towns, others := make([]int32, n), make([]int32, n), make([]int32, n)
	once := func(memory []int32, n uint32, text func(string) string) int32 {
		if memory[n] == 0 {
			memory[n] = 1 + number(text(s.strings.At(n)))
		}
		return memory[n] - 1
	}
	same := func(text string) string { return text }
	town := func(text string) string { return areas.Name(kiosk.Area(text).Town()) }
	for _, i := range s.byID.Rows {
		f := &s.facts[i]
		head := once(heads, f.words[wordTitle], kiosk.HeadWords)
		use(head, true)
		if work := once(others, f.words[wordOccupationName], same); work != head {
			use(work, true)
		}
		use(once(others, f.words[wordEmployer], same), false)
		use(once(towns, f.words[wordArea], town), false)
	}
	slices.SortFunc(all, func(a, b term) int {
		return cmp.Or(cmp.Compare(b.uses, a.uses), cmp.Compare(a.folded, b.folded))
	})
	return all
}

// Suggest returns at most n terms that the board really has and that hold the
// last word of the text, those that begin with it first, each with the number
// of postings open at the time now that a search for it finds. Words before the
// last are kept in front of each suggestion and counted with it.
func (b *Board) Suggest(_ context.Context, text string, n int, now time.Time) ([]kiosk.Suggestion, error) {
	words := strings.Fields(text)
	if len(words) == 0 || n <= 0 {
		return nil, nil
	}
	before, last := strings.Join(words[:len(words)-1], " "), fold(words[len(words)-1])
	if last == "" {
		return nil, nil
	}
	s := b.snap.Load()
	var out []kiosk.Suggestion
	tries := 5 * n // words that never occur together must not cost a second
	for _, begins := range []bool{true, false} {
		for i := range s.terms {
			t := &s.terms[i]
			if strings.HasPrefix(t.folded, last) != begins || !begins && !strings.Contains(t.folded, last) {
				continue
			}
			if len(out) == n || tries == 0 {
				return out, nil
			}
			tries--
			full := strings.TrimSpace(before + " " + t.text)
			if count := s.countText(full, now); count > 0 {
				out = append(out, kiosk.Suggestion{Text: full, Count: count})
			}
		}
	}
	return out, nil
}

// countText counts the open postings that a search for the text finds.
func (s *snapshot) countText(text string, now time.Time) int {
	r := s.work()
	defer s.room.Put(r)
	set := r.set()
	copy(set, s.open(now))
	s.narrow(set, wantedWords(kiosk.Query{Text: text}), false, r)
	return set.Count()
}
