package escpos

import (
	"strings"

	"jobhome/drivers/glyph"
)

// drawLine draws a line of text as the printer would have printed it, with the gap
// under it.
func (w *writer) drawLine(it item) glyph.Bitmap {
	h := hanziDots * it.line.height()
	b := glyph.NewBitmap(w.p.Dots, h+w.p.LineGap)
	w.drawRun(b, it.line, glyph.Place{X: margin(it.align, w.p.Dots-it.line.cols()*cell)})
	return b
}

// drawRun draws characters from left to right, standing on one line as printers do it.
func (w *writer) drawRun(b glyph.Bitmap, r run, at glyph.Place) {
	h := hanziDots * r.height()
	for _, c := range r {
		g := w.picture(c)
		at.ScaleX, at.ScaleY = c.st.W, c.st.H
		b.Draw(g, glyph.Place{X: at.X, Y: at.Y + h - hanziDots*c.st.H, ScaleX: c.st.W, ScaleY: c.st.H})
		at.X += c.cols * cell
	}
}

// picture is a character's cell, in its weight and colour but not its size. It is
// valid until the next call.
func (w *writer) picture(c char) glyph.Bitmap {
	g, ok := w.e.glyphs.Glyph(c.base, hanziDots)
	if ok && !c.st.Bold && !c.st.Reverse {
		return g
	}
	out := glyph.Bitmap{W: c.cols / c.st.W * cell, H: hanziDots}
	out.Bits = w.cell[:out.Stride()*out.H]
	clear(out.Bits)
	if ok {
		out.Draw(g, glyph.Place{})
		if c.st.Bold {
			out.Draw(g, glyph.Place{X: 1})
		}
	} else if c.base != ' ' {
		w.miss(c.base)
		drawGeta(out)
	}
	if c.st.Reverse {
		for y := range out.H {
			for x := range out.W {
				flip(row(out, y), x)
			}
		}
	}
	return out
}

// drawGeta draws 〓, two bars, without a font.
func drawGeta(b glyph.Bitmap) {
	for y := range 4 {
		blacken(row(b, 5+y), 2, b.W-2)
		blacken(row(b, 15+y), 2, b.W-2)
	}
}

// qr prints a QR code with its text.
func (w *writer) qr(q QR) error {
	f, err := w.fit(q)
	if err != nil {
		return err
	}
	if f.native {
		w.setAlign(Center)
		w.feed(quiet * f.module)
		w.put(w.p.QR.append(nil, q.Payload, f)...)
		w.feed(quiet * f.module)
	} else {
		w.bitmap(w.drawQR(f))
	}
	for _, it := range f.under() {
		w.text(it)
	}
	return nil
}

func (w *writer) fit(q QR) (qrFit, error) {
	q.Beside = q.Beside && w.canDraw(q.Text)
	return w.p.fitQR(q, w.e.qr.get)
}

func (w *writer) drawQR(f qrFit) glyph.Bitmap {
	b := glyph.NewBitmap(w.p.Dots, f.side)
	f.draw(b)
	if f.beside {
		w.drawBeside(b, f)
	}
	return b
}

// under are the lines of text that go below the symbol, centred like it.
func (f qrFit) under() []item {
	if f.beside {
		return nil
	}
	var out []item
	for _, it := range f.text {
		out = append(out, item{text: true, line: it.line, align: Center})
	}
	return out
}

// canDraw reports whether every character of the lines can be drawn.
func (w *writer) canDraw(lines []Line) bool {
	if w.e.glyphs == nil {
		return false
	}
	can := func(r rune) bool {
		_, ok := w.e.glyphs.Glyph(r, hanziDots)
		return ok || r == ' ' || glyph.Columns(r) == 0
	}
	for _, l := range lines {
		for _, s := range l.Spans {
			if strings.ContainsFunc(clean(s.Text), func(r rune) bool { return !can(r) }) {
				return false
			}
		}
	}
	return true
}

// drawBeside draws the text right of the symbol, at half its height. It begins on even
// rows and columns, so that text of double size is sent at a quarter of its dots.
func (w *writer) drawBeside(b glyph.Bitmap, f qrFit) {
	y := (f.side - w.p.textDots(f.text)) / 2 &^ 1
	for _, it := range f.text {
		w.drawRun(b, it.line, glyph.Place{X: (f.side + 1) &^ 1, Y: y})
		y += hanziDots*it.line.height() + w.p.LineGap
	}
}
