package screen

import (
	"jobhome/kiosk/session"
	"jobhome/kiosk/setup"
	"jobhome/kiosk/words"
)

// booting is a screen of the first boot in the making.
type booting struct {
	*page
	setup.State
}

// OfSetup computes the screen that shows state s of a first boot on the panel m.
func OfSetup(s setup.State, m Metrics) Screen {
	look := session.State{Now: s.Now, Visit: session.Visit{Lang: s.Lang, Large: s.Large, Contrast: s.Contrast}}
	p := &booting{&page{State: look, m: m}, s}
	out := Screen{
		Page: session.Page(s.Page), Lang: string(s.Lang), Large: s.Large, Contrast: s.Contrast,
		Top: row(3, Node{Kind: Mark, SizeMM: 9}, line(Strong, p.t("setup.name")), space(), line(Small, s.Now.Format("15:04"))),
		Bar: p.setupBar(),
	}
	switch s.Page {
	case setup.PIN:
		out.Body = p.setupPIN()
	case setup.Typing:
		out.Body = p.typing()
	case setup.Ask:
		out.Body = p.asking()
	case setup.Work:
		out.Body = p.working()
	default:
		out.Body = p.ways()
	}
	return out
}

// setupBar is the foot: how the screen looks, and the way back.
func (p *booting) setupBar() Node {
	large := "bar.large"
	if p.State.Large {
		large = "bar.large.off"
	}
	back := p.State.Page == setup.PIN || p.State.Page == setup.Typing || p.State.Page == setup.Ask
	return grid(4, 1.5,
		button(Bar, p.t("bar.back"), "back", session.DoBack).grow().off(!back),
		button(Bar, p.t(large), "large-type", session.DoLarge).grow().on(p.State.Large),
		button(Bar, p.t("bar.contrast"), "contrast", session.DoContrast).grow().on(p.State.Contrast),
		button(Bar, p.t("bar.lang"), "language", session.DoLang).grow(),
	)
}

// tight tells that there is little room: a landscape panel in large type, or with
// something wrong to be read on it.
func (p *booting) tight() bool {
	return p.low() || !p.m.Portrait() && p.Problem.Key != ""
}

// way is one of the ways to bring a profile.
func (p *booting) way(picture, title string, below Node) Node {
	high := 13.0
	if p.m.Portrait() {
		high = 34
	}
	kids := []Node{para(Strong, title)}
	if !p.tight() {
		kids = append(kids, below)
	}
	return Node{Kind: Row, Style: Panel, GapMM: 4, Grow: true, Kids: []Node{
		icon(picture, high), column(0.5, append(append([]Node{space()}, kids...), space())...).grow(),
	}}
}

// ways shows how a profile can be brought, and what was wrong with the last one.
func (p *booting) ways() Node {
	var kids []Node
	if !p.tight() || p.Problem.Key == "" {
		kids = append(kids, p.title(p.t("setup.title")))
	}
	switch {
	case p.Problem.Key != "":
		kids = append(kids, p.problem())
	case p.m.Portrait():
		kids = append(kids, para(Body, p.t("setup.sub")))
	}
	found := row(2, icon("check", 5.5), para(Good, p.t("setup.scan.ready", p.Scanners)).grow())
	if p.Scanners == 0 {
		found = row(2, icon("refresh", 5.5), para(Quiet, p.t("setup.scan.none")).grow())
	}
	kids = append(kids,
		p.way("scan", p.t("setup.scan"), found),
		p.way("stick", p.t("setup.file"), para(Small, p.t("setup.file.where"))),
	)
	if p.CanType {
		typing := button(Second, p.t("setup.type"), "keyboard", setup.DoType).size(TargetMM)
		if !p.tight() {
			typing = typing.sub(p.t("setup.type.is")).size(TargetMM + 4)
		}
		kids = append(kids, typing)
	}
	return column(GapMM, kids...).grow()
}

// problem says what is wrong with what was brought, and where in it.
func (p *booting) problem() Node {
	say := Body
	if !p.m.Portrait() {
		say = Small
	}
	kids := []Node{para(say, p.t("setup.wrong."+p.Problem.Key))}
	if p.Problem.Detail != "" {
		kids = append(kids, Node{Kind: Text, Style: Small, Text: p.Problem.Detail, Lines: p.detailLines()})
	}
	return Node{Kind: Row, Style: Alarm, GapMM: 3, Kids: []Node{icon("warning", 9), column(0, kids...).grow()}}
}

func (p *booting) detailLines() int {
	if p.m.Portrait() {
		return 3
	}
	return 1
}

// asking shows what was brought in plain words, and asks whether it is right.
func (p *booting) asking() Node {
	o := p.Offer
	facts := [][2]string{
		{"setup.ask.site", o.Site.Name},
		{"setup.ask.area", join2(o.Area, string(o.Site.Area))},
		{"setup.ask.tier", p.t("site.tier." + string(o.Site.Tier))},
		{"setup.ask.hub", join2(o.Hub, o.Terminal)},
		{"setup.ask.network", p.networkText()},
		{"setup.ask.devices", p.devicesText()},
	}
	if o.Hub == "" {
		facts[3][1] = p.t("setup.ask.nohub")
	}
	style, label, lines := Body, 42.0, 1
	if p.m.Portrait() {
		label, lines = 62, 2
	}
	if p.low() {
		label = 48
	}
	if p.tight() {
		style = Small
	}
	var rows []Node
	for i, f := range facts {
		s := style
		name := line(Quiet, p.t(f[0]))
		if p.tight() {
			name = line(Small, p.t(f[0]))
		} else if i == 0 {
			s = Strong
		}
		cell := column(0, name)
		cell.SizeMM = label
		rows = append(rows, row(3, cell, Node{Kind: Text, Style: s, Text: f[1], Lines: lines}.grow()))
	}
	var kids []Node
	if !p.tight() || p.Problem.Key == "" {
		kids = append(kids, p.title(p.t("setup.ask.title")))
	}
	if p.Problem.Key != "" {
		kids = append(kids, p.problem())
		if p.low() { // no room for both, and what was wrong has to be read
			rows = rows[:3]
		}
	}
	gap := 1.0
	if p.m.Portrait() {
		gap = 5
	}
	return column(GapMM, append(kids, column(gap, rows...).grow(),
		grid(2, GapMM,
			button(Second, p.t("setup.drop"), "cross", setup.DoDrop).size(TargetMM+2),
			button(Main, p.t("setup.take"), "check", setup.DoTake).size(TargetMM+2),
		))...).grow()
}

func (p *booting) networkText() string {
	o := p.Offer
	wire := p.t("setup.ask.wired")
	if o.Address != "" {
		wire = p.t("setup.ask.static", o.Address)
	}
	switch {
	case o.WiFi != "" && o.Address != "":
		return p.t("setup.ask.both", p.t("setup.ask.wifi", o.WiFi), wire)
	case o.WiFi != "":
		return p.t("setup.ask.wifi", o.WiFi)
	}
	return wire
}

func (p *booting) devicesText() string {
	all := ""
	for _, d := range []struct {
		fitted bool
		part   session.Part
	}{{p.Offer.Printer, session.PartPrinter}, {p.Offer.Reader, session.PartReader}, {p.Offer.Scanner, session.PartScanner}} {
		if d.fitted {
			all = join2(all, p.t("part."+string(d.part)))
		}
	}
	if p.Offer.Rotation != 0 {
		all = join2(all, p.t("setup.ask.turned", p.Offer.Rotation))
	}
	if all == "" {
		return p.t("setup.ask.none")
	}
	return all
}

// working says that something is being done, with nothing to touch.
func (p *booting) working() Node {
	title, sub := "setup.asking", "setup.asking.sub"
	if p.Saving {
		title, sub = "setup.saving", "setup.saving.sub"
	}
	return column(GapMM, space(), icon("refresh", min(30, p.bodyHeight()*0.25)).at(Center),
		p.title(p.t(title)).at(Center), para(Body, p.t(sub)).at(Center), space()).grow()
}

// setupPIN asks for the PIN of the label.
func (p *booting) setupPIN() Node {
	said := []Node{
		p.title(p.t("setup.pin")),
		{Kind: Column, Style: Panel, Kids: []Node{p.dots(p.Digits()).at(Center)}},
	}
	switch {
	case p.Asked():
		said = append(said, para(Body, p.t("pin.asked")))
	case p.State.Locked() > 0:
		said = append(said, row(2, icon("warning", 6), para(Bad, p.t("pin.locked", words.Wait(p.lang(), p.State.Locked()))).grow()))
	case p.Wrong:
		said = append(said, row(2, icon("warning", 6), para(Bad, p.t("pin.no")).grow()))
	default:
		said = append(said, para(Body, p.t("pin.hint", session.MinPIN, session.MaxPIN)))
	}
	off := p.Asked() || p.State.Locked() > 0
	if p.m.Portrait() {
		return column(GapMM, append(said, space(), p.digitKeys(p.Digits(), off, 22))...).grow()
	}
	keys := p.digitKeys(p.Digits(), off, 20)
	keys.SizeMM = pinKeysMM
	return row(GapMM, column(GapMM, append(said, space())...).grow(), keys).grow()
}

// layerKeys are the characters of each sheet of the keyboard. Together they are
// all of printable ASCII.
var layerKeys = map[setup.Layer]string{
	setup.Small:  "abcdefghijklmnopqrstuvwxyz-.:/@_ ",
	setup.Large:  "ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:/@_ ",
	setup.Digits: "0123456789!\"#$%&'()*+,;<=>?[\\]^`{|}~",
}

// tail is the end of a line that is typed, as much of it as there is room for.
func (p *booting) tail(text string) string {
	room := p.bodyWidth() - 14
	if !p.m.Portrait() && p.tight() {
		room -= p.textMM(Small, p.t("setup.line."+string(p.Line()))) + 6
	}
	if most := int(room / p.letterMM(Strong) / 0.75); len(text) > most {
		return "…" + text[len(text)-most:]
	}
	return text
}

// typing is one line with the keyboard below it. A passphrase is shown while it
// is typed, in front of nobody but whoever has the label's PIN: one that is typed
// blindly is typed wrongly.
func (p *booting) typing() Node {
	l := p.Line()
	text := p.Text()
	shown := line(Strong, p.tail(text)+"▏").named(text)
	if text == "" {
		shown = line(Quiet, p.t("setup.line."+string(l)+".is"))
	}
	head := row(3, line(Strong, p.t("setup.line."+string(l))).grow(), line(Small, p.t("setup.line", p.At+1, len(setup.Lines()))))
	field := Node{Kind: Row, Style: Panel, Kids: []Node{shown.grow()}}
	above := []Node{head, field}
	switch {
	case p.Problem.Key != "" && p.m.Portrait():
		above = []Node{p.problem(), head, field}
	case p.Problem.Key != "":
		above = []Node{row(2, icon("warning", 5.5), line(Bad, p.t("setup.wrong."+p.Problem.Key)).grow()), row(3, line(Small, p.t("setup.line."+string(l))), shown.grow())}
	case p.low():
		above = []Node{row(3, line(Small, p.t("setup.line."+string(l))), shown.grow())}
	}
	layers := map[setup.Layer]string{setup.Small: "setup.layer.ABC", setup.Large: "setup.layer.123", setup.Digits: "setup.layer.abc"}
	next := "setup.next"
	if l == setup.Seal {
		next = "setup.connect"
	}
	cols, _ := p.keyGrid()
	var keys []Node
	for _, r := range layerKeys[p.Layer] {
		k := button(Key, string(r), "", session.DoKey).arg(string(r))
		if r == ' ' {
			k.Text, k.Name = "␣", p.t("setup.space")
		}
		keys = append(keys, k)
	}
	for len(keys)%cols != 0 || len(keys) < 3*cols {
		keys = append(keys, Node{Kind: Space, SizeMM: keyMM})
	}
	tools := row(2,
		button(Key, p.t("search.delete"), "delete", session.DoDelete).off(text == "").grow(),
		button(Key, p.t("search.clear"), "cross", session.DoClear).off(text == "").grow(),
		button(Key, p.t(layers[p.Layer]), "keyboard", session.DoKeys).grow(),
		button(Main, p.t(next), "", session.DoNext).off(!p.Filled()).grow(),
	)
	gap := 1.5
	if p.m.Portrait() {
		gap = GapMM
	}
	return column(gap, append(above, tools, space(), grid(cols, keyGap, keys...))...).grow()
}
