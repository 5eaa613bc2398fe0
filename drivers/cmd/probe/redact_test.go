package main

import (
	"bytes"
	"slices"
	"testing"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart/uarttest"
)

// answerFrame builds a frame as the module sends it.
func answerFrame(status samv.Status, data ...byte) []byte {
	n := len(data) + 4
	f := append(slices.Clone(preamble), byte(n>>8), byte(n), 0, 0, byte(status))
	f = append(append(f, data...), 0)
	f[len(f)-1] = checksum(f)
	return f
}

func cardFrame(p sim.Person, lengths ...byte) []byte {
	data := append(slices.Clone(lengths), p.Record()...)
	for range 1024 {
		data = append(data, 0x5A)
	}
	if len(lengths) == 6 {
		for range int(lengths[4])<<8 | int(lengths[5]) {
			data = append(data, 0xF1)
		}
	}
	return answerFrame(samv.OK, data...)
}

func ask(c samv.Command) uarttest.Event {
	b, err := samv.AppendRequest(nil, c)
	if err != nil {
		panic(err)
	}
	return uarttest.Event{Kind: uarttest.Written, Bytes: b}
}

func say(parts ...[]byte) (t uarttest.Transcript) {
	for _, p := range parts {
		t = append(t, uarttest.Event{Kind: uarttest.Received, Bytes: bytes.Clone(p)})
	}
	return t
}

// record redacts what a reader says to one request.
func redacted(c samv.Command, parts ...[]byte) []byte {
	t := append(uarttest.Transcript{{Kind: uarttest.Opened}, ask(c)}, say(parts...)...)
	redactCards(t)
	return received(t)
}

func TestRedactCards(t *testing.T) {
	sam := answerFrame(samv.OK, 5, 0, 3, 0, 0xF3, 0xD6, 0x34, 1, 0x87, 0xD6, 0x12, 0, 0xB1, 0x68, 0xDE, 0x3A)
	if got := redacted(samv.SAMID, sam[:9], sam[9:]); !bytes.Equal(got, sam) {
		t.Errorf("the number of the module: % X", got)
	}
	if got := redacted(samv.Read, sam); !bytes.Equal(got, answerFrame(samv.OK, make([]byte, 16)...)) {
		t.Errorf("16 bytes that are no number of a module: % X", got)
	}
	if got := redacted(samv.Select, answerFrame(samv.OK, 1, 2, 3, 4, 5, 6, 7, 8)); !bytes.Equal(got, answerFrame(samv.OK, make([]byte, 8)...)) {
		t.Errorf("select: % X", got)
	}
	if got := redacted(samv.Find, answerFrame(samv.NotFound)); !bytes.Equal(got, answerFrame(samv.NotFound)) {
		t.Errorf("find: % X", got)
	}
	damaged := cardFrame(stranger(), 1, 0, 4, 0)
	damaged[500] ^= 1
	got := redacted(samv.Read, damaged)
	if got[len(got)-1] == checksum(got) {
		t.Error("a damaged frame was repaired")
	}
	for _, p := range sim.People() {
		q := stranger()
		q.Type = p.Type
		if p.Type == idcard.Foreigner2017 || p.Type == idcard.Foreigner2023 {
			q = p
			q.ForeignName = "STRANGER, SOME"
		}
		for _, lengths := range [][]byte{{1, 0, 4, 0}, {1, 0, 4, 0, 2, 0}} {
			got := redacted(samv.Read, cardFrame(q, lengths...))
			if got[len(got)-1] != checksum(got) || bytes.ContainsAny(got[headLen+swLen+len(lengths)+samv.TextLen:len(got)-1], "\x5a\xf1") {
				t.Errorf("%s: checksum or photo", p.ID)
			}
			c, err := idcard.ParseRecord(got[headLen+swLen+len(lengths):][:samv.TextLen])
			if err != nil || c.Type != p.Type || string(c.Number) == q.Number && q.Number == stranger().Number {
				t.Errorf("%s: %v, %v", p.ID, c, err)
			}
		}
	}
}

// However a stream is broken, nothing of the card comes through it.
func FuzzRedactCards(f *testing.F) {
	f.Add(uint16(0), uint16(0), uint16(64), []byte{}, byte(0))
	f.Add(uint16(3), uint16(5), uint16(7), []byte{0xAA, 0xAA}, byte(1))
	f.Add(uint16(6), uint16(9), uint16(1), []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 9}, byte(2))
	f.Add(uint16(400), uint16(1), uint16(1300), []byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 9, 0x60, 0, 0, 0x90}, byte(3))
	f.Fuzz(func(t *testing.T, at, lost, split uint16, noise []byte, kind byte) {
		p := stranger()
		lengths := [][]byte{{1, 0, 4, 0}, {1, 0, 4, 0, 2, 0}, {4, 0, 1, 0}, {}}[kind%4]
		frame := cardFrame(p, lengths...)
		a := int(at) % len(frame)
		stream := slices.Concat(noise, frame[:a], frame[min(len(frame), a+int(lost)%64):])
		s := int(split) % len(stream)
		tr := append(uarttest.Transcript{ask(samv.Read)}, say(stream[:s])...)
		if kind&0x80 != 0 {
			tr = append(tr, ask(samv.SAMID)) // the rest comes late
		}
		tr = append(tr, say(stream[s:])...)
		redactCards(tr)
		got := received(tr)
		if len(got) != len(stream) {
			t.Fatalf("%d bytes became %d", len(stream), len(got))
		}
		for _, secret := range []string{p.Name[:6], p.Number[:3], p.Birth[:4], p.Address[:6], p.Authority[:6]} {
			u := units(secret)
			if bytes.Contains(got, u) && !bytes.Contains(sim.People()[0].Record(), u) {
				t.Errorf("%s came through", secret)
			}
		}
		if bytes.Contains(got, []byte{0x5A, 0x5A, 0x5A, 0x5A}) {
			t.Error("a piece of the photo came through")
		}
	})
}
