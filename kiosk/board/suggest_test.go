package board

import (
	"strings"
	"testing"

	"jobhome/kiosk"
)

func TestSuggest(t *testing.T) {
	b, ps := demoBoard(t)
	o := newOracle(ps)
	for _, text := range []string{"缝", "缝纫", "CN", "cnc", "茶山", "司机", "工", "甘露 缝", "护", "保"} {
		got, err := b.Suggest(t.Context(), text, 8, now)
		if err != nil || len(got) == 0 || len(got) > 8 {
			t.Fatalf("%q: %v, %v", text, got, err)
		}
		begins := true
		words := strings.Fields(text)
		last := fold(words[len(words)-1])
		seen := map[string]bool{}
		for _, s := range got {
			if n := len(o.ids(kiosk.Query{Text: s.Text, Now: now})); n != s.Count || n == 0 {
				t.Errorf("%q suggests %q with %d, a search finds %d", text, s.Text, s.Count, n)
			}
			term := strings.Fields(s.Text)[len(words)-1]
			starts := strings.HasPrefix(fold(term), last)
			if starts && !begins || !strings.Contains(fold(s.Text), last) || seen[s.Text] {
				t.Errorf("%q: %v is out of order", text, got)
			}
			begins, seen[s.Text] = starts, true
		}
	}
	for _, text := range []string{"", "   ", "没有这种工作", "\u200b"} {
		if got, err := b.Suggest(t.Context(), text, 8, now); err != nil || len(got) != 0 {
			t.Errorf("%q suggests %v, %v", text, got, err)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ＣＮＣ　操作工": "cnc操作工", "CNC 操作 工": "cnc操作工", "Quality  Control": "quality control", "Ａ-ｚ！": "a-z!",
		"\ufeff缝\u200b纫\n工": "缝纫工", "  ": "", "5 S 管理": "5 s管理",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%q) = %q, want %q", in, got, want)
		}
	}
}
