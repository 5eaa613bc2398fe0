package normal

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// mostPhone and mostPerson are the characters that a posting keeps.
const (
	mostPhone  = 30
	mostPerson = 30
)

var (
	sciRE   = regexp.MustCompile(`^(\d)\.(\d{1,10})e\+?10$`)
	phoneRE = regexp.MustCompile(`(?:\+?86-?|0086-?)?1[3-9]\d-?\d{4}-?\d{4}|\(?0\d{2,3}\)?-?\d{7,8}(?:(?:-|转|\*|ext\.?)\d{1,6})?|[48]00-?\d{3}-?\d{4}|[48]00-?\d{4}-?\d{3}|\b[2-8]\d{6,7}\b|\b1(?:2[0-9]{3}|10|20|19)\b|\b9\d{4}\b`)
	countRE = regexp.MustCompile(`^(?:\+?86-?|0086-?)(1\d)`)
	nameRE  = regexp.MustCompile(`^\p{Han}{1,8}(?:·\p{Han}{1,8})?$`)
)

var phoneNoise = strings.NewReplacer(
	"联系电话", "", "联系方式", "", "联系人", "", "电话", "", "手机号码", "", "手机号", "", "手机", "", "座机", "", "微信同号", "",
	"同微信", "", "(微信)", "", "微信", "", "tel", "", "转分机", "转", "分机", "转", ":", "",
)

// Phone reads telephone numbers, mobile or fixed, with extensions, and the name
// that stands beside them: 张经理 138-0013-8000. Several are kept with " / "
// between them, as many as fit. The error is PhoneUnread.
func Phone(text string) (person, phone string, notes []Reason, err error) {
	s := tight(text)
	if s == "" || strings.Trim(s, "-/无") == "" {
		return "", "", nil, nil
	}
	if m := sciRE.FindStringSubmatch(s); m != nil {
		s = m[1] + m[2] + strings.Repeat("0", 10-len(m[2])) // 1.38E+10: a spreadsheet's number
	}
	s = dashRE.ReplaceAllString(strings.TrimSuffix(s, ".0"), "-")
	var numbers []string
	size := 0
	rest := phoneRE.ReplaceAllStringFunc(phoneNoise.Replace(s), func(n string) string {
		n = tidyNumber(n)
		if size+len(n)+3*len(numbers) <= mostPhone {
			numbers, size = append(numbers, n), size+utf8.RuneCountInString(n)
		}
		return " "
	})
	if numbers == nil || strings.ContainsAny(rest, "0123456789") {
		return "", "", nil, PhoneUnread
	}
	phone = strings.Join(numbers, " / ")
	for part := range strings.FieldsFuncSeq(rest, func(r rune) bool { return strings.ContainsRune(" ,;、/()", r) }) {
		if person == "" && nameRE.MatchString(part) && utf8.RuneCountInString(part) <= mostPerson {
			person = part
		}
	}
	if phone != strings.TrimSpace(text) {
		notes = []Reason{PhoneTidied}
	}
	return person, phone, notes, nil
}

var extension = strings.NewReplacer("(", "", ")", "-", "转", "-", "*", "-", "ext.", "-", "ext", "-", "--", "-")

// tidyNumber writes a number in one way: 13800138000, 0792-1234567,
// 0792-1234567-801, 400-123-4567.
func tidyNumber(n string) string {
	n = countRE.ReplaceAllString(n, "$1")
	n = extension.Replace(n)
	switch {
	case strings.HasPrefix(n, "1") && len(strings.ReplaceAll(n, "-", "")) == 11:
		return strings.ReplaceAll(n, "-", "")
	case strings.HasPrefix(n, "0") && !strings.Contains(n, "-"):
		at := 4
		if n[1] == '1' || n[1] == '2' { // 010, 021 … 029
			at = 3
		}
		if at < len(n) {
			return n[:at] + "-" + n[at:]
		}
	}
	return n
}
