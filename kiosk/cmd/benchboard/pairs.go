package main

import "strings"

// pairs writes folded text for FTS5's ascii tokenizer: every two neighbouring
// characters are a token, and so is the last one of a line alone. That
// tokenizer parts at ASCII only, so ASCII is moved into the private use area.
// A phrase of neighbouring pairs is then exactly a substring, and a prefix of
// one character finds each text that has the character.
func pairs(folded string) string {
	var b strings.Builder
	b.Grow(4 * len(folded))
	for line := range strings.SplitSeq(folded, "\n") {
		before := rune(0)
		for _, r := range line {
			r = private(r)
			if before != 0 {
				b.WriteRune(r)
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			before = r
		}
		b.WriteByte(' ')
	}
	return b.String()
}

func private(r rune) rune {
	if r < 128 {
		return 0xE000 + r
	}
	return r
}

// tokens are the pairs of a word of two characters or more.
func tokens(word string) []string {
	var out []string
	before := rune(0)
	for _, r := range word {
		r = private(r)
		if before != 0 {
			out = append(out, string([]rune{before, r}))
		}
		before = r
	}
	return out
}

// asked writes the words of a query in FTS5's language: as phrases, or as the
// pairs that must all be there.
func asked(words []string, phrase bool) string {
	var parts []string
	for _, w := range words {
		t := tokens(w)
		switch {
		case len(t) == 0:
			parts = append(parts, `"`+string(private([]rune(w)[0]))+`" *`)
		case phrase:
			parts = append(parts, `"`+strings.Join(t, " ")+`"`)
		default:
			parts = append(parts, `"`+strings.Join(t, `" AND "`)+`"`)
		}
	}
	return strings.Join(parts, " AND ")
}
