package escpos

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// geta is printed for a character that no font has. Printers' trade uses it so.
const geta = '〓'

// substitute gives the printable form of characters that printers lack or print wrong
// and that have an equal. In GB18030 most of them take four bytes, which a GBK printer
// prints as digits: ¥ comes out as "0 6". An empty form drops the character.
func substitute(r rune) (string, bool) {
	switch r {
	case '¥':
		return "￥", true
	case '•', '‧', '･', '∙', '⋅':
		return "·", true
	case '–', '‐', '‑', '‒', '−', '﹣':
		return "-", true
	case '―', '⸺':
		return "—", true
	case '²':
		return "2", true
	case '³':
		return "3", true
	case '✓', '✔', '✅', '☑':
		return "√", true
	case '✗', '✘', '❌', '✕', '✖':
		return "×", true
	case '➕':
		return "＋", true
	case '➖':
		return "－", true
	case '〜', '∼':
		return "～", true
	case '®':
		return "(R)", true
	case '©':
		return "(C)", true
	case '™':
		return "TM", true
	case '\u00A0', '\u202F', '\t', '\u3164', '\u115F':
		return " ", true
	}
	switch {
	case r >= 0x2000 && r <= 0x200A: // spaces of various widths
		return " ", true
	case r >= 0x2E80 && r <= 0x2FD5: // radicals typed for the Hanzi they look like
		return norm.NFKC.String(string(r)), true
	case r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Cs),
		r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF: // selectors of a variant or a skin colour
		return "", true
	}
	return "", false
}

// clean makes s printable: composed, without control characters, with substitutes.
// Line feeds stay.
func clean(s string) string {
	if simple(s) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if r == '\n' {
			b.WriteByte('\n')
		} else if sub, ok := substitute(r); ok {
			b.WriteString(sub)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// simple reports whether s is nothing but ASCII, Hanzi and their punctuation, which
// clean would not change.
func simple(s string) bool {
	for _, r := range s {
		switch {
		case r >= 0x20 && r < 0x7F, r == '\n', r >= 0x4E00 && r <= 0x9FFF, r >= 0x3001 && r <= 0x3029,
			r >= 0xFF01 && r <= 0xFF60:
		default:
			return false
		}
	}
	return true
}

// encoder turns runes into a printer's character code. Not safe for concurrent use.
type encoder struct {
	gbk transform.Transformer
	gb4 transform.Transformer // nil if the printer has no four-byte codes
	src [utf8.UTFMax]byte
	dst [8]byte
}

func newEncoder(h Hanzi) *encoder {
	e := &encoder{gbk: simplifiedchinese.GBK.NewEncoder().Transformer}
	if h == GB18030 {
		e.gb4 = simplifiedchinese.GB18030.NewEncoder().Transformer
	}
	return e
}

// encode returns the bytes for r, valid until the next call, and false if the printer
// has no code for it. It never returns a byte below 0x20.
func (e *encoder) encode(r rune) ([]byte, bool) {
	switch {
	case r >= 0x20 && r < 0x7F:
		e.dst[0] = byte(r)
		return e.dst[:1], true
	case r == '€': // x/text makes it 0x80, which printers do not know
		e.dst[0], e.dst[1] = 0xA2, 0xE3
		return e.dst[:2], true
	case r < 0xA0, unicode.Is(unicode.Co, r):
		return nil, false
	}
	n := utf8.EncodeRune(e.src[:], r)
	if nd, _, err := e.gbk.Transform(e.dst[:], e.src[:n], true); err == nil && nd == 2 {
		return e.dst[:2], true
	}
	if e.gb4 == nil || !unicode.Is(unicode.Han, r) || r > 0x9FFF {
		return nil, false
	}
	if nd, _, err := e.gb4.Transform(e.dst[:], e.src[:n], true); err == nil && nd == 4 {
		return e.dst[:4], true
	}
	return nil, false
}
