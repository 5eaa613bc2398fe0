package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/slip"
)

// paper is a printer, and how the slip is laid out for it.
type paper struct {
	title   string
	profile string
	speed   int  // mm/s
	under   bool // the code stands under its QR code instead of beside it
	peers   bool // others are measured with it too; they cannot put text beside a QR code
}

// papers are those measured. The same slip is on all.
func papers() []paper {
	return []paper{
		{"80 mm, code beside QR", "generic80", 150, false, false},
		{"80 mm, code under QR", "generic80", 150, true, true},
		{"58 mm, tear bar", "generic58", 80, true, true},
		{"80 mm, native QR", "epson-tm", 150, true, true},
	}
}

// works makes slips of one posting for one paper, each with a code of its own.
type works struct {
	paper
	profile escpos.Profile
	glyphs  escpos.Glyphs
	encoder *escpos.Encoder
	slip    kiosk.Slip
	codes   []kiosk.Code
}

func newWorks(p paper, face *glyph.Face) (*works, error) {
	w := &works{paper: p}
	var err error
	if w.profile, err = escpos.ProfileByName(p.profile); err != nil {
		return nil, err
	}
	if face != nil {
		w.glyphs = face
	}
	if w.encoder, err = escpos.NewEncoder(w.profile, w.glyphs); err != nil {
		return nil, err
	}
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	w.slip = kiosk.Slip{
		Site: demo.Site(), Posting: demo.Postings(now, 100, 1)[0],
		Issued: now, MaskedName: "陈**", Metres: 1200,
	}
	random := rand.NewChaCha8([32]byte{1})
	for range 1000 {
		c, err := kiosk.NewCode(random)
		if err != nil {
			return nil, err
		}
		w.codes = append(w.codes, c)
	}
	return w, nil
}

// doc lays the i-th slip out.
func (w *works) doc(i int) (escpos.Doc, error) {
	s := w.slip
	s.Code = w.codes[i%len(w.codes)]
	doc, err := slip.Layout(s, slip.Options{Columns: w.profile.Columns})
	if err != nil || !w.under {
		return doc, err
	}
	for i, b := range doc.Blocks {
		if qr, ok := b.(escpos.QR); ok {
			qr.Beside = false
			doc.Blocks[i] = qr
		}
	}
	return doc, nil
}

// encode makes the i-th slip with e, as the terminal does.
func (w *works) encode(e *escpos.Encoder, i int) ([]byte, error) {
	doc, err := w.doc(i)
	if err != nil {
		return nil, err
	}
	out, err := e.Encode(doc)
	return out.Bytes, err
}

// cell is the module of the QR code for others, in dots: about 25 mm a side.
func (w *works) cell() int { return int(25*w.profile.DotsPerMM/33 + 0.5) }

// said is what must stand on the i-th slip, and in its QR code.
func (w *works) said(i int) (words []string, url string, err error) {
	doc, err := w.doc(i)
	if err != nil {
		return nil, "", err
	}
	add := func(spans []escpos.Span) {
		for _, s := range spans {
			if t := bare(s.Text); t != "" {
				words = append(words, t)
			}
		}
	}
	for _, b := range doc.Blocks {
		switch b := b.(type) {
		case escpos.Line:
			add(b.Spans)
		case escpos.Row:
			add(b.Left)
			add(b.Right)
		case escpos.QR:
			url = b.Payload
			for _, l := range b.Text {
				if !b.Beside { // beside the code they are dots, which are no text
					add(l.Spans)
				}
			}
		}
	}
	if url == "" {
		return nil, "", fmt.Errorf("the slip has no QR code")
	}
	return words, url, nil
}

// alike are characters that printers lack and that are printed as another that
// says the same.
var alike = strings.NewReplacer("–", "-", "¥", "￥", "²", "2", "•", "·")

// bare is a text without the spaces that a layout may move.
func bare(s string) string { return alike.Replace(strings.Join(strings.Fields(s), "")) }
