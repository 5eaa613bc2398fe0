package kiosk

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAgeAroundBirthdays(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }
	born := Resident{BirthYear: 2010, BirthMonth: 11, BirthDay: 22}
	leap := Resident{BirthYear: 2008, BirthMonth: 2, BirthDay: 29}
	for _, tt := range []struct {
		name string
		r    Resident
		now  time.Time
		want int
	}{
		{"the day before", born, day(2026, 11, 21), 15},
		{"the birthday", born, day(2026, 11, 22), 16},
		{"the month before, a later day", born, day(2026, 10, 30), 15},
		{"the month after, an earlier day", born, day(2026, 12, 1), 16},
		{"the first minute of the birthday", born, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), 16},
		{"new year", born, day(2027, 1, 1), 16},
		{"the day of birth", born, day(2010, 11, 22), 0},
		{"29 February in a common year, the day before", leap, day(2026, 2, 28), 17},
		{"29 February in a common year, the day after", leap, day(2026, 3, 1), 18},
		{"29 February in a leap year", leap, day(2024, 2, 29), 16},
		{"only the year is known", Resident{BirthYear: 1990}, day(2026, 1, 1), 36},
		{"nobody", Resident{}, day(2026, 1, 1), -1},
		{"a name without a birthday", Resident{MaskedName: "张**"}, day(2026, 1, 1), -1},
	} {
		if got := tt.r.Age(tt.now); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

// The birthday begins at midnight where the terminal stands, not in Greenwich.
func TestAgeIsOfTheLocalDay(t *testing.T) {
	r := Resident{BirthYear: 2010, BirthMonth: 11, BirthDay: 22}
	china := time.FixedZone("CST", 8*3600)
	moment := time.Date(2026, 11, 22, 0, 30, 0, 0, china)
	if got := r.Age(moment); got != 16 {
		t.Errorf("%d half an hour into the birthday in China", got)
	}
	if got := r.Age(moment.UTC()); got != 15 {
		t.Errorf("%d at that moment in Greenwich, where it is the day before", got)
	}
}

func TestNobodyIsUnknown(t *testing.T) {
	if (Resident{}).Known() {
		t.Error("the zero resident is known")
	}
	if !(Resident{MaskedName: "张**"}).Known() || !(Resident{BirthYear: 1990}).Known() {
		t.Error("a resident with a card is not known")
	}
}

// Whatever stands in these types can be matched by, logged, queued or printed.
// So what must never be is not there at all: sex and ethnicity, by which
// nobody may be chosen (《就业促进法》第三条, 第二十七条, 第二十八条), and the ID
// number, address and photo, which the terminal reads but has no use for
// (《个人信息保护法》第六条).
func TestNoFieldForWhatMustNotBeKept(t *testing.T) {
	banned := map[string]string{
		"sex":         "nobody may be chosen by sex",
		"gender":      "nobody may be chosen by sex",
		"ethnic":      "nobody may be chosen by ethnicity",
		"nation":      "nobody may be chosen by ethnicity or nationality",
		"minority":    "nobody may be chosen by ethnicity",
		"household":   "nobody may be chosen by household registration",
		"hukou":       "nobody may be chosen by household registration",
		"marri":       "nobody may be asked about marriage",
		"child":       "nobody may be asked about children",
		"religion":    "nobody may be chosen by religion",
		"address":     "a resident's address has no use here",
		"number":      "an ID number must not be kept",
		"idcard":      "an ID number must not be kept",
		"photo":       "a photo must not be kept",
		"portrait":    "a photo must not be kept",
		"face":        "a photo must not be kept",
		"fingerprint": "biometrics must not be kept",
	}
	// A Match holds a whole Posting, whose Address is the place of work.
	seen := map[reflect.Type]bool{reflect.TypeFor[Posting](): true}
	var look func(path string, typ reflect.Type)
	look = func(path string, typ reflect.Type) {
		for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Array {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ == reflect.TypeFor[time.Time]() {
			return
		}
		seen[typ] = true
		for f := range fields(typ) {
			name := strings.ToLower(f.Name)
			for word, why := range banned {
				if strings.Contains(name, word) {
					t.Errorf("%s.%s: %s", path, f.Name, why)
				}
			}
			look(path+"."+f.Name, f.Type)
		}
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[Resident](), reflect.TypeFor[Profile](), reflect.TypeFor[Match](),
		reflect.TypeFor[Reason](), reflect.TypeFor[Referral](),
	} {
		look(typ.Name(), typ)
	}
	// The test would pass if it looked at nothing.
	if !seen[reflect.TypeFor[Reason]()] || len(seen) < 6 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}

func fields(typ reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range typ.NumField() {
			if !yield(typ.Field(i)) {
				return
			}
		}
	}
}

// A referral must not say who it was for, not even in part, and a slip no more
// than the masked name.
func TestReferralAndSlipNameNobody(t *testing.T) {
	for f := range fields(reflect.TypeFor[Referral]()) {
		if strings.Contains(f.Name, "Name") || strings.Contains(f.Name, "Birth") || f.Type == reflect.TypeFor[Resident]() {
			t.Errorf("Referral.%s says who it was for", f.Name)
		}
	}
	for f := range fields(reflect.TypeFor[Slip]()) {
		if f.Type == reflect.TypeFor[Resident]() || strings.Contains(f.Name, "Birth") ||
			strings.Contains(f.Name, "Name") && f.Name != "MaskedName" {
			t.Errorf("Slip.%s says more than the masked name", f.Name)
		}
	}
}
