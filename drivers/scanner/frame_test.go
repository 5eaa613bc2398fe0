package scanner

import (
	"bytes"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestRequests(t *testing.T) {
	for name, c := range map[string]struct{ got, want []byte }{
		"the manual's trigger command": {appendWrite(nil, 0x0002, 1), []byte{0x7E, 0, 8, 1, 0, 2, 1, 0x02, 0xDA}},
		"two bytes of the baud rate":   {appendRequest(nil, typeRead, 0x2A, 2), []byte{0x7E, 0, 7, 1, 0, 0x2A, 2, 0xD8, 0x0F}},
		"save":                         {appendRequest(nil, 9, 0, 0), []byte{0x7E, 0, 9, 1, 0, 0, 0, 0xDE, 0xC8}},
	} {
		if !bytes.Equal(c.got, c.want) {
			t.Errorf("%s: % X, want % X", name, c.got, c.want)
		}
	}
}

func TestParseReply(t *testing.T) {
	done := []byte{2, 0, 0, 1, 0, 0x33, 0x31}
	for name, b := range map[string][]byte{
		"whole":            done,
		"behind a code":    append([]byte("slip\r"), done...),
		"behind a head":    append([]byte{2, 0, 0, 2, 0, 0}, done...),
		"before the next":  append(bytes.Clone(done), 2, 0),
		"behind a bad one": append([]byte{2, 0, 0, 1, 1, 0x33, 0x31}, done...),
	} {
		if kind, data, ok := parseReply(b); !ok || kind != 0 || !bytes.Equal(data, []byte{0}) {
			t.Errorf("%s: %v % X %v", name, kind, data, ok)
		}
	}
	for n := range done {
		if _, _, ok := parseReply(done[:n]); ok {
			t.Errorf("%d bytes are taken for a reply", n)
		}
	}
}

func FuzzParseReply(f *testing.F) {
	f.Add([]byte{2, 0, 0, 1, 0, 0x33, 0x31})
	f.Add([]byte{2, 0, 0, 0xFF, 2, 0, 2, 0})
	f.Add([]byte{2, 0, 2, 0, 0, 1, 0, 0x33, 0x31})
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, data, ok := parseReply(b)
		if !ok {
			return
		}
		whole := append([]byte{2, 0, kind, byte(len(data))}, data...)
		sum := crc(whole[2:])
		whole = append(whole, byte(sum>>8), byte(sum))
		if !bytes.Contains(b, whole) {
			t.Errorf("% X is not in % X", whole, b)
		}
	})
}

// Codes come out the same however their bytes are split, and what is handed on
// is text.
func FuzzCodes(f *testing.F) {
	f.Add([]byte("one\rtwo\r\n\nthree"), 1)
	f.Add([]byte("\xB5\xE7\xBA\xB8\r134567890123456789\n"), 3)
	f.Add(bytes.Repeat([]byte{0x80}, 600), 7)
	f.Add([]byte("\x02\x00\x00\x01\x00\x33\x31\r\xFF\xFE\r"), 2)
	f.Fuzz(func(t *testing.T, b []byte, split int) {
		whole := codes(t, b, len(b))
		parts := codes(t, b, split)
		if len(whole) != len(parts) {
			t.Fatalf("%d codes whole, %d split", len(whole), len(parts))
		}
		for i := range whole {
			if !bytes.Equal(whole[i], parts[i]) {
				t.Fatalf("%q whole, %q split", whole[i], parts[i])
			}
			s, err := text(nil, whole[i])
			if err == nil && (!utf8.Valid(s) || bytes.ContainsFunc(s, unicode.IsControl) || len(s) > textMax) {
				t.Fatalf("%q is not text", s)
			}
		}
	})
}

func codes(t *testing.T, b []byte, split int) (out [][]byte) {
	var c collector
	split = max(split, 1)
	for len(b) > 0 {
		in := b[:min(split, len(b))]
		b = b[len(in):]
		for len(in) > 0 {
			used, done := c.feed(in)
			if used == 0 {
				t.Fatal("no byte taken")
			}
			in = in[used:]
			if done {
				out = append(out, bytes.Clone(c.code()))
				c.reset()
			}
		}
	}
	if c.pending() {
		out = append(out, bytes.Clone(c.code()))
	}
	c.reset()
	if c.buf != [maxCode]byte{} {
		t.Fatal("something is left of a code")
	}
	return out
}
