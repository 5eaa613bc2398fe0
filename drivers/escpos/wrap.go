package escpos

import (
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

func (r run) String() string {
	var b strings.Builder
	for _, c := range r {
		b.WriteString(c.text)
	}
	return b.String()
}

// split cleans the spans and cuts them into characters. A line feed becomes a char of
// its own with no width.
func split(spans []Span) run {
	var out run
	for _, s := range spans {
		st := s.norm()
		for _, r := range clean(s.Text) {
			n := glyph.Columns(r)
			if n == 0 && r != '\n' {
				if len(out) > 0 && out[len(out)-1].base != '\n' {
					out[len(out)-1].text += string(r)
				}
				continue
			}
			out = append(out, char{text: string(r), base: r, cols: n * st.W, st: st})
		}
	}
	return out
}

// wrap breaks spans into lines of at most cols columns; hang is the indent of every
// line but the first. It always returns at least one line, which may be empty.
func wrap(spans []Span, cols, hang int) []run {
	hang = min(max(hang, 0), cols/2)
	var lines []run
	var line run
	used := 0 // columns of line
	flush := func() {
		lines = append(lines, trimSpace(line))
		line, used = indent(hang), hang
	}
	fresh := func() bool { return len(line) == 0 || len(lines) > 0 && len(line) == hang }
	chars := split(spans)
	for len(chars) > 0 {
		n := atom(chars, true)
		if chars[:n].cols() > cols-hang {
			n = atom(chars, false)
		}
		a := chars[:n]
		chars = chars[n:]
		switch {
		case a[0].base == '\n':
			flush()
			continue
		case a[0].base == ' ' && (fresh() && len(lines) > 0 || used+a[0].cols > cols):
			continue // no line begins or overflows with a space
		case used+a.cols() > cols && !fresh():
			flush()
		}
		for _, c := range a { // longer than a line: broken where it must be
			if used+c.cols > cols && !fresh() {
				flush()
			}
			line = append(line, c)
			used += c.cols
		}
	}
	return append(lines, line)
}

func indent(n int) run {
	r := make(run, n)
	for i := range r {
		r[i] = char{text: " ", base: ' ', cols: 1, st: Style{}.norm()}
	}
	return r
}

func trimSpace(r run) run {
	for len(r) > 0 && r[len(r)-1].base == ' ' {
		r = r[:len(r)-1]
	}
	return r
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
