package demo

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
)

// setPay draws a range inside the job's and words for it.
func (g *generator) setPay(p *kiosk.Posting, r payRange) {
	if p.Channel == kiosk.Market && g.chance(4) {
		r = payRange{unit: kiosk.Negotiable}
	}
	pay := kiosk.Pay{Unit: r.unit}
	switch r.unit {
	case kiosk.Negotiable:
		pay.Original = pick(g, []string{"面议", "工资面议", "薪资面谈，看手艺定"})
	case kiosk.PerPiece:
		g.setPiece(&pay, r)
	case kiosk.PerMonth:
		pay.Min, pay.Max = g.inside(r, kiosk.Yuan(100))
		pay.Original = monthWords(g, pay.Min, pay.Max)
	case kiosk.PerDay:
		pay.Min, pay.Max = g.inside(r, kiosk.Yuan(10))
		pay.Original = figure(pay.Min, pay.Max) + pick(g, []string{"元/天", "元一天，日结", "元/天，做完当天结"})
	case kiosk.PerHour:
		pay.Min, pay.Max = g.inside(r, kiosk.Yuan(1))
		pay.Original = figure(pay.Min, pay.Max) + pick(g, []string{"元/小时", "元一小时，周结", "元/时，做满结算"})
	case kiosk.PerYear:
		pay.Min, pay.Max = g.inside(r, kiosk.Yuan(5000))
		pay.Original = fmt.Sprintf("年薪%s万，含年终奖", figure(pay.Min/10000, pay.Max/10000))
	}
	p.Pay = pay
}

// inside draws a range inside r in whole steps; one figure in five.
func (g *generator) inside(r payRange, step kiosk.Fen) (low, high kiosk.Fen) {
	steps := int((r.hi - r.low) / step)
	low = r.low + kiosk.Fen(g.between(0, steps/3))*step
	high = r.hi - kiosk.Fen(g.between(0, steps/3))*step
	if step >= kiosk.Yuan(100) { // people think in five hundreds
		high -= high % kiosk.Yuan(100)
		if g.chance(60) {
			low -= low % kiosk.Yuan(500)
			high -= high % kiosk.Yuan(500)
		}
	}
	low, high = max(low, r.low), max(high, r.low)
	low = min(low, high)
	if g.chance(18) {
		low = high - (high-low)/2
		low -= low % step
		high = low
	}
	return low, high
}

func (g *generator) setPiece(pay *kiosk.Pay, r payRange) {
	wide := int(r.pieceTop - r.piece)
	pay.Min = r.piece + kiosk.Fen(g.between(0, wide/3))
	pay.Max = r.pieceTop - kiosk.Fen(g.between(0, wide/3))
	if r.piece >= kiosk.Yuan(5) {
		pay.Min, pay.Max = pay.Min-pay.Min%100, pay.Max-pay.Max%100
	}
	rate := figure(pay.Min, pay.Max)
	if r.hi == 0 || g.chance(12) {
		pay.Original = "计件，" + rate + pick(g, []string{"元/件，当天结", "元一件，看货定价", "元/件"})
		return
	}
	pay.EstMin, pay.EstMax = g.inside(r, kiosk.Yuan(100))
	month := figure(pay.EstMin, pay.EstMax)
	pay.Original = pick(g, []string{
		"计件" + rate + "元/件，月综合" + month + "，多劳多得", "计件 " + month + "，多劳多得", "保底加计件，一个月" + month + "左右",
		"计件工资，熟手" + month + "元",
	})
}

func monthWords(g *generator, low, high kiosk.Fen) string {
	f := figure(low, high)
	words := []string{f + "元/月", "月薪" + f, "月薪" + f + "元", "综合工资" + f}
	if low != high {
		base := low - low%kiosk.Yuan(100) - kiosk.Yuan(800)
		if base >= kiosk.Yuan(2000) {
			words = append(words, fmt.Sprintf("底薪%s+加班费+奖金，综合%s", base, f), fmt.Sprintf("保底%s，做得好%s", low, high))
		}
	}
	return pick(g, words)
}

func figure(low, high kiosk.Fen) string {
	if low == high {
		return low.String()
	}
	return low.String() + "–" + high.String()
}

var benefitWords = map[kiosk.Benefits][]string{
	kiosk.Dorm:          {"包住，四人间有空调热水", "提供免费宿舍", "包住，夫妻房可申请"},
	kiosk.Meals:         {"包吃两餐", "食堂有补贴", "管一顿中饭", "工作餐免费"},
	kiosk.Bus:           {"有厂车接送", "早晚有班车到镇上"},
	kiosk.Insurance:     {"依法交社会保险", "入职就交社保", "签合同、交五险"},
	kiosk.HousingFund:   {"有住房公积金"},
	kiosk.OvertimePay:   {"加班费按法定标准另算", "加班1.5倍，周末2倍"},
	kiosk.PaidLeave:     {"有带薪年休假", "法定节假日带薪休息"},
	kiosk.WeekendsOff:   {"周末双休"},
	kiosk.Training:      {"岗前带薪培训", "有师傅带，学会为止"},
	kiosk.AgeFriendly:   {"大龄也欢迎，能胜任就行", "年纪大些也可以来"},
	kiosk.ChildFriendly: {"上下班能接送孩子", "时间照顾接送孩子上学"},
}

// description puts 60 to 300 characters together from what fits the job.
func (g *generator) description(j *job, e *employer, p *kiosk.Posting) string {
	var b strings.Builder
	say := func(s string) {
		if s != "" && utf8.RuneCountInString(b.String())+utf8.RuneCountInString(s) < 290 {
			b.WriteString(s + "。")
		}
	}
	if p.Channel != kiosk.Gig && g.chance(75) {
		say(e.intro)
	}
	duties := some(g, j.duties, g.between(2, 4))
	say(pick(g, []string{"做什么：", "工作内容：", "主要干的活：", "岗位职责：", ""}) + strings.Join(duties, "；"))
	if p.Channel == kiosk.Gig {
		say(pick(g, []string{"集合地点：", "到这里集合：", "上工地点："}) + p.Address)
	}
	var gives []string
	for _, benefit := range p.Benefits.Each() {
		if g.chance(85) {
			gives = append(gives, pick(g, benefitWords[benefit]))
		}
	}
	say(strings.Join(gives, "，"))
	if p.Experience == 0 && p.Channel == kiosk.Market && g.chance(45) {
		say(pick(g, []string{"没做过也行，有人带", "新手前三个月有保底", "试工当天给工钱", "学徒期给生活补贴"}))
	}
	say(pick(g, closings[p.Channel]))
	for _, more := range []string{"上班时间：" + p.Hours, "上班地点：" + p.Address, "有意的带推荐单来看看，面试不收任何费用"} {
		if utf8.RuneCountInString(b.String()) < 60 {
			say(more)
		}
	}
	return b.String()
}

var closings = map[kiosk.Channel][]string{
	kiosk.Market: {
		"", "工资每月15日发，从不拖欠", "试用期一个月，工资照发", "随时可以面试", "招满为止", "入职不收任何费用，不押证件",
		"离家近的优先安排", "当天面试当天答复", "做满一年有工龄奖", "可以先来看看环境再定", "夏天发高温补贴，冬天有取暖",
	},
	kiosk.Gig:        {"", "干完当场结清", "先到先得，人满为止", "下雨改期，电话通知", "路远的给10元路费", "不收任何费用"},
	kiosk.Policy:     {"以正式公告为准，报名不收费", "报名、笔试、面试时间见公告", "合同一年一签，考核合格续签"},
	kiosk.Welfare:    {"先到就业之家认定就业困难人员，再按顺序安排", "合同一年一签，最长三年", "由社区统一申报，不得转让"},
	kiosk.Internship: {"见习期三到六个月，发见习补贴，买意外保险", "表现好的留用", "见习结束给证明"},
}
