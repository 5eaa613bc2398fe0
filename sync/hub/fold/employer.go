package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"jobhome/kiosk"
)

// union is a union-find forest over the numbers of names and codes.
type union []int

func (u union) root(i int) int {
	for u[i] != i {
		u[i] = u[u[i]] // halve the path
		i = u[i]
	}
	return i
}

func (u union) join(a, b int) {
	a, b = u.root(a), u.root(b)
	u[max(a, b)] = min(a, b)
}

// employersOf numbers the employers of postings; -1 where there is none. A name
// and a credit code that stand together once are one employer everywhere, unless
// the name stands with several codes: 永辉超市 of two towns may be two companies,
// and a name alone then says too little.
func employersOf(all []kiosk.Posting) []int {
	numbers := map[string]int{}
	var u union
	number := func(key string) int {
		n, ok := numbers[key]
		if !ok {
			n = len(u)
			numbers[key], u = n, append(u, n)
		}
		return n
	}
	codes := map[string]map[string]bool{} // of each name
	for i := range all {
		name, code := Employer(all[i].Employer.Name), all[i].Employer.CreditCode
		if name == "" || code == "" {
			continue
		}
		if codes[name] == nil {
			codes[name] = map[string]bool{}
		}
		codes[name][code] = true
	}
	for name, of := range codes {
		if len(of) == 1 {
			for code := range of {
				a, b := number("name "+name), number("code "+code)
				u.join(a, b)
			}
		}
	}
	employers := make([]int, len(all))
	for i := range all {
		name, code := Employer(all[i].Employer.Name), all[i].Employer.CreditCode
		switch {
		case code != "":
			employers[i] = number("code " + code)
		case name != "":
			employers[i] = number("name " + name)
		default:
			employers[i] = -1
			continue
		}
	}
	for i, e := range employers {
		if e >= 0 {
			employers[i] = u.root(e)
		}
	}
	return employers
}

// forms are the legal forms at the end of a name, the longer first.
var forms = []string{
	"股份有限责任公司", "有限责任公司", "集团股份有限公司", "集团有限公司", "股份有限公司", "(普通合伙)", "(有限合伙)", "(个人独资)", "有限公司", "股份公司", "总公司", "分公司", "责任公司", "公司",
}

// Employer is an employer's name as it is compared: without blanks and signs, in
// one width and case, without the legal form and what stands in brackets behind
// it. Branches keep their own names: 某某公司九江分公司 is not 某某公司.
func Employer(name string) string {
	s := tidy(name)
	for _, f := range forms {
		if f == "分公司" && strings.HasSuffix(s, f) {
			return letters(s)
		}
		if rest, ok := strings.CutSuffix(s, f); ok && rest != "" {
			return letters(rest)
		}
	}
	return letters(s)
}

// tidy is s in one width and case, without blanks.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(s))
}

// letters are the letters and digits of s.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// baits are what stands before a kind of work to draw people, the longer first.
var baits = []string{"高薪急聘", "高薪诚聘", "高薪招聘", "急聘", "急招", "诚聘", "诚招", "高薪", "招聘", "直招", "聘请"}

// Title is a title as it is compared: its head words without bait before them and
// signs in them.
func Title(title string) string {
	s := tidy(kiosk.HeadWords(strings.TrimSpace(title)))
	for again := true; again; {
		again = false
		for _, b := range baits {
			if rest, ok := strings.CutPrefix(s, b); ok && len(rest) > 2*len("字") {
				s, again = rest, true
				break
			}
		}
	}
	s = strings.TrimRight(s, "名人位个")
	return letters(strings.TrimRight(s, "0123456789"))
}
