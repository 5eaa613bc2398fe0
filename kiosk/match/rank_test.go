package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

var (
	now  = time.Date(2026, 11, 22, 10, 43, 0, 0, time.UTC)
	site = kiosk.Site{ID: "chashan", Location: kiosk.Point{Lat: 29.25, Lon: 115.80}}
)

// north is a place that many metres north of the site.
func north(metres float64) kiosk.Point {
	return kiosk.Point{Lat: site.Location.Lat + metres/111194.93, Lon: site.Location.Lon}
}

// post makes an open posting that pays 5000 to 8000 a month, 3.2 km away.
func post(id, occupation string, change ...func(*kiosk.Posting)) kiosk.Posting {
	p := kiosk.Posting{
		ID: id, Title: id, Occupation: kiosk.Occupation{Code: occupation}, Channel: kiosk.Market,
		Location:  north(3200),
		Pay:       kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth},
		Shifts:    kiosk.DayShift,
		Published: now.Add(-48 * time.Hour), ValidThrough: now.Add(240 * time.Hour),
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func away(metres float64) func(*kiosk.Posting) {
	return func(p *kiosk.Posting) { p.Location = north(metres) }
}

func nowhere(p *kiosk.Posting) { p.Location = kiosk.Point{} }

func month(lo, hi int64) func(*kiosk.Posting) {
	return pay(kiosk.PerMonth, kiosk.Yuan(lo), kiosk.Yuan(hi))
}

func pay(u kiosk.PayUnit, lo, hi kiosk.Fen) func(*kiosk.Posting) {
	return func(p *kiosk.Posting) { p.Pay = kiosk.Pay{Min: lo, Max: hi, Unit: u} }
}

func shifts(s kiosk.Shifts) func(*kiosk.Posting) { return func(p *kiosk.Posting) { p.Shifts = s } }

func perks(b kiosk.Benefits) func(*kiosk.Posting) { return func(p *kiosk.Posting) { p.Benefits = b } }

func asks(e kiosk.Education) func(*kiosk.Posting) { return func(p *kiosk.Posting) { p.Education = e } }

func channel(c kiosk.Channel) func(*kiosk.Posting) { return func(p *kiosk.Posting) { p.Channel = c } }

func until(t time.Time) func(*kiosk.Posting) { return func(p *kiosk.Posting) { p.ValidThrough = t } }

func aged(years int) kiosk.Resident {
	return kiosk.Resident{MaskedName: "张**", BirthYear: now.Year() - years, BirthMonth: 1, BirthDay: 1}
}

const (
	sewing  = "6-05-01-01"
	weaving = "6-04-03-02"
	cashier = "4-01-02-03"
	guard   = "4-07-05-01"
	clerk   = "3-01-02-02"
)

// line writes a reason in one line that is easy to compare.
func line(r kiosk.Reason) string {
	s := fmt.Sprintf("%s %s %+d", r.Factor, r.Fit, r.Points)
	switch r.Factor {
	case kiosk.FactorTrade:
		s += " " + string(r.Trade)
	case kiosk.FactorDistance:
		s += fmt.Sprintf(" %.0fm", r.Metres)
	case kiosk.FactorPay:
		s += fmt.Sprintf(" %s-%s", r.Low, r.High)
	case kiosk.FactorHours, kiosk.FactorAge:
		for _, m := range r.Shifts.Each() {
			s += " " + m.Name()
		}
	case kiosk.FactorBenefits:
		for _, m := range r.Benefits.Each() {
			s += " " + m.Name()
		}
	case kiosk.FactorEducation:
		s += fmt.Sprintf(" %d", r.Asked)
	}
	return s
}

func lines(m kiosk.Match) []string {
	var all []string
	for _, r := range m.Reasons {
		all = append(all, line(r))
	}
	return all
}

// want is a posting's id and some or all of its reasons.
type want struct {
	id      string
	reasons []string
}

// residents are people with a small board each.
var residents = []struct {
	name     string
	profile  kiosk.Profile
	resident kiosk.Resident
	board    []kiosk.Posting
	want     []want // nil reasons: not compared
}{
	{
		name: "wants sewing near home with dorm",
		profile: kiosk.Profile{
			Trades: []kiosk.Trade{"garment"}, Within: 5000, PayAtLeast: kiosk.Yuan(5000), Benefits: kiosk.Dorm,
		},
		board: []kiosk.Posting{
			post("till", cashier, away(300), perks(kiosk.Dorm)),
			post("sew-far", sewing, away(5400), perks(kiosk.Dorm)),
			post("sew-bare", sewing, perks(kiosk.Meals)),
			post("sew", sewing, perks(kiosk.Dorm|kiosk.Meals)),
			post("weave", weaving, away(1000), perks(kiosk.Dorm)),
		},
		want: []want{
			{"sew", []string{"trade met +60 garment", "distance met +15 3200m", "pay met +25 5000-8000", "benefits met +20 dorm"}},
			{"sew-bare", []string{"trade met +60 garment", "distance met +15 3200m", "pay met +25 5000-8000", "benefits not-met +0"}},
			{"weave", []string{"trade partly +25 textile", "distance met +22 1000m", "pay met +25 5000-8000", "benefits met +20 dorm"}},
			{"till", []string{"trade not-met +0 shop", "distance met +24 300m", "pay met +25 5000-8000", "benefits met +20 dorm"}},
			{"sew-far", []string{"trade met +60 garment", "distance not-met -800 5400m", "pay met +25 5000-8000", "benefits met +20 dorm"}},
		},
	},
	{
		name: "skipped every question",
		board: []kiosk.Posting{
			post("b-far", clerk, away(9000)),
			post("z-twin", clerk), post("a-twin", clerk),
			post("newer", clerk, func(p *kiosk.Posting) { p.Published = now.Add(-time.Hour) }),
			post("nowhere", clerk, nowhere, pay(kiosk.Negotiable, 0, 0)),
		},
		want: []want{
			{"newer", []string{"distance met +0 3200m", "pay met +0 5000-8000"}},
			{"a-twin", nil},
			{"z-twin", nil},
			{"b-far", []string{"distance met +0 9000m", "pay met +0 5000-8000"}},
			{"nowhere", []string{"new met +0"}},
		},
	},
	{
		name:    "needs five thousand, whatever the unit",
		profile: kiosk.Profile{PayAtLeast: kiosk.Yuan(5000)},
		board: []kiosk.Posting{
			post("low", clerk, month(3000, 4900)),
			post("piece-blank", sewing, pay(kiosk.PerPiece, 35, 60)),
			post("talk", clerk, pay(kiosk.Negotiable, 0, 0)),
			post("reaches", clerk, month(3000, 6000)),
			post("reaches-more", clerk, month(4500, 6000)),
			post("hour", clerk, pay(kiosk.PerHour, kiosk.Yuan(20), kiosk.Yuan(20))),
			post("day", clerk, pay(kiosk.PerDay, kiosk.Yuan(240), kiosk.Yuan(260))),
			post("piece", sewing, pay(kiosk.PerPiece, 35, 60), func(p *kiosk.Posting) {
				p.Pay.EstMin, p.Pay.EstMax = kiosk.Yuan(5000), kiosk.Yuan(8000)
			}),
		},
		want: []want{
			{"day", []string{"distance met +0 3200m", "pay met +25 5220-5655"}},
			{"piece", []string{"distance met +0 3200m", "pay met +25 5000-8000"}},
			{"reaches-more", []string{"distance met +0 3200m", "pay partly +16 4500-6000"}},
			{"reaches", []string{"distance met +0 3200m", "pay partly +12 3000-6000"}},
			{"piece-blank", []string{"distance met +0 3200m", "pay unknown +6 0-0"}},
			{"talk", []string{"distance met +0 3200m", "pay unknown +6 0-0"}},
			{"hour", []string{"distance met +0 3200m", "pay not-met +0 3480-3480"}},
			{"low", []string{"distance met +0 3200m", "pay not-met +0 3000-4900"}},
		},
	},
	{
		name:    "can only work by day",
		profile: kiosk.Profile{Shifts: kiosk.DayShift},
		board: []kiosk.Posting{
			post("night", guard, shifts(kiosk.NightShift)),
			post("silent", guard, shifts(0)),
			post("turns", guard, shifts(kiosk.DayShift|kiosk.RotatingShift)),
			post("choice", guard, shifts(kiosk.DayShift|kiosk.PartTime)),
		},
		want: []want{
			{"choice", []string{"distance met +0 3200m", "pay met +0 5000-8000", "hours met +15 day"}},
			{"turns", []string{"distance met +0 3200m", "pay met +0 5000-8000", "hours partly +8 day"}},
			{"silent", []string{"distance met +0 3200m", "pay met +0 5000-8000", "hours unknown +5"}},
			{"night", []string{"distance met +0 3200m", "pay met +0 5000-8000", "hours not-met +0 night"}},
		},
	},
	{
		name:    "went to middle school",
		profile: kiosk.Profile{Education: kiosk.MiddleSchool, Trades: []kiosk.Trade{"garment"}},
		board: []kiosk.Posting{
			post("sew-high", sewing, asks(kiosk.HighSchool)),
			post("till-any", cashier, asks(kiosk.AnySchooling)),
			post("sew-middle", sewing, asks(kiosk.MiddleSchool)),
		},
		want: []want{
			{"sew-middle", []string{"trade met +60 garment", "distance met +0 3200m", "pay met +0 5000-8000", "education met +10 70"}},
			{"till-any", []string{"trade not-met +0 shop", "distance met +0 3200m", "pay met +0 5000-8000", "education met +10 0"}},
			{"sew-high", []string{"trade met +60 garment", "distance met +0 3200m", "pay met +0 5000-8000", "education not-met -100 60"}},
		},
	},
	{
		name:    "needs money this week",
		profile: kiosk.Profile{Term: kiosk.ThisWeek},
		board: []kiosk.Posting{
			post("steady", clerk),
			post("gig", clerk, channel(kiosk.Gig), away(5000)),
			post("gig-later", clerk, channel(kiosk.Gig), func(p *kiosk.Posting) { p.Starts = now.Add(8 * 24 * time.Hour) }),
			post("day", clerk, pay(kiosk.PerDay, kiosk.Yuan(200), kiosk.Yuan(200))),
			post("hour", clerk, pay(kiosk.PerHour, kiosk.Yuan(20), kiosk.Yuan(20))),
		},
		want: []want{
			{"day", nil},
			{"gig", []string{"distance met +0 5000m", "pay met +0 5000-8000", "term met +20"}},
			{"hour", []string{"distance met +0 3200m", "pay met +0 3480-3480", "term partly +10"}},
			{"gig-later", []string{"distance met +0 3200m", "pay met +0 5000-8000", "term not-met +0"}},
			{"steady", nil},
		},
	},
	{
		name:    "looks for a lasting place",
		profile: kiosk.Profile{Term: kiosk.LongTerm},
		board: []kiosk.Posting{
			post("gig", clerk, channel(kiosk.Gig)),
			post("intern", clerk, channel(kiosk.Internship)),
			post("public", clerk, channel(kiosk.Welfare), away(4000)),
			post("steady", clerk),
		},
		want: []want{
			{"steady", []string{"distance met +0 3200m", "pay met +0 5000-8000", "term met +20"}},
			{"public", nil},
			{"intern", []string{"distance met +0 3200m", "pay met +0 5000-8000", "term partly +10"}},
			{"gig", []string{"distance met +0 3200m", "pay met +0 5000-8000", "term not-met +0"}},
		},
	},
	{
		name:    "needs a dorm and meals",
		profile: kiosk.Profile{Benefits: kiosk.Dorm | kiosk.Meals},
		board: []kiosk.Posting{
			post("other", clerk, perks(kiosk.Bus)),
			post("none-said", clerk),
			post("half", clerk, perks(kiosk.Meals|kiosk.Bus)),
			post("both", clerk, perks(kiosk.Meals|kiosk.Dorm)),
		},
		want: []want{
			{"both", []string{"distance met +0 3200m", "pay met +0 5000-8000", "benefits met +20 dorm meals"}},
			{"half", []string{"distance met +0 3200m", "pay met +0 5000-8000", "benefits partly +14 meals"}},
			{"none-said", []string{"distance met +0 3200m", "pay met +0 5000-8000", "benefits unknown +5"}},
			{"other", []string{"distance met +0 3200m", "pay met +0 5000-8000", "benefits not-met +0"}},
		},
	},
	{
		name:    "a place that is not said is neither near nor far",
		profile: kiosk.Profile{Within: 3000},
		board: []kiosk.Posting{
			post("far", clerk, away(3001)),
			post("unknown", clerk, nowhere),
			post("edge", clerk, away(2999)),
		},
		want: []want{
			{"edge", []string{"distance met +10 2999m", "pay met +0 5000-8000"}},
			{"unknown", []string{"distance unknown +0 -1m", "pay met +0 5000-8000"}},
			{"far", []string{"distance not-met -800 3001m", "pay met +0 5000-8000"}},
		},
	},
	{
		name:    "a coarse occupation code may be anything",
		profile: kiosk.Profile{Trades: []kiosk.Trade{"garment"}},
		board:   []kiosk.Posting{post("exact", "6-16-01-01"), post("coarse", "6-16")},
		want: []want{
			{"coarse", []string{"trade unknown +10 other", "distance met +0 3200m", "pay met +0 5000-8000"}},
			{"exact", []string{"trade not-met +0 other", "distance met +0 3200m", "pay met +0 5000-8000"}},
		},
	},
	{
		name:     "seventeen years old",
		resident: aged(17),
		board: []kiosk.Posting{
			post("night", guard, shifts(kiosk.NightShift)),
			post("night-turns", guard, shifts(kiosk.NightShift|kiosk.RotatingShift)),
			post("turns", guard, shifts(kiosk.RotatingShift)),
			post("either", guard, shifts(kiosk.DayShift|kiosk.NightShift)),
			post("flexible", guard, shifts(kiosk.FlexibleHours|kiosk.NightShift), away(4000)),
			post("silent", guard, shifts(0)),
			post("day", guard),
		},
		want: []want{
			{"day", []string{"distance met +0 3200m", "pay met +0 5000-8000"}},
			{"silent", []string{"distance met +0 3200m", "pay met +0 5000-8000", "age unknown -5"}},
			{"either", []string{"distance met +0 3200m", "pay met +0 5000-8000", "age partly -10 night"}},
			{"turns", []string{"distance met +0 3200m", "pay met +0 5000-8000", "age partly -10 rotating"}},
			{"flexible", nil},
		},
	},
	{
		name:     "eighteen years old",
		resident: aged(18),
		board:    []kiosk.Posting{post("night", guard, shifts(kiosk.NightShift))},
		want:     []want{{"night", []string{"distance met +0 3200m", "pay met +0 5000-8000"}}},
	},
	{
		name:     "fifteen years old",
		resident: aged(15),
		board:    []kiosk.Posting{post("day", clerk)},
	},
	{
		name: "expired postings are gone at once",
		board: []kiosk.Posting{
			post("past", clerk, until(now.Add(-time.Nanosecond))),
			post("last-moment", clerk, until(now)),
		},
		want: []want{{"last-moment", nil}},
	},
}

func TestResidents(t *testing.T) {
	for _, tt := range residents {
		t.Run(tt.name, func(t *testing.T) {
			got := Rank(tt.board, Ask{Profile: tt.profile, Resident: tt.resident, Site: site, Now: now})
			var ids, wantIDs []string
			for _, m := range got {
				ids = append(ids, m.Posting.ID)
			}
			for _, w := range tt.want {
				wantIDs = append(wantIDs, w.id)
			}
			if !slices.Equal(ids, wantIDs) {
				t.Fatalf("order is %v, want %v", ids, wantIDs)
			}
			for i, w := range tt.want {
				if w.reasons != nil && !slices.Equal(lines(got[i]), w.reasons) {
					t.Errorf("%s:\n got %s\nwant %s", w.id, strings.Join(lines(got[i]), " | "), strings.Join(w.reasons, " | "))
				}
			}
		})
	}
}

func TestBarredAroundTheSixteenthBirthday(t *testing.T) {
	r := kiosk.Resident{BirthYear: 2010, BirthMonth: 11, BirthDay: 22}
	for _, tt := range []struct {
		now  time.Time
		want bool
	}{
		{time.Date(2026, 11, 21, 23, 59, 0, 0, time.UTC), true},
		{time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), false},
	} {
		if got := (Ask{Resident: r, Now: tt.now}).Barred(); got != tt.want {
			t.Errorf("barred at %s: %v, want %v", tt.now, got, tt.want)
		}
	}
	if (Ask{Now: now}).Barred() {
		t.Error("a resident without a card is barred")
	}
}

func TestNeighboursAreTradesOfTheClassification(t *testing.T) {
	known := map[kiosk.Trade]bool{}
	for a := 1; a <= 8; a++ {
		for b := range 40 {
			for c := range 40 {
				for d := range 5 {
					o := kiosk.Occupation{Code: fmt.Sprintf("%d-%02d-%02d-%02d", a, b, c, d)}
					known[o.Trade()] = true
				}
			}
		}
	}
	for _, n := range neighbours {
		if !known[n[0]] || !known[n[1]] || n[0] == n[1] {
			t.Errorf("%v are not two trades that an occupation can have", n)
		}
		if !neighbouring(n[0], n[1]) || !neighbouring(n[1], n[0]) {
			t.Errorf("%v are neighbours in one direction only", n)
		}
	}
}
