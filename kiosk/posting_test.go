package kiosk

import (
	"strings"
	"testing"
	"time"
)

func goodPosting() Posting {
	day := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	return Posting{
		ID: "gq-2026_0001", Title: "缝纫工（熟手）",
		Employer:   Employer{Name: "某某服饰有限公司", CreditCode: "91350100M000100Y43"},
		Occupation: Occupation{Code: "6-05-01-01", Name: "服装制版师"},
		Channel:    Market, Headcount: 12, Area: "360482001", Address: "工业三路 8 号",
		Location:  Point{29.25, 115.8},
		Pay:       Pay{Min: Yuan(5000), Max: Yuan(8000), Unit: PerMonth, Original: "计件 5000-8000"},
		Education: MiddleSchool, Experience: 6, Shifts: DayShift, Hours: "早8–晚6，单休", Benefits: Dorm | Bus,
		Contact:   Contact{Person: "王主管", Phone: "0792-0000000", Rule: "下午2–5点"},
		Published: day, Refreshed: day.Add(24 * time.Hour), ValidThrough: day.Add(720 * time.Hour),
	}
}

func TestPostingCheck(t *testing.T) {
	p := goodPosting()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		field string
		spoil func(*Posting)
	}{
		{"id", func(p *Posting) { p.ID = "" }},
		{"id", func(p *Posting) { p.ID = strings.Repeat("a", MaxPostingID+1) }},
		{"id", func(p *Posting) { p.ID = "a/b" }},
		{"id", func(p *Posting) { p.ID = "岗位" }},
		{"title", func(p *Posting) { p.Title = " \t" }},
		{"title", func(p *Posting) { p.Title = strings.Repeat("工", 61) }},
		{"title", func(p *Posting) { p.Title = "a\xff" }},
		{"employer.name", func(p *Posting) { p.Employer.Name = "" }},
		{"employer.credit_code", func(p *Posting) { p.Employer.CreditCode = "91350100M000100Y44" }},
		{"occupation", func(p *Posting) { p.Occupation.Code = "" }},
		{"channel", func(p *Posting) { p.Channel = "" }},
		{"headcount", func(p *Posting) { p.Headcount = -1 }},
		{"headcount", func(p *Posting) { p.Headcount = 100001 }},
		{"area", func(p *Posting) { p.Area = "36048" }},
		{"address", func(p *Posting) { p.Address = strings.Repeat("路", 121) }},
		{"location", func(p *Posting) { p.Location.Lat = 91 }},
		{"pay", func(p *Posting) { p.Pay.Max = 1 }},
		{"pay.original", func(p *Posting) { p.Pay.Original = strings.Repeat("多", 121) }},
		{"education", func(p *Posting) { p.Education = 50 }},
		{"experience", func(p *Posting) { p.Experience = 601 }},
		{"hours", func(p *Posting) { p.Hours = strings.Repeat("早", 61) }},
		{"requirements", func(p *Posting) { p.Requirements = strings.Repeat("会", 301) }},
		{"description", func(p *Posting) { p.Description = strings.Repeat("好", 5001) }},
		{"contact.person", func(p *Posting) { p.Contact.Person = strings.Repeat("王", 31) }},
		{"contact.phone", func(p *Posting) { p.Contact.Phone = strings.Repeat("1", 31) }},
		{"contact.rule", func(p *Posting) { p.Contact.Rule = strings.Repeat("午", 101) }},
		{"dates", func(p *Posting) { p.Published = time.Time{} }},
		{"dates", func(p *Posting) { p.ValidThrough = time.Time{} }},
		{"dates", func(p *Posting) { p.ValidThrough = p.Published.Add(-1) }},
		{"dates", func(p *Posting) { p.Refreshed = p.Published.Add(-1) }},
	}
	for _, tt := range tests {
		p := goodPosting()
		tt.spoil(&p)
		err := p.Check()
		if err == nil || !strings.HasPrefix(err.Error(), tt.field+": ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s is broken, but the error is %v", tt.field, err)
		}
	}
}

func TestPostingCheckTakesWhatIsOptional(t *testing.T) {
	p := Posting{
		ID: "1", Title: "保洁", Employer: Employer{Name: "张女士"}, Occupation: Occupation{Code: "4"}, Channel: Gig, Area: "36",
		Pay: Pay{Unit: Negotiable}, Published: time.Unix(0, 0), ValidThrough: time.Unix(0, 0),
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}

func TestPostingCheckReportsAllAtOnce(t *testing.T) {
	var p Posting
	got := strings.Split(p.Check().Error(), "\n")
	var fields []string
	for _, line := range got {
		field, _, _ := strings.Cut(line, ":")
		fields = append(fields, field)
	}
	if s := strings.Join(fields, " "); s != "id title employer.name occupation channel area pay dates" {
		t.Errorf("an empty posting lacks %s", s)
	}
}

func TestPostingOpen(t *testing.T) {
	p := goodPosting()
	if !p.Open(p.ValidThrough) || p.Open(p.ValidThrough.Add(1)) {
		t.Error("a posting is open until its last moment and not after")
	}
	// The same moment elsewhere is the same moment.
	if !p.Open(p.ValidThrough.In(time.FixedZone("CST", 8*3600))) {
		t.Error("a posting's validity depends on the time zone")
	}
}

// The code is the worked example that is widely quoted for GB 32100-2015.
func TestCheckCreditCode(t *testing.T) {
	const good = "91350100M000100Y43"
	if err := CheckCreditCode(good); err != nil {
		t.Error(err)
	}
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for i := range good {
		for _, c := range []byte(alphabet) {
			if c == good[i] {
				continue
			}
			if wrong := good[:i] + string(c) + good[i+1:]; CheckCreditCode(wrong) == nil {
				t.Errorf("%s is taken", wrong)
			}
		}
		if i > 0 && good[i] != good[i-1] {
			if wrong := good[:i-1] + good[i:i+1] + good[i-1:i] + good[i+1:]; CheckCreditCode(wrong) == nil {
				t.Errorf("%s is taken, which has two neighbours swapped", wrong)
			}
		}
	}
	for _, bad := range []string{"", good[1:], good + "0", strings.ToLower(good), "9135010OM000100Y43", "91350100I000100Y43", good[:17] + "Z", "９" + good[3:]} {
		if CheckCreditCode(bad) == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func FuzzCheckCreditCode(f *testing.F) {
	f.Add("91350100M000100Y43")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if CheckCreditCode(s) == nil && len(s) != 18 {
			t.Errorf("%q is taken", s)
		}
	})
}
