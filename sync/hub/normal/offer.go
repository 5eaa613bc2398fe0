package normal

import (
	"regexp"
	"strings"

	"jobhome/kiosk"
)

// kind is what an amount in a pay text is for.
type kind int

const (
	plain   kind = iota // not said
	total               // all that is earned
	base                // 底薪
	regular             // 转正, 熟手
	trial               // 试用, 学徒
	bonus               // what comes on top
)

// offer is one amount or range in a pay text.
type offer struct {
	lo, hi fraction // yuan
	unit   kiosk.PayUnit
	kind   kind
	notes  []Reason
}

// kindWords tell what an amount is for; the last one before it counts, of two
// that end together the longer.
var kindWords = []struct {
	kind  kind
	words []string
}{
	{total, strings.Fields("综合 月入 年入 收入 实得 平均 月均 人均 工资 薪资 薪酬 月薪 年薪 日薪 时薪 周薪 待遇 报酬 可达 合计 总 税前 税后 预计 约 高达")},
	{base, strings.Fields("底薪 保底 基本工资 基础工资 固定工资 无责 起薪 基本薪资 基薪")},
	{regular, strings.Fields("转正 转正后 正式 熟手 熟练 熟练工 熟手工资")},
	{trial, strings.Fields("试用 试用期 试用期工资 实习 实习期 学徒 学徒期 培训期 见习期 新手 实习工资 学徒工资")},
	{bonus, strings.Fields("补贴 补助 津贴 奖 奖金 提成 绩效 全勤 全勤奖 餐补 房补 饭补 车补 话补 社保 公积金 押金 加班 加班费 工龄 工龄工资 " +
		"福利 红包 年终 入职 伯乐 路费 扣 罚 服装费 体检 住宿费 水电 夜班费 夜补 加班工资 绩效工资 奖励")},
}

// kindOf tells what the words before an amount make of it.
func kindOf(label string) kind {
	found, end, size := plain, -1, 0
	for _, k := range kindWords {
		for _, w := range k.words {
			i := strings.LastIndex(label, w)
			if i < 0 {
				continue
			}
			if e := i + len(w); e > end || e == end && len(w) > size {
				found, end, size = k.kind, e, len(w)
			}
		}
	}
	return found
}

const (
	moneyNum  = `(\d+(?:\.\d+)?)(万|w|千|k)?(多)?(?:元|块钱|块|圆)?`
	timeUnit  = `个?月|m(?:onth)?|天|日|d(?:ay)?|工|班|课时|小时|钟头|时|h(?:our|r)?|周|星期|礼拜|w(?:eek)?|年|y(?:ear)?`
	pieceUnit = `件|个|条|单|双|套|公斤|千克|斤|kg|吨|米|票|车|只|方|平方米?|平米|㎡|台|次|盘|桌|打|部|把|片|张|箱|包|间|床|份|根|支|块|亩|篇|字|趟`
)

var (
	amountRE = regexp.MustCompile(
		`¥?` + moneyNum + `(?:(?:(?:/|每|一)(?:` + timeUnit + `))?-¥?` + moneyNum + `)?` +
			`(\+|及以上|以上|起步|起|往上|左右|上下|以内|以下|之内|封顶)?` +
			`(?:(/|每|一|·|\()(` + timeUnit + `|` + pieceUnit + `)\)?)?` +
			`(\+|及以上|以上|起步|起|往上|左右|上下|以内|以下|之内|封顶)?`)
	bareUnitRE = regexp.MustCompile(`^(?:` + timeUnit + `)`)
	// no money: hours, days, months' wages, people, ages, days of the month
	notMoneyRE = regexp.MustCompile(`^(?:薪|号|名|人|位|岁|险|倍|%|点|班|休|级|档|分钟|个小时|个工作日|楼|层|轮|期|股|折|金)`)
	clauseRE   = regexp.MustCompile(`[,;。!？?()\[\]【】|]`)
	minorRE    = regexp.MustCompile(`(\d+(?:\.\d+)?)(毛|角|分)(\d|钱)?`)
)

// scanPay finds every amount in a text that payText has written.
func scanPay(s, heading string) ([]offer, error) {
	s = minorUnits(s)
	var all []offer
	last, unlikely := 0, error(nil)
	for _, m := range amountRE.FindAllStringSubmatchIndex(s, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		a := amount{
			low: group(1), lowScale: group(2), high: group(4), highScale: group(5),
			limit: group(7) + group(10), unit: group(9), rest: s[m[1]:], before: s[last:m[0]],
			marked: strings.ContainsAny(s[m[0]:m[1]], "元块圆¥"), whole: s, heading: heading,
			fresh: last == 0,
		}
		o, money, err := a.offer()
		if !money {
			continue
		}
		last = m[1]
		if err != nil {
			unlikely = err
			continue
		}
		all = append(all, o)
	}
	if len(all) == 0 || onlyBonus(all) {
		return nil, unlikely
	}
	return all, nil
}

func onlyBonus(all []offer) bool { return len(without(all, bonus)) == 0 }

// minorUnits writes 3毛5 and 8分钱 in yuan.
func minorUnits(s string) string {
	return minorRE.ReplaceAllStringFunc(s, func(m string) string {
		p := minorRE.FindStringSubmatch(m)
		n, ok := decimal(p[1])
		if !ok || p[2] == "分" && p[3] != "钱" {
			return m // 满分, 80分
		}
		if n /= 10; p[2] == "分" {
			n /= 10
		}
		if rest, ok := decimal(strings.TrimSuffix(p[3], "钱")); ok {
			n += rest / 100
		}
		return n.String() + "元"
	})
}
