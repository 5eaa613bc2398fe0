package lexicon

import (
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
)

// boardSize is the number of distinct terms of a board of 100,000 postings.
const boardSize = 13500

// boardDict is the dictionary of board, made once for all tests.
func boardDict(t testing.TB) ([]Term, *Dict) {
	t.Helper()
	terms := board(t)
	once.Do(func() { shared = New(terms) })
	return terms, shared
}

var (
	once   sync.Once
	shared *Dict
)

// board returns the terms that a board of 100,000 postings has: those of
// testdata, the lay words for them, and invented employers up to boardSize.
func board(t testing.TB) []Term {
	t.Helper()
	b, err := os.ReadFile("testdata/terms.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(4, 2026))
	kinds := map[string]Kind{}
	for k := Occupation; k <= Employer; k++ {
		kinds[k.String()] = k
	}
	var terms []Term
	for line := range strings.Lines(string(b)) {
		if line[0] == '#' {
			continue
		}
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		kind, ok := kinds[f[0]]
		if !ok || len(f) != 3 {
			t.Fatalf("testdata/terms.tsv: %q", line)
		}
		terms = append(terms, Term{Text: f[1], Kind: kind, Code: strings.TrimPrefix(f[2], "-"), Count: 1 + 3000/(1+len(terms)*7919%997)})
	}
	terms = AddLay(terms, Synonyms())
	seen := map[string]bool{}
	for len(terms) < boardSize {
		name := employer(rng)
		if !seen[name] {
			seen[name] = true
			terms = append(terms, Term{Text: name, Kind: Employer, Count: 1 + rng.IntN(30)})
		}
	}
	return terms
}

var (
	employerPlaces = []string{"共青城", "共青城", "共青城市", "九江", "德安", "永修", "江西", "江西省", "南昌", ""}
	employerChars  = []rune("宏达盛华鑫源泰和兴隆佳美永昌金鹏瑞祥德信恒通安康顺天骏腾飞龙凤凰明光亚星海洋江河湖山林松柏梅兰竹菊春夏秋冬东西南北中华美好乐长行重会友谊鸿雁鸭鸭羽绒丰收百福万家利民惠众诚志远博文卓越新创联合")
	employerTails  = []string{
		"服饰有限公司", "制衣有限公司", "电子科技有限公司", "机械有限公司", "食品有限公司", "物流有限公司", "餐饮管理有限公司", "物业服务有限公司",
		"建筑劳务有限公司", "人力资源有限公司", "商贸有限公司", "养老服务中心", "幼儿园", "生活超市", "大药房", "羽绒制品有限公司", "新能源科技有限公司",
	}
)

func employer(rng *rand.Rand) string {
	var b strings.Builder
	b.WriteString(employerPlaces[rng.IntN(len(employerPlaces))])
	for range 2 + rng.IntN(2) {
		b.WriteRune(employerChars[rng.IntN(len(employerChars))])
	}
	b.WriteString(employerTails[rng.IntN(len(employerTails))])
	return b.String()
}
