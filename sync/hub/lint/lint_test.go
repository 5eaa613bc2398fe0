package lint

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/words"
)

// judged is a sentence and the rules that it breaks.
type judged struct {
	field, text string
	rules       []string
}

func judgedIn(t testing.TB, file string) []judged {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all []judged
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 3 {
			t.Fatalf("%s: bad line %q", file, line)
		}
		j := judged{field: f[0], text: f[1]}
		if f[2] != "-" {
			j.rules = strings.Split(f[2], ",")
		}
		for _, r := range j.rules {
			if about[Rule(r)].zh == "" {
				t.Fatalf("%s: there is no rule %q", file, r)
			}
		}
		all = append(all, j)
	}
	return all
}

// score is how the findings agree with the judgement.
type score struct {
	sentences, lawful int
	broken, found     int // rules broken in all sentences, and found
	falseAll          int // findings too many
}

// row is the score as a line of the table in README.md.
func (s score) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d |", name, s.sentences, s.lawful, s.broken, s.found, s.falseAll)
}

func scoreOf(t *testing.T, list []judged, blocking, tell bool) score {
	t.Helper()
	var s score
	for _, j := range list {
		s.sentences++
		var got []string
		for _, f := range Text(j.field, j.text) {
			if (f.Severity == Block) == blocking && !slices.Contains(got, string(f.Rule)) {
				got = append(got, string(f.Rule))
			}
		}
		lawful := true
		for _, r := range j.rules {
			if blocks(Rule(r)) != blocking {
				continue
			}
			lawful = false
			if s.broken++; slices.Contains(got, r) {
				s.found++
			} else if tell {
				t.Logf("missed %s: %s", r, j.text)
			}
		}
		if lawful {
			s.lawful++
		}
		for _, g := range got {
			if !slices.Contains(j.rules, g) {
				s.falseAll++
				if tell {
					t.Logf("cried %s: %s", g, j.text)
				}
			}
		}
	}
	return s
}

func blocks(r Rule) bool {
	return slices.ContainsFunc(rules, func(p pattern) bool { return p.rule == r && p.severity == Block })
}

// The table in README.md says what the rules find; this keeps it true.
func TestScoresAreThoseOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	sentences, held := judgedIn(t, "sentences.tsv"), judgedIn(t, "heldout.tsv")
	if len(sentences) < 200 || len(held) < 60 {
		t.Errorf("only %d and %d sentences", len(sentences), len(held))
	}
	for _, c := range []struct {
		name     string
		list     []judged
		blocking bool
	}{
		{"block, sentences.tsv", sentences, true},
		{"warn, sentences.tsv", sentences, false},
		{"block, heldout.tsv", held, true},
		{"warn, heldout.tsv", held, false},
	} {
		s := scoreOf(t, c.list, c.blocking, true)
		if !strings.Contains(string(readme), s.row(c.name)) {
			t.Errorf("README.md lacks\n%s", s.row(c.name))
		}
	}
	s := scoreOf(t, sentences, true, false)
	if s.found != s.broken || s.falseAll != 0 {
		t.Errorf("of the sentences that the rules were written with, %d of %d are found, and %d findings are false", s.found, s.broken, s.falseAll)
	}
}

// The words without which a rule finds nothing are in all that it finds.
func TestSeenWordsHideNothing(t *testing.T) {
	for _, p := range rules {
		if len(p.seenWords) == 0 {
			t.Errorf("%s has no words", p.rule)
		}
		all := p
		all.seenWords = []string{""}
		for _, file := range []string{"sentences.tsv", "heldout.tsv"} {
			for _, j := range judgedIn(t, file) {
				s := fold(j.text).text
				if got, want := p.matches(s), all.matches(s); !slices.Equal(got, want) {
					t.Errorf("%s finds %v in %s, and without its words %v", p.rule, got, j.text, want)
				}
			}
		}
	}
}

// A posting that breaks nothing, to break one thing of.
func lawful() kiosk.Posting {
	at := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	return kiosk.Posting{
		Title: "缝纫工", Employer: kiosk.Employer{Name: "某某服饰有限公司"}, Channel: kiosk.Market, Area: "360482",
		Address: "工业大道8号", Pay: kiosk.Pay{Min: 1, Max: 1, Unit: kiosk.PerMonth}, Description: "平车、拷边",
		Published: at, ValidThrough: at.AddDate(0, 1, 0),
	}
}

func rulesOf(all []Finding) string {
	var s []string
	for _, f := range all {
		s = append(s, f.Field+":"+string(f.Rule)+":"+string(f.Severity))
	}
	return strings.Join(s, " ")
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*kiosk.Posting)
		want  string
	}{
		{"lawful", func(*kiosk.Posting) {}, ""},
		{"sex in two fields", func(p *kiosk.Posting) { p.Title, p.Requirements = "缝纫工（女）", "限女性" }, "title:sex:block requirements:sex:block"},
		{"no validity", func(p *kiosk.Posting) { p.ValidThrough = time.Time{} }, "valid_through:missing-validity:warn"},
		{"no employer", func(p *kiosk.Posting) { p.Employer.Name = " " }, "employer.name:missing-employer:warn"},
		{"no area", func(p *kiosk.Posting) { p.Area = "" }, "address:missing-place:warn"},
		{"no address", func(p *kiosk.Posting) { p.Address = "" }, "address:missing-place:warn"},
		{"a point is a place", func(p *kiosk.Posting) { p.Address, p.Location = "", kiosk.Point{Lat: 29, Lon: 115} }, ""},
		{"no duties", func(p *kiosk.Posting) { p.Description = "" }, "description:missing-duties:warn"},
		{"no pay", func(p *kiosk.Posting) { p.Pay = kiosk.Pay{Unit: kiosk.Negotiable} }, "pay:missing-pay:warn"},
		{"negotiable pay", func(p *kiosk.Posting) { p.Pay = kiosk.Pay{Unit: kiosk.Negotiable, Original: "面议"} }, ""},
		{"agency", func(p *kiosk.Posting) { p.Employer.Name = "某某人力资源有限公司" }, "employer.name:missing-licence:warn"},
		{"licensed agency", func(p *kiosk.Posting) {
			p.Employer.Name, p.Contact.Rule = "某某人力资源有限公司", "人力资源服务许可证（2023）第0012号"
		}, ""},
		{"household", func(p *kiosk.Posting) { p.Requirements = "限本地户口" }, "requirements:household:block"},
		{"household of a public-welfare post", func(p *kiosk.Posting) { p.Requirements, p.Channel = "限本地户口", kiosk.Welfare }, "requirements:household:warn"},
		{"day work", func(p *kiosk.Posting) { p.Title = "搬运工（日结）" }, "title:bait:warn"},
		{"day work of a gig", func(p *kiosk.Posting) { p.Title, p.Channel = "搬运工（日结）", kiosk.Gig }, ""},
		{"fee in the pay", func(p *kiosk.Posting) { p.Pay.Original = "5000元/月，需交押金300元" }, "pay.original:fee:block"},
	} {
		p := lawful()
		c.spoil(&p)
		got := Check(&p)
		if rulesOf(got) != c.want {
			t.Errorf("%s: found %q, want %q", c.name, rulesOf(got), c.want)
		}
		if Blocked(got) != strings.Contains(c.want, ":block") {
			t.Errorf("%s: blocked is %v", c.name, Blocked(got))
		}
	}
}

func TestFindingsPointAtTheWords(t *testing.T) {
	s := "要求：会平车；限　男 性，４５岁以下。"
	all := Text("requirements", s)
	if len(all) != 2 || all[0].Words != "限　男 性" || all[1].Words != "４５岁以下" {
		t.Fatalf("found %+v", all)
	}
	if f := all[0]; s[f.Start:f.End] != f.Words || f.Say(words.Zh) != "限定性别或性别优先：“限　男 性”" ||
		f.Say(words.En) != "limits or prefers a sex: 限　男 性" || !strings.Contains(f.Rule.Law(), "就业促进法") {
		t.Errorf("the finding says %s, %s, by %s", f.Say(words.Zh), f.Say(words.En), f.Rule.Law())
	}
}

func TestEveryRuleSpeaks(t *testing.T) {
	src, err := os.ReadFile("rule.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(src)) {
		if _, name, ok := strings.Cut(line, `Rule = "`); ok {
			n++
			r := Rule(strings.TrimSuffix(strings.TrimSpace(name), `"`))
			if r.Say(words.Zh) == "" || r.Say(words.En) == "" {
				t.Errorf("%s says nothing", r)
			}
			if blocks(r) && r.Law() == "" {
				t.Errorf("%s blocks, and stands on no law", r)
			}
		}
	}
	if n != len(about) {
		t.Errorf("there are %d rules and %d sentences", n, len(about))
	}
	for _, p := range rules {
		if about[p.rule].zh == "" {
			t.Errorf("a pattern is of %q, which is no rule", p.rule)
		}
	}
}

// Every finding is in its text, whatever that is.
func FuzzText(f *testing.F) {
	for _, file := range []string{"sentences.tsv", "heldout.tsv"} {
		for _, j := range judgedIn(f, file) {
			f.Add(j.field, j.text)
		}
	}
	f.Add("title", "\xff限\u200b男\u0301性\xff")
	f.Fuzz(func(t *testing.T, field, s string) {
		last := 0
		for _, found := range Text(field, s) {
			if found.Start < last || found.End <= found.Start || found.End > len(s) || s[found.Start:found.End] != found.Words {
				t.Fatalf("%q: %+v", s, found)
			}
			if last = found.Start; utf8.ValidString(s) && !utf8.ValidString(found.Words) {
				t.Errorf("%q: %q cuts a character", s, found.Words)
			}
		}
	})
}

// The demonstration's postings are lawful, in the words of many trades: nothing in
// them blocks.
func TestDemonstrationIsLawful(t *testing.T) {
	warned := map[Rule]int{}
	for _, p := range demo.Postings(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), 1000, 11) {
		for _, f := range Check(&p) {
			if f.Severity == Block {
				t.Errorf("%s blocks: %s", f.Field, f.Say(words.Zh))
			}
			warned[f.Rule]++
		}
	}
	t.Log(warned)
}
