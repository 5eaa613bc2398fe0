package board

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Next returns at most n characters that follow text in the words of this
// board; for an empty text, those that words begin with. Kinds of work come
// before employers and towns, and the more frequent before the rarer. It is what an on-screen keyboard offers to people who know no typing
// method: every key leads to a posting.
func (b *Board) Next(text string, n int) []string {
	words := strings.Fields(text)
	last := ""
	if len(words) > 0 && !strings.HasSuffix(text, " ") {
		last = fold(words[len(words)-1])
	}
	work, names := map[rune]int{}, map[rune]int{}
	for _, t := range b.snap.Load().terms {
		r, ok := after(t.folded, last)
		switch {
		case !ok:
		case t.work:
			work[r] += t.uses
		default:
			names[r] += t.uses
		}
	}
	all := slices.Collect(maps.Keys(work))
	for r := range names {
		if work[r] == 0 {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b rune) int {
		return cmp.Or(cmp.Compare(work[b], work[a]), cmp.Compare(names[b], names[a]), cmp.Compare(a, b))
	})
	keys := make([]string, 0, n)
	for _, r := range all[:min(len(all), n)] {
		keys = append(keys, string(unicode.ToUpper(r)))
	}
	return keys
}

// after is the character that follows text in term. Punctuation and spaces are
// no keys.
func after(term, text string) (rune, bool) {
	i := strings.Index(term, text)
	if i < 0 {
		return 0, false
	}
	r, _ := utf8.DecodeRuneInString(term[i+len(text):])
	return r, r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
