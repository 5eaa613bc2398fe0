package escpos

import (
	"errors"

	"jobhome/drivers/glyph"
)

// Preview draws a document as it will look on paper, as wide as the printable width
// and as long as the slip will be, with every character from glyphs: for a screen that
// shows a slip before it is printed. Feeding to the cutter is left out.
func Preview(doc Doc, p Profile, g Glyphs) (glyph.Bitmap, error) {
	if g == nil {
		return glyph.Bitmap{}, errors.New("escpos: preview: no font")
	}
	e, err := NewEncoder(p, g)
	if err != nil {
		return glyph.Bitmap{}, err
	}
	w := &writer{e: e, p: p}
	var parts []glyph.Bitmap
	height := 0
	for _, it := range layout(doc, p.Columns) {
		b, err := w.preview(it)
		if err != nil {
			return glyph.Bitmap{}, err
		}
		for _, part := range b {
			parts = append(parts, part)
			height += part.H
		}
	}
	page := glyph.NewBitmap(p.Dots, height)
	at := 0
	for _, part := range parts {
		at += copy(page.Bits[at:], part.Bits)
	}
	return page, nil
}

// preview draws one item as strips of the paper's width.
func (w *writer) preview(it item) ([]glyph.Bitmap, error) {
	if it.text {
		return []glyph.Bitmap{w.drawLine(it)}, nil
	}
	switch b := it.block.(type) {
	case Feed:
		return []glyph.Bitmap{glyph.NewBitmap(w.p.Dots, max(w.p.dots(b.MM), 0))}, nil
	case Image:
		page, err := w.drawImage(b)
		return []glyph.Bitmap{page}, err
	case QR:
		f, err := w.fit(b)
		if err == nil && f.native { // made here for once
			f.m, err = w.e.qr.get(b.Payload)
		}
		if err != nil {
			return nil, err
		}
		out := []glyph.Bitmap{w.drawQR(f)}
		for _, l := range f.under() {
			out = append(out, w.drawLine(l))
		}
		return out, nil
	}
	return nil, nil
}
