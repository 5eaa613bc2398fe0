package window

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"runtime"

	"github.com/gotk3/gotk3/gdk"
	qrcode "github.com/skip2/go-qrcode"

	"jobhome/ui/icons"
)

// picturesKept bounds the pictures kept; walking all pages in both modes
// needs about half of it.
const picturesKept = 400

// quietModules is the white frame a QR code needs (ISO/IEC 18004 §6.3.8).
const quietModules = 4

// pictures draws icons, marks and codes and keeps what it drew.
type pictures struct {
	mark []byte
	kept map[string]*gdk.Pixbuf
}

func newPictures(mark []byte) *pictures {
	return &pictures{mark: mark, kept: map[string]*gdk.Pixbuf{}}
}

// forget gives all pictures up; those on the screen live on in their widgets.
func (p *pictures) forget() { clear(p.kept) }

func (p *pictures) keep(key string, draw func() (*gdk.Pixbuf, error)) *gdk.Pixbuf {
	if b, ok := p.kept[key]; ok {
		return b
	}
	b, err := draw()
	if err != nil {
		b = nil // a page without one picture is better than no page
	}
	if len(p.kept) >= picturesKept {
		p.forget()
	}
	p.kept[key] = b
	return b
}

// icon draws the icon called name px high in a colour (#rrggbb). It returns
// nil where there is none of that name.
func (p *pictures) icon(name string, px int, color string) *gdk.Pixbuf {
	return p.keep(fmt.Sprintf("i %s %d %s", name, px, color), func() (*gdk.Pixbuf, error) {
		svg, ok := icons.SVG(name)
		if !ok {
			return nil, fmt.Errorf("window: no icon %q", name)
		}
		return drawSVG(svg, px, color)
	})
}

// sign draws the site's mark px high.
func (p *pictures) sign(px int, color string) *gdk.Pixbuf {
	if len(p.mark) == 0 {
		return p.icon("mark", px, color)
	}
	return p.keep(fmt.Sprintf("m %d %s", px, color), func() (*gdk.Pixbuf, error) {
		return drawSVG(p.mark, px, color)
	})
}

// qr draws a code for text px wide and high with its quiet zone.
func (p *pictures) qr(text string, px int) *gdk.Pixbuf {
	return p.keep(fmt.Sprintf("q %d %s", px, text), func() (*gdk.Pixbuf, error) {
		return drawQR(text, px)
	})
}

// drawSVG draws a document px high in a colour.
func drawSVG(svg []byte, px int, paint string) (*gdk.Pixbuf, error) {
	svg = bytes.ReplaceAll(svg, []byte("currentColor"), []byte(paint))
	loader, err := gdk.PixbufLoaderNewWithType("svg")
	if err != nil {
		return nil, fmt.Errorf("window: find the reader of SVG pictures (librsvg): %w", err)
	}
	loader.SetSize(max(1, int(math.Round(float64(px)*aspect(svg)))), max(1, px))
	b, err := loader.WriteAndReturnPixbuf(svg)
	runtime.KeepAlive(loader)
	if err != nil {
		return nil, fmt.Errorf("window: draw an SVG picture: %w", err)
	}
	return b, nil
}

// aspect is a document's width over its height by its viewBox, 1 without.
func aspect(svg []byte) float64 {
	_, rest, ok := bytes.Cut(svg, []byte("viewBox=\""))
	var x, y, w, h float64
	if !ok {
		return 1
	}
	if n, _ := fmt.Sscanf(string(rest[:min(len(rest), 80)]), "%g %g %g %g", &x, &y, &w, &h); n != 4 || w <= 0 || h <= 0 {
		return 1
	}
	return min(max(w/h, 0.1), 10)
}

// drawQR draws a code of level M: dark on white, every module the same whole
// number of pixels.
func drawQR(text string, px int) (*gdk.Pixbuf, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("window: make a QR code of %d bytes: %w", len(text), err)
	}
	code.DisableBorder = true
	cells := code.Bitmap()
	n := len(cells)
	module := px / (n + 2*quietModules)
	if module < 1 {
		return nil, fmt.Errorf("window: a QR code of %d modules does not fit %d pixels", n, px)
	}
	img := image.NewGray(image.Rect(0, 0, px, px))
	from := (px - n*module) / 2
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for y, row := range cells {
		for x, dark := range row {
			for k := 0; dark && k < module*module; k++ {
				img.Pix[img.PixOffset(from+x*module+k%module, from+y*module+k/module)] = 0
			}
		}
	}
	return drawGray(img)
}

// drawGray copies an image into memory of GTK's own.
func drawGray(img *image.Gray) (*gdk.Pixbuf, error) {
	r := img.Bounds()
	if r.Empty() {
		return nil, fmt.Errorf("window: a picture of %d × %d pixels", r.Dx(), r.Dy())
	}
	b, err := gdk.PixbufNew(gdk.COLORSPACE_RGB, false, 8, r.Dx(), r.Dy())
	if err != nil {
		return nil, fmt.Errorf("window: make a picture: %w", err)
	}
	pixels, stride := b.GetPixels(), b.GetRowstride()
	for y := range r.Dy() {
		row := pixels[y*stride:]
		for x := range r.Dx() {
			v := img.Pix[img.PixOffset(r.Min.X+x, r.Min.Y+y)]
			row[3*x], row[3*x+1], row[3*x+2] = v, v, v
		}
	}
	runtime.KeepAlive(b)
	return b, nil
}
