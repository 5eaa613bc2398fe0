package find

import (
	"context"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
)

// However a thing is typed, it is the same that is asked for.
func TestTheSameTypedInOtherWays(t *testing.T) {
	f := finder(t, append(small(),
		post("turn", "ＣＮＣ技工", "6-18-01-01", "车工"),
		post("lathe", "加工中心操机", "6-18-01-07", "多工序数控机床操作调整工")))
	for _, ways := range [][]string{
		{"cnc", "CNC", "ｃｎｃ", "ＣＮＣ", "c\u200bnc"},
		{"6000以上", "６０００以上"},
		{"3000以上 缝纫工", "3000以上，缝纫工", "3000以上、缝纫工", "３０００以上,缝纫工"},
		{"缝纫工", "缝纫工 缝纫工", "缝纫工。", " 缝\x00纫工 "},
		{"操作工 cnc 焊工", "操作工 cnc 焊工 CNC 焊工 操作工"},
	} {
		want, err := f.Search(context.Background(), kiosk.Query{Text: ways[0], Limit: 50, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range ways[1:] {
			got, err := f.Search(context.Background(), kiosk.Query{Text: way, Limit: 50, Now: now})
			if err != nil || got.Total != want.Total || ids(got) != ids(want) || (got.Rescue == nil) != (want.Rescue == nil) {
				t.Errorf("%q finds %d: %s, %+v; %q %d: %s, %+v", ways[0], want.Total, ids(want), want.Rescue, way, got.Total, ids(got), got.Rescue)
			}
		}
	}
	if r, err := f.Search(context.Background(), kiosk.Query{Text: "，。！", Limit: 50, Now: now}); err != nil || r.Total != 0 {
		t.Errorf("marks alone find %d, %v", r.Total, err)
	}
}

// A word that stands twice is not told to be left out where it is kept.
func TestWordTypedTwiceIsNotLeftOutOnce(t *testing.T) {
	f := finder(t, small())
	r, err := f.Search(context.Background(), kiosk.Query{Text: "缝纫工 焊工 缝纫工 焊工", Limit: 50, Now: now})
	if err != nil || r.Rescue == nil || r.Rescue.From == "" || r.Rescue.To == "" {
		t.Fatalf("%+v, %v", r.Rescue, err)
	}
	from, to := r.Rescue.From, r.Rescue.To
	if slices.Contains([]string{"缝纫工 焊工", "缝纫工 焊工 焊工"}, from) || from == to {
		t.Errorf("%q is left out for %q", from, to)
	}
}

// Letters may stand for several words. None of them is said to be another name of
// another one.
func TestHitsOfSeveralReadings(t *testing.T) {
	f := finder(t, append(small(),
		post("nurse", "护工", "4-14-01-02", "养老护理员"),
		post("nurse2", "白班看护", "4-14-01-02", "养老护理员", func(p *kiosk.Posting) { p.Requirements = "做过护工" })))
	r, err := f.Search(context.Background(), kiosk.Query{Text: "hg", Limit: 50, Now: now})
	if err != nil || r.Rescue == nil || !strings.Contains(r.Rescue.To, "、焊工") || !strings.Contains(r.Rescue.To, "护工") {
		t.Fatalf("%+v, %v", r.Rescue, err)
	}
	for _, it := range r.Items {
		for _, h := range it.Hits {
			if h.Field == kiosk.FieldTitle && h.As == h.Word || h.As == "护工" && h.Word != "护工" || h.As == "焊工" && h.Word != "焊工" {
				t.Errorf("%s: %+v", it.Posting.Title, h)
			}
		}
	}
}
