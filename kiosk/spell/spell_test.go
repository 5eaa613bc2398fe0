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
