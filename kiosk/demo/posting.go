package demo

import (
	"fmt"
	"strings"
	"time"

	"jobhome/kiosk"
)

// posting invents number i.
func (g *generator) posting(i int) kiosk.Posting {
	j := g.job()
	title := pick(g, j.titles)
	e := g.hiring(j.trade, title)
	p := kiosk.Posting{
		ID: fmt.Sprintf("gq%06d", i+1), Employer: e.Employer, Occupation: j.occupation, Channel: j.channel,
		Area: e.town.area, Address: e.address, Location: e.place,
		Education: pick(g, j.education), Experience: pick(g, j.experience), Shifts: pick(g, j.shifts),
		Benefits: e.benefits, Contact: e.contact,
	}
	p.Title = g.title(title, &p)
	p.Headcount = g.headcount(j, e.business)
	if g.chance(4) {
		p.Location = kiosk.Point{}
	}
	g.adjustBenefits(&p)
	g.setPay(&p, pick(g, j.pay))
	if p.Channel == kiosk.Market && p.Shifts == kiosk.PartTime && p.Pay.Unit != kiosk.PerHour {
		p.Shifts = kiosk.DayShift // a month's pay is for whole days
	}
	g.setDates(&p)
	p.Hours = g.hours(&p)
	p.Requirements = g.requirements(j, &p)
	p.Certificates = certificates(&p)
	p.Description = g.description(j, &e, &p)
	p.Source = g.source(j.channel)
	return p
}

// title sometimes puts a word in brackets behind one of the job's titles.
func (g *generator) title(t string, p *kiosk.Posting) string {
	if strings.Contains(t, "（夜班）") || strings.Contains(t, "夜班") {
		p.Shifts = kiosk.NightShift
	}
	if strings.ContainsAny(t, "（：") || !g.chance(16) {
		return t
	}
	end := []string{"（急招）", "（长期）", "（就近）"}
	if p.Experience == 0 && p.Channel == kiosk.Market {
		end = append(end, "（可学徒）", "（新手可教）")
	}
	if p.Benefits&kiosk.Dorm != 0 {
		end = append(end, "（包住）")
	}
	if p.Shifts == kiosk.DayShift && p.Channel == kiosk.Market {
		end = append(end, "（白班）")
	}
	return t + pick(g, end)
}

func (g *generator) headcount(j *job, b *business) int {
	switch {
	case g.chance(6):
		return 0 // 若干
	case j.weight < 8 && j.channel == kiosk.Market:
		return g.between(1, 3)
	}
	n := g.between(b.headLow, b.headHigh)
	if n > 10 {
		n -= n % 5 // people ask for tens
	}
	return n
}

func (g *generator) adjustBenefits(p *kiosk.Posting) {
	switch p.Channel {
	case kiosk.Gig:
		p.Benefits &= kiosk.Meals | kiosk.Bus | kiosk.AgeFriendly | kiosk.ChildFriendly
	case kiosk.Policy:
		p.Benefits |= kiosk.Insurance
		if p.Shifts == kiosk.DayShift {
			p.Benefits |= kiosk.WeekendsOff
		}
	case kiosk.Welfare:
		p.Benefits = kiosk.Insurance | kiosk.AgeFriendly
	case kiosk.Internship:
		p.Benefits |= kiosk.Training
		p.Benefits &^= kiosk.AgeFriendly
	}
	if p.Shifts&(kiosk.NightShift|kiosk.RotatingShift) != 0 {
		p.Benefits &^= kiosk.WeekendsOff | kiosk.ChildFriendly
	}
}

var hourWords = map[kiosk.Shifts][]string{
	kiosk.DayShift: {
		"早8–晚5:30，单休", "8:00–18:00，中午休1.5小时，月休4天", "早7:30–晚6，晚上加班自愿", "8:30–17:30，月休四天",
		"早8–晚6，月休3天", "7:00–17:00，做六休一",
	},
	kiosk.NightShift:    {"晚8–早8，中间休1小时，月休4天", "20:00–6:00，做六休一", "晚10–早6，单休", "夜班19:30–3:30，月休4天"},
	kiosk.RotatingShift: {"两班倒，半月一换，月休4天", "三班倒，8小时一班", "早中晚三班，四班三运转", "长白班和小夜班轮，做六休一"},
	kiosk.FlexibleHours: {"时间自己排，按单算", "时间可商量", "忙时早出晚归，闲时自由", "弹性上班，完成任务即可"},
	kiosk.PartTime:      {"每天4小时，时间可商量", "中午11–14点、晚上17–20点", "周末两天", "早6–10点", "下午2–6点"},
}

func (g *generator) hours(p *kiosk.Posting) string {
	switch {
	case strings.Contains(p.Title, "早点") || strings.Contains(p.Title, "包子"):
		return pick(g, []string{"早3:30–上午11点", "凌晨3点–上午10点，月休3天"})
	case p.Channel == kiosk.Policy && p.Shifts == kiosk.DayShift:
		return pick(g, []string{"8:30–12:00，14:30–17:30，双休", "8:30–17:30，双休，节假日轮值"})
	case p.Channel == kiosk.Welfare && p.Shifts == kiosk.DayShift:
		return pick(g, []string{"8:00–11:30，14:00–17:00，做六休一", "每天不超过8小时，月休四天", "早6–10点、下午3–6点"})
	case p.Benefits&kiosk.WeekendsOff != 0 && p.Shifts == kiosk.DayShift:
		return pick(g, []string{"早9–晚6，双休", "8:30–17:30，周末双休", "9:00–17:30，双休，法定节假日休"})
	case p.Benefits&kiosk.ChildFriendly != 0 && p.Shifts == kiosk.DayShift:
		return pick(g, []string{"8:30–16:30，能接送孩子", "早8:30–下午4:30，单休"})
	case p.Channel == kiosk.Gig && p.Shifts == kiosk.DayShift:
		return pick(g, []string{"早7–下午5，中午休1小时", "早8–晚6", "早6:30集合，下午4点收工", "8:00–17:00"})
	case p.Channel == kiosk.Gig && p.Shifts == kiosk.NightShift:
		return pick(g, []string{"晚8–早6，管夜宵", "晚9点到干完", "20:00–5:00"})
	}
	return pick(g, hourWords[p.Shifts])
}

var asks = map[kiosk.Education]string{
	kiosk.MiddleSchool: "初中以上", kiosk.HighSchool: "高中以上", kiosk.Vocational: "中专（职高、技校）以上",
	kiosk.College: "大专以上", kiosk.Bachelor: "本科以上",
}

func (g *generator) requirements(j *job, p *kiosk.Posting) string {
	parts := append([]string(nil), some(g, j.wants, g.between(1, 3))...)
	if w := asks[p.Education]; w != "" && g.chance(70) {
		parts = append(parts, w)
	}
	if p.Experience >= 12 && g.chance(60) {
		parts = append(parts, fmt.Sprintf("同类工作%d年以上", p.Experience/12))
	}
	return strings.Join(parts, "，")
}

func (g *generator) source(c kiosk.Channel) kiosk.Source {
	ref := fmt.Sprintf("YS%d%05d", g.today.Year(), g.IntN(100000))
	switch c {
	case kiosk.Gig:
		return kiosk.Source{Name: "零工驿站登记（演示）", Ref: ref}
	case kiosk.Policy, kiosk.Welfare:
		return kiosk.Source{Name: "招聘公告（演示）", Ref: ref}
	}
	return kiosk.Source{Name: pick(g, []string{"企业直报（演示）", "企业直报（演示）", "招聘会登记（演示）", "街道归集（演示）"}), Ref: ref}
}

// setDates gives the posting its days. A gig is for today, tomorrow or this
// week, and is shown until the end of its first day.
func (g *generator) setDates(p *kiosk.Posting) {
	day := 24 * time.Hour
	clock := func(d time.Time) time.Time { return d.Add(time.Duration(g.between(8*60, 17*60)) * time.Minute) }
	if p.Channel == kiosk.Gig {
		in := []int{0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6}
		p.Starts = g.today.Add(time.Duration(pick(g, in)) * day)
		p.Published = clock(g.today.Add(-time.Duration(g.between(1, 3)) * day))
		p.ValidThrough = p.Starts.Add(day - time.Second)
		if g.chance(3) {
			p.Starts = g.today.Add(-day)
			p.ValidThrough = g.today.Add(-time.Second)
		}
		return
	}
	age := g.between(1, 40)
	p.Published = clock(g.today.Add(-time.Duration(age) * day))
	p.ValidThrough = g.today.Add(time.Duration(g.between(3, 60))*day - time.Second)
	if g.chance(3) {
		age = g.between(20, 50)
		p.Published = clock(g.today.Add(-time.Duration(age) * day))
		p.ValidThrough = g.today.Add(-time.Duration(g.between(0, 15))*day - time.Second)
	}
	if g.chance(60) {
		p.Refreshed = clock(g.today.Add(-time.Duration(g.between(1, min(age, 5))) * day))
		if p.Refreshed.Before(p.Published) {
			p.Refreshed = time.Time{}
		}
	}
}

// nearCopy is the same job once more, as it comes from a second source: other
// words in the title, another day, perhaps another figure.
func (g *generator) nearCopy(of *kiosk.Posting, i int) kiosk.Posting {
	p := *of
	p.ID = fmt.Sprintf("gq%06d", i+1)
	p.Source = g.source(p.Channel)
	if !strings.Contains(p.Title, "（") {
		p.Title = pick(g, []string{"招" + p.Title, p.Title + "（急）", p.Title + "若干名", p.Title})
	}
	if p.Pay.Unit == kiosk.PerMonth && g.chance(40) {
		p.Pay.Max += kiosk.Yuan(500)
		p.Pay.Original = monthWords(g, p.Pay.Min, p.Pay.Max)
	}
	return p
}
