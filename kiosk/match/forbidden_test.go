package match

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"jobhome/kiosk"
)

// inputs are all the fields of a person that a ranking has, each named on
// purpose. Sex, ethnicity, household, marriage and address are none of them:
// 《就业促进法》第三条, 人社部发〔2019〕17号. A new field fails here until somebody
// has thought about it.
var inputs = map[reflect.Type][]string{
	reflect.TypeFor[Ask](): {"Profile", "Resident", "Site", "Now", "Limit", "Courses"},
	reflect.TypeFor[kiosk.Profile](): {
		"Trades", "PayAtLeast", "Within", "Shifts", "Benefits", "Education", "Term",
		"Occupation", "Certificates", "CertificatesSaid", "Experience", "ExperienceSaid",
	},
	reflect.TypeFor[kiosk.Resident](): {"MaskedName", "BirthYear", "BirthMonth", "BirthDay"},
}

func TestAskHasNoOtherInputs(t *testing.T) {
	for typ, want := range inputs {
		var got []string
		for i := range typ.NumField() {
			got = append(got, typ.Field(i).Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the fields %v, not %v: may anybody be ranked by the new one?", typ, got, want)
		}
		// No field is a bag that anything could be put into.
		for i := range typ.NumField() {
			switch typ.Field(i).Type.Kind() {
			case reflect.Map, reflect.Interface, reflect.Pointer, reflect.Func:
				t.Errorf("%s.%s can carry what has no name here", typ, typ.Field(i).Name)
			}
		}
	}
}

// Whatever the fields hold that no ranking reads, nothing changes: the name on
// the card and all of the site but its place. A posting's words may name a
// sex; they are not read either.
func TestWordsChangeNothing(t *testing.T) {
	words := []string{"女", "男", "回族", "农业户口", "已婚", "江西省共青城市茶山街道某路 8 号", "360482199001011234"}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 13))
		board, ask := randomBoard(r, 300), randomAsk(r)
		ask.Limit = 25
		want := outcome(NewTable(board, site).Rank(ask))

		ask.Resident.MaskedName = pick(r, words...)
		point := ask.Site.Location
		fillWords(reflect.ValueOf(&ask.Site).Elem(), r, words)
		ask.Site.Location = point
		if got := outcome(NewTable(board, ask.Site).Rank(ask)); !slices.Equal(got, want) {
			t.Fatalf("seed %d: words about the resident or the site change the ranking", seed)
		}
		for i := range board {
			p := &board[i]
			for _, s := range []*string{&p.Title, &p.Address, &p.Requirements, &p.Description, &p.Hours, &p.Employer.Name, &p.Contact.Person} {
				*s = pick(r, words...)
			}
		}
		if got := outcome(NewTable(board, ask.Site).Rank(ask)); !slices.Equal(got, want) {
			t.Fatalf("seed %d: a posting's words change the ranking", seed)
		}
	}
}

// outcome is what a ranking says beside the postings' words.
func outcome(matches []kiosk.Match) []string {
	var all []string
	for _, m := range matches {
		all = append(all, fmt.Sprint(m.Posting.ID, " ", m.Score, " ", lines(m)))
	}
	return all
}

func fillWords(v reflect.Value, r *rand.Rand, words []string) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			f.SetString(pick(r, words...))
		}
	}
}
