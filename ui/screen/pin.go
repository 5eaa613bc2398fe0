package screen

import (
	"strings"

	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// pinKeysMM is the width of the number keys beside the words in landscape.
const pinKeysMM = 80.0

// staffPIN asks for the PIN that opens the staff page. It shows how many
// digits are typed, never which.
func (p *page) staffPIN() Node {
	n := p.Visit.Staff.Digits()
	said := []Node{
		p.title(p.t("pin.title")),
		{Kind: Column, Style: Panel, Kids: []Node{p.dots(n).at(Center)}},
		p.pinAnswer(),
	}
	if d := p.Visit.Staff; d.Badge != "" {
		said = append(said, row(2, icon("check", 6), para(Good, p.t("pin.known", d.Badge)).grow()))
	} else if d.Unknown {
		said = append(said, row(2, icon("warning", 6), para(Bad, p.t("pin.unknown")).grow()))
	}
	if p.m.Portrait() {
		return column(GapMM, append(said, space(), p.pinKeys(22))...).grow()
	}
	keys := p.pinKeys(20)
	keys.SizeMM = pinKeysMM
	return row(GapMM, column(GapMM, append(said, space())...).grow(), keys).grow()
}

// pinAnswer is what became of the last PIN, or what to type.
func (p *page) pinAnswer() Node {
	d := p.Visit.Staff
	bad := func(key string, args ...any) Node {
		return row(2, icon("warning", 6), para(Bad, p.t(key, args...)).grow())
	}
	switch {
	case p.Unlocking():
		return para(Body, p.t("pin.asked"))
	case p.Locked() > 0:
		return bad("pin.locked", words.Wait(p.lang(), p.Locked()))
	case !d.Wrong || d.Answer.Wait > 0 || d.Answer.Badge && d.Badge != "":
		return para(Body, p.t("pin.hint", session.MinPIN, session.MaxPIN))
	case d.Answer.None:
		return bad("pin.none")
	case d.Answer.Badge:
		return bad("pin.badge")
	case d.Answer.Left > 0:
		return bad("pin.wrong", d.Answer.Left)
	}
	return bad("pin.no")
}

// dots shows how many digits are typed.
func (p *page) dots(n int) Node {
	return line(p.titleStyle(), strings.Repeat("●", n)+strings.Repeat("○", max(session.MinPIN-n, 0))).named(p.t("pin.typed", n))
}

// pinKeys are the number keys of the staff's PIN.
func (p *page) pinKeys(high float64) Node {
	return p.digitKeys(p.Visit.Staff.Digits(), p.Unlocking() || p.Locked() > 0, high)
}

// digitKeys are number keys with n digits typed, laid out as on a telephone.
func (p *page) digitKeys(n int, off bool, high float64) Node {
	key := func(digit string) Node {
		return button(Key, digit, "", session.DoKey).arg(digit).size(high).off(off || n >= session.MaxPIN)
	}
	var keys []Node
	for _, digit := range "123456789" {
		keys = append(keys, key(string(digit)))
	}
	keys = append(keys,
		button(Key, p.t("pin.delete"), "delete", session.DoDelete).size(high).off(off || n == 0),
		key("0"),
		button(Main, p.t("pin.ok"), "", session.DoUnlock).size(high).off(off || n < session.MinPIN),
	)
	return grid(3, GapMM, keys...)
}
