package find

import (
	"slices"
	"strings"

	"jobhome/kiosk"
)

// Letters of at most so many characters are initials more often than a word.
const initials = 3

// lookedAt is how many rows of a list are looked at for where its letters stand.
const lookedAt = 30

// unbury takes letters that the board has only inside of longer words for what
// they are the initials of. It returns nil when they are not, or stand for nothing.
func (r *rescuer) unbury() (*kiosk.Rescue, error) {
	if !slices.ContainsFunc(strings.Fields(r.q.Text), fewLetters) {
		return nil, nil
	}
	look := r.free()
	look.Text, look.Sort, look.Limit = r.q.Text, kiosk.SortFit, lookedAt
	look.Hits = true
	res, err := r.f.Board.Search(r.ctx, look)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(r.q.Text)
	dead := buried(res, words)
	if len(dead) == 0 {
		return nil, nil
	}
	from := make([]string, len(dead))
	for i, at := range dead {
		from[i] = words[at]
	}
	for _, t := range r.readings(words, dead) {
		if q := r.spelt(r.q, t); r.total(kiosk.RescueSpelling, q) > 0 {
			return &kiosk.Rescue{Step: kiosk.RescueSpelling, From: strings.Join(from, " "), To: t.to, Query: q}, nil
		}
	}
	return nil, r.err
}

func fewLetters(word string) bool { return len(word) > 1 && len(word) <= initials && letters(word) }

// buried are the words of a query that are few letters and that the first rows
// which were found have only inside of longer words (ba in PCBA, hs in EHS).
// What was meant may be something else then.
func buried(res kiosk.Results, words []string) []int {
	var all []int
	for i, w := range words {
		stands := func(it kiosk.Item) bool { return begins(it, strings.ToLower(w)) }
		if fewLetters(w) && len(res.Items) > 0 && !slices.ContainsFunc(res.Items, stands) {
			all = append(all, i)
		}
	}
	return all
}

// begins reports whether a word of letters in a row begins with these.
func begins(it kiosk.Item, letters string) bool {
	p := &it.Posting
	texts := []string{p.Title, p.Employer.Name, p.Occupation.Name, p.Address, p.Requirements}
	for _, h := range it.Hits {
		texts = append(texts, h.Excerpt)
		if h.Excerpt == "" && h.Field == kiosk.FieldDescription {
			return true // it could not be read
		}
	}
	return slices.ContainsFunc(texts, func(text string) bool {
		text = strings.ToLower(text)
		for at := 0; ; at++ {
			next := strings.Index(text[at:], letters)
			if next < 0 {
				return false
			}
			if at += next; at == 0 || !latin(text[at-1]) {
				return true
			}
		}
	})
}

func latin(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' }
