package session

import (
	"slices"
	"strconv"

	"jobhome/kiosk"
)

// Question is a page of the guided match.
type Question string

// The questions.
const (
	AskTrades   Question = "trades"
	AskWhen     Question = "when"
	AskPay      Question = "pay"
	AskDistance Question = "distance"
	AskSchool   Question = "school"

	AskCertificates Question = "certificates"
)

// Questions lists the questions in their order.
func Questions() []Question {
	return []Question{AskTrades, AskWhen, AskPay, AskDistance, AskSchool, AskCertificates}
}

// MaxTrades is how many kinds of work one may want at a time.
const MaxTrades = 3

// Question is the one now asked.
func (s State) Question() Question {
	return Questions()[min(max(s.Asked.Step, 0), len(Questions())-1)]
}

func (t *turn) touchAsk(e Touch) {
	switch e.Do {
	case DoAnswer:
		if t.answer(e.Arg) {
			t.nextQuestion()
		}
	case DoNext:
		t.nextQuestion()
	case DoSkip:
		t.unanswer()
		t.nextQuestion()
	case DoPage:
		t.turnTrades(e.Arg)
	}
}

// answer takes an answer and reports whether the question is done with it.
func (t *turn) answer(arg string) bool {
	p := &t.Asked.Profile
	n, _ := strconv.Atoi(arg)
	switch t.Question() {
	case AskTrades:
		trade := kiosk.Trade(arg)
		if i := slices.Index(p.Trades, trade); i >= 0 {
			p.Trades = slices.Delete(slices.Clone(p.Trades), i, i+1)
		} else if len(p.Trades) < MaxTrades {
			p.Trades = append(slices.Clone(p.Trades), trade)
		}
		return false
	case AskWhen:
		t.Asked.When = arg
		p.Term, p.Shifts = when(arg)
	case AskPay:
		p.PayAtLeast = kiosk.Fen(n)
	case AskDistance:
		p.Within = float64(n)
	case AskSchool:
		p.Education = kiosk.Education(n)
	case AskCertificates:
		answerCertificate(p, arg)
		return false
	}
	return true
}

// answerCertificate takes a certificate in or out, or that there is none.
func answerCertificate(p *kiosk.Profile, arg string) {
	if arg == "none" {
		p.Certificates, p.CertificatesSaid = 0, !p.CertificatesSaid || p.Certificates != 0
		return
	}
	c, err := kiosk.ParseCertificates([]string{arg})
	if err != nil {
		return
	}
	p.Certificates ^= c
	p.CertificatesSaid = p.Certificates != 0
}

// Whens are the answers to the question of when, as arguments of DoAnswer.
func Whens() []string { return []string{"week", "day", "night", "flexible"} }

func when(arg string) (kiosk.Term, kiosk.Shifts) {
	switch arg {
	case "week":
		return kiosk.ThisWeek, 0
	case "day":
		return kiosk.LongTerm, kiosk.DayShift
	case "night":
		return kiosk.LongTerm, kiosk.DayShift | kiosk.NightShift | kiosk.RotatingShift
	case "flexible":
		return kiosk.AnyTerm, kiosk.FlexibleHours | kiosk.PartTime
	}
	return kiosk.AnyTerm, 0
}

func (t *turn) unanswer() {
	p := &t.Asked.Profile
	switch t.Question() {
	case AskTrades:
		p.Trades = nil
	case AskWhen:
		t.Asked.When, p.Term, p.Shifts = "", kiosk.AnyTerm, 0
	case AskPay:
		p.PayAtLeast = 0
	case AskDistance:
		p.Within = 0
	case AskSchool:
		p.Education = kiosk.AnySchooling
	case AskCertificates:
		p.Certificates, p.CertificatesSaid = 0, false
	}
}

func (t *turn) nextQuestion() {
	t.Offset = 0
	if t.Asked.Step+1 < len(Questions()) {
		t.Asked.Step++
		return
	}
	t.List = ListState{Matched: true, Profile: t.Asked.Profile, From: "match"}
	t.to(List)
	t.ask()
}
