package judged

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jobhome/kiosk"
)

// The grades of a posting as an answer.
const (
	Wrong      = 0
	Acceptable = 1 // near to what is asked for; nobody would mind to see it
	Right      = 2 // what is asked for
)

// judge grades a posting.
type judge func(p *kiosk.Posting) int

// join makes one judgement of several: from a grade on, by taking the best or
// the worst of it and of theirs.
func join(all []judge, from int, take func(grade, other int) int) judge {
	return func(p *kiosk.Posting) int {
		grade := from
		for _, j := range all {
			grade = take(grade, j(p))
		}
		return grade
	}
}

func best(a, b int) int { return max(a, b) }

func worst(a, b int) int { return min(a, b) }

// twoLevels is the grade of right, and at least Acceptable where near is met.
func twoLevels(right, near judge) judge {
	return func(p *kiosk.Posting) int {
		if g := right(p); g != Wrong {
			return g
		}
		return min(near(p), Acceptable)
	}
}

func never(*kiosk.Posting) int { return Wrong }

// wants are judgements by name.
type wants map[string]judge

// parse reads an expression: conditions with spaces between them, all of which
// must be met, and alternatives with " / " between them. A condition is the
// name of a want, or a field, an operator and values with "|" between them.
// "-" is met by nothing.
func (w wants) parse(text string) (judge, error) {
	if text == "-" {
		return never, nil
	}
	var alternatives []judge
	for alternative := range strings.SplitSeq(text, " / ") {
		var all []judge
		for condition := range strings.FieldsSeq(alternative) {
			j, err := w.condition(condition)
			if err != nil {
				return nil, err
			}
			all = append(all, j)
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("%q has an alternative without a condition", text)
		}
		alternatives = append(alternatives, join(all, Right, worst))
	}
	return join(alternatives, Wrong, best), nil
}

// The operators, longer ones before those that are a part of them.
var operators = []string{"!~", "!=", ">=", "<=", "~", "="}

func (w wants) condition(text string) (judge, error) {
	for i := range text {
		for _, op := range operators {
			if value, ok := strings.CutPrefix(text[i:], op); ok {
				return compare(text[:i], op, strings.Split(value, "|"))
			}
		}
	}
	if j, ok := w[text]; ok {
		return j, nil
	}
	return nil, fmt.Errorf("%q is no condition and no want", text)
}

// compare makes the judgement "field op values".
func compare(field, op string, values []string) (judge, error) {
	if slices.Contains(values, "") {
		return nil, fmt.Errorf("%s%s has an empty value", field, op)
	}
	var met func(p *kiosk.Posting) bool
	var err error
	switch op {
	case "~", "!~":
		met, err = holds(field, values)
	case "=", "!=":
		met, err = equals(field, values)
	default:
		met, err = reaches(field, op, values)
	}
	if err != nil {
		return nil, err
	}
	not := op[0] == '!'
	return func(p *kiosk.Posting) int {
		if met(p) != not {
			return Right
		}
		return Wrong
	}, nil
}

// holds is about words: one of the values stands in them.
func holds(field string, values []string) (func(*kiosk.Posting) bool, error) {
	var words func(p *kiosk.Posting) string
	switch field {
	case "title":
		words = func(p *kiosk.Posting) string { return p.Title }
	case "employer":
		words = func(p *kiosk.Posting) string { return p.Employer.Name }
	case "address":
		words = func(p *kiosk.Posting) string { return p.Address }
	case "hours":
		words = func(p *kiosk.Posting) string { return p.Hours }
	case "asked":
		words = func(p *kiosk.Posting) string { return p.Requirements }
	default:
		return nil, fmt.Errorf("%q has no words", field)
	}
	return func(p *kiosk.Posting) bool {
		in := words(p)
		return slices.ContainsFunc(values, func(v string) bool { return strings.Contains(in, v) })
	}, nil
}

// equals is about codes and sets: one of the values is it, or holds it.
func equals(field string, values []string) (func(*kiosk.Posting) bool, error) {
	one := func(is func(p *kiosk.Posting, v string) bool) func(*kiosk.Posting) bool {
		return func(p *kiosk.Posting) bool {
			return slices.ContainsFunc(values, func(v string) bool { return is(p, v) })
		}
	}
	switch field {
	case "occ":
		for _, v := range values {
			if err := (kiosk.Occupation{Code: v}).Check(); err != nil {
				return nil, err
			}
		}
		return one(func(p *kiosk.Posting, v string) bool { return strings.HasPrefix(p.Occupation.Code+"-", v+"-") }), nil
	case "town":
		for _, v := range values {
			if err := kiosk.Area(v).Check(); err != nil {
				return nil, err
			}
		}
		return one(func(p *kiosk.Posting, v string) bool { return p.Area.Within(kiosk.Area(v)) }), nil
	case "channel":
		for _, v := range values {
			if !kiosk.Channel(v).Valid() {
				return nil, fmt.Errorf("there is no channel %q", v)
			}
		}
		return one(func(p *kiosk.Posting, v string) bool { return string(p.Channel) == v }), nil
	case "benefit":
		set, err := kiosk.ParseBenefits(values)
		return func(p *kiosk.Posting) bool { return p.Benefits&set != 0 }, err
	case "cert":
		set, err := kiosk.ParseCertificates(values)
		return func(p *kiosk.Posting) bool { return p.Certificates&set != 0 }, err
	case "shift":
		set, err := kiosk.ParseShifts(values)
		return func(p *kiosk.Posting) bool { return p.Shifts&set != 0 }, err
	}
	return nil, fmt.Errorf("%q is nothing that can be equal", field)
}

// reaches is about figures: pay in yuan a month, the upper figure; months of
// experience asked for; schooling asked for, by GB/T 4658, 99 when any will do.
func reaches(field, op string, values []string) (func(*kiosk.Posting) bool, error) {
	if len(values) != 1 {
		return nil, fmt.Errorf("%s%s has %d values", field, op, len(values))
	}
	limit, err := strconv.Atoi(values[0])
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", field, op, err)
	}
	var figure func(p *kiosk.Posting) (n int, known bool)
	switch field {
	case "pay":
		figure = func(p *kiosk.Posting) (int, bool) {
			_, high, ok := p.Pay.Monthly()
			return int(high / kiosk.Yuan(1)), ok
		}
	case "months":
		figure = func(p *kiosk.Posting) (int, bool) { return p.Experience, true }
	case "school":
		figure = func(p *kiosk.Posting) (int, bool) {
			if p.Education == kiosk.AnySchooling {
				return 99, true
			}
			return int(p.Education), true
		}
	default:
		return nil, fmt.Errorf("%q is no figure", field)
	}
	return func(p *kiosk.Posting) bool {
		n, known := figure(p)
		return known && (op == ">=" && n >= limit || op == "<=" && n <= limit)
	}, nil
}
