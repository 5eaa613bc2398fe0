package kiosk

import (
	"slices"
	"testing"
)

func TestEducationMeets(t *testing.T) {
	levels := Educations()
	for i, has := range levels {
		for j, asked := range levels {
			want := i >= j
			if has == HighSchool && asked == Vocational || has == Vocational && asked == HighSchool {
				want = true // 高中 and 中职 are the same length of school
			}
			if got := has.Meets(asked); got != want {
				t.Errorf("%d meets %d: %v", has, asked, got)
			}
		}
		if !has.Meets(AnySchooling) || !AnySchooling.Meets(has) {
			t.Errorf("nothing asked or nothing said does not meet %d", has)
		}
		if !has.Valid() {
			t.Errorf("%d is not valid", has)
		}
	}
	for _, e := range []Education{-10, 1, 15, 50, 100} {
		if e.Valid() {
			t.Errorf("%d is valid", e)
		}
	}
	if !AnySchooling.Valid() {
		t.Error("nothing asked is not valid")
	}
}

func TestShiftNames(t *testing.T) {
	all := AllShifts.Each()
	if len(all) != 5 || len(all) != len(shiftNames) {
		t.Fatalf("%d shifts with %d names", len(all), len(shiftNames))
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name())
	}
	if !slices.Equal(names, []string{"day", "night", "rotating", "flexible", "part-time"}) {
		t.Errorf("names are %v", names)
	}
	if got, err := ParseShifts(names); err != nil || got != AllShifts {
		t.Errorf("%v is read as %b, %v", names, got, err)
	}
	if got, err := ParseShifts(nil); err != nil || got != 0 {
		t.Errorf("no names are read as %b, %v", got, err)
	}
	for _, bad := range []string{"", "Day", "dorm", "day "} {
		if got, err := ParseShifts([]string{"day", bad}); err == nil || got != 0 {
			t.Errorf("%q is read as %b", bad, got)
		}
	}
	for _, s := range []Shifts{0, DayShift | NightShift, 1 << 7} {
		if s.Name() != "" {
			t.Errorf("%b, which is not one shift, is called %s", s, s.Name())
		}
	}
}

func TestBenefitNames(t *testing.T) {
	all := AllBenefits.Each()
	if len(all) != 11 || len(all) != len(perkNames) {
		t.Fatalf("%d benefits with %d names", len(all), len(perkNames))
	}
	seen := map[string]bool{}
	for _, b := range all {
		n := b.Name()
		if got, err := ParseBenefits([]string{n}); n == "" || seen[n] || err != nil || got != b {
			t.Errorf("%b is called %q, which is read as %b, %v", b, n, got, err)
		}
		seen[n] = true
	}
	for b, want := range map[Benefits]string{Dorm: "dorm", Insurance: "insurance", ChildFriendly: "child-friendly"} {
		if b.Name() != want {
			t.Errorf("%b is called %s, want %s", b, b.Name(), want)
		}
	}
	if got := (Dorm | Training | 1<<15).Each(); !slices.Equal(got, []Benefits{Dorm, Training}) {
		t.Errorf("members are %v", got)
	}
}

func TestListsAreOfValidMembers(t *testing.T) {
	for _, c := range Channels() {
		if !c.Valid() {
			t.Errorf("channel %s is not valid", c)
		}
	}
	if Channel("").Valid() || Channel("Gig").Valid() {
		t.Error("a channel that is none is valid")
	}
	if n := len(Tiers()); n != 7 {
		t.Errorf("%d tiers; \"5+2\" has seven", n)
	}
	if !slices.IsSorted(PayBands()) || !slices.IsSorted(DistanceBands()) {
		t.Error("bands do not rise")
	}
}
