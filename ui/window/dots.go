package window

import (
	"image"
	"runtime"
)

// Dots draws an SVG document px high in black on white, for a printer. Call it
// on GTK's thread, after Init. A document that cannot be drawn is an error.
func Dots(svg []byte, px int) (*image.Gray, error) {
	b, err := drawSVG(svg, px, "#000000")
	if err != nil {
		return nil, err
	}
	w, h, stride, channels := b.GetWidth(), b.GetHeight(), b.GetRowstride(), b.GetNChannels()
	from := b.GetPixels()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			at := from[y*stride+x*channels:]
			ink := 255 - (int(at[0])+int(at[1])+int(at[2]))/3
			if channels == 4 {
				ink = ink * int(at[3]) / 255
			}
			img.Pix[y*img.Stride+x] = uint8(255 - ink)
		}
	}
	runtime.KeepAlive(b)
	return img, nil
}
