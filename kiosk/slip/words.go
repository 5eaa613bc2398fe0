package slip

import "jobhome/kiosk/words"

// entry is a sentence of the slip in both languages. Sentences that stand on the
// screen too come from the terminal's catalogue, kiosk/words.
type entry struct{ zh, en string }

func (e entry) in(l words.Lang) string {
	if l == words.En {
		return e.en
	}
	return e.zh
}

// slipWords are said on paper only.
type slipWords struct {
	title, reprint, code, draft, scan, free, cheated, staff, pay, test, testNot entry
}

// table returns the words of the slip. 12333 is the labour ministry's hotline; 招用人员
// 不得扣押证件、不得收取财物 is 《中华人民共和国劳动合同法》第九条.
func table() slipWords {
	return slipWords{
		title:   entry{"推 荐 单", "推荐单 Referral"},
		reprint: entry{"补打", "补打 REPRINT"},
		code:    entry{"推荐码", "Referral code 推荐码"},
		draft:   entry{"（打印时给出）", "(given when printed)"},
		scan:    entry{"扫码看详情、问进展", "Scan for details and news"},
		free:    entry{"招聘不得收费、不得扣证件。", "No one may charge you or keep your ID. "},
		cheated: entry{"被骗请打 12333", "Cheated? Call 12333"},
		staff:   entry{"站点电话", "Staff"},
		pay:     entry{"工资：", "Pay: "},
		test:    entry{"打 印 测 试", "TEST 打印测试"},
		testNot: entry{"这不是推荐单", "Not a referral 不是推荐单"},
	}
}
