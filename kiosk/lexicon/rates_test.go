package lexicon

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const asked = 500 // queries of each sort

// asking is a sort of query: how it is made from a term, and the least shares
// of terms that must be the first hit and among the first ten.
type asking struct {
	name       string
	kinds      string // words or employers
	make       func(m *maker, t Term) string
	first, ten float64
}

// maker makes queries. Its characters are those of the board's own terms.
type maker struct {
	*rand.Rand
	reader  *reader
	chars   []rune
	bySound map[string][]rune
}

func newMaker(terms []Term) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(11, 25)), reader: newReader(), bySound: map[string][]rune{}}
	seen := map[rune]bool{}
	for _, t := range terms {
		for _, c := range normalise(t.Text) {
			if s := m.reader.sounds(c); c >= firstHan && !seen[c] && s != nil {
				seen[c] = true
				m.chars = append(m.chars, c)
				m.bySound[s[0].plain] = append(m.bySound[s[0].plain], c)
			}
		}
	}
	return m
}

func (m *maker) pinyin(t Term) string {
	var b strings.Builder
	for _, s := range m.reader.readings(normalise(t.Text), 1)[0] {
		b.WriteString(s.plain)
	}
	return b.String()
}

func (m *maker) initials(t Term) string {
	var b strings.Builder
	for _, s := range m.reader.readings(normalise(t.Text), 1)[0] {
		b.WriteByte(s.plain[0])
	}
	return b.String()
}

// mixed gives each character by itself, by its syllable or by its first letter.
func (m *maker) mixed(t Term) string {
	var b strings.Builder
	text := []rune(normalise(t.Text))
	for i, s := range m.reader.readings(string(text), 1)[0] {
		switch m.IntN(3) {
		case 0:
			b.WriteRune(text[i])
		case 1:
			b.WriteString(s.plain)
		default:
			b.WriteByte(s.plain[0])
		}
	}
	return b.String()
}

func (m *maker) part(t Term) string {
	p := m.pinyin(t)
	return p[:(len(p)*2+2)/3]
}

// folded writes the near sounds the other way round.
func (m *maker) folded(t Term) string {
	var b strings.Builder
	for _, s := range m.reader.readings(normalise(t.Text), 1)[0] {
		b.WriteString(s.folded)
	}
	return b.String()
}

func (m *maker) homophone(t Term) string {
	text := []rune(normalise(t.Text))
	for range 20 {
		i := m.IntN(len(text))
		if s := m.reader.sounds(text[i]); s != nil {
			if same := m.bySound[s[0].plain]; len(same) > 1 {
				if c := same[m.IntN(len(same))]; c != text[i] {
					text[i] = c
					return string(text)
				}
			}
		}
	}
	return ""
}

// damaged returns the text with one character missing (-1), wrong (0) or extra
// (1); of words of three characters and more.
func (m *maker) damaged(text []rune, more int, c rune) string {
	if len(text) < 3 {
		return ""
	}
	i := m.IntN(len(text))
	out := append([]rune(nil), text[:i]...)
	if more >= 0 {
		out = append(out, c)
	}
	if more <= 0 {
		i++
	}
	return string(append(out, text[i:]...))
}

func (m *maker) character() rune { return m.chars[m.IntN(len(m.chars))] }

var askings = []asking{
	{"full pinyin", "words", (*maker).pinyin, 0.98, 1},
	{"initials", "words", (*maker).initials, 0.75, 0.99},
	{"mixed", "words", (*maker).mixed, 0.9, 0.99},
	{"2/3 of the pinyin", "words", (*maker).part, 0.8, 0.98},
	{"near sounds folded", "words", (*maker).folded, 0.95, 0.99},
	{"homophone character", "words", (*maker).homophone, 0.97, 0.98},
	{"missing character", "words", func(m *maker, t Term) string { return m.damaged([]rune(normalise(t.Text)), -1, 0) }, 0.65, 0.96},
	{"wrong character", "words", func(m *maker, t Term) string { return m.damaged([]rune(normalise(t.Text)), 0, m.character()) }, 0.85, 0.98},
	{"extra character", "words", func(m *maker, t Term) string { return m.damaged([]rune(normalise(t.Text)), 1, m.character()) }, 0.97, 0.98},
	{"wrong pinyin letter", "words", func(m *maker, t Term) string { return m.damaged([]rune(m.pinyin(t)), 0, 'a'+rune(m.IntN(26))) }, 0.94, 0.97},
	{"missing pinyin letter", "words", func(m *maker, t Term) string { return m.damaged([]rune(m.pinyin(t)), -1, 0) }, 0.92, 0.98},
	{"full pinyin", "employers", (*maker).pinyin, 0.99, 1},
	{"initials", "employers", (*maker).initials, 0.75, 0.99},
	{"homophone character", "employers", (*maker).homophone, 0.97, 0.98},
}

// TestRates asks for terms of the board in every way and holds the share that
// is found. The table of README.md is its output.
func TestRates(t *testing.T) {
	terms, d := boardDict(t)
	m := newMaker(terms)
	for _, a := range askings {
		first, ten, n := 0, 0, 0
		var lost []string
		for tries := 0; n < asked && tries < 20*asked; tries++ {
			term := terms[m.IntN(len(terms))]
			if (term.Kind == Employer) != (a.kinds == "employers") {
				continue
			}
			q := a.make(m, term)
			if q == "" || normalise(q) == normalise(term.Text) {
				continue
			}
			n++
			at := place(d.Lookup(q, 10), term)
			switch {
			case at == 0:
				first++
				fallthrough
			case at > 0:
				ten++
			default:
				lost = append(lost, fmt.Sprintf("%s (%s)", q, term.Text))
			}
		}
		one, all := float64(first)/float64(n), float64(ten)/float64(n)
		t.Logf("| %s | %s | %d | %.3f | %.3f |", a.name, a.kinds, n, one, all)
		if one < a.first || all < a.ten {
			t.Errorf("%s of %s: hit@1 %.3f (want %.2f), hit@10 %.3f (want %.2f); lost %.40q", a.name, a.kinds, one, a.first, all, a.ten, lost[:min(8, len(lost))])
		}
	}
}

// place is where the term's text stands among the hits, or -1.
func place(hits []Hit, t Term) int {
	for i, h := range hits {
		if normalise(h.Text) == normalise(t.Text) {
			return i
		}
	}
	return -1
}
