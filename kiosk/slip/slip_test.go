package slip

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

var (
	update   = flag.Bool("update", false, "write the golden files")
	pictures = flag.String("pictures", "", "write the slips as PNG into this directory")
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

func sample() kiosk.Slip {
	zone := time.FixedZone("CST", 8*3600)
	return kiosk.Slip{
		Site: kiosk.Site{
			ID: "cs", Name: "茶山街道就业之家", StaffPhone: "0792-0000012", BaseURL: "https://jy.example.cn",
		},
		Posting: kiosk.Posting{
			ID: "gq-20261122-0187", Title: "缝纫工（熟手）", Headcount: 12,
			Employer: kiosk.Employer{Name: "共青城晨曦服饰有限公司"},
			Address:  "茶山街道工业三路8号",
			Pay: kiosk.Pay{
				Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth, Original: "计件 5000–8000，多劳多得",
			},
			Hours: "早8–晚6，单休", Benefits: kiosk.Dorm | kiosk.Bus, Education: kiosk.MiddleSchool,
			Experience: 12, Requirements: "会平车",
			Contact:      kiosk.Contact{Person: "王主管", Phone: "0792-0000034", Rule: "下午2–5点打电话，或带身份证直接去"},
			ValidThrough: time.Date(2026, 12, 31, 23, 59, 59, 0, zone),
		},
		Code: "7K3M9GXW4F", Issued: time.Date(2026, 11, 22, 10, 43, 7, 0, zone),
		MaskedName: "张**", Metres: 3210,
	}
}

func cases() map[string]kiosk.Slip {
	long, rare, large, reprint, noName, spare, draft := sample(), sample(), sample(), sample(), sample(), sample(), sample()
	reprint.Reprint = true
	noName.MaskedName = ""
	large.Large = true
	draft.Code = ""
	long.Posting.Title = "电子元器件生产线高级质量检验员（两班倒，月休四天）"
	long.Posting.Employer.Name = "江西省共青城市高新技术产业开发区晨曦智能制造股份有限公司第二分公司（筹）"
	rare.Posting.Employer.Name = "㐱記硚口洑水服饰"
	rare.Posting.Address = "硚口街道犇㙍村5号😀"
	spare.Posting = kiosk.Posting{
		ID: "z1", Title: "卸货", Employer: kiosk.Employer{Name: "陈记粮油"},
		Pay:          kiosk.Pay{Min: kiosk.Yuan(180), Max: kiosk.Yuan(180), Unit: kiosk.PerDay},
		Starts:       sample().Issued.AddDate(0, 0, 1),
		Source:       kiosk.Source{Name: "茶山街道零工驿站"},
		ValidThrough: sample().Posting.ValidThrough,
	}
	spare.Metres, spare.Site.StaffPhone, spare.MaskedName = -1, "", ""
	return map[string]kiosk.Slip{
		"full": sample(), "reprint": reprint, "noname": noName, "long": long, "rare": rare,
		"large": large, "spare": spare, "draft": draft,
	}
}

func TestGolden(t *testing.T) {
	g := face(t)
	for name, s := range cases() {
		for _, pn := range []string{"generic58", "xprinter"} {
			p, err := escpos.ProfileByName(pn)
			if err != nil {
				t.Fatal(err)
			}
			file := name + "-" + map[string]string{"generic58": "58", "xprinter": "80"}[pn]
			t.Run(file, func(t *testing.T) {
				doc, err := Layout(s, Options{Columns: p.Columns})
				if err != nil {
					t.Fatal(err)
				}
				out, err := escpos.Encode(doc, p, g)
				if err != nil {
					t.Fatal(err)
				}
				if name == "rare" != (string(out.Missing) == "😀") {
					t.Errorf("missing %q", string(out.Missing))
				}
				golden(t, file+".txt", escpos.Picture(doc, p))
				golden(t, file+".hex", hex.Dump(out.Bytes))
				page, err := escpos.Preview(doc, p, g)
				if err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), file+".png")
				if *pictures != "" {
					path = filepath.Join(*pictures, file+".png")
				}
				writePNG(t, page, path)
				want := "https://jy.example.cn/p/" + s.Posting.ID
				if s.Code != "" {
					want += "?r=" + string(s.Code)
				}
				scan(t, path, want)
				t.Logf("%s: %d bytes, %d mm", file, len(out.Bytes), page.H/8)
			})
		}
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

func writePNG(t *testing.T, b glyph.Bitmap, path string) {
	t.Helper()
	const edge = 24
	img := image.NewGray(image.Rect(0, 0, b.W+2*edge, b.H+2*edge))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !b.At(x-edge, y-edge) {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// scan reads the QR code off the picture.
func scan(t *testing.T, path, want string) {
	t.Helper()
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Log("zbarimg is not installed; the QR code was not read back")
		return
	}
	out, err := exec.Command(zbar, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
	if err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("zbarimg read %q, %v; want %q", out, err, want)
	}
}

func picture(t *testing.T, s kiosk.Slip, o Options) string {
	t.Helper()
	doc, err := Layout(s, o)
	if err != nil {
		t.Fatal(err)
	}
	p, err := escpos.ProfileByName("generic80")
	if err != nil {
		t.Fatal(err)
	}
	return escpos.Picture(doc, p)
}

// TestSays holds what every slip must carry.
func TestSays(t *testing.T) {
	got := picture(t, sample(), Options{})
	for _, want := range []string{
		"茶山街道就业之家", "缝纫工（熟手）", "招 12 人", "共青城晨曦服饰有限公司", "5000-8000 元/月", "计件 5000-8000",
		"早8-晚6，单休", "包住、有班车", "工业三路8号", "3.2 公里", "王主管 0792-0000034", "下午2-5点", "初中", "1 年经验",
		"会平车", "2026-12-31", "7 K 3 - M 9 G - X W 4 F", "张**", "2026-11-22 10:43", "12333", "0792-0000012", "扫码",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the slip does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "补打") {
		t.Error("a first print carries 补打")
	}
	again := sample()
	again.Reprint = true
	if n := strings.Count(strings.ReplaceAll(picture(t, again, Options{}), "补  打", "补打"), "补打"); n != 2 {
		t.Errorf("a reprint carries 补打 %d times, want 2", n)
	}
	en := picture(t, sample(), Options{Lang: words.En})
	for _, want := range []string{"Valid to 2026-12-31", "Cheated? Call 12333", "Scan for details", "12 wanted"} {
		if !strings.Contains(en, want) {
			t.Errorf("the English slip does not say %q:\n%s", want, en)
		}
	}
}

func TestMarkStandsFirst(t *testing.T) {
	mark := glyph.NewBitmap(64, 48)
	mark.Set(3, 3)
	for _, cols := range []int{Columns58, Columns80} {
		doc, err := Layout(sample(), Options{Columns: cols, Mark: mark})
		if err != nil {
			t.Fatal(err)
		}
		if im, ok := doc.Blocks[0].(escpos.Image); !ok || im.Bitmap.W != 64 || im.Align != escpos.Center {
			t.Errorf("%d columns: first block %+v", cols, doc.Blocks[0])
		}
	}
}

// TestQRNamesNobody keeps the person out of the code that anyone may scan.
func TestQRNamesNobody(t *testing.T) {
	s := sample()
	other := s
	other.MaskedName, other.Metres = "李**", 90
	for _, v := range []kiosk.Slip{s, other} {
		doc, err := Layout(v, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range doc.Blocks {
			if q, ok := b.(escpos.QR); ok && q.Payload != "https://jy.example.cn/p/gq-20261122-0187?r=7K3M9GXW4F" {
				t.Errorf("payload %q", q.Payload)
			}
		}
	}
}

func TestQRPayload(t *testing.T) {
	for _, c := range []struct {
		base, id, code, want string
	}{
		{"https://a.cn", "p1", "7K3M9GXW4F", "https://a.cn/p/p1?r=7K3M9GXW4F"},
		{"https://a.cn/", "p_-1", "A", "https://a.cn/p/p_-1?r=A"},
		{"https://a." + strings.Repeat("b", 16), strings.Repeat("x", 20), "7K3M9GXW4F", "https://a.bbbbbbbbbbbbbbbb/p/xxxxxxxxxxxxxxxxxxxx?r=7K3M9GXW4F"},
		{"https://a." + strings.Repeat("b", 17), strings.Repeat("x", 20), "7K3M9GXW4F", ""},
		{"", "p", "A", ""},
		{"https://a.cn", "", "A", ""},
		{"https://a.cn", "p", "", ""},
		{"https://a.cn", "p?x", "A", ""},
		{"https://a.cn/?", "p", "A", ""},
		{"https://中.cn", "p", "A", ""},
		{"https://a.cn", "p", "A B", ""},
	} {
		got, err := QRPayload(c.base, c.id, kiosk.Code(c.code))
		if got != c.want || (err == nil) != (c.want != "") || len(got) > MaxPayload {
			t.Errorf("QRPayload(%q, %q, %q) = %q, %v; want %q", c.base, c.id, c.code, got, err, c.want)
		}
	}
}

func TestLayoutNeedsAnAddress(t *testing.T) {
	s := sample()
	s.Site.BaseURL = ""
	if _, err := Layout(s, Options{}); err == nil {
		t.Error("a slip without a base address was laid out")
	}
	s.Code = ""
	if _, err := Layout(s, Options{}); err == nil {
		t.Error("a draft without a base address was laid out")
	}
}

func TestWordsInBothLanguages(t *testing.T) {
	w := table()
	for _, e := range []entry{w.title, w.reprint, w.code, w.draft, w.scan, w.free, w.cheated, w.staff, w.pay} {
		if e.in(words.Zh) == "" || e.in(words.En) == "" || e.zh == e.en {
			t.Errorf("%+v", e)
		}
	}
}

func BenchmarkSlip(b *testing.B) {
	g := face(b)
	for _, name := range []string{"generic58", "xprinter"} {
		p, err := escpos.ProfileByName(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				doc, err := Layout(sample(), Options{Columns: p.Columns})
				if err != nil {
					b.Fatal(err)
				}
				out, err := escpos.Encode(doc, p, g) // a new QR code each time
				if err != nil {
					b.Fatal(err)
				}
				n = len(out.Bytes)
			}
			b.ReportMetric(float64(n), "bytes/slip")
		})
	}
}
