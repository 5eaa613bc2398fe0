package sim

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"time"
)

// Slip is one piece of paper.
type Slip struct {
	Image *image.Paletted // one pixel a dot, top first; nil if it has no length
	Bytes []byte          // received since the piece before
	Text  string          // the characters on it, line by line, without trailing spaces
	// Cut is true if the cutter made it; false for a piece torn off when the
	// roll ended.
	Cut bool
	At  time.Time // when it came off
}

// PNG writes the picture.
func (s Slip) PNG(w io.Writer) error {
	if s.Image == nil {
		return fmt.Errorf("sim: slip has no paper")
	}
	if err := png.Encode(w, s.Image); err != nil {
		return fmt.Errorf("sim: draw slip: %w", err)
	}
	return nil
}

// printerRow is one row of dots and the words that end in it.
type printerRow struct {
	dots []byte // nil: blank
	text string
}

// printerPaper is the paper from the last cut to the head. The cutter is
// downstream: what lies between it and the head belongs to the next slip.
type printerPaper struct {
	width, gap int // dots in a row; rows from head to cutter
	rows       []printerRow
	bytes      []byte
}

// printerBytes bounds what is kept of the bytes of an endless slip.
const printerBytes = 1 << 20

func (pp *printerPaper) init(o PrinterOpts) {
	pp.width = o.WidthDots
	pp.gap = int(o.HeadToCutterMM * o.DotsPerMM)
	pp.load()
}

// load threads new paper from head to cutter.
func (pp *printerPaper) load() {
	pp.rows = make([]printerRow, pp.gap)
	pp.bytes = nil
}

func (pp *printerPaper) took(b byte) {
	if len(pp.bytes) < printerBytes {
		pp.bytes = append(pp.bytes, b)
	}
}

// cut separates what is past the cutter. It reports false if that is nothing.
func (pp *printerPaper) cut() (Slip, bool) {
	n := len(pp.rows) - pp.gap
	if n <= 0 {
		return Slip{}, false
	}
	s := pp.slip(n)
	s.Cut = true
	pp.rows = append([]printerRow(nil), pp.rows[n:]...)
	pp.bytes = nil
	return s, true
}

// tear takes everything down to the head and loads new paper.
func (pp *printerPaper) tear() (Slip, bool) {
	if len(pp.rows) <= pp.gap {
		pp.load()
		return Slip{}, false
	}
	s := pp.slip(len(pp.rows))
	pp.load()
	return s, true
}

func (pp *printerPaper) peek() Slip { return pp.slip(len(pp.rows)) }

// slip draws the first n rows.
func (pp *printerPaper) slip(n int) Slip {
	img := image.NewPaletted(image.Rect(0, 0, pp.width, n),
		color.Palette{color.White, color.Black})
	s := Slip{Image: img, Bytes: append([]byte(nil), pp.bytes...), At: time.Now()}
	for y, r := range pp.rows[:n] {
		s.Text += r.text
		for x := 0; x < pp.width && x/8 < len(r.dots); x++ {
			if r.dots[x/8]&(0x80>>(x%8)) != 0 {
				img.Pix[y*img.Stride+x] = 1
			}
		}
	}
	return s
}

// paperOut hands a piece of paper to the world.
func (p *Printer) paperOut(s Slip, ok bool) {
	if !ok {
		return
	}
	p.slips = append(p.slips, s)
	if len(p.slips) > 1000 {
		p.slips = p.slips[1:]
	}
	if p.o.OnSlip != nil {
		p.o.OnSlip(s)
	}
}

// cut works the cutter where the paper is now.
func (p *Printer) cut() {
	p.play.atCut(p)
	if p.stopped() {
		if !p.off {
			p.then = p.cut
		}
		return
	}
	if p.o.SpeedMMs > 0 {
		p.rest(printerCut)
		if p.stopped() { // lost its power or its cover meanwhile
			if !p.off {
				p.then = p.cut
			}
			return
		}
	}
	if p.jammed {
		p.jam, p.then = true, p.cut
		p.autoStatus()
		return
	}
	if p.o.Presenter && p.held {
		p.held = false // the new slip pushes the old one out
		p.pushed++
	}
	s, ok := p.paper.cut()
	if ok && p.o.Presenter {
		p.held = true
	}
	p.paperOut(s, ok)
}
