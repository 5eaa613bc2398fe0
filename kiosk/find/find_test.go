package find

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/spell"
)

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("CST", 8*3600))

// finder makes a board of the postings, and a finder for it.
func finder(t testing.TB, postings []kiosk.Posting) *Finder {
	t.Helper()
	b, err := board.Open(t.TempDir()+"/board.db", demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if _, err := b.Apply(context.Background(), postings, board.ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	return &Finder{Board: b, Spell: spell.New(postings)}
}

// post is a posting two kilometres away in 茶山街道, which the change makes
// another one.
func post(id, title, code, occupation string, change ...func(*kiosk.Posting)) kiosk.Posting {
	p := kiosk.Posting{
		ID: id, Title: title, Employer: kiosk.Employer{Name: "单位" + id},
		Occupation: kiosk.Occupation{Code: code, Name: occupation}, Channel: kiosk.Market, Area: "360482001",
		Location: kiosk.Point{Lat: demo.Site().Location.Lat + 0.018, Lon: demo.Site().Location.Lon},
		Pay:      kiosk.Pay{Min: kiosk.Yuan(4000), Max: kiosk.Yuan(5000), Unit: kiosk.PerMonth, Original: "4000–5000"},
		Shifts:   kiosk.DayShift, Published: now.AddDate(0, 0, -1), ValidThrough: now.AddDate(0, 1, 0),
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func at(area kiosk.Area) func(*kiosk.Posting) { return func(p *kiosk.Posting) { p.Area = area } }

func north(degrees float64) func(*kiosk.Posting) {
	return func(p *kiosk.Posting) { p.Location.Lat = demo.Site().Location.Lat + degrees }
}

// small is a board on which each step has something to do.
func small() []kiosk.Posting {
	night := func(p *kiosk.Posting) { p.Shifts = kiosk.NightShift }
	return []kiosk.Posting{
		post("sew1", "缝纫工", "6-05-01-03", "缝纫工"),
		post("sew2", "缝纫工（熟手）", "6-05-01-03", "缝纫工", north(0.06)),
		post("cut", "裁剪工", "6-05-01-02", "裁剪工"),
		post("op", "操作工", "6-31-05-00", "包装工"),
		post("weld", "焊工", "6-18-02-04", "焊工", at("360482100")),
		post("mill", "铣工", "6-18-01-02", "铣工", at("360482101")),
		post("home", "家政服务员", "4-10-01-06", "家政服务员", at("360482101")),
		post("guard", "夜班值守", "4-07-05-01", "保安员", night),
		post("tend", "餐厅服务员", "4-03-02-05", "餐厅服务员", at("360482101"), func(p *kiosk.Posting) {
			p.Description = "长年招人，包吃住，环境好，工资每月二十日发，会说普通话优先，五险齐全"
		}),
	}
}

func ids(r kiosk.Results) string {
	var all []string
	for _, it := range r.Items {
		all = append(all, it.Posting.ID)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestSearch(t *testing.T) {
	f := finder(t, small())
	type want struct {
		ids, step, from, to, left string
	}
	for _, tt := range []struct {
		name string
		q    kiosk.Query
		want want
	}{
		{"the word itself", kiosk.Query{Text: "缝纫工"}, want{ids: "sew1 sew2"}},
		{"a lay word", kiosk.Query{Text: "普工"}, want{ids: "op"}},
		{"a lay word of an old name", kiosk.Query{Text: "保姆"}, want{ids: "home"}},
		{"a lay word and a filter", kiosk.Query{Text: "服务员", Area: "360482101"}, want{ids: "home tend"}},
		{"initials", kiosk.Query{Text: "frg"}, want{"sew1 sew2", "spelling", "frg", "缝纫工", ""}},
		{"pinyin", kiosk.Query{Text: "fengrengong"}, want{"sew1 sew2", "spelling", "fengrengong", "缝纫工", ""}},
		{"pinyin in pieces", kiosk.Query{Text: "feng ren gong"}, want{"sew1 sew2", "spelling", "feng ren gong", "缝纫工", ""}},
		{"mixed", kiosk.Query{Text: "缝rg"}, want{"sew1 sew2", "spelling", "缝rg", "缝纫工", ""}},
		{"a homophone", kiosk.Query{Text: "缝韧工"}, want{"sew1 sew2", "spelling", "缝韧工", "缝纫工", ""}},
		{"one of two", kiosk.Query{Text: "frg 熟手"}, want{"sew2", "spelling", "frg", "缝纫工", ""}},
		{"two written as one", kiosk.Query{Text: "茶山街道缝纫工"}, want{"sew1 sew2", "spelling", "茶山街道缝纫工", "茶山街道 缝纫工", ""}},
		{"a band farther", kiosk.Query{Text: "缝纫", Within: 1000}, want{"sew1", "distance", "", "", ""}},
		{"as far as it takes", kiosk.Query{Text: "熟手", Within: 500}, want{"sew2", "distance", "", "", ""}},
		{"respelt and farther", kiosk.Query{Text: "缝韧工", Within: 1000}, want{"sew1", "distance", "缝韧工", "缝纫工", ""}},
		{"hours are given up first", kiosk.Query{Text: "焊工", Shifts: kiosk.NightShift}, want{"weld", "filter", "", "", "shift"}},
		{"benefits", kiosk.Query{Text: "焊工", Benefits: kiosk.Dorm}, want{"weld", "filter", "", "", "benefit"}},
		{"the kind of offer", kiosk.Query{Text: "焊工", Channels: []kiosk.Channel{kiosk.Gig}}, want{"weld", "filter", "", "", "channel"}},
		{"pay", kiosk.Query{Text: "焊工", PayAtLeast: kiosk.Yuan(9000)}, want{"weld", "filter", "", "", "pay"}},
		{"the area comes last", kiosk.Query{Text: "焊工", Area: "360482001"}, want{"weld", "filter", "", "", "area"}},
		{"work elsewhere", kiosk.Query{Text: "江益镇 缝纫"}, want{"sew1 sew2", "word", "江益镇", "缝纫", ""}},
		{"work elsewhere, the place last", kiosk.Query{Text: "缝纫 江益镇"}, want{"sew1 sew2", "word", "江益镇", "缝纫", ""}},
		{"a place goes before a word", kiosk.Query{Text: "甘露镇 工 缝纫"}, want{"sew1 sew2", "word", "甘露镇", "工 缝纫", ""}},
		{"the most specific is kept", kiosk.Query{Text: "缝纫 焊工"}, want{"weld", "word", "缝纫", "焊工", ""}},
		{"the same group", kiosk.Query{Text: "服装制版师"}, want{"cut sew1 sew2", "related", "服装制版师", "", ""}},
		{"the same trade", kiosk.Query{Text: "装配钳工"}, want{"mill op", "related", "装配钳工", "", ""}},
		{"the same group of a lay word", kiosk.Query{Text: "大厨"}, want{"tend", "related", "大厨", "", ""}},
		{"a character that sounds like the beginning of a phrase", kiosk.Query{Text: "龘"}, want{}},
		{"nothing at all", kiosk.Query{Text: "龘龘龘"}, want{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.q.Now, tt.q.Limit = now, 50
			res, err := f.Search(t.Context(), tt.q)
			if err != nil {
				t.Fatal(err)
			}
			got := want{ids: ids(res)}
			if r := res.Rescue; r != nil {
				got = want{got.ids, string(r.Step), r.From, r.To, r.Left}
			}
			if got != tt.want || res.Total != len(res.Items) {
				t.Errorf("%+v: %+v of %d, want %+v", tt.q, got, res.Total, tt.want)
			}
		})
	}
}

// A lay word says as what it was found, and a query with something near is not
// widened.
func TestNothingIsDoneSilently(t *testing.T) {
	f := finder(t, small())
	res, err := f.Search(t.Context(), kiosk.Query{Text: "普工", Hits: true, Limit: 9, Now: now})
	if err != nil || len(res.Items) != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	if h := res.Items[0].Hits; len(h) != 1 || h[0] != (kiosk.Hit{Word: "普工", As: "操作工", Field: kiosk.FieldTitle}) {
		t.Errorf("hits %+v", h)
	}
	res, err = f.Search(t.Context(), kiosk.Query{Text: "缝纫", Within: 3000, Limit: 9, Now: now})
	if err != nil || ids(res) != "sew1" || res.Rescue != nil {
		t.Errorf("within 3 km: %s, %+v, %v", ids(res), res.Rescue, err)
	}
	res, err = f.Search(t.Context(), kiosk.Query{Text: "缝纫", Within: 1000, Like: "sew1", Limit: 9, Now: now})
	if err != nil || res.Total != 0 || res.Rescue != nil {
		t.Errorf("like another posting: %+v, %v", res, err)
	}
}

func TestLawfulHoursStay(t *testing.T) {
	f := finder(t, small())
	for _, q := range []kiosk.Query{
		{Text: "夜班值守", Lawful: notNight},
		{Text: "夜班值守", Shifts: notNight},
		{Text: "夜班值守", Shifts: kiosk.DayShift},
		{Text: "夜班值守", Shifts: kiosk.FlexibleHours, Lawful: notNight},
		{Text: "保安员", Lawful: notNight, Within: 1000, Benefits: kiosk.Dorm},
		{Occupation: "4-07-05-01", Lawful: notNight},
		{Shifts: kiosk.FlexibleHours, Lawful: notNight, Channels: []kiosk.Channel{kiosk.Policy}},
	} {
		q.Now, q.Limit = now, 50
		e, err := f.Explain(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(ids(e.Results), "guard") {
			t.Errorf("%+v: night work, %+v", q, e.Results.Rescue)
		}
		for _, try := range e.Tries {
			if try.Query.Lawful != q.Lawful || q.Lawful == 0 && q.Shifts != 0 && try.Query.Shifts == 0 && try.Step != kiosk.RescueSpelling {
				t.Errorf("%+v: tried %+v", q, try)
			}
		}
	}
	// Who asks for nothing gets it.
	res, err := f.Search(t.Context(), kiosk.Query{Text: "夜班值守", Limit: 9, Now: now})
	if err != nil || ids(res) != "guard" {
		t.Errorf("%s, %v", ids(res), err)
	}
}

func TestSuggest(t *testing.T) {
	f := finder(t, small())
	for text, want := range map[string]string{
		"缝": "缝纫工", "frg": "缝纫工", "普工": "操作工", "甘露镇 hg": "甘露镇 焊工", "缝韧工": "缝纫工", "服务员": "家政服务员", "": "", "zzzz": "",
	} {
		got := f.Suggest(t.Context(), kiosk.Query{Text: text, Now: now}, 8)
		if want == "" && len(got) > 0 || want != "" && !slices.ContainsFunc(got, func(s kiosk.Suggestion) bool { return s.Text == want }) {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
		for _, s := range got {
			res, err := f.Search(t.Context(), kiosk.Query{Text: s.Text, Fold: true, Now: now})
			if err != nil || res.Total != s.Count || res.Rescue != nil {
				t.Errorf("%s: says %d, touching it finds %d (%+v), %v", s.Text, s.Count, res.Total, res.Rescue, err)
			}
		}
	}
	if got := f.Suggest(t.Context(), kiosk.Query{Text: "工", Now: now}, 1); len(got) != 1 {
		t.Errorf("one was asked for: %v", got)
	}
}

// failing is a board that fails after some questions.
type failing struct {
	Board
	left int
}

var errCard = errors.New("the card is gone")

func (b *failing) Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error) {
	if b.left--; b.left < 0 {
		return kiosk.Results{}, errCard
	}
	return b.Board.Search(ctx, q)
}

func TestBoardThatFails(t *testing.T) {
	f := finder(t, small())
	q := kiosk.Query{Text: "缝韧工 江益镇", Within: 500, PayAtLeast: kiosk.Yuan(9000), Now: now, Limit: 9}
	e, err := f.Explain(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(e.Tries) {
		_, err := (&Finder{&failing{f.Board, n}, f.Spell}).Search(t.Context(), q)
		if !errors.Is(err, errCard) {
			t.Errorf("after %d questions: %v", n, err)
		}
	}
	if len(e.Tries) < 5 {
		t.Errorf("only %d tries", len(e.Tries))
	}
}

// A minor is told how many postings there are that the law allows.
func TestSuggestionsAreLawful(t *testing.T) {
	f := finder(t, demo.Postings(now, 2000, 1))
	day := kiosk.AllShifts &^ kiosk.NightShift
	fewer := 0
	for _, text := range []string{"保安", "操作", "qtgz", "分拣"} {
		for _, s := range f.Suggest(t.Context(), kiosk.Query{Text: text, Lawful: day, Now: now}, 8) {
			res, err := f.Search(t.Context(), kiosk.Query{Text: s.Text, Lawful: day, Fold: true, Now: now})
			if err != nil || res.Total != s.Count {
				t.Errorf("%q: %d, the list has %d, %v", s.Text, s.Count, res.Total, err)
			}
			if all, _ := f.Search(t.Context(), kiosk.Query{Text: s.Text, Fold: true, Now: now}); all.Total > s.Count {
				fewer++
			}
		}
	}
	if fewer == 0 {
		t.Error("no suggestion has night work")
	}
}
