package escpos

import (
	"fmt"
	"math"
	"strings"

	"jobhome/drivers/glyph"
)

// LaidLine is one line of a document laid out for its paper, so that a screen can show
// what will be printed. Exactly one of Spans (which may be empty for a blank line), QR,
// Image, FeedMM and Cut says what it is.
type LaidLine struct {
	Spans  []Span // text in runs of one style
	Text   string // all of Spans
	Align  Align
	W, H   int // the largest of the line, 1 or 2
	Bold   bool
	QR     *QR // with its text
	Image  *glyph.Bitmap
	FeedMM float64
	Cut    bool
}

// Lines lays a document out for paper of the given columns.
func Lines(doc Doc, columns int) []LaidLine {
	var out []LaidLine
	for _, it := range layout(doc, max(columns, 8)) {
		out = append(out, laid(it))
	}
	return out
}

func laid(it item) LaidLine {
	l := LaidLine{Align: it.align, W: 1, H: 1}
	switch b := it.block.(type) {
	case Feed:
		l.FeedMM = b.MM
	case QR:
		l.QR, l.Align = &b, Center
	case Image:
		l.Image, l.Align = &b.Bitmap, b.Align
	case Cut:
		l.Cut = true
	}
	l.Text = it.line.String()
	for r := it.line; len(r) > 0; {
		st, n := r[0].st, r.alike()
		l.Spans = append(l.Spans, Span{r[:n].String(), st})
		l.W, l.H, l.Bold = max(l.W, st.W), max(l.H, st.H), l.Bold || st.Bold
		r = r[n:]
	}
	return l
}

// Picture draws a document as plain text, one column a half-Hanzi: what it says and
// where, for tests and for terminals. Double-width characters are followed by blanks;
// right of the paper stands the size and weight of each line that is not plain. A QR
// code is a box with its payload.
func Picture(doc Doc, p Profile) string {
	t := &picture{p: p}
	for _, it := range layout(doc, p.Columns) {
		if it.text {
			t.line(it)
		} else {
			t.block(it.block)
		}
	}
	return t.b.String()
}

type picture struct {
	p Profile
	b strings.Builder
}

// put writes one row of paper: s, cols columns wide, and a note outside the paper.
func (t *picture) put(s string, cols, left int, note string) {
	fmt.Fprintf(&t.b, "|%s%s%s|%s\n", strings.Repeat(" ", left), s,
		strings.Repeat(" ", max(t.p.Columns-cols-left, 0)), note)
}

func (t *picture) line(it item) {
	free := t.p.Columns - it.line.cols()
	left := 0
	switch it.align {
	case Center:
		left = free / 2
	case Right:
		left = free
	}
	t.put(spread(it.line), it.line.cols(), left, note(it.line))
}

func spread(r run) string {
	var b strings.Builder
	for _, c := range r {
		b.WriteString(c.text)
		if c.base == '─' { // narrow on terminals
			b.WriteString(c.text)
		}
		b.WriteString(strings.Repeat(" ", c.cols-c.cols/c.st.W))
	}
	return b.String()
}

func note(r run) string {
	l := laid(item{text: true, line: r})
	s := ""
	if l.W > 1 || l.H > 1 {
		s += fmt.Sprintf(" %dx%d", l.W, l.H)
	}
	if l.Bold {
		s += " bold"
	}
	for _, c := range r {
		if c.st.Reverse {
			return s + " reverse"
		}
	}
	return s
}

func (t *picture) block(b Block) {
	switch b := b.(type) {
	case Feed:
		t.put("", 0, 0, fmt.Sprintf(" feed %.1f mm", b.MM))
	case Image:
		s := fmt.Sprintf("[image %dx%d]", b.Bitmap.W, b.Bitmap.H)
		t.line(item{line: split(nil, []Span{{Text: s}}), align: b.Align})
	case Cut:
		t.b.WriteString("+" + strings.Repeat("-", t.p.Columns) + "+ cut\n")
	case QR:
		t.qr(b)
	}
}

func (t *picture) qr(q QR) {
	f, err := t.p.fitQR(q, newMatrix)
	if err != nil {
		t.put("[QR: does not fit]", 18, 0, "")
		return
	}
	cols := f.side / cell
	rows := int(math.Round(float64(f.side) / float64(hanziDots+t.p.LineGap)))
	box := t.box(q.Payload, cols-4, rows-2)
	pad := (rows - len(f.text)) / 2
	for i, s := range box {
		used, left := cols-2, f.x/cell+1
		style := ""
		if k := i - pad; f.beside && k >= 0 && k < len(f.text) {
			r := f.text[k].line
			s, used, style = s+" "+spread(r), used+1+r.cols(), note(r)
		}
		if i == 0 {
			style += fmt.Sprintf(" QR %d modules of %d dots", f.m.n, f.module)
		}
		t.put(s, used, left, style)
	}
	for _, it := range f.under() {
		t.line(it)
	}
}

// box draws a frame with text in it.
func (t *picture) box(text string, cols, rows int) []string {
	if !plainASCII(text) {
		text = fmt.Sprintf("%d bytes", len(text))
	}
	out := []string{"┌" + strings.Repeat("─", cols) + "┐"}
	for range rows {
		n := min(len(text), cols)
		out = append(out, "│"+text[:n]+strings.Repeat(" ", cols-n)+"│")
		text = text[n:]
	}
	return append(out, "└"+strings.Repeat("─", cols)+"┘")
}
