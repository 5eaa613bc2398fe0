package kiosk

import (
	"testing"
	"time"
)

func TestCheckPhone(t *testing.T) {
	for s, good := range map[string]bool{
		"13907920000": true, "19907920000": true, "07924350000": true, "01012345678": true, "075512345678": true,
		"": false, "12907920000": false, "1390792000": false, "139079200000": false, "139 0792000": false,
		"00792435000": false, "１３９０７９２００００": false, "4350000": false, "10086": false,
	} {
		if err := CheckPhone(s); (err == nil) != good {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestRequestCheck(t *testing.T) {
	good := Request{"p-1", "s-1", "13907920000", "callback-v1", time.Unix(1, 0)}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for i, change := range []func(*Request){
		func(r *Request) { r.Posting = "" },
		func(r *Request) { r.Site = "" },
		func(r *Request) { r.Phone = "1" },
		func(r *Request) { r.Consent = "" },
		func(r *Request) { r.At = time.Time{} },
	} {
		bad := good
		if change(&bad); bad.Check() == nil {
			t.Errorf("change %d: %+v was taken", i, bad)
		}
	}
}

func TestOutcomesAndComplaints(t *testing.T) {
	if Outcome("met").Valid() || !Hired.Valid() || !NoOutcome.Valid() || len(Complaints()) != 5 {
		t.Error("an outcome or a complaint is missing, or one too many")
	}
}
