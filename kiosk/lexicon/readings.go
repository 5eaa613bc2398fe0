package lexicon

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

//go:embed readings.tsv
var readingsTable string

const (
	// mostSounds is how many readings of a character are kept. go-pinyin lists
	// the commonest first; what follows the third is found in old books only.
	mostSounds = 3

	mostReadings         = 16 // of a term
	mostEmployerReadings = 4  // names are long, and their readings multiply

	firstHan, lastHan = 0x4E00, 0x9FFF
)

// sound is a syllable, and what it folds to.
type sound struct{ plain, folded string }

// reader knows how characters and words are read.
type reader struct {
	lists   [][]sound                      // distinct lists of readings
	han     [lastHan - firstHan + 1]uint16 // 1 + place in lists
	phrases map[string][]string            // word to its syllables
	longest int                            // characters of the longest phrase
	lone    map[rune][]sound               // letters and digits read as themselves
}

func newReader() *reader {
	r := &reader{phrases: map[string][]string{}, lone: map[rune][]sound{}}
	extra := map[rune][]string{}
	for line := range strings.Lines(readingsTable) {
		if line[0] == '#' {
			continue
		}
		word, syllables, _ := strings.Cut(strings.TrimSpace(line), "\t")
		s := strings.Fields(syllables)
		if utf8.RuneCountInString(word) != len(s) {
			panic(fmt.Sprintf("lexicon: readings.tsv: %q", line)) // ours; the tests read every line
		}
		r.phrases[word] = s
		r.longest = max(r.longest, len(s))
		i := 0
		for _, c := range word {
			extra[c] = append(extra[c], s[i])
			i++
		}
	}
	known := map[string]uint16{}
	for c := rune(firstHan); c <= lastHan; c++ {
		list := plainSyllables(pinyin.PinyinDict[int(c)], extra[c])
		if len(list) == 0 {
			continue
		}
		name := strings.Join(list, " ")
		if known[name] == 0 {
			r.lists = append(r.lists, toSounds(list))
			known[name] = uint16(len(r.lists))
		}
		r.han[c-firstHan] = known[name]
	}
	for c := rune('0'); c <= 'z'; c++ {
		r.lone[c] = []sound{{string(c), string(c)}}
	}
	return r
}

// plainSyllables returns the first few distinct readings without their tones,
// and the extra ones. Grunts without a vowel (嗯 ńg) are left out: nobody looks
// for a job by them.
func plainSyllables(marked string, extra []string) []string {
	var out []string
	for s := range strings.SplitSeq(marked, ",") {
		s = toneless.Replace(s)
		if strings.ContainsAny(s, "aeiouv") && isLetters(s) && !slices.Contains(out, s) && len(out) < mostSounds {
			out = append(out, s)
		}
	}
	for _, s := range extra {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func toSounds(list []string) []sound {
	var out []sound
	for _, s := range list {
		out = append(out, sound{s, fold(s)})
	}
	return out
}

var toneless = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ê", "e", "ế", "e", "ề", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u",
	"ü", "v", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m",
)

// sounds returns the readings of a character, the commonest first; none when
// it has none.
func (r *reader) sounds(c rune) []sound {
	switch {
	case c < utf8.RuneSelf:
		return r.lone[c]
	case c < firstHan || c > lastHan: // too rare to keep
		return toSounds(plainSyllables(pinyin.PinyinDict[int(c)], nil))
	case r.han[c-firstHan] == 0:
		return nil
	}
	return r.lists[r.han[c-firstHan]-1]
}

// unread stands for a character without a reading, so that it has a place in
// the keys and matches nothing typed.
var unread = []sound{{"?", "?"}}

// readings returns up to most readings of a normalised text, the likeliest
// first: then those that differ from it in one character, in two, and so on.
func (r *reader) readings(text string, most int) [][]sound {
	choices := r.choices([]rune(text))
	var out [][]sound
	now := make([]sound, len(choices))
	var fill func(i, others int)
	fill = func(i, others int) {
		if len(out) >= most || others > len(choices)-i {
			return
		}
		if i == len(choices) {
			out = append(out, slices.Clone(now))
			return
		}
		now[i] = choices[i][0]
		fill(i+1, others)
		if others > 0 {
			for _, s := range choices[i][1:] {
				now[i] = s
				fill(i+1, others-1)
			}
		}
	}
	for others := 0; others <= len(choices) && len(out) < most; others++ {
		before := len(out)
		fill(0, others)
		if others > 0 && len(out) == before {
			break // no character is left that has another reading
		}
	}
	return out
}

// choices returns the readings of each character. One in a known word is read
// as the word says first; its other readings stay, since people do say mo ju.
func (r *reader) choices(text []rune) [][]sound {
	out := make([][]sound, 0, len(text))
	for len(out) < len(text) {
		rest := text[len(out):]
		word := r.phrase(rest)
		for n, syllable := range word {
			list := []sound{{syllable, fold(syllable)}}
			for _, s := range r.sounds(rest[n]) {
				if s.plain != syllable {
					list = append(list, s)
				}
			}
			out = append(out, list)
		}
		if word != nil {
			continue
		}
		s := r.sounds(rest[0])
		if s == nil {
			s = unread
		}
		out = append(out, s)
	}
	return out
}

// phrase returns the syllables of the longest known word that text begins with.
func (r *reader) phrase(text []rune) []string {
	for n := min(r.longest, len(text)); n > 1; n-- {
		if s := r.phrases[string(text[:n])]; s != nil {
			return s
		}
	}
	return nil
}

// Readings returns up to 16 readings of a text, the likeliest first, syllables
// apart by spaces. It reads the tables anew each time: it is for tools and
// tests, not for each key.
func Readings(text string) []string {
	var out []string
	for _, list := range newReader().readings(normalise(text), mostReadings) {
		var b []string
		for _, s := range list {
			b = append(b, s.plain)
		}
		out = append(out, strings.Join(b, " "))
	}
	return out
}
