package glyph

import (
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"
)

// Columns is the width of r on a Chinese receipt printer, in columns of half a
// Hanzi: 2 for what is drawn in a full cell, 1 for a half cell, 0 for a mark that
// sits on the character before it and for what is not printed at all.
//
// A printer in Hanzi mode draws whatever has a two-byte GBK code in a full cell,
// so “ ” … — · and Greek letters are wide there though Unicode calls their width
// ambiguous (UAX #11). For the rest UAX #11 decides, ambiguous being wide.
func Columns(r rune) int {
	switch {
	case r >= 0x20 && r < 0x7F:
		return 1
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3001 && r <= 0x3029, r >= 0xFF01 && r <= 0xFF60:
		return 2 // Hanzi and their punctuation: most of a slip, and the rest is slow
	case r < 0xA0, unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Zl, unicode.Zp):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
		return 2
	}
	b, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
	if err == nil && len(b) == 2 {
		return 2
	}
	return 1
}
