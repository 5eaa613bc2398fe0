package idcard_test

import (
	"errors"
	"strings"
	"testing"

	"jobhome/drivers/idcard"
)

func TestCheckNumber(t *testing.T) {
	for _, good := range []string{
		// the samples printed in GB 11643 and by the immigration administration
		"11010519491231002X", "11010519491231002x", "440524188001010014", "932682198501010017", "911124198108030024",
		// numbers of an area and a century that nobody has
		"119900189912310015", "119900189912310023", "119900187003100169", "659999185006151189",
		"44990018991201006X", "44990018991201049X",
		"810000189901010015", "820000189901010025", "830000189901010035",
		"329901188002290036", // 29 February 1880 was a day
	} {
		if err := idcard.CheckNumber([]byte(good)); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for bad, why := range map[string]string{
		"119900189912310016":    "check digit",
		"110105194912310020":    "check digit",
		"11010519491231002Y":    "check digit",
		"11010519491231002":     "17 characters",
		"":                      "0 characters",
		"110105491231002":       "15 characters",
		"11010519491231002X ":   "19 characters",
		"１101051949123100":      "digits", // a full-width digit is three bytes long
		"1A010519491231002X":    "digits",
		"119900189902290015":    "birth date",
		"119900189913010015":    "birth date",
		"119900189900010015":    "birth date",
		"119900000001010015":    "birth date",
		"119900189912320015":    "birth date",
		"119900189912310015 ":   "19 characters",
		" 19900189912310015":    "digits",
		"11990018991231001\x00": "check digit",
	} {
		err := idcard.CheckNumber([]byte(bad))
		if !errors.Is(err, idcard.ErrNumber) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, want %s", bad, err, why)
		} else if len(bad) > 3 && strings.Contains(err.Error(), bad[:4]) {
			t.Errorf("the error tells the number: %v", err)
		}
	}
}

func TestExtendNumber(t *testing.T) {
	got, err := idcard.ExtendNumber([]byte("110105491231002"))
	if err != nil || string(got) != "11010519491231002X" {
		t.Errorf("%s, %v", got, err)
	}
	for _, bad := range []string{"", "11010549123100", "1101054912310022", "11010549123100X", "110105491331002", "11010519491231002X"} {
		if _, err := idcard.ExtendNumber([]byte(bad)); !errors.Is(err, idcard.ErrNumber) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if idcard.CheckDigit([]byte("1234")) != 0 || idcard.CheckDigit([]byte("1101051949123100X")) != 0 {
		t.Error("a check digit for no number")
	}
}

// A mistyped or damaged digit never passes; neither do two neighbours swapped.
func TestCheckDigitCatchesSingleErrors(t *testing.T) {
	good := []byte("440524188001010014")
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			n := []byte(string(good))
			if n[i] == d {
				continue
			}
			n[i] = d
			if idcard.CheckNumber(n) == nil {
				t.Errorf("digit %d as %c passes", i, d)
			}
		}
		n := []byte(string(good))
		n[i], n[i+1] = n[i+1], n[i]
		if n[i] != n[i+1] && idcard.CheckNumber(n) == nil {
			t.Errorf("digits %d and %d swapped pass", i, i+1)
		}
	}
}
