package station

import (
	"reflect"
	"testing"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/match"
)

// What a card says of sex, ethnicity, household and address changes no ranking,
// nor do the name and the number: of two cards with one birth date, in all else
// unlike, the terminal takes what gives the same matches to the last reason. An
// age that the law speaks about does change them, so that the test can fail.
func TestNothingElseOnACardMovesAPosting(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	board := demo.Postings(now, 3000, 2)
	ranked := func(c idcard.Card) []kiosk.Match {
		return match.Rank(board, match.Ask{
			Profile: kiosk.Profile{
				Trades: []kiosk.Trade{"security", "electronics"}, PayAtLeast: kiosk.Yuan(3000), Within: 8000,
				Certificates: kiosk.HealthCert, CertificatesSaid: true, Experience: 6, ExperienceSaid: true,
			},
			Resident: resident(&c, now), Site: demo.Site(), Now: now, Limit: 200,
		})
	}
	born := idcard.Date{Year: 1990, Month: 3, Day: 12}
	one := idcard.Card{
		Name: []byte("陈某"), Sex: idcard.Male, Ethnic: 1, Birth: born, Number: []byte("360482199003120017"),
		Address: []byte("江西省共青城市茶山街道"), Authority: []byte("共青城市公安局"),
	}
	want := ranked(one)
	if len(want) != 200 {
		t.Fatalf("%d matches", len(want))
	}
	for name, change := range map[string]func(*idcard.Card){
		"sex":       func(c *idcard.Card) { c.Sex = idcard.Female },
		"ethnicity": func(c *idcard.Card) { c.Ethnic = 3 },
		"address":   func(c *idcard.Card) { c.Address = []byte("新疆喀什市某乡某村") },
		"household": func(c *idcard.Card) { c.NewAddress, c.Authority = []byte("上海市"), []byte("上海市公安局") },
		"name":      func(c *idcard.Card) { c.Name = []byte("阿依古丽·买买提") },
		"number":    func(c *idcard.Card) { c.Number = []byte("653101199003120028") },
		"nothing of the first": func(c *idcard.Card) {
			*c = idcard.Card{Birth: born, ForeignName: []byte("DOE, JANE"), Sex: idcard.Female, Nationality: []byte("GBR")}
		},
	} {
		other := one
		change(&other)
		if !reflect.DeepEqual(ranked(other), want) {
			t.Errorf("another %s gives another ranking", name)
		}
	}
	young := one
	young.Birth.Year = 2009
	if reflect.DeepEqual(ranked(young), want) {
		t.Error("a minor gets the same ranking, with nights: the card is not read at all")
	}
}
