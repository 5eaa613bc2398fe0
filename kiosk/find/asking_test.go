package find

import (
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
)

// asked is a board for what people ask in their own words.
func asked() []kiosk.Posting {
	benefits := func(b kiosk.Benefits) func(*kiosk.Posting) {
		return func(p *kiosk.Posting) { p.Benefits = b }
	}
	return append(small(),
		post("dorm", "缝纫工", "6-05-01-03", "缝纫工", benefits(kiosk.Dorm|kiosk.Meals), at("360482101")),
		post("insured", "文员", "3-01-02-02", "秘书", benefits(kiosk.Insurance|kiosk.HousingFund|kiosk.WeekendsOff)),
		post("says", "营业员", "4-01-02-03", "商品营业员", func(p *kiosk.Posting) { p.Description = "店里包住，交五险一金" }, north(0.005)),
		post("pcba", "PCBA测试员", "6-25-04-08", "电子设备调试工"),
		post("ward", "保安", "4-07-05-01", "保安员"),
		post("check", "质检员", "6-31-03-05", "质检员"),
		post("fit", "组装工", "6-20-01-01", "装配钳工"),
		post("brew", "酒店前台", "4-03-01-01", "前厅服务员", func(p *kiosk.Posting) { p.Description = "会开车优先" }),
		post("drive", "货车司机", "4-02-02-02", "道路货运汽车驾驶员", north(0.09)),
		post("gig", "发传单", "4-99-00", "其他社会生产服务和生活服务人员", func(p *kiosk.Posting) { p.Channel = kiosk.Gig }),
	)
}

func TestWhatIsAsked(t *testing.T) {
	f := finder(t, asked())
	for _, tt := range []struct{ text, ids, step, from, to string }{
		// A wish is met by a field or by words, without a rescue.
		{"包住", "dorm says", "", "", ""},
		{"五险一金", "insured says", "", "", ""},
		{"双休", "insured", "", "", ""},
		{"日结", "gig", "", "", ""},
		{"夜班", "guard", "", "", ""},
		// What is asked without spaces is told as it was understood.
		{"想找个包住的厂", "dorm", "spelling", "想找个包住的厂", "包住 厂"},
		{"有没有双休的工作", "insured", "spelling", "有没有双休的工作", "双休"},
		{"江益缝纫工", "dorm", "spelling", "江益缝纫工", "江益 缝纫工"},
		{"早九晚五的文员", "insured", "spelling", "早九晚五的文员", "早九晚五 文员"},
		{"我想找保安的工作", "guard ward", "spelling", "我想找保安的工作", "保安"},
		{"包住的焊工", "weld", "word", "包住", "焊工"},
		// What is left over counts.
		{"火星缝纫工", "", "", "", ""},
		{"想找宇航员", "", "", "", ""},
		{"的", "", "", "", ""},
		{"有没有工作", "brew check cut dorm drive fit gig guard home insured mill op pcba says sew1 sew2 tend ward weld", "word", "有没有工作", ""},
		// Letters stand for all that they may be, and none inside of a word.
		{"zjy", "check", "spelling", "zjy", "质检员"},
		{"pcba", "pcba", "", "", ""},
		{"pc", "pcba", "", "", ""},
		// Half of a word is no word.
		{"保妄", "", "", "", ""},
	} {
		res, err := f.Search(t.Context(), kiosk.Query{Text: tt.text, Limit: 50, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		got := [3]string{}
		if r := res.Rescue; r != nil {
			got = [3]string{string(r.Step), r.From, r.To}
		}
		if want := [3]string{tt.step, tt.from, tt.to}; ids(res) != tt.ids || got != want || res.Total != len(res.Items) {
			t.Errorf("%s: %s of %d by %q, want %s by %q", tt.text, ids(res), res.Total, got, tt.ids, want)
		}
	}
}

// Letters that the board has only inside of a longer word are initials, and all
// that they may be is shown and told.
func TestLettersInsideAWord(t *testing.T) {
	f := finder(t, asked())
	res, err := f.Search(t.Context(), kiosk.Query{Text: "ba", Limit: 50, Now: now})
	if err != nil || res.Rescue == nil {
		t.Fatalf("%+v, %v", res.Rescue, err)
	}
	if !strings.Contains(ids(res), "ward") || strings.Contains(ids(res), "pcba") {
		t.Errorf("found %s", ids(res))
	}
	for _, to := range strings.Split(res.Rescue.To, "、") {
		one, err := f.Search(t.Context(), kiosk.Query{Text: to, Limit: 50, Now: now})
		if err != nil || one.Total == 0 || one.Rescue != nil {
			t.Fatalf("%s is told and has %d by %+v, %v", to, one.Total, one.Rescue, err)
		}
		for _, id := range strings.Fields(ids(one)) {
			if !slices.Contains(strings.Fields(ids(res)), id) {
				t.Errorf("%s finds %s, which is not in the list", to, id)
			}
		}
	}
}

// What a word means comes before what happens to hold it, and after a title that
// has it; and each row says why it is there.
func TestMeaningFirst(t *testing.T) {
	f := finder(t, asked())
	for text, want := range map[string][]kiosk.Hit{
		"开车": {
			{Word: "开车", As: "司机", Field: kiosk.FieldTitle},
			{Word: "开车", As: "开车", Field: kiosk.FieldDescription, Excerpt: "会开车优先"},
		},
		"包住": {
			{Word: "包住", As: "包住", Field: kiosk.FieldBenefit},
			{Word: "包住", As: "包住", Field: kiosk.FieldDescription, Excerpt: "店里包住，交五险一金"},
		},
	} {
		res, err := f.Search(t.Context(), kiosk.Query{Text: text, Hits: true, Limit: 50, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		var got []kiosk.Hit
		for _, it := range res.Items {
			got = append(got, it.Hits...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}

// What is asked about and not shown is among the words that are offered.
func TestShortSlipsAreAsked(t *testing.T) {
	f := finder(t, asked())
	offers := f.Suggest(t.Context(), kiosk.Query{Text: "保妄", Now: now}, 8)
	if !slices.ContainsFunc(offers, func(s kiosk.Suggestion) bool { return s.Text == "保安" }) {
		t.Errorf("offered: %v", offers)
	}
}

func TestWishesKeepTheLaw(t *testing.T) {
	f := finder(t, asked())
	for _, text := range []string{"夜班", "上夜班的保安", "夜班 包住"} {
		res, err := f.Search(t.Context(), kiosk.Query{Text: text, Lawful: notNight, Limit: 50, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(ids(res), "guard") {
			t.Errorf("%s: night work, by %+v", text, res.Rescue)
		}
	}
}
