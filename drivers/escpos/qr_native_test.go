package escpos

import (
	"bytes"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
)

// TestNativeQRBytes holds each dialect to its manual.
func TestNativeQRBytes(t *testing.T) {
	for _, c := range []struct {
		name    string
		qr      NativeQR
		payload string
		mm      float64
		want    string
	}{
		{"GS ( k", NativeQR{QRGSk, 16}, "https://a.cn/1", 25, "\x1d(k\x03\x001C\x0a" + "\x1d(k\x03\x001E1" +
			"\x1d(k\x11\x001P0https://a.cn/1" + "\x1d(k\x03\x001Q0"},
		{"GS k 97", NativeQR{QRMY628, 6}, "https://a.cn/1", 18, "\x1dw\x06\x1dka\x01\x02\x0e\x00https://a.cn/1"},
		{"GS k 97 of version 4", NativeQR{QRMY628, 6}, link, 25, "\x1dw\x06\x1dka\x04\x02\x33\x00" + link},
		{"its module is no larger", NativeQR{QRMY628, 6}, "https://a.cn/1", 25, "\x1dw\x06\x1dka\x01\x02\x0e\x00https://a.cn/1"},
		{"GS k 97 with a long length", NativeQR{QRMY628, 6}, strings.Repeat("a", 300), 60, "\x1dw\x06\x1dka\x0d\x02\x2c\x01aaa"},
		{"ESC Z", NativeQR{QRPOS5802, 8}, "https://a.cn/1", 20, "\x1bZ\x00\x01\x08\x0e\x00https://a.cn/1"},
	} {
		p := profile(t, "generic80")
		p.QR = c.qr
		got, err := Encode(Doc{Blocks: []Block{QR{Payload: c.payload, MM: c.mm}}}, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(got.Bytes, []byte(c.want)) || bytes.Contains(got.Bytes, []byte("\x1dv0")) {
			t.Errorf("%s: no %q in %q", c.name, c.want, got.Bytes)
		}
		if pp := read(t, got.Bytes, p, nil); len(pp.native) != 1 || pp.native[0] != c.payload {
			t.Errorf("%s: %q", c.name, pp.native)
		}
	}
}

// TestModulesOfPayload holds the table to the library's, and sees that no symbol is made
// for a printer that draws it.
func TestModulesOfPayload(t *testing.T) {
	for n := 1; n <= maxPayload; n++ {
		q, err := qrcode.New(strings.Repeat("a", n), qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := modules(strings.Repeat("a", n)); err != nil || symbolVersion(got) != q.VersionNumber {
			t.Errorf("%d bytes: %d modules, %v, want version %d", n, got, err, q.VersionNumber)
		}
	}
	f, err := profile(t, "my628").fitQR(QR{Payload: link}, func(string) (matrix, error) {
		t.Error("a symbol was made")
		return matrix{}, nil
	})
	if err != nil || !f.native {
		t.Errorf("native %v, %v", f.native, err)
	}
}

// TestNativeQRIsNotForAll has the cases that are sent as dots all the same.
func TestNativeQRIsNotForAll(t *testing.T) {
	p := profile(t, "my628")
	for name, q := range map[string]QR{
		"not ASCII":   {Payload: "https://a.cn/茶"},
		"text beside": {Payload: "https://a.cn/1", Beside: true, Text: []Line{Text("码", Style{}, Left)}},
	} {
		got, err := Encode(Doc{Blocks: []Block{q}}, p, someFont{})
		if err != nil || !bytes.Contains(got.Bytes, []byte("\x1dv0")) || bytes.Contains(got.Bytes, []byte("\x1dka")) {
			t.Errorf("%s: %q, %v", name, got.Bytes, err)
		}
	}
	p.QR.MaxModule = 0
	got, err := Encode(Doc{Blocks: []Block{QR{Payload: link}}}, p, nil)
	if err != nil || !bytes.Contains(got.Bytes, []byte("\x1dv0")) {
		t.Errorf("switched off: %v", err)
	}
}

// TestNativeQRHasNoRealtimeCommands tries every length, version and module.
func TestNativeQRHasNoRealtimeCommands(t *testing.T) {
	for _, d := range []QRDialect{QRGSk, QRMY628, QRPOS5802} {
		for n := 1; n <= maxPayload; n++ {
			payload := strings.Repeat("A", n)
			for version := 1; version <= 17; version++ {
				f := qrFit{m: matrix{n: 17 + 4*version}}
				for f.module = 1; f.module <= d.largest(); f.module++ {
					b := NativeQR{Dialect: d}.append([]byte{dle, '\n'}, payload, f)
					if err := verify(append(b, '\n')); err != nil {
						t.Fatalf("%s, %d bytes, version %d, module %d: %v", d, n, version, f.module, err)
					}
				}
			}
		}
	}
	if d := QRDialect("masung"); d.largest() != 0 {
		t.Error("an unknown dialect has a module")
	}
}
