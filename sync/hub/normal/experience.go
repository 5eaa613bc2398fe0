package normal

import (
	"regexp"
	"strconv"
	"strings"
)

// mostMonths is what kiosk.Posting.Check takes.
const mostMonths = 600

var (
	noSpanRE = regexp.MustCompile(`^(?:工作)?(?:经验|经历|年限)?(?:要求)?:?(?:不限|无|无要求|不要求|没要求|无经验|无需|不需要?|均可|-+|/+|不限年限|无限制|任意|其他|其它)(?:工作)?(?:经验|经历|年限)?(?:要求|均可|也可|亦可|可)?$|` +
		`经验不限|不限经验|无经验要求|无需经验|无须经验|不需要?经验|不要经验|无经验(?:者)?(?:可|亦可|也可|均可|要求)|零经验|应届|在校|毕业生|学生|可培训|小白`)
	spanRE    = regexp.MustCompile(`(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(个?月|周|年|载)(半)?`)
	fromToRE  = regexp.MustCompile(`(\d+(?:\.\d+)?)(?:个?月|年)?-(\d+(?:\.\d+)?)(个?月|年)`)
	bareRE    = regexp.MustCompile(`^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?(?:以上|及以上)?$`)
	vagueXpRE = regexp.MustCompile(`经验|熟手|熟练|老手|从事过|做过|会操作|有.{0,6}经历`)
	underRE   = regexp.MustCompile(`以下|以内|之内|不到`)
)

// Experience reads the months of experience that a posting asks for: 3-5年, 半年,
// 1年以上, 应届, 不限. Of a range the lower end counts, since it is enough. The
// heading of the column may give the unit of a bare number, as 经验（月） does. The
// error is SpanUnread.
func Experience(text, heading string) (int, []Reason, error) {
	s := dashes(smallNumerals(tight(text)))
	if s == "" {
		return 0, nil, nil
	}
	asked := wishClauseRE.ReplaceAllString(s, ";")
	if months, notes, ok := span(asked, heading); ok {
		if months > mostMonths {
			return 0, nil, SpanUnread
		}
		return months, notes, nil
	}
	switch {
	case noSpanRE.MatchString(s):
		return 0, nil, nil
	case asked != s:
		return 0, []Reason{SpanWish}, nil
	case vagueXpRE.MatchString(s):
		return 0, []Reason{SpanVague}, nil
	}
	return 0, nil, SpanUnread
}

func span(s, heading string) (months int, notes []Reason, ok bool) {
	if m := bareRE.FindStringSubmatch(s); m != nil {
		unit := ""
		switch h := tight(heading); {
		case strings.Contains(h, "月"):
			unit = "月"
		case strings.Contains(h, "年"):
			unit = "年"
		case m[1] == "0" && m[2] == "":
			return 0, nil, true
		}
		s = m[1] + unit
		if m[2] != "" {
			s = m[1] + "-" + m[2] + unit
		}
	}
	m := fromToRE.FindStringSubmatch(s)
	if m != nil {
		m = []string{m[0], m[1], m[2], m[3], ""}
	} else if m = spanRE.FindStringSubmatch(s); m == nil {
		return 0, nil, false
	}
	n, ok := decimal(m[1])
	if !ok || n > 1000*one {
		return 0, nil, false
	}
	switch {
	case strings.HasPrefix(m[3], "年"), m[3] == "载":
		n *= 12
	case m[3] == "周":
		n /= 4
	}
	if months = int(n / one); m[4] != "" {
		months += 6
	}
	if m[2] != "" {
		notes = append(notes, SpanLeast)
	} else if underRE.MatchString(s) {
		return 0, nil, true
	}
	return months, notes, true
}

var halfYears = strings.NewReplacer("半年", "6个月", "一年半", "18个月", "1年半", "18个月", "两年半", "30个月", "2年半", "30个月")

// smallNumerals writes Chinese numbers in digits, also below ten: 两年, 三到五年,
// 半年.
func smallNumerals(s string) string {
	s = halfYears.Replace(s)
	var b strings.Builder
	for _, r := range numerals(s) {
		if d := digit(r); d >= 0 {
			b.WriteString(strconv.FormatInt(d, 10))
		} else if r == '十' {
			b.WriteString("10")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
