package kiosk

import (
	"fmt"
	"math/bits"
	"strings"
)

// Education is a level of schooling by GB/T 4658-2006, two digits. A posting's
// level is the least it asks for; a resident's is the highest reached. Zero:
// not asked, not said.
type Education int

// The levels that postings use. A smaller number is more schooling, as in the
// standard.
const (
	AnySchooling Education = 0  // 不限
	Postgraduate Education = 10 // 研究生
	Bachelor     Education = 20 // 大学本科
	College      Education = 30 // 大学专科
	Vocational   Education = 40 // 中等职业教育
	HighSchool   Education = 60 // 普通高中
	MiddleSchool Education = 70 // 初中
	Primary      Education = 80 // 小学
	NoSchooling  Education = 90 // 其他
)

// Educations lists the levels from the least schooling to the most.
func Educations() []Education {
	return []Education{NoSchooling, Primary, MiddleSchool, HighSchool, Vocational, College, Bachelor, Postgraduate}
}

// rank orders levels by years of school; 高中 and 中职 count the same.
func (e Education) rank() int {
	switch e {
	case Postgraduate:
		return 7
	case Bachelor:
		return 6
	case College:
		return 5
	case Vocational, HighSchool:
		return 4
	case MiddleSchool:
		return 3
	case Primary:
		return 2
	case NoSchooling:
		return 1
	}
	return 0
}

// Valid reports whether e is a level above or AnySchooling.
func (e Education) Valid() bool { return e == AnySchooling || e.rank() > 0 }

// Meets reports whether a resident with schooling e fulfils what a posting
// asks for. Nothing asked, or nothing said, is fulfilled.
func (e Education) Meets(asked Education) bool {
	return asked == AnySchooling || e == AnySchooling || e.rank() >= asked.rank()
}

// Shifts is a set of working-hour patterns.
type Shifts uint8

// The patterns.
const (
	DayShift Shifts = 1 << iota
	NightShift
	RotatingShift
	FlexibleHours
	PartTime
	shiftEnd
)

// Benefits is a set of what an employer gives beside pay.
type Benefits uint16

// The benefits.
const (
	Dorm Benefits = 1 << iota // 包住
	Meals
	Bus
	Insurance // 社会保险
	HousingFund
	OvertimePay
	PaidLeave
	WeekendsOff
	Training
	AgeFriendly   // says itself that older people are welcome
	ChildFriendly // hours that fit a school day
	benefitEnd
)

var (
	shiftNames = []string{"day", "night", "rotating", "flexible", "part-time"}
	perkNames  = []string{
		"dorm", "meals", "bus", "insurance", "housing-fund", "overtime-pay",
		"paid-leave", "weekends-off", "training", "age-friendly", "child-friendly",
	}
)

// Each returns the set's members one by one, lowest first.
func (s Shifts) Each() []Shifts { return each(s, shiftEnd) }

// Each returns the set's members one by one, lowest first.
func (b Benefits) Each() []Benefits { return each(b, benefitEnd) }

// AllShifts is the set of every pattern.
const AllShifts = shiftEnd - 1

// AllBenefits is the set of every benefit.
const AllBenefits = benefitEnd - 1

// Name is the name of a single pattern in files: "day", "night", ...
func (s Shifts) Name() string { return name(s, shiftNames) }

// Name is the name of a single benefit in files: "dorm", "meals", ...
func (b Benefits) Name() string { return name(b, perkNames) }

// ParseShifts reads names as written by [Shifts.Name].
func ParseShifts(names []string) (Shifts, error) { return parse[Shifts]("shift", names, shiftNames) }

// ParseBenefits reads names as written by [Benefits.Name].
func ParseBenefits(names []string) (Benefits, error) {
	return parse[Benefits]("benefit", names, perkNames)
}

func each[T ~uint8 | ~uint16](set, end T) []T {
	var all []T
	for m := T(1); m != 0 && m < end; m <<= 1 {
		if set&m != 0 {
			all = append(all, m)
		}
	}
	return all
}

func name[T ~uint8 | ~uint16](m T, names []string) string {
	i := bits.TrailingZeros16(uint16(m))
	if i >= len(names) || bits.OnesCount16(uint16(m)) != 1 {
		return ""
	}
	return names[i]
}

func parse[T ~uint8 | ~uint16](what string, in, names []string) (T, error) {
	var set T
next:
	for _, s := range in {
		for i, n := range names {
			if s == n {
				set |= 1 << i
				continue next
			}
		}
		return 0, fmt.Errorf("%s %q is none of %s", what, s, strings.Join(names, ", "))
	}
	return set, nil
}
