package normal

import (
	"regexp"
	"strconv"
	"strings"

	"jobhome/kiosk"
)

// schoolings are the spellings of levels, longest first where one holds
// another.
var schoolings = []struct {
	level kiosk.Education
	re    *regexp.Regexp
}{
	{kiosk.Postgraduate, regexp.MustCompile(`博士后|博士|硕士|研究生|硕博|mba`)},
	{kiosk.College, regexp.MustCompile(`大学专科|高等职业|高职高专|高职|高专|大专|专科|专(?:升本)`)},
	{kiosk.Bachelor, regexp.MustCompile(`大学本科|本科|学士|一本|二本|三本|大本|大学`)},
	{kiosk.Vocational, regexp.MustCompile(`中等职业(?:教育|学校)?|中等专业|中专|中职|中技|技校|技工学校|技工院校|职业高中|职高|职中|技师学院|技工`)},
	{kiosk.HighSchool, regexp.MustCompile(`普通高中|高级中学|高中`)},
	{kiosk.MiddleSchool, regexp.MustCompile(`初级中学|初中|九年义务教育|义务教育|九年制`)},
	{kiosk.Primary, regexp.MustCompile(`小学`)},
	{kiosk.NoSchooling, regexp.MustCompile(`文盲|半文盲|没上过学|未上过学|识字|认字|会写字|会写名字`)},
}

var (
	anySchoolRE  = regexp.MustCompile(`^(?:学历|文化程度|文化)?(?:要求)?[:]?(?:不限|无要求|不要求|没要求|无学历要求|无限制|不作要求|不做要求|无|均可|都可以?|任意|其他|其它|-+)(?:学历|文化)?$|学历不限|不限学历|文化不限|学历无要求|无学历要求|学历不要求|学历均可|文化程度不限|不限文化|学历要求不限`)
	wishClauseRE = regexp.MustCompile(`[^,;。、()\[\]]*(?:优先|更佳|为佳|更好|者佳)[^,;。、()\[\]]*`)
	belowRE      = regexp.MustCompile(`(?:及|或|和)?(?:以下|之下|及其以下)`)
)

// Education reads the least schooling that a posting asks for, in words or by
// its number in GB/T 4658; the empty text and 不限 are AnySchooling. Of several
// levels the lowest counts. The error is EducationUnread.
func Education(text string) (kiosk.Education, []Reason, error) {
	s := tight(text)
	if s == "" || anySchoolRE.MatchString(s) {
		return kiosk.AnySchooling, nil, nil
	}
	if n, err := strconv.Atoi(s); err == nil {
		if e := kiosk.Education(n); e.Valid() {
			return e, nil, nil
		}
		return 0, nil, EducationUnread
	}
	asked := wishClauseRE.ReplaceAllString(s, ";")
	found := levels(asked)
	if len(found) == 0 {
		if levels(s) != nil {
			return kiosk.AnySchooling, []Reason{EducationWish}, nil
		}
		if strings.Contains(s, "不限") {
			return kiosk.AnySchooling, nil, nil
		}
		return 0, nil, EducationUnread
	}
	if belowRE.MatchString(asked) && !strings.Contains(asked, "以上") {
		return kiosk.AnySchooling, []Reason{EducationTop}, nil
	}
	least := lowest(found)
	if len(found) > 1 {
		return least, []Reason{EducationLeast}, nil
	}
	return least, nil, nil
}

// levels are the levels that a text names, without the words of another inside
// a longer one: 大专 is no 中专, 本科 no 专科.
func levels(s string) []kiosk.Education {
	var found []kiosk.Education
	for _, l := range schoolings {
		if l.re.MatchString(s) {
			found = append(found, l.level)
			s = l.re.ReplaceAllString(s, ";")
		}
	}
	return found
}

// lowest is the level that all others meet; of two that count the same, 高中 and
// 中专, the one with the greater number.
func lowest(found []kiosk.Education) kiosk.Education {
	least := found[0]
	for _, e := range found[1:] {
		if least.Meets(e) {
			least = e
		}
	}
	return least
}
