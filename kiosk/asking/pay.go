package asking

import (
	"strconv"
	"strings"

	"jobhome/kiosk"
)

// What stands before and after a sum of money that is pay. One of them must.
var (
	payBefore = []string{"工资", "月薪", "薪水", "薪资", "月工资", "一个月", "每月", "底薪", "保底", "月入"}
	payAfter  = []string{"以上", "起", "多", "左右", "往上", "一个月", "一月", "每月", "的工资"}
	payUnit   = []string{"块钱", "元", "块"}
)

// The sums that can be the pay of a month, in yuan.
const (
	leastPay = 1000
	mostPay  = 50000
)

// payOf reads a monthly pay: 工资六千以上, 月薪5000, 5千以上, 八千块一个月.
func payOf(text string) (kiosk.Fen, bool) {
	rest, before := cutFirst(text, payBefore, strings.CutPrefix)
	rest, after := cutFirst(rest, payAfter, strings.CutSuffix)
	rest, _ = cutFirst(rest, payUnit, strings.CutSuffix)
	if !before && !after {
		return 0, false
	}
	yuan, ok := sum(rest)
	if !ok || yuan < leastPay || yuan > mostPay {
		return 0, false
	}
	return kiosk.Yuan(int64(yuan)), true
}

func cutFirst(s string, words []string, cut func(s, word string) (string, bool)) (string, bool) {
	for _, w := range words {
		if rest, ok := cut(s, w); ok {
			return rest, true
		}
	}
	return s, false
}

// digits are the Chinese digits by their value.
var digits = []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// sum reads 6000, 6千, 六千, 六千五, 六千五百, 一万, 1.2万.
func sum(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, true
	}
	for _, unit := range []struct {
		name, tenth string
		is          int
	}{{"万", "千", 10000}, {"千", "百", 1000}, {"k", "", 1000}, {"K", "", 1000}} {
		head, tail, ok := strings.Cut(s, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(head, 32)
		if d := digit(head); err != nil && d < 0 {
			return 0, false
		} else if err != nil {
			n = float64(d)
		}
		yuan := int(n*float64(unit.is) + 0.5)
		switch tail = strings.TrimSuffix(tail, unit.tenth); {
		case tail == "":
			return yuan, true
		case digit(tail) > 0:
			return yuan + digit(tail)*unit.is/10, true
		}
		return 0, false
	}
	return 0, false
}

func digit(s string) int {
	if s == "两" {
		return 2
	}
	for i, d := range digits {
		if s == d || s == strconv.Itoa(i) {
			return i
		}
	}
	return -1
}
