package csvfile

import (
	"strconv"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// vocabulary knows the words that a value is said with, and what the value is
// called in files. The first words are those of the catalogue, as the terminal
// shows them.
type vocabulary struct {
	names map[string]string // of each word, written plainly
	list  string            // one word of each value, for reports
}

// add takes the words in, those of also with blanks between them.
func (v *vocabulary) add(name, said, also string) {
	if v.names == nil {
		v.names = map[string]string{}
	}
	if v.list != "" {
		v.list += ", "
	}
	v.list += said + " (" + name + ")"
	for _, w := range append(strings.Fields(also), name, said) {
		v.names[plain(w)] = name
	}
}

var (
	educationWords   = educations()
	channelWords     = channels()
	unitWords        = units()
	shiftWords       = shifts()
	benefitWords     = benefits()
	certificateWords = certificates()
)

func educations() (v vocabulary) {
	also := map[kiosk.Education]string{
		kiosk.AnySchooling: "不限 无 无要求 不要求",
		kiosk.Postgraduate: "硕士 博士 硕士研究生 博士研究生",
		kiosk.Bachelor:     "大学 大学本科 学士",
		kiosk.College:      "专科 大学专科 高职",
		kiosk.Vocational:   "中专 中职 技校 中技 职高 中等职业教育",
		kiosk.HighSchool:   "普通高中",
		kiosk.NoSchooling:  "其他",
	}
	for _, e := range append(kiosk.Educations(), kiosk.AnySchooling) {
		n := strconv.Itoa(int(e))
		v.add(n, words.T(words.Zh, "edu."+n), also[e])
	}
	return v
}

func channels() (v vocabulary) {
	also := map[kiosk.Channel]string{
		kiosk.Market:     "市场 市场性岗位 市场岗位 市场化岗位 社会招聘",
		kiosk.Gig:        "零工岗位 灵活用工 日结",
		kiosk.Policy:     "政策 政策性 政策岗位",
		kiosk.Welfare:    "公益 公益性 公益岗位",
		kiosk.Internship: "见习 实习 见习岗位 就业见习",
	}
	for _, c := range kiosk.Channels() {
		v.add(string(c), words.T(words.Zh, "channel."+string(c)), also[c])
	}
	return v
}

func units() (v vocabulary) {
	also := map[kiosk.PayUnit]string{
		kiosk.PerMonth: "月 月薪", kiosk.PerDay: "天 日 日薪", kiosk.PerHour: "小时 时 时薪 钟头",
		kiosk.PerPiece: "件 计件 个", kiosk.PerWeek: "周 星期 周薪", kiosk.PerYear: "年 年薪",
	}
	for _, u := range []kiosk.PayUnit{
		kiosk.PerMonth, kiosk.PerDay, kiosk.PerHour, kiosk.PerPiece, kiosk.PerWeek, kiosk.PerYear,
	} {
		v.add(string(u), words.T(words.Zh, "unit."+string(u)), also[u])
	}
	v.add(string(kiosk.Negotiable), words.T(words.Zh, "pay.talk"), "面议 薪资面议")
	return v
}

func shifts() vocabulary {
	return members(kiosk.AllShifts.Each(), "shift.", map[kiosk.Shifts]string{
		kiosk.DayShift: "长白班 日班", kiosk.NightShift: "晚班", kiosk.RotatingShift: "轮班 两班倒 三班倒",
		kiosk.FlexibleHours: "弹性 弹性工作 灵活", kiosk.PartTime: "小时工 钟点工",
	})
}

func benefits() vocabulary {
	return members(kiosk.AllBenefits.Each(), "perk.", map[kiosk.Benefits]string{
		kiosk.Dorm: "住宿 提供住宿 宿舍", kiosk.Meals: "工作餐 餐补 管饭", kiosk.Bus: "班车 接送",
		kiosk.Insurance: "社保 五险 社会保险 缴纳社保", kiosk.HousingFund: "住房公积金", kiosk.OvertimePay: "加班补贴",
		kiosk.PaidLeave: "带薪年假 年假", kiosk.WeekendsOff: "双休 周末双休", kiosk.Training: "培训",
		kiosk.AgeFriendly: "大龄友好", kiosk.ChildFriendly: "妈妈岗",
	})
}

func certificates() vocabulary {
	return members(kiosk.AllCertificates.Each(), "cert.", map[kiosk.Certificates]string{
		kiosk.CraneCert: "起重证", kiosk.HeightsCert: "高处作业证 高空作业证", kiosk.CarLicence: "C1 C1驾驶证 C2 C2驾照",
		kiosk.TruckLicence: "B2 B2驾驶证", kiosk.BusLicence: "A1 A1驾驶证 A3 A3驾照", kiosk.GuardCert: "保安员证",
		kiosk.CareCert: "养老护理员证 护理员证 育婴证", kiosk.NurseCert: "护士资格证 护士执业证",
		kiosk.TeacherCert: "教师资格证", kiosk.AccountantCert: "会计资格证", kiosk.CookCert: "厨师资格证",
	})
}

// member is one of a set that the catalogue has a word for.
type member interface {
	comparable
	Name() string
}

// members is the vocabulary of a set; key begins the catalogue's keys of it.
func members[M member](all []M, key string, also map[M]string) (v vocabulary) {
	for _, m := range all {
		v.add(m.Name(), words.T(words.Zh, key+m.Name()), also[m])
	}
	return v
}
