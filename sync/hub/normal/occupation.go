package normal

import (
	"strings"
	"sync"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/lexicon"
)

// otherWork is 不便分类的其他从业人员, the eighth great group of 职业分类大典 2022.
var otherWork = kiosk.Occupation{Code: "8", Name: "其他从业人员"}

type workWords struct {
	of      map[string]kiosk.Occupation // lay words and names, folded
	longest int                         // characters
}

var works = sync.OnceValue(func() workWords {
	w := workWords{of: map[string]kiosk.Occupation{}}
	for _, s := range lexicon.Synonyms() {
		if s.Occupation.Code == "" {
			continue // too wide for one
		}
		for _, word := range []string{s.Word, s.Occupation.Name} {
			w.of[tight(word)] = s.Occupation
			w.longest = max(w.longest, utf8.RuneCountInString(word))
		}
	}
	return w
})

// Occupation tells an occupation of 职业分类大典 2022 by the words of a title. A
// Chinese title has its kind of work at the end (服装店导购员), so the word that
// ends last counts, of several that end there the longest. A title that has
// none is put with the others, code 8.
func Occupation(title string) (kiosk.Occupation, Reason) {
	for _, s := range []string{kiosk.HeadWords(title), title} {
		if o, ok := lastWork([]rune(tight(s))); ok {
			return o, WorkGuessed
		}
	}
	return otherWork, WorkUnknown
}

func lastWork(rs []rune) (kiosk.Occupation, bool) {
	w := works()
	for end := len(rs); end > 1; end-- {
		for n := min(w.longest, end); n > 1; n-- {
			if o, ok := w.of[string(rs[end-n:end])]; ok {
				return o, true
			}
		}
	}
	return kiosk.Occupation{}, false
}

// CodedOccupation gives a code its name, or a name its code, where one of them
// is missing. ok is false when the code is none or the name is not known.
func CodedOccupation(code, name string) (o kiosk.Occupation, ok bool) {
	o = kiosk.Occupation{Code: tight(code), Name: strings.TrimSpace(name)}
	if o.Code != "" {
		return o, o.Check() == nil
	}
	if known, there := works().of[tight(name)]; there {
		return known, true
	}
	return kiosk.Occupation{}, false
}
