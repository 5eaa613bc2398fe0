package intake

import (
	"testing"

	"jobhome/kiosk"
)

func TestKeyStaysWhileTheOfferDoes(t *testing.T) {
	row := Row{Line: 3, Posting: kiosk.Posting{Title: "缝纫工", Employer: kiosk.Employer{Name: "某厂"}, Area: "360482", Address: "一路"}}
	key := row.Key()
	same := row
	same.Line, same.Posting.Pay.Min, same.Posting.Headcount = 9, 500000, 4
	other := row
	other.Posting.Address = "二路"
	if key == "" || same.Key() != key || other.Key() == key || (&Row{Ref: "A-1"}).Key() != "A-1" {
		t.Errorf("keys %q %q %q", key, same.Key(), other.Key())
	}
}
