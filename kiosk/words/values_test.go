package words

import (
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

func payUnits() []kiosk.PayUnit {
	return []kiosk.PayUnit{
		kiosk.PerMonth, kiosk.PerDay, kiosk.PerHour, kiosk.PerPiece, kiosk.PerWeek, kiosk.PerYear, kiosk.Negotiable,
	}
}

func TestPay(t *testing.T) {
	for _, c := range []struct {
		pay                kiosk.Pay
		zh, en, zhMo, enMo string
	}{
		{kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth}, "5000–8000 元/月", "¥5000–8000/month", "", ""},
		{kiosk.Pay{Min: kiosk.Yuan(4500), Max: kiosk.Yuan(4500), Unit: kiosk.PerMonth}, "4500 元/月", "¥4500/month", "", ""},
		{kiosk.Pay{Max: kiosk.Yuan(6000), Unit: kiosk.PerMonth}, "6000 元/月", "¥6000/month", "", ""},
		{
			kiosk.Pay{Min: kiosk.Yuan(200), Max: kiosk.Yuan(240), Unit: kiosk.PerDay},
			"200–240 元/天", "¥200–240/day", "约合每月 4350–5220 元", "about 4350–5220 yuan a month",
		},
		{
			kiosk.Pay{Min: 2050, Max: 2050, Unit: kiosk.PerHour},
			"20.5 元/小时", "¥20.5/hour", "约合每月 3560 元", "about 3560 yuan a month",
		},
		{kiosk.Pay{Min: 35, Max: 35, Unit: kiosk.PerPiece}, "0.35 元/件", "¥0.35/piece", "", ""},
		{
			kiosk.Pay{Min: 35, Max: 50, Unit: kiosk.PerPiece, EstMin: kiosk.Yuan(5000), EstMax: kiosk.Yuan(8000)},
			"0.35–0.5 元/件", "¥0.35–0.5/piece", "约合每月 5000–8000 元", "about 5000–8000 yuan a month",
		},
		{
			kiosk.Pay{Min: kiosk.Yuan(120000), Max: kiosk.Yuan(120000), Unit: kiosk.PerYear},
			"120000 元/年", "¥120000/year", "约合每月 10000 元", "about 10000 yuan a month",
		},
		{kiosk.Pay{Unit: kiosk.Negotiable}, "工资面议", "Pay negotiable", "", ""},
	} {
		if got := Pay(Zh, c.pay); got != c.zh {
			t.Errorf("pay %q, want %q", got, c.zh)
		}
		if got := Pay(En, c.pay); got != c.en {
			t.Errorf("pay %q, want %q", got, c.en)
		}
		if got := PayMonth(Zh, c.pay); got != c.zhMo {
			t.Errorf("pay a month %q, want %q", got, c.zhMo)
		}
		if got := PayMonth(En, c.pay); got != c.enMo {
			t.Errorf("pay a month %q, want %q", got, c.enMo)
		}
	}
}

func TestMonthRange(t *testing.T) {
	for _, c := range []struct {
		lo, hi kiosk.Fen
		want   string
	}{
		{435012, 522099, "4350–5220"},
		{kiosk.Yuan(4350), kiosk.Yuan(4359), "4350"},
		{0, kiosk.Yuan(6000), "6000"},
		{kiosk.Yuan(6000), 0, "6000"},
	} {
		if got := MonthRange(c.lo, c.hi); got != c.want {
			t.Errorf("MonthRange(%d, %d) = %q, want %q", c.lo, c.hi, got, c.want)
		}
	}
}

func TestLengthAndAway(t *testing.T) {
	for _, c := range []struct {
		metres       float64
		length, away string
		en           string
	}{
		{-1, "", "距离不详", "distance not known"},
		{0, "0 米", "就在附近", "close by"},
		{74, "50 米", "就在附近", "close by"},
		{75, "100 米", "离这里 100 米", "100 m from here"},
		{820, "800 米", "离这里 800 米", "800 m from here"},
		{949, "950 米", "离这里 950 米", "950 m from here"},
		{950, "1 公里", "离这里 1 公里", "1 km from here"},
		{1000, "1 公里", "离这里 1 公里", "1 km from here"},
		{3240, "3.2 公里", "离这里 3.2 公里", "3.2 km from here"},
		{9949, "9.9 公里", "离这里 9.9 公里", "9.9 km from here"},
		{9950, "10 公里", "离这里 10 公里", "10 km from here"},
		{12400, "12 公里", "离这里 12 公里", "12 km from here"},
	} {
		if c.metres >= 0 {
			if got := Length(Zh, c.metres); got != c.length {
				t.Errorf("Length(%v) = %q, want %q", c.metres, got, c.length)
			}
		}
		if got := Away(Zh, c.metres); got != c.away {
			t.Errorf("Away(%v) = %q, want %q", c.metres, got, c.away)
		}
		if got := Away(En, c.metres); got != c.en {
			t.Errorf("Away(%v) = %q, want %q", c.metres, got, c.en)
		}
	}
}

func TestDate(t *testing.T) {
	cst := time.FixedZone("CST", 8*3600)
	now := time.Date(2026, 6, 3, 23, 30, 0, 0, cst)
	for _, c := range []struct {
		day    time.Time
		zh, en string
	}{
		{now, "今天", "today"},
		{time.Date(2026, 6, 3, 0, 0, 0, 0, cst), "今天", "today"},
		{time.Date(2026, 6, 4, 0, 0, 0, 0, cst), "明天", "tomorrow"},
		// The day is that of the terminal's place, not of the time's zone.
		{time.Date(2026, 6, 3, 17, 0, 0, 0, time.UTC), "明天", "tomorrow"},
		{time.Date(2026, 6, 5, 0, 0, 0, 0, cst), "6月5日", "2026-06-05"},
		{time.Date(2026, 6, 2, 0, 0, 0, 0, cst), "6月2日", "2026-06-02"},
		{time.Date(2027, 1, 1, 0, 0, 0, 0, cst), "2027年1月1日", "2027-01-01"},
	} {
		if got := Date(Zh, c.day, now); got != c.zh {
			t.Errorf("Date(%v) = %q, want %q", c.day, got, c.zh)
		}
		if got := Date(En, c.day, now); got != c.en {
			t.Errorf("Date(%v) = %q, want %q", c.day, got, c.en)
		}
	}
}

func TestFreshness(t *testing.T) {
	now := time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		age  time.Duration
		want string
	}{
		{-time.Hour, "岗位刚刚更新"}, // by a clock that is ahead
		{0, "岗位刚刚更新"},
		{2*time.Minute - 1, "岗位刚刚更新"},
		{2 * time.Minute, "岗位更新于 2 分钟前"},
		{59 * time.Minute, "岗位更新于 59 分钟前"},
		{time.Hour, "岗位更新于 1 小时前"},
		{47 * time.Hour, "岗位更新于 47 小时前"},
		{48 * time.Hour, "岗位是 2 天前的，可能有变化"},
	} {
		if got := Freshness(Zh, now.Add(-c.age), now); got != c.want {
			t.Errorf("Freshness(%v) = %q, want %q", c.age, got, c.want)
		}
	}
	if got := Freshness(Zh, time.Time{}, now); got != T(Zh, "fresh.never") {
		t.Errorf("never updated: %q", got)
	}
}

func TestSets(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Shifts(Zh, kiosk.DayShift|kiosk.RotatingShift), "白班、倒班"},
		{Shifts(En, kiosk.DayShift|kiosk.RotatingShift), "Days, Rotating"},
		{Shifts(Zh, 0), ""},
		{Benefits(Zh, kiosk.Dorm|kiosk.Meals|kiosk.Bus), "包住、包吃、有班车"},
		{Benefits(En, kiosk.Dorm|kiosk.Meals), "Dorm, Meals"},
		{Education(Zh, kiosk.MiddleSchool), "初中"},
		{Education(Zh, kiosk.AnySchooling), "学历不限"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

var sewing = []kiosk.Skill{
	{ID: "lockstitch", Name: "平车", English: "lockstitch"}, {ID: "overlock", Name: "锁边", English: "overlocking"},
}

// reason has every fact that a factor may need.
func reason(f kiosk.Factor, fit kiosk.Fit) kiosk.Reason {
	return kiosk.Reason{
		Factor: f, Fit: fit, Points: 5, Trade: "garment", Metres: 820, Low: kiosk.Yuan(5000), High: kiosk.Yuan(8000),
		Shifts: kiosk.DayShift, Benefits: kiosk.Dorm, Asked: kiosk.MiddleSchool,
		Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}, Relation: kiosk.RelationSame, Of: 3, Skills: sewing,
		Months: 24, Has: 12, Certificates: kiosk.ForkliftCert | kiosk.HealthCert, Lacking: kiosk.ForkliftCert,
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	for _, f := range []kiosk.Factor{
		kiosk.FactorTrade, kiosk.FactorPay, kiosk.FactorDistance, kiosk.FactorHours, kiosk.FactorBenefits,
		kiosk.FactorEducation, kiosk.FactorTerm, kiosk.FactorAge, kiosk.FactorOccupation, kiosk.FactorExperience,
		kiosk.FactorCertificates,
	} {
		for _, fit := range []kiosk.Fit{kiosk.Met, kiosk.Partly, kiosk.NotMet, kiosk.Unknown} {
			for _, l := range Langs() {
				got := Reason(l, reason(f, fit))
				if got == "" || strings.Contains(got, "⟦") || strings.Contains(got, "%!") || strings.HasSuffix(got, "：") {
					t.Errorf("%s %s %s: %q", f, fit, l, got)
				}
			}
		}
	}
	for _, rel := range []kiosk.Relation{
		kiosk.RelationSame, kiosk.RelationSynonym, kiosk.RelationGroup, kiosk.RelationSkills, kiosk.RelationOther,
	} {
		for _, l := range Langs() {
			r := reason(kiosk.FactorOccupation, kiosk.Partly)
			r.Relation = rel
			if got := Reason(l, r); strings.Contains(got, "⟦") || strings.Contains(got, "%!") || !strings.Contains(got, "：") && l == Zh {
				t.Errorf("occupation %s %s: %q", rel, l, got)
			}
		}
	}
	// What a ranking says where there is nothing else to say.
	if got := Reason(Zh, kiosk.Reason{Factor: "new", Fit: kiosk.Met}); got == "" || strings.Contains(got, "⟦") {
		t.Errorf("a new posting: %q", got)
	}
}

func TestReasons(t *testing.T) {
	fact := reason(kiosk.FactorPay, kiosk.Met)
	fact.Points = 0
	anySchool := reason(kiosk.FactorEducation, kiosk.Met)
	anySchool.Asked = kiosk.AnySchooling
	for _, c := range []struct {
		r    kiosk.Reason
		want string
	}{
		{reason(kiosk.FactorTrade, kiosk.Met), "是您想干的：服装缝纫"},
		{reason(kiosk.FactorPay, kiosk.Met), "每月 5000–8000 元，够您要的"},
		{fact, "每月 5000–8000 元"},
		{reason(kiosk.FactorDistance, kiosk.NotMet), "离这里 800 米，比您要的远"},
		{reason(kiosk.FactorHours, kiosk.Met), "上班时间合适：白班"},
		{reason(kiosk.FactorBenefits, kiosk.Partly), "您要的有一部分：包住"},
		{reason(kiosk.FactorEducation, kiosk.NotMet), "要求初中，比您的学历高"},
		{anySchool, "不限学历"},
	} {
		if got := Reason(Zh, c.r); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestReasonsOfWorkAndPapers(t *testing.T) {
	of := func(f kiosk.Factor, fit kiosk.Fit, change func(*kiosk.Reason)) kiosk.Reason {
		r := reason(f, fit)
		change(&r)
		return r
	}
	related := func(rel kiosk.Relation) kiosk.Reason {
		return of(kiosk.FactorOccupation, kiosk.Partly, func(r *kiosk.Reason) { r.Relation = rel })
	}
	months := func(fit kiosk.Fit, asked, has int) kiosk.Reason {
		return of(kiosk.FactorExperience, fit, func(r *kiosk.Reason) { r.Months, r.Has = asked, has })
	}
	papers := func(fit kiosk.Fit, asked, lacking kiosk.Certificates) kiosk.Reason {
		return of(kiosk.FactorCertificates, fit, func(r *kiosk.Reason) { r.Certificates, r.Lacking = asked, lacking })
	}
	three := related(kiosk.RelationSkills)
	three.Skills, three.Of = append(sewing[:2:2], kiosk.Skill{ID: "press", Name: "整烫", English: "pressing"}), 4
	for _, c := range []struct {
		r      kiosk.Reason
		zh, en string
	}{
		{related(kiosk.RelationSame), "同一职业：缝纫工", "The same occupation: 缝纫工"},
		{related(kiosk.RelationSynonym), "同一职业，叫法不同：缝纫工", "The same work by another name: 缝纫工"},
		{related(kiosk.RelationGroup), "同一类职业：缝纫工", "The same group of occupations: 缝纫工"},
		{related(kiosk.RelationSkills), "相近职业：都要会平车、锁边（3 项里有 2 项）", "Also needs lockstitch, overlocking (2 of 3 skills)"},
		{three, "相近职业：都要会平车、锁边等（4 项里有 3 项）", "Also needs lockstitch, overlocking, … (3 of 4 skills)"},
		{months(kiosk.Partly, 24, 12), "要 2 年经验，您有 1 年", "Asks for 2 yr of experience; you have 1 yr"},
		{months(kiosk.NotMet, 18, 6), "要 1 年半经验，您有 6 个月", "Asks for 1½ yr of experience; you have 6 mo."},
		{months(kiosk.NotMet, 12, 0), "要 1 年经验，您还没有", "Asks for 1 yr of experience; you have none"},
		{months(kiosk.Met, 12, 40), "经验够了：要求 1 年", "Your experience is enough: 1 yr"},
		{months(kiosk.Met, 0, 0), "不要求经验", "No experience asked for"},
		{papers(kiosk.NotMet, kiosk.ForkliftCert|kiosk.HealthCert, kiosk.ForkliftCert), "还差：叉车证", "You lack: Forklift licence"},
		{papers(kiosk.Partly, kiosk.HealthCert, kiosk.HealthCert), "还要办：健康证", "You still need: Health certificate"},
		{papers(kiosk.Met, kiosk.WelderCert, 0), "要的证您有：焊工证", "You have what it asks for: Welder's permit"},
		{papers(kiosk.Met, 0, 0), "不要求证书", "No certificate asked for"},
	} {
		if zh, en := Reason(Zh, c.r), Reason(En, c.r); zh != c.zh || en != c.en {
			t.Errorf("%q, %q, want %q, %q", zh, en, c.zh, c.en)
		}
	}
}

func TestEveryCertificateHasAName(t *testing.T) {
	for _, l := range Langs() {
		if got := Certificates(l, kiosk.AllCertificates); strings.Contains(got, "⟦") {
			t.Errorf("%s: %s", l, got)
		}
	}
}
