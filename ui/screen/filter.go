package screen

import (
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// filter is the page of filters, each with the number of postings that it
// would leave.
func (p *page) filter() Node {
	groups := p.filterGroups()
	room := p.bodyHeight() - TargetMM - 2*GapMM - 2
	var head []Node
	if p.m.Portrait() {
		head = append(head, p.title(p.t("filter.title")).lines(1))
		room -= p.lineMM(Title) + GapMM
	}
	n := fit(room, p.optionMM()+p.lineMM(Small)+0.5, GapMM)
	sheets := (len(groups) + n - 1) / n
	at := p.Visit.Offset % sheets
	shown := groups[at*n : min(at*n+n, len(groups))]
	foot := []Node{button(Second, p.t("filter.clear"), "cross", session.DoUnfilt).grow()}
	if sheets > 1 {
		foot = append(foot, button(Second, p.t("page.next")+" "+count(at+1)+"/"+count(sheets), "next", session.DoPage).arg("next").grow())
	}
	foot = append(foot, button(Main, p.t("filter.show", p.Visit.List.Results.Total), "check", session.DoShow).grow())
	kids := append(head, shown...)
	kids = append(kids, space(), row(GapMM, foot...))
	return column(GapMM, kids...).grow()
}

func (p *page) filterGroups() []Node {
	q, f := p.Visit.List.Query, p.Visit.List.Results.Facets
	var distance, pay, shift, benefit, channel, school []Node
	distance = append(distance, p.option("distance=0", p.t("any"), -1, q.Within == 0))
	for _, m := range kiosk.DistanceBands() {
		distance = append(distance, p.option("distance="+count(m), words.Length(p.lang(), float64(m)), f.Distances[m], q.Within == float64(m)))
	}
	pay = append(pay, p.option("pay=0", p.t("any"), -1, q.PayAtLeast == 0))
	for _, b := range kiosk.PayBands() {
		pay = append(pay, p.option("pay="+count(int(b)), b.String(), f.Pay[b], q.PayAtLeast == b))
	}
	for _, s := range kiosk.AllShifts.Each() {
		shift = append(shift, p.option("shift="+count(int(s)), p.t("shift."+s.Name()), f.Shifts[s], q.Shifts&s != 0))
	}
	for _, b := range kiosk.AllBenefits.Each() {
		benefit = append(benefit, p.option("benefit="+count(int(b)), p.t("perk."+b.Name()), f.Benefits[b], q.Benefits&b != 0))
	}
	for _, c := range kiosk.Channels() {
		channel = append(channel, p.option("channel="+string(c), p.t("channel."+string(c)), f.Channels[c], slices.Contains(q.Channels, c)))
	}
	school = append(school, p.option("school=0", p.t("any"), -1, q.Education == 0))
	for _, e := range askedSchools() {
		school = append(school, p.option("school="+count(int(e)), words.Education(p.lang(), e), f.Educations[e], q.Education == e))
	}
	groups := p.optionRows("filter.distance", distance)
	groups = append(groups, p.optionRows("filter.pay", pay)...)
	groups = append(groups, p.optionRows("filter.benefit", benefit)...)
	groups = append(groups, p.optionRows("filter.shift", shift)...)
	groups = append(groups, p.optionRows("filter.channel", channel)...)
	return append(groups, p.optionRows("filter.school", school)...)
}

// option is one filter; n < 0 has no number.
func (p *page) option(arg, text string, n int, on bool) Node {
	b := button(Chip, text, "", session.DoFilter).arg(arg).on(on)
	if n >= 0 {
		b.Sub = count(n)
		if on {
			b.Sub = "✓ " + b.Sub // colour alone must not say it
		}
		b.Off = n == 0 && !on
	}
	return b
}

// optionMM is the height of an option with its number.
func (p *page) optionMM() float64 {
	return max(TargetMM, p.lineMM(Body)+p.lineMM(Small)+3)
}

// optionRows puts a group's options under its name, in as many rows as the
// panel's width needs.
func (p *page) optionRows(key string, options []Node) []Node {
	widest := 0.0
	for _, o := range options {
		widest = max(widest, p.textMM(Body, o.Text))
	}
	cols := fit(p.bodyWidth(), max(widest+6, 30), 2)
	var rows []Node
	for chunk := range slices.Chunk(options, cols) {
		for len(chunk) < min(cols, len(options)) {
			chunk = append(chunk, Node{Kind: Space})
		}
		rows = append(rows, column(0.5, line(Small, p.t(key)), grid(len(chunk), 2, chunk...)))
	}
	return rows
}
