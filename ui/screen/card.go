package screen

import (
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// card is a posting as a row of a list: what it is, what it pays, whose it is,
// how far, and what it gives or why it fits.
func (p *page) card(it kiosk.Item, do session.Action) Node {
	post := &it.Posting
	if p.low() {
		return p.cardLow(it, do)
	}
	kids := []Node{
		row(2, line(Strong, post.Title).grow(), icon("nearby", 4.8), line(Small, p.farShort(it.Metres)).at(End)),
		row(2, line(Pay, words.Pay(p.lang(), post.Pay)), line(Small, p.headsOrMore(it)).at(End).grow()),
		row(2, line(Small, post.Employer.Name).grow(), line(Small, p.monthShort(post)).at(End)),
	}
	if p.Page == session.Attract && !p.m.Portrait() {
		// Two rows of short cards invite more than one row of long ones.
	} else if hit := p.hitLine(it.Hits); hit != "" {
		kids = append(kids, row(2, icon("search", 4.5), line(Small, hit).grow()))
	} else if lack := p.lackLine(it.Reasons); lack != "" {
		kids = append(kids, row(2, icon("info", 4.5), line(Bad, lack).grow()))
	} else if why := p.reasonLine(it.Reasons, p.cardWidth()-15); why != "" {
		kids = append(kids, row(2, icon("check", 4.5), line(Good, why).grow()))
	} else {
		kids = append(kids, p.facts(post, p.cardWidth()-8))
	}
	return p.cardOf(it, do, kids)
}

// cardLow is the card in large type on a low panel: what, whose, how much and
// how far, across the page.
func (p *page) cardLow(it kiosk.Item, do session.Action) Node {
	post := &it.Posting
	return p.cardOf(it, do, []Node{
		row(3, line(Strong, post.Title), line(Small, post.Employer.Name).at(End).grow()),
		row(3, line(Pay, words.Pay(p.lang(), post.Pay)), line(Small, p.farShort(it.Metres)).at(End).grow()),
	})
}

func (p *page) cardOf(it kiosk.Item, do session.Action, kids []Node) Node {
	return Node{
		Kind: Button, Style: Card, Do: do, Arg: it.Posting.ID, Name: p.cardName(it),
		Kids: []Node{{Kind: Column, GapMM: 0.5, Kids: kids}},
	}
}

// farShort is how far a place is, beside a picture that says what is meant.
func (p *page) farShort(metres float64) string {
	if metres < 75 {
		return words.Away(p.lang(), metres)
	}
	return words.Length(p.lang(), metres)
}

// monthShort is what the pay comes to in a month, where the unit is another.
func (p *page) monthShort(post *kiosk.Posting) string {
	lo, hi, ok := post.Pay.Monthly()
	if !ok || post.Pay.Unit == kiosk.PerMonth {
		return ""
	}
	return p.t("pay.month.short", words.MonthRange(lo, hi))
}

func (p *page) cardName(it kiosk.Item) string {
	post := &it.Posting
	return strings.Join([]string{
		post.Title, words.Pay(p.lang(), post.Pay), post.Employer.Name,
		words.Away(p.lang(), it.Metres),
	}, ", ")
}

// headsOrMore is how many people are wanted, or that there are more postings of
// the kind: the list shows one of them.
func (p *page) headsOrMore(it kiosk.Item) string {
	if it.More > 0 {
		return p.t("card.more", it.More)
	}
	return p.heads(&it.Posting)
}

// hitLine says where the words stand that the title does not show.
func (p *page) hitLine(hits []kiosk.Hit) string {
	if len(hits) == 0 {
		return ""
	}
	return words.Hit(p.lang(), hits[0])
}

func (p *page) heads(post *kiosk.Posting) string {
	if post.Headcount == 0 {
		return p.t("heads.some")
	}
	return p.t("heads", post.Headcount)
}

// reasonLine is the best one or two reasons of a match, as many as go into width
// millimetres.
func (p *page) reasonLine(reasons []kiosk.Reason, width float64) string {
	var good []string
	for _, r := range reasons {
		fits := r.Fit == kiosk.Met || r.Fit == kiosk.Partly
		// Pay and distance stand on the card already.
		if fits && r.Factor != kiosk.FactorDistance && r.Factor != kiosk.FactorPay {
			good = append(good, words.Reason(p.lang(), r))
		}
	}
	sep := "；"
	if p.lang() == words.En {
		sep = "; "
	}
	if both := strings.Join(good[:min(len(good), 2)], sep); p.textMM(Good, both) <= width {
		return both
	}
	return good[0] // of none there is nothing to be too long
}

// lackLine is the first requirement of a posting that the person does not
// fulfil: what has to be known before anything that is good about it.
func (p *page) lackLine(reasons []kiosk.Reason) string {
	for _, r := range reasons {
		if r.Factor.Hard() && (r.Fit == kiosk.NotMet || r.Fit == kiosk.Partly) {
			return words.Reason(p.lang(), r)
		}
	}
	return ""
}

// perkIcons names the picture of each benefit and shift.
var perkIcons = map[string]string{
	"dorm": "dorm", "meals": "meals", "bus": "bus", "insurance": "insurance",
	"housing-fund": "home", "overtime-pay": "overtime-pay", "paid-leave": "holidays",
	"weekends-off": "holidays", "training": "training", "age-friendly": "people",
	"child-friendly": "childcare", "day": "day-shift", "night": "night-shift",
	"rotating": "rotating-shift", "flexible": "flexible", "part-time": "clock",
}

// cardWidth is the width of a posting's card, in the list and no wider on the
// attract page.
func (p *page) cardWidth() float64 {
	cols, _ := p.cardGrid()
	room := p.bodyWidth()
	if !p.m.Portrait() {
		room -= sideMM + GapMM
	}
	return (room+GapMM)/float64(cols) - GapMM
}

// mostFacts is how many facts of a posting are taken in at a glance.
const mostFacts = 4

// facts are the first short facts of a posting that go into width millimetres,
// each with its picture. Half a word would tell nothing.
func (p *page) facts(post *kiosk.Posting, width float64) Node {
	const gap, picture = 4.0, 4.8
	var kids []Node
	add := func(name, text string) {
		width -= picture + 1 + p.textMM(Fact, text)
		if len(kids) < mostFacts && (width >= 0 || len(kids) == 0) {
			kids = append(kids, row(1, icon(name, picture), line(Fact, text)))
		}
		width -= gap
	}
	if post.Channel != kiosk.Market {
		add(channelIcons[post.Channel], p.t("channel."+string(post.Channel)))
	}
	for _, s := range post.Shifts.Each() {
		add(perkIcons[s.Name()], p.t("shift."+s.Name()))
	}
	for _, b := range post.Benefits.Each() {
		add(perkIcons[b.Name()], p.t("perk."+b.Name()))
	}
	return row(gap, kids...)
}

var channelIcons = map[kiosk.Channel]string{
	kiosk.Market: "market", kiosk.Gig: "gig", kiosk.Policy: "policy",
	kiosk.Welfare: "welfare", kiosk.Internship: "internship",
}
