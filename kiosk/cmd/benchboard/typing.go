package main

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/lexicon"
	"jobhome/kiosk/spell"
)

// typingSides asks the speller of a board for its own words by their first
// letters and with one character of another one's sound. Differ counts those
// that are not among the first ten hits.
func typingSides(c *actor) (o outcome, err error) {
	posts := postings(c.n)
	words, t := spell.New(posts), newTypist(posts)
	for _, s := range []struct {
		name string
		make func(text []rune) string
	}{{"first letters", t.initials}, {"a character of the same sound", t.homophone}} {
		out := side{Name: s.name}
		var asked []string
		for tries := 0; len(asked) < 500 && tries < 5000; tries++ {
			text := t.terms[t.IntN(len(t.terms))]
			q := s.make([]rune(text))
			if q == "" || q == text {
				continue
			}
			asked = append(asked, q)
			if !slices.ContainsFunc(words.Words(q, 10), func(w spell.Word) bool { return w.Text == text }) {
				out.Differ++
			}
		}
		out.Asked = len(asked)
		out.Times = bestTimes(len(asked), c.rounds, func(i int) { words.Words(asked[i], 10) })
		o.Table = append(o.Table, out)
	}
	return o, nil
}

// typist makes what people type for a word.
type typist struct {
	*rand.Rand
	terms   []string
	sounds  map[rune]string
	bySound map[string][]rune
}

// newTypist takes the kinds of work and the towns of a board.
func newTypist(posts []kiosk.Posting) *typist {
	t := &typist{
		Rand: rand.New(rand.NewPCG(10, 99)), sounds: map[rune]string{}, bySound: map[string][]rune{},
	}
	terms := map[string]bool{}
	for i := range posts {
		p := &posts[i]
		for _, text := range []string{p.Occupation.Name, kiosk.HeadWords(p.Title), areas.Name(p.Area.Town())} {
			if len([]rune(text)) > 1 && allHan(text) {
				terms[text] = true
			}
		}
	}
	t.terms = slices.Sorted(maps.Keys(terms))
	for _, text := range t.terms {
		for _, r := range text {
			if t.sounds[r] != "" {
				continue
			}
			if all := lexicon.Readings(string(r)); len(all) > 0 {
				t.sounds[r] = all[0]
				t.bySound[all[0]] = append(t.bySound[all[0]], r)
			}
		}
	}
	return t
}

func allHan(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < 0x4E00 || r > 0x9FFF })
}

func (t *typist) initials(text []rune) string {
	all := lexicon.Readings(string(text))
	if len(all) == 0 {
		return ""
	}
	var b strings.Builder
	for syllable := range strings.FieldsSeq(all[0]) {
		b.WriteByte(syllable[0])
	}
	return b.String()
}

func (t *typist) homophone(text []rune) string {
	at := t.IntN(len(text))
	same := t.bySound[t.sounds[text[at]]]
	if len(same) < 2 {
		return ""
	}
	text[at] = same[t.IntN(len(same))]
	return string(text)
}
