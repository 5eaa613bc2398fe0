package pn532

import (
	"bytes"
	"testing"
)

// The frames that several sources print.
func TestCommandFrames(t *testing.T) {
	for name, c := range map[string]struct{ got, want []byte }{
		"GetFirmwareVersion":  {command(0x02), []byte{0, 0, 0xFF, 2, 0xFE, 0xD4, 2, 0x2A, 0}},
		"SAMConfiguration":    {command(0x14, 1, 0, 1), []byte{0, 0, 0xFF, 5, 0xFB, 0xD4, 0x14, 1, 0, 1, 0x16, 0}},
		"InListPassiveTarget": {command(0x4A, 1, 0), []byte{0, 0, 0xFF, 4, 0xFC, 0xD4, 0x4A, 1, 0, 0xE1, 0}},
		"RFConfiguration":     {command(0x32, 5, 0xFF, 1, 1), []byte{0, 0, 0xFF, 6, 0xFA, 0xD4, 0x32, 5, 0xFF, 1, 1, 0xF4, 0}},
	} {
		if !bytes.Equal(c.got, c.want) {
			t.Errorf("%s: % X, want % X", name, c.got, c.want)
		}
	}
}

func answerFrame(data ...byte) []byte {
	n, sum := byte(len(data)+1), byte(fromChip)
	for _, x := range data {
		sum += x
	}
	out := append([]byte{0, 0, 0xFF, n, -n, fromChip}, data...)
	return append(out, -sum, 0)
}

func TestParse(t *testing.T) {
	version := answerFrame(3, 0x32, 1, 6, 7)
	ext := []byte{0, 0, 0xFF, 0xFF, 0xFF, 0, 3, 0xFD, 0xD5, 0x4B, 0, 0xE0, 0}
	for name, c := range map[string]struct {
		in   []byte
		kind kind
		err  error
	}{
		"answer":                 {version, isAnswer, nil},
		"without the zeros":      {version[1 : len(version)-1], isAnswer, nil},
		"behind garbage":         {append([]byte{0xFF, 0x00, 0x55}, version...), isAnswer, nil},
		"ACK":                    {ack(), isACK, nil},
		"NACK":                   {nack(), isNACK, nil},
		"error frame":            {[]byte{0, 0, 0xFF, 1, 0xFF, 0x7F, 0x81, 0}, isFailed, nil},
		"extended":               {ext, isBad, ErrExtended},
		"length damaged":         {append([]byte{0, 0, 0xFF, 7}, version[4:]...), isBad, ErrChecksum},
		"data damaged":           {append(bytes.Clone(version[:9]), 9, version[10], 0), isBad, ErrChecksum},
		"a command, echoed":      {command(2), isBad, ErrOdd},
		"no code":                {answerFrame(), isBad, ErrOdd},
		"length zero":            {[]byte{0, 0, 0xFF, 0, 0, 0}, isBad, ErrChecksum},
		"without its last byte":  {version[:len(version)-2], nothing, nil},
		"start code only":        {[]byte{0, 0, 0xFF}, nothing, nil},
		"nothing":                {nil, nothing, nil},
		"half of the start code": {[]byte{1, 2, 0}, nothing, nil},
	} {
		f, used := parse(c.in)
		if f.kind != c.kind || f.err != c.err || used > len(c.in) {
			t.Errorf("%s: %v %v, %d of %d used", name, f.kind, f.err, used, len(c.in))
		}
	}
}

// Frames come out the same however the stream is split, parse always makes
// headway, and an answer it gives is in the stream with its checksums.
func FuzzParse(f *testing.F) {
	f.Add(append(ack(), answerFrame(0x4B, 1, 1, 0, 4, 8, 4, 1, 2, 3, 4)...), 1)
	f.Add(append([]byte{0, 0xFF, 0, 0xFF, 0xFF, 0, 0xFF, 0xFF}, answerFrame(3)...), 2)
	f.Add([]byte{0, 0, 0xFF, 0xFF, 0xFF, 0, 3, 0xFD, 0xD5, 0x4B, 0, 0xE0, 0}, 5)
	f.Add(append([]byte{0, 0xFF, 250, 6, 0xD5}, nack()...), 3)
	f.Fuzz(func(t *testing.T, b []byte, split int) {
		whole, parts := frames(t, b, len(b)), frames(t, b, split)
		if !bytes.Equal(whole, parts) {
			t.Errorf("% X whole, % X split", whole, parts)
		}
	})
}

func frames(t *testing.T, b []byte, split int) (out []byte) {
	var have []byte
	split = max(split, 1)
	for len(b) > 0 {
		n := min(split, len(b))
		have, b = append(have, b[:n]...), b[n:]
		for {
			f, used := parse(have)
			if used < 0 || used > len(have) || used == 0 && f.kind != nothing {
				t.Fatalf("%v: %d of %d used", f.kind, used, len(have))
			}
			if f.kind == isAnswer && !bytes.Contains(have[:used], answerFrame(f.data...)[1:len(f.data)+7]) {
				t.Fatalf("% X is not in % X", f.data, have[:used])
			}
			have = have[used:]
			if f.kind == nothing {
				break
			}
			out = append(append(out, byte(f.kind)), f.data...)
		}
		if len(have) > frameMax {
			t.Fatalf("%d bytes are kept", len(have))
		}
	}
	return out
}

func FuzzTarget(f *testing.F) {
	f.Add([]byte{0})
	f.Add([]byte{1, 1, 0, 4, 8, 4, 1, 2, 3, 4})
	f.Add([]byte{1, 1, 0x03, 0x44, 0x20, 7, 4, 1, 2, 3, 4, 5, 6, 6, 0x75})
	f.Add([]byte{1, 1, 0, 4, 8, 10})
	f.Add([]byte{2, 1, 0, 4, 8, 4, 1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, found, err := parseTarget(b)
		switch {
		case err != nil || !found:
			if got != (target{}) {
				t.Errorf("something of no badge: %+v", got)
			}
		case got.n != 4 && got.n != 7 && got.n != 10, !bytes.Equal(got.uid[:got.n], b[6:6+got.n]):
			t.Errorf("UID of %d bytes", got.n)
		}
	})
}
