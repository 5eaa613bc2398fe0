package demo

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

var now = time.Date(2026, 11, 23, 10, 42, 0, 0, zone)

func TestEveryPostingIsSoundAndBelievable(t *testing.T) {
	ps := Postings(now, 10000, 1)
	ids := map[string]bool{}
	// What 《就业促进法》, 《人力资源市场暂行条例》 and 人社部发〔2019〕17号 forbid in an
	// offer, and what a job-home must not show.
	banned := regexp.MustCompile(`男|女[^士]|性别|婚|育龄|孕|周岁|年龄限|岁以下|岁以上|本地户口|户籍|汉族|民族|身高|相貌|形象|押金|收费(?:标准)|刷单|统招|985|211`)
	for i := range ps {
		p := &ps[i]
		if err := p.Check(); err != nil {
			t.Fatalf("%s: %v", p.ID, err)
		}
		if ids[p.ID] {
			t.Fatalf("%s twice", p.ID)
		}
		ids[p.ID] = true
		words := p.Title + p.Requirements + p.Description + p.Hours + p.Pay.Original
		if m := banned.FindString(words); m != "" {
			t.Errorf("%s says %q: %s", p.ID, m, words)
		}
		if n := utf8.RuneCountInString(p.Description); n < 60 || n > 300 {
			t.Errorf("%s: description of %d characters: %s", p.ID, n, p.Description)
		}
		if p.Employer.CreditCode != "" && p.Employer.CreditCode[2:8] != "999999" {
			t.Errorf("%s: credit code in a real area", p.ID)
		}
		if !strings.HasPrefix(p.Contact.Phone, "0792-0") {
			t.Errorf("%s: phone %s could be somebody's", p.ID, p.Contact.Phone)
		}
		if p.Pay.Original == "" || p.Hours == "" || p.Requirements == "" || p.Shifts == 0 {
			t.Errorf("%s lacks pay words, hours, shifts or requirements", p.ID)
		}
		if lo, _, ok := p.Pay.Monthly(); ok && p.Channel == kiosk.Market && p.Shifts != kiosk.PartTime && lo < kiosk.Yuan(2000) {
			t.Errorf("%s pays %s a month", p.ID, lo)
		}
	}
}

func TestMix(t *testing.T) {
	ps := Postings(now, 10000, 1)
	share := map[string]int{}
	for i := range ps {
		p := &ps[i]
		count := func(what string, yes bool) {
			if yes {
				share[what]++
			}
		}
		share[string(p.Channel)]++
		share["unit "+string(p.Pay.Unit)]++
		count("expired", !p.Open(now))
		count("no place", !p.Location.Known())
		count("gig today", p.Channel == kiosk.Gig && p.Open(now) && p.Starts.Before(now))
		count("in the city", p.Area.Within("360482"))
		count("headcount not said", p.Headcount == 0)
		count("asks schooling", p.Education != 0)
	}
	for what, want := range map[string][2]int{
		"market": {7700, 8300}, "gig": {1000, 1300}, "policy": {120, 280}, "public-welfare": {250, 420},
		"internship": {230, 420}, "expired": {150, 500}, "no place": {250, 600}, "gig today": {200, 500},
		"in the city": {9300, 9900}, "headcount not said": {400, 900}, "asks schooling": {2500, 6000},
		"unit month": {5500, 8500}, "unit day": {400, 1500}, "unit hour": {200, 1200}, "unit piece": {300, 1800},
		"unit year": {20, 300}, "unit negotiable": {200, 600},
	} {
		if n := share[what]; n < want[0] || n > want[1] {
			t.Errorf("%s: %d of 10000, want %d to %d", what, n, want[0], want[1])
		}
	}
}

func TestSameSeedSameBoard(t *testing.T) {
	a, b, c := Postings(now, 500, 7), Postings(now, 500, 7), Postings(now, 500, 8)
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gave two boards")
	}
	if reflect.DeepEqual(a, c) {
		t.Error("two seeds gave one board")
	}
}

func TestWriteJSONLReadsBack(t *testing.T) {
	ps := Postings(now, 300, 3)
	var buf bytes.Buffer
	if err := WriteJSONL(&buf, ps); err != nil {
		t.Fatal(err)
	}
	i := 0
	for line := range bytes.Lines(buf.Bytes()) {
		p, problems := jsonl.Parse(bytes.TrimSpace(line))
		if problems != nil || !reflect.DeepEqual(p, ps[i]) {
			t.Fatalf("line %d: %v\n%+v\n%+v", i+1, problems, p, ps[i])
		}
		i++
	}
	if i != len(ps) {
		t.Errorf("%d lines for %d postings", i, len(ps))
	}
}

func TestSite(t *testing.T) {
	s := Site()
	if s.Area.Check() != nil || s.Location.Check() != nil || !s.Location.Known() || strings.HasSuffix(s.BaseURL, "/") {
		t.Errorf("%+v", s)
	}
}

func BenchmarkPostings10k(b *testing.B) {
	for b.Loop() {
		Postings(now, 10000, 1)
	}
}
