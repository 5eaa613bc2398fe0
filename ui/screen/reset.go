package screen

import "jobhome/kiosk/session"

// reset asks whether everything is to be wiped, after saying what is lost.
func (p *page) reset() Node {
	r := p.Visit.Staff.Reset
	if r.Wiping {
		return column(GapMM, space(), icon("refresh", min(30, p.bodyHeight()*0.25)).at(Center),
			p.title(p.t("reset.wiping")).at(Center), para(Body, p.t("reset.wiping.is")).at(Center), space()).grow()
	}
	style := Body
	if !p.m.Portrait() {
		style = Small
	}
	say := func(picture string, s Style, key string, args ...any) Node {
		return row(3, icon(picture, 7), para(s, p.t(key, args...)).grow())
	}
	kids := []Node{p.title(p.t("reset.title"))}
	if !r.Broken || !p.low() { // they have read it before
		kids = append(kids, say("warning", style, "reset.lost"))
	}
	switch {
	case r.Unknown:
		kids = append(kids, say("warning", Bad, "reset.unknown"))
	case !r.Counted:
		kids = append(kids, say("refresh", style, "reset.counting"))
	case r.Left > 0:
		kids = append(kids, say("warning", Bad, "reset.left", r.Left), say("info", style, "reset.stick"))
	default:
		kids = append(kids, say("check", Good, "reset.none"))
	}
	if p.Options.KeyFitted && !p.KeyOn {
		kids = append(kids, say("lock", Bad, "reset.key"))
	}
	if r.Broken {
		kids = append(kids, say("warning", Bad, "reset.broken"))
	}
	return column(GapMM, append(kids, space(), grid(2, GapMM,
		button(Main, p.t("reset.keep"), "back", session.DoKeep).size(TargetMM+2),
		button(Second, p.t("reset.wipe"), "delete", session.DoWipe).size(TargetMM+2).off(!p.MayWipe()),
	))...).grow()
}
