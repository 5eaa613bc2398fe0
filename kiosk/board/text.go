package board

import (
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

// wanted is a word of a query and the forms of it that will do, folded: the
// first is the word itself. Means is what its fields may have instead, or nil.
type wanted struct {
	typed string
	forms []string
	means *kiosk.Meaning
}

// plain reports whether only the word itself will do.
func (w *wanted) plain() bool { return len(w.forms) == 1 && w.means == nil }

// wantedWords splits a query at its spaces and folds each word and its other
// forms. Words of which nothing is left ask for nothing.
func wantedWords(q kiosk.Query) []wanted {
	var all []wanted
	for i, typed := range strings.Fields(q.Text) {
		w := wanted{typed: typed}
		forms := []string{typed}
		if i < len(q.Also) {
			forms = append(forms, q.Also[i]...)
		}
		if fold(typed) == "" {
			continue
		}
		for _, form := range forms {
			if form = fold(form); form != "" {
				w.forms = append(w.forms, form)
			}
		}
		if i < len(q.Means) && !q.Means[i].None() {
			w.means = &q.Means[i]
		}
		all = append(all, w)
	}
	return all
}

// narrow leaves in dst the rows that have, of every word, one form, in their
// text or in its first line, the title; in their text or by their fields, when
// the word means something of these.
func (s *snapshot) narrow(dst index.Bits, words []wanted, title bool, r *room) {
	one := s.text.Narrow
	if title {
		one = s.text.NarrowFirst
	}
	plain := make([]string, 0, len(words))
	for _, w := range words {
		if w.plain() || title && len(w.forms) == 1 {
			plain = append(plain, w.forms[0])
		}
	}
	one(dst, plain...)
	if len(plain) == len(words) {
		return
	}
	any, each := r.set(), r.set()
	for _, w := range words {
		if w.plain() || title && len(w.forms) == 1 {
			continue
		}
		any.Reset()
		if w.means != nil && !title {
			s.mean(any, w.means, r)
			any.And(dst)
		}
		for _, form := range w.forms {
			copy(each, dst)
			one(each, form)
			any.Or(each)
		}
		copy(dst, any)
	}
	r.used -= 2
}
