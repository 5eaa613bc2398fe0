package intake

import (
	"iter"
	"strings"

	"golang.org/x/text/width"

	"jobhome/kiosk/csvfile"
)

// Fields beside those of csvfile, for what templates have and a posting has not.
const (
	fieldSerial = "serial" // 序号: tells nothing
	fieldKeep   = "keep"   // kept in words with its heading, among the requirements
	fieldNote   = "note"   // 备注: kept in words, in the description
	fieldGoods  = "goods"  // 待遇: pay or benefits, as the other columns say
	fieldYes    = "yes:"   // 是否包住: followed by the benefits that 是 means
	fieldSpan   = "experience"
)

// headings are those of templates by their field, beside those that csvfile
// knows.
var headings = invert(map[string]string{
	fieldSerial: "序号 序 no no. 行号 #",
	"title": "招聘工种 工种/岗位 岗位/工种 岗位(工种) 需求岗位 用工岗位 招聘职位 职位名 岗位名 招聘岗位名称 需求岗位名称 招工岗位 缺工岗位 " +
		"职位/岗位 岗位及职位 拟招聘岗位 title 招聘专业岗位 见习岗位 见习岗位名称 零工岗位",
	"employer.name": "公司 企业 用工单位 用工单位名称 招聘企业 招聘企业名称 招聘单位名称 单位全称 公司全称 企业全称 商户名称 用工企业 " +
		"用人单位全称 发布单位 见习单位 见习单位名称 雇主 店名 单位/企业名称 企业(单位)名称 企业/单位名称 company",
	"employer.credit_code": "机构代码 统一信用代码 信用代码(18位) 营业执照号",
	"occupation.name":      "职业(工种) 职业/工种 职业工种 所属职业",
	"channel":              "招聘类型 工作性质 用工形式 用工性质 岗位属性 职位类型 招聘性质",
	"headcount": "需求数 需求人数(人) 招聘人数(人) 用工人数 缺工人数 人数(人) 招工人数 拟招人数 招聘名额 名额 需求量 招聘数 数量 招收人数 " +
		"需求数量 岗位数 岗位人数 见习人数 计划人数 拟招聘人数",
	"area":         "地区 区域 所在地区 所在区域 工作区域 所属区县 区县 县区 所属地区 街道 乡镇 乡镇街道 所属街道 园区 所在园区 工作城市 城市 所属区域",
	"address":      "单位地址 公司地址 企业地址 详细地址 工作单位地址 办公地址 上班地址 就业地点 岗位地点 集合地点 工作地",
	"pay.original": "薪资 薪酬 工资 月薪 月工资 薪资范围 薪酬范围 工资标准 薪资水平 薪酬水平 薪水 日薪 时薪 年薪 单价 工价 工资范围 月薪范围 综合工资 综合薪资 综合月薪 薪酬标准 薪资标准 工资水平 工资/待遇 薪资/待遇 薪酬/待遇 薪资报酬 劳动报酬 月收入 月薪待遇 薪酬待遇 薪资(待遇) 工资(待遇) 工资及待遇 待遇(工资) 薪资福利 薪酬福利 薪资福利待遇 薪酬福利待遇 工资福利待遇 salary 计件单价",
	"pay.min":      "最低月薪 薪资最低 月薪最低 工资最低 薪酬最低 起薪 月薪下限 薪酬下限",
	"pay.max":      "最高月薪 薪资最高 月薪最高 工资最高 薪酬最高 月薪上限 薪酬上限",
	"education":    "文化要求 学历层次 最低学历要求 学历条件 文化 学历及以上",
	fieldSpan:      "工作年限 年限要求 工作经验要求 经验年限 经验 工作经验 经验要求 工作经历 年限",
	"shifts":       "工作班制 班次要求 上班班次",
	"hours":        "作息时间 工作时长 上班时长 工作时间安排 上下班时间",
	"benefits": "食宿 食宿情况 食宿条件 吃住 员工福利 福利情况 社保 五险 五险一金 保险 社会保险情况 保险福利 其他福利 其他待遇 住宿 伙食 " +
		"福利保障",
	"certificates":            "资格证 资格证书要求 职业资格 证件要求 上岗证",
	"requirements":            "招聘条件 招聘要求 任职条件 条件 岗位条件 任职资格 具体要求 应聘条件 用工要求 岗位任职要求 资格条件 任职资格要求 应聘要求 招工要求",
	"description":             "职责 主要工作 岗位内容 岗位介绍 工作职责 主要职责 职位说明 工作描述 工作说明 职位职责 岗位工作内容 主要工作内容 岗位职责及要求 岗位职责和要求 工作职责及要求 岗位描述及要求",
	"contact.person":          "联络人 招聘联系人 负责人 联系人姓名",
	"contact.phone":           "联系人及电话 联系人/电话 联系人及联系方式 联系人电话 咨询电话 报名电话 招聘电话 手机号码 电话号码 联系人及联系电话 联系人联系方式 联系人联系电话 联络电话 招聘联系电话 联系人/联系方式 固定电话 座机",
	"contact.rule":            "报名方式 应聘方式 联系须知 报名地点",
	"starts":                  "用工日期 用工时间 入职时间 见习开始时间 开始日期",
	"published":               "登记日期 填报日期 填报时间 登记时间 发布时间 采集日期 招聘开始时间 招聘开始日期",
	"valid_through":           "有效期限 招聘截止 招聘截止日期 招聘截止时间 报名截止 报名截止时间 报名截止日期 截止 有效期截止 到期日期 有效截止日期 招聘期限 招聘有效期",
	"id":                      "岗位编码 职位编码 招聘编号 信息编号 岗位代码 职位代码",
	fieldKeep:                 "年龄 年龄要求 年龄范围 年龄限制 性别 性别要求 专业 专业要求 所学专业 专业类别 技能 技能要求 语言要求 婚姻状况 婚姻 政治面貌 户籍 户籍要求 民族 身高 其他条件 职称要求 技能等级 职业技能等级 特殊要求 岗位等级",
	fieldNote:                 "备注 备注说明 说明事项 其他 其它 其他说明 其他事项 补充说明",
	fieldGoods:                "待遇",
	fieldYes + "dorm":         "是否包住 是否提供住宿 提供住宿 包住 是否住宿",
	fieldYes + "meals":        "是否包吃 是否提供伙食 包吃 是否提供工作餐",
	fieldYes + "dorm meals":   "是否包吃住 是否提供食宿 是否食宿 包吃住 提供食宿",
	fieldYes + "insurance":    "是否缴纳社保 是否交社保 是否购买社保 是否参保 是否五险",
	fieldYes + "bus":          "是否有班车 有无班车",
	fieldYes + "weekends-off": "是否双休",
	fieldYes + "training":     "是否提供培训",
	"occupation.code":         "职业分类",
	"location.lat":            "lat",
	"location.lon":            "lon lng",
	"source.name":             "信息提供单位 报送单位 填报单位",
	"pay.unit":                "薪资类型 计薪周期 工资类型",
	"refreshed":               "最后更新 最近更新",
})

// invert gives the field of each heading.
func invert(lists map[string]string) map[string]string {
	fields := map[string]string{}
	for field, list := range lists {
		for h := range strings.FieldsSeq(list) {
			fields[h] = field
		}
	}
	return fields
}

// Fields gives the fields that [Options].Mapping may name, each with what it is
// called in Chinese, for a form to choose from.
func Fields() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for field, heading := range csvfile.Fields() {
			if !yield(field, heading) {
				return
			}
		}
		_ = yield(fieldSpan, "工作经验") && yield(fieldKeep, "保留在要求里") && yield(fieldNote, "备注") && yield("-", "不用这一列")
	}
}

// many are the fields that several columns may have together.
func many(field string) bool {
	return field == "benefits" || field == "shifts" || field == "certificates" || field == "requirements" ||
		field == "description" || field == fieldKeep || field == fieldNote || field == fieldSerial || strings.HasPrefix(field, fieldYes)
}

var headingNoise = strings.NewReplacer("(必填)", "", "(选填)", "", "(必填项)", "", "*", "", "★", "", ":", "", " ", "", "\n", "", "\r", "", "\t", "", "\u3000", "")

// plainHeading is a heading without what people write differently.
func plainHeading(s string) string {
	return headingNoise.Replace(strings.ToLower(width.Fold.String(s)))
}

// mostHeading is how many bytes a heading has at most; more is a cell's text.
const mostHeading = 200

// fieldOf tells what field a heading is of; "" where it is not known.
func (in *intake) fieldOf(heading string) string {
	if strings.TrimSpace(heading) == "" || len(heading) > mostHeading {
		return ""
	}
	h := plainHeading(heading)
	for mapped, field := range in.o.Mapping {
		if plainHeading(mapped) == h {
			return field
		}
	}
	for _, try := range []string{h, withoutBrackets(h), strings.TrimSuffix(withoutBrackets(h), "要求"), "招聘" + withoutBrackets(h)} {
		if f := headings[try]; f != "" {
			return f
		}
		switch f := csvfile.Field(try); f {
		case "":
		case "benefits":
			if try == "待遇" {
				return fieldGoods
			}
			return f
		case "experience_months":
			return fieldSpan
		default:
			return f
		}
	}
	return ""
}

// withoutBrackets is 月薪 for 月薪(元).
func withoutBrackets(h string) string {
	for {
		from := strings.IndexByte(h, '(')
		to := strings.IndexByte(h, ')')
		if from < 0 || to < from {
			return h
		}
		h = h[:from] + h[to+1:]
	}
}

// subHeadings are the second row of a header, below 薪资.
var subHeadings = map[string]string{
	"最低": "pay.min", "最高": "pay.max", "下限": "pay.min", "上限": "pay.max", "起": "pay.min", "止": "pay.max",
	"最低值": "pay.min", "最高值": "pay.max", "从": "pay.min", "至": "pay.max", "最低工资": "pay.min", "最高工资": "pay.max",
	"最低薪资": "pay.min", "最高薪资": "pay.max", "单位": "pay.unit",
}

// knownField reports whether a field is one that the rows are read for.
func knownField(field string) bool {
	if field == "-" {
		return true
	}
	if _, reason := csvfile.Value(field, ""); reason == "" {
		return true
	}
	switch field {
	case fieldSerial, fieldKeep, fieldNote, fieldGoods, fieldSpan:
		return true
	}
	return false
}
