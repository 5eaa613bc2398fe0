package match

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

var trades = []kiosk.Trade{"garment", "textile", "shop", "sales", "security", "office", "other"}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

func randomPosting(r *rand.Rand, id int) kiosk.Posting {
	p := post(fmt.Sprintf("p%04d", id), pick(r, sewing, weaving, cashier, guard, clerk, "6", "6-16", "4-01-01-01"))
	p.Channel = pick(r, kiosk.Channels()...)
	p.Location = pick(r, kiosk.Point{}, north(float64(r.IntN(80))*100))
	p.Education = pick(r, append(kiosk.Educations(), kiosk.AnySchooling)...)
	p.Shifts = kiosk.Shifts(r.IntN(int(kiosk.AllShifts) + 1))
	some, others := r.IntN(int(kiosk.AllBenefits)+1), r.IntN(int(kiosk.AllBenefits)+1)
	p.Benefits = kiosk.Benefits(some & others) // few at a time
	p.Published = now.Add(-time.Duration(r.IntN(50)) * time.Hour)
	p.ValidThrough = now.Add(time.Duration(r.IntN(100)-3) * time.Hour)
	lo := kiosk.Fen(r.IntN(9000)) * 100
	hi := lo + kiosk.Fen(r.IntN(3000))*100 + 1
	p.Pay = kiosk.Pay{Min: lo, Max: hi, Unit: kiosk.PerMonth}
	switch r.IntN(5) {
	case 0:
		p.Pay = kiosk.Pay{Unit: kiosk.Negotiable}
	case 1:
		p.Pay = kiosk.Pay{Unit: kiosk.PerPiece, Min: 35, Max: 60}
	case 2:
		p.Pay = kiosk.Pay{Unit: kiosk.PerDay, Min: lo / 22, Max: hi/22 + 1}
	}
	if r.IntN(3) == 0 {
		p.Certificates = kiosk.Certificates(1) << r.IntN(15) & pick(r, kiosk.AllCertificates, kiosk.ForkliftCert|kiosk.HealthCert)
		p.Experience = pick(r, 0, 3, 6, 12, 24, 36)
	}
	if r.IntN(4) == 0 {
		p.Starts = now.Add(time.Duration(r.IntN(400)) * time.Hour)
	}
	return p
}

func randomAsk(r *rand.Rand) Ask {
	a := Ask{Site: site, Now: now}
	if r.IntN(2) == 0 {
		a.Resident = aged(pick(r, 16, 17, 18, 30, 60))
	}
	p := &a.Profile
	if r.IntN(3) > 0 {
		p.Trades = []kiosk.Trade{pick(r, trades...), pick(r, trades...)}
	}
	if r.IntN(3) > 0 {
		p.PayAtLeast = kiosk.Yuan(int64(r.IntN(9)) * 1000)
	}
	if r.IntN(3) > 0 {
		p.Within = float64(r.IntN(8)) * 1000
	}
	if r.IntN(3) > 0 {
		p.Shifts = kiosk.Shifts(r.IntN(int(kiosk.AllShifts) + 1))
	}
	if r.IntN(3) > 0 {
		p.Benefits = kiosk.Benefits(r.IntN(int(kiosk.AllBenefits) + 1))
	}
	if r.IntN(3) > 0 {
		p.Education = pick(r, kiosk.Educations()...)
	}
	p.Term = pick(r, kiosk.AnyTerm, kiosk.ThisWeek, kiosk.LongTerm)
	randomAnswers(r, &a)
	return a
}

// randomAnswers gives some of the answers about work and papers.
func randomAnswers(r *rand.Rand, a *Ask) {
	p := &a.Profile
	if r.IntN(3) == 0 {
		p.Occupation = kiosk.Occupation{Code: pick(r, sewing, weaving, guard, clerk, "6-05-01-03", "6-05-03-00", "4-03-02-01", "6", "x"), Name: pick(r, "", "平车工")}
	}
	if r.IntN(3) == 0 {
		p.CertificatesSaid, p.Certificates = true, kiosk.Certificates(r.IntN(int(kiosk.AllCertificates)+1))
		a.Courses = []kiosk.Course{{ID: "1", Name: "叉车班", Gives: kiosk.ForkliftCert}}
	}
	if r.IntN(3) == 0 {
		p.ExperienceSaid, p.Experience = true, pick(r, 0, 1, 6, 12, 40)
	}
}

func randomBoard(r *rand.Rand, n int) []kiosk.Posting {
	board := make([]kiosk.Posting, n)
	for i := range board {
		board[i] = randomPosting(r, i)
	}
	return board
}

func TestPropertiesOfEveryRanking(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		board, ask := randomBoard(r, 60), randomAsk(r)
		all := Rank(board, ask)
		checkRanking(t, all, ask)

		mixed := slices.Clone(board)
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if !reflect.DeepEqual(all, Rank(mixed, ask)) {
			t.Fatalf("seed %d: another order of the input gives another ranking", seed)
		}
		ask.Limit = 1 + r.IntN(70)
		few := Rank(mixed, ask)
		if !reflect.DeepEqual(few, all[:min(ask.Limit, len(all))]) {
			t.Fatalf("seed %d: the best %d are not the first of all", seed, ask.Limit)
		}
	}
}

// checkRanking holds every single match and every pair of neighbours to what
// the package promises.
func checkRanking(t *testing.T, all []kiosk.Match, ask Ask) {
	t.Helper()
	met := map[kiosk.Fit]bool{kiosk.Met: true, kiosk.Partly: true, kiosk.NotMet: true, kiosk.Unknown: true}
	far := false
	for i, m := range all {
		if len(m.Reasons) == 0 {
			t.Fatalf("%s has no reason", m.Posting.ID)
		}
		sum := 0
		for _, r := range m.Reasons {
			sum += r.Points
			if !met[r.Fit] {
				t.Fatalf("%s has the fit %q", m.Posting.ID, r.Fit)
			}
			if r.Factor == kiosk.FactorDistance && r.Fit == kiosk.NotMet {
				far = true
			} else if r.Factor == kiosk.FactorDistance && far {
				t.Fatalf("%s lies within what was asked but stands after one that does not", m.Posting.ID)
			}
		}
		if sum != m.Score {
			t.Fatalf("%s: the reasons sum to %d, the score is %d", m.Posting.ID, sum, m.Score)
		}
		if i > 0 && all[i-1].Score < m.Score {
			t.Fatalf("%s stands after a lower score", m.Posting.ID)
		}
		if !m.Posting.Open(ask.Now) {
			t.Fatalf("%s has expired", m.Posting.ID)
		}
	}
}

// improve makes one thing about the posting better for who asks, and names it.
// It returns "" where nothing of that kind can be better.
func improve(r *rand.Rand, p *kiosk.Posting, a Ask) string {
	switch r.IntN(9) {
	case 0:
		if a.Profile.Occupation.Code == "" && len(a.Profile.Trades) > 0 && a.Profile.Trades[0] == "garment" {
			p.Occupation.Code = sewing
			return "trade"
		}
	case 1:
		if low, _, ok := p.Pay.Monthly(); ok && p.Pay.Unit == kiosk.PerMonth && low >= 0 {
			p.Pay.Min += kiosk.Yuan(int64(r.IntN(3000)))
			p.Pay.Max = max(p.Pay.Max, p.Pay.Min) + kiosk.Yuan(int64(r.IntN(2000)))
			return "pay"
		}
	case 2:
		if m := site.Location.Metres(p.Location); m > 0 {
			p.Location = north(m * r.Float64())
			return "nearer"
		}
	case 3:
		if s := a.Profile.Shifts & daytime; s != 0 {
			p.Shifts = s
			return "hours"
		}
	case 4:
		if b := a.Profile.Benefits.Each(); len(b) > 0 {
			p.Benefits |= pick(r, b...)
			return "benefits"
		}
	case 5:
		if a.Profile.Education != kiosk.AnySchooling {
			p.Education = pick(r, kiosk.AnySchooling, a.Profile.Education)
			return "schooling"
		}
	case 6:
		p.Published = p.Published.Add(time.Hour)
		return "newer"
	case 7:
		if a.Profile.CertificatesSaid {
			p.Certificates &= a.Profile.Certificates
			return "papers"
		}
	case 8:
		if a.Profile.ExperienceSaid {
			p.Experience /= 2
			return "experience"
		}
	}
	return ""
}

func TestImprovingAPostingNeverLowersIt(t *testing.T) {
	tried := map[string]int{}
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 2))
		board, ask := randomBoard(r, 25), randomAsk(r)
		i := r.IntN(len(board))
		rank := func() int {
			return slices.IndexFunc(Rank(board, ask), func(m kiosk.Match) bool { return m.Posting.ID == board[i].ID })
		}
		before := rank()
		old := board[i]
		what := improve(r, &board[i], ask)
		if what == "" || before < 0 {
			continue
		}
		tried[what]++
		if after := rank(); after < 0 || after > before {
			t.Fatalf("seed %d: a better posting (%s) went from place %d to %d:\n%+v\n%+v\nfor %+v", seed, what, before, after, old, board[i], ask.Profile)
		}
	}
	for _, what := range []string{"trade", "pay", "nearer", "hours", "benefits", "schooling", "newer", "papers", "experience"} {
		if tried[what] < 20 {
			t.Errorf("%s was improved %d times only", what, tried[what])
		}
	}
}

// The worst posting within the asked distance stands above the best one beyond
// it, whatever the points of the other factors are.
func TestNothingMakesUpForDistance(t *testing.T) {
	best := tradeMet + occupationSame + payMet + hoursMet + benefitsMet + educationMet + experienceMet + certificatesMet + termMet
	worst := educationShort + experienceShort + certificatesLack + agePartly
	if distanceMet+worst <= distanceFar+best || worst <= distanceFar+best {
		t.Errorf("%d points for being too far do not outweigh %d against %d", distanceFar, best, worst)
	}
}

// The best posting that may not be begun without a paper stands below the worst
// one within the distance that may.
func TestNothingMakesUpForALackingPaper(t *testing.T) {
	best := tradeMet + occupationSame + distanceMet + distanceNear + payMet + hoursMet + benefitsMet + educationMet + experienceMet + termMet
	worst := educationShort + experienceShort + agePartly
	if certificatesLack+best >= certificatesSoon+worst {
		t.Errorf("%d points for a lacking paper do not outweigh %d against %d", certificatesLack, best, worst)
	}
}

func TestOnlyAgeOfTheCardCountsAndOnlyBelowEighteen(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		board, ask := randomBoard(r, 40), randomAsk(r)
		ask.Resident = kiosk.Resident{}
		nobody := Rank(board, ask)
		for _, years := range []int{18, 35, 49, 60, 90} {
			for _, name := range []string{"张**", "阿**·***", ""} {
				ask.Resident = aged(years)
				ask.Resident.MaskedName = name
				if !reflect.DeepEqual(nobody, Rank(board, ask)) {
					t.Fatalf("seed %d: a resident of %d years gets another ranking than nobody", seed, years)
				}
			}
		}
	}
}

// Sex, ethnicity and address must not exist as inputs: 《就业促进法》第三条.
func TestNoForbiddenInput(t *testing.T) {
	banned := []string{"sex", "gender", "ethnic", "nation", "address", "household", "number", "photo", "marri", "phone"}
	for _, v := range []any{Ask{}, kiosk.Profile{}, kiosk.Resident{}} {
		typ := reflect.TypeOf(v)
		for i := range typ.NumField() {
			for _, b := range banned {
				if strings.Contains(strings.ToLower(typ.Field(i).Name), b) {
					t.Errorf("%s.%s: nobody may be ranked by that", typ, typ.Field(i).Name)
				}
			}
		}
	}
}
