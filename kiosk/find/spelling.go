package find

import (
	"strings"

	"jobhome/kiosk"
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
	var texts []respelt
	if len(dead) == len(words) && len(words) > 1 {
		// One word typed in pieces: "feng ren gong".
		for _, whole := range r.like(strings.Join(words, ""), mostLike[1]) {
			texts = append(texts, respelt{whole, whole})
		}
	}
	texts = append(texts, product(words, dead, like)...)
	from := make([]string, len(dead))
	for i, at := range dead {
		from[i] = words[at]
	}
	return r.respell(strings.Join(from, " "), texts)
}

// free is the query without what people chose to filter by.
func (r *rescuer) free() kiosk.Query {
	return kiosk.Query{Now: r.asked.Now, Lawful: r.asked.Lawful, Fold: r.asked.Fold}
}

// respelt is a text, and the words in it that are new.
type respelt struct{ text, to string }

// respell tries the texts, first with the filters and then without.
func (r *rescuer) respell(from string, texts []respelt) *kiosk.Rescue {
	for _, t := range texts {
		if t.text == r.q.Text {
			continue
		}
		q := r.f.with(r.q, t.text)
		if r.total(kiosk.RescueSpelling, q) > 0 {
			return &kiosk.Rescue{Step: kiosk.RescueSpelling, From: from, To: t.to, Query: q}
		}
	}
	for _, t := range texts {
		if t.text != r.q.Text && r.total(kiosk.RescueSpelling, r.f.with(r.free(), t.text)) > 0 {
			r.q, r.from, r.to = r.f.with(r.q, t.text), from, t.to
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
				n := respelt{strings.TrimSpace(t.text + " " + form), t.to}
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

// like is what a word that the board does not have may be meant for: a place
// and a word written as one, then words by their sound, then words like it, then
// any two words written as one.
func (r *rescuer) like(word string, n int) []string {
	var all []string
	runes := []rune(word)
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
	for _, w := range r.f.Spell.Words(word, n) {
		if w.Text != word && (!w.Guess || len(runes) > 1) { // one character sounds like too much
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
	return all
}

// longest is the length in characters of what may be two words.
const longest = 10
