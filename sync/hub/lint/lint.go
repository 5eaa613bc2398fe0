// Package lint reads a posting as the law does, before anybody publishes it: 就业
// 促进法, 妇女权益保障法, 劳动合同法, 人力资源市场暂行条例 (国务院令第700号), 就业服务
// 与就业管理规定, 人社部发〔2019〕17号 and what goes with them.
//
// What the law forbids is a [Block]: limits or preferences by sex, marriage and
// children, ethnicity, religion, household, disability, tests for hepatitis B,
// fees, deposits and papers kept. What a second look is owed to is a [Warn]: age,
// ranks of schools, looks, contacts in the text, bait in titles, and what the law
// wants said and is not.
//
// The rules are patterns over words, with the exceptions that keep them from
// crying wolf (男女不限, 女装, 不收取任何费用). A finding is for a clerk to judge, not
// a verdict; a text without one is not proven lawful. README.md has what they find
// in sentences that were judged by hand.
package lint

import (
	"cmp"
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Severity is what a finding means for a posting.
type Severity string

// The severities.
const (
	Block Severity = "block" // may not be published as it stands
	Warn  Severity = "warn"  // somebody has to look at it
)

// Finding is one thing that is wrong, or may be.
type Finding struct {
	Rule       Rule
	Severity   Severity
	Field      string // as in the table of kiosk/board/README.md
	Start, End int    // bytes of the field's text; both 0 where something is missing
	Words      string // the text between them
}

// Say tells what is wrong, with the words that say so, in one language.
func (f Finding) Say(l words.Lang) string {
	s := f.Rule.Say(l)
	switch {
	case f.Words == "":
		return s
	case l == words.En:
		return s + ": " + f.Words
	}
	return s + "：“" + f.Words + "”"
}

// Check returns what is wrong with a posting: by field in the order of the
// posting, then by place.
func Check(p *kiosk.Posting) []Finding {
	var all []Finding
	for _, t := range texts(p) {
		for _, f := range Text(t.field, t.text) {
			if !excused(p, f) {
				all = append(all, f)
			}
		}
	}
	for i := range all {
		all[i].Severity = severityIn(p, all[i])
	}
	return append(all, missing(p)...)
}

// Blocked reports whether one of the findings keeps the posting from being
// published.
func Blocked(all []Finding) bool {
	return slices.ContainsFunc(all, func(f Finding) bool { return f.Severity == Block })
}

// text is one that is read by the rules.
type text struct{ field, text string }

func texts(p *kiosk.Posting) []text {
	return []text{
		{"title", p.Title},
		{"pay.original", p.Pay.Original},
		{"hours", p.Hours},
		{"requirements", p.Requirements},
		{"description", p.Description},
		{"contact.rule", p.Contact.Rule},
	}
}

// excused are findings that the kind of offer makes right: day work is paid by
// the day, and says so in its title.
func excused(p *kiosk.Posting, f Finding) bool {
	return f.Rule == Bait && p.Channel == kiosk.Gig && strings.HasPrefix(f.Words, "日结")
}

// severityIn is the finding's severity in a posting: public-welfare and policy
// posts may be for the people of a place by law, so that a household limit there
// is for somebody to look at.
func severityIn(p *kiosk.Posting, f Finding) Severity {
	if f.Rule == Household && (p.Channel == kiosk.Welfare || p.Channel == kiosk.Policy) {
		return Warn
	}
	return f.Severity
}

// Text returns what the rules find in the text of one field, by place. It knows
// nothing of the posting round it.
func Text(field, s string) []Finding {
	f := fold(s)
	var all []Finding
	for i := range rules {
		r := &rules[i]
		if len(r.fields) > 0 && !slices.Contains(r.fields, field) || slices.Contains(r.not, field) {
			continue
		}
		for _, m := range r.matches(f.text) {
			from, to := f.origin(m.from, m.to)
			all = append(all, Finding{Rule: r.rule, Severity: r.severity, Field: field, Start: from, End: to, Words: s[from:to]})
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	return all
}
