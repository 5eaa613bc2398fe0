package words

import (
	"strings"
	"time"

	"jobhome/kiosk"
)

// Pay writes what a posting offers in its own unit: "5000–8000 元/月".
func Pay(l Lang, p kiosk.Pay) string {
	if p.Unit == kiosk.Negotiable {
		return T(l, "pay.talk")
	}
	if l == En {
		return "¥" + rangeText(p.Min, p.Max) + T(l, "unit."+string(p.Unit))
	}
	return rangeText(p.Min, p.Max) + " " + T(l, "unit."+string(p.Unit))
}

// PayMonth writes what a posting's pay comes to in a month, or "" where that
// is what it says already, or cannot be told.
func PayMonth(l Lang, p kiosk.Pay) string {
	lo, hi, ok := p.Monthly()
	if !ok || p.Unit == kiosk.PerMonth {
		return ""
	}
	return T(l, "pay.month", MonthRange(lo, hi))
}

// MonthRange writes a range of months' pay in whole tens of yuan.
func MonthRange(lo, hi kiosk.Fen) string {
	const ten = 1000
	return rangeText(lo/ten*ten, hi/ten*ten)
}

func rangeText(lo, hi kiosk.Fen) string {
	switch {
	case lo == hi || lo == 0:
		return hi.String()
	case hi == 0:
		return lo.String()
	}
	return lo.String() + "–" + hi.String()
}

// Length writes a distance: "800 米", "3.2 公里", "12 公里".
func Length(l Lang, metres float64) string {
	switch {
	case metres < 950:
		return T(l, "metres", int(metres/50+0.5)*50)
	case metres < 9950:
		return T(l, "km", trimZero(metres/1000))
	}
	return T(l, "km", kiosk.Yuan(int64(metres/1000+0.5)).String())
}

func trimZero(km float64) string {
	return kiosk.Fen(int64(km*10+0.5) * 10).String()
}

// Away writes how far a place is from here.
func Away(l Lang, metres float64) string {
	switch {
	case metres < 0:
		return T(l, "away.not")
	case metres < 75:
		return T(l, "away.near")
	}
	return T(l, "away", Length(l, metres))
}

// Date writes a day as people say it, seen from now: 今天, 明天, 6月3日, with the
// year when it is another one.
func Date(l Lang, day, now time.Time) string {
	day = day.In(now.Location())
	y, m, d := day.Date()
	ny, nm, nd := now.Date()
	switch time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(time.Date(ny, nm, nd, 0, 0, 0, 0, time.UTC)) {
	case 0:
		return T(l, "date.today")
	case 24 * time.Hour:
		return T(l, "date.tomorrow")
	}
	if y == ny && l == Zh {
		return T(l, "date.day", int(m), d)
	}
	return T(l, "date.full", y, int(m), d)
}

// Past writes a day that has been, as people say it: 今天, 昨天, 6月3日.
func Past(l Lang, day, now time.Time) string {
	y, m, d := day.In(now.Location()).Date()
	py, pm, pd := now.AddDate(0, 0, -1).Date()
	if y == py && m == pm && d == pd {
		return T(l, "date.yesterday")
	}
	return Date(l, day, now)
}

// Wait writes how long something has to be waited for, rounded up: 30 秒,
// 5 分钟, 2 小时.
func Wait(l Lang, d time.Duration) string {
	switch {
	case d <= 90*time.Second:
		return T(l, "wait.seconds", upTo(d, time.Second))
	case d <= 2*time.Hour:
		return T(l, "wait.minutes", upTo(d, time.Minute))
	}
	return T(l, "wait.hours", upTo(d, time.Hour))
}

// upTo is d in whole units, rounded up.
func upTo(d, unit time.Duration) int { return int((d + unit - 1) / unit) }

// Freshness says honestly how old the board is.
func Freshness(l Lang, updated, now time.Time) string {
	age := now.Sub(updated)
	switch {
	case updated.IsZero():
		return T(l, "fresh.never")
	case age < 2*time.Minute:
		return T(l, "fresh.now")
	case age < time.Hour:
		return T(l, "fresh.minutes", int(age.Minutes()))
	case age < 48*time.Hour:
		return T(l, "fresh.hours", int(age.Hours()))
	}
	return T(l, "fresh.days", int(age.Hours()/24))
}

// Shifts joins the names of hour patterns.
func Shifts(l Lang, s kiosk.Shifts) string {
	var names []string
	for _, one := range s.Each() {
		names = append(names, T(l, "shift."+one.Name()))
	}
	return join(l, names)
}

// Benefits joins the names of benefits.
func Benefits(l Lang, b kiosk.Benefits) string {
	var names []string
	for _, one := range b.Each() {
		names = append(names, T(l, "perk."+one.Name()))
	}
	return join(l, names)
}

func join(l Lang, parts []string) string {
	if l == En {
		return strings.Join(parts, ", ")
	}
	return strings.Join(parts, "、")
}

// Certificates joins the names of certificates.
func Certificates(l Lang, c kiosk.Certificates) string {
	var names []string
	for _, one := range c.Each() {
		names = append(names, T(l, "cert."+one.Name()))
	}
	return join(l, names)
}

// Education names a level of schooling.
func Education(l Lang, e kiosk.Education) string {
	return T(l, "edu."+kiosk.Yuan(int64(e)).String())
}
