package normal

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/areas"
	"jobhome/kiosk/words"
)

var today = time.Date(2026, 11, 25, 10, 0, 0, 0, zone)

const here = kiosk.Area("360482")

// readers turn a text into what stands in testdata/texts.tsv.
var readers = map[string]func(text string) (string, []Reason, error){
	"pay": func(s string) (string, []Reason, error) {
		p, notes, err := Pay(s, "")
		return payWritten(p), notes, err
	},
	"edu": func(s string) (string, []Reason, error) {
		e, notes, err := Education(s)
		return fmt.Sprint(int(e)), notes, err
	},
	"exp": func(s string) (string, []Reason, error) {
		n, notes, err := Experience(s, "")
		return fmt.Sprint(n), notes, err
	},
	"day": func(s string) (string, []Reason, error) {
		t, notes, err := Day(s, today)
		return dayWritten(t), notes, err
	},
	"through": func(s string) (string, []Reason, error) {
		t, notes, err := Through(s, today, today)
		return dayWritten(t), notes, err
	},
	"area": func(s string) (string, []Reason, error) {
		a, notes, err := Area(s, here)
		return string(a), notes, err
	},
	"place": func(s string) (string, []Reason, error) {
		a, notes, err := Place(s, here)
		return string(a), notes, err
	},
	"heads": func(s string) (string, []Reason, error) {
		n, notes, err := Headcount(s)
		return fmt.Sprint(n), notes, err
	},
	"phone": func(s string) (string, []Reason, error) {
		person, phone, notes, err := Phone(s)
		return person + "|" + phone, notes, err
	},
	"shift": func(s string) (string, []Reason, error) {
		set, unknown := Shifts(s)
		return setWritten(set.Each(), unknown), nil, nil
	},
	"benefit": func(s string) (string, []Reason, error) {
		set, unknown := Benefits(s)
		return setWritten(set.Each(), unknown), nil, nil
	},
	"cert": func(s string) (string, []Reason, error) {
		set, unknown := Certificates(s)
		return setWritten(set.Each(), unknown), nil, nil
	},
	"channel": func(s string) (string, []Reason, error) {
		c, shifts, err := Channel(s)
		return strings.TrimSpace(string(c) + " " + strings.Trim(setWritten(shifts.Each(), nil), "-")), nil, err
	},
	"work": func(s string) (string, []Reason, error) {
		o, _ := Occupation(s)
		return o.Code, nil, nil
	},
}

func payWritten(p kiosk.Pay) string {
	if p.Unit == kiosk.Negotiable {
		return string(p.Unit)
	}
	s := p.Max.String() + " " + string(p.Unit)
	if p.Min != p.Max {
		s = p.Min.String() + "-" + s
	}
	if p.EstMax > 0 {
		s += " est " + p.EstMin.String() + "-" + p.EstMax.String()
	}
	return s
}

func dayWritten(t time.Time) string {
	switch {
	case t.IsZero():
		return "0"
	case atMidnight(t):
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

func setWritten[M interface{ Name() string }](all []M, unknown []string) string {
	var names []string
	for _, m := range all {
		names = append(names, m.Name())
	}
	s := strings.Join(names, ",")
	if s == "" {
		s = "-"
	}
	if unknown != nil {
		s += "|" + strings.Join(unknown, ",")
	}
	return s
}

func judgedTexts(t testing.TB) [][]string {
	t.Helper()
	data, err := os.ReadFile("testdata/texts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 || readers[f[0]] == nil {
			t.Fatalf("bad line %q", line)
		}
		rows = append(rows, f)
	}
	return rows
}

func TestJudgedTexts(t *testing.T) {
	rows := judgedTexts(t)
	if len(rows) < 450 {
		t.Errorf("only %d texts", len(rows))
	}
	for _, f := range rows {
		got, notes, err := readers[f[0]](f[1])
		if err != nil {
			var r Reason
			if !errors.As(err, &r) {
				t.Errorf("%s %q: the error %v is no Reason", f[0], f[1], err)
			}
			got, notes = "!"+string(r), nil
		}
		if got != f[2] {
			t.Errorf("%s %q: %s, want %s", f[0], f[1], got, f[2])
			continue
		}
		if f[3] == "*" {
			continue
		}
		var want []Reason
		for n := range strings.SplitSeq(f[3], ",") {
			if n != "-" {
				want = append(want, Reason(n))
			}
		}
		if !slices.Equal(notes, want) {
			t.Errorf("%s %q: notes %q, want %q", f[0], f[1], names(notes), names(want))
		}
	}
}

func names(rs []Reason) (s []string) {
	for _, r := range rs {
		s = append(s, string(r))
	}
	return s
}

func TestHeadingsGiveUnits(t *testing.T) {
	for _, c := range []struct{ text, heading, want string }{
		{"5000-8000", "月薪（元）", "5000-8000 month"},
		{"5-8", "月薪（千元）", "5000-8000 month"},
		{"0.5-0.8", "薪资（万元/月）", "5000-8000 month"},
		{"5000", "薪资（千元/月）", "5000 month"},
		{"200", "日薪（元）", "200 day"},
		{"25", "时薪", "25 hour"},
		{"0.35", "计件单价（元）", "0.35 piece"},
		{"10-12", "年薪（万元）", "100000-120000 year"},
		{"200元/天", "月薪（元）", "200 day"},
		{"面议", "月薪（元）", "negotiable"},
	} {
		p, _, err := Pay(c.text, c.heading)
		if got := payWritten(p); err != nil || got != c.want {
			t.Errorf("%s below %s: %s, %v, want %s", c.text, c.heading, got, err, c.want)
		}
	}
	for _, c := range []struct {
		text, heading string
		want          int
	}{{"3", "经验（年）", 36}, {"3-5", "工作年限（年）", 36}, {"6", "经验（月）", 6}, {"2年", "经验（月）", 24}} {
		if n, _, err := Experience(c.text, c.heading); n != c.want || err != nil {
			t.Errorf("%s below %s: %d, %v, want %d", c.text, c.heading, n, err, c.want)
		}
	}
}

func TestPayKeepsItsWords(t *testing.T) {
	p, _, err := Pay(" 5000-8000元/月\n 多劳多得 ", "")
	if err != nil || p.Original != "5000-8000元/月 多劳多得" {
		t.Errorf("kept %q, %v", p.Original, err)
	}
	p, notes, err := Pay("5000元/月，"+strings.Repeat("好", 300), "")
	if err != nil || len([]rune(p.Original)) != maxOriginal || !slices.Contains(notes, PayShortened) {
		t.Errorf("kept %d characters, %q, %v", len([]rune(p.Original)), names(notes), err)
	}
}

func TestNearChoosesAmongNamesakes(t *testing.T) {
	for _, c := range []struct {
		text string
		near kiosk.Area
		want kiosk.Area
	}{{"西湖区", "3601", "360103"}, {"西湖区", "330106", "330106"}, {"朝阳区", "11", "110105"}, {"浙江省西湖区", "3601", "330106"}} {
		if a, _, err := Area(c.text, c.near); a != c.want || err != nil {
			t.Errorf("%s near %s is %s, %v, want %s", c.text, c.near, a, err, c.want)
		}
	}
}

func TestEveryReasonSpeaks(t *testing.T) {
	for r, s := range said {
		if s[0] == "" || s[1] == "" || r.Say(words.Zh) != s[0] || r.Error() != s[1] {
			t.Errorf("%s says %q", r, s)
		}
	}
	src, err := os.ReadFile("reason.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(src), " Reason = \""); n != len(said) {
		t.Errorf("there are %d reasons and %d sentences", n, len(said))
	}
}

func TestAliases(t *testing.T) {
	n := 0
	for line := range strings.Lines(aliasTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		if len(f) != 3 || f[2] != "zone" && f[2] != "old" || areas.Name(kiosk.Area(f[1])) == "" || fold(f[0]) != f[0] {
			t.Errorf("bad line %q", line)
			continue
		}
		if a, _, err := Area(f[0], ""); string(a) != f[1] || err != nil {
			t.Errorf("%s is %s, %v, not %s", f[0], a, err, f[1])
		}
	}
	if n < 60 {
		t.Errorf("only %d aliases", n)
	}
}

// Every area is found by its full name; 东莞市 is 4419 and 441900 alike.
func TestEveryAreaByItsFullName(t *testing.T) {
	wrong := 0
	for code, name := range areas.All() {
		switch name {
		case "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划":
			continue
		}
		a, _, err := Area(areas.Full(code), "")
		if !(a == code || a.Within(code) && len(code) == 4) || err != nil {
			if wrong++; wrong < 20 {
				t.Errorf("%s is %s, %v, not %s", areas.Full(code), a, err, code)
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d areas are not found", wrong)
	}
}

func TestCodedOccupation(t *testing.T) {
	if o, ok := CodedOccupation("6-05-01-03", "缝纫工"); !ok || o.Code != "6-05-01-03" {
		t.Errorf("got %v, %v", o, ok)
	}
	if o, ok := CodedOccupation("", "缝纫工"); !ok || o.Code != "6-05-01-03" {
		t.Errorf("got %v, %v", o, ok)
	}
	if _, ok := CodedOccupation("缝纫", ""); ok {
		t.Error("缝纫 was taken for a code")
	}
	if _, ok := CodedOccupation("", "没有这个"); ok {
		t.Error("an unknown name has a code")
	}
}
