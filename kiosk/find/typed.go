package find

import (
	"slices"
	"strings"
	"unicode"

	"jobhome/kiosk"
)

// between is what people put between words beside spaces.
const between = "，,、；;。！!？?"

// typedWords parts what was typed into its words, in half-width letters and digits
// and without marks that nobody sees, each once: who says a thing twice asks for it
// once. A text of which nothing is left is one word, which no posting has.
func typedWords(text string) []string {
	plain := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		switch {
		case strings.ContainsRune(between, r):
			return ' '
		case unicode.IsSpace(r):
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return r
	}, text)
	var words []string
	for w := range strings.FieldsSeq(plain) {
		if !slices.ContainsFunc(words, func(other string) bool { return strings.EqualFold(w, other) }) {
			words = append(words, w)
		}
	}
	if words == nil {
		return strings.Fields(text)
	}
	return words
}

// sayAs names in the hits the word that was found. A word that letters may stand for
// beside others (焊工、护工) is none of the other names of the first.
func (f *Finder) sayAs(items []kiosk.Item, done *kiosk.Rescue) {
	for to := range strings.FieldsSeq(done.To) {
		likely := strings.Split(to, "、")
		if len(likely) < 2 {
			continue
		}
		as := map[string]string{}
		for _, w := range slices.Backward(likely) {
			for _, form := range f.Spell.Forms(w) {
				as[strings.ToLower(form)] = w
			}
		}
		for _, w := range likely {
			as[strings.ToLower(w)] = w
		}
		for i := range items {
			hits := items[i].Hits
			for n, h := range hits {
				if w, ok := as[h.As]; ok && h.Word == likely[0] {
					hits[n].Word = w
				}
			}
			// The title shows these itself.
			items[i].Hits = slices.DeleteFunc(hits, func(h kiosk.Hit) bool {
				return h.Field == kiosk.FieldTitle && strings.ToLower(h.Word) == h.As && slices.Contains(likely, h.Word)
			})
		}
	}
}
