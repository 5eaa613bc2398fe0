// Package slip lays a referral slip (推荐单) out for receipt paper of 58 or 80 mm: what
// is said on it, in which order and how large. Making bytes of it is drivers/escpos'
// work. The order follows what a resident asks on the way to the employer: what, who,
// how much, when, where, whom to ask; then the code, then what protects them.
package slip

import (
	"strings"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Columns of the two papers in half-Hanzi.
const (
	Columns58 = 32
	Columns80 = 48
)

// Options say what the slip is printed on.
type Options struct {
	Columns int          // of the printer; 0 means Columns80
	Lang    words.Lang   // of the slip's own words; empty means words.Zh
	Mark    glyph.Bitmap // the site's mark, no wider than the paper; may be empty
	// SlowLine puts the code under the QR code and not beside it, where it would
	// have to be drawn: a kilobyte less, which is a second at 9600 baud.
	SlowLine bool
}

// Layout lays a slip out. It fails if no QR code of at most MaxPayload bytes can be
// made for it. Fields that the posting does not have are left out. A slip without a
// code is a draft: its QR code points to the posting alone, and it says that the code
// comes with printing.
func Layout(s kiosk.Slip, o Options) (escpos.Doc, error) {
	payload, err := QRPayload(s.Site.BaseURL, s.Posting.ID, s.Code)
	if s.Code == "" {
		payload, err = address(s.Site.BaseURL, s.Posting.ID, "")
	}
	if err != nil {
		return escpos.Doc{}, err
	}
	if o.Columns == 0 {
		o.Columns = Columns80
	}
	if o.Lang == "" {
		o.Lang = words.Zh
	}
	l := &layouter{s: s, o: o, w: table(), body: escpos.Style{}}
	l.strong = escpos.Style{Bold: true}
	if s.Large {
		l.body = escpos.Style{H: 2}
		l.strong = escpos.Style{W: 2, H: 2, Bold: true}
	}
	l.head()
	l.job()
	l.rule()
	l.code(payload)
	l.rule()
	l.foot()
	l.doc.Add(escpos.Feed{MM: 3}, escpos.Cut{}) // the last line does not lie on the edge
	return l.doc, nil
}

type layouter struct {
	s            kiosk.Slip
	o            Options
	w            slipWords
	body, strong escpos.Style
	doc          escpos.Doc
}

func (l *layouter) t(key string, args ...any) string { return words.T(l.o.Lang, key, args...) }

func (l *layouter) rule() { l.doc.Add(escpos.Rule{}) }

// field is a paragraph with its label hanging out, left out if it says nothing.
func (l *layouter) field(s string, st escpos.Style) {
	if s = strings.TrimSpace(s); s == "" {
		return
	}
	hang := 0
	for _, end := range []string{"：", ": "} {
		if label, _, ok := strings.Cut(s, end); ok && columns(label+end) <= maxLabel {
			hang = columns(label+end) * max(st.W, 1)
			break
		}
	}
	l.doc.Add(escpos.Line{Spans: []escpos.Span{{Text: s, Style: st}}, Hang: hang})
}

const maxLabel = 9 // columns of "Contact: "

func columns(s string) int {
	n := 0
	for _, r := range s {
		n += glyph.Columns(r)
	}
	return n
}

func (l *layouter) head() {
	big := escpos.Style{W: 2, H: 2, Bold: true}
	if l.o.Mark.W > 0 {
		l.doc.Add(escpos.Image{Bitmap: l.o.Mark, Align: escpos.Center})
	}
	l.doc.Add(escpos.Text(l.s.Site.Name, l.body, escpos.Center))
	l.doc.Add(escpos.Text(l.w.title.in(l.o.Lang), big, escpos.Center))
	if l.s.Reprint {
		big.Reverse = true
		l.doc.Add(escpos.Text(" "+l.w.reprint.in(l.o.Lang)+" ", big, escpos.Center))
	}
	l.rule()
}

func (l *layouter) job() {
	p := &l.s.Posting
	heads := l.t("heads.some")
	if p.Headcount > 0 {
		heads = l.t("heads", p.Headcount)
	}
	l.doc.Add(escpos.Row{
		Left:  []escpos.Span{{Text: p.Title, Style: l.strong}},
		Right: []escpos.Span{{Text: heads, Style: l.body}},
	})
	l.field(p.Employer.Name, l.body)
	l.pay(p.Pay)
	l.field(l.hours(), l.body)
	if p.Benefits != 0 {
		l.field(words.Benefits(l.o.Lang, p.Benefits), l.body)
	}
	if !p.Starts.IsZero() {
		l.field(l.t("starts", l.date(p.Starts)), l.body)
	}
	l.place()
	l.contact(p.Contact)
	l.asks()
	l.field(l.t("valid", l.date(p.ValidThrough)), l.body)
	if p.Source.Name != "" {
		l.field(l.t("source", p.Source.Name), l.body)
	}
}

// Paper outlives the day: no 今天 or 明天 on it.
const (
	dateForm = "2006-01-02"
	timeForm = "2006-01-02 15:04"
)

// date writes a day where the slip was issued.
func (l *layouter) date(t time.Time) string {
	return t.In(l.s.Issued.Location()).Format(dateForm)
}

// contact is whom to ask. In large type the number has a line of its own, so that it
// fits in double width on narrow paper.
func (l *layouter) contact(c kiosk.Contact) {
	if l.s.Large && c.Phone != "" {
		if c.Person != "" {
			l.field(l.t("contact", c.Person), l.body)
		}
		l.field(c.Phone, l.strong)
		l.field(c.Rule, l.body)
	} else if all := joinWords(" ", c.Person, c.Phone, c.Rule); all != "" {
		l.field(l.t("contact", all), l.body)
	}
}

// pay is the comparable figure, and the advertiser's own words if they say more.
func (l *layouter) pay(p kiosk.Pay) {
	figure := words.Pay(l.o.Lang, p)
	if p.Unit != kiosk.Negotiable {
		figure = l.w.pay.in(l.o.Lang) + figure
	}
	l.field(figure, l.strong)
	l.field(words.PayMonth(l.o.Lang, p), l.body)
	if said := strings.TrimSpace(p.Original); said != "" && said != words.Pay(l.o.Lang, p) {
		l.field(l.t("pay.said", said), l.body)
	}
}

func (l *layouter) hours() string {
	p := &l.s.Posting
	h := p.Hours
	if h == "" && p.Shifts != 0 {
		h = words.Shifts(l.o.Lang, p.Shifts)
	}
	if h == "" {
		return ""
	}
	return l.t("hours", h)
}

func (l *layouter) place() {
	away := ""
	if l.s.Metres >= 0 {
		away = words.Away(l.o.Lang, l.s.Metres)
	}
	sep := "  "
	if columns(l.t("place", l.s.Posting.Address+sep+away)) > l.o.Columns {
		sep = "\n"
	}
	if a := joinWords(sep, l.s.Posting.Address, away); a != "" {
		l.field(l.t("place", a), l.body)
	}
}

func (l *layouter) asks() {
	p := &l.s.Posting
	var parts []string
	if p.Education != kiosk.AnySchooling {
		parts = append(parts, words.Education(l.o.Lang, p.Education))
	}
	switch m := p.Experience; {
	case m > 0 && m%12 == 0:
		parts = append(parts, l.t("years.exp", m/12))
	case m > 0:
		parts = append(parts, l.t("months.exp", m))
	}
	parts = append(parts, p.Requirements)
	sep := "；"
	if l.o.Lang == words.En {
		sep = "; "
	}
	if a := joinWords(sep, parts...); a != "" {
		l.field(l.t("asks", a), l.body)
	}
}

func joinWords(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

func (l *layouter) code(payload string) {
	big := escpos.Style{W: 2, H: 2, Bold: true}
	code := escpos.Text(l.s.Code.Grouped(), big, escpos.Left)
	if l.s.Code == "" {
		code = escpos.Text(l.w.draft.in(l.o.Lang), l.body, escpos.Left)
	}
	l.doc.Add(escpos.QR{Payload: payload, Beside: !l.s.Large && l.o.Columns > Columns58 && !l.o.SlowLine, Text: []escpos.Line{
		escpos.Text(l.w.code.in(l.o.Lang), l.body, escpos.Left), code,
		escpos.Text(l.w.scan.in(l.o.Lang), l.body, escpos.Left),
	}})
}

func (l *layouter) foot() {
	issued := l.s.Issued.Format(timeForm)
	left, right := l.s.MaskedName, issued
	if left == "" {
		left, right = issued, ""
	}
	span := func(s string, st escpos.Style) []escpos.Span { return []escpos.Span{{Text: s, Style: st}} }
	l.doc.Add(escpos.Row{Left: span(left, l.body), Right: span(right, l.body)})
	fraud := l.body
	fraud.Bold = true
	free, cheated := l.w.free.in(l.o.Lang), l.w.cheated.in(l.o.Lang)
	if one := strings.TrimSpace(free + cheated); columns(one) <= l.o.Columns {
		l.field(one, fraud)
	} else {
		l.field(free, fraud)
		l.field(cheated, fraud)
	}
	phone, mark := "", ""
	if l.s.Site.StaffPhone != "" {
		phone = l.w.staff.in(l.o.Lang) + " " + l.s.Site.StaffPhone
	}
	if l.s.Reprint {
		mark = l.w.reprint.in(l.o.Lang)
	}
	if phone+mark != "" {
		l.doc.Add(escpos.Row{Left: span(phone, l.body), Right: span(mark, fraud)})
	}
}
