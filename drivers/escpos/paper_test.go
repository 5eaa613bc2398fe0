package escpos

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"jobhome/drivers/glyph"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// paper reads a stream as a printer does: every byte must belong to a command or be a
// whole printable character. It keeps the texts by line and draws the dots.
type paper struct {
	p      Profile
	glyphs Glyphs
	dots   glyph.Bitmap
	y, x   int
	lines  []string
	line   string
	w, h   int
	align  int
	gap    int
	bold   bool
	rev    bool
	cells  []func(x0, y0, h int)
	native []string
	raster int // bytes of raster data
	cuts   int
}

// lengths of the commands with a fixed number of parameter bytes.
var fixed = map[string]int{
	"\x1b@": 0, "\x1c&": 0, "\x1cS": 2, "\x1dP": 2, "\x1ba": 1, "\x1b3": 1, "\x1bE": 1, "\x1bG": 1,
	"\x1dB": 1, "\x1d!": 1, "\x1dw": 1, "\x1bJ": 1, "\x1bd": 1, "\x1bi": 0,
}

func read(t testing.TB, stream []byte, p Profile, g Glyphs) *paper {
	t.Helper()
	pp := &paper{p: p, glyphs: g, dots: glyph.NewBitmap(p.Dots, 6000), w: 1, h: 1, gap: 30}
	for i := 0; i < len(stream); {
		n, err := pp.step(stream[i:])
		if err != nil {
			t.Fatalf("at byte %d: %v", i, err)
		}
		i += n
	}
	if pp.line != "" {
		t.Fatalf("text without line feed: %q", pp.line)
	}
	return pp
}

func (pp *paper) step(b []byte) (int, error) {
	switch c := b[0]; {
	case c == '\n':
		pp.lf()
		return 1, nil
	case c == 0x1B || c == 0x1C || c == 0x1D:
		return pp.command(b)
	case c >= 0x20 && c < 0x7F:
		pp.char(rune(c), 1)
		return 1, nil
	case c >= 0x81:
		n := 2
		if len(b) >= 4 && b[1] >= '0' && b[1] <= '9' && pp.p.Hanzi == GB18030 {
			n = 4
		}
		if len(b) < n || n == 2 && b[1] < 0x40 {
			return 0, fmt.Errorf("half a Hanzi % x", b[:min(len(b), 4)])
		}
		s, err := simplifiedchinese.GB18030.NewDecoder().String(string(b[:n]))
		if err != nil {
			return 0, err
		}
		pp.char([]rune(s)[0], 2)
		return n, nil
	}
	return 0, fmt.Errorf("stray byte %02x", b[0])
}

func (pp *paper) char(r rune, cols int) {
	pp.line += string(r)
	w, h, bold, rev, off := pp.w, pp.h, pp.bold, pp.rev, pp.x
	pp.cells = append(pp.cells, func(x0, y0, lineH int) {
		if pp.glyphs == nil {
			return
		}
		g, _ := pp.glyphs.Glyph(r, 24)
		c := glyph.NewBitmap(cols*12, 24)
		c.Draw(g, glyph.Place{})
		if bold {
			c.Draw(g, glyph.Place{X: 1})
		}
		for i := range c.Bits {
			if rev && (c.W%8 == 0 || i%2 == 0) {
				c.Bits[i] = ^c.Bits[i]
			} else if rev {
				c.Bits[i] ^= 0xF0
			}
		}
		pp.dots.Draw(c, glyph.Place{X: x0 + off, Y: y0 + lineH - 24*h, ScaleX: w, ScaleY: h})
	})
	pp.x += cols * 12 * w
}

func (pp *paper) lf() {
	h := pp.gap - 6
	free := pp.p.Dots - pp.x
	x0 := []int{0, free / 2, free}[pp.align]
	for _, f := range pp.cells {
		f(x0, pp.y, h)
	}
	pp.lines = append(pp.lines, pp.line)
	pp.line, pp.cells, pp.x = "", nil, 0
	pp.y += pp.gap
}

func (pp *paper) command(b []byte) (int, error) {
	if len(b) < 2 {
		return 0, fmt.Errorf("half a command")
	}
	name := string(b[:2])
	switch name {
	case "\x1dv":
		return pp.gsv0(b)
	case "\x1d\x0c":
		return 2, nil
	case "\x1dk", "\x1bZ":
		n := 7 + int(b[5]) + int(b[6])<<8
		pp.native = append(pp.native, string(b[7:n]))
		return n, nil
	case "\x1d(":
		n := 5 + int(b[3]) + int(b[4])<<8
		if b[6] == 'P' {
			pp.native = append(pp.native, string(b[8:n]))
		}
		return n, nil
	case "\x1dV":
		pp.cuts++
		if b[2] == 66 {
			return 4, nil
		}
		return 3, nil
	case "\x1de":
		if b[2] == 3 {
			return 4, nil
		}
		return 3, nil
	}
	n, ok := fixed[name]
	if !ok || len(b) < 2+n {
		return 0, fmt.Errorf("unknown or cut off command % x", b[:min(len(b), 6)])
	}
	if pp.line != "" && (name == "\x1ba" || name == "\x1b3") {
		return 0, fmt.Errorf("%q inside a line", name)
	}
	var a byte
	if n > 0 {
		a = b[2]
	}
	switch name {
	case "\x1ba":
		pp.align = int(a)
	case "\x1b3":
		pp.gap = int(a)
	case "\x1bE", "\x1bG":
		pp.bold = a == 1
	case "\x1dB":
		pp.rev = a == 1
	case "\x1d!":
		pp.w, pp.h = int(a>>4)+1, int(a&15)+1
	case "\x1bJ":
		pp.y += int(a)
	case "\x1bd":
		pp.y += int(a) * pp.gap
	case "\x1bi":
		pp.cuts++
	}
	return 2 + n, nil
}

func (pp *paper) gsv0(b []byte) (int, error) {
	if pp.line != "" {
		return 0, fmt.Errorf("raster inside a line")
	}
	if len(b) < 8 || b[2] != '0' || b[3] != 0 && b[3] != 3 {
		return 0, fmt.Errorf("bad raster header % x", b[:min(len(b), 8)])
	}
	w, h := int(b[4])+int(b[5])<<8, int(b[6])+int(b[7])<<8
	if w < 1 || h < 1 || len(b) < 8+w*h || h > pp.p.Raster.Rows {
		return 0, fmt.Errorf("raster %d bytes x %d rows, %d bytes there", w, h, len(b))
	}
	scale := 1
	if b[3] == 3 {
		scale = 2
	}
	if (w*8-15)*scale > pp.p.Dots+15 {
		return 0, fmt.Errorf("raster %d bytes wide at m=%d on %d dots", w, b[3], pp.p.Dots)
	}
	pp.dots.Draw(glyph.Bitmap{W: w * 8, H: h, Bits: b[8 : 8+w*h]}, glyph.Place{Y: pp.y, ScaleX: scale, ScaleY: scale})
	pp.y += h * scale
	pp.raster += w * h
	return 8 + w*h, nil
}

// picture writes what was printed as a PNG file.
func (pp *paper) picture(t testing.TB, path string) {
	t.Helper()
	const edge = 24
	img := image.NewGray(image.Rect(0, 0, pp.dots.W+2*edge, pp.y+2*edge))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !pp.dots.At(x-edge, y-edge) {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
