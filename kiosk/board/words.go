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

// wide reports whether r is a letter or digit beyond ASCII: nearly always a
// Chinese character.
func wide(r rune) bool { return r >= 0x80 && (unicode.IsLetter(r) || unicode.IsNumber(r)) }

// longest is the number of bytes of an ASCII run that are indexed from each of
// its places, so that a run of n costs n*longest bytes at most.
const longest = 24

// run is a stretch of characters of one kind.
type run struct {
	text  string
	ascii bool
}

// runs splits folded text; what is neither latin nor wide only separates.
func runs(s string) []run {
	var out []run
	start, kind := 0, 0
	for i, r := range s {
		k := 0
		if latin(r) {
			k = 1
		} else if wide(r) {
			k = 2
		}
		if k == kind {
			continue
		}
		if kind != 0 {
			out = append(out, run{s[start:i], kind == 1})
		}
		start, kind = i, k
	}
	if kind != 0 {
		out = append(out, run{s[start:], kind == 1})
	}
	return out
}

// terms returns the terms under which a text is found, each once, separated by
// spaces: of Chinese every pair of neighbours and the last character alone, of
// ASCII every ending of a run.
func terms(text string) string {
	seen := map[string]struct{}{}
	var b strings.Builder
	add := func(t string) {
		if _, ok := seen[t]; !ok {
			seen[t] = struct{}{}
			b.WriteString(t)
			b.WriteByte(' ')
		}
	}
	for _, r := range runs(text) {
		if r.ascii {
			for i := range r.text {
				add(r.text[i:min(len(r.text), i+longest)])
			}
			continue
		}
		pairs(r.text, add)
	}
	return b.String()
}

// pairs gives every pair of neighbours, then the last character alone.
func pairs(s string, add func(string)) {
	before, at := -1, 0 // where the last two characters began
	for i := range s {
		if before >= 0 {
			add(s[before:i])
		}
		before, at = at, i
		if i == 0 {
			before = -1
		}
	}
	if before >= 0 {
		add(s[before:])
	}
	add(s[at:])
}

// lookup is what one word of a query asks of the index.
type lookup struct {
	word  string
	match []string // terms, all of which must be there; none: the index cannot help
	exact bool     // the index alone answers; else its answers must be looked at
}

func lookupFor(word string) lookup {
	l := lookup{word: word}
	rs := runs(word)
	total := 0
	for _, r := range rs {
		total += len(r.text)
		switch {
		case r.ascii:
			l.match = append(l.match, r.text[:min(len(r.text), longest)]+"*")
		case len([]rune(r.text)) == 1:
			l.match = append(l.match, r.text+"*")
		default:
			pairs(r.text, func(t string) { l.match = append(l.match, t) })
			l.match = l.match[:len(l.match)-1] // not the last character alone
		}
	}
	l.exact = len(rs) == 1 && len(l.match) == 1 && total == len(word) &&
		(!rs[0].ascii || len(word) <= longest)
	if len(l.match) > 16 { // enough to find few; the rest is looked at
		l.match = l.match[:16]
		l.exact = false
	}
	return l
}
