package screen

import (
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// other offers what else can be done about the posting looked at.
func (p *page) other() Node {
	post, r := p.Chosen.Posting, p.Visit.Request
	call := button(Main, p.t("other.callback"), "phone", session.DoCallBack).off(!p.CanCall() || r.Called == post.ID)
	switch {
	case r.Called == post.ID:
		call = call.sub(p.t("other.called"))
	case p.Barred():
		call = call.sub(p.t("card.barred.short"))
	case !p.CanCall():
		call = call.sub(p.t("other.callback.no"))
	default:
		call = call.sub(p.t("other.callback.is"))
	}
	similar := button(Second, p.t("other.similar"), "list", session.DoSimilar)
	report := button(Second, p.t("other.report"), "flag", session.DoReport).off(r.Reported == post.ID)
	if r.Reported == post.ID {
		report = report.sub(p.t("other.reported"))
	} else {
		report = report.sub(p.t("other.report.is"))
	}
	head := []Node{p.title(p.t("other.title"))}
	if !p.low() {
		head = append(head, line(Body, post.Title).lines(1))
	}
	room := p.bodyHeight() - 6*GapMM - p.lineMM(Title) - 2
	if !p.low() {
		room -= p.lineMM(Body)
	}
	high := min(34, room/3)
	return column(GapMM, append(head, space(), call.size(high), similar.size(high), report.size(high), space())...).grow()
}

// report asks what is wrong with the posting.
func (p *page) report() Node {
	cols, rows := 2, 3.0
	if p.m.Portrait() {
		cols, rows = 1, 5
	}
	var all []Node
	for _, c := range kiosk.Complaints() {
		all = append(all, button(Second, p.t("complaint."+string(c)), "", session.DoComplain).arg(string(c)).
			size(min(26, (p.bodyHeight()-p.lineMM(Title)-6)/rows-GapMM-2)))
	}
	return column(GapMM, p.title(p.t("report.title")), space(), grid(cols, GapMM, all...), space()).grow()
}

// callBack asks for a phone number, after saying what becomes of it.
func (p *page) callBack() Node {
	r := p.Visit.Request
	if r.Called == p.Chosen.Posting.ID || r.Waiting {
		return p.called()
	}
	style := Body
	if !p.m.Portrait() && (p.Visit.Large || p.lang() == words.En) {
		style = Small
	}
	// As high with the hint as with the number, so that nothing moves at a touch.
	typed := line(Title, grouped(r.Phone)).at(Center).named(p.t("callback.typed", r.Phone))
	if r.Phone == "" {
		typed = line(Small, p.t("callback.hint")).at(Center)
	}
	said := []Node{
		p.callTitle(),
		row(2, icon("people", 7), para(style, p.t("callback.what")).grow()),
		row(2, icon("lock", 7), para(style, p.t("callback.sealed")).grow()),
		{Kind: Column, Style: Panel, SizeMM: p.lineMM(Title) + 6, Kids: []Node{typed.grow()}},
	}
	if p.m.Portrait() {
		return column(GapMM, append(said, space(), p.phoneKeys(22), p.sendButton(22))...).grow()
	}
	keys := p.phoneKeys((p.bodyHeight()-3*GapMM)/4 - 1)
	keys.SizeMM = pinKeysMM
	return row(GapMM, column(GapMM, append(said, space(), p.sendButton(TargetMM))...).grow(), keys).grow()
}

// callTitle is smaller where English has to stand beside the keys.
func (p *page) callTitle() Node {
	if !p.m.Portrait() && p.lang() == words.En {
		return para(Strong, p.t("callback.title"))
	}
	return p.title(p.t("callback.title"))
}

func (p *page) sendButton(high float64) Node {
	return button(Main, p.t("callback.send"), "check", session.DoSend).size(high).off(!p.Visit.Request.PhoneOK() || !p.CanCall())
}

// phoneKeys are the number keys, laid out as on a telephone.
func (p *page) phoneKeys(high float64) Node {
	var keys []Node
	for _, digit := range "123456789" {
		keys = append(keys, button(Key, string(digit), "", session.DoKey).arg(string(digit)).size(high))
	}
	keys = append(keys, Node{Kind: Space, SizeMM: 1}, button(Key, "0", "", session.DoKey).arg("0").size(high),
		button(Key, p.t("callback.delete"), "delete", session.DoDelete).size(high).off(p.Visit.Request.Phone == ""))
	return grid(3, GapMM, keys...)
}

// called tells that the request is written down.
func (p *page) called() Node {
	if p.Visit.Request.Waiting {
		return column(GapMM, space(), p.title(p.t("callback.wait")).at(Center), space()).grow()
	}
	return column(GapMM, space(),
		icon("check", min(42, p.bodyHeight()*0.3)).at(Center),
		p.title(p.t("callback.done")).at(Center),
		para(Body, p.t("callback.done.is")).at(Center),
		space(),
		button(Main, p.t("take.more"), "search", session.DoMore).size(p.resultMM()),
	).grow()
}

// grouped writes a phone number as people read it: 139 0792 0000, 0792 5550 1234,
// 010 5550 1234.
func grouped(digits string) string {
	first := 3 // of a mobile number, and of the area codes 010 and 02x
	if strings.HasPrefix(digits, "0") && !strings.HasPrefix(digits, "01") && !strings.HasPrefix(digits, "02") {
		first = 4
	}
	var out strings.Builder
	for i, d := range digits {
		if i == first || i == first+4 {
			out.WriteByte(' ')
		}
		out.WriteRune(d)
	}
	return out.String()
}
