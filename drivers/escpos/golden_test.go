package escpos

import (
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobhome/drivers/glyph"
)

var (
	update   = flag.Bool("update", false, "write the golden files")
	pictures = flag.String("pictures", "", "write what was printed as PNG into this directory")
)

func face(t testing.TB) *glyph.Face {
	t.Helper()
	f, err := glyph.Open()
	if errors.Is(err, glyph.ErrNoFont) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

const link = "https://jy.example.cn/p/gq-20261122-0187?r=7K3M9QXD"

// sample has every kind of block.
func sample() Doc {
	mark := glyph.NewBitmap(48, 48)
	for i := range 48 {
		mark.Set(i, i)
		mark.Set(47-i, i)
		mark.Set(i, 0)
		mark.Set(i, 47)
	}
	var d Doc
	d.Add(
		Image{Bitmap: mark, Align: Center},
		Text("茶山街道就业之家", Style{}, Center),
		Text("推荐单", Style{W: 2, H: 2, Bold: true}, Center),
		Rule{},
		Row{Left: []Span{{"缝纫工（熟手）", Style{Bold: true}}}, Right: []Span{{"招12人", Style{}}}},
		Text("月薪 5000–8000 元（计件），￥300¥/天", Style{}, Left),
		Line{Spans: []Span{{"地址：", Style{}}, {"茶山街道工业三路8号，离这里3.2公里，坐12路到工业园北门下车", Style{}}}, Hang: 6},
		Text("硚口洑水玥玥服饰有限公司", Style{}, Left),
		Text("㐱记 rare 行", Style{Bold: true}, Left),
		Feed{MM: 2},
		QR{Payload: link, Beside: true, Text: []Line{
			Text("推荐码", Style{}, Left), Text("7K3M-9QXD", Style{W: 2, H: 2, Bold: true}, Left),
			Text("扫码看详情、问进展", Style{}, Left),
		}},
		Text("补打", Style{Reverse: true}, Right),
		Line{},
		Cut{},
	)
	return d
}

func TestGolden(t *testing.T) {
	g := face(t)
	for _, p := range Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			got, err := Encode(sample(), p, g)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Missing) > 0 {
				t.Errorf("missing %q", got.Missing)
			}
			fielded := slices.Contains([]string{"generic58", "generic80", "epson-tm", "xprinter", "kiosk80"}, p.Name)
			if fielded { // the bytes of the others differ from these in a command or two
				golden(t, p.Name+".hex", hex.Dump(got.Bytes))
				golden(t, p.Name+".txt", Picture(sample(), p))
			}
			pp := read(t, got.Bytes, p, g)
			if *pictures != "" {
				pp.picture(t, filepath.Join(*pictures, p.Name+".png"))
			}
			if fielded && p.QR.MaxModule == 0 {
				scan(t, pp)
			}
			t.Logf("%s: %d bytes, %d of them dots, %d mm of paper", p.Name, len(got.Bytes), pp.raster, pp.y/8)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept):\n%s", name, got)
	}
}

// scan reads the QR code off the printed paper.
func scan(t *testing.T, pp *paper) {
	t.Helper()
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed")
	}
	path := filepath.Join(t.TempDir(), "slip.png")
	pp.picture(t, path)
	out, err := exec.Command(zbar, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	if err != nil || strings.TrimSpace(string(out)) != link {
		t.Errorf("zbarimg read %q, %v", out, err)
	}
}
