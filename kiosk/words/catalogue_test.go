package words

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"jobhome/kiosk"
)

// each calls check for every sentence of the catalogue.
func each(t *testing.T, check func(t *testing.T, key string, e entry)) {
	t.Helper()
	seen := map[string]bool{}
	for _, table := range tables() {
		for key, e := range table {
			if seen[key] {
				t.Errorf("%s is in the catalogue twice; only one is ever shown", key)
			}
			seen[key] = true
			check(t, key, e)
		}
	}
	if len(seen) < 100 || len(seen) != len(Keys()) {
		t.Fatalf("%d sentences were checked, the catalogue has %d", len(seen), len(Keys()))
	}
}

func TestBothLanguages(t *testing.T) {
	each(t, func(t *testing.T, key string, e entry) {
		if strings.TrimSpace(e.zh) != e.zh || strings.TrimSpace(e.en) != e.en || e.zh == "" || e.en == "" {
			t.Errorf("%s: %q, %q: a language is missing, or blanks are at an end", key, e.zh, e.en)
		}
	})
}

var verbRE = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*\d*([a-zA-Z%])`)

// verbs maps the number of each argument that s formats to its kind.
func verbs(s string) map[int]string {
	all := map[int]string{}
	next := 1
	for _, m := range verbRE.FindAllStringSubmatch(s, -1) {
		if m[2] == "%" {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			next = n
		}
		all[next] = m[2]
		next++
	}
	return all
}

// A sentence takes the same arguments in both languages, and formats them.
func TestVerbs(t *testing.T) {
	each(t, func(t *testing.T, key string, e entry) {
		zh, en := verbs(e.zh), verbs(e.en)
		if !maps.Equal(zh, en) {
			t.Errorf("%s: the languages take different arguments: %v, %v", key, zh, en)
			return
		}
		var args []any
		for i := range len(zh) {
			switch zh[i+1] {
			case "d":
				args = append(args, 7)
			case "s":
				args = append(args, "七")
			default:
				t.Errorf("%s: argument %d is of the kind %q; only %%d and %%s are used", key, i+1, zh[i+1])
			}
		}
		for _, l := range Langs() {
			if got := T(l, key, args...); strings.Contains(got, "%!") || strings.Contains(got, "⟦") {
				t.Errorf("%s: %q", key, got)
			}
		}
	})
	if got := fmt.Sprint(verbs("%[2]d of %[1]s, 5 %%")); got != "map[1:s 2:d]" {
		t.Errorf("the test reads verbs as %s", got)
	}
}

func TestPunctuation(t *testing.T) {
	each(t, func(t *testing.T, key string, e entry) {
		if i := strings.IndexAny(e.zh, `,;:!?()"'.`); i >= 0 && hasHan(e.zh) {
			t.Errorf("%s: Chinese with the ASCII punctuation %q: %s", key, e.zh[i], e.zh)
		}
		if strings.ContainsAny(e.en, "，。、；：！？（）《》") {
			t.Errorf("%s: English with Chinese punctuation: %s", key, e.en)
		}
		if strings.Contains(e.zh, "...") || strings.Contains(e.en, "...") || strings.Contains(e.en, "  ") {
			t.Errorf("%s: dots or double blanks: %s, %s", key, e.zh, e.en)
		}
	})
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Chinese without a single Han character is a word in the other language, as
// on the button that changes it; English with one is an example of what to
// type, or what a slip says.
func TestLanguagesAreWhatTheySay(t *testing.T) {
	zhOther := map[string]string{"bar.lang": "the button says the other language"}
	enOther := map[string]string{
		"bar.lang": "the button says the other language", "consent.two": "an example of a masked name",
		"search.hint": "examples of what to type", "search.hanzi": "the keys are Chinese characters",
		"trouble.retry.marked": "the mark on the paper",
	}
	each(t, func(t *testing.T, key string, e entry) {
		if !hasHan(e.zh) && zhOther[key] == "" && strings.ContainsFunc(verbRE.ReplaceAllString(e.zh, ""), unicode.IsLetter) {
			t.Errorf("%s: no Chinese in %q", key, e.zh)
		}
		if hasHan(e.en) && enOther[key] == "" {
			t.Errorf("%s: Chinese in the English %q", key, e.en)
		}
	})
}

// Who reads slowly reads forty characters and no more; a button has twelve.
func TestSentencesAreShort(t *testing.T) {
	for _, table := range []map[string]entry{frameWords, pageWords, troubleWords, staffWords, findWords} {
		for key, e := range table {
			if n := utf8.RuneCountInString(e.zh); n > 40 {
				t.Errorf("%s has %d characters: %s", key, n, e.zh)
			}
			if n := utf8.RuneCountInString(e.en); n > 90 {
				t.Errorf("%s has %d letters: %s", key, n, e.en)
			}
			if n := utf8.RuneCountInString(e.zh); strings.HasPrefix(key, "bar.") && n > 12 {
				t.Errorf("%s has %d characters on a button: %s", key, n, e.zh)
			}
		}
	}
}

// Every trouble says what to do next; the rest are words of its page.
func TestTroublesSayWhatToDo(t *testing.T) {
	frame := map[string]bool{
		"kept": true, "scan": true, "retry": true, "retry.marked": true, "done": true, "back": true, "ready": true,
	}
	n := 0
	for key := range troubleWords {
		name := strings.TrimPrefix(key, "trouble.")
		if base, ok := strings.CutSuffix(key, ".do"); ok {
			if !Has(base) {
				t.Errorf("%s answers no trouble", key)
			}
			continue
		}
		if !frame[name] {
			n++
			if !Has(key + ".do") {
				t.Errorf("%s does not say what to do", key)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d troubles were found", n)
	}
}

// Everything that the field's words list has a name here.
func TestFieldHasNames(t *testing.T) {
	var keys []string
	for tr := range trades() {
		keys = append(keys, "trade."+string(tr))
	}
	for _, c := range kiosk.Channels() {
		keys = append(keys, "channel."+string(c))
	}
	for _, e := range append(kiosk.Educations(), kiosk.AnySchooling) {
		keys = append(keys, fmt.Sprint("edu.", int(e)))
	}
	for _, s := range kiosk.AllShifts.Each() {
		keys = append(keys, "shift."+s.Name())
	}
	for _, b := range kiosk.AllBenefits.Each() {
		keys = append(keys, "perk."+b.Name())
	}
	for _, u := range payUnits() {
		if u != kiosk.Negotiable {
			keys = append(keys, "unit."+string(u))
		}
	}
	for _, r := range []kiosk.Rating{kiosk.Good, kiosk.Fair, kiosk.Poor} {
		keys = append(keys, "rate."+string(r))
	}
	for _, key := range keys {
		if !Has(key) {
			t.Errorf("the catalogue has no %s", key)
		}
	}
	if len(keys) < 50 {
		t.Errorf("only %d names were asked for", len(keys))
	}
}

// trades are those that any code of the classification leads to.
func trades() map[kiosk.Trade]bool {
	all := map[kiosk.Trade]bool{kiosk.TradeOther: true}
	for n := range 8 * 40 * 40 {
		code := fmt.Sprintf("%d-%02d-%02d", n/1600+1, n/40%40, n%40)
		all[kiosk.Occupation{Code: code}.Trade()] = true
		for last := range 6 {
			all[kiosk.Occupation{Code: fmt.Sprintf("%s-%02d", code, last)}.Trade()] = true
		}
	}
	return all
}

func TestMissingKeyIsSeen(t *testing.T) {
	if got := T(Zh, "no.such.key", 1); got != "⟦no.such.key⟧" || Has("no.such.key") {
		t.Errorf("a key that is missing reads %q", got)
	}
}
