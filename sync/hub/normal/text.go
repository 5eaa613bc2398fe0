package normal

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// longest is how many characters of a cell are read; more is prose.
const longest = 400

// clip is the first n characters of s.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// fold is s with full-width letters, digits and signs as ASCII, in lower case,
// valid, without marks that are not seen, and not too long.
func fold(s string) string {
	s = strings.ToValidUTF8(clip(s, longest), "")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, width.Fold.String(s))
	return strings.ToLower(strings.TrimSpace(s))
}

// tight is fold without any blanks.
func tight(s string) string { return strings.ReplaceAll(fold(s), " ", "") }

var (
	dashRE  = regexp.MustCompile(`[~∼〜—–―‐‑−_─]+|-{2,}`)
	untilRE = regexp.MustCompile(`([0-9千万kw元块月天日年])(?:至|到)(¥?[0-9])`)
)

// dashes writes every sign for "up to" as one hyphen.
func dashes(s string) string {
	return untilRE.ReplaceAllString(dashRE.ReplaceAllString(s, "-"), "$1-$2")
}

const numeralChars = "零〇一二两三四五六七八九十百千万"

// value of a Chinese digit; -1 for anything else.
func digit(r rune) int64 {
	switch r {
	case '零', '〇':
		return 0
	case '两':
		return 2
	}
	for i, d := range []rune("一二三四五六七八九") {
		if r == d {
			return int64(i + 1)
		}
	}
	return -1
}

func power(r rune) int64 {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '万':
		return 10000
	}
	return 0
}

// numerals writes Chinese numbers in digits: 五千 5000, 一万二 12000, 三四千
// 3000-4000. Numbers below ten stay as they are, since 一天 and 五险一金 are no
// amounts.
func numerals(s string) string {
	var b strings.Builder
	rs := []rune(s)
	for i := 0; i < len(rs); {
		end := i
		for end < len(rs) && strings.ContainsRune(numeralChars, rs[end]) {
			end++
		}
		if end == i {
			b.WriteRune(rs[i])
			i++
			continue
		}
		if text, ok := numeral(rs[i:end]); ok {
			b.WriteString(text)
		} else {
			b.WriteString(string(rs[i:end]))
		}
		i = end
	}
	return b.String()
}

// numeral reads a run of numeral characters. ok is false where it is no number
// above ten.
func numeral(run []rune) (text string, ok bool) {
	if len(run) > 20 || len(run) < 2 || digit(run[0]) < 0 && run[0] != '十' {
		return "", false
	}
	if len(run) == 3 && digit(run[1]) == digit(run[0])+1 && digit(run[0]) > 0 && power(run[2]) > 0 {
		p := power(run[2])
		return strconv.FormatInt(digit(run[0])*p, 10) + "-" + strconv.FormatInt(digit(run[1])*p, 10), true
	}
	var total, section, n, last int64 = 0, 0, -1, 0
	for _, r := range run {
		if d := digit(r); d >= 0 {
			if n > 0 {
				return "", false // 二三: no number
			}
			n = d
			if d == 0 {
				last = 0
			}
			continue
		}
		p := power(r)
		switch {
		case p == 10000:
			total, section = total+(section+max(n, 0))*p, 0
		case n < 0 && p == 10:
			section += p
		case n <= 0:
			return "", false
		default:
			section += n * p
		}
		n, last = -1, p
	}
	switch {
	case last == 0 && total+section == 0:
		return "", false
	case n > 0 && last > 10:
		section += n * last / 10 // 一万二, 六千五
	case n > 0:
		section += n
	}
	return strconv.FormatInt(total+section, 10), true
}

// fraction is a decimal number in ten-thousandths.
type fraction int64

const one fraction = 10000

// decimal reads digits with at most four decimals and nine digits before them.
func decimal(s string) (fraction, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	if len(whole) > 9 || len(frac) > 4 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+frac+"0000"[len(frac):], 10, 64)
	return fraction(n), err == nil
}
