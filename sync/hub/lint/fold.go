package lint

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// folded is a text as the rules read it: without blanks and marks that are not
// seen, in lower case, full-width letters, digits and signs as ASCII. Somebody
// who writes 限 男 性 is found like everybody else.
type folded struct {
	text string
	from []int // of each byte of text: where its character begins in the origin
	to   []int // and where it ends
}

func fold(s string) folded {
	var b strings.Builder
	f := folded{}
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case r == '\n' || r == '\r':
			r = '\n' // ends a sentence
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r), r == utf8.RuneError:
			continue
		}
		if folded := width.LookupRune(r).Folded(); folded != 0 {
			r = folded
		}
		n, _ := b.WriteRune(unicode.ToLower(r))
		for range n {
			f.from, f.to = append(f.from, i), append(f.to, i+size)
		}
	}
	f.text = b.String()
	return f
}

// origin turns a place in the folded text into one in the origin.
func (f *folded) origin(from, to int) (int, int) {
	if from >= to || to > len(f.to) {
		return 0, 0
	}
	return f.from[from], f.to[to-1]
}
