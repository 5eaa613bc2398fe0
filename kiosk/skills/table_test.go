package skills

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// Every occupation that the demonstration advertises has its skills, by the
// name that the table has for it.
func TestEveryOccupationOfTheDemoHasSkills(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range demo.Postings(time.Unix(1_800_000_000, 0), 20000, 1) {
		o := p.Occupation
		if seen[o.Code] {
			continue
		}
		seen[o.Code] = true
		if n := Of(o.Code).Len(); n < 1 || n > 5 || n != len(Of(o.Code).List()) {
			t.Errorf("%s %s has %d skills", o.Code, o.Name, n)
		}
		if !strings.Contains(source, "\n"+o.Code+"\t"+o.Name+"\t") {
			t.Errorf("%s is not called %s in the table", o.Code, o.Name)
		}
	}
	if len(seen) < 90 {
		t.Errorf("the demonstration has %d occupations only", len(seen))
	}
}

// A skill that half the board needs says nothing, and one that nobody needs is
// a slip of the pen.
func TestSkillsAreUsedSensibly(t *testing.T) {
	uses := map[string]int{}
	for code, set := range table().of {
		if (kiosk.Occupation{Code: code}).Check() != nil || set.Len() == 0 {
			t.Errorf("%s is no code, or has no skill", code)
		}
		for _, s := range set.List() {
			uses[s.ID]++
		}
	}
	names := map[string]bool{}
	for _, s := range table().skills {
		if n := uses[s.ID]; n == 0 || n > len(table().of)/8 {
			t.Errorf("%s is a skill of %d occupations of %d", s.Name, n, len(table().of))
		}
		if names[s.Name] || names[s.English] || s.English == "" || utf8.RuneCountInString(s.Name) > 6 {
			t.Errorf("%q, %q: there twice, or too long for a card", s.Name, s.English)
		}
		names[s.Name], names[s.English] = true, s.Name != s.English
	}
}

func TestSharedSkills(t *testing.T) {
	sewing, down, guard := Of("6-05-01-03"), Of("6-05-03-00"), Of("4-07-05-01")
	if shared := sewing.And(down); shared.Len() != 1 || shared.List()[0].Name != "平车" {
		t.Errorf("sewing and filling share %v", shared.List())
	}
	if sewing.And(guard).Len() != 0 || Of("").Len() != 0 || Of("6-05").Len() != 0 {
		t.Error("skills where there are none")
	}
}

func TestWrongTablesAreTold(t *testing.T) {
	for _, text := range []string{
		"skill\ta\t甲\tA\nskill\ta\t乙\tB\n", "1-01-01-01\t某\tb\n", "skill\ta\t甲\n", "x\n",
		"skill\ta\t甲\tA\n1-01-01-01\t某\ta\n1-01-01-01\t某\ta\n",
	} {
		if _, err := read(text); err == nil {
			t.Errorf("%q is read", text)
		}
	}
}
