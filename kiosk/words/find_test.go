package words

import (
	"strings"
	"testing"

	"jobhome/kiosk"
)

// Every step and every field is said in both languages, with what it is about.
func TestRescueInWords(t *testing.T) {
	trade := []kiosk.Trade{"welding"}
	for _, tt := range []struct {
		r    kiosk.Rescue
		want string
	}{
		{kiosk.Rescue{Step: kiosk.RescueSpelling, From: "缝韧工", To: "缝纫工"}, "没有“缝韧工”，有 12 个“缝纫工”"},
		{kiosk.Rescue{Step: kiosk.RescueDistance, Query: kiosk.Query{Within: 5000}}, "附近没有，5 公里以内有 12 个"},
		{kiosk.Rescue{Step: kiosk.RescueDistance}, "附近没有，远一点有 12 个"},
		{
			kiosk.Rescue{Step: kiosk.RescueDistance, From: "缝韧工", To: "缝纫工"},
			"“缝韧工”按“缝纫工”找：附近没有，远一点有 12 个",
		},
		{kiosk.Rescue{Step: kiosk.RescueFilter, Left: "pay"}, "没有全都符合的，不限“每月至少”有 12 个"},
		{kiosk.Rescue{Step: kiosk.RescueFilter, Left: "area"}, "这一片没有，别处有 12 个"},
		{
			kiosk.Rescue{Step: kiosk.RescueFilter, Left: "shift", Query: kiosk.Query{Shifts: kiosk.AllShifts &^ kiosk.NightShift}},
			"没有全都符合的，除夜班外有 12 个",
		},
		{kiosk.Rescue{Step: kiosk.RescueWord, From: "江益镇", To: "焊工"}, "没有全部符合的，去掉“江益镇”，“焊工”有 12 个"},
		{kiosk.Rescue{Step: kiosk.RescueWord, From: "找工作"}, "“找工作”没有说做什么，全部有 12 个"},
		{kiosk.Rescue{Step: kiosk.RescueRelated, From: "焊工"}, "没有“焊工”，相近的有 12 个"},
		{kiosk.Rescue{Step: kiosk.RescueRelated, From: "焊工", Query: kiosk.Query{Trades: trade}}, "没有“焊工”，同行的（" + T(Zh, "trade.welding") + "）有 12 个"},
		{kiosk.Rescue{Step: kiosk.RescueRelated}, "没有这一种，相近的有 12 个"},
	} {
		if got := Rescue(Zh, &tt.r, 12); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.r, got, tt.want)
		}
		if got := Rescue(En, &tt.r, 12); !strings.Contains(got, "12") || strings.Contains(got, "⟦") || strings.Contains(got, "%!") {
			t.Errorf("%+v: %q", tt.r, got)
		}
	}
	for _, left := range []string{"shift", "benefit", "channel", "school", "pay", "area"} {
		if got := Rescue(Zh, &kiosk.Rescue{Step: kiosk.RescueFilter, Left: left}, 1); strings.Contains(got, "⟦") {
			t.Errorf("%s: %s", left, got)
		}
	}
	if Rescue(Zh, nil, 0) != "" {
		t.Error("no rescue has words")
	}
}

func TestHitInWords(t *testing.T) {
	for _, tt := range []struct {
		h    kiosk.Hit
		want string
	}{
		{kiosk.Hit{Word: "普工", As: "操作工", Field: kiosk.FieldTitle}, "“普工”也叫“操作工”"},
		{kiosk.Hit{Word: "鸿达", As: "鸿达", Field: kiosk.FieldEmployer}, "单位里有“鸿达”"},
		{kiosk.Hit{Word: "保姆", As: "家政服务员", Field: kiosk.FieldOccupation}, "职业是“家政服务员”"},
		{kiosk.Hit{Word: "江益", As: "江益", Field: kiosk.FieldPlace}, "地点在“江益”"},
		{kiosk.Hit{Word: "平车", As: "平车", Field: kiosk.FieldRequirements, Excerpt: "会平车，初中以上"}, "要求写了：会平车，初中以上"},
		{kiosk.Hit{Word: "叉车", As: "叉车", Field: kiosk.FieldDescription, Excerpt: "…会开叉车优先…"}, "说明写了：…会开叉车优先…"},
		{kiosk.Hit{Word: "叉车", As: "叉车", Field: kiosk.FieldDescription}, "说明里写了“叉车”"},
		{kiosk.Hit{Word: "包住", As: "包住", Field: kiosk.FieldBenefit}, "福利有“包住”"},
		{kiosk.Hit{Word: "夜班", As: "夜班", Field: kiosk.FieldShift}, "上班时间是“夜班”"},
		{kiosk.Hit{Word: "日结", As: "日结", Field: kiosk.FieldTerms}, "条件符合“日结”"},
		{kiosk.Hit{Word: "叉车", As: "叉车", Field: kiosk.FieldRequirements}, "要求里写了“叉车”"},
	} {
		if got := Hit(Zh, tt.h); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.h, got, tt.want)
		}
		if got := Hit(En, tt.h); strings.Contains(got, "⟦") || strings.Contains(got, "%!") {
			t.Errorf("%+v: %q", tt.h, got)
		}
	}
}
