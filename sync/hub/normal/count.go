package normal

import (
	"regexp"
	"strconv"
	"strings"

	"jobhome/kiosk/csvfile"
)

// mostHead is what kiosk.Posting.Check takes.
const mostHead = 100000

var (
	headsRE = regexp.MustCompile(`^(?:招聘?|需|约|共|计)?(\d{1,6})(?:-(\d{1,6}))?(?:人|名|个|位)?(?:以上|左右|及以上|起)?$`)
	bySexRE = regexp.MustCompile(`[男女]`)
	someRE  = regexp.MustCompile(`^(?:若干|不限|数名|多名|多人|若干人|若干名|大量|批量|-+|/+|无|长期)$`)
)

// Headcount reads how many people are wanted: 10人, 若干 (0), 5-10. The error is
// HeadsUnread, or HeadsBySex for 男2女3, whose sum would hide what must not be
// published.
func Headcount(text string) (int, []Reason, error) {
	s := dashes(smallNumerals(tight(text)))
	if s == "" || someRE.MatchString(s) {
		return 0, nil, nil
	}
	if n, reason := csvfile.Value("headcount", s); reason == "" {
		if n, ok := n.(int); ok && n <= mostHead {
			return n, nil, nil
		}
	}
	m := headsRE.FindStringSubmatch(strings.TrimSuffix(s, ".0"))
	if m == nil {
		if bySexRE.MatchString(s) {
			return 0, nil, HeadsBySex
		}
		return 0, nil, HeadsUnread
	}
	n, _ := strconv.Atoi(m[1])
	var notes []Reason
	if m[2] != "" {
		most, _ := strconv.Atoi(m[2])
		if most < n {
			return 0, nil, HeadsUnread
		}
		n, notes = most, []Reason{HeadsMost}
	}
	if n > mostHead {
		return 0, nil, HeadsUnread
	}
	return n, notes, nil
}
