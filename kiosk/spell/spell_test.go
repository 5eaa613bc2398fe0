package spell

import (
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

func TestWords(t *testing.T) {
	var s Speller
	if got := s.Words("frg", 5); got != nil {
		t.Errorf("without a board: %v", got)
	}
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	board := demo.Postings(now, 3000, 1)
	s.dict.Store(newWords(board))
	has := func(word string) bool {
		return slices.ContainsFunc(board, func(p kiosk.Posting) bool {
			return p.Occupation.Name == word || kiosk.HeadWords(p.Title) == word
		})
	}
	for _, tt := range []struct {
		typed, want string
		guess       bool
	}{
		{"frg", "缝纫工", false},
		{"FRG", "缝纫工", false},
		{"fengren", "缝纫工", false},
		{"缝rg", "缝纫工", false},
		{"缝刃工", "缝纫工", true}, // a homophone
		{"fenrengong", "缝纫工", true},
	} {
		if !has(tt.want) {
			t.Fatalf("the demonstration has no %s any more", tt.want)
		}
		got := s.Words(tt.typed, 5)
		i := slices.IndexFunc(got, func(w Word) bool { return w.Text == tt.want })
		if i < 0 || got[i].Guess != tt.guess {
			t.Errorf("%s: %v, want %s (a guess: %v)", tt.typed, got, tt.want, tt.guess)
		}
	}
	if got := s.Words("zzzzqqqq", 5); len(got) != 0 {
		t.Errorf("nonsense finds %v", got)
	}
}

func TestMakeOnceMore(t *testing.T) {
	var s Speller
	calls := make(chan chan []kiosk.Posting, 4)
	postings := func() []kiosk.Posting {
		answer := make(chan []kiosk.Posting)
		calls <- answer
		return <-answer
	}
	one := []kiosk.Posting{{Title: "缝纫工"}}
	two := []kiosk.Posting{{Title: "保安"}}
	s.Make(postings)
	first := <-calls
	s.Make(postings) // while the first is being made
	first <- one
	second := <-calls
	second <- two
	for range 1000 {
		if got := s.Words("ba", 1); len(got) == 1 && got[0].Text == "保安" {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("the board of the second call is not in the dictionary")
}

func TestWhatIsKnownOfAWord(t *testing.T) {
	s := New([]kiosk.Posting{
		{Title: "操作工", Area: "360482101", Occupation: kiosk.Occupation{Code: "6-31-05-00", Name: "包装工"}},
		{Title: "叉车", Area: "360482001", Occupation: kiosk.Occupation{Code: "6-30-05-01", Name: "叉车驾驶员"}},
	})
	for word, want := range map[string][]string{
		"普工": {"操作工"}, "保姆": {"家政服务员"}, "qc": {"质检员"}, "QC": {"质检员"},
		"开叉车": {"起重装卸机械操作工", "叉车驾驶员"}, // the board has another name for the code
		"操作工": nil, "龘": nil,
	} {
		if got := s.Forms(word); !slices.Equal(got, want) {
			t.Errorf("forms of %s: %v, want %v", word, got, want)
		}
	}
	for word, want := range map[string]string{
		"包装工": "6-31-05-00", "叉车驾驶员": "6-30-05-01", "开叉车": "6-30-05-01", "缝纫工": "6-05-01-03", "操作工": "", "普工": "",
	} {
		if got := s.Code(word); got != want {
			t.Errorf("code of %s: %q, want %q", word, got, want)
		}
	}
	for word, want := range map[string]bool{
		"江益镇": true, "江益": true, "茶山街道": true, "茶山": true, "共青城市": true, "共青城": true, "九江": true, "镇": false, "焊工": false,
		"甘露镇": false, // no posting is there
	} {
		if s.Place(word) != want {
			t.Errorf("%s is a place: %v", word, !want)
		}
	}
	var none Speller
	if none.Forms("普工") != nil || none.Code("缝纫工") != "" || none.Place("江益镇") {
		t.Error("without a board something is known")
	}
}
