package uitest

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"

	"github.com/jezek/xgb/xproto"
)

// Screenshot returns the whole screen as it is now. The pointer is not in it.
func (d *Desk) Screenshot() (*image.RGBA, error) {
	setup := xproto.Setup(d.x)
	if setup.ImageByteOrder != xproto.ImageOrderLSBFirst {
		return nil, errors.New("uitest: screenshot: the X server sends its pixels in big-endian order")
	}
	w, h := d.opts.Width, d.opts.Height
	r, err := xproto.GetImage(d.x, xproto.ImageFormatZPixmap, xproto.Drawable(d.root),
		0, 0, uint16(w), uint16(h), 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("uitest: screenshot: %w", err)
	}
	img, err := fromBGRX(r.Data, w, h)
	if err != nil {
		return nil, fmt.Errorf("uitest: screenshot: %w", err)
	}
	return img, nil
}

// fromBGRX turns the pixels of a 24-bit ZPixmap, four bytes each, into an
// opaque image.
func fromBGRX(data []byte, w, h int) (*image.RGBA, error) {
	if len(data) != w*h*4 {
		return nil, fmt.Errorf("%d bytes for %dx%d pixels of 4", len(data), w, h)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(data); i += 4 {
		p, q := data[i:i+4:i+4], img.Pix[i:i+4:i+4]
		q[0], q[1], q[2], q[3] = p[2], p[1], p[0], 0xff
	}
	return img, nil
}

// SavePNG writes a screenshot to a file.
func (d *Desk) SavePNG(path string) (err error) {
	img, err := d.Screenshot()
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("uitest: save screenshot: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(f, img); err != nil {
		return fmt.Errorf("uitest: save screenshot: %w", err)
	}
	return nil
}

// Window is a mapped top-level window.
type Window struct {
	ID     uint32 // X11 window id
	Title  string
	Bounds image.Rectangle // screen pixels
}

// Windows returns the mapped top-level windows, the lowest first. The desk has
// no window manager, so these are the programs' own windows.
func (d *Desk) Windows() ([]Window, error) {
	tree, err := xproto.QueryTree(d.x, d.root).Reply()
	if err != nil {
		return nil, fmt.Errorf("uitest: list windows: %w", err)
	}
	var out []Window
	for _, id := range tree.Children {
		// A window may go between two questions; then it is not there.
		attr, err := xproto.GetWindowAttributes(d.x, id).Reply()
		if err != nil || attr.MapState != xproto.MapStateViewable || attr.Class != xproto.WindowClassInputOutput {
			continue
		}
		g, err := xproto.GetGeometry(d.x, xproto.Drawable(id)).Reply()
		if err != nil {
			continue
		}
		x, y := int(g.X), int(g.Y)
		out = append(out, Window{
			ID:     uint32(id),
			Title:  d.title(id),
			Bounds: image.Rect(x, y, x+int(g.Width), y+int(g.Height)),
		})
	}
	return out, nil
}

// title reads _NET_WM_NAME (Extended Window Manager Hints), which is UTF-8.
func (d *Desk) title(id xproto.Window) string {
	const name = "_NET_WM_NAME"
	atom, err := xproto.InternAtom(d.x, true, uint16(len(name)), name).Reply()
	if err != nil {
		return ""
	}
	p, err := xproto.GetProperty(d.x, false, id, atom.Atom, xproto.GetPropertyTypeAny, 0, 1024).Reply()
	if err != nil {
		return ""
	}
	return string(p.Value)
}
