package jsonl

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

const good = `{"id":"p-1","title":"缝纫工（熟手）","employer":{"name":"某某服饰厂"},"occupation":{"code":"6-05-01-03","name":"缝纫工"},` +
	`"channel":"market","headcount":12,"area":"360482001","location":{"lat":29.25,"lon":115.8},` +
	`"pay":{"min":0.35,"max":1.2,"unit":"piece","original":"计件 0.35–1.2 元","month_min":5000,"month_max":8000},` +
	`"education":70,"shifts":["day"],"benefits":["dorm","meals"],"published":"2026-11-01","valid_through":"2026-12-31"}`

func TestParse(t *testing.T) {
	p, problems := Parse([]byte(good))
	if problems != nil {
		t.Fatal(problems)
	}
	if p.Pay.Min != 35 || p.Pay.Max != 120 || p.Pay.EstMax != kiosk.Yuan(8000) {
		t.Errorf("pay %+v", p.Pay)
	}
	if want := time.Date(2026, 12, 31, 23, 59, 59, 0, zone); !p.ValidThrough.Equal(want) {
		t.Errorf("valid through %v, want %v", p.ValidThrough, want)
	}
	if p.Shifts != kiosk.DayShift || p.Benefits != kiosk.Dorm|kiosk.Meals || p.Education != kiosk.MiddleSchool {
		t.Errorf("%+v", p)
	}
}

func TestParseProblems(t *testing.T) {
	for _, tt := range []struct{ from, to, field, reason string }{
		{`"id":"p-1"`, `"id":"p 1"`, "id", "not a letter"},
		{`"id":"p-1",`, ``, "id", "0 characters"},
		{`"headcount":12`, `"headcount":"12"`, "headcount", "string was given, not a number"},
		{`"headcount":12`, `"headcounts":12`, "headcounts", "no such field"},
		{`"min":0.35`, `"min":0.355`, "pay.min", "2 decimals"},
		{`"min":0.35`, `"min":-5`, "pay.min", "amount in yuan"},
		{`"min":0.35`, `"min":1e3`, "pay.min", "amount in yuan"},
		{`"max":1.2`, `"max":123456789`, "pay.max", "8 digits"},
		{`"min":0.35`, `"min":2`, "pay", "above its maximum"},
		{`"unit":"piece"`, `"unit":"negotiable"`, "pay", "has a figure"},
		{`"day"`, `"dusk"`, "shifts", "dusk"},
		{`"dorm"`, `"castle"`, "benefits", "castle"},
		{`"2026-11-01"`, `"yesterday"`, "published", "neither a day"},
		{`"2026-12-31"`, `"2026-10-31"`, "dates", "before published"},
		{`"2026-12-31"`, `"9999-12-31"`, "valid_through", "9999"},
		{`,"valid_through":"2026-12-31"`, ``, "dates", "valid_through is missing"},
		{`"lat":29.25`, `"lat":129.25`, "location", "not on the earth"},
		{`"market"`, `"black-market"`, "channel", "none of"},
		{`12-31"}`, `12-31"`, "", "no JSON"},
		{`12-31"}`, `12-31"} x`, "", "after the object"},
		{`{"id"`, `["id"`, "", "no JSON"},
		{"某某", "\xff\xfe", "", "UTF-8"},
		{"某某", strings.Repeat("厂", MaxLine/3+1), "", "longer than"},
		{`"name":"某某服饰厂"`, `"name":"某某服饰厂","credit_code":"91360482MA00000000"`, "employer.credit_code", "check character"},
	} {
		text := strings.Replace(good, tt.from, tt.to, 1)
		if text == good {
			text = good + tt.to
		}
		_, problems := Parse([]byte(text))
		if len(problems) != 1 || problems[0].Field != tt.field || !strings.Contains(problems[0].Reason, tt.reason) {
			t.Errorf("%s for %s: %v; want %q: ...%s...", tt.to, tt.from, problems, tt.field, tt.reason)
		}
	}
	p, problems := Parse([]byte(strings.Replace(strings.Replace(good, `"market"`, `"m"`, 1), `"day"`, `"x"`, 1)))
	if len(problems) != 2 || p.ID != "p-1" {
		t.Errorf("two problems: %v, id %q", problems, p.ID)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"id":"x","pay":{"min":"5","unit":"month"}}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"id":"x","starts":"2026-11-24T08:00:00+08:00"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, problems := Parse(text)
		for _, pr := range problems {
			if pr.Reason == "" {
				t.Error("a problem without a reason")
			}
		}
		if problems != nil {
			return
		}
		out, err := Append(nil, &p)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) > MaxLine {
			return // a line may grow by what was left out, e.g. the default of pay.max
		}
		q, problems := Parse(bytes.TrimSpace(out))
		p.Starts, p.Published = p.Starts.Truncate(time.Second), p.Published.Truncate(time.Second)
		p.Refreshed, p.ValidThrough = p.Refreshed.Truncate(time.Second), p.ValidThrough.Truncate(time.Second)
		if problems != nil || !reflect.DeepEqual(p, q) {
			t.Errorf("round trip: %v\n%+v\n%+v", problems, p, q)
		}
	})
}
