package board

import "strings"

// queryWords splits a query at its spaces and folds each word.
func queryWords(text string) []string {
	var words []string
	for _, w := range strings.Fields(text) {
		if w = fold(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}
