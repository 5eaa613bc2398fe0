package kiosk

import "fmt"

// Fen is an amount of money in 分, a hundredth of a yuan, so that piece rates
// such as 0.35 元/件 stay exact.
type Fen int64

// Yuan makes a Fen of whole yuan.
func Yuan(n int64) Fen { return Fen(n * 100) }

// String writes the amount in yuan without trailing zeros: "5000", "0.35".
func (f Fen) String() string {
	switch {
	case f%100 == 0:
		return fmt.Sprintf("%d", int64(f/100))
	case f%10 == 0:
		return fmt.Sprintf("%d.%d", int64(f/100), int64(f%100/10))
	default:
		return fmt.Sprintf("%d.%02d", int64(f/100), int64(f%100))
	}
}

// PayUnit is the period or thing that a pay range is for.
type PayUnit string

// The pay units.
const (
	PerMonth   PayUnit = "month"
	PerDay     PayUnit = "day"
	PerHour    PayUnit = "hour"
	PerPiece   PayUnit = "piece"
	PerWeek    PayUnit = "week"
	PerYear    PayUnit = "year"
	Negotiable PayUnit = "negotiable" // 面议: no figure is given
)

// Valid reports whether u is one of the units above.
func (u PayUnit) Valid() bool {
	switch u {
	case PerMonth, PerDay, PerHour, PerPiece, PerWeek, PerYear, Negotiable:
		return true
	}
	return false
}

// Pay is what a posting offers: a range, its unit, and the words it was
// advertised with, which are always kept.
type Pay struct {
	Min, Max Fen     // per Unit; Max equals Min where one figure is given; both zero when Negotiable
	Unit     PayUnit // what Min and Max are for
	Original string  // the advertiser's own words, e.g. "计件 5000-8000，多劳多得"

	// EstMin and EstMax are what the advertiser says a month comes to, where
	// the unit alone cannot tell (piece rates). Zero: not said.
	EstMin, EstMax Fen
}

// Hours and days by which pay is made comparable: 21.75 paid days a month of 8
// hours, from 《关于职工全年月平均工作时间和工资折算问题的通知》 (劳社部发〔2008〕3号).
// They are in hundredths so that the sums stay whole.
const (
	paidDays100  = 2175  // days a month, times 100
	paidHours100 = 17400 // hours a month, times 100
	paidWeeks100 = 435   // weeks of five days a month, times 100
)

// Monthly returns the range as 分 a month of full-time work, so that postings
// in different units can be compared and sorted. ok is false where no fair
// figure exists: negotiable pay, and piece rates without the advertiser's own
// estimate.
func (p Pay) Monthly() (lo, hi Fen, ok bool) {
	scale := func(n100, per Fen) (Fen, Fen, bool) {
		return p.Min * n100 / per, p.Max * n100 / per, p.Max > 0
	}
	switch p.Unit {
	case PerMonth:
		return p.Min, p.Max, p.Max > 0
	case PerDay:
		return scale(paidDays100, 100)
	case PerHour:
		return scale(paidHours100, 100)
	case PerWeek:
		return scale(paidWeeks100, 100)
	case PerYear:
		return scale(1, 12)
	case PerPiece:
		return p.EstMin, p.EstMax, p.EstMax > 0
	}
	return 0, 0, false
}

// mostPay is more than any posting pays in any unit, ten million yuan; a
// figure above it is a slip of the pen, and would overflow nothing but sense.
const mostPay = 1_000_000_000

// Check returns what is wrong with the pay, or nil.
func (p Pay) Check() error {
	switch {
	case !p.Unit.Valid():
		return fmt.Errorf("pay unit %q is none of month, day, hour, piece, week, year, negotiable", p.Unit)
	case p.Min < 0 || p.Max < 0 || p.EstMin < 0 || p.EstMax < 0:
		return fmt.Errorf("pay is negative")
	case max(p.Min, p.Max, p.EstMin, p.EstMax) > mostPay:
		return fmt.Errorf("pay is above %s yuan", Fen(mostPay))
	case p.Unit == Negotiable && (p.Min != 0 || p.Max != 0):
		return fmt.Errorf("pay is negotiable but has a figure")
	case p.Unit != Negotiable && p.Max == 0:
		return fmt.Errorf("pay has no figure; use the unit negotiable")
	case p.Min > p.Max:
		return fmt.Errorf("pay minimum %s is above its maximum %s", p.Min, p.Max)
	case p.EstMin > p.EstMax:
		return fmt.Errorf("estimated monthly minimum %s is above its maximum %s", p.EstMin, p.EstMax)
	}
	return nil
}
