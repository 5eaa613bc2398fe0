package normal

import "jobhome/kiosk/words"

// Reason is why a text cannot be read, or what was guessed or left out where it
// could. It is an error, in English; [Reason.Say] has both languages.
type Reason string

// Why a text cannot be read.
const (
	PayUnread       Reason = "pay-unread"
	PayNoUnit       Reason = "pay-no-unit"
	PayUnlikely     Reason = "pay-unlikely"
	PayTooFine      Reason = "pay-too-fine"
	EducationUnread Reason = "education-unread"
	SpanUnread      Reason = "span-unread"
	DayUnread       Reason = "day-unread"
	DayFar          Reason = "day-far"
	AreaUnread      Reason = "area-unread"
	AreaAmbiguous   Reason = "area-ambiguous"
	HeadsUnread     Reason = "heads-unread"
	HeadsBySex      Reason = "heads-by-sex"
	PhoneUnread     Reason = "phone-unread"
	WordsUnread     Reason = "words-unread"
)

// What was guessed or left out.
const (
	PayMissing     Reason = "pay-missing"
	PayNoFigure    Reason = "pay-no-figure"
	PayUnitGuessed Reason = "pay-unit-guessed"
	PayScale       Reason = "pay-scale-guessed"
	PayOpenTop     Reason = "pay-open-top"
	PayOpenBottom  Reason = "pay-open-bottom"
	PayBase        Reason = "pay-base"
	PayTrial       Reason = "pay-trial"
	PayMore        Reason = "pay-more"
	PaySeveral     Reason = "pay-several"
	PayShortened   Reason = "pay-shortened"
	EducationTop   Reason = "education-top"
	EducationLeast Reason = "education-least"
	EducationWish  Reason = "education-wish"
	SpanWish       Reason = "span-wish"
	SpanVague      Reason = "span-vague"
	SpanLeast      Reason = "span-least"
	DayYearGuessed Reason = "day-year-guessed"
	DaySerial      Reason = "day-serial"
	DayOpen        Reason = "day-open"
	DayCounted     Reason = "day-counted"
	AreaZone       Reason = "area-zone"
	AreaOldName    Reason = "area-old-name"
	AreaByPlace    Reason = "area-by-place"
	HeadsMost      Reason = "heads-most"
	PhoneTidied    Reason = "phone-tidied"
	WorkGuessed    Reason = "work-guessed"
	WorkUnknown    Reason = "work-unknown"
)

// said holds the sentences; a test sees to it that every Reason has one.
var said = map[Reason][2]string{
	PayUnread:       {"看不出工资是多少", "the pay cannot be made out"},
	PayNoUnit:       {"没写是每月、每天还是每小时的工资", "it does not say whether the pay is for a month, a day or an hour"},
	PayUnlikely:     {"工资数额不合常理，请核对单位", "the pay is out of all proportion; check its unit"},
	PayTooFine:      {"计件单价细到一分以下，无法记录", "the piece rate is finer than a 分, which cannot be kept"},
	EducationUnread: {"看不出学历要求", "the schooling asked for cannot be made out"},
	SpanUnread:      {"看不出要多长时间的经验", "the experience asked for cannot be made out"},
	DayUnread:       {"看不出是哪一天", "it is no day that can be made out"},
	DayFar:          {"日期不在 2000 年到 2199 年之间", "the day is not between the years 2000 and 2199"},
	AreaUnread:      {"没有找到这个地区", "no such area was found"},
	AreaAmbiguous:   {"有几个同名的地区，请写上省、市", "several areas have this name; give the province and city"},
	HeadsUnread:     {"看不出招多少人", "the number of people cannot be made out"},
	HeadsBySex:      {"人数按男女分开写，不能照录", "the number is split by sex, which may not be published"},
	PhoneUnread:     {"不是电话号码", "it is no telephone number"},
	WordsUnread:     {"有不认识的说法", "it has words that are not known"},

	PayMissing:     {"没写工资，记作面议", "no pay is given; taken as negotiable"},
	PayNoFigure:    {"没写数目，记作面议", "no figure is given; taken as negotiable"},
	PayUnitGuessed: {"没写单位，当作每月", "no unit is given; taken as a month's pay"},
	PayScale:       {"没写千或万，按常理补上", "千 or 万 is not written; put in by common sense"},
	PayOpenTop:     {"只写了下限", "only a lower limit is given"},
	PayOpenBottom:  {"只写了上限", "only an upper limit is given"},
	PayBase:        {"数目是底薪", "the figure is the base pay"},
	PayTrial:       {"数目是试用期或学徒期的工资", "the figure is for the trial or apprenticeship"},
	PayMore:        {"另有提成、补贴或奖金，没有算进去", "commission, allowances or bonuses come on top and are not counted"},
	PaySeveral:     {"写了几个数目，取最低到最高", "several figures are given; the lowest to the highest is taken"},
	PayShortened:   {"工资说明太长，截短了", "the pay text was too long and has been cut"},
	EducationTop:   {"写的是“以下”，没有最低要求", "an upper limit is given, no lower one"},
	EducationLeast: {"写了几种学历，取最低的", "several levels are given; the lowest is taken"},
	EducationWish:  {"写的是“优先”，不算要求", "a preference is no requirement"},
	SpanWish:       {"写的是“优先”，不算要求", "a preference is no requirement"},
	SpanVague:      {"要有经验，没写多久，记作不限", "experience is asked for, but not how much; taken as none"},
	SpanLeast:      {"写了范围，取最低的", "a range is given; the lowest is taken"},
	DayYearGuessed: {"没写年份或只写了两位，按最近的一年", "the year is missing or short; the nearest is taken"},
	DaySerial:      {"是表格软件的日期序号", "it is a spreadsheet's serial day"},
	DayOpen:        {"写的是长期，按默认天数", "it is open-ended; the usual number of days is taken"},
	DayCounted:     {"写的是天数，从发布日算起", "a number of days is given, counted from publication"},
	AreaZone:       {"开发区没有单独的代码，记在所在的地方", "a development zone without a code of its own; put where it lies"},
	AreaOldName:    {"是旧地名，换成了现在的", "an old name; the present one is taken"},
	AreaByPlace:    {"按工作地点认出的地区", "the area was found by the place of work"},
	HeadsMost:      {"写了范围，取最多的", "a range is given; the greatest is taken"},
	PhoneTidied:    {"电话的写法整理过", "the number was tidied"},
	WorkGuessed:    {"职业是按岗位名称认的", "the occupation was told by the title"},
	WorkUnknown:    {"没认出职业，归入其他", "the occupation is not known; put with the others"},
}

// Say returns the sentence in a language; "" for a Reason that is not ours.
func (r Reason) Say(l words.Lang) string {
	if l == words.En {
		return said[r][1]
	}
	return said[r][0]
}

// Error returns the sentence in English.
func (r Reason) Error() string { return r.Say(words.En) }
