package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// searcher runs searches on a seeded board.
func searcher(t *testing.T) func(args ...string) []string {
	t.Helper()
	dir := t.TempDir()
	s := settingsFor(t, dir, "none", "none")
	seedBoard(t, s.DataDir)
	settings := writeSettings(t, dir, s)
	return func(args ...string) []string { return append([]string{"-settings", settings}, args...) }
}

func foundBy(t *testing.T, args []string) searchJSON {
	t.Helper()
	var found searchJSON
	text := must(t, args...)
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return found
}

// What people say instead of an occupation's name finds it, and the answer
// says as what.
func TestCommandSearchByLayWord(t *testing.T) {
	kiosk := searcher(t)
	found := foundBy(t, kiosk("search", "-json", "普工"))
	if found.Total == 0 || found.Rescue != nil {
		t.Fatalf("%d found, %+v", found.Total, found.Rescue)
	}
	as := 0
	for _, it := range found.Items {
		for _, h := range it.Hits {
			if h.Word == "普工" && h.As == "操作工" {
				as++
			}
		}
	}
	if as == 0 {
		t.Error("no row says that it was found as 操作工")
	}
	if plain := must(t, kiosk("search", "普工")...); !strings.Contains(plain, "操作工") {
		t.Errorf("without -json:\n%s", plain)
	}
}

func TestCommandSearchIsRescued(t *testing.T) {
	kiosk := searcher(t)
	for _, tt := range []struct {
		args        []string
		step, words string
	}{
		{[]string{"frg"}, "spelling", "没有“frg”，有 "},
		{[]string{"缝韧工"}, "spelling", "个“缝纫工”"},
		{[]string{"-within", "1", "缝纫"}, "distance", "附近没有"},
		{[]string{"-pay", "900000", "缝纫"}, "filter", "没有全都符合的，不限“每月至少”"},
		{[]string{"-area", "110101", "缝纫"}, "filter", "别处有"},
		{[]string{"江益镇 缝纫工 龘龘"}, "word", "去掉“"},
	} {
		json := foundBy(t, kiosk(append([]string{"search", "-json"}, tt.args...)...))
		if json.Rescue == nil || string(json.Rescue.Step) != tt.step || !strings.Contains(json.Rescue.Words, tt.words) || json.Total == 0 {
			t.Errorf("%q: %d, %+v", tt.args, json.Total, json.Rescue)
			continue
		}
		plain := must(t, kiosk(append([]string{"search"}, tt.args...)...)...)
		if !strings.Contains(plain, json.Rescue.Words) {
			t.Errorf("%q: %s is not said:\n%s", tt.args, json.Rescue.Words, plain)
		}
	}
	if found := foundBy(t, kiosk("search", "-json", "龘龘龘")); found.Rescue != nil || found.Total != 0 {
		t.Errorf("nonsense: %d, %+v", found.Total, found.Rescue)
	}
}

// Pages of a folded list are the whole of it, and with what each row stands for
// they are the list that is not folded.
func TestCommandSearchFolds(t *testing.T) {
	kiosk := searcher(t)
	one := foundBy(t, kiosk("search", "-json", "-n", "1000", "-unfold", "-sort", "pay", "工"))
	all := foundBy(t, kiosk("search", "-json", "-n", "1000", "-sort", "pay", "工"))
	rows := 0
	for _, it := range all.Items {
		rows += 1 + it.More
	}
	if rows != one.Total || all.Total != len(all.Items) || all.Total >= one.Total || one.Total != len(one.Items) {
		t.Errorf("%d rows of %d stand for %d postings, there are %d", len(all.Items), all.Total, rows, one.Total)
	}
	page := foundBy(t, kiosk("search", "-json", "-n", "5", "-offset", "5", "-sort", "pay", "工"))
	for i, it := range page.Items {
		if string(it.Posting) == "" || !slices.Equal(it.Posting, all.Items[5+i].Posting) {
			t.Errorf("row %d of the second page is another one", i)
		}
	}
	if len(page.Items) != 5 {
		t.Errorf("%d rows on a page of 5", len(page.Items))
	}
}

func TestCommandExplain(t *testing.T) {
	kiosk := searcher(t)
	text := must(t, kiosk("explain", "-n", "40", "-pay", "3000", "普工 包吃")...)
	for _, want := range []string{"asked", "普工|操作工", "pay>=3000", "word 普工: title, as 操作工", "order fit: ", "passes pay>=3000"} {
		if !strings.Contains(text, want) {
			t.Errorf("explain does not say %q:\n%s", want, text)
		}
	}
	if text = must(t, kiosk("search", "-explain", "-n", "200", "工")...); !strings.Contains(text, "   stands for gq") {
		t.Errorf("no row stands for another:\n%.600s", text)
	}
	text = must(t, kiosk("explain", "-within", "1", "缝韧工")...)
	for _, want := range []string{"asked", "spelling      0  缝韧工", "distance", "shown", "“缝韧工”按“缝纫工”找"} {
		if !strings.Contains(text, want) {
			t.Errorf("the rescue is told without %q:\n%s", want, text)
		}
	}
	for _, sort := range []string{"pay", "newest", "nearest"} {
		if text = must(t, kiosk("explain", "-sort", sort, "缝纫")...); !strings.Contains(text, "order "+sort+": ") {
			t.Errorf("-sort %s:\n%s", sort, text)
		}
	}
	found := foundBy(t, kiosk("explain", "-json", "frg"))
	if len(found.Tries) < 2 || found.Tries[0].Total != 0 || found.Tries[0].Query != "frg" {
		t.Errorf("tries %+v", found.Tries)
	}
}

func TestCommandSearchRefuses(t *testing.T) {
	kiosk := searcher(t)
	for _, tt := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"search", "-sort", "dance", "工"}, 1, `no order "dance"`},
		{[]string{"search", "-area", "36x", "工"}, 1, "area code"},
		{[]string{"search", "-trade", "dance", "工"}, 1, `no trade "dance"`},
		{[]string{"search", "-channel", "dance", "工"}, 1, `no channel "dance"`},
		{[]string{"search", "-since", "gestern", "工"}, 1, "-since"},
		{[]string{"search", "-n", "-1", "工"}, 1, "not negative"},
		{[]string{"explain"}, 2, "usage: kiosk explain"},
	} {
		if o := kioskRun(t, kiosk(tt.args...)...); o.status != tt.status || !strings.Contains(o.err, tt.says) {
			t.Errorf("%q: exit status %d, %s", tt.args, o.status, o.err)
		}
	}
	if found := foundBy(t, kiosk("search", "-json", "-trade", "garment", "-channel", "market", "-n", "3")); found.Total == 0 {
		t.Error("a search without words finds nothing")
	}
}
