package sim

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jobhome/drivers/glyph"
)

// printerMode is what ESC @ resets.
type printerMode struct {
	hanzi                 bool // FS &
	w, h, hanziW, hanziH  int  // magnification
	under, hanziUnder     int
	fontB, bold, reverse  bool
	align, spacing, gap   int
	hanziLeft, hanziRight int
	left, area            int
	x                     int // next position in the line
	tabs                  []byte
	unit                  float64            // dots of a vertical motion unit, GS P
	user                  map[[2]byte][]byte // FS 2: 24x24 dots, by columns
}

func newPrinterMode(o PrinterOpts) printerMode {
	return printerMode{
		w: 1, h: 1, hanziW: 1, hanziH: 1, area: o.WidthDots, unit: 1,
		spacing: int(o.DotsPerMM*25.4/6 + 0.5),
	}
}

// printerCell is something that stands in a line.
type printerCell struct {
	x    int
	bits glyph.Bitmap
	text string
}

// textNeed is the length of the character that c begins.
func (p *Printer) textNeed(c []byte) int {
	if !p.m.hanzi || c[0] < 0x81 || c[0] == 0xff {
		return 1
	}
	if len(c) > 1 && !p.o.GBKOnly && c[1] >= '0' && c[1] <= '9' {
		return 4
	}
	return 2
}

// text puts one character into the line, or obeys a control byte.
func (p *Printer) text(c []byte) {
	switch {
	case len(c) == 1 && c[0] < 0x20:
		p.control(c[0])
	case len(c) == 1 && c[0] < 0x7f:
		p.latin(rune(c[0]))
	case len(c) == 1:
		p.oddity("byte above 7E outside Hanzi mode")
		p.latin(charmap.CodePage437.DecodeByte(c[0]))
	default:
		p.hanzi(c)
	}
}

func (p *Printer) control(b byte) {
	switch b {
	case 0:
	case '\n':
		p.printLine(false)
	case '\t':
		p.tab()
	default:
		p.oddity("control byte that printers treat differently")
	}
}

func (p *Printer) tab() {
	unit := p.cellWidth() * p.m.w
	col := p.m.x / unit
	if len(p.m.tabs) == 0 {
		p.m.x = (col/8 + 1) * 8 * unit
		return
	}
	for _, t := range p.m.tabs {
		if int(t) > col {
			p.m.x = int(t) * unit
			return
		}
	}
}

func (p *Printer) cellWidth() int {
	if p.m.fontB {
		return 9
	}
	return 12
}

// latin puts a character of the printer's own narrow font into the line.
func (p *Printer) latin(r rune) {
	m := &p.m
	cell, px := glyph.NewBitmap(p.cellWidth(), 24), 24
	if m.fontB {
		cell, px = glyph.NewBitmap(9, 17), 17
	}
	printerBlit(cell, p.glyph(r, px), 0)
	p.put(p.style(cell, m.w, m.h, m.under), string(r), m.gap)
}

// hanzi puts a two- or four-byte character into the line.
func (p *Printer) hanzi(c []byte) {
	m := &p.m
	w, h := max(m.w, m.hanziW), max(m.h, m.hanziH)
	under := max(m.under, m.hanziUnder)
	if d, ok := m.user[[2]byte{c[0], c[1]}]; ok {
		m.x += m.hanziLeft
		p.put(p.style(printerColumns(d, 24, 24), w, h, under), "", m.hanziRight)
		return
	}
	r := printerDecode(c)
	if r == utf8.RuneError {
		// Not a character: firmware drops the lead byte and goes on, which
		// is how "0 6" comes out of a four-byte character.
		p.oddity("not a character of the printer's Hanzi set")
		p.latin(' ')
		for _, b := range c[1:] {
			p.text([]byte{b})
		}
		return
	}
	cell := glyph.NewBitmap(24, 24)
	printerBlit(cell, p.glyph(r, 24), 0)
	m.x += m.hanziLeft
	p.put(p.style(cell, w, h, under), string(r), m.hanziRight)
}

func printerDecode(c []byte) rune {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(c)
	if err != nil {
		return utf8.RuneError
	}
	r, n := utf8.DecodeRune(out)
	if n != len(out) {
		return utf8.RuneError
	}
	return r
}

// glyph draws r, or a box if there is no font for it.
func (p *Printer) glyph(r rune, px int) glyph.Bitmap {
	if r == ' ' || r == '\u3000' {
		return glyph.Bitmap{}
	}
	if p.o.Glyphs != nil {
		if b, ok := p.o.Glyphs.Glyph(r, px); ok {
			return b
		}
	}
	w := px
	if glyph.Columns(r) == 1 {
		w = px / 2
	}
	b := glyph.NewBitmap(w, px)
	for i := 2; i < px-2; i++ {
		printerSet(b, 1, i)
		printerSet(b, w-2, i)
	}
	for x := 1; x < w-1; x++ {
		printerSet(b, x, 2)
		printerSet(b, x, px-3)
	}
	return b
}

// style magnifies, emboldens, underlines and reverses a cell.
func (p *Printer) style(b glyph.Bitmap, w, h, under int) glyph.Bitmap {
	out := glyph.NewBitmap(b.W*w, b.H*h)
	for y := range out.H {
		for x := range out.W {
			on := b.At(x/w, y/h) || p.m.bold && x > 0 && b.At((x-1)/w, y/h)
			on = on || y >= out.H-under
			if on != p.m.reverse {
				printerSet(out, x, y)
			}
		}
	}
	return out
}

// put adds a cell to the line, going to the next line if it does not fit.
func (p *Printer) put(b glyph.Bitmap, text string, gap int) {
	if p.m.x+b.W > p.area() && len(p.line) > 0 {
		p.printLine(true)
	}
	p.line = append(p.line, printerCell{x: p.m.x, bits: b, text: text})
	p.m.x += b.W + gap
}

func (p *Printer) area() int { return min(p.m.area, p.o.WidthDots-p.m.left) }

func (p *Printer) lineText() string {
	var s strings.Builder
	end := 0
	for _, c := range p.line {
		if c.x > end && s.Len() > 0 { // a jump reads as one space
			s.WriteByte(' ')
		}
		s.WriteString(c.text)
		end = c.x + c.bits.W + max(p.m.gap, p.m.hanziRight)
	}
	return strings.TrimRight(s.String(), " \u3000")
}

// printLine prints the line and advances by the line spacing, or by its height
// if that is more. wrapped says that the next line goes on with the same text.
func (p *Printer) printLine(wrapped bool) {
	// The rest of a text that wraps is one line of Text still.
	p.emit(p.m.spacing, map[bool]string{true: "", false: "\n"}[wrapped])
}

// printHeight prints the line and advances by n rows, or by its height.
func (p *Printer) printHeight(n int) {
	end := ""
	if len(p.line) > 0 {
		end = "\n"
	}
	p.emit(n, end)
}

func (p *Printer) emit(advance int, end string) {
	tall := 0
	for _, c := range p.line {
		tall = max(tall, c.bits.H)
	}
	pic := glyph.NewBitmap(p.o.WidthDots, max(tall, advance))
	shift := p.shift(p.m.x)
	for _, c := range p.line {
		for y := range c.bits.H {
			for x := range c.bits.W {
				if c.bits.At(x, y) {
					printerSet(pic, shift+c.x+x, tall-c.bits.H+y)
				}
			}
		}
	}
	text := p.lineText() + end
	p.line, p.m.x = nil, 0
	at := pic.H
	if tall > 0 {
		at = tall // the words end where their dots end
	}
	p.rows(pic, text, at)
}

// shift is where something so wide begins on paper.
func (p *Printer) shift(width int) int {
	room := max(0, p.area()-width)
	return p.m.left + []int{0, room / 2, room}[p.m.align]
}

// rows queues a picture as wide as the paper, whose words end in row at.
func (p *Printer) rows(b glyph.Bitmap, text string, at int) {
	first := len(p.feed)
	for y := range b.H {
		row := b.Bits[y*b.Stride() : (y+1)*b.Stride()]
		if len(bytes.Trim(row, "\x00")) == 0 {
			row = nil
		}
		p.feed = append(p.feed, printerRow{dots: row})
	}
	if b.H > 0 {
		p.feed[first+at-1].text = text
	}
}

// blank queues empty rows.
func (p *Printer) blank(n int, text string) {
	for range n {
		p.feed = append(p.feed, printerRow{})
	}
	if n > 0 {
		p.feed[len(p.feed)-1].text = text
	}
}

func printerSet(b glyph.Bitmap, x, y int) {
	if x >= 0 && y >= 0 && x < b.W && y < b.H {
		b.Bits[y*b.Stride()+x/8] |= 0x80 >> (x % 8)
	}
}

// printerBlit copies src into dst at column x.
func printerBlit(dst, src glyph.Bitmap, x int) {
	for y := range src.H {
		for i := range src.W {
			if src.At(i, y) {
				printerSet(dst, x+i, y)
			}
		}
	}
}
