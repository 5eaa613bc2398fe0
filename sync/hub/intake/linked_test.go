package intake

import (
	"context"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

const linked = `{
  "@context": "https://schema.org/", "@type": "JobPosting",
  "title": "缝纫工", "identifier": {"@type": "PropertyValue", "name": "某网", "value": "A-17"},
  "datePosted": "2026-11-05", "validThrough": "2026-12-31T00:00", "employmentType": ["FULL_TIME", "TEMPORARY"],
  "hiringOrganization": {"@type": "Organization", "name": "江西某某服饰有限公司", "identifier": "not a code"},
  "jobLocation": [{"@type": "Place", "address": {"@type": "PostalAddress", "streetAddress": "工业大道8号",
     "addressLocality": "共青城市", "addressRegion": "江西省", "addressCountry": "CN"}, "geo": {"latitude": 29.25, "longitude": "115.80"}},
     {"@type": "Place", "address": "德安县宝塔工业园"}],
  "baseSalary": {"@type": "MonetaryAmount", "currency": "CNY",
     "value": {"@type": "QuantitativeValue", "minValue": 5000, "maxValue": 8000, "unitText": "MONTH"}},
  "description": "<p>平车、拷边。</p><ul><li>会看&nbsp;工序单</li></ul>",
  "educationRequirements": {"@type": "EducationalOccupationalCredential", "credentialCategory": "high school"},
  "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": "12"},
  "totalJobOpenings": "20", "jobBenefits": "包吃住、五险", "workHours": "早8晚5", "occupationalCategory": "6-05-01-03 缝纫工",
  "applicationContact": {"@type": "ContactPoint", "telephone": "0792-4345678", "name": "张经理"}
}`

func TestJobPosting(t *testing.T) {
	res := mustRead(t, linked, usual)
	if res.Format != JSONLD || res.Counts != (Counts{Rows: 1, Good: 1}) {
		t.Fatalf("%s %+v %s", res.Format, res.Counts, problemsOf(res))
	}
	want := kiosk.Posting{
		Title: "缝纫工", Employer: kiosk.Employer{Name: "江西某某服饰有限公司"}, Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: ""},
		Channel: kiosk.Market, Headcount: 20, Area: "360482", Address: "工业大道8号", Location: kiosk.Point{Lat: 29.25, Lon: 115.8},
		Pay:       kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth, Original: "5000-8000元/月"},
		Education: kiosk.HighSchool, Experience: 12, Hours: "早8晚5", Benefits: kiosk.Dorm | kiosk.Meals | kiosk.Insurance,
		Description: "平车、拷边。\n会看 工序单\n另一工作地点：德安县宝塔工业园",
		Contact:     kiosk.Contact{Person: "张经理", Phone: "0792-4345678"},
		Published:   time.Date(2026, 11, 5, 0, 0, 0, 0, zone), ValidThrough: time.Date(2026, 12, 31, 23, 59, 59, 0, zone),
		Source: kiosk.Source{Name: "共青城市就业之家", Ref: "A-17"},
	}
	if got := res.Rows[0]; differing(&got.Posting, &want) != "" || got.Ref != "A-17" || !got.has("employer.credit_code", CheckFailed) {
		t.Errorf("got  %+v\nwant %+v", got.Posting, want)
	}
}

func TestShapesOfLinkedData(t *testing.T) {
	one := `{"@type":"JobPosting","title":"保安","hiringOrganization":"某公司","baseSalary":"200元/天"}`
	page := "<!doctype html><title>x</title><script>var a = 1</script>\n<SCRIPT data-x='1' type='application/ld+json'>\n" + one +
		"\n</SCRIPT><script type=\"application/ld+json\">{broken</script>"
	for name, c := range map[string]struct {
		data           string
		format         Format
		good, rejected int
	}{
		"array":   {"[" + one + "," + one + "]", JSONLD, 2, 0},
		"graph":   {`{"@context":"https://schema.org","@graph":[{"@type":"WebPage"},` + one + `]}`, JSONLD, 1, 0},
		"list":    {`{"@type":"ItemList","itemListElement":[{"@type":"ListItem","item":` + one + `}]}`, JSONLD, 1, 0},
		"types":   {`{"@type":["Thing","https://schema.org/JobPosting"],"title":"保安","hiringOrganization":{"name":"某公司"}}`, JSONLD, 1, 0},
		"lines":   {one + "\n" + one + "\n", JSONLD, 2, 0},
		"page":    {page, HTMLPage, 1, 1},
		"dollars": {`{"@type":"JobPosting","title":"保安","hiringOrganization":"某公司","baseSalary":{"currency":"USD","value":5000}}`, JSONLD, 0, 1},
		"nothing": {`{"@type":"JobPosting"}`, JSONLD, 0, 1},
		"odd":     {`{"@type":"JobPosting","title":{"a":1},"hiringOrganization":[[]],"jobLocation":7,"baseSalary":[[{}]],"employmentType":{}}`, JSONLD, 0, 1},
	} {
		res := mustRead(t, c.data, usual)
		if res.Format != c.format || res.Counts.Good != c.good || res.Counts.Rejected != c.rejected {
			t.Errorf("%s: %s %+v %s", name, res.Format, res.Counts, problemsOf(res))
		}
	}
	deep := strings.Repeat(`{"@graph":[`, 2000) + one + strings.Repeat("]}", 2000)
	if _, err := Read(context.Background(), strings.NewReader(deep), usual); err != NoPosting {
		t.Errorf("a posting 2,000 levels deep gives %v", err)
	}
}

func TestJSONLines(t *testing.T) {
	good := `{"id":"p-1","title":"保安","employer":{"name":"某公司"},"occupation":{"code":"4-07-05-01"},"channel":"market","area":"360482","pay":{"min":3000,"unit":"month"},"published":"2026-11-01","valid_through":"2026-12-31"}`
	text := good + "\n\n" + strings.Replace(good, `"id":"p-1",`, "", 1) + "\n{bad\n" + strings.Replace(good, "month", "moon", 1) + "\n" +
		strings.Replace(good, "2026-12-31", "2026-11-02", 1) + "\n" + good + "\n"
	res := mustRead(t, text, usual)
	if res.Format != JSONL || res.Counts != (Counts{Rows: 7, Good: 2, Rejected: 4, Empty: 1}) {
		t.Errorf("%s %+v", res.Format, res.Counts)
	}
	want := "4 :row-broken; 5 pay:check-failed; 6 valid_through:expired; 7 id:ref-twice"
	if got := problemsOf(res); got != want {
		t.Errorf("problems %s\nwant     %s", got, want)
	}
	if r := res.Rows[0]; r.Ref != "p-1" || r.Posting.ID != "" || r.Posting.Source != (kiosk.Source{Name: usual.Source, Ref: "p-1"}) {
		t.Errorf("the first row is %+v", r)
	}
}
