package lexicon

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostRunes is how much of what was typed is looked at.
const mostRunes = 32

// normalise returns s in the form in which texts are compared: narrow, lower
// case, letters and digits only, ü as v like on a keyboard.
func normalise(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c >= 0xFF01 && c <= 0xFF5E { // full width forms of ASCII
			c -= 0xFEE0
		}
		c = unicode.ToLower(c)
		switch {
		case c == 'ü':
			b.WriteByte('v')
		case c == utf8.RuneError:
		case unicode.IsLetter(c), unicode.IsDigit(c):
			b.WriteRune(c)
		}
	}
	return b.String()
}

// cut returns the first n characters of s.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// isLetters reports whether s is of the letters a to z only.
func isLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// isASCII reports whether s has no character that a key has not.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// longestSyllable is that of zhuang, chuang and shuang.
const longestSyllable = 6

// fold returns the syllable, or the beginning of one, in the form that sounds
// commonly mixed up share: z for zh, c for ch, s for sh, l for n at the
// beginning, n for ng at the end, u for v.
func fold(s string) string {
	var b [longestSyllable]byte
	return string(foldInto(b[:0], s))
}

// foldInto appends what s folds to. What is longer than a syllable can be is
// none, and is cut.
func foldInto(b []byte, s string) []byte {
	for i := range min(len(s), longestSyllable) {
		c := s[i]
		switch {
		case c == 'h' && i == 1 && (s[0] == 'z' || s[0] == 'c' || s[0] == 's'):
			continue
		case c == 'n' && i == 0:
			c = 'l'
		case c == 'v':
			c = 'u'
		case c == 'g' && i > 0 && i == len(s)-1 && s[i-1] == 'n':
			continue
		}
		b = append(b, c)
	}
	return b
}
