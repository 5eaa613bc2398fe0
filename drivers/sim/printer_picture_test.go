package sim_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/sim"
)

// build is a printer as a profile describes it.
func build(p escpos.Profile) sim.PrinterOpts {
	o := sim.PrinterOpts{
		WidthDots: p.Dots, DotsPerMM: p.DotsPerMM, HeadToCutterMM: 12,
		NoCutter: p.Cutter.Command == nil, BlackMark: p.BlackMark.ToCut != nil,
		Presenter: p.Presenter.Retract != nil, GBKOnly: p.Hanzi == escpos.GBK,
		SwallowsLF: p.Quirks.SwallowsLF, NoDotFeed: p.Quirks.NoDotFeed,
	}
	if p.QR.MaxModule > 0 {
		o.QRDialect = p.QR.Dialect
	}
	if !p.Cutter.TakesFeed {
		o.HeadToCutterMM = p.Cutter.MM
	}
	return o
}

func fonts(t *testing.T) *glyph.Face {
	t.Helper()
	f, err := glyph.Open()
	if err != nil {
		t.Skipf("no CJK font installed (apt-get install fonts-noto-cjk): %v", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestPrinterQR draws the same code natively and as raster, and has zbar read it.
func TestPrinterQR(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed (apt-get install zbar-tools)")
	}
	const url = "https://jy.example.cn/p/gq-20261122-0187?r=7K3M9QXD"
	for _, p := range escpos.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			out, err := escpos.Encode(escpos.Doc{Blocks: []escpos.Block{escpos.QR{Payload: url}, escpos.Cut{}}}, p, nil)
			if err != nil {
				t.Fatal(err)
			}
			pr := newPress(t, build(p))
			pr.print(string(out.Bytes))
			file := filepath.Join(t.TempDir(), "slip.png")
			f, err := os.Create(file)
			if err != nil {
				t.Fatal(err)
			}
			s := pr.Progress()
			if all := pr.Slips(); len(all) > 0 {
				s = all[0]
			}
			if err := errors.Join(s.PNG(f), f.Close()); err != nil {
				t.Fatal(err)
			}
			got, err := exec.Command(zbar, "-q", "--raw", file).Output()
			if err != nil || strings.TrimSpace(string(got)) != url {
				t.Errorf("zbarimg reads %q, %v", got, err)
			}
			if odd := pr.Oddities(); len(odd) > 0 {
				t.Errorf("oddities: %q", odd)
			}
		})
	}
}

func TestPrinterPictures(t *testing.T) {
	dir := os.Getenv("SLIP_PNG_DIR")
	if dir == "" {
		t.Skip("set SLIP_PNG_DIR to write the pictures there")
	}
	g := fonts(t)
	var d escpos.Doc
	d.Add(
		escpos.Text("茶山街道就业之家", escpos.Style{}, escpos.Center),
		escpos.Text("推荐单", escpos.Style{W: 2, H: 2, Bold: true}, escpos.Center), escpos.Rule{},
		escpos.Row{Left: []escpos.Span{{Text: "缝纫工（熟手）", Style: escpos.Style{Bold: true}}}, Right: []escpos.Span{{Text: "招12人"}}},
		escpos.Text("月薪 5000–8000 元（计件），￥300¥/天", escpos.Style{}, escpos.Left),
		escpos.Text("㐱记 rare 行", escpos.Style{Bold: true}, escpos.Left),
		escpos.QR{Payload: "https://jy.example.cn/p/gq-20261122-0187?r=7K3M9QXD"},
		escpos.Text("补打", escpos.Style{Reverse: true}, escpos.Right), escpos.Cut{},
	)
	for _, p := range escpos.Profiles() {
		out, err := escpos.Encode(d, p, g)
		if err != nil {
			t.Fatal(err)
		}
		o := build(p)
		o.Glyphs = g
		pr := newPress(t, o)
		pr.print(string(out.Bytes))
		pr.Tear()
		f, err := os.Create(filepath.Join(dir, p.Name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(pr.Slips()[0].PNG(f), f.Close()); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %q %q", p.Name, pr.Slips()[0].Text, pr.Oddities())
	}
}
