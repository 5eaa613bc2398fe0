package lint

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"jobhome/kiosk/words"
)

// Rule is the name of a rule.
type Rule string

// The rules that block.
const (
	Sex        Rule = "sex"
	Family     Rule = "family"
	Ethnicity  Rule = "ethnicity"
	Religion   Rule = "religion"
	Household  Rule = "household"
	Disability Rule = "disability"
	Hepatitis  Rule = "hepatitis-b"
	Fee        Rule = "fee"
	Papers     Rule = "papers-kept"
)

// The rules that warn.
const (
	SexWord         Rule = "sex-word"
	Mothers         Rule = "mothers"
	Couples         Rule = "couples"
	Age             Rule = "age"
	SchoolRank      Rule = "school-rank"
	Looks           Rule = "looks"
	WageHeld        Rule = "wage-held"
	ContactInText   Rule = "contact-in-text"
	Bait            Rule = "bait"
	MissingValidity Rule = "missing-validity"
	MissingEmployer Rule = "missing-employer"
	MissingPlace    Rule = "missing-place"
	MissingDuties   Rule = "missing-duties"
	MissingPay      Rule = "missing-pay"
	MissingLicence  Rule = "missing-licence"
)

// Say tells what the rule is about, in one language; "" for a rule that is not
// ours.
func (r Rule) Say(l words.Lang) string {
	if l == words.En {
		return about[r].en
	}
	return about[r].zh
}

// Law names what the rule stands on, in Chinese: the law and its article. Empty
// for a rule that is advice only.
func (r Rule) Law() string { return about[r].law }

// pattern is a rule over words.
type pattern struct {
	rule     Rule
	severity Severity
	fields   []string // only in these; none: in all
	not      []string // not in these
	seen     string   // one of these words, with blanks between them, is in whatever is found
	find     []string // what is looked for; a group in it is the finding
	but      []string // what makes it right where the two overlap
	// excuse looks at the clause: what stands before the finding, and the rest.
	excuse func(before, found, after string) bool

	seenWords     []string
	findRE, butRE *regexp.Regexp
}

// mayBe reports whether a text has one of the words without which nothing is
// found; it costs little beside the expressions.
func (p *pattern) mayBe(s string) bool {
	return slices.ContainsFunc(p.seenWords, func(w string) bool { return strings.Contains(s, w) })
}

// compile joins the patterns of every rule into one expression each.
func compile(list []pattern) []pattern {
	for i := range list {
		p := &list[i]
		p.seenWords = strings.Fields(p.seen)
		p.findRE = regexp.MustCompile(strings.Join(p.find, "|"))
		if len(p.but) > 0 {
			p.butRE = regexp.MustCompile(strings.Join(p.but, "|"))
		}
	}
	return list
}

type place struct{ from, to int }

// matches finds the rule's words in a folded text, by place, none inside another.
func (p *pattern) matches(s string) []place {
	if !p.mayBe(s) {
		return nil
	}
	var found []place
	var right [][]int
	looked := false
	for at := 0; at < len(s); {
		m := p.findRE.FindStringSubmatchIndex(s[at:])
		if m == nil {
			break
		}
		pl := place{m[0] + at, m[1] + at}
		for g := 2; g+1 < len(m); g += 2 {
			if m[g] >= 0 {
				pl = place{m[g] + at, m[g+1] + at}
			}
		}
		if !looked && p.butRE != nil {
			right, looked = p.butRE.FindAllStringIndex(s, -1), true
		}
		if p.counts(s, pl, right) {
			found = append(found, pl)
			at = max(pl.to, at+1)
			continue
		}
		// Something else may begin inside what was excused.
		_, size := decode(s[pl.from:])
		at = max(pl.from+size, at+1)
	}
	slices.SortFunc(found, func(a, b place) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	return slices.CompactFunc(found, func(a, b place) bool { return b.to <= a.to })
}

// counts reports whether nothing makes the words right.
func (p *pattern) counts(s string, pl place, right [][]int) bool {
	for _, r := range right {
		if r[0] < pl.to && pl.from < r[1] {
			return false
		}
	}
	if p.excuse == nil {
		return true
	}
	start := strings.LastIndexAny(s[:pl.from], clauseEnds)
	if start >= 0 {
		_, size := decode(s[start:])
		start += size
	}
	end := strings.IndexAny(s[pl.to:], clauseEnds)
	if end < 0 {
		end = len(s) - pl.to
	}
	return !p.excuse(s[max(start, 0):pl.from], s[pl.from:pl.to], s[pl.to:pl.to+end])
}

const clauseEnds = ",;。!?\n、"
