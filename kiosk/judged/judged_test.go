package judged

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

// least is what the set must have to say anything: 300 queries, some of every
// kind.
const least = 300

func TestTables(t *testing.T) {
	list, err := read(wantsTable, judgedTable)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < least {
		t.Errorf("%d queries, fewer than %d", len(list), least)
	}
	for _, k := range kinds {
		n := 0
		for _, q := range list {
			if q.Kind == k {
				n++
			}
		}
		if n < 10 {
			t.Errorf("%d queries of the kind %s, fewer than 10", n, k)
		}
	}
}

func TestReadTellsWhatIsWrong(t *testing.T) {
	const want = "sew\tocc=6-05-01-03\t-\n"
	for _, tt := range []struct{ name, wants, judged, says string }{
		{"columns of a want", "sew\tocc=6-05\n", "", "wants.tsv, line 1: 2 columns"},
		{"a want twice", want + want, "", "line 2: sew stands there twice"},
		{"a later want", "a\tsew\t-\n" + want, "", "is no condition and no want"},
		{"columns", want, "typed\tx\n", "judged.tsv, line 1: 2 columns"},
		{"kind", want, "other\tx\tsew\n", "no kind"},
		{"text twice", want, "typed\tx\tsew\n# a comment\nlay\tx\tsew\n", "line 3: x stands there twice"},
		{"space", want, "typed\tx \tsew\n", "spaces around it"},
		{"no answer", want, "typed\tx\t-\n", "for that only"},
		{"an answer for none", want, "none\tx\tsew\n", "for that only"},
		{"field", want, "typed\tx\tcolour~red\n", "has no words"},
		{"figure", want, "typed\tx\tpay>=much\n", "pay>="},
		{"figures", want, "typed\tx\tpay>=1|2\n", "2 values"},
		{"no figure", want, "typed\tx\ttitle>=1\n", "is no figure"},
		{"code", want, "typed\tx\tocc=sew\n", "occupation"},
		{"area", want, "typed\tx\ttown=here\n", "area code"},
		{"channel", want, "typed\tx\tchannel=tv\n", "no channel"},
		{"benefit", want, "typed\tx\tbenefit=gold\n", "benefit"},
		{"empty value", want, "typed\tx\ttitle~a|\n", "empty value"},
		{"empty alternative", want, "typed\tx\tsew /  / sew\n", "without a condition"},
		{"equal words", want, "typed\tx\ttitle=a\n", "can be equal"},
	} {
		if _, err := read(tt.wants, tt.judged); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
}

func TestGrade(t *testing.T) {
	p := kiosk.Posting{
		Title: "缝纫工（熟手）", Occupation: kiosk.Occupation{Code: "6-05-01-03"}, Area: "360482101001",
		Employer: kiosk.Employer{Name: "江西霁榆服饰有限公司"}, Address: "江益镇", Requirements: "会平车", Hours: "单休",
		Channel: kiosk.Market, Shifts: kiosk.DayShift, Benefits: kiosk.Dorm, Certificates: kiosk.HealthCert,
		Pay:       kiosk.Pay{Min: kiosk.Yuan(4000), Max: kiosk.Yuan(6000), Unit: kiosk.PerMonth},
		Education: kiosk.MiddleSchool, Experience: 6,
	}
	const named = "garment\tocc=6-05\t-\n" + "cutter\tocc=6-05-01-02\tgarment\n" + "other\tocc=4\ttitle~熟手\n"
	for expr, want := range map[string]int{
		"occ=6-05-01": Right, "occ=6-05-02": Wrong, "occ!=6-05-01": Wrong, "occ=4|6": Right,
		"town=360482101": Right, "town=360482": Right, "town=360482100": Wrong,
		"title~平车|缝纫": Right, "title!~平车|缝纫": Wrong, "title!~平车": Right,
		"employer~霁榆": Right, "address~江益": Right, "asked~平车": Right, "hours~双休": Wrong,
		"channel=market|gig": Right, "channel=gig": Wrong, "shift=night": Wrong, "shift=night|day": Right,
		"benefit=dorm": Right, "benefit=meals": Wrong, "cert=health": Right,
		"pay>=6000": Right, "pay>=6001": Wrong, "pay<=6000": Right,
		"months<=6": Right, "months<=5": Wrong, "school>=70": Right, "school<=40": Wrong,
		"garment": Right, "cutter": Acceptable, "other": Acceptable,
		"garment benefit=dorm": Right, "garment benefit=meals": Wrong, "cutter garment": Acceptable,
		"cutter / garment": Right, "occ=4 / cutter": Acceptable, "occ=4 / title~平车": Wrong,
	} {
		list, err := read(named, "typed\tx\t"+expr+"\n")
		if err != nil {
			t.Errorf("%s: %v", expr, err)
			continue
		}
		if got := list[0].Grade(&p); got != want {
			t.Errorf("%s: grade %d, want %d", expr, got, want)
		}
	}
	p.Pay, p.Education = kiosk.Pay{Unit: kiosk.Negotiable}, kiosk.AnySchooling
	for expr, want := range map[string]int{"pay>=0": Wrong, "pay<=9000": Wrong, "school>=90": Right} {
		if list, _ := read("", "typed\tx\t"+expr+"\n"); list[0].Grade(&p) != want {
			t.Errorf("%s, not said: not %d", expr, want)
		}
	}
}

func TestAnswerable(t *testing.T) {
	list, err := read("", "typed\ta\ttitle~a\ntyped\tb\ttitle~b\nnone\tc\t-\n")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	postings := []kiosk.Posting{
		{Title: "a", ValidThrough: now},
		{Title: "b", ValidThrough: now.Add(-time.Second)}, // past
	}
	var got []string
	for _, q := range Answerable(list, postings, now) {
		got = append(got, q.Text)
	}
	if !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("answerable: %q", got)
	}
}

func TestMeasure(t *testing.T) {
	list, err := read("near\ttitle~right\ttitle~near\n",
		"typed\tfirst\tnear\ntyped\tthird\tnear\nlay\tnothing\tnear\nlay\twrong\tnear\nlay\ttoolate\tnear\nnone\tabsurd\t-\nnone\tquiet\t-\n")
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"first": "right bad", "third": "near bad right", "wrong": "bad", "absurd": "bad",
		"toolate": strings.Repeat("near ", 10) + "right",
	}
	rates := Measure(list, func(text string, n int) []kiosk.Posting {
		if n != 10 {
			t.Errorf("asked for %d", n)
		}
		var out []kiosk.Posting
		for title := range strings.FieldsSeq(answers[text]) {
			out = append(out, kiosk.Posting{Title: title})
		}
		return out
	})
	for _, tt := range []struct {
		name      string
		got, want Rate
	}{
		{"typed", rates.Kind("typed"), Rate{2, 0.5, 1, 0, 0, (1 + 1.0/3) / 2, (1.0/2 + 2.0/3) / 2}},
		{"lay", rates.Kind("lay"), Rate{3, 0, 0, 1.0 / 3, 1.0 / 3, 0, 0.5}},
		{"all", rates.All(), Rate{5, 0.2, 0.4, 0.2, 0.2, (1 + 1.0/3) / 5, (1.0/2 + 2.0/3 + 0 + 1) / 4}},
		{"none", rates.Kind(None), Rate{2, 0, 0, 0.5, 0.5, 0, 0}},
	} {
		if !near(tt.got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, tt.got, tt.want)
		}
	}
	var lost []string
	for _, o := range rates.Lost() {
		lost = append(lost, o.Query.Text)
	}
	if !slices.Equal(lost, []string{"nothing", "wrong", "toolate", "absurd"}) {
		t.Errorf("lost: %q", lost)
	}
	for _, line := range []string{"| typed | 2 | 0.500 | 1.000 | 0.000 | 0.000 | 0.667 | 0.583 |", "Of 2 queries without an answer, 0.500 found something."} {
		if !strings.Contains(rates.String(), line+"\n") {
			t.Errorf("the table has no %q:\n%s", line, rates)
		}
	}
	beside := Beside(Named{"one", rates}, Named{"two", rates[:0]})
	if line := "| typed | 2 | 0.500 / 1.000 / 0.000 | 0.000 / 0.000 / 0.000 |\n"; !strings.Contains(beside, line) {
		t.Errorf("the table has no %q:\n%s", line, beside)
	}
}

func near(a, b Rate) bool {
	x := []float64{float64(a.Queries), a.Hit1, a.Hit10, a.Zero, a.Misled, a.MRR, a.Precision}
	y := []float64{float64(b.Queries), b.Hit1, b.Hit10, b.Zero, b.Misled, b.MRR, b.Precision}
	for i := range x {
		if math.Abs(x[i]-y[i]) > 1e-9 {
			return false
		}
	}
	return true
}
