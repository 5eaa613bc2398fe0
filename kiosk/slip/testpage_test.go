package slip

import (
	"strings"
	"testing"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// Every printer prints the test slip, and it can be taken for no referral.
func TestTestPage(t *testing.T) {
	site := kiosk.Site{Name: "茶山街道就业之家", BaseURL: "https://jobs.example.cn/gq"}
	for _, p := range escpos.Profiles() {
		for _, lang := range words.Langs() {
			doc := TestPage(site, []string{"EPSON TM-T88V", p.Name}, time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC), Options{Columns: p.Columns, Lang: lang})
			enc, err := escpos.Encode(doc, p, nil)
			if err != nil || len(enc.Missing) > 0 || len(enc.Bytes) < 200 {
				t.Errorf("%s, %s: %d bytes, missing %q, %v", p.Name, lang, len(enc.Bytes), enc.Missing, err)
			}
			pic := escpos.Picture(doc, p)
			for _, want := range []string{"EPSON TM-T88V", p.Name, "2026-11-25 08:30", "不是推荐单", ruler(p.Columns)} {
				if !strings.Contains(pic, want) {
					t.Errorf("%s, %s: no %q in\n%s", p.Name, lang, want, pic)
				}
			}
			if strings.Contains(pic, "推 荐 单") || strings.Contains(pic, "推荐码") {
				t.Errorf("%s: the test slip looks like a referral:\n%s", lang, pic)
			}
		}
	}
}

// On a slow line the code stands under the QR code, as printer's text.
func TestSlowLine(t *testing.T) {
	p, err := escpos.ProfileByName("generic80")
	if err != nil {
		t.Fatal(err)
	}
	s := kiosk.Slip{
		Site: kiosk.Site{Name: "茶山街道就业之家", BaseURL: "https://jobs.example.cn/gq"}, Code: validCode(t),
		Posting: kiosk.Posting{ID: "p-1", Title: "缝纫工"}, Issued: time.Date(2026, 11, 25, 8, 30, 0, 0, time.UTC),
	}
	face, err := glyph.Open()
	if err != nil {
		t.Fatal(err)
	}
	size := func(slow bool) int {
		doc, err := Layout(s, Options{SlowLine: slow})
		if err != nil {
			t.Fatal(err)
		}
		enc, err := escpos.Encode(doc, p, face)
		if err != nil {
			t.Fatal(err)
		}
		if has := strings.Contains(string(enc.Bytes), s.Code.Grouped()); has != slow {
			t.Errorf("slow line %v: the code is text: %v", slow, has)
		}
		return len(enc.Bytes)
	}
	if fast, slow := size(false), size(true); slow >= fast {
		t.Errorf("%d bytes on a slow line, %d on a fast one", slow, fast)
	}
}
