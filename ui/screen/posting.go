package screen

import (
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// qrMM is the least size of a code that phones of old people read at arm's
// length.
const qrMM = 38.0

// qrMM is the size of a code on this panel; never less than 35 mm.
func (p *page) qrMM() float64 {
	switch {
	case p.low():
		return qrMM - 2
	case p.m.Portrait():
		return qrMM + 14
	}
	return qrMM
}

// posting shows everything a resident asks about a job. What does not fit one
// sheet is on the next; nothing is reached only by scrolling.
func (p *page) posting() Node {
	if p.m.Portrait() {
		return p.postingUpright()
	}
	const side = 72.0
	same := p.sameButton()
	height := p.bodyHeight() - 13
	if same != nil {
		height -= TargetMM + GapMM
	}
	sheets := p.sheets(p.postingLines(), p.bodyWidth()-side-GapMM-10, height)
	at := p.Visit.Offset % len(sheets)
	left := Node{Kind: Column, Style: Panel, GapMM: 1, Grow: true, Kids: sheets[at]}
	if same != nil {
		left = column(GapMM, append([]Node{left}, same...)...).grow()
	}
	right := []Node{p.scanBox(), space()}
	if tools := p.postingTools(at, len(sheets)); len(tools) > 0 {
		right = append(right, grid(len(tools), 2, tools...))
	}
	col := column(2, append(right, p.printButton())...)
	col.SizeMM = side
	return row(GapMM, left, col).grow()
}

func (p *page) postingUpright() Node {
	foot := TargetMM + 6 + GapMM
	box := p.qrMM() + 2*p.lineMM(Small) + 10 + GapMM
	same := p.sameButton()
	room := p.bodyHeight() - 8 - foot - box - TargetMM - GapMM
	if same != nil {
		room -= TargetMM + GapMM
	}
	if p.Visit.Contrast {
		room -= 3 // its frames are thicker
	}
	sheets := p.sheets(p.postingLines(), p.bodyWidth()-8, room)
	at := p.Visit.Offset % len(sheets)
	kids := append([]Node{
		{Kind: Column, Style: Panel, GapMM: 2, Grow: true, Kids: sheets[at]},
		p.scanBox(),
	}, same...)
	if tools := p.postingTools(at, len(sheets)); len(tools) > 0 {
		kids = append(kids, grid(len(tools), GapMM, tools...))
	}
	return column(GapMM, append(kids, p.printButton())...).grow()
}

// sameButton leads to the postings that were folded into this one.
func (p *page) sameButton() []Node {
	if p.Chosen.More == 0 {
		return nil
	}
	return []Node{button(Second, p.t("posting.like", p.Chosen.More), "list", session.DoLike)}
}

// postingTools turn to the next sheet, and lead to what else can be done about
// the posting.
func (p *page) postingTools(at, sheets int) []Node {
	var all []Node
	if sheets > 1 {
		text := p.t("posting.more.short", at+1, sheets)
		next := button(Second, text, "", session.DoPage).arg("next")
		if p.low() { // the words have no room
			next.Text, next.Icon, next.Name = count(at+1)+"/"+count(sheets), "next", text
		}
		all = append(all, next)
	}
	return append(all, button(Second, p.t("posting.other"), "", session.DoOther))
}

// scanBox is the code that opens the posting on a phone.
func (p *page) scanBox() Node {
	caption, style := line(Small, p.t("posting.scan")).at(Center), Panel
	if !p.Printer.CanPrint() {
		// Said where the eye goes next: the code does what the printer cannot.
		caption, style = para(Bad, p.t(p.noPrintKey())).at(Center), Alarm
	}
	return Node{Kind: Column, Style: style, GapMM: 1, Kids: []Node{
		{Kind: QR, Text: p.postingURL(), SizeMM: p.qrMM(), Align: Center},
		caption,
	}}
}

func (p *page) postingURL() string {
	return p.Options.Site.BaseURL + "/p/" + p.Chosen.Posting.ID
}

// printButton is the page's main action; none while nothing can be printed.
func (p *page) printButton() Node {
	switch {
	case p.Barred():
		return button(Main, p.t("card.barred.short"), "info", session.DoPrint).off(true).size(20)
	case p.Printer.CanPrint():
		return button(Main, p.t("posting.print"), "print", session.DoPrint).size(20)
	}
	return Node{Kind: Space, SizeMM: 1}
}

func (p *page) noPrintKey() string {
	if p.Printer == session.PrinterPaperOut {
		return "notice.paper"
	}
	return "posting.noprint"
}

// said is a line of a posting with its picture.
type said struct {
	style   Style
	picture string
	text    string
}

func (p *page) postingLines() []said {
	post, l := &p.Chosen.Posting, p.lang()
	all := []said{
		{Title, "", post.Title},
		{Pay, "pay", strings.TrimSpace(words.Pay(l, post.Pay) + "  " + words.PayMonth(l, post.Pay))},
		{Body, "", post.Employer.Name + "  " + p.heads(post)},
	}
	add := func(style Style, picture, text string) {
		if text != "" {
			all = append(all, said{style, picture, text})
		}
	}
	add(Body, "nearby", strings.TrimSpace(post.Address+"  "+words.Away(l, p.Chosen.Metres)))
	add(Body, "clock", join2(words.Shifts(l, post.Shifts), post.Hours))
	if !post.Starts.IsZero() {
		add(Body, "today", p.t("starts", words.Date(l, post.Starts, p.Now)))
	}
	add(Body, "heart", words.Benefits(l, post.Benefits))
	add(Body, "education", p.asks(post))
	add(Body, "phone", join2(join2(post.Contact.Person, post.Contact.Rule), post.Contact.Phone))
	all = append(all, p.whyLines()...)
	if post.Pay.Original != "" {
		add(Small, "", p.t("pay.said", post.Pay.Original))
	}
	add(Small, "", p.t("valid", words.Date(l, post.ValidThrough, p.Now)))
	add(Body, "", post.Description)
	if post.Source.Name != "" {
		add(Small, "", p.t("source", post.Source.Name))
	}
	return all
}

func (p *page) whyLines() []said {
	var all []said
	if len(p.Chosen.Reasons) > 0 {
		all = append(all, said{Strong, "", p.t("posting.why")})
	}
	for _, r := range p.Chosen.Reasons {
		style, picture := Good, "check"
		if r.Fit == kiosk.NotMet || r.Fit == kiosk.Unknown {
			style, picture = Quiet, "info"
		}
		all = append(all, said{style, picture, words.Reason(p.lang(), r)})
	}
	return all
}

func (p *page) asks(post *kiosk.Posting) string {
	parts := words.Education(p.lang(), post.Education)
	switch {
	case post.Experience >= 12:
		parts = join2(parts, p.t("years.exp", post.Experience/12))
	case post.Experience > 0:
		parts = join2(parts, p.t("months.exp", post.Experience))
	}
	return join2(parts, post.Requirements)
}

func join2(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "  " + b
}

// broken divides texts where they break lines themselves, and leaves out what
// is blank.
func broken(lines []said) []said {
	var all []said
	for _, s := range lines {
		for part := range strings.FieldsFuncSeq(s.text, func(r rune) bool { return strings.ContainsRune("\n\v\f\r\u0085\u2028\u2029", r) }) {
			if s.text = strings.TrimSpace(part); s.text != "" {
				all = append(all, s)
				s.picture = ""
			}
		}
	}
	return all
}

// sheets lays lines out on as many sheets of width × height millimetres as it
// takes. A text that is longer than what is left of a sheet goes on in the
// next.
func (p *page) sheets(lines []said, width, height float64) [][]Node {
	var all [][]Node
	var sheet []Node
	left := height
	const gap = 1.2
	turn := func() { all, sheet, left = append(all, sheet), nil, height }
	for _, s := range broken(lines) {
		for s.text != "" {
			room := width
			if s.picture != "" {
				room -= 8.5
			}
			need, most := p.rows(s.style, s.text, room), int((left-gap)/p.lineMM(s.style))
			if most < 1 || need > most && most < 2 && len(sheet) > 0 {
				if len(sheet) == 0 {
					most = 1 // a panel too low for a line still shows it
				} else {
					turn()
					continue
				}
			}
			part := s
			part.text, s.text = p.cut(s.style, s.text, room*float64(most))
			sheet = append(sheet, part.node())
			left -= float64(min(need, most))*p.lineMM(s.style) + gap
			if s.text != "" {
				turn()
			}
		}
	}
	if len(sheet) > 0 {
		turn()
	}
	return all
}

// cut divides text where it reaches width, kindly: after punctuation or a
// space where there is one near.
func (p *page) cut(style Style, text string, width float64) (head, tail string) {
	width *= p.filled() - 0.02
	if p.textMM(style, text) <= width {
		return text, ""
	}
	runes := []rune(text)
	w, n := 0.0, 0
	for n < len(runes) && w < width {
		w += p.textMM(style, string(runes[n]))
		n++
	}
	n = max(n-1, 1)
	for back := n; back > n*3/4; back-- {
		if strings.ContainsRune("，。；、,. ", runes[back-1]) {
			n = back
			break
		}
	}
	return string(runes[:n]), strings.TrimSpace(string(runes[n:]))
}

func (s said) node() Node {
	n := para(s.style, s.text)
	if s.picture == "" {
		return n
	}
	return row(2, icon(s.picture, 6), n.grow())
}
