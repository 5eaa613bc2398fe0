package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// ask is one question of the guided match.
func (p *page) ask() Node {
	q := p.Question()
	steps := len(session.Questions())
	head := row(4,
		p.title(p.t("ask."+string(q)+".title")).grow(),
		line(Small, p.t("step.of", p.Asked.Step+1, steps)),
	)
	switch q {
	case session.AskTrades:
		return p.askTrades(head)
	case session.AskCertificates:
		return p.askCertificates(head)
	}
	answers := p.answers(q)
	cols := 2
	if len(answers) > 4 && !p.m.Portrait() {
		cols = 3
	}
	return column(GapMM, head, grid(cols, GapMM, answers...).grow(),
		button(Second, p.t("ask.skip"), "skip", session.DoSkip)).grow()
}

func (p *page) askTrades(head Node) Node {
	tiles, pager := p.tradeTiles(session.DoAnswer)
	next := button(Main, p.t("ask.next"), "check", session.DoNext)
	if len(p.Asked.Profile.Trades) == 0 {
		next = button(Second, p.t("ask.skip"), "skip", session.DoSkip)
	}
	if p.m.Portrait() {
		return column(GapMM, head, p.beside(tiles, pager), next).grow()
	}
	return column(GapMM, head, p.sided(tiles, append(pager, next))).grow()
}

// askCertificates asks which papers somebody has; several may be chosen.
func (p *page) askCertificates(head Node) Node {
	has, none := p.Asked.Profile.Certificates, p.Asked.Profile.CertificatesSaid && p.Asked.Profile.Certificates == 0
	var all []Node
	for _, c := range kiosk.AllCertificates.Each() {
		all = append(all, button(Chip, words.Certificates(p.lang(), c), "", session.DoAnswer).arg(c.Name()).on(has&c != 0))
	}
	all = append(all, button(Chip, p.t("ask.certificates.none"), "", session.DoAnswer).arg("none").on(none))
	next := button(Main, p.t("ask.next"), "check", session.DoNext)
	if !p.Asked.Profile.CertificatesSaid {
		next = button(Second, p.t("ask.skip"), "skip", session.DoSkip)
	}
	if p.m.Portrait() {
		return column(GapMM, head, grid(2, 2, all...).grow(), next).grow()
	}
	return column(GapMM, head, p.sided(grid(4, 2, all...), []Node{next})).grow()
}

func (p *page) answers(q session.Question) []Node {
	var all []Node
	add := func(text, arg string, on bool) {
		all = append(all, button(Tile, text, "", session.DoAnswer).arg(arg).on(on))
	}
	a := p.Asked
	switch q {
	case session.AskWhen:
		for _, w := range session.Whens() {
			add(p.t("when."+w), w, a.When == w)
		}
	case session.AskPay:
		for _, fen := range kiosk.PayBands() {
			add(words.Pay(p.lang(), kiosk.Pay{Min: fen, Max: fen, Unit: kiosk.PerMonth}), count(int(fen)), a.Profile.PayAtLeast == fen)
		}
		add(p.t("any"), "0", false)
	case session.AskDistance:
		for _, m := range kiosk.DistanceBands() {
			add(words.Length(p.lang(), float64(m)), count(m), a.Profile.Within == float64(m))
		}
		add(p.t("any"), "0", false)
	case session.AskSchool:
		for _, e := range askedSchools() {
			add(words.Education(p.lang(), e), count(int(e)), a.Profile.Education == e)
		}
	}
	return all
}

// askedSchools are the levels that are offered to residents.
func askedSchools() []kiosk.Education {
	return []kiosk.Education{
		kiosk.Primary, kiosk.MiddleSchool, kiosk.HighSchool, kiosk.Vocational, kiosk.College, kiosk.Bachelor,
	}
}
