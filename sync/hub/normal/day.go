package normal

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk/csvfile"
)

// zone is China's one time zone.
var zone = time.FixedZone("CST", 8*60*60)

var (
	fullDayRE  = regexp.MustCompile(`(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?:日|号)?`)
	monthRE    = regexp.MustCompile(`^(20\d\d)[-/.年](\d{1,2})月?(?:底|末)?$`)
	shortDayRE = regexp.MustCompile(`^(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	yearlessRE = regexp.MustCompile(`^(\d{1,2})[-/.月](\d{1,2})(?:日|号)?$`)
	serialRE   = regexp.MustCompile(`^(\d{5})(?:\.(\d+))?$`)
	daysRE     = regexp.MustCompile(`^(?:有效期)?(\d{1,3})(?:个)?(天|日|周|星期|月|年)(?:内|有效)?$`)
	openRE     = regexp.MustCompile(`长期|招满|招完|招到|满员|常年|不限|永久|随时|全年|额满|无期限|无限期|至招`)
	todayRE    = regexp.MustCompile(`^(?:今天|今日|即日起?|当天|当日|立即|马上|随时(?:到岗|上岗)?|尽快)$`)
)

// serials are the days that a spreadsheet's serial numbers stand for: 36526 is
// 2000-01-01, 109938 would be 2200-12-31.
const (
	firstSerial = 36526
	lastSerial  = 99999
)

// Day reads a day, or a time in China: 2026-11-05, 2026/11/5, 2026年11月5日,
// 2026.11, 11月5日, 26/11/5, a spreadsheet's serial number, 今天. A month is its
// first day; a day without a year is the one nearest to now. The empty text is
// the zero time. The error is DayUnread or DayFar.
func Day(text string, now time.Time) (time.Time, []Reason, error) {
	return day(text, now, false)
}

// Through reads until when something holds, to the last second of that day. It
// also takes 长期 and 招满为止, for which it returns the zero time and DayOpen, and
// a number of days, 30天, which are counted from the given day.
func Through(text string, from, now time.Time) (time.Time, []Reason, error) {
	s := smallNumerals(tight(text))
	if m := daysRE.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		days, months := 0, 0
		switch m[2] {
		case "月":
			months = n
		case "年":
			months = 12 * n
		case "周", "星期":
			days = 7 * n
		default:
			days = n
		}
		y, mo, d := from.In(zone).AddDate(0, months, days).Date()
		return endOf(time.Date(y, mo, d, 0, 0, 0, 0, zone)), []Reason{DayCounted}, nil
	}
	t, notes, err := day(text, now, true)
	if err != nil && openRE.MatchString(s) {
		return time.Time{}, []Reason{DayOpen}, nil
	}
	return t, notes, err
}

// endOf is the last second of a day that is given by its first.
func endOf(t time.Time) time.Time { return t.AddDate(0, 0, 1).Add(-time.Second) }

func day(text string, now time.Time, through bool) (time.Time, []Reason, error) {
	now = now.In(zone)
	s := tight(text)
	if s == "" || strings.Trim(s, "-/无") == "" {
		return time.Time{}, nil, nil
	}
	ends := func(t time.Time, notes ...Reason) (time.Time, []Reason, error) {
		if through && atMidnight(t) {
			t = endOf(t)
		}
		if t.Year() < 2000 || t.Year() > 2199 {
			return time.Time{}, nil, DayFar
		}
		return t, notes, nil
	}
	if t, ok := exact(text); ok {
		return ends(t)
	}
	if t, notes, ok := loose(s, now, through); ok {
		return ends(t, notes...)
	}
	// 2026年11月1日至2026年12月31日
	if all := fullDayRE.FindAllStringSubmatch(dashes(s), -1); all != nil {
		m := all[0]
		if through {
			m = all[len(all)-1]
		}
		if t, ok := date(m[1], m[2], m[3]); ok {
			return ends(t)
		}
	}
	return time.Time{}, nil, DayUnread
}

func atMidnight(t time.Time) bool {
	t = t.In(zone)
	return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0
}

// exact reads what the board's own files have.
func exact(text string) (time.Time, bool) {
	v, reason := csvfile.Value("published", text)
	s, isText := v.(string)
	if reason != "" || !isText {
		return time.Time{}, false
	}
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return t, true
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.In(zone), err == nil
}

func loose(s string, now time.Time, through bool) (time.Time, []Reason, bool) {
	if todayRE.MatchString(s) {
		y, m, d := now.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, zone), nil, !through
	}
	if m := serialRE.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		return serial(n, m[2]), []Reason{DaySerial}, n >= firstSerial && n <= lastSerial
	}
	if m := monthRE.FindStringSubmatch(s); m != nil {
		t, ok := date(m[1], m[2], "1")
		if through {
			t = t.AddDate(0, 1, -1)
		}
		return t, nil, ok
	}
	if m := shortDayRE.FindStringSubmatch(s); m != nil {
		t, ok := date("20"+m[1], m[2], m[3])
		return t, []Reason{DayYearGuessed}, ok
	}
	if m := yearlessRE.FindStringSubmatch(s); m != nil {
		var best time.Time
		for y := now.Year() - 1; y <= now.Year()+1; y++ {
			t, ok := date(strconv.Itoa(y), m[1], m[2])
			if ok && (best.IsZero() || t.Sub(now).Abs() < best.Sub(now).Abs()) {
				best = t
			}
		}
		return best, []Reason{DayYearGuessed}, !best.IsZero()
	}
	return time.Time{}, nil, false
}

// serial is the moment of a spreadsheet's serial number, to the second.
func serial(days int, frac string) time.Time {
	t := time.Date(1899, 12, 30, 0, 0, 0, 0, zone).AddDate(0, 0, days)
	if frac = clip(frac, 9); frac != "" {
		n, _ := strconv.ParseInt(frac+"000000000"[len(frac):], 10, 64)
		t = t.Add(time.Duration(n * 86400)).Round(time.Second)
	}
	return t
}

// date makes a day that the calendar has.
func date(year, month, dom string) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(dom)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone)
	return t, t.Year() == y && int(t.Month()) == m && t.Day() == d
}
