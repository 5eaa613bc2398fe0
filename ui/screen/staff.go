package screen

import (
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// partIcons names the picture of each device.
var partIcons = map[session.Part]string{
	session.PartPrinter: "print", session.PartReader: "card-tap", session.PartScanner: "scan",
	session.PartBadge: "badge", session.PartPanel: "lamp",
}

// healthLook is how a health shows: a picture and a style with its word, so
// that colour alone says nothing.
func healthLook(h session.Health) (picture string, style Style) {
	switch h {
	case session.Fine:
		return "check", Good
	case session.Care:
		return "info", Strong
	case session.Faulty:
		return "warning", Bad
	case session.Unfitted:
		return "minus", Quiet
	}
	return "refresh", Quiet
}

// block is a piece of a page with the height that it takes.
type block struct {
	node Node
	mm   float64
}

// staff shows the devices to staff, what is wrong with each and what to do,
// and lets them test. What does not fit one sheet is on the next.
func (p *page) staff() Node {
	printer := p.Device(session.PartPrinter)
	foot := grid(3, GapMM,
		button(Second, p.t("staff.slip"), "print", session.DoTestSlip).size(TargetMM).
			off(printer.Health == session.Unfitted || printer.Testing),
		button(Second, p.t("staff.paper"), "refresh", session.DoPaperChanged).size(TargetMM).
			off(printer.Health == session.Unfitted),
		button(Main, p.t("staff.leave"), "end", session.DoEnd).size(TargetMM),
	)
	return column(GapMM, p.staffHead(), p.staffSheet(), foot).grow()
}

// staffHead is the page's title, the door of the case, and what was just asked.
func (p *page) staffHead() Node {
	kids := []Node{line(Strong, p.t("staff.title"))}
	switch {
	case !p.DoorSeen:
	case p.DoorOpen:
		kids = append(kids, icon("warning", 6), line(Bad, p.t("staff.door.open")))
	default:
		kids = append(kids, icon("lock", 6), line(Small, p.t("staff.door.shut")))
	}
	kids = append(kids, space())
	if said := p.Visit.Staff.Said; said != "" {
		kids = append(kids, icon("check", 6), line(Good, p.t(said)))
	}
	return row(3, kids...)
}

// staffSheet is the sheet of devices that is turned to, with its pager where
// there are several.
func (p *page) staffSheet() Node {
	const padding = 9.0 // of the panel, and its lines
	width := p.bodyWidth() - padding
	height := p.bodyHeight() - TargetMM - p.lineMM(Strong) - 2*GapMM - padding
	sheets := packed(p.deviceBlocks(width), height)
	if len(sheets) == 1 {
		return Node{Kind: Column, Style: Panel, GapMM: GapMM, Grow: true, Kids: sheets[0]}
	}
	if p.m.Portrait() {
		height -= TargetMM + GapMM
	} else {
		width -= sideMM + GapMM
	}
	sheets = packed(p.deviceBlocks(width), height)
	at := p.Visit.Offset % len(sheets)
	sheet := Node{Kind: Column, Style: Panel, GapMM: GapMM, Grow: true, Kids: sheets[at]}
	return p.beside(sheet, p.pager(at, 1, len(sheets)))
}

// packed puts blocks on sheets of the given height, in their order.
func packed(blocks []block, height float64) [][]Node {
	var all [][]Node
	left := 0.0
	for _, b := range blocks {
		if len(all) == 0 || b.mm > left {
			all, left = append(all, nil), height
		}
		last := &all[len(all)-1]
		*last = append(*last, b.node)
		left -= b.mm + GapMM
	}
	return all
}

func (p *page) deviceBlocks(width float64) []block {
	var all []block
	for _, fault := range p.Staffed() {
		text := p.t("fault." + fault + ".staff")
		all = append(all, block{
			row(3, icon("warning", 9), para(p.sayStyle(), text).grow()),
			max(9, p.lineMM(p.sayStyle())*float64(p.rows(p.sayStyle(), text, width-12))),
		})
	}
	for _, part := range session.Parts() {
		all = append(all, p.deviceBlock(p.Device(part), width))
	}
	if p.CanReset() {
		all = append(all, block{
			row(3, icon("delete", 9), column(0, line(Strong, p.t("reset.name")), line(Small, p.t("reset.is"))).grow(),
				button(Second, p.t("reset.ask"), "", session.DoReset).size(TargetMM)),
			max(TargetMM, p.lineMM(Strong)+p.lineMM(Small)),
		})
	}
	return all
}

// sayStyle is the size of sentences for staff: small where that saves a sheet.
func (p *page) sayStyle() Style {
	if p.m.Portrait() {
		return Body
	}
	return Small
}

// deviceBlock is a device: its name, how it is, its test, and what to do.
func (p *page) deviceBlock(d session.DeviceReport, width float64) block {
	const picture, gap = 9.0, 3.0
	test := button(Second, p.t("staff.test"), "refresh", session.DoTest).arg(string(d.Part)).size(TargetMM).
		off(d.Testing || d.Health == session.Unfitted)
	test.Name = p.t("staff.test") + ", " + p.t("part."+string(d.Part))
	look, style := healthLook(d.Health)
	second, below := p.tested(d), d.Detail
	room := width - picture - 2*gap - p.textMM(Second, test.Text) - 18
	if both := join2(second, d.Detail); p.textMM(Small, both) <= room*0.95 {
		second, below = both, ""
	}
	head := row(gap, icon(partIcons[d.Part], picture), column(0,
		row(2, line(Strong, p.t("part."+string(d.Part))), icon(look, 5.5), line(style, p.t("health."+string(d.Health)))),
		line(Small, second),
	).grow(), test)
	b := block{mm: max(TargetMM, p.lineMM(Strong)+p.lineMM(Small))}
	kids := []Node{head}
	if key := "fault." + d.Fault + ".staff"; d.Fault != "" && words.Has(key) {
		say := p.sayStyle()
		kids = append(kids, para(say, p.t(key)))
		b.mm += float64(p.rows(say, p.t(key), width)) * p.lineMM(say)
	}
	if below != "" {
		kids = append(kids, line(Small, below))
		b.mm += p.lineMM(Small)
	}
	b.node = column(0, kids...)
	return b
}

// tested tells when a device was last tested, and how that ended.
func (p *page) tested(d session.DeviceReport) string {
	switch {
	case d.Testing:
		return p.t("staff.testing")
	case d.Health == session.Unfitted:
		return ""
	case d.Tested.IsZero():
		return p.t("staff.untested")
	}
	at := d.Tested.In(p.Now.Location())
	when := at.Format("15:04")
	if y, m, day := at.Date(); y != p.Now.Year() || m != p.Now.Month() || day != p.Now.Day() {
		when = words.Past(p.lang(), at, p.Now) + " " + when
	}
	if d.Passed {
		return p.t("staff.passed", when)
	}
	return p.t("staff.failed", when)
}
