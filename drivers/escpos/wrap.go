package escpos

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jobhome/drivers/glyph"
)

// char is what must never be split: a character with the marks that sit on it.
type char struct {
	text string
	base rune
	cols int // width in columns, already multiplied by the style's width
	st   Style
}

// run is one line of characters ready to print.
type run []char

func (r run) cols() int {
	n := 0
	for _, c := range r {
		n += c.cols
	}
	return n
}

// height is the greatest character height, in lines.
func (r run) height() int {
	h := 1
	for _, c := range r {
		h = max(h, c.st.H)
	}
	return h
}

// alike is the number of characters at the beginning of r in one style.
func (r run) alike() int {
	n := 1
	for n < len(r) && r[n].st == r[0].st {
		n++
	}
	return n
}

func (r run) String() string {
	var b strings.Builder
	for _, c := range r {
		b.WriteString(c.text)
	}
	return b.String()
}

// split cleans the spans and cuts them into characters, appended to out. A line feed
// becomes a char of its own with no width.
func split(out run, spans []Span) run {
	for _, s := range spans {
		st, text := s.norm(), clean(s.Text)
		out = slices.Grow(out, utf8.RuneCountInString(text))
		for i, r := range text {
			n := glyph.Columns(r)
			if n == 0 && r != '\n' {
				if len(out) > 0 && out[len(out)-1].base != '\n' {
					out[len(out)-1].text += string(r)
				}
				continue
			}
			out = append(out, char{text: text[i : i+utf8.RuneLen(r)], base: r, cols: n * st.W, st: st})
		}
	}
	return out
}

// wrap breaks spans into lines; hang is the indent of every line but the first. It
// always adds at least one line, which may be empty.
func (s *setter) wrap(spans []Span, hang int, a Align) {
	hang = min(max(hang, 0), s.cols/2)
	s.chars = split(s.chars[:0], spans)
	s.reserve(len(s.chars) + 2*hang)
	first, start, used := len(s.items), len(s.page), 0 // used: columns of the line
	flush := func() {
		for len(s.page) > start && s.page[len(s.page)-1].base == ' ' {
			s.page = s.page[:len(s.page)-1]
		}
		s.add(start, a)
		start, used = len(s.page), hang
		s.indent(hang)
	}
	fresh := func() bool {
		n := len(s.page) - start
		return n == 0 || len(s.items) > first && n == hang
	}
	for chars := s.chars; len(chars) > 0; {
		n := atom(chars, true)
		if chars[:n].cols() > s.cols-hang {
			n = atom(chars, false)
		}
		a := chars[:n]
		chars = chars[n:]
		switch {
		case a[0].base == '\n':
			flush()
			continue
		case a[0].base == ' ' && (fresh() && len(s.items) > first || used+a[0].cols > s.cols):
			continue // no line begins or overflows with a space
		case used+a.cols() > s.cols && !fresh():
			flush()
		}
		for _, c := range a { // longer than a line: broken where it must be
			if used+c.cols > s.cols && !fresh() {
				flush()
			}
			s.page = append(s.page, c)
			used += c.cols
		}
	}
	s.add(start, a)
}

// indent puts n spaces on the line.
func (s *setter) indent(n int) {
	for range n {
		s.page = append(s.page, char{text: " ", base: ' ', cols: 1, st: Style{}.norm()})
	}
}

// atom is the number of leading characters that stay together on a line. Unless glue is
// set, a number may part from its unit at the space between them.
func atom(r run, glue bool) int {
	n := 1
	for n < len(r) && (together(r, n) || glue && spacedUnit(r, n)) {
		n++
	}
	return n
}

// spacedUnit reports whether r[i-1] and r[i] are parts of something like "3.2 公里".
func spacedUnit(r run, i int) bool {
	at := func(i int) rune {
		if i < 0 || i >= len(r) {
			return 0
		}
		return r[i].base
	}
	if r[i-1].base == ' ' {
		i--
	}
	return at(i) == ' ' && digit(at(i-1)) && strings.ContainsRune(units, at(i+1))
}

const (
	// Never at the start of a line (GB/T 15834 and common practice).
	noStart = "，。、；：？！）》〉」』】〕］｝”’…—·％℃‰,.;:?!)]}%~～"
	// Never at the end of a line.
	noEnd = "（《〈「『【〔［｛“‘￥＄([{$#№"
	// Hanzi that are units of the number before them.
	units = "元人名个点时分天日月年岁号公里米千百万亿层楼栋室周位件次班路度级寸斤吨小份包台平"
	// Units of two Hanzi: the second stays with the first.
	unitTails = "公里 小时 分钟 公斤 平方 千米 毫米 厘米 个月 万元 千元 年级 号线 路口 周岁"
	// What joins letters and digits to one word.
	joiners = "-./:@_+&'%#=?"
)

// together reports whether no line may end between r[i-1] and r[i].
func together(r run, i int) bool {
	a, b := r[i-1].base, r[i].base
	switch {
	case a == '\n' || b == '\n' || a == ' ' || b == ' ':
		return false
	case hanzi(a) && hanzi(b) && (i < 2 || hanzi(r[i-2].base)):
		return false // most of a text
	case strings.ContainsRune(noStart, b), strings.ContainsRune(noEnd, a):
		return true
	case wordRune(a) && wordRune(b):
		return true
	case digit(a) && strings.ContainsRune(units, b):
		return true
	case i >= 2 && (digit(r[i-2].base) || r[i-2].base == ' ') && strings.Contains(unitTails, string(a)+string(b)):
		return true
	}
	return false
}

func hanzi(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF }

func digit(r rune) bool { return r >= '0' && r <= '9' }

func wordRune(r rune) bool {
	return r < utf8.RuneSelf && (digit(r) || unicode.IsLetter(r) || strings.ContainsRune(joiners, r)) ||
		r >= utf8.RuneSelf && unicode.Is(unicode.Latin, r)
}
