package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// value reads and writes one key. set takes what the TOML decoder gives:
// string, int64, float64, bool, []any and others, and leaves the setting as it
// was when it fails.
type value struct {
	set  func(v any) error
	toml func() string
}

// text is a key that holds words, as what parse makes of them.
func text[T any](p *T, parse func(string) (T, error), write func(T) string) value {
	return value{
		set: func(v any) error {
			s, ok := v.(string)
			if !ok {
				return errors.New("is not text in quotes")
			}
			if hasControl(s) {
				return errors.New("has a control character or is not valid UTF-8")
			}
			t, err := parse(s)
			if err == nil {
				*p = t
			}
			return err
		},
		toml: func() string { return quote(write(*p)) },
	}
}

// plain is a key that holds a string type, if check agrees.
func plain[T ~string](p *T, check func(string) error) value {
	parse := func(s string) (T, error) { return T(s), check(s) }
	return text(p, parse, func(t T) string { return string(t) })
}

// whole is a key that holds a whole number of units from lo to hi.
func whole[T ~int | ~int64](p *T, unit T, lo, hi int64) value {
	return value{
		set: func(v any) error {
			n, ok := v.(int64)
			switch {
			case !ok:
				return errors.New("is not a whole number")
			case n < lo:
				return fmt.Errorf("is less than %d", lo)
			case n > hi:
				return fmt.Errorf("is more than %d", hi)
			}
			*p = T(n) * unit
			return nil
		},
		toml: func() string { return strconv.FormatInt(int64(*p/unit), 10) },
	}
}

func seconds(p *time.Duration, lo, hi int64) value { return whole(p, time.Second, lo, hi) }

// degrees is a key that holds a number from -limit to limit.
func degrees(p *float64, limit float64) value {
	return value{
		set: func(v any) error {
			f, ok := v.(float64)
			if n, isInt := v.(int64); isInt {
				f, ok = float64(n), true
			}
			switch {
			case !ok:
				return errors.New("is not a number")
			case math.IsNaN(f) || f < -limit || f > limit:
				return fmt.Errorf("is not between %g and %g", -limit, limit)
			}
			*p = f
			return nil
		},
		toml: func() string {
			s := strconv.FormatFloat(*p, 'f', -1, 64)
			if !strings.Contains(s, ".") {
				s += ".0"
			}
			return s
		},
	}
}

// yesno is a key that holds true or false.
func yesno(p *bool) value {
	return value{
		set: func(v any) error {
			b, ok := v.(bool)
			if !ok {
				return errors.New("is neither true nor false")
			}
			*p = b
			return nil
		},
		toml: func() string { return strconv.FormatBool(*p) },
	}
}

// list is a key that holds an array of words.
func list(p *[]string, check func([]string) error) value {
	return value{
		set: func(v any) error {
			array, ok := v.([]any)
			if !ok {
				return errors.New("is not a list")
			}
			var all []string
			for _, e := range array {
				s, ok := e.(string)
				if !ok {
					return errors.New("has an entry that is not text in quotes")
				}
				all = append(all, s)
			}
			if err := check(all); err != nil {
				return err
			}
			*p = all
			return nil
		},
		toml: func() string {
			quoted := make([]string, len(*p))
			for i, s := range *p {
				quoted[i] = quote(s)
			}
			return "[" + strings.Join(quoted, ", ") + "]"
		},
	}
}

// characters checks for lo to hi characters that are not only blanks.
func characters(lo, hi int) func(string) error {
	return func(s string) error {
		n := utf8.RuneCountInString(s)
		switch {
		case lo > 0 && strings.TrimSpace(s) == "":
			return errors.New("is empty")
		case n < lo || n > hi:
			return fmt.Errorf("has %d characters", n)
		}
		return nil
	}
}

func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}

// quote writes a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
