package escpos

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"jobhome/drivers/glyph"
)

// noFont has no character at all; someFont has only Hanzi and draws them black.
type (
	noFont   struct{}
	someFont struct{}
)

func (noFont) Glyph(rune, int) (glyph.Bitmap, bool) { return glyph.Bitmap{}, false }

func (someFont) Glyph(r rune, px int) (glyph.Bitmap, bool) {
	if !unicode.Is(unicode.Han, r) {
		return glyph.Bitmap{}, false
	}
	b := glyph.NewBitmap(px, px)
	for i := range b.Bits {
		b.Bits[i] = byte(r) + byte(i)
	}
	return b, true
}

func profile(t testing.TB, name string) Profile {
	t.Helper()
	p, err := ProfileByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func plain(s string) Doc { return Doc{Blocks: []Block{Text(s, Style{}, Left)}} }

func TestTextBytes(t *testing.T) {
	const start = "\x1b@\x1c&\x1cS\x00\x00\x1b3\x1e"
	tests := []struct{ name, in, want string }{
		{"ASCII", "A1~", "A1~\n"},
		{"Hanzi", "中国", "\xd6\xd0\xb9\xfa\n"},
		{"yen is full width", "¥5", "\xa3\xa45\n"},
		{"euro is two bytes", "€", "\xa2\xe3\n"},
		{"bullets", "•‧･", "\xa1\xa4\xa1\xa4\xa1\xa4\n"},
		{"spaces", "a\u00a0b\tc", "a b c\n"},
		{"invisible", "a\u2028\u202c\u200b\ufeffb", "ab\n"},
		{"control characters", "a\x10\x04\x01\x1b@\x00\x7f\u0085\u009bb", "a@b\n"},
		{"superscripts", "㎡ m²", "\xa9O m2\n"},
		{"ticks", "✅➕", "\xa1\xcc\xa3\xab\n"},
		{"radical", "⼯", "\xb9\xa4\n"},
		{"composed", "e\u0301", "\xa8\xa6\n"},
		{"broken UTF-8", "a\xffb", "ab\n"},
		{"line feed", "a\nb", "a\nb\n"},
		{"rare without a font", "㐱记", "\xa1\xfe\xbc\xc7\n"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got, err := Encode(plain(c.in), profile(t, "generic80"), nil)
			if err != nil {
				t.Fatal(err)
			}
			if string(got.Bytes) != start+c.want {
				t.Errorf("got %q\nwant %q", got.Bytes, start+c.want)
			}
		})
	}
}

func TestGB18030FourBytes(t *testing.T) {
	got, err := Encode(plain("㐱"), profile(t, "epson-tm"), noFont{})
	if err != nil || !bytes.HasSuffix(got.Bytes, []byte("\x81\x39\xef\x36\n")) && len(got.Missing) > 0 {
		t.Errorf("%q, missing %q, %v", got.Bytes, got.Missing, err)
	}
	// Letters in four bytes are left to the font.
	got, err = Encode(plain("ᠠ"), profile(t, "epson-tm"), noFont{})
	if err != nil || string(got.Missing) != "ᠠ" {
		t.Errorf("Mongolian: missing %q, %v", got.Missing, err)
	}
}

func TestRareCharacters(t *testing.T) {
	tests := []struct {
		name, in string
		g        Glyphs
		drawn    int
		missing  string
	}{
		{"nothing rare", "中a", noFont{}, 0, ""},
		{"drawn", "㐱记", someFont{}, 1, ""},
		{"no font", "㐱记", noFont{}, 0, "㐱"},
		{"font lacks a common one", "㐱a", someFont{}, 0, "㐱"},
		{"one drawn, one missing", "㐱😀", someFont{}, 1, "😀"},
		{"all missing", "a😀😀", someFont{}, 0, "😀"},
		{"private use", "中\ue123", noFont{}, 0, "\ue123"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got, err := Encode(plain(c.in), profile(t, "generic80"), c.g)
			if err != nil {
				t.Fatal(err)
			}
			if got.Drawn != c.drawn || string(got.Missing) != c.missing {
				t.Errorf("drawn %d, missing %q; want %d, %q", got.Drawn, string(got.Missing), c.drawn, c.missing)
			}
			if c.drawn > 0 != bytes.Contains(got.Bytes, []byte("\x1dv0")) {
				t.Error("raster and Drawn disagree")
			}
		})
	}
}

func TestStylesAreSentOnce(t *testing.T) {
	var d Doc
	big := Style{W: 2, H: 2, Bold: true}
	d.Add(Text("a", big, Center), Text("b", big, Center), Text("c", Style{W: 9, Reverse: true}, Right))
	got, err := Encode(d, profile(t, "kiosk80"), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "\x1b@\x1c&\x1cS\x00\x00" + "\x1ba\x01\x1b3\x36\x1d!\x11\x1bG\x01a\nb\n" +
		"\x1ba\x02\x1b3\x1e\x1d!\x10\x1bG\x00\x1dB\x01c\n" + "\x1d!\x00\x1dB\x00"
	if string(got.Bytes) != want {
		t.Errorf("got  %q\nwant %q", got.Bytes, want)
	}
}

func TestCutAndFeed(t *testing.T) {
	for name, want := range map[string]string{
		"generic58": "\x1b3\x1e\x1bd\x01" + "\x1bd\x03", // no ESC J, no cutter
		"generic80": "\x1bJ\x20" + "\x1bJ\x78\x1dV\x01",
		"epson-tm":  "\x1bJ\x1c" + "\x1dVB\x15",
		"xprinter":  "\x1bJ\x20" + "\x1dVB\x18",
		"kiosk80":   "\x1bJ\x20" + "\x1bJ\x90\x1bi\x1de\x03\x60",

		"masung-mark":     "\x1bJ\x20" + "\x1bJ\x90\x1d\x0c\x1bi", // the mark, then the cut
		"custom-tptcm":    "\x1bJ\x20" + "\x1bJ\x90\x1bi\x1de\x00",
		"epson-tm-t88iii": "\x1bJ\x1c" + "\x1dVB\x15",
	} {
		got, err := Encode(Doc{Blocks: []Block{Feed{MM: 4}, Cut{}}}, profile(t, name), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(got.Bytes), "\x1cS\x00\x00"+want) {
			t.Errorf("%s: got %q, want it to end in %q", name, got.Bytes, want)
		}
	}
	got, _ := Encode(Doc{Blocks: []Block{Feed{MM: 70}, Feed{MM: -1}}}, profile(t, "generic80"), nil)
	if !bytes.HasSuffix(got.Bytes, []byte("\x1bJ\xff\x1bJ\xff\x1bJ\x32")) {
		t.Errorf("long feed: %q", got.Bytes)
	}
}

func TestSwallowedLineFeed(t *testing.T) {
	dot := glyph.NewBitmap(8, 1)
	dot.Set(0, 0)
	d := Doc{Blocks: []Block{Image{Bitmap: dot}, Line{}, Line{}}}
	for name, want := range map[string]string{"generic80": "\x1b3\x1e\n\n", "xprinter": "\x1b3\x1e\n\n"} {
		got, err := Encode(d, profile(t, name), nil)
		if err != nil || !strings.HasSuffix(string(got.Bytes), want) {
			t.Errorf("%s: %q, %v", name, got.Bytes, err)
		}
	}
	// With the line spacing already set, nothing but the line feed would follow.
	d.Blocks = append([]Block{Text("a", Style{}, Left)}, d.Blocks...)
	for name, want := range map[string]string{"generic80": "\x80\n\n\n", "xprinter": "\x80\n\n"} {
		got, err := Encode(d, profile(t, name), nil)
		if err != nil || !strings.HasSuffix(string(got.Bytes), want) {
			t.Errorf("%s: %q, %v", name, got.Bytes, err)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	p := profile(t, "generic58")
	for name, b := range map[string]Block{
		"wide image":  Image{Bitmap: glyph.NewBitmap(p.Dots+1, 1)},
		"short image": Image{Bitmap: glyph.Bitmap{W: 8, H: 2, Bits: []byte{1}}},
		"empty QR":    QR{},
		"long QR":     QR{Payload: strings.Repeat("a", 301)},
	} {
		if _, err := Encode(Doc{Blocks: []Block{b}}, p, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Encode(Doc{Blocks: []Block{QR{Payload: strings.Repeat("a", 300)}}}, p, nil); err != nil {
		t.Errorf("a QR code that just fits: %v", err)
	}
	if _, err := NewEncoder(Profile{Name: "x", Dots: 10, Columns: 32, DotsPerMM: 8}, nil); err == nil {
		t.Error("a profile of 32 columns in 10 dots passed")
	}
	if _, err := ProfileByName("nope"); err == nil || !strings.Contains(err.Error(), "kiosk80") {
		t.Errorf("unknown profile: %v", err)
	}
}

// TestPreviewIsThePaper compares the preview with what the bytes print.
func TestPreviewIsThePaper(t *testing.T) {
	g := face(t)
	p := profile(t, "xprinter")
	d := sample()
	d.Blocks = d.Blocks[:len(d.Blocks)-1] // without the cut
	want, err := Encode(d, p, g)
	if err != nil {
		t.Fatal(err)
	}
	pp := read(t, want.Bytes, p, g)
	got, err := Preview(d, p, g)
	if err != nil {
		t.Fatal(err)
	}
	if got.H != pp.y || !bytes.Equal(got.Bits, pp.dots.Bits[:len(got.Bits)]) {
		t.Errorf("preview of %d rows differs from %d rows of paper", got.H, pp.y)
	}
	if _, err := Preview(d, p, nil); err == nil {
		t.Error("a preview without a font")
	}
}

// TestPreviewOfNativeQR has the symbol that the printer draws itself.
func TestPreviewOfNativeQR(t *testing.T) {
	p := profile(t, "epson-tm")
	d := Doc{Blocks: []Block{QR{Payload: link}}}
	native, err := Preview(d, p, noFont{})
	if err != nil {
		t.Fatal(err)
	}
	p.QR = NativeQR{}
	dots, err := Preview(d, p, noFont{})
	if err != nil || native.H != dots.H || !bytes.Equal(native.Bits, dots.Bits) {
		t.Errorf("preview of %d rows differs from that of %d rows sent as dots, %v", native.H, dots.H, err)
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("茶山街道就业之家", "㐱記 ¥5–8", "https://a.cn/p/1", []byte{0x10, 0x04, 0x10, 0x05, 0x01}, uint8(0))
	f.Add("\x10\x04\x01\x1b@", "a\nb\r\tc", "\x10\x14", []byte{0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8}, uint8(7))
	f.Add("，，，。。。””", "0792-1234567转8012", "é", bytes.Repeat([]byte{0x10, 0x05}, 60), uint8(0xff))
	all := Profiles()
	f.Fuzz(func(t *testing.T, a, b, payload string, dots []byte, how uint8) {
		if len(a)+len(b) > 2000 || len(dots) > 2000 {
			t.Skip()
		}
		p := all[int(how)%len(all)]
		var g Glyphs = someFont{}
		if how&32 != 0 {
			g = noFont{}
		}
		st := Style{W: int(how >> 1 & 3), H: int(how >> 2 & 3), Bold: how&8 != 0, Reverse: how&16 != 0}
		w := 1 + int(how)%p.Dots
		img := glyph.Bitmap{W: w, Bits: dots}
		img.H = len(dots) / img.Stride()
		doc := Doc{Blocks: []Block{
			Text(a, st, Align(how%3)),
			Row{Left: []Span{{a, st}}, Right: []Span{{b, Style{}}}},
			Line{Spans: []Span{{b, Style{}}, {a, st}}, Hang: int(how)},
			Rule{},
			Feed{MM: float64(how)},
			Image{Bitmap: img, Align: Align(how % 3)},
			Line{},
			Cut{},
		}}
		if payload != "" && len(payload) < 200 {
			doc.Add(QR{Payload: payload, MM: float64(how % 50), Beside: how&64 != 0, Text: []Line{Text(b, st, Left)}})
		}
		got, err := Encode(doc, p, g)
		if err != nil {
			t.Fatal(err)
		}
		if i := findRealtime(got.Bytes); i >= 0 {
			t.Fatalf("real-time command at %d", i)
		}
		read(t, got.Bytes, p, nil) // every byte belongs to a command or a character
		Picture(doc, p)
		for _, it := range layout(doc, p.Columns) {
			if it.text && it.line.cols() > p.Columns {
				t.Fatalf("line of %d columns: %q", it.line.cols(), it.line)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	g := face(b)
	for _, name := range []string{"generic58", "xprinter", "epson-tm"} {
		for _, cached := range []bool{true, false} {
			b.Run(name+map[bool]string{true: "/QR known", false: "/QR new"}[cached], func(b *testing.B) {
				e, err := NewEncoder(profile(b, name), g)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for b.Loop() {
					if !cached {
						e.qr = matrices{}
					}
					out, err := e.Encode(sample())
					if err != nil {
						b.Fatal(err)
					}
					n = len(out.Bytes)
				}
				b.ReportMetric(float64(n), "bytes/slip")
			})
		}
	}
}
