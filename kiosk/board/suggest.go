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
func collectTerms(postings []kiosk.Posting) []term {
	at := map[string]int{}
	var all []term
	add := func(text string, work bool) {
		key := fold(text)
		if key == "" {
			return
		}
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key] = i
			all = append(all, term{text: text, folded: key})
		}
		all[i].uses++
		all[i].work = all[i].work || work
	}
	for i := range postings {
		p := &postings[i]
		head := headWords(p.Title)
		add(head, true)
		if fold(p.Occupation.Name) != fold(head) {
			add(p.Occupation.Name, true)
		}
		add(p.Employer.Name, false)
		add(areas.Name(p.Area.Town()), false)
	}
	slices.SortFunc(all, func(a, b term) int {
		return cmp.Or(cmp.Compare(b.uses, a.uses), cmp.Compare(a.folded, b.folded))
	})
	return all
}

// headWords is a title without what follows in brackets or after a dash.
func headWords(title string) string {
	if i := strings.IndexAny(title, "（(【[—/"); i > 0 {
		title = title[:i]
	}
	return strings.TrimSpace(title)
}

// Suggest returns at most n terms that the board really has and that hold the
// last word of the text, those that begin with it first, each with the number
// of postings open at the time now that a search for it finds. Words before the
// last are kept in front of each suggestion and counted with it.
func (b *Board) Suggest(ctx context.Context, text string, n int, now time.Time) ([]kiosk.Suggestion, error) {
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
			count, err := b.countText(ctx, s, full, now)
			if err != nil {
				return nil, err
			}
			if count > 0 {
				out = append(out, kiosk.Suggestion{Text: full, Count: count})
			}
		}
	}
	return out, nil
}

// countText counts the open postings that a search for the text finds.
func (b *Board) countText(ctx context.Context, s *snapshot, text string, now time.Time) (count int, err error) {
	hit, err := b.matching(ctx, s, text)
	if err != nil {
		return 0, err
	}
	for i, h := range hit {
		if h && s.rows[i].open(now) {
			count++
		}
	}
	return count, nil
}
