package normal

import (
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/asking"
	"jobhome/kiosk/csvfile"
)

// Shifts reads working-hour patterns: 白班、夜班, 两班倒, 弹性. The words that mean
// none are returned, for the caller to keep.
func Shifts(text string) (kiosk.Shifts, []string) {
	names, unknown := csvfile.Words("shifts", tidyList(text))
	set, _ := kiosk.ParseShifts(names) // csvfile gives only names that there are
	return set, rest(unknown, func(w string) bool {
		m, ok := meaning(w)
		set |= m.Shifts
		return ok && m.Shifts != 0
	})
}

// Benefits reads what an employer gives beside pay: 包吃住, 五险一金, 双休. The words
// that mean none are returned, for the caller to keep.
func Benefits(text string) (kiosk.Benefits, []string) {
	names, unknown := csvfile.Words("benefits", tidyList(text))
	set, _ := kiosk.ParseBenefits(names)
	return set, rest(unknown, func(w string) bool {
		m, ok := meaning(w)
		set |= m.Benefits
		return ok && m.Benefits != 0
	})
}

// Certificates reads the papers that must be there before the work begins. The
// words that mean none are returned, for the caller to keep.
func Certificates(text string) (kiosk.Certificates, []string) {
	names, unknown := csvfile.Words("certificates", tidyList(text))
	set, _ := kiosk.ParseCertificates(names)
	return set, rest(unknown, func(w string) bool {
		for _, front := range []string{"持有", "持", "有", "需", "具备"} {
			w = strings.TrimPrefix(w, front)
		}
		names, unknown := csvfile.Words("certificates", w)
		c, _ := kiosk.ParseCertificates(names)
		set |= c
		return unknown == nil
	})
}

// tidyList makes of the signs that people put between words those that csvfile
// knows.
func tidyList(text string) string {
	if text == "" {
		return ""
	}
	return listSigns.Replace(strings.ToValidUTF8(clip(text, longest), ""))
}

var listSigns = strings.NewReplacer("+", "、", "＋", "、", "。", "、", "·", "、", "．", "、", "•", "、", "&", "、", "和", "、", "及", "、")

// rest are the words that are not taken; nil where there are none.
func rest(unknown []string, takes func(word string) bool) []string {
	return slices.Clip(append([]string(nil), slices.DeleteFunc(unknown, takes)...))
}

// meaning is what the words that people search with say of a benefit or a shift,
// without what stands in brackets behind it.
func meaning(w string) (kiosk.Meaning, bool) {
	if i := strings.IndexAny(w, "(（"); i > 0 {
		w = w[:i]
	}
	for _, front := range []string{"提供", "享受", "缴纳", "购买", "有", "免费"} {
		if m, ok := asking.Of(w); ok {
			return m.Meaning, true
		}
		w = strings.TrimPrefix(w, front)
	}
	m, ok := asking.Of(w)
	return m.Meaning, ok
}

// channelWords are what templates call a kind of offer beside the words of
// csvfile.
var channelWords = map[string]kiosk.Channel{
	"全职": kiosk.Market, "全日制": kiosk.Market, "合同制": kiosk.Market, "企业": kiosk.Market, "社招": kiosk.Market, "校招": kiosk.Market,
	"临时": kiosk.Gig, "临时工": kiosk.Gig, "短期工": kiosk.Gig, "零工": kiosk.Gig, "季节工": kiosk.Gig, "日结工": kiosk.Gig,
	"事业单位": kiosk.Policy, "三支一扶": kiosk.Policy, "机关事业": kiosk.Policy, "公务员": kiosk.Policy, "社区工作者": kiosk.Policy,
	"公益性岗": kiosk.Welfare, "乡村公益性岗位": kiosk.Welfare, "城镇公益性岗位": kiosk.Welfare,
	"实习生": kiosk.Internship, "见习生": kiosk.Internship, "青年见习": kiosk.Internship, "实习岗位": kiosk.Internship,
}

// Channel reads the kind of an offer; "" for the empty text. 兼职 and 非全日制 are
// hours of work rather than a kind of offer: they give the market channel and
// [kiosk.PartTime]. The error is WordsUnread.
func Channel(text string) (kiosk.Channel, kiosk.Shifts, error) {
	s := tight(text)
	switch s {
	case "":
		return "", 0, nil
	case "兼职", "非全日制", "小时工", "钟点工":
		return kiosk.Market, kiosk.PartTime, nil
	}
	if v, reason := csvfile.Value("channel", s); reason == "" {
		if name, ok := v.(string); ok {
			return kiosk.Channel(name), 0, nil
		}
	}
	if c, ok := channelWords[s]; ok {
		return c, 0, nil
	}
	return "", 0, WordsUnread
}
