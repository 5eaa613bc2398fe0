package kiosk

import (
	"fmt"
	"testing"
)

func TestOccupationCheck(t *testing.T) {
	for _, code := range []string{"6", "6-05", "6-05-01", "6-05-01-01"} {
		if err := (Occupation{Code: code}).Check(); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, code := range []string{"", "60", "6-", "6-5", "6-05-", "6-05-01-01-01", "a", "6-0x", "６", "6-05-01-1", "-05", "6 05"} {
		if (Occupation{Code: code}).Check() == nil {
			t.Errorf("%q is taken", code)
		}
	}
}

func TestOccupationTrade(t *testing.T) {
	for _, tt := range []struct {
		code string
		want Trade
	}{
		{"6-05-01-01", "garment"},
		{"6-05", "garment"},
		{"6-04-03-02", "textile"},
		{"4-01-02-01", "sales"}, // the longest prefix wins over 4-01
		{"4-01-02-03", "shop"},
		{"4-01", "shop"},
		{"4-03-02-01", "cook"},
		{"4-03-02-05", "restaurant"},
		{"4-10-01-03", "childcare"},
		{"4-10-01-06", "care"},
		{"6-31-01-03", "electrician"},
		{"6-31-01-04", "repair"},
		{"6-31-02-01", "machinery"},
		{"5-01-01-01", "farming"},
		{"6", TradeOther},          // too coarse to say
		{"4", TradeOther},          // too coarse to say
		{"6-16-01-01", TradeOther}, // mining has no tile
		{"55-01", TradeOther},      // a prefix ends at a hyphen
		{"6-055", TradeOther},
		{"", TradeOther},
	} {
		if got := (Occupation{Code: tt.code}).Trade(); got != tt.want {
			t.Errorf("%q belongs to %s, want %s", tt.code, got, tt.want)
		}
	}
}

func TestTradeCodesAreCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range tradeCodes {
		if err := (Occupation{Code: c.prefix}).Check(); err != nil {
			t.Error(err)
		}
		if seen[c.prefix] {
			t.Errorf("%s is listed twice", c.prefix)
		}
		seen[c.prefix] = true
		if got := (Occupation{Code: c.prefix}).Trade(); got != c.trade {
			t.Errorf("%s belongs to %s, but the list says %s", c.prefix, got, c.trade)
		}
	}
}

func TestOccupationNear(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want Near
	}{
		{"6-05-01-01", "6-05-01-01", SameOccupation},
		{"6-05", "6-05", SameOccupation},
		{"6-05-01-01", "6-05-01-02", SameGroup},
		{"4-03-02-01", "4-03-02-05", SameGroup}, // cook and waiter: two trades
		{"6-05-01-01", "6-05-02-01", SameTrade},
		{"6-05-01-01", "6-05", SameTrade},
		{"6-05-01-01", "6-04-01-01", Unrelated},
		{"6-16-01-01", "6-16-02-01", Unrelated}, // both without a trade
		{"6-16", "6-03", Unrelated},
		{"", "", Unrelated},
	} {
		a, b := Occupation{Code: tt.a}, Occupation{Code: tt.b}
		if got := a.Near(b); got != tt.want {
			t.Errorf("%s and %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if a.Near(b) != b.Near(a) {
			t.Errorf("%s and %s are related in one direction only", tt.a, tt.b)
		}
	}
}

func FuzzOccupation(f *testing.F) {
	f.Add("6-05-01-01", "6-05")
	f.Add("", "-")
	f.Fuzz(func(t *testing.T, a, b string) {
		p, q := Occupation{Code: a}, Occupation{Code: b}
		if p.Near(q) != q.Near(p) {
			t.Errorf("%q and %q are related in one direction only", a, b)
		}
		if p.Check() == nil && fmt.Sprintf("%.1s", a) != a[:1] {
			t.Errorf("%q is taken", a)
		}
	})
}
