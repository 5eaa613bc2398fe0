package board

import (
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
	var last rune
	space := false
	for _, r := range s {
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
		if space && latin(last) && latin(r) {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// latin reports whether r, folded, is an ASCII letter or digit.
func latin(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }
