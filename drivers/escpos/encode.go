package escpos

import (
	"fmt"
	"slices"

	"jobhome/drivers/glyph"
)

// Glyphs draws characters that the printer does not have; *glyph.Face does.
type Glyphs interface {
	// Glyph draws r in a cell px dots high, or reports false.
	Glyph(r rune, px int) (glyph.Bitmap, bool)
}

// Encoded is a document as a printer reads it.
type Encoded struct {
	Bytes []byte
	// Drawn counts the lines sent as dots because of a rare character.
	Drawn int
	// Missing are the characters that neither printer nor Glyphs has; 〓 stands for them.
	Missing []rune
}

// Encoder writes documents for one printer. It remembers the last QR codes, and is
// safe for concurrent use.
type Encoder struct {
	profile Profile
	glyphs  Glyphs
	qr      matrices
}

// NewEncoder returns an Encoder. Without glyphs (nil) rare characters become 〓 and text
// never stands beside a QR code. It fails if the profile makes no sense.
func NewEncoder(p Profile, g Glyphs) (*Encoder, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("escpos: profile %q: %w", p.Name, err)
	}
	return &Encoder{profile: p, glyphs: g}, nil
}

// Encode writes one document. See Encoder.Encode.
func Encode(doc Doc, p Profile, g Glyphs) (Encoded, error) {
	e, err := NewEncoder(p, g)
	if err != nil {
		return Encoded{}, err
	}
	return e.Encode(doc)
}

// Encode writes a document, beginning with ESC @, which clears what the printer still
// holds. Nothing in the result can be taken for a real-time command (DLE EOT, DLE ENQ,
// DLE DC4), and no control character of the document's texts reaches the printer. It
// fails if a QR code or an image does not fit the paper.
func (e *Encoder) Encode(doc Doc) (Encoded, error) {
	w := &writer{
		e: e, p: e.profile, enc: newEncoder(e.profile.Hanzi),
		out: make([]byte, 0, 8192), st: Style{}.norm(), spacing: -1,
		codes: make([]byte, 0, 128), ends: make([]int, 0, 64),
	}
	w.put(0x1B, '@')
	w.put(w.p.Init...)
	w.put(0x1C, '&', 0x1C, 'S', 0, 0) // Hanzi mode, no gap between Hanzi
	for _, it := range layout(doc, w.p.Columns) {
		if err := w.item(it); err != nil {
			return Encoded{}, err
		}
	}
	w.style(Style{}.norm())
	if err := verify(w.out); err != nil {
		return Encoded{}, err
	}
	return Encoded{Bytes: w.out, Drawn: w.drawn, Missing: w.missing}, nil
}

const hanziDots = 24 // height and width of a Hanzi

// writer is the printer's state as the bytes so far have left it.
type writer struct {
	e       *Encoder
	p       Profile
	enc     *encoder
	out     []byte
	st      Style
	align   Align
	spacing int  // dots a line, -1 not yet set
	raster  bool // the last thing sent was a picture
	drawn   int
	missing []rune
	codes   []byte // of the line at hand, see translate
	ends    []int
	cell    [hanziDots * hanziDots / 8]byte // of the character being drawn, see picture
}

func (w *writer) put(b ...byte) {
	w.out = append(w.out, b...)
	w.raster = w.raster && len(b) == 0
}

func (w *writer) item(it item) error {
	if it.text {
		w.text(it)
		return nil
	}
	switch b := it.block.(type) {
	case Feed:
		w.feed(w.p.dots(b.MM))
	case QR:
		return w.qr(b)
	case Image:
		return w.image(b)
	case Cut:
		w.cut()
	}
	return nil
}

// text prints one line, by the printer's own characters if it has them all.
func (w *writer) text(it item) {
	rare := w.translate(it.line)
	if len(rare) > 0 && w.drawable(it.line, rare) {
		w.drawn++
		w.bitmap(w.drawLine(it))
		return
	}
	w.setAlign(it.align)
	w.setSpacing(hanziDots*it.line.height() + w.p.LineGap)
	for _, r := range rare {
		w.miss(r)
	}
	from := 0
	for i, c := range it.line {
		w.style(c.st)
		w.put(w.codes[from:w.ends[i]]...)
		from = w.ends[i]
	}
	w.lf()
}

// translate writes the codes of a line's characters to w.codes and where each ends to
// w.ends. It lists those that the printer cannot print, and puts 〓 for them.
func (w *writer) translate(r run) []rune {
	w.codes, w.ends = w.codes[:0], w.ends[:0]
	var rare []rune
	for _, c := range r {
		code, ok := w.enc.encode(c.base)
		if !ok {
			rare = append(rare, c.base)
			code, _ = w.enc.encode(geta)
		}
		w.codes = append(w.codes, code...)
		w.ends = append(w.ends, len(w.codes))
	}
	return rare
}

// drawable reports whether drawing the line is better than 〓: all that the printer
// could have printed can be drawn, and some of what it could not.
func (w *writer) drawable(r run, rare []rune) bool {
	if w.e.glyphs == nil {
		return false
	}
	gain := false
	for _, c := range r {
		_, ok := w.e.glyphs.Glyph(c.base, hanziDots)
		isRare := slices.Contains(rare, c.base)
		if !ok && !isRare && c.base != ' ' {
			return false
		}
		gain = gain || ok && isRare
	}
	return gain
}

func (w *writer) miss(r rune) {
	if !slices.Contains(w.missing, r) {
		w.missing = append(w.missing, r)
	}
}

func (w *writer) lf() {
	if w.raster && w.p.Quirks.SwallowsLF {
		w.put('\n') // lost, as it follows a picture at once
	}
	w.put('\n')
}

func (w *writer) feed(dots int) {
	if w.p.Quirks.NoDotFeed && dots > 0 {
		w.setSpacing(hanziDots + w.p.LineGap)
		n := (dots + w.spacing/2) / w.spacing
		for ; n > 0; n -= 255 {
			w.put(0x1B, 'd', byte(min(n, 255)))
		}
		return
	}
	for ; dots > 0; dots -= 255 {
		w.put(0x1B, 'J', byte(min(dots, 255)))
	}
}

func (w *writer) cut() {
	c := w.p.Cutter
	w.setAlign(Left)
	switch {
	case c.TakesFeed:
		w.put(w.p.BlackMark.ToCut...)
		w.put(c.Command...)
		w.put(byte(min(w.p.dots(c.MM), 255)))
	default:
		w.feed(w.p.dots(c.MM))
		w.put(w.p.BlackMark.ToCut...)
		w.put(c.Command...)
	}
	w.put(w.p.Presenter.Present...)
}

func (w *writer) setAlign(a Align) {
	if a != w.align {
		w.align = a
		w.put(0x1B, 'a', byte(a))
	}
}

func (w *writer) setSpacing(dots int) {
	if dots != w.spacing {
		w.spacing = dots
		w.put(0x1B, '3', byte(min(dots, 255)))
	}
}

func (w *writer) style(s Style) {
	if s.W != w.st.W || s.H != w.st.H {
		w.put(0x1D, '!', byte(s.W-1)<<4|byte(s.H-1))
	}
	if s.Bold != w.st.Bold {
		cmd := byte('E')
		if w.p.BoldG {
			cmd = 'G'
		}
		w.put(0x1B, cmd, onOff(s.Bold))
	}
	if s.Reverse != w.st.Reverse {
		w.put(0x1D, 'B', onOff(s.Reverse))
	}
	w.st = s
}

func onOff(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// bitmap sends a picture as wide as the paper. Its margins are in it, for not every
// printer aligns pictures.
func (w *writer) bitmap(b glyph.Bitmap) {
	w.setAlign(Left)
	w.out = appendBitmap(w.out, b, w.p)
	w.raster = true
}

func (w *writer) image(b Image) error {
	page, err := w.drawImage(b)
	if err == nil {
		w.bitmap(page)
	}
	return err
}

func (w *writer) drawImage(b Image) (glyph.Bitmap, error) {
	if b.Bitmap.W > w.p.Dots || len(b.Bitmap.Bits) < b.Bitmap.Stride()*b.Bitmap.H {
		return glyph.Bitmap{}, fmt.Errorf("escpos: image of %dx%d dots, %d bytes does not fit paper of %d dots",
			b.Bitmap.W, b.Bitmap.H, len(b.Bitmap.Bits), w.p.Dots)
	}
	page := glyph.NewBitmap(w.p.Dots, b.Bitmap.H)
	page.Draw(b.Bitmap, glyph.Place{X: margin(b.Align, w.p.Dots-b.Bitmap.W)})
	return page, nil
}

// margin is the even number of dots left of something with free dots beside it.
func margin(a Align, free int) int {
	switch a {
	case Center:
		return free / 2 &^ 1
	case Right:
		return free
	}
	return 0
}
