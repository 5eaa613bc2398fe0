package normal

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"jobhome/kiosk"
)

// maxOriginal is how many characters of a pay text a posting keeps.
const maxOriginal = 120

// Pay reads a pay text such as 5000-8000元/月, 5k-8k, 1.2万·13薪, 计件0.35元/件 or
// 底薪3000+提成. The heading of its column may give the unit and the scale, as
// 月薪（千元） does; "" where there is none. The text is kept as Pay.Original.
//
// It returns one of PayUnread, PayNoUnit, PayUnlikely and PayTooFine as the
// error. A text without any figure is [kiosk.Negotiable] where it says so, and
// where nothing is said.
func Pay(text, heading string) (kiosk.Pay, []Reason, error) {
	p, notes, err := pay(text, heading)
	if err != nil {
		return kiosk.Pay{}, nil, err
	}
	p.Original = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "")
	if utf8.RuneCountInString(p.Original) > maxOriginal {
		p.Original = clip(p.Original, maxOriginal-1) + "…"
		notes = append(notes, PayShortened)
	}
	if p.Check() != nil {
		return kiosk.Pay{}, nil, PayUnlikely
	}
	return p, notes, nil
}

var (
	talkRE  = regexp.MustCompile(`面议|面谈|面洽|电议|详谈|商议|协商|协议|商定|面试|从优|优厚|另议|保密|可谈|可议|根据|视能力|视情况|能力|不限|negotiable`)
	vagueRE = regexp.MustCompile(`计件|提成|底薪|高薪|标准|规定|多劳多得|绩效|按件|按量|待遇|工资|薪资|薪酬`)
)

func pay(text, heading string) (kiosk.Pay, []Reason, error) {
	s := payText(text)
	if strings.Trim(s, "-/.;,无") == "" {
		return kiosk.Pay{Unit: kiosk.Negotiable}, []Reason{PayMissing}, nil
	}
	offers, err := scanPay(s, payText(heading))
	switch {
	case err != nil:
		return kiosk.Pay{}, nil, err
	case len(offers) > 0:
		return choosePay(offers, s)
	case talkRE.MatchString(s):
		return kiosk.Pay{Unit: kiosk.Negotiable}, nil, nil
	case vagueRE.MatchString(s) && !strings.ContainsAny(s, "0123456789"):
		return kiosk.Pay{Unit: kiosk.Negotiable}, []Reason{PayNoFigure}, nil
	}
	return kiosk.Pay{}, nil, PayUnread
}

var (
	commaRE = regexp.MustCompile(`(\d),(\d{3})(\D|$)`)
	gapRE   = regexp.MustCompile(`(\d) +(\d)`)
	tailRE  = regexp.MustCompile(`(\d+)(万|w|千|k)([1-9]|[一二三四五六七八九])(?:千|百)?(元|块|[^0-9.小天薪险个]|$)`)
	// 8小时/天: how long, not how much
	hoursRE  = regexp.MustCompile(`(^|[^/\d.])\d+(?:\.\d+)?个?小时(?:工作制|制)?(?:/天|/日|每天|一天)?`)
	payWords = strings.NewReplacer(
		"到手", "实得", "至少", "不低于", "达到", "可达", "人民币", "元", "rmb", "元", "cny", "元", "￥", "¥", "$", "¥",
		"/8小时", "/天", "/8h", "/天", "1天", "一天", "1个月", "一个月", "1小时", "一小时", "1年", "一年",
		"/人", "", "·人", "", "每人", "", "〇", "零",
	)
)

// payText writes a text in one way: amounts in digits, one hyphen for ranges,
// no blanks, a semicolon between lines.
func payText(text string) string {
	s := strings.ReplaceAll(strings.ReplaceAll(text, "\r", "\n"), "\n", ";")
	s = payWords.Replace(numerals(gapRE.ReplaceAllString(fold(s), "$1;$2")))
	s = hoursRE.ReplaceAllString(strings.ReplaceAll(s, " ", ""), "$1;")
	for range 3 { // 1,234,567
		s = commaRE.ReplaceAllString(s, "$1$2$3")
	}
	s = tailRE.ReplaceAllStringFunc(s, func(m string) string {
		p := tailRE.FindStringSubmatch(m)
		tail := p[3]
		if d := digit([]rune(tail)[0]); d > 0 {
			tail = string(rune('0' + d))
		}
		return p[1] + "." + tail + p[2] + p[4]
	})
	return dashes(s)
}

// choosePay makes one pay of all that a text offers.
func choosePay(all []offer, s string) (kiosk.Pay, []Reason, error) {
	pieces, rest := splitOffers(all)
	var notes []Reason
	if strings.Contains(s, "提成") || strings.Contains(s, "绩效") || hasKind(all, bonus) {
		notes = append(notes, PayMore)
	}
	if len(pieces) > 0 && !hasKind(rest, base) {
		return piecePay(pieces, rest, notes)
	}
	chosen, kind := best(rest)
	if chosen == nil {
		return kiosk.Pay{}, nil, PayUnread
	}
	switch kind {
	case base:
		notes = append(notes, PayBase)
	case trial:
		notes = append(notes, PayTrial)
	}
	p, more, err := merge(chosen)
	return p, append(notes, more...), err
}

func splitOffers(all []offer) (pieces, rest []offer) {
	for _, o := range all {
		if o.unit == kiosk.PerPiece && o.kind != bonus {
			pieces = append(pieces, o)
		} else {
			rest = append(rest, o)
		}
	}
	return pieces, rest
}

func hasKind(all []offer, k kind) bool {
	for _, o := range all {
		if o.kind == k {
			return true
		}
	}
	return false
}

// piecePay is pay by the piece, with what a month comes to where it is said.
func piecePay(pieces, rest []offer, notes []Reason) (kiosk.Pay, []Reason, error) {
	p, more, err := merge(pieces)
	if err != nil {
		return p, nil, err
	}
	notes = append(notes, more...)
	if month, _ := best(rest); month != nil && month[0].unit == kiosk.PerMonth {
		est, _, err := merge(month)
		if err != nil {
			return p, nil, err
		}
		p.EstMin, p.EstMax = est.Min, est.Max
	}
	return p, notes, nil
}

// best are the offers that say most about what is earned: all of it, else what
// is not explained, else after the trial, else the base.
func best(all []offer) ([]offer, kind) {
	for _, k := range []kind{total, plain, regular, base, trial} {
		var of []offer
		for _, o := range all {
			if o.kind == k && (of == nil || o.unit == of[0].unit) {
				of = append(of, o)
			}
		}
		if of == nil {
			continue
		}
		if k == total {
			// 5000-8000，平均6000: an average says less than the range.
			if wide, _ := best(without(all, total)); wide != nil && wide[0].unit == of[0].unit &&
				wide[0].kind == plain && wide[0].lo <= of[0].lo && of[0].hi <= wide[0].hi {
				return wide, plain
			}
		}
		return of, k
	}
	return nil, plain
}

func without(all []offer, k kind) []offer {
	var rest []offer
	for _, o := range all {
		if o.kind != k {
			rest = append(rest, o)
		}
	}
	return rest
}

// merge takes the lowest to the highest of several offers in one unit.
func merge(of []offer) (kiosk.Pay, []Reason, error) {
	var notes []Reason
	lo, hi := of[0].lo, of[0].hi
	for _, o := range of {
		lo, hi = min(lo, o.lo), max(hi, o.hi)
	}
	notes = append(notes, of[0].notes...)
	if lo != of[0].lo || hi != of[0].hi {
		notes = append(notes, PaySeveral)
	}
	if lo%100 != 0 || hi%100 != 0 {
		return kiosk.Pay{}, nil, PayTooFine
	}
	return kiosk.Pay{Min: kiosk.Fen(lo / 100), Max: kiosk.Fen(hi / 100), Unit: of[0].unit}, notes, nil
}
