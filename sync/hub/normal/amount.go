package normal

import (
	"fmt"
	"regexp"
	"strings"

	"jobhome/kiosk"
)

// String writes a fraction in digits, exactly.
func (f fraction) String() string {
	s := fmt.Sprintf("%d.%04d", int64(f/one), int64(f%one))
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// amount is one match of amountRE with what stands around it.
type amount struct {
	low, lowScale, high, highScale string
	limit, unit                    string
	before, rest                   string // since the amount before; up to the end
	whole, heading                 string
	marked                         bool // has 元 or ¥
	fresh                          bool // no amount before it
}

// scales are what an amount is multiplied with.
var scales = map[string]fraction{"": 1, "k": 1000, "千": 1000, "w": 10000, "万": 10000}

// offer turns the amount into an offer. money is false where it is none: hours
// of work, the day of payment, months of wages a year.
func (a *amount) offer() (o offer, money bool, err error) {
	bare := bareUnitRE.FindString(a.rest)
	if a.unit == "" && (notMoneyRE.MatchString(a.rest) || bare != "" && !a.marked && a.lowScale+a.highScale == "") {
		return o, false, nil
	}
	unit := a.unit
	if unit == "" {
		unit = bare // 5000元月
	}
	o.kind = a.kind()
	o.unit = a.payUnit(unit)
	ok := a.figures(&o)
	switch {
	case !ok:
		return o, true, PayUnlikely
	case o.kind == bonus:
		return o, true, nil // not counted, whatever it is for
	}
	if o.unit == "" && o.lo >= 1000*one && o.hi <= 100000*one {
		o.unit = kiosk.PerMonth
		o.notes = append(o.notes, PayUnitGuessed)
	}
	if o.unit == "" {
		return o, true, PayNoUnit
	}
	if o.unit == kiosk.PerYear && o.hi < 1000*one && a.lowScale+a.highScale == "" {
		o.lo, o.hi = o.lo*10000, o.hi*10000 // 年薪8-12
		o.notes = append(o.notes, PayScale)
	}
	if !likely(o) {
		return o, true, PayUnlikely
	}
	a.limits(&o)
	return o, true, nil
}

// figures reads the numbers. In 5-8千 the scale is of both, in 800-1千 and
// 5000-1万 of the second alone.
func (a *amount) figures(o *offer) bool {
	lo, ok := decimal(a.low)
	if !ok {
		return false
	}
	scale := a.headingScale()
	if a.high == "" {
		if a.lowScale == "" && lo < 1000*one {
			lo *= scale
		}
		o.lo = lo * scales[a.lowScale]
		o.hi = o.lo
		return true
	}
	hi, ok := decimal(a.high)
	if !ok {
		return false
	}
	ls, hs := scales[a.lowScale], scales[a.highScale]
	switch {
	case a.lowScale == "" && a.highScale == "" && hi < 1000*one:
		ls, hs = scale, scale
	case a.lowScale == "" && lo <= hi && lo < 1000*one:
		ls = hs
	case a.highScale == "" && hi < 1000*one && hi*ls >= lo*ls:
		hs = ls
	}
	o.lo, o.hi = lo*ls, hi*hs
	return o.lo <= o.hi
}

func (a *amount) headingScale() fraction {
	switch {
	case strings.Contains(a.heading, "万元"):
		return 10000
	case strings.Contains(a.heading, "千元"), strings.Contains(a.heading, "(k)"):
		return 1000
	}
	return 1
}

// label is what stands before the amount in its clause.
func (a *amount) label() string {
	cuts := clauseRE.FindAllStringIndex(a.before, -1)
	if cuts == nil {
		return a.before
	}
	return a.before[cuts[len(cuts)-1][1]:]
}

var (
	sumRE   = regexp.MustCompile(`^[^\d]*(?:底薪|基本|基础|保底|计时|计件|工资|固定|无责)[^\d]*\+`)
	afterRE = regexp.MustCompile(`^(?:的|为)?(?:底薪|保底|无责|全勤|餐补|房补|补贴|奖|提成|加班|津贴|社保|转正|试用)`)
)

func (a *amount) kind() kind {
	label := a.label()
	joined := a.fresh || clauseRE.MatchString(a.before)
	if joined && sumRE.MatchString(label) {
		return total // 底薪+提成5000
	}
	k := kindOf(label)
	if (k == plain || k == total) && a.limit != "+" {
		if w := afterRE.FindString(a.rest); w != "" {
			return kindOf(w)
		}
	}
	return k
}

// payUnits name the units; what is none of them is a piece.
var payUnits = []struct {
	unit  kiosk.PayUnit
	words string
}{
	{kiosk.PerMonth, " 月 个月 m month "},
	{kiosk.PerDay, " 天 日 工 班 d day "},
	{kiosk.PerHour, " 小时 时 钟头 课时 h hr hour "},
	{kiosk.PerWeek, " 周 星期 礼拜 w week "},
	{kiosk.PerYear, " 年 y year "},
}

// labelUnits are the words that give a unit before an amount, or anywhere.
var labelUnits = []struct {
	unit kiosk.PayUnit
	re   *regexp.Regexp
}{
	{kiosk.PerMonth, regexp.MustCompile(`月薪|月工资|每月|月入|月收入|月均|月综合|一个月|/月|月保底|元月|按月`)},
	{kiosk.PerDay, regexp.MustCompile(`日薪|日工资|每天|每日|一天|日结|/天|/日|天薪|按天|按日|日均`)},
	{kiosk.PerHour, regexp.MustCompile(`时薪|每小时|一小时|小时工|/小时|/时|/h|按小时|小时工资|钟点工`)},
	{kiosk.PerWeek, regexp.MustCompile(`周薪|每周|一周|/周`)},
	{kiosk.PerYear, regexp.MustCompile(`年薪|每年|年收入|年入|/年|年工资|一年`)},
	{kiosk.PerPiece, regexp.MustCompile(`单价|每件|每单|/件|一件|工价`)},
}

func unitIn(s string) kiosk.PayUnit {
	for _, l := range labelUnits {
		if l.re.MatchString(s) {
			return l.unit
		}
	}
	return ""
}

// payUnit finds the unit: behind the amount, before it, in the column's heading,
// or else in the whole text.
func (a *amount) payUnit(behind string) kiosk.PayUnit {
	if behind != "" {
		for _, u := range payUnits {
			if strings.Contains(u.words, " "+behind+" ") {
				return u.unit
			}
		}
		return kiosk.PerPiece
	}
	for _, s := range []string{a.label(), a.heading, a.before, a.whole} {
		if u := unitIn(s); u != "" {
			return u
		}
	}
	return ""
}

var (
	topRE   = regexp.MustCompile(`(?:不超过|最高|高达|上限|可达|最多)[^\d]{0,3}$`)
	leastRE = regexp.MustCompile(`(?:不低于|最低|最少|下限|不少于)[^\d]{0,3}$`)
)

// limits notes where one end of the range is open.
func (a *amount) limits(o *offer) {
	if a.high != "" {
		return
	}
	label := a.label()
	switch {
	case strings.HasPrefix(a.limit, "以下"), strings.HasPrefix(a.limit, "以内"), strings.HasPrefix(a.limit, "之内"),
		strings.HasPrefix(a.limit, "封顶"), topRE.MatchString(label):
		o.lo = 0
		o.notes = append(o.notes, PayOpenBottom)
	case a.limit != "" && !strings.HasPrefix(a.limit, "左右") && !strings.HasPrefix(a.limit, "上下") &&
		(a.limit != "+" || a.rest == "" || clauseRE.MatchString(a.rest[:1])), leastRE.MatchString(label):
		o.notes = append(o.notes, PayOpenTop)
	}
}

// likelies are the least and the most yuan that a unit is paid with; outside
// them, a unit or a scale was mistaken.
var likelies = map[kiosk.PayUnit][2]fraction{
	kiosk.PerMonth: {300 * one, 300_000 * one},
	kiosk.PerDay:   {20 * one, 3_000 * one},
	kiosk.PerHour:  {5 * one, 2_000 * one},
	kiosk.PerWeek:  {100 * one, 50_000 * one},
	kiosk.PerYear:  {5_000 * one, 5_000_000 * one},
	kiosk.PerPiece: {one / 1000, 100_000 * one},
}

func likely(o offer) bool {
	l := likelies[o.unit]
	return o.lo >= l[0] && o.hi <= l[1]
}
