package intake

import "jobhome/kiosk/words"

// Cause is why a source, a row or a column is not taken as it stands, or what
// was done about it. It is an error, in English; [Cause.Say] has both languages.
type Cause string

// Why a whole source is refused.
const (
	TooBig        Cause = "too-big"
	TooManyRows   Cause = "too-many-rows"
	TooWide       Cause = "too-wide"
	TooLongText   Cause = "too-long-text"
	Unpacks       Cause = "unpacks-too-much"
	TooSlow       Cause = "too-slow"
	NothingInIt   Cause = "nothing-in-it"
	UnknownFormat Cause = "unknown-format"
	BrokenFile    Cause = "broken-file"
	NoHeader      Cause = "no-header"
	NoPosting     Cause = "no-posting"
	BadMapping    Cause = "bad-mapping"
)

// Why a row is not taken.
const (
	RowBroken     Cause = "row-broken"
	Missing       Cause = "missing"
	CheckFailed   Cause = "check-failed"
	Expired       Cause = "expired"
	NoValidity    Cause = "no-validity"
	NoArea        Cause = "no-area"
	RefTwice      Cause = "ref-twice"
	CellError     Cause = "cell-error"
	CellDate      Cause = "cell-date"
	BadOccupation Cause = "bad-occupation"
	BadNumber     Cause = "bad-number"
)

// Why rows are skipped.
const (
	BlankRow   Cause = "blank-row"
	TitleRow   Cause = "title-row"
	HeaderRow  Cause = "header-row"
	NoteRow    Cause = "note-row"
	NumberOnly Cause = "number-only"
	TotalRow   Cause = "total-row"
	OtherSheet Cause = "other-sheet"
)

// What was done with a row.
const (
	FilledDown     Cause = "filled-down"
	AreaDefault    Cause = "area-default"
	DayDefault     Cause = "day-default"
	HoldsDefault   Cause = "holds-default"
	MovedText      Cause = "moved-text"
	KeptWords      Cause = "kept-words"
	ContactInWords Cause = "contact-in-words"
	TitleFromWork  Cause = "title-from-work"
	Remote         Cause = "remote"
	ColumnUnused   Cause = "column-unused"
)

// causes holds the sentences; a test sees to it that every Cause has one.
var causes = map[Cause][2]string{
	TooBig:        {"文件太大（最多 32 MB），请分成几个", "the file is too big (at most 32 MB); split it"},
	TooManyRows:   {"行数太多（最多 5 万行），请分成几个文件；表尾的空行请删掉", "it has too many rows (at most 50,000); split it, and delete empty rows at its end"},
	TooWide:       {"列数太多（最多 512 列）", "it has too many columns (at most 512)"},
	TooLongText:   {"有的单元格文字太长", "a cell's text is too long"},
	Unpacks:       {"文件解压后太大，不予读取", "the file unpacks to too much and is not read"},
	TooSlow:       {"读取超时，请把文件分小", "reading took too long; split the file"},
	NothingInIt:   {"文件是空的", "the file is empty"},
	UnknownFormat: {"不是能读的格式，请存成 .xlsx 或 CSV", "this is no format that is read here; save it as .xlsx or CSV"},
	BrokenFile:    {"文件坏了或有密码，打不开", "the file is damaged or locked and cannot be opened"},
	NoHeader:      {"没有找到表头：要有“岗位名称”等列", "no header was found: there must be columns such as 岗位名称"},
	NoPosting:     {"里面没有招聘信息（JobPosting）", "there is no JobPosting in it"},
	BadMapping:    {"列的对应关系里有不存在的字段", "the mapping of columns names a field that there is not"},

	RowBroken:     {"这一行读不出来", "the row cannot be read"},
	Missing:       {"没有填写", "is missing"},
	CheckFailed:   {"不合规定", "is not allowed"},
	Expired:       {"有效期已经过了", "it is no longer valid"},
	NoValidity:    {"没写有效期", "it does not say until when it holds"},
	NoArea:        {"没写在哪里工作", "it does not say where the work is"},
	RefTwice:      {"编号和前面的行重复", "an earlier row has the same id"},
	CellError:     {"单元格是公式错误", "the cell holds a formula's error"},
	CellDate:      {"表格软件把内容变成了日期，请改成文本再填", "the spreadsheet has turned it into a date; make the cell a text and type it again"},
	BadOccupation: {"职业代码不对，或没有这个职业", "the occupation's code is wrong, or there is no such occupation"},
	BadNumber:     {"不是数字", "is no number"},

	BlankRow:   {"空行", "empty row"},
	TitleRow:   {"表头上面的标题", "title above the header"},
	HeaderRow:  {"表头", "header"},
	NoteRow:    {"说明文字", "note"},
	NumberOnly: {"只有序号的空行", "empty row with a number only"},
	TotalRow:   {"合计", "total"},
	OtherSheet: {"没有表头的工作表", "sheet without a header"},

	FilledDown:     {"合并单元格或空着，沿用上面一行的单位", "merged or left empty; the employer of the row above"},
	AreaDefault:    {"没写或没认出地区，用了来源所在的地区", "no area was given or known; that of the source is taken"},
	DayDefault:     {"没写发布日期，用了导入的日期", "no day of publication; the day of import is taken"},
	HoldsDefault:   {"没写有效期到哪天，用了默认天数", "no last day; the usual number of days is taken"},
	MovedText:      {"文字太长，全文移到了说明里", "the text was too long; all of it is in the description"},
	KeptWords:      {"原来的说法保留在文字里", "the words were kept in the text"},
	ContactInWords: {"不是电话号码，放进了联系方式说明", "no telephone number; put with how to get in touch"},
	TitleFromWork:  {"没写岗位名称，用了工种", "no title; the occupation's name is taken"},
	ColumnUnused:   {"没有用到这一列", "this column was not used"},
	Remote:         {"写的是远程办公", "it says that the work is done from afar"},
}

// rulesOf tell what kiosk.Posting.Check wants of a field.
var rulesOf = map[string]string{
	"title":                "岗位名称要有，最多 60 个字",
	"employer.name":        "单位名称要有，最多 60 个字",
	"employer.credit_code": "统一社会信用代码是 18 位，最后一位是校验码",
	"occupation":           "职业代码的样子是 6-05-01-03",
	"channel":              "岗位类别是企业招聘、零工、政策性岗位、公益性岗位、见习实习之一",
	"headcount":            "人数在 0 到 100000 之间",
	"area":                 "区划代码是 2、4、6、9 或 12 位数字",
	"address":              "工作地点最多 120 个字",
	"location":             "经纬度不对",
	"pay":                  "工资的数目或单位不对，币种只能是人民币",
	"experience":           "经验最多 600 个月",
	"description":          "说明最多 5000 个字",
	"contact.person":       "联系人最多 30 个字",
	"contact.phone":        "电话最多 30 个字",
	"dates":                "要有发布日期和有效期，有效期不能早于发布日期",
}

// Say returns the sentence in a language; "" for a Cause that is not ours.
func (c Cause) Say(l words.Lang) string {
	if l == words.En {
		return causes[c][1]
	}
	return causes[c][0]
}

// Error returns the sentence in English.
func (c Cause) Error() string { return c.Say(words.En) }
