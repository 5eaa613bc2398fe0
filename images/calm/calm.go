// Package calm draws the page that stays when the terminal itself cannot be kept
// running: that it is out of service, whom to ask, and what happens next. It
// needs no toolkit, no compositor and no graphics processor: fonts are read as
// ISO/IEC 14496-22 has them, and the page is a picture.
package calm

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"time"

	"jobhome/kiosk/words"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Page is what is known of the site. The zero value says only what is true of
// every terminal.
type Page struct {
	Site  string        // its name; may be empty
	Phone string        // of the staff; may be empty
	Again time.Duration // after which the terminal is tried again; 0: nothing is said of it
}

// Colours are those of the page: text, what matters most in it, and what is
// behind both.
type Colours struct{ Ink, Accent, Ground color.RGBA }

// Usual are the colours of a terminal whose settings cannot be read.
func Usual() Colours {
	return Colours{
		Ink: color.RGBA{0x1B, 0x24, 0x30, 0xFF}, Accent: color.RGBA{0x0B, 0x5C, 0xAD, 0xFF},
		Ground: color.RGBA{0xF5, 0xF7, 0xFA, 0xFF},
	}
}

// line is one line of the page.
type line struct {
	text   string
	size   float64 // of its em, in units
	after  float64 // room below it, in units
	accent bool
}

// lines are those of the page from top to bottom, each sentence in both
// languages.
func (p Page) lines() []line {
	var all []line
	if p.Site != "" {
		all = append(all, line{p.Site, 4.6, 7, true})
	}
	both := func(size, after float64, key string, args ...any) {
		all = append(all,
			line{words.T(words.Zh, key, args...), size, size * 0.35, false},
			line{words.T(words.En, key, args...), size * 0.6, after, false})
	}
	both(8.4, 7, "calm.title")
	if p.Phone != "" {
		both(5.4, 6, "calm.phone", p.Phone)
	}
	if p.Again > 0 {
		both(4, 3, "calm.again", int(p.Again.Minutes()))
	}
	both(4, 0, "calm.kept")
	return all
}

// Box is where a line stands in the picture, in pixels.
type Box struct {
	Text string
	image.Rectangle
}

// widest is the part of the picture's width that a line may take.
const widest = 0.88

// Draw draws the page. The boxes are those of its lines from top to bottom; a
// line that would be too wide is made smaller. The error is a font that lacks
// what it needs to draw.
func Draw(size image.Point, p Page, f *sfnt.Font, c Colours) (*image.RGBA, []Box, error) {
	img := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(img, img.Rect, image.NewUniform(c.Ground), image.Point{}, draw.Src)
	lines := p.lines()
	// A hundredth of the shorter edge, and less where all lines would not fit.
	unit, height := float64(min(size.X, size.Y))/100, 0.0
	for _, l := range lines {
		height += l.size*lineHeight + l.after
	}
	unit = min(unit, widest*float64(size.Y)/height)
	y := (float64(size.Y) - height*unit) / 2
	var boxes []Box
	for _, l := range lines {
		ink := c.Ink
		if l.accent {
			ink = c.Accent
		}
		box, err := drawLine(img, f, l, placed{y, unit, ink})
		if err != nil {
			return nil, nil, fmt.Errorf("calm: draw %q: %w", l.text, err)
		}
		boxes = append(boxes, Box{l.text, box})
		y += (l.size*lineHeight + l.after) * unit
	}
	return img, boxes, nil
}

// lineHeight is that of a line, in ems; baseline is how far down in it letters
// stand.
const (
	lineHeight = 1.25
	baseline   = 0.98
)

// placed is where a line goes and how.
type placed struct {
	y, unit float64
	ink     color.RGBA
}

// drawLine draws one line in the middle of the picture's width.
func drawLine(img draw.Image, f *sfnt.Font, l line, at placed) (image.Rectangle, error) {
	room := fixed.I(int(widest * float64(img.Bounds().Dx())))
	em := l.size * at.unit
	face, err := faceOf(f, em)
	if err != nil {
		return image.Rectangle{}, err
	}
	width := font.MeasureString(face, l.text)
	if width > room {
		em *= float64(room) / float64(width)
		if face, err = faceOf(f, em); err != nil {
			return image.Rectangle{}, err
		}
		width = font.MeasureString(face, l.text)
	}
	x := (fixed.I(img.Bounds().Dx()) - width) / 2
	// What was made smaller stands in the middle of its line's height.
	top := at.y + (l.size*at.unit-em)*lineHeight/2
	d := font.Drawer{
		Dst: img, Src: image.NewUniform(at.ink), Face: face,
		Dot: fixed.Point26_6{X: x, Y: fixed.I(int(top + em*baseline))},
	}
	d.DrawString(l.text)
	return image.Rect(x.Floor(), int(top), (x + width).Ceil(), int(top+em*lineHeight)), nil
}

func faceOf(f *sfnt.Font, px float64) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: px, DPI: 72, Hinting: font.HintingNone})
}

// Turned returns img turned clockwise by 0, 90, 180 or 270 degrees, for a panel
// that is mounted so.
func Turned(img *image.RGBA, degrees int) *image.RGBA {
	b := img.Rect
	size := b.Size()
	if degrees == 90 || degrees == 270 {
		size.X, size.Y = size.Y, size.X
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			from := image.Pt(x, y)
			switch degrees {
			case 90:
				from = image.Pt(y, b.Dy()-1-x)
			case 180:
				from = image.Pt(b.Dx()-1-x, b.Dy()-1-y)
			case 270:
				from = image.Pt(b.Dx()-1-y, x)
			}
			out.SetRGBA(x, y, img.RGBAAt(from.X, from.Y))
		}
	}
	return out
}
