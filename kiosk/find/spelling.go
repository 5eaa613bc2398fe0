package find

import (
	"slices"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/spell"
)

// mostLike is how many like words are tried for each of one, two and more words
// that the board does not have.
var mostLike = []int{8, 3, 2}

// mostDead is how many of the words that the board does not have are respelled.
const mostDead = 4

// spelling takes the words that no posting has for words that some have. When
// the filters leave none of these, the later steps go on with the likeliest.
func (r *rescuer) spelling() *kiosk.Rescue {
	words := strings.Fields(r.q.Text)
	var dead []int
	for i, w := range words {
		if r.total(kiosk.RescueSpelling, r.f.with(r.free(), w)) == 0 {
			dead = append(dead, i)
		}
	}
	if len(dead) == 0 || len(dead) > mostDead {
		return nil
	}
	like := make([][]string, len(dead))
	for i, at := range dead {
		like[i] = r.like(words[at], mostLike[min(len(dead), len(mostLike))-1])
		if len(like[i]) == 0 {
			like[i] = []string{words[at]}
		}
	}
	texts := append(r.parted(words, dead), r.readings(words, dead)...)
	if len(dead) == len(words) && len(words) > 1 {
		// One word typed in pieces: "feng ren gong".
		for _, whole := range r.like(strings.Join(words, ""), mostLike[1]) {
			texts = append(texts, respelt{text: whole, to: whole})
		}
	}
	texts = append(texts, product(words, dead, like)...)
	from := make([]string, len(dead))
	for i, at := range dead {
		from[i] = words[at]
	}
	done := r.respell(strings.Join(from, " "), texts)
	if parted := r.parted(words, dead); done == nil && r.from == "" && parted != nil {
		// Each word is known, but nothing has all: the later steps go on with them.
		r.q, r.from, r.to = r.f.with(r.q, parted[0].text), strings.Join(from, " "), parted[0].to
	}
	return done
}

// parted is the text with the dead words parted into those that they are made
// of; nil when one of them is made of none.
func (r *rescuer) parted(words []string, dead []int) []respelt {
	text, to := slices.Clone(words), make([]string, 0, len(dead))
	for _, i := range dead {
		parts, ok := r.f.Spell.Parts(words[i])
		if !ok || len(parts) == 0 {
			return nil
		}
		text[i] = strings.Join(parts, " ")
		to = append(to, text[i])
	}
	return []respelt{{text: strings.Join(text, " "), to: strings.Join(to, " ")}}
}

// free is the query without what people chose to filter by.
func (r *rescuer) free() kiosk.Query {
	return kiosk.Query{Now: r.asked.Now, Lawful: r.asked.Lawful, Fold: r.asked.Fold}
}

// respelt is a text, and the words in it that are new.
type respelt struct {
	text, to string
	or       map[int][]string // by word: others that may be meant as well
}

// mostReadings is how many words some letters are taken for at once.
const mostReadings = 5

// readings is the text in which letters that leave open what they stand for are
// taken for all the words that they are likely to be; nil when there are none.
func (r *rescuer) readings(words []string, dead []int) []respelt {
	t := respelt{or: map[int][]string{}}
	var to, text []string
	for i, w := range words {
		if !slices.Contains(dead, i) {
			text = append(text, w)
			continue
		}
		var likely []string
		all := r.f.Spell.Words(w, mostReadings)
		for _, like := range all {
			if !alike(w, like, all[0]) {
				break
			}
			if r.total(kiosk.RescueSpelling, r.f.with(r.free(), like.Text)) > 0 {
				likely = append(likely, like.Text)
			}
		}
		if len(likely) == 0 {
			return nil
		}
		text, t.or[i] = append(text, likely[0]), likely[1:]
		to = append(to, strings.Join(likely, "、"))
	}
	t.text, t.to = strings.Join(text, " "), strings.Join(to, " ")
	return []respelt{t}
}

// alike reports whether a word is as likely to be meant as the first one: both by
// initials, or both with a wrong character among three and more.
func alike(typed string, w, first spell.Word) bool {
	if w.Whole || w.Guess != first.Guess || w.Far != first.Far || w.Work != first.Work {
		return false
	}
	if w.Guess {
		return w.Far && !letters(typed) && utf8.RuneCountInString(typed) > 2
	}
	return letters(typed)
}

// letters reports whether a word is of ASCII letters only.
func letters(word string) bool {
	return strings.Trim(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz") == ""
}

// spelt returns the query for a text that was respelt.
func (r *rescuer) spelt(q kiosk.Query, t respelt) kiosk.Query {
	q = r.f.with(q, t.text)
	if len(t.or) == 0 {
		return q
	}
	also := make([][]string, len(strings.Fields(t.text)))
	copy(also, q.Also)
	for i, others := range t.or {
		also[i] = slices.Clone(also[i])
		for _, w := range others {
			also[i] = append(append(also[i], w), r.f.Spell.Forms(w)...)
		}
	}
	q.Also = also
	return q
}

// respell tries the texts, first with the filters and then without.
func (r *rescuer) respell(from string, texts []respelt) *kiosk.Rescue {
	for _, t := range texts {
		if t.text == r.q.Text {
			continue
		}
		q := r.spelt(r.q, t)
		if r.total(kiosk.RescueSpelling, q) > 0 {
			return &kiosk.Rescue{Step: kiosk.RescueSpelling, From: from, To: t.to, Query: q}
		}
	}
	for _, t := range texts {
		if t.text != r.q.Text && r.total(kiosk.RescueSpelling, r.spelt(r.free(), t)) > 0 {
			r.q, r.from, r.to = r.spelt(r.q, t), from, t.to
			break
		}
	}
	return nil
}

// product is the texts in which each dead word stands for each of its like ones.
func product(words []string, dead []int, like [][]string) []respelt {
	texts := []respelt{{}}
	next := 0
	for i, w := range words {
		forms, isDead := []string{w}, next < len(dead) && dead[next] == i
		if isDead {
			forms = like[next]
			next++
		}
		var longer []respelt
		for _, t := range texts {
			for _, form := range forms {
				n := respelt{text: strings.TrimSpace(t.text + " " + form), to: t.to}
				if isDead {
					n.to = strings.TrimSpace(t.to + " " + form)
				}
				longer = append(longer, n)
			}
		}
		texts = longer
	}
	return texts
}

// like is what a word that the board does not have may be meant for: the words
// that it is made of, a place and a word written as one, then words by their sound, then words like it, then
// any two words written as one, then names of employers that sound like it.
func (r *rescuer) like(word string, n int) []string {
	var all []string
	runes := []rune(word)
	if parts, ok := r.f.Spell.Parts(word); ok && len(parts) > 0 {
		all = append(all, strings.Join(parts, " "))
	}
	for at := len(runes) - 1; at > 1; at-- {
		if head, tail := string(runes[:at]), string(runes[at:]); r.f.Spell.Place(head) {
			all = append(all, head+" "+tail)
			break
		}
	}
	for at := 1; at < len(runes)-1; at++ {
		if head, tail := string(runes[:at]), string(runes[at:]); r.f.Spell.Place(tail) {
			all = append(all, head+" "+tail)
			break
		}
	}
	var names []string // that sound like it
	for _, w := range r.f.Spell.Words(word, n) {
		switch {
		case w.Text == word || w.Guess && len(runes) < 2:
			// One character sounds like too much.
		case w.Guess && w.Far && len(runes) == 2:
			// Of two a wrong one is half the word: what it may be meant for is asked,
			// see Suggest, and not shown.
		case w.Guess && w.Employer:
			names = append(names, w.Text)
		default:
			all = append(all, w.Text)
		}
	}
	if len(runes) <= longest {
		for at := 2; at < len(runes)-1; at++ {
			if runes[at] > 0x7F && runes[at-1] > 0x7F { // letters are spelt, not parted
				all = append(all, string(runes[:at])+" "+string(runes[at:]))
			}
		}
	}
	return append(all, names...)
}

// longest is the length in characters of what may be two words.
const longest = 10
