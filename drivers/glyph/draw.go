package glyph

import (
	"image"
	"image/draw"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Coverage above which a dot is black. Under one half, because the strokes of a
// light font are about one dot and a half wide at 24 dots and would break up.
const inkThreshold = 104

// inkCentre measures 国, whose frame fills its cell evenly. Fonts disagree about
// where the baseline lies in the em box; centring the ink makes them agree.
func (ft *font) inkCentre() float32 {
	const em = 1000
	gi, err := ft.sf.GlyphIndex(&ft.buf, '国')
	if err != nil || gi == 0 {
		return 0.38
	}
	box, _, err := ft.sf.GlyphBounds(&ft.buf, gi, fixed.I(em), xfont.HintingNone)
	if err != nil {
		return 0.38
	}
	return -float32(box.Min.Y+box.Max.Y) / 2 / 64 / em
}

// draw rasterises r in its cell, or reports that the font does not have it.
func (ft *font) draw(r rune, px int) (Bitmap, bool) {
	gi, err := ft.sf.GlyphIndex(&ft.buf, r)
	if err != nil || gi == 0 {
		return Bitmap{}, false
	}
	w := px
	if Columns(r) == 1 {
		w = px / 2
	}
	adv, err := ft.sf.GlyphAdvance(&ft.buf, gi, fixed.I(px), xfont.HintingNone)
	if err != nil {
		return Bitmap{}, false
	}
	segs, err := ft.sf.LoadGlyph(&ft.buf, gi, fixed.I(px), nil)
	if err != nil {
		return Bitmap{}, false
	}
	a := float32(adv) / 64
	t := transform{scale: 1, dx: (float32(w) - a) / 2, dy: float32(px)/2 + ft.ink*float32(px)}
	if a > float32(w) { // too wide a letter is squeezed, not cut off
		t.scale, t.dx = float32(w)/a, 0
	}
	return threshold(rasterise(segs, t, image.Pt(w, px))), true
}

// transform maps a glyph's outline, y down from its baseline, into its cell.
type transform struct{ scale, dx, dy float32 }

func (t transform) at(p fixed.Point26_6) (x, y float32) {
	return float32(p.X)/64*t.scale + t.dx, float32(p.Y)/64 + t.dy
}

func rasterise(segs sfnt.Segments, t transform, size image.Point) *image.Alpha {
	z := vector.NewRasterizer(size.X, size.Y)
	z.DrawOp = draw.Src
	for _, s := range segs {
		ax, ay := t.at(s.Args[0])
		bx, by := t.at(s.Args[1])
		cx, cy := t.at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(ax, ay)
		case sfnt.SegmentOpLineTo:
			z.LineTo(ax, ay)
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(ax, ay, bx, by)
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	z.ClosePath()
	img := image.NewAlpha(image.Rectangle{Max: size})
	z.Draw(img, img.Bounds(), image.Opaque, image.Point{})
	return img
}

func threshold(img *image.Alpha) Bitmap {
	size := img.Bounds().Size()
	b := NewBitmap(size.X, size.Y)
	for y := range size.Y {
		for x := range size.X {
			if img.AlphaAt(x, y).A > inkThreshold {
				b.Set(x, y)
			}
		}
	}
	return b
}
