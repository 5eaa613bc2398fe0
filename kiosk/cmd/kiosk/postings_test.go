package main

import (
	"fmt"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/match"
)

// ranker is the loop's view of a board of some postings.
func ranker(t *testing.T, all []kiosk.Posting, now time.Time) *postings {
	t.Helper()
	b, err := board.Open(t.TempDir()+"/board.db", demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if _, err := b.Apply(t.Context(), all, board.ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	return &postings{Board: b, site: demo.Site()}
}

func sewing(id, employer string, now time.Time) kiosk.Posting {
	return kiosk.Posting{
		ID: id, Title: "缝纫工", Employer: kiosk.Employer{Name: employer},
		Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}, Channel: kiosk.Market, Area: "360482001",
		Location: demo.Site().Location, Shifts: kiosk.DayShift,
		Pay:       kiosk.Pay{Min: kiosk.Yuan(4000), Max: kiosk.Yuan(5000), Unit: kiosk.PerMonth, Original: "4000–5000"},
		Published: now.AddDate(0, 0, -1), ValidThrough: now.AddDate(0, 1, 0),
	}
}

// A job that very many sources brought takes one row, and hides no other job.
func TestFoldedMatchesFillTheList(t *testing.T) {
	now := time.Now()
	var all []kiosk.Posting
	for i := range 80 {
		all = append(all, sewing(fmt.Sprintf("a%02d", i), "同一家服装厂", now))
	}
	for i := range 20 {
		all = append(all, sewing(fmt.Sprintf("b%02d", i), fmt.Sprint("服装厂", i), now))
	}
	p := ranker(t, all, now)
	for limit, want := range map[int]int{10: 10, 40: 21, 0: 21} {
		found := p.Rank(match.Ask{Site: p.site, Now: now, Limit: limit})
		if len(found) != want {
			t.Errorf("%d rows of a limit of %d, want %d", len(found), limit, want)
		} else if found[0].More != 79 {
			t.Errorf("the first row stands for %d others", found[0].More)
		}
	}
}

// A card tells a minor of as many others as the list of them shows.
func TestFoldedMatchesOfAMinor(t *testing.T) {
	now := time.Now()
	night := sewing("a3", "同一家服装厂", now)
	night.Shifts = kiosk.NightShift
	p := ranker(t, []kiosk.Posting{sewing("a1", "同一家服装厂", now), sewing("a2", "同一家服装厂", now), night}, now)
	for age, want := range map[int]int{17: 1, 30: 2} {
		who := kiosk.Resident{BirthYear: now.Year() - age, BirthMonth: 1, BirthDay: 1}
		found := p.Rank(match.Ask{Resident: who, Site: p.site, Now: now, Limit: 10})
		if len(found) != 1 || found[0].More != want {
			t.Errorf("at %d: %d rows, the first of which stands for %+v, want %d", age, len(found), found, want)
		}
	}
}
