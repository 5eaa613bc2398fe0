package scanner

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// textMax is how long a code may get as UTF-8: GBK has one single byte, the euro
// sign, that becomes three.
const textMax = 3 * maxCode

// text appends what a code says to dst, as UTF-8 without control characters. A
// code that is no UTF-8 is tried as GBK, the default output of many scanners
// sold in China.
func text(dst, code []byte) ([]byte, error) {
	if !utf8.Valid(code) {
		var buf [textMax]byte
		defer clear(buf[:])
		n, _, err := simplifiedchinese.GBK.NewDecoder().Transform(buf[:], code, true)
		if err != nil || bytes.ContainsRune(buf[:n], utf8.RuneError) {
			return dst, ErrNoText
		}
		code = buf[:n]
	}
	for rest := code; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if !unicode.IsControl(r) && r != '\uFEFF' {
			dst = append(dst, rest[:n]...)
		}
		rest = rest[n:]
	}
	return dst, nil
}

// payment reports 16 to 24 digits and nothing else.
func payment(s []byte) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) >= 16 && len(s) <= 24
}
