package sim_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/drivers/escpos"
	"jobhome/drivers/sim"
)

const qrURL = "https://jy.example.cn/p/gq-20261122-0187?r=7K3M9QXD"

func zbarimg(t *testing.T) string {
	t.Helper()
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed (apt-get install zbar-tools)")
	}
	return zbar
}

// qrSlip prints a QR code mm wide on a printer as p describes it.
func qrSlip(t *testing.T, p escpos.Profile, mm float64) sim.Slip {
	t.Helper()
	out, err := escpos.Encode(escpos.Doc{Blocks: []escpos.Block{escpos.QR{Payload: qrURL, MM: mm}, escpos.Cut{}}}, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	pr := newPress(t, build(p))
	pr.print(string(out.Bytes))
	s := pr.Progress()
	if all := pr.Slips(); len(all) > 0 {
		s = all[0]
	}
	if odd := pr.Oddities(); len(odd) > 0 || strings.TrimSpace(s.Text) != "" {
		t.Errorf("%s: oddities %q, text %q", p.Name, odd, s.Text)
	}
	return s
}

// symbol cuts the code out of a slip, with the paper around it. 255 is white.
func symbol(s sim.Slip) *image.Gray {
	const edge = 40 // dots: the quiet zone, and room to turn
	var box image.Rectangle
	for i, c := range s.Image.Pix {
		if c == 1 {
			at := image.Pt(i%s.Image.Stride, i/s.Image.Stride)
			box = box.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
		}
	}
	out := image.NewGray(image.Rect(0, 0, box.Dx()+2*edge, box.Dy()+2*edge))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			at := box.Min.Add(image.Pt(x-edge, y-edge))
			if !at.In(s.Image.Rect) || s.Image.ColorIndexAt(at.X, at.Y) == 0 {
				out.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	return out
}

// turned rotates a picture about its middle, taking the mean of the four pixels nearest.
func turned(in *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := in.Rect.Dx(), in.Rect.Dy()
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= w || y >= h {
			return 255
		}
		return float64(in.Pix[y*in.Stride+x])
	}
	out := image.NewGray(in.Rect)
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-float64(w)/2, float64(y)-float64(h)/2
			sx, sy := cos*dx+sin*dy+float64(w)/2, cos*dy-sin*dx+float64(h)/2
			x0, y0 := math.Floor(sx), math.Floor(sy)
			fx, fy, ix, iy := sx-x0, sy-y0, int(x0), int(y0)
			v := (at(ix, iy)*(1-fx)+at(ix+1, iy)*fx)*(1-fy) + (at(ix, iy+1)*(1-fx)+at(ix+1, iy+1)*fx)*fy
			out.Pix[y*out.Stride+x] = uint8(v + 0.5)
		}
	}
	return out
}

// blurred is each pixel's mean over a square of side pixels.
func blurred(in *image.Gray, side int) *image.Gray {
	w, h := in.Rect.Dx(), in.Rect.Dy()
	pass := func(src []uint8, step, line, n, lines int) []uint8 {
		out := make([]uint8, len(src))
		for l := range lines {
			for i := range n {
				sum := 0
				for k := -side / 2; k < side-side/2; k++ {
					sum += int(src[l*line+min(max(i+k, 0), n-1)*step])
				}
				out[l*line+i*step] = uint8(sum / side)
			}
		}
		return out
	}
	pix := pass(in.Pix, 1, in.Stride, w, h)
	return &image.Gray{Pix: pass(pix, in.Stride, 1, h, w), Stride: in.Stride, Rect: in.Rect}
}

// TestEveryQRIsReadBlurredAndTurned has zbar read the code of every profile, in its
// dialect, from the smallest module to the one that a slip asks for.
func TestEveryQRIsReadBlurredAndTurned(t *testing.T) {
	zbar := zbarimg(t)
	dir := t.TempDir()
	var files []string
	seen := map[string]bool{}
	keep := func(name string, g *image.Gray) {
		f, err := os.Create(filepath.Join(dir, name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		if err := enc.Encode(f, g); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		files = append(files, f.Name())
	}
	for _, p := range escpos.Profiles() {
		for _, mm := range []float64{1, 25, 30} {
			g := symbol(qrSlip(t, p, mm))
			if seen[string(g.Pix)] {
				continue // the same dots as from another profile
			}
			seen[string(g.Pix)] = true
			module := moduleOf(g)
			name := fmt.Sprintf("%s-%d-", p.Name, module)
			soft := blurred(g, max(2, (module+1)/2))
			keep(name+"plain", g)
			keep(name+"blurred", soft)
			for _, degrees := range []float64{3, 7} {
				keep(fmt.Sprintf("%s%.0f", name, degrees), turned(g, degrees))
				keep(fmt.Sprintf("%s%.0f-blurred", name, degrees), turned(soft, degrees))
			}
		}
	}
	args := []string{"-q", "--raw", "-Sdisable", "-Sqrcode.enable"}
	out, err := exec.Command(zbar, append(args, files...)...).Output()
	if got := strings.Fields(string(out)); err == nil && len(got) == len(files) && strings.Count(string(out), qrURL) == len(files) {
		t.Logf("%d pictures", len(files))
		return
	}
	for _, f := range files { // one by one, to name them
		out, err := exec.Command(zbar, append(args, f)...).Output()
		if err != nil || strings.TrimSpace(string(out)) != qrURL {
			t.Errorf("%s: zbarimg reads %q, %v", filepath.Base(f), out, err)
		}
	}
}

// moduleOf is the side of a module: the finder pattern's upper edge is seven wide.
func moduleOf(g *image.Gray) int {
	from := bytes.IndexByte(g.Pix, 0)
	return bytes.IndexByte(g.Pix[from:], 255) / 7
}

// TestQRInAnotherDialect has every printer print every other's code: as text, which is
// noticed, and never as a symbol.
func TestQRInAnotherDialect(t *testing.T) {
	dialects := []escpos.QRDialect{escpos.QRGSk, escpos.QRMY628, escpos.QRPOS5802}
	p, err := escpos.ProfileByName("generic80")
	if err != nil {
		t.Fatal(err)
	}
	for _, spoken := range dialects {
		p.QR = escpos.NativeQR{Dialect: spoken, MaxModule: 6}
		out, err := escpos.Encode(escpos.Doc{Blocks: []escpos.Block{escpos.QR{Payload: qrURL}, escpos.Line{}, escpos.Cut{}}}, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range append(dialects, "") {
			o := build(p)
			o.QRDialect = known
			pr := newPress(t, o)
			pr.print(string(out.Bytes))
			s := pr.Slips()[0]
			text := strings.Contains(strings.ReplaceAll(s.Text, "\n", ""), "example.cn/p/gq-20261122-0187")
			if odd := len(pr.Oddities()) > 0; odd != (known != spoken) || text != odd {
				t.Errorf("%s on a printer that knows %q: oddities %q, text %q", spoken, known, pr.Oddities(), s.Text)
			}
		}
	}
}

// TestQRValuesOutOfRange sends what no manual allows: nothing is drawn.
func TestQRValuesOutOfRange(t *testing.T) {
	for name, c := range map[string]struct {
		dialect escpos.QRDialect
		bytes   string
	}{
		"version 18":       {escpos.QRMY628, "\x1dw\x04\x1dka\x12\x02\x01\x00A"},
		"level 0":          {escpos.QRMY628, "\x1dw\x04\x1dka\x01\x00\x01\x00A"},
		"module 7":         {escpos.QRMY628, "\x1dw\x07\x1dka\x01\x02\x01\x00A"},
		"too much for v1":  {escpos.QRMY628, "\x1dw\x04\x1dka\x01\x02\x28\x00" + strings.Repeat("a", 40)},
		"level 4":          {escpos.QRPOS5802, "\x1bZ\x00\x04\x04\x01\x00A"},
		"module 9":         {escpos.QRPOS5802, "\x1bZ\x00\x01\x09\x01\x00A"},
		"wider than paper": {escpos.QRPOS5802, "\x1bZ\x28\x01\x08\x01\x00A"},
	} {
		pr := newPress(t, sim.PrinterOpts{QRDialect: c.dialect})
		pr.print(c.bytes)
		if odd := pr.Oddities(); len(odd) != 1 || !strings.Contains(odd[0], "QR") {
			t.Errorf("%s: oddities %q", name, odd)
		}
	}
}

func TestPrinterIdentity(t *testing.T) {
	pr := newPress(t, sim.PrinterOpts{})
	if got := pr.ask(13, 0x1d, 'I', 66, 0x1d, 'I', 67); string(got) != "_JOBHOME\x00_SIM" {
		t.Errorf("by default %q", got)
	}
	pr = newPress(t, sim.PrinterOpts{Maker: "EPSON", Model: "TM-T88V"})
	if got := pr.ask(16, 0x1d, 'I', 66, 0x1d, 'I', 67); string(got) != "_EPSON\x00_TM-T88V\x00" {
		t.Errorf("as told %q", got)
	}
	// A printer without GS I takes its last byte for a letter; the next answer is not it.
	pr = newPress(t, sim.PrinterOpts{NoIdentify: true})
	if got := pr.ask(1, 0x1d, 'I', 66, 0x1d, 'I', 67, 0x1d, 'r', 1); got[0] != 0 {
		t.Errorf("unknown GS I answers % x", got)
	}
	if got := pr.Progress().Text; got != "BC" {
		t.Errorf("unknown GS I prints %q", got)
	}
}

// TestBlackMark cuts two slips of different length: each ends at a mark.
func TestBlackMark(t *testing.T) {
	p, err := escpos.ProfileByName("masung-mark")
	if err != nil {
		t.Fatal(err)
	}
	doc := escpos.Doc{Blocks: []escpos.Block{escpos.Text("short", escpos.Style{}, escpos.Left), escpos.Cut{}}}
	for range 30 {
		doc.Add(escpos.Text("long", escpos.Style{}, escpos.Left))
	}
	doc.Add(escpos.Cut{})
	out, err := escpos.Encode(doc, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	pr := newPress(t, build(p))
	pr.print(string(out.Bytes))
	all := pr.Slips()
	if len(all) != 2 || all[0].Image.Rect.Dy() != 640 || all[1].Image.Rect.Dy() != 1280 {
		t.Fatalf("%d slips: %+v", len(all), all)
	}
	if odd := pr.Oddities(); len(odd) > 0 {
		t.Errorf("oddities %q", odd)
	}
	o := build(p)
	o.BlackMark = false
	pr = newPress(t, o)
	pr.print(string(out.Bytes))
	if odd := pr.Oddities(); len(odd) == 0 {
		t.Error("GS FF on a printer without it is not noticed")
	}
}
