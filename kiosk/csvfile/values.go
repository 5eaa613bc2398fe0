package csvfile

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cells are read without the blanks around them. What is said with another
// word than the file's is translated here; whether it may stand in a posting is
// for package jsonl and package kiosk to say.

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func readText(cell string) (any, string) {
	if cell == "" {
		return nil, ""
	}
	if strings.IndexByte(cell, '\r') >= 0 {
		cell = lineBreaks.Replace(cell)
	}
	return cell, ""
}

// readCode reads what has no words in it; people type it with full-width
// letters and digits too.
func readCode(cell string) (any, string) {
	if cell == "" {
		return nil, ""
	}
	return fold(cell), ""
}

var (
	wholeRE  = regexp.MustCompile(`^\d{1,18}$`)
	amountRE = regexp.MustCompile(`^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$`)
	idRE     = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)
	pointRE  = regexp.MustCompile(`^[-+]?\d+(\.\d+)?$`)
	spanRE   = regexp.MustCompile(`^(\d{1,3}|半)(个月|月|年)(半?)$`)
)

// readHeads reads 12, 12人 and 若干.
func readHeads(cell string) (any, string) {
	s := plain(cell)
	for _, unit := range []string{"人", "名", "个", "位"} {
		s = strings.TrimSuffix(s, unit)
	}
	if s == "" || s == "若干" || s == "不限" {
		return nil, ""
	}
	return readWhole(s)
}

func readWhole(s string) (any, string) {
	if !wholeRE.MatchString(s) {
		return nil, "is not a whole number"
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil, "is not a whole number"
	}
	return n, ""
}

// readMonths reads months as a bare number, or as readSpan does.
func readMonths(cell string) (any, string) {
	if s := plain(cell); wholeRE.MatchString(s) {
		return readWhole(s)
	}
	return readSpan(cell)
}

// readSpan reads 6个月, 1年, 半年, 1年半 and 不限 as months.
func readSpan(cell string) (any, string) {
	s := plain(cell)
	switch s {
	case "", "不限", "无", "无要求", "经验不限", "0":
		return nil, ""
	}
	for _, end := range []string{"经验", "工作", "及以上", "以上"} {
		s = strings.TrimSuffix(s, end)
	}
	m := spanRE.FindStringSubmatch(s)
	if m == nil {
		return nil, "is no span of time such as 6个月, 1年 or 不限"
	}
	n, _ := strconv.Atoi(m[1]) // 半 is 0
	if m[2] == "年" {
		n *= 12
	}
	if m[1] == "半" || m[3] == "半" {
		if m[2] != "年" {
			return nil, "is not a whole number of months"
		}
		n += 6
	}
	return n, ""
}

// readYuan reads 5000, 5,000, 0.35元 and ￥5000. Its digits are kept as they
// stand, so that nothing is rounded.
func readYuan(cell string) (any, string) {
	s := strings.TrimSuffix(strings.TrimLeft(plain(cell), "¥￥"), "元")
	if s == "" || s == "面议" {
		return nil, ""
	}
	if !amountRE.MatchString(s) {
		return nil, "is not an amount in yuan such as 5000 or 0.35"
	}
	return number(strings.ReplaceAll(s, ",", "")), ""
}

func readDegrees(cell string) (any, string) {
	s := strings.TrimSuffix(plain(cell), "°")
	if s == "" {
		return nil, ""
	}
	if !pointRE.MatchString(s) {
		return nil, "is not a number of degrees such as 29.2539"
	}
	if rest, minus := strings.CutPrefix(s, "-"); minus {
		return "-" + number(rest), ""
	}
	return number(strings.TrimPrefix(s, "+")), ""
}

// number is digits as JSON has them, without zeros at the front.
func number(s string) json.Number {
	s = strings.TrimLeft(s, "0")
	if s == "" || s[0] == '.' {
		s = "0" + s
	}
	return json.Number(s)
}

// zone is China's one time zone.
var zone = time.FixedZone("CST", 8*60*60)

var (
	dayLayouts  = []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"}
	timeLayouts = []string{" 15:04:05", " 15:04"}
)

// readDay reads a day, or a time in China, in the ways that spreadsheets write
// them.
func readDay(cell string) (any, string) {
	s := strings.Join(strings.Fields(fold(cell)), " ")
	if s == "" {
		return nil, ""
	}
	if _, err := time.Parse(time.RFC3339, s); err == nil {
		return s, ""
	}
	for _, day := range dayLayouts {
		if t, err := time.Parse(day, s); err == nil {
			return t.Format(time.DateOnly), ""
		}
		for _, clock := range timeLayouts {
			if t, err := time.ParseInLocation(day+clock, s, zone); err == nil {
				return t.Format(time.RFC3339), ""
			}
		}
	}
	return nil, "is no day such as 2026-11-25, 2026/11/25, 2026.11.25 or 2026年11月25日"
}

// readEducation reads a level in words or by its number in GB/T 4658. Of
// several, such as 高中/中专, the least counts: it is enough.
func readEducation(cell string) (any, string) {
	s := plain(cell)
	if s == "" {
		return nil, ""
	}
	if wholeRE.MatchString(s) {
		return readWhole(s)
	}
	for _, end := range []string{"以上", "或", "及", "学历", "毕业"} {
		s = strings.TrimSuffix(s, end)
	}
	levels := []string{s} // 中专、技校 is one
	if educationWords.names[s] == "" {
		levels = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/、或,", r) })
	}
	least := 0
	for _, level := range levels {
		n, err := strconv.Atoi(educationWords.names[level])
		if err != nil {
			return nil, "is none of " + educationWords.list
		}
		if n == 0 {
			return nil, "" // 不限
		}
		least = max(least, n)
	}
	return least, ""
}

func readChannel(cell string) (any, string) { return readWord(&channelWords, plain(cell)) }

// readUnit reads 月, 元/月 and 每月 alike.
func readUnit(cell string) (any, string) {
	s := plain(cell)
	if unitWords.names[s] == "" {
		for _, front := range []string{"元", "/", "每", "按"} {
			s = strings.TrimPrefix(s, front)
		}
	}
	return readWord(&unitWords, s)
}

func readWord(v *vocabulary, s string) (any, string) {
	if s == "" {
		return nil, ""
	}
	if name, ok := v.names[s]; ok {
		return name, ""
	}
	return nil, "is none of " + v.list
}

func readShifts(cell string) (any, string)       { return readList(&shiftWords, cell) }
func readCertificates(cell string) (any, string) { return readList(&certificateWords, cell) }

// twoInOne are words for two benefits.
var twoInOne = strings.NewReplacer(
	"包吃包住", "包吃 包住", "包吃住", "包吃 包住", "包食宿", "包吃 包住", "五险一金", "社保 公积金", "六险一金", "社保 公积金",
)

func readBenefits(cell string) (any, string) { return readList(&benefitWords, twoInOne.Replace(cell)) }

// readList reads the words of a set.
func readList(v *vocabulary, cell string) (any, string) {
	names, unknown := v.split(cell)
	switch {
	case unknown != nil:
		for i, u := range unknown {
			unknown[i] = strconv.Quote(u)
		}
		return nil, "has " + strings.Join(unknown, ", ") + ", which is none of " + v.list
	case names == nil:
		return nil, ""
	}
	return names, ""
}

// split finds the names of the words of a set, which have a sign, a line break
// or a blank between them, and what is no such word. A blank may also be part
// of a word, so that the longest run of pieces that is one word is taken.
func (v *vocabulary) split(cell string) (names, unknown []string) {
	switch plain(cell) {
	case "", "无", "不限", "无要求", "没有":
		return nil, nil
	}
	// Folding makes ASCII of ，；｜ and ／.
	for _, part := range strings.FieldsFunc(strings.ToLower(fold(cell)), betweenWords) {
		for pieces := strings.Fields(part); len(pieces) > 0; {
			n, name := len(pieces), ""
			for ; n > 0; n-- {
				if name = v.names[strings.Join(pieces[:n], "")]; name != "" {
					break
				}
			}
			switch {
			case name == "":
				n, unknown = 1, append(unknown, pieces[0])
			case !slices.Contains(names, name):
				names = append(names, name)
			}
			pieces = pieces[n:]
		}
	}
	return names, unknown
}

func betweenWords(r rune) bool { return strings.ContainsRune("、,;|/\n\r", r) }
