package areas

import (
	"strings"
	"testing"

	"jobhome/kiosk"
)

func TestName(t *testing.T) {
	for code, want := range map[kiosk.Area]string{
		"36": "江西省", "3604": "九江市", "360482": "共青城市", "360482001": "茶山街道",
		"360482100": "甘露镇", "360482101": "江益镇", "360482200": "金湖乡", "360482201": "苏家垱乡",
		"360482202": "泽泉乡", "360482202203": "泽泉乡", "110101": "东城区", "": "", "99": "", "36048": "", "360482999": "",
	} {
		if got := Name(code); got != want {
			t.Errorf("Name(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestEveryLineIsFound(t *testing.T) {
	last := ""
	for line := range strings.Lines(table) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if line <= last {
			t.Fatalf("the table is out of order at %s", code)
		}
		last = line
		if got := Name(kiosk.Area(code)); got != name || name == "" {
			t.Fatalf("Name(%s) = %q, want %q", code, got, name)
		}
	}
}

func TestFull(t *testing.T) {
	for code, want := range map[kiosk.Area]string{
		"360482001": "江西省九江市共青城市茶山街道", "110101": "北京市东城区", "36": "江西省", "": "",
	} {
		if got := Full(code); got != want {
			t.Errorf("Full(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestAll(t *testing.T) {
	n := 0
	for code, name := range All() {
		if n++; Name(code) != name {
			t.Fatalf("All gives %q for %s, Name %q", name, code, Name(code))
		}
	}
	if want := strings.Count(table, "\n"); n != want {
		t.Errorf("All gives %d areas, the table has %d", n, want)
	}
	for range All() {
		break
	}
}

func BenchmarkName(b *testing.B) {
	for b.Loop() {
		Name("360482001")
	}
}
