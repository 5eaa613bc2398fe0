package samv_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"jobhome/drivers/idcard/samv"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decode runs a Decoder over b, step bytes at a time.
func decode(b []byte, keep, step int) (kept []byte, size, used int, err error) {
	var d samv.Decoder
	d.Reset(keep)
	b = bytes.Clone(b)
	for used < len(b) {
		n, done := d.Feed(b[used:min(len(b), used+step)])
		used += n
		if done {
			break
		}
	}
	kept, size, err = d.Body()
	return kept, size, used, err
}

func TestRequestFrames(t *testing.T) {
	for c, want := range map[samv.Command]string{
		samv.Reset:       "AA AA AA 96 69 00 03 10 FF EC",
		samv.SAMStatus:   "AA AA AA 96 69 00 03 11 FF ED",
		samv.SAMID:       "AA AA AA 96 69 00 03 12 FF EE",
		samv.Find:        "AA AA AA 96 69 00 03 20 01 22",
		samv.Select:      "AA AA AA 96 69 00 03 20 02 21",
		samv.Read:        "AA AA AA 96 69 00 03 30 01 32",
		samv.ReadAddress: "AA AA AA 96 69 00 03 30 03 30",
		samv.ReadCardID:  "AA AA AA 96 69 00 03 30 05 36",
	} {
		got, err := samv.AppendRequest(nil, c)
		if err != nil || !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("%v: % X, %v, want %s", c, got, err, want)
		}
		if strings.Contains(c.String(), "unknown") {
			t.Errorf("%04X has no name", uint16(c))
		}
	}
	got, err := samv.AppendRequest([]byte{7}, samv.SetMaxRF, 0x50)
	if want := unhex(t, "07 AA AA AA 96 69 00 04 61 FF 50 CA"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("set RF size: % X, %v", got, err)
	}
	if _, err := samv.AppendRequest(nil, samv.Find, 1); err == nil {
		t.Error("find with data was encoded")
	}
}

// The fingerprint command, and every other one that is not on the list, cannot
// be put into a frame.
func TestOnlyListedCommandsCanBeSent(t *testing.T) {
	listed := map[samv.Command]bool{
		0x10FF: true, 0x11FF: true, 0x12FF: true, 0x2001: true, 0x2002: true,
		0x3001: true, 0x3003: true, 0x3005: true, 0x61FF: true,
	}
	for v := range 1 << 16 {
		c := samv.Command(v)
		_, err := samv.AppendRequest(nil, c)
		_, err1 := samv.AppendRequest(nil, c, 0)
		if sendable := err == nil || err1 == nil; sendable != listed[c] {
			t.Errorf("%v: sendable = %v", c, sendable)
		}
	}
}

func TestReplyFrames(t *testing.T) {
	for _, c := range []struct {
		frame  string
		status samv.Status
		data   int
	}{
		{"AA AA AA 96 69 00 04 00 00 90 94", samv.OK, 0},
		{"AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97", samv.Found, 4},
		{"AA AA AA 96 69 00 04 00 00 80 84", samv.NotFound, 0},
		{"AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C", samv.OK, 8},
		{"AA AA AA 96 69 00 04 00 00 81 85", samv.SelectFailed, 0},
		{"AA AA AA 96 69 00 04 00 00 41 45", samv.ReadFailed, 0},
		{"AA AA AA 96 69 00 04 00 00 60 64", samv.SelfTestFailed, 0},
	} {
		frame := unhex(t, c.frame)
		if got := samv.AppendReply(nil, c.status, make([]byte, c.data)); !bytes.Equal(got, frame) {
			t.Errorf("%v: encoded % X, want % X", c.status, got, frame)
		}
		body, size, _, err := decode(frame, 100, 1)
		if err != nil {
			t.Errorf("%s: %v", c.frame, err)
			continue
		}
		r, err := samv.ParseReply(samv.Find, body, size)
		if err != nil || r.Status != c.status || r.Len != c.data || len(r.Data) != c.data {
			t.Errorf("%s: %+v, %v", c.frame, r, err)
		}
	}
}

func TestSAMID(t *testing.T) {
	frame := unhex(t, "AA AA AA 96 69 00 14 00 00 90 05 00 03 00 F3 D6 34 01 87 D6 12 00 B1 68 DE 3A EC")
	body, size, _, err := decode(append(frame, 0x27), 100, 7)
	if err != nil {
		t.Fatal(err)
	}
	r, err := samv.ParseReply(samv.SAMID, body, size)
	if got := samv.FormatSAMID(r.Data); err != nil || got != "05.03-20240115-0001234567-0987654321" {
		t.Errorf("SAM id %q, %v", got, err)
	}
	if samv.FormatSAMID(nil) != "" {
		t.Error("no data gave an id")
	}
}

func TestDecoderResyncs(t *testing.T) {
	const ok = "AA AA AA 96 69 00 04 00 00 90 94"
	for name, c := range map[string]struct {
		in  string
		err error
	}{
		"plain":                   {ok, nil},
		"two AA before":           {"AA AA " + ok, nil},
		"four AA":                 {"AA AA AA AA 96 69 00 04 00 00 90 94", nil},
		"noise":                   {"00 96 69 AA 96 69 AA AA 96 69 FF " + ok, nil},
		"broken preamble":         {"AA AA AA 96 " + ok, nil},
		"broken twice":            {"AA AA AA 96 AA AA AA 96 " + ok, nil},
		"length FFFF":             {"AA AA AA 96 69 FF FF " + ok, nil},
		"length 0":                {"AA AA AA 96 69 00 00 " + ok, nil},
		"length 2":                {"AA AA AA 96 69 00 02 " + ok, nil},
		"preamble in the length":  {"AA AA AA 96 69 " + ok, nil},
		"preamble after one byte": {"AA AA AA 96 69 FF " + ok, nil},
		"wrong checksum":          {"AA AA AA 96 69 00 04 00 00 90 95", samv.ErrChecksum},
		"cut short":               {"AA AA AA 96 69 00 04 00 00 90", samv.ErrLength},
		"nothing":                 {"", samv.ErrLength},
	} {
		for _, step := range []int{1, 2, 7, 64} {
			in := append(unhex(t, c.in), 0x55) // the byte after the frame is not taken
			if c.err != nil {
				in = in[:len(in)-1]
			}
			_, _, used, err := decode(in, 64, step)
			if !errors.Is(err, c.err) {
				t.Errorf("%s, %d at a time: %v, want %v", name, step, err, c.err)
			}
			if c.err == nil && used != len(in)-1 {
				t.Errorf("%s, %d at a time: took %d of %d bytes", name, step, used, len(in))
			}
		}
	}
}

func readReply(photo byte) []byte {
	data := append([]byte{1, 0, 4, 0}, bytes.Repeat([]byte{' ', 0}, samv.TextLen/2)...)
	return samv.AppendReply(nil, samv.OK, append(data, bytes.Repeat([]byte{photo}, samv.PhotoLen)...))
}

func TestReadReply(t *testing.T) {
	frame := readReply(0)
	if len(frame) != 1295 || !bytes.Equal(frame[:14], unhex(t, "AA AA AA 96 69 05 08 00 00 90 01 00 04 00")) {
		t.Fatalf("%d bytes, head % X", len(frame), frame[:14])
	}
	body, size, _, err := decode(frame, samv.Read.ReplyKeep(), 64)
	if err != nil {
		t.Fatal(err)
	}
	r, err := samv.ParseReply(samv.Read, body, size)
	if err != nil || len(r.Text()) != samv.TextLen || len(r.Data) != 4+samv.TextLen {
		t.Fatalf("text %d of %d data bytes, %v", len(r.Text()), len(r.Data), err)
	}
	for name, bad := range map[string][]byte{
		"no photo":     samv.AppendReply(nil, samv.OK, append([]byte{1, 0, 0, 0}, make([]byte, samv.TextLen)...)),
		"fingerprints": samv.AppendReply(nil, samv.OK, append([]byte{1, 0, 4, 0, 2, 0}, make([]byte, 256+1024+512)...)),
		"odd sizes":    samv.AppendReply(nil, samv.OK, append([]byte{4, 0, 1, 0}, make([]byte, 1280)...)),
		"empty":        samv.AppendReply(nil, samv.OK, nil),
	} {
		body, size, _, err := decode(bad, samv.Read.ReplyKeep(), 64)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := samv.ParseReply(samv.Read, body, size); !errors.Is(err, samv.ErrLength) {
			t.Errorf("%s: %v, want ErrLength", name, err)
		}
	}
}

// The photo is folded into the checksum and exists nowhere afterwards: not in
// what was fed, not in what the Decoder holds.
func TestPhotoIsDroppedAsItArrives(t *testing.T) {
	frame := readReply(0xD7)
	var d samv.Decoder
	d.Reset(samv.Read.ReplyKeep())
	if n, done := d.Feed(frame); n != 1295 || !done {
		t.Fatal(n, done)
	}
	if bytes.Count(frame, []byte{0}) != len(frame) {
		t.Error("Feed left bytes in its input")
	}
	body, _, err := d.Body()
	if err != nil {
		t.Fatal(err)
	}
	held := body[:cap(body)]
	if bytes.IndexByte(held, 0xD7) >= 0 {
		t.Error("photo bytes were kept")
	}
	d.Reset(samv.Read.ReplyKeep())
	if bytes.Count(held, []byte{0}) != len(held) {
		t.Error("Reset left bytes of the last frame")
	}
}

func TestStatusTable(t *testing.T) {
	want := map[samv.Status]samv.Action{
		0x90: samv.None, 0x91: samv.None, 0x9F: samv.None, 0x80: samv.None,
		0x10: samv.Retry, 0x11: samv.Retry, 0x21: samv.GiveUp,
		0x23: samv.Restart, 0x24: samv.Restart, 0x81: samv.Restart,
		0x31: samv.RePlace, 0x32: samv.RePlace, 0x33: samv.RePlace, 0x37: samv.RePlace,
		0x3F: samv.RePlace, 0x41: samv.RePlace, 0x40: samv.NotResidentCard,
		0x47: samv.ResetModule, 0x60: samv.ResetModule, 0x66: samv.Down,
	}
	for v := range 256 {
		s := samv.Status(v)
		a, known := want[s]
		if !known {
			a = samv.Restart
		}
		if s.Known() != known || s.Action() != a {
			t.Errorf("%v: known %v, %v, want %v, %v", s, s.Known(), s.Action(), known, a)
		}
		if strings.Contains(s.String(), "unknown status") == known || !strings.Contains(s.Error(), s.String()) {
			t.Errorf("%02X: %q", v, s)
		}
	}
	if samv.Action(99).String() != "action 99" || samv.Down.String() != "down" {
		t.Error("action names")
	}
}

func TestVendorTimeoutReply(t *testing.T) {
	// SW1 and SW2 of one maker's time-out answer are not 0; it is no success.
	r, err := samv.ParseReply(samv.Read, []byte{5, 5, 0x90, 5}, 4)
	if err != nil || r.SW1 != 5 || r.SW2 != 5 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := samv.ParseReply(samv.Find, []byte{0, 0}, 2); !errors.Is(err, samv.ErrLength) {
		t.Errorf("two bytes: %v", err)
	}
	if _, _, err := samv.ParseRequest([]byte{0x20}); !errors.Is(err, samv.ErrLength) {
		t.Errorf("one byte: %v", err)
	}
	c, data, err := samv.ParseRequest([]byte{0x61, 0xFF, 0x50})
	if c != samv.SetMaxRF || !bytes.Equal(data, []byte{0x50}) || err != nil {
		t.Errorf("%v % X %v", c, data, err)
	}
}

// Whatever arrives first, a whole frame after it is either found or swallowed
// by a false frame; splitting never changes the outcome and nothing is left in
// the input.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{}, 1)
	f.Add(unhex(f, "AA AA AA AA 96 69 00 04 00 00 90 94"), 3)
	f.Add(unhex(f, "AA AA AA 96 69 FF FF AA AA AA 96 69 00 03 30 01 32"), 2)
	f.Add(readReply(0x55), 64)
	f.Add(unhex(f, "AA AA AA 96 69 00 05 05 05 05 00 00"), 5)
	f.Fuzz(func(t *testing.T, in []byte, step int) {
		step = 1 + (step&0x7fffffff)%97
		k1, s1, u1, err1 := decode(in, 263, len(in)+1)
		k2, s2, u2, err2 := decode(in, 263, step)
		if !bytes.Equal(k1, k2) || s1 != s2 || u1 != u2 || (err1 == nil) != (err2 == nil) {
			t.Fatalf("whole: %d %d %v; by %d: %d %d %v", s1, u1, err1, step, s2, u2, err2)
		}
		if err1 != nil {
			return
		}
		if s1+1 < 3 || s1+1 > samv.MaxLen || len(k1) != min(s1, 263) {
			t.Fatalf("size %d, kept %d", s1, len(k1))
		}
		for _, c := range []samv.Command{samv.Find, samv.SAMID, samv.Read, samv.ReadAddress} {
			if r, err := samv.ParseReply(c, k1, s1); err == nil && c == samv.Read && r.Status == samv.OK && r.SW1|r.SW2 == 0 {
				_ = r.Text()
			}
		}
	})
}
