package slip

import (
	"testing"

	"jobhome/kiosk"
)

func TestParseQR(t *testing.T) {
	const base = "https://jobs.example.cn/gq"
	code, err := kiosk.ParseCode(string(validCode(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text, posting string
		code          kiosk.Code
		ok            bool
	}{
		{base + "/p/p-000123?r=" + string(code), "p-000123", code, true},
		{" " + base + "/p/p-000123\r\n", "p-000123", "", true},
		{base + "/p/p-000123?r=" + string(code[:9]), "", "", false},
		{base + "/p/p-000123?r=" + string(code) + "&x=1", "", "", false},
		{base + "/p/p-000123?x=1", "", "", false},
		{base + "/p/", "", "", false},
		{base + "/p/a/b", "", "", false},
		{base + "/p/p 1", "", "", false},
		{"https://elsewhere.example/p/p-000123", "", "", false},
		{"6222021234567890123", "", "", false},
		{"", "", "", false},
	} {
		posting, got, ok := ParseQR(base, tt.text)
		if posting != tt.posting || got != tt.code || ok != tt.ok {
			t.Errorf("%q: %q, %q, %v", tt.text, posting, got, ok)
		}
	}
}

// What a slip's code says is read back, whatever the base's end.
func TestParseQRReadsQRPayload(t *testing.T) {
	code := validCode(t)
	for _, base := range []string{"https://j.example.cn", "https://j.example.cn/"} {
		s, err := QRPayload(base, "p-1", code)
		if err != nil {
			t.Fatal(err)
		}
		if posting, got, ok := ParseQR(base, s); !ok || posting != "p-1" || got != code {
			t.Errorf("%s: %q, %q, %v", s, posting, got, ok)
		}
	}
}

func FuzzParseQR(f *testing.F) {
	f.Add("https://j.example.cn/p/p-1?r=2222222222")
	f.Fuzz(func(t *testing.T, text string) {
		posting, code, ok := ParseQR("https://j.example.cn", text)
		if ok != (posting != "") || code != "" && !ok {
			t.Errorf("%q: %q, %q, %v", text, posting, code, ok)
		}
	})
}

// zeros draws the same code every time.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func validCode(t *testing.T) kiosk.Code {
	t.Helper()
	code, err := kiosk.NewCode(zeros{})
	if err != nil {
		t.Fatal(err)
	}
	return code
}
