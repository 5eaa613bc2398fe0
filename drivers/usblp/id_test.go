package usblp

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseID(t *testing.T) {
	for s, want := range map[string]ID{
		"":  {},
		"x": {},
		"MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;": {Maker: "EPSON", Model: "TM-T88V", Commands: "ESC/POS", Class: "PRINTER"},
		"manufacturer: SNBC ;command set:A,B;Model:BTP-R580II;SN:0012;DES:x;": {
			Maker: "SNBC", Model: "BTP-R580II", Commands: "A,B", Serial: "0012", Description: "x",
		},
		"MFG:a;MFG:b;MDL:;MDL:c;ODD;:;": {Maker: "a", Model: "c"},
		"MFG:a\x1b[2J\xff\n;MDL:打印机":    {Maker: "a[2J", Model: "打印机"},
		"DES:URL:http://x":              {Description: "URL:http://x"},
	} {
		if got := ParseID(s); got != want {
			t.Errorf("ParseID(%q) = %+v", s, got)
		}
	}
	if s := (ID{}).String(); s != "unnamed printer" {
		t.Error(s)
	}
	if s := (ID{Maker: "EPSON", Model: "TM"}).String(); s != "EPSON TM" {
		t.Error(s)
	}
}

func TestCutLength(t *testing.T) {
	for b, want := range map[string]string{
		"": "", "\x00": "", "\x00\x00": "", "\x00\x02": "",
		"\x00\x05abcdef":      "abc",
		"\x05\x00abcdef":      "abc",    // low byte first
		"\xff\xffabc\x00def":  "abc",    // no length at all
		"\x00\x07ab\x00cd":    "ab",     // ends before its length
		"\x00\x08abcdef":      "abcdef", // as the standard has it
		"\x00\x00abc":         "abc",    // no length, no NUL
		"\x01\x01abcdef\x00":  "abcdef", // longer than what came
		"\x00\x01abc\x00\x00": "abc",    // shorter than itself
	} {
		if got := cutLength([]byte(b)); got != want {
			t.Errorf("cutLength(%q) = %q, want %q", b, got, want)
		}
	}
}

func FuzzDeviceID(f *testing.F) {
	for _, s := range []string{
		"", "\x00\x1fMFG:EPSON;MDL:TM-T88V;CMD:E;", "\x1f\x00MFG:a;", "\xff\xff;;:;MFG::;", "\x00\x09MFG:\xe6\x89",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		id := ParseID(cutLength(b))
		for _, v := range []string{id.Maker, id.Model, id.Commands, id.Serial, id.Class, id.Description} {
			if len(v) > maxValue || !utf8.ValidString(v) || strings.ContainsAny(v, "\x00\x1b\r\n;") {
				t.Errorf("%q gives %q", b, v)
			}
		}
		if id.String() == "" {
			t.Error("no name at all")
		}
	})
}
