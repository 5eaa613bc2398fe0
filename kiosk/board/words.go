package board

import (
	"iter"
	"strings"
	"unicode"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
)

// folded returns everything of a posting that a search looks at, in the form
// that it compares: one line a field, so that no match crosses fields.
func folded(p *kiosk.Posting) string {
	fields := []string{
		p.Title, p.Employer.Name, p.Occupation.Name, county(p.Area), areas.Name(p.Area.Town()), p.Address,
		p.Requirements, p.Description,
	}
	for i, f := range fields {
		fields[i] = fold(f)
	}
	return strings.Join(fields, "\n")
}

func county(a kiosk.Area) string {
	if len(a) < 6 {
		return ""
	}
	return areas.Name(a[:6])
}

// fold makes the many ways of writing a thing one: lower case, half-width
// letters and digits, no control characters, and no space except between two
// letters or digits of ASCII ("CNC 操作工" and "ＣＮＣ操作工" are the same).
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range foldedRunes(s) {
		b.WriteRune(r)
	}
	return b.String()
}

// foldedRunes gives the characters of s folded, each with the place in s of
// what it was made of.
func foldedRunes(s string) iter.Seq2[int, rune] {
	return func(yield func(int, rune) bool) {
		var last rune
		space := false
		for at, r := range s {
			switch {
			case r == '\u3000' || unicode.IsSpace(r) || unicode.IsControl(r):
				space = true
				continue
			case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
				continue // zero-width and direction marks, which nobody types
			case r >= '！' && r <= '～':
				r -= '！' - '!'
			}
			r = unicode.ToLower(r)
			if space && latin(last) && latin(r) && !yield(at, ' ') {
				return
			}
			space = false
			if !yield(at, r) {
				return
			}
			last = r
		}
	}
}

// latin reports whether r, folded, is an ASCII letter or digit.
func latin(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }
