package desk

import (
	"strconv"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/postings"
)

// fact is one line of a posting: what it says now, and what is on the board.
type fact struct {
	Key     string // of the catalogue, behind "field."
	Now     []run
	Live    []run
	Changed bool
}

// run is a piece of a text that looks the same throughout.
type run struct {
	Text  string
	Level postings.Level // of the finding that is in it; "" none
	New   bool           // not so in the other text
}

// values are a posting's lines in the order in which they are read. Names are
// those that findings use.
func (l lang) values(p *kiosk.Posting) [][2]string {
	wl := words.Lang(l)
	heads := l.t("posting.some")
	if p.Headcount > 0 {
		heads = l.t("posting.heads", p.Headcount)
	}
	months := ""
	if p.Experience > 0 {
		months = l.t("posting.months", p.Experience)
	}
	school := l.t("posting.anyschool")
	if p.Education != kiosk.NoSchooling {
		school = words.Education(wl, p.Education)
	}
	starts := ""
	if !p.Starts.IsZero() {
		starts = l.day(p.Starts)
	}
	return [][2]string{
		{"title", p.Title},
		{"employer.name", p.Employer.Name},
		{"employer.credit_code", p.Employer.CreditCode},
		{"occupation.name", strings.TrimSpace(p.Occupation.Name + " " + p.Occupation.Code)},
		{"channel", words.T(wl, "channel."+string(p.Channel))},
		{"headcount", heads},
		{"area", areaName(p.Area)},
		{"address", p.Address},
		{"pay", words.Pay(wl, p.Pay)},
		{"pay.original", p.Pay.Original},
		{"education", school},
		{"experience", months},
		{"shifts", words.Shifts(wl, p.Shifts)},
		{"hours", p.Hours},
		{"benefits", words.Benefits(wl, p.Benefits)},
		{"certificates", words.Certificates(wl, p.Certificates)},
		{"requirements", p.Requirements},
		{"description", p.Description},
		{"contact.person", p.Contact.Person},
		{"contact.phone", p.Contact.Phone},
		{"contact.rule", p.Contact.Rule},
		{"starts", starts},
		{"published", l.day(p.Published)},
		{"valid_through", l.day(p.ValidThrough)},
		{"source.name", strings.TrimSpace(p.Source.Name + " " + p.Source.Ref)},
	}
}

// facts are the lines that say something, now or on the board.
func (l lang) facts(r *postings.Record) []fact {
	var all []fact
	var live [][2]string
	if r.Live != nil {
		live = l.values(r.Live)
	}
	for i, v := range l.values(&r.Posting) {
		was := v[1]
		if live != nil {
			was = live[i][1]
		}
		if v[1] == "" && was == "" {
			continue
		}
		f := fact{Key: v[0], Changed: v[1] != was}
		f.Now = marked(v[1], was, v[0], r.Findings)
		if live != nil {
			f.Live = marked(was, v[1], "", nil)
		}
		all = append(all, f)
	}
	return all
}

// marked cuts a text into runs: by the findings of its field, and by what the
// other text has otherwise, from the first character that differs to the last.
func marked(text, other, field string, findings []postings.Finding) []run {
	level := make([]postings.Level, len(text))
	for _, f := range findings {
		if f.Field != field || f.Text == "" {
			continue
		}
		for at := 0; ; {
			i := strings.Index(text[at:], f.Text)
			if i < 0 {
				break
			}
			for j := at + i; j < at+i+len(f.Text); j++ {
				if level[j] != postings.Block {
					level[j] = f.Level
				}
			}
			at += i + len(f.Text)
		}
	}
	from, to := differs(text, other)
	var runs []run
	for i, r := range text {
		fresh := i >= from && i < to
		if n := len(runs); n > 0 && runs[n-1].Level == level[i] && runs[n-1].New == fresh {
			runs[n-1].Text += string(r)
		} else {
			runs = append(runs, run{string(r), level[i], fresh})
		}
	}
	return runs
}

// differs returns where text differs from other: [from, to) in bytes, at
// characters' ends.
func differs(text, other string) (from, to int) {
	a, b := []rune(text), []rune(other)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return len(string(a[:head])), len(string(a[:len(a)-tail]))
}

func (l lang) pay(p kiosk.Pay) string { return words.Pay(words.Lang(l), p) }

// levels counts findings by their level.
func levels(findings []postings.Finding) (block, warn int) {
	for _, f := range findings {
		if f.Level == postings.Block {
			block++
		} else {
			warn++
		}
	}
	return block, warn
}

// whole reads a whole number from a form or an address.
func whole(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
