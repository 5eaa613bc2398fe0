package jobposting_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/sync/hub/jobposting"
)

func get(t *testing.T, p *kiosk.Posting) (map[string]any, string) {
	t.Helper()
	text, err := json.Marshal(jobposting.Of(p, "https://h.example"))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m, string(text)
}

// What search engines demand of a JobPosting is there for every posting
// (https://developers.google.com/search/docs/appearance/structured-data/job-posting).
func TestWhatIsDemandedIsThere(t *testing.T) {
	all := demo.Postings(time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), 400, 1)
	for i := range all {
		p := &all[i]
		m, text := get(t, p)
		for _, field := range []string{"title", "description", "datePosted", "validThrough", "hiringOrganization", "jobLocation", "employmentType", "identifier"} {
			if v, ok := m[field]; !ok || v == "" {
				t.Fatalf("%s is missing in %s", field, text)
			}
		}
		if until, err := time.Parse(time.RFC3339, m["validThrough"].(string)); err != nil || !until.Equal(p.ValidThrough) {
			t.Errorf("validThrough %v, %v; want %v", until, err, p.ValidThrough)
		}
		if _, ok := m["baseSalary"]; ok == (p.Pay.Unit == kiosk.Negotiable) {
			t.Errorf("pay %+v: baseSalary is there: %v", p.Pay, ok)
		}
		if m["url"] != "https://h.example/p/"+p.ID {
			t.Errorf("url %v", m["url"])
		}
	}
}

func TestFields(t *testing.T) {
	p := kiosk.Posting{
		ID: "a1", Title: "缝纫工", Employer: kiosk.Employer{Name: "某某", CreditCode: "91360482MA35T7QK94"}, Channel: kiosk.Gig,
		Occupation: kiosk.Occupation{Code: "6-05-01-01", Name: "缝纫工"}, Headcount: 12, Area: "360482001", Address: "工业三路 8 号",
		Location: kiosk.Point{Lat: 29.25, Lon: 115.81}, Education: kiosk.HighSchool, Experience: 6, Benefits: kiosk.Dorm | kiosk.Meals,
		Pay: kiosk.Pay{Min: 35, Max: 80, Unit: kiosk.PerPiece, EstMin: kiosk.Yuan(5000), EstMax: kiosk.Yuan(8000)},
	}
	_, text := get(t, &p)
	for _, want := range []string{
		`"unitText":"PIECE"`, `"minValue":0.35`, `"maxValue":0.8`, `"unitText":"MONTH"`, `"totalJobOpenings":12`,
		`"addressRegion":"江西省"`, `"addressLocality":"九江市共青城市茶山街道"`, `"latitude":29.25`, `"credentialCategory":"high school"`,
		`"monthsOfExperience":6`, `"jobBenefits":"包住、包吃"`, `"TEMPORARY"`, `"occupationalCategory":"6-05-01-01 缝纫工"`, `统一社会信用代码`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	for c, want := range map[kiosk.Channel]string{kiosk.Market: "FULL_TIME", kiosk.Internship: "INTERN"} {
		p.Channel = c
		if _, text := get(t, &p); !strings.Contains(text, want) {
			t.Errorf("%s is not %s", c, want)
		}
	}
}
