package board

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
)

// found is a page: items and their rows.
type found struct {
	s     *snapshot
	rows  []int32
	items []kiosk.Item
}

// mostHits is the longest page that has hits: a longer one is for a program,
// which would wait for thousands of descriptions.
const mostHits = 200

// around is how many characters of an excerpt stand on either side of a word.
const around = 12

// addHits says of each item, for each word that its title does not hold, where
// the word stands, or where a form of it does. Titles come first, then the
// fields in the order of their weight; of one field the word itself.
func (b *Board) addHits(ctx context.Context, f found, words []wanted) {
	if len(words) == 0 || len(f.items) > mostHits {
		return
	}
	type missing struct{ item, word int }
	var left []missing // what none of the fields in memory holds
	for n := range f.items {
		p := &f.items[n].Posting
		fields := fieldsOf(p)
		title := fold(p.Title)
		for i := range words {
			if strings.Contains(title, words[i].forms[0]) {
				continue
			}
			hit, ok := firstHit(fields, words[i])
			if !ok {
				hit, ok = meant(p, words[i])
			}
			if !ok {
				left = append(left, missing{n, len(f.items[n].Hits)})
				hit = kiosk.Hit{Word: words[i].typed, As: words[i].forms[0], Field: kiosk.FieldDescription}
			}
			f.items[n].Hits = append(f.items[n].Hits, hit)
		}
	}
	if len(left) == 0 {
		return
	}
	var rows []int32
	for i, m := range left {
		if i == 0 || left[i-1].item != m.item {
			rows = append(rows, f.rows[m.item])
		}
	}
	// What cannot be read has no excerpt: the page is right without it.
	texts, _ := b.descriptions(ctx, f.s, rows)
	for _, m := range left {
		hit := &f.items[m.item].Hits[m.word]
		for _, w := range words {
			if w.typed != hit.Word {
				continue
			}
			if at, ok := standsIn(texts[f.rows[m.item]], w.forms); ok {
				hit.As, hit.Excerpt = at.form, at.excerpt()
			}
			break
		}
	}
}

// part is a field of a posting, or one line of it.
type part struct {
	field kiosk.Field
	text  string
	whole bool // the screen shows all of it, so there is no excerpt
}

func fieldsOf(p *kiosk.Posting) []part {
	return []part{
		{kiosk.FieldTitle, p.Title, true},
		{kiosk.FieldEmployer, p.Employer.Name, true},
		{kiosk.FieldOccupation, p.Occupation.Name, true},
		{kiosk.FieldPlace, county(p.Area), true},
		{kiosk.FieldPlace, areas.Name(p.Area.Town()), true},
		{kiosk.FieldPlace, p.Address, true},
		{kiosk.FieldRequirements, p.Requirements, false},
	}
}

// firstHit looks for the forms of a word in the fields.
func firstHit(fields []part, w wanted) (kiosk.Hit, bool) {
	for _, f := range fields {
		at, ok := standsIn(f.text, w.forms)
		if !ok {
			continue
		}
		hit := kiosk.Hit{Word: w.typed, As: at.form, Field: f.field}
		if !f.whole {
			hit.Excerpt = at.excerpt()
		}
		return hit, true
	}
	return kiosk.Hit{}, false
}

// stand is a place in a text where a form of a word stands.
type stand struct {
	text     string
	form     string
	from, to int // bytes of text
}

// standsIn finds the first of the forms that stands in the text when folded.
func standsIn(text string, forms []string) (stand, bool) {
	folded := fold(text)
	for _, form := range forms {
		i := strings.Index(folded, form)
		if i < 0 {
			continue
		}
		at := stand{text: text, form: form, from: -1, to: len(text)}
		n := 0 // bytes of the folded text
		for from, r := range foldedRunes(text) {
			if n == i {
				at.from = from
			}
			if n == i+len(form) {
				at.to = from
				break
			}
			n += utf8.RuneLen(r)
		}
		// What folding leaves out behind the word is not of it.
		at.to = at.from + len(strings.TrimRightFunc(text[at.from:at.to], unseen))
		return at, true
	}
	return stand{}, false
}

// unseen reports whether folding leaves a character out.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// excerpt is the words about the place, as people wrote them, in one line.
func (p stand) excerpt() string {
	from, to := p.from, p.to
	for n := 0; n < around && from > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(p.text[:from])
		from -= size
	}
	for n := 0; n < around && to < len(p.text); n++ {
		_, size := utf8.DecodeRuneInString(p.text[to:])
		to += size
	}
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, p.text[from:to])
	line = strings.Join(strings.Fields(line), " ")
	if from > 0 {
		line = "…" + line
	}
	if to < len(p.text) {
		line += "…"
	}
	return line
}
