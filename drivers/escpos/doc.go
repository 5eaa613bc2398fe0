// Package escpos turns receipt documents into ESC/POS bytes for Chinese receipt
// printers, and the status bytes they answer into words. It knows printers and paper,
// not what is printed on it.
//
// Commands are those of Epson's "ESC/POS Command Reference" that Chinese clones have
// too, with the differences kept as data in Profile, one file a printer in profiles/
// (see README.md there): the manuals of SPRT, Masung, MY-628 and SNBC modules and
// Custom's KPM series for cutters, presenters, QR codes and Hanzi. A Catalogue finds a
// printer by its name, or by what it answers to GS I.
// Text goes out in Hanzi mode (FS &) as GBK or GB18030; a line with a character that
// the printer does not have is drawn dot by dot.
package escpos

import "jobhome/drivers/glyph"

// Doc is a receipt from its first line to its last, usually ending in a Cut.
type Doc struct {
	Blocks []Block
}

// Add appends blocks.
func (d *Doc) Add(b ...Block) { d.Blocks = append(d.Blocks, b...) }

// Block is one of Line, Row, Rule, Feed, QR, Image and Cut.
type Block interface{ block() }

// Align places a line between the paper's margins.
type Align int

// The three places.
const (
	Left Align = iota
	Center
	Right
)

// Style is how a run of text looks. W and H are times the normal width and height,
// 1 or 2; 0 means 1 and more than 2 means 2, as some printers know no more.
type Style struct {
	W, H    int
	Bold    bool
	Reverse bool // white on black
}

// Span is a run of text in one style. A line feed in it ends the line; other control
// characters are dropped.
type Span struct {
	Text string
	Style
}

// Line is a paragraph, wrapped to the paper's width. Hang is the indent of every line
// but the first, in columns.
type Line struct {
	Spans []Span
	Align Align
	Hang  int
}

// Row is a line with a left and a right end. Where both do not fit on one line the
// right end goes on a line of its own.
type Row struct {
	Left, Right []Span
}

// Rule is a line drawn across the paper.
type Rule struct{}

// Feed moves the paper, in millimetres.
type Feed struct {
	MM float64
}

// QR is a QR code (ISO/IEC 18004, model 2, error correction level M). MM is the wanted
// side of the symbol without its quiet zone, 0 meaning 25 mm; the nearest whole number
// of dots a module is taken, never below 4. Text is printed under it, or beside it if
// Beside is set and it fits there.
type QR struct {
	Payload string
	MM      float64
	Text    []Line
	Beside  bool
}

// Image is a picture printed dot for dot, no wider than the paper.
type Image struct {
	Bitmap glyph.Bitmap
	Align  Align
}

// Cut feeds the paper to the cutter and cuts it, and hands the slip to the customer
// where the printer has a presenter. Without a cutter the paper is fed to the tear bar.
type Cut struct{}

func (Line) block()  {}
func (Row) block()   {}
func (Rule) block()  {}
func (Feed) block()  {}
func (QR) block()    {}
func (Image) block() {}
func (Cut) block()   {}

// Text is a paragraph in one style.
func Text(s string, st Style, a Align) Line {
	return Line{Spans: []Span{{Text: s, Style: st}}, Align: a}
}

func (s Style) norm() Style {
	s.W, s.H = min(max(s.W, 1), 2), min(max(s.H, 1), 2)
	return s
}
