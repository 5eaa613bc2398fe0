// Package words is the one catalogue of everything the terminal says to a
// person: on the screen, on the slip and in speech, in Simplified Chinese
// first and English second. Code refers to a sentence by its key.
//
// A sentence says what to do next, uses spoken words, and gives numbers with
// their units. Dates are written 今天, 明天 or 6月3日.
package words

import "fmt"

// Lang is a language of the catalogue.
type Lang string

// The languages.
const (
	Zh Lang = "zh"
	En Lang = "en"
)

// Langs lists the languages, the first one first.
func Langs() []Lang { return []Lang{Zh, En} }

// entry is one sentence in both languages.
type entry struct{ zh, en string }

// T returns the sentence for key in l, formatted with args as by fmt.Sprintf.
// A key that the catalogue lacks comes back in ⟦brackets⟧: a test finds every
// key in use, so a resident never sees one.
func T(l Lang, key string, args ...any) string {
	e, ok := lookup(key)
	if !ok {
		return "⟦" + key + "⟧"
	}
	s := e.zh
	if l == En {
		s = e.en
	}
	if len(args) == 0 {
		return s
	}
	return fmt.Sprintf(s, args...)
}

// Has reports whether the catalogue has key.
func Has(key string) bool {
	_, ok := lookup(key)
	return ok
}

// Keys lists the keys of the catalogue in no order.
func Keys() []string {
	var keys []string
	for _, t := range tables() {
		for k := range t {
			keys = append(keys, k)
		}
	}
	return keys
}

func tables() []map[string]entry {
	return []map[string]entry{
		frameWords, pageWords, fieldWords, reasonWords, findWords, troubleWords, benchWords, staffWords, faultWords, requestWords,
		boardFileWords, webWords, setupWords, resetWords, calmWords,
	}
}

func lookup(key string) (entry, bool) {
	for _, t := range tables() {
		if e, ok := t[key]; ok {
			return e, true
		}
	}
	return entry{}, false
}
