package csvfile

import (
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// column is one that a file may have.
type column struct {
	field   string   // as in the table of kiosk/board/README.md
	heading string   // as it is written
	also    []string // other headings that are understood
	must    bool
	read    reading
}

// reading turns what stands in a cell into what the field has in JSON; nil
// where nothing is said. The reason tells why it cannot; it follows the cell's
// text: `"x" is no number`.
type reading func(cell string) (value any, reason string)

// columns are in the order in which they are written.
var columns = []column{
	{"id", "岗位编号", []string{"编号", "职位编号", "岗位ID", "职位ID"}, true, readCode},
	{"title", "岗位名称", []string{"职位名称", "招聘岗位", "岗位", "职位"}, true, readText},
	{"employer.name", "单位名称", []string{"用人单位", "用人单位名称", "企业名称", "公司名称", "招聘单位", "单位"}, true, readText},
	{"employer.credit_code", "统一社会信用代码", []string{"社会信用代码", "信用代码"}, false, readCode},
	{"occupation.code", "职业代码", []string{"职业编码", "职业分类代码", "工种代码"}, true, readCode},
	{"occupation.name", "职业名称", []string{"职业", "工种", "工种名称"}, false, readText},
	{"channel", "岗位类别", []string{"岗位类型", "岗位性质", "招聘类别"}, true, readChannel},
	{"headcount", "招聘人数", []string{"人数", "需求人数", "招聘数量"}, false, readHeads},
	{"area", "行政区划", []string{"行政区划代码", "区划代码", "地区代码"}, true, readCode},
	{"address", "工作地点", []string{"工作地址", "上班地点", "地址"}, false, readText},
	{"location.lat", "纬度", nil, false, readDegrees},
	{"location.lon", "经度", nil, false, readDegrees},
	{"pay.min", "最低工资", []string{"最低薪资", "最低薪酬", "工资下限", "薪资下限", "最低工资（元）"}, false, readYuan},
	{"pay.max", "最高工资", []string{"最高薪资", "最高薪酬", "工资上限", "薪资上限", "最高工资（元）"}, false, readYuan},
	{"pay.unit", "工资单位", []string{"薪资单位", "薪酬单位", "计薪单位", "计薪方式"}, true, readUnit},
	{"pay.original", "工资说明", []string{"薪资说明", "薪酬说明", "工资待遇", "薪资待遇"}, false, readText},
	{"pay.month_min", "折合每月最低", []string{"折合月薪最低", "每月约最低"}, false, readYuan},
	{"pay.month_max", "折合每月最高", []string{"折合月薪最高", "每月约最高"}, false, readYuan},
	{"education", "学历", []string{"学历要求", "最低学历", "文化程度"}, false, readEducation},
	{"experience_months", "经验（月）", []string{"工作经验（月）", "经验月数", "经验（个月）"}, false, readMonths},
	{"shifts", "班次", []string{"班制", "工作班次"}, false, readShifts},
	{"hours", "上班时间", []string{"工作时间", "工时"}, false, readText},
	{"benefits", "待遇", []string{"福利", "福利待遇"}, false, readBenefits},
	{"certificates", "证书", []string{"证书要求", "所需证书", "资格证书", "持证要求"}, false, readCertificates},
	{"requirements", "要求", []string{"任职要求", "岗位要求", "其他要求"}, false, readText},
	{"description", "说明", []string{"岗位说明", "岗位描述", "职位描述", "工作内容", "岗位职责"}, false, readText},
	{"contact.person", "联系人", nil, false, readText},
	{"contact.phone", "电话", []string{"联系电话", "手机", "手机号", "联系方式"}, false, readText},
	{"contact.rule", "联系方式说明", []string{"联系说明", "联系时间"}, false, readText},
	{"starts", "开工日期", []string{"开工时间", "上岗日期", "上岗时间", "到岗日期"}, false, readDay},
	{"published", "发布日期", []string{"发布时间"}, true, readDay},
	{"refreshed", "刷新日期", []string{"刷新时间", "更新日期", "更新时间"}, false, readDay},
	{"valid_through", "有效期至", []string{"有效期", "有效日期", "截止日期", "截止时间", "失效日期"}, true, readDay},
	{"source.name", "来源", []string{"信息来源", "数据来源"}, false, readText},
	{"source.ref", "来源编号", []string{"来源编码"}, false, readText},
}

// spoken are headings under which a bare number may mean anything, so that a
// cell has to give its unit.
var spoken = []column{
	{"experience_months", "经验", []string{"工作经验", "经验要求"}, false, readSpan},
}

// findColumn returns the column of a heading, or nil.
func findColumn(heading string) *column { return byHeading()[plainHeading(heading)] }

// byHeading finds the columns by all that they are called, written plainly.
var byHeading = sync.OnceValue(func() map[string]*column {
	all := map[string]*column{}
	for _, list := range [][]column{columns, spoken} {
		for i := range list {
			c := &list[i]
			for _, h := range append([]string{c.field, c.heading}, c.also...) {
				if h = plainHeading(h); all[h] == nil {
					all[h] = c
				}
			}
		}
	}
	return all
})

var headingNoise = strings.NewReplacer("(必填)", "", "(选填)", "", "*", "")

// plainHeading leaves out of a heading what people write differently.
func plainHeading(s string) string {
	s = headingNoise.Replace(plain(s))
	return strings.TrimSpace(s)
}

// plain is s without blanks, in lower case, with full-width letters, digits
// and signs as ASCII.
func plain(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(fold(s)), ""))
}

// fold is s with full-width letters, digits and signs as ASCII.
func fold(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return s
	}
	return width.Fold.String(s)
}

// header says which column each heading is of; nil for an empty heading.
func header(headings []string) ([]*column, error) {
	cols := make([]*column, len(headings))
	byField := map[string]string{}
	var unknown []string
	for i, h := range headings {
		if strings.TrimSpace(h) == "" {
			continue
		}
		c := findColumn(h)
		if c == nil {
			unknown = append(unknown, fmt.Sprintf("%.60q", h))
			continue
		}
		if first, twice := byField[c.field]; twice {
			return nil, fmt.Errorf("the columns %q and %q are both %s", first, h, c.field)
		}
		byField[c.field], cols[i] = h, c
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("no column is called %s; the columns are %s", strings.Join(unknown, ", "), known(false))
	}
	var missing []string
	for _, c := range columns {
		if _, ok := byField[c.field]; c.must && !ok {
			missing = append(missing, c.said())
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("there is no column %s; those that must be there are %s", strings.Join(missing, ", "), known(true))
	}
	return cols, nil
}

func (c *column) said() string { return c.heading + " (" + c.field + ")" }

func known(mustOnly bool) string {
	var all []string
	for i := range columns {
		if columns[i].must || !mustOnly {
			all = append(all, columns[i].said())
		}
	}
	return strings.Join(all, ", ")
}

// fieldsOf lists the columns that a problem of package jsonl is about: it
// names a field, a group of fields, or a check of several.
func fieldsOf(field string) []string {
	switch field {
	case "":
		return nil
	case "dates":
		return []string{"starts", "published", "refreshed", "valid_through"}
	case "experience":
		return []string{"experience_months"}
	}
	var in []string
	for i := range columns {
		if f := columns[i].field; f == field || strings.HasPrefix(f, field+".") {
			in = append(in, f)
		}
	}
	return in
}
