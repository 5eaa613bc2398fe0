package words

import "jobhome/kiosk"

// findWords say how a search came to what it shows.
var findWords = map[string]entry{
	"rescue.spelling":          {"没有“%[1]s”，有 %[3]d 个“%[2]s”", "None for “%[1]s”; %[3]d for “%[2]s”"},
	"rescue.as":                {"“%[1]s”按“%[2]s”找：%[3]s", "“%[1]s” taken for “%[2]s”. %[3]s"},
	"rescue.distance":          {"附近没有，%[1]s以内有 %[2]d 个", "None so near; %[2]d within %[1]s"},
	"rescue.distance.any":      {"附近没有，远一点有 %d 个", "None so near; %d farther away"},
	"rescue.filter":            {"没有全都符合的，不限“%[1]s”有 %[2]d 个", "None fits everything; without “%[1]s” there are %[2]d"},
	"rescue.filter.night":      {"没有全都符合的，除夜班外有 %d 个", "None fits everything; %d without night work"},
	"rescue.filter.area":       {"这一片没有，别处有 %d 个", "None in this area; %d elsewhere"},
	"rescue.word":              {"没有全部符合的，去掉“%[1]s”，“%[2]s”有 %[3]d 个", "None has all words; %[3]d for “%[2]s” alone, without “%[1]s”"},
	"rescue.word.all":          {"“%[1]s”没有说做什么，全部有 %[2]d 个", "“%[1]s” names no work; there are %[2]d in all"},
	"rescue.related":           {"没有“%[1]s”，相近的有 %[2]d 个", "None for “%[1]s”; %[2]d for work like it"},
	"rescue.related.trade":     {"没有“%[1]s”，同行的（%[2]s）有 %[3]d 个", "None for “%[1]s”; %[3]d in the same trade (%[2]s)"},
	"rescue.related.any":       {"没有这一种，相近的有 %d 个", "None of this kind; %d like it"},
	"hit.title":                {"“%[2]s”也叫“%[1]s”", "“%[2]s” is also called “%[1]s”"},
	"hit.employer":             {"单位里有“%s”", "The employer has “%s”"},
	"hit.occupation":           {"职业是“%s”", "The occupation has “%s”"},
	"hit.place":                {"地点在“%s”", "The place has “%s”"},
	"hit.requirements":         {"要求写了：%s", "Asked for: %s"},
	"hit.requirements.nowords": {"要求里写了“%s”", "“%s” is asked for"},
	"hit.benefit":              {"福利有“%s”", "Benefits: “%s”"},
	"hit.shift":                {"上班时间是“%s”", "Hours: “%s”"},
	"hit.terms":                {"条件符合“%s”", "It is “%s”"},
	"hit.description":          {"说明写了：%s", "It says: %s"},
	"hit.description.nowords":  {"说明里写了“%s”", "The description has “%s”"},
}

// Rescue says what was done so that a list has its total of rows where the
// query itself has none; "" for nil.
func Rescue(l Lang, r *kiosk.Rescue, total int) string {
	if r == nil {
		return ""
	}
	s := rescue(l, r, total)
	if r.Step == kiosk.RescueDistance || r.Step == kiosk.RescueFilter {
		if r.From != "" { // respelled too
			return T(l, "rescue.as", r.From, r.To, s)
		}
	}
	return s
}

func rescue(l Lang, r *kiosk.Rescue, total int) string {
	switch r.Step {
	case kiosk.RescueSpelling:
		return T(l, "rescue.spelling", r.From, r.To, total)
	case kiosk.RescueDistance:
		if r.Query.Within > 0 {
			return T(l, "rescue.distance", Length(l, r.Query.Within), total)
		}
		return T(l, "rescue.distance.any", total)
	case kiosk.RescueFilter:
		switch {
		case r.Left == "area":
			return T(l, "rescue.filter.area", total)
		case r.Left == "shift" && r.Query.Shifts != 0:
			return T(l, "rescue.filter.night", total)
		}
		return T(l, "rescue.filter", T(l, "filter."+r.Left), total)
	case kiosk.RescueWord:
		if r.To == "" {
			return T(l, "rescue.word.all", r.From, total)
		}
		return T(l, "rescue.word", r.From, r.To, total)
	case kiosk.RescueRelated:
		switch {
		case r.From == "":
			return T(l, "rescue.related.any", total)
		case r.Query.Occupation == "" && len(r.Query.Trades) == 1:
			return T(l, "rescue.related.trade", r.From, T(l, "trade."+string(r.Query.Trades[0])), total)
		}
		return T(l, "rescue.related", r.From, total)
	}
	return ""
}

// Hit says where a word of a query stands in a posting.
func Hit(l Lang, h kiosk.Hit) string {
	key := "hit." + string(h.Field)
	switch h.Field {
	case kiosk.FieldTitle:
		return T(l, key, h.As, h.Word)
	case kiosk.FieldRequirements, kiosk.FieldDescription:
		if h.Excerpt == "" {
			return T(l, key+".nowords", h.As)
		}
		return T(l, key, h.Excerpt)
	}
	return T(l, key, h.As)
}
